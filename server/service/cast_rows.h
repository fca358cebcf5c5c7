/* The rows that a transaction of casts adds to both chains of its elections. */
#ifndef NEP_SERVER_SERVICE_CAST_ROWS_H
#define NEP_SERVER_SERVICE_CAST_ROWS_H

#include "server/db/casting.h"
#include "server/service/cast.h"

/* Borrows the texts of the casts; the hashes of events are its own. */
typedef struct nep_fresh_casts {
  nep_cast_rows rows;
  nep_cast **casts; /* one for each row */
  char (*own)[4][65];
} nep_fresh_casts;

void nep_fresh_casts_new(nep_fresh_casts *f, size_t max);
void nep_fresh_casts_free(nep_fresh_casts *f);
/* The Ballot event and the Cast event of a ballot; *head moves on to them, and the cast gets
   height, event and time. */
void nep_fresh_casts_add(nep_fresh_casts *f, nep_cast *cast, nep_casting_head *head);
/* The same ballot of the same election among the rows; NULL for none. */
const nep_cast *nep_fresh_casts_twin(const nep_fresh_casts *f, const nep_cast *cast);

#endif
