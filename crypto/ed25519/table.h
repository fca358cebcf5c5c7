/* Fixed bases: multiples of a base are computed once, then powers are additions. Those that powers
   with secret exponents read come first; the others, seven times as many, when a public exponent
   asks for the first time: a voter's device never does. */
#ifndef NEP_CRYPTO_ED25519_TABLE_H
#define NEP_CRYPTO_ED25519_TABLE_H

#include <pthread.h>
#include <stdatomic.h>

#include "crypto/ed25519/point.h"

enum { NEP_TABLE_WINDOWS = 32, NEP_TABLE_MULTIPLES = 128 };

/* multiple[w][k-1] = (k 256^w) base: about 480 KiB. */
typedef struct nep_table {
  nep_affine multiple[NEP_TABLE_WINDOWS][NEP_TABLE_MULTIPLES];
  nep_point base;
  atomic_bool complete;
  pthread_mutex_t lock; /* of completing it */
} nep_table;

/* With the multiples 1 to 8 and 16, 32, .. 128 of each window. Never NULL. */
nep_table *nep_table_new(const nep_point *base);
void nep_table_free(nep_table *table); /* NULL allowed */

/* All multiples, before any is read but those above; by any thread, beside others that read. Every
   table is made by nep_table_new, so none is really constant. */
void nep_table_complete(const nep_table *table);
static inline void nep_table_need(const nep_table *table)
{
  if (!atomic_load_explicit(&table->complete, memory_order_acquire))
    nep_table_complete(table);
}

/* start + limb * base; variable time. */
nep_point nep_table_add_var(const nep_table *table, const nep_point *start, const uint64_t limb[4]);

#endif
