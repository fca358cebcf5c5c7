#include "server/db/board.h"
#include "server/db/statement.h"

nep_status nep_db_ballots_insert(nep_db *db, const char *uuid, const nep_ballot_rows *rows,
                                 nep_error *err)
{
  static const nep_statement s = {
      "ballots_insert",
      "INSERT INTO board.ballots (uuid, height, hash, credential, body) "
      "SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bytea[])"};
  nep_params p = {0};
  nep_param_text(&p, uuid);
  nep_param_ints(&p, rows->heights, rows->n);
  nep_param_texts(&p, rows->hashes, rows->n);
  nep_param_texts(&p, rows->credentials, rows->n);
  nep_param_blobs(&p, rows->bodies, rows->n);
  return nep_db_do(db, &s, &p, err);
}
