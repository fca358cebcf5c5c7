/* Fixed bases: all multiples that a base needs are computed once, then powers are 32 additions. */
#ifndef NEP_CRYPTO_ED25519_TABLE_H
#define NEP_CRYPTO_ED25519_TABLE_H

#include "crypto/ed25519/point.h"

enum { NEP_TABLE_WINDOWS = 32, NEP_TABLE_MULTIPLES = 128 };

/* multiple[w][k-1] = (k 256^w) base: about 480 KiB. */
typedef struct nep_table {
  nep_affine multiple[NEP_TABLE_WINDOWS][NEP_TABLE_MULTIPLES];
} nep_table;

nep_table *nep_table_new(const nep_point *base); /* never NULL; free() */

/* start + limb * base; variable time. */
nep_point nep_table_add_var(const nep_table *table, const nep_point *start, const uint64_t limb[4]);

#endif
