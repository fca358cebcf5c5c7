/* Discrete logarithms of small results: baby-step giant-step. */
#ifndef NEP_CRYPTO_DLOG_H
#define NEP_CRYPTO_DLOG_H

#include "crypto/group.h"

typedef struct nep_dlog nep_dlog;

/* Tables for logarithms 0..max, to be read by many threads. Time of making and of solving grows
   with sqrt(max), memory too: 32 to 64 bytes * sqrt(max), on the curve 50 to 80 and 30 more while
   they are made. Never NULL. */
nep_dlog *nep_dlog_new(const nep_group *g, uint64_t max);
void nep_dlog_free(nep_dlog *d); /* NULL allowed */

/* Finds v in 0..max with g^v = e; false when there is none. */
NEP_MUST_USE bool nep_dlog_solve_var(const nep_dlog *d, const nep_element *e, uint64_t *v);

#endif
