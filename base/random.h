/* The one place that randomness comes from (libsodium, the kernel's generator). */
#ifndef NEP_BASE_RANDOM_H
#define NEP_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Starts libsodium; every program calls it first (nep_process_start does). Ends the program when
   the machine has no usable generator. */
void nep_random_start(void);

void nep_random_bytes(void *out, size_t len);

/* Uniform in 0..bound-1 (bound > 0). */
uint32_t nep_random_below(uint32_t bound);

/* `len` random Base58 characters and a NUL (uuid: 14, trustee seed: 44; protocol.md §2). */
void nep_random_base58(char *out, size_t len);

#endif
