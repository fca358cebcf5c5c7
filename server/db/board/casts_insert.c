#include "server/db/board.h"
#include "server/db/statement.h"

/* In the order of heights: the trigger of board.casts looks at the one before. */
nep_status nep_db_casts_insert(nep_db *db, const char *uuid, const nep_cast_rows *rows,
                               nep_error *err)
{
  static const nep_statement s = {
      "casts_insert",
      "INSERT INTO board.casts (uuid, height, credential, sequence, hash, body, event, parent, "
      "casts_end) SELECT $1, height, credential, sequence, hash, body, event, "
      "nullif(parent, ''), casts_end FROM unnest($2::bigint[], $3::text[], $4::bigint[], "
      "$5::text[], $6::bytea[], $7::text[], $8::text[], $9::bigint[]) "
      "AS c (height, credential, sequence, hash, body, event, parent, casts_end) ORDER BY height"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_ints(&p, rows->heights, rows->n);
  nep_param_texts(&p, rows->credentials, rows->n);
  nep_param_ints(&p, rows->sequences, rows->n);
  nep_param_texts(&p, rows->hashes, rows->n);
  nep_param_blobs(&p, rows->bodies, rows->n);
  nep_param_texts(&p, rows->events, rows->n);
  nep_param_texts(&p, rows->parents, rows->n);
  nep_param_ints(&p, rows->casts_ends, rows->n);
  return nep_db_do(db, &s, &p, err);
}
