/* Randomness that repeats: every random number that base/random.h gives out in a thread comes from
   a seed, a purpose and a number, so that an event can be made again byte for byte, by any number
   of threads. For measurements only: keys and credentials made this way are no secret. */
#ifndef NEP_BENCH_SEEDED_H
#define NEP_BENCH_SEEDED_H

#include <stdint.h>

/* Before nep_process_start's generator has been asked for anything that matters; `seed` is any text
   and is borrowed. */
void nep_seeded_start(const char *seed);

/* From here on this thread's random numbers are those of (purpose, place, number). */
void nep_seeded_begin(const char *purpose, uint64_t place, uint64_t number);

#endif
