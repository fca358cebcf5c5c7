#include "protocol/verify_prefix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"

enum { CHUNK = 1 << 16 };

void nep_prefix_free(nep_prefix *p)
{
  free(p->again);
  *p = (nep_prefix){0};
}

void nep_prefix_copy(nep_prefix *to, const nep_prefix *from)
{
  nep_prefix copy = *from;
  copy.again = nep_alloc(from->n_again + 1, sizeof *copy.again);
  if (from->n_again > 0)
    memcpy(copy.again, from->again, from->n_again * sizeof *copy.again);
  nep_prefix_free(to);
  *to = copy;
}

bool nep_prefix_covers(const nep_prefix *p, uint64_t ballot)
{
  size_t low = 0, high = p->n_again;
  if (ballot > p->ballots)
    return false;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (p->again[middle] < ballot)
      low = middle + 1;
    else
      high = middle;
  }
  return low == p->n_again || p->again[low] != ballot;
}

nep_status nep_prefix_holds(const char *path, const nep_prefix *p,
                            void (*progress)(void *ctx, uint64_t n), void *ctx, bool *holds,
                            nep_error *err)
{
  char *chunk = nep_alloc(1, CHUNK);
  uint64_t left = p->bytes;
  uint8_t actual[32];
  nep_sha256 hash;
  nep_status s = NEP_OK;
  FILE *file = fopen(path, "rbe");
  nep_sha256_start(&hash);
  while (file && left > 0) {
    size_t n = fread(chunk, 1, left < CHUNK ? (size_t)left : CHUNK, file);
    if (n == 0)
      break;
    nep_sha256_add(&hash, chunk, n);
    left -= n;
    if (progress)
      progress(ctx, n);
  }
  if (!file || ferror(file))
    s = nep_fail(err, NEP_E_IO, "read", path, "%s", strerror(errno));
  nep_sha256_end(&hash, actual);
  *holds = s == NEP_OK && left == 0 && memcmp(actual, p->sha256, sizeof actual) == 0;
  if (file)
    fclose(file);
  free(chunk);
  return s;
}
