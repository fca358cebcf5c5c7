#include "base/random.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/encode.h"

void nep_random_start(void)
{
  if (sodium_init() < 0) {
    fputs("libsodium cannot start: no random generator\n", stderr);
    exit(2);
  }
}

void nep_random_bytes(void *out, size_t len)
{
  randombytes_buf(out, len);
}

uint32_t nep_random_below(uint32_t bound)
{
  return randombytes_uniform(bound);
}

void nep_random_base58(char *out, size_t len)
{
  for (size_t i = 0; i < len; i++)
    out[i] = NEP_BASE58[nep_random_below(58)];
  out[len] = '\0';
}
