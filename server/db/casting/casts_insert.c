#include "server/db/casting.h"
#include "server/db/statement.h"

/* In the order in which they are read. */
nep_status nep_db_casts_insert(nep_db *db, const nep_cast_rows *rows, nep_error *err)
{
  static const nep_statement s = {
      "casts_insert",
      "INSERT INTO board.casts (uuid, height, credential, sequence, hash, body, event, parent, "
      "casts_end) SELECT uuid, height, credential, sequence, hash, body, event, "
      "nullif(parent, ''), casts_end FROM unnest($1::text[], $2::bigint[], $3::text[], "
      "$4::bigint[], $5::text[], $6::bytea[], $7::text[], $8::text[], $9::bigint[]) "
      "AS c (uuid, height, credential, sequence, hash, body, event, parent, casts_end) "
      "ORDER BY uuid, height"};
  nep_params p = {0};
  nep_param_texts(&p, rows->uuids, rows->n);
  nep_param_ints(&p, rows->heights, rows->n);
  nep_param_texts(&p, rows->credentials, rows->n);
  nep_param_ints(&p, rows->sequences, rows->n);
  nep_param_texts(&p, rows->statement_hashes, rows->n);
  nep_param_blobs(&p, rows->statements, rows->n);
  nep_param_texts(&p, rows->cast_events, rows->n);
  nep_param_texts(&p, rows->cast_parents, rows->n);
  nep_param_ints(&p, rows->casts_ends, rows->n);
  return nep_db_later(db, &s, &p, err);
}
