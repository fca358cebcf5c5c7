#include "server/db/casting.h"
#include "server/db/statement.h"

nep_status nep_db_ballots_insert(nep_db *db, const nep_cast_rows *rows, nep_error *err)
{
  static const nep_statement s = {
      "ballots_insert",
      "INSERT INTO board.ballots (uuid, height, hash, credential, body) "
      "SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bytea[])"};
  nep_params p = {0};
  nep_param_texts(&p, rows->uuids, rows->n);
  nep_param_ints(&p, rows->heights, rows->n);
  nep_param_texts(&p, rows->hashes, rows->n);
  nep_param_texts(&p, rows->credentials, rows->n);
  nep_param_blobs(&p, rows->bodies, rows->n);
  return nep_db_later(db, &s, &p, err);
}
