/* Requests per visitor: token buckets in a table of fixed size. Addresses stay in memory under a
   keyed hash and are never written anywhere. */
#ifndef NEP_HTTP_LIMIT_H
#define NEP_HTTP_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct nep_limit nep_limit;

nep_limit *nep_limit_new(int64_t per_second, int64_t burst);
void nep_limit_free(nep_limit *l); /* NULL allowed */

/* Takes one token of the visitor; false when none is left. Thread-safe. When more visitors come
   than the table holds, the one whose bucket is fullest is forgotten: it loses the least. */
bool nep_limit_take(nep_limit *l, const uint8_t key[16], int64_t now_ms);

#endif
