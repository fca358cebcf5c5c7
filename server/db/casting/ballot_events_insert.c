#include "server/db/casting.h"
#include "server/db/statement.h"

/* In the order in which they are read. */
nep_status nep_db_ballot_events_insert(nep_db *db, const nep_cast_rows *rows, nep_error *err)
{
  static const nep_statement s = {
      "ballot_events_insert",
      "INSERT INTO board.events (uuid, height, type, hash, parent, payload, archive_end, at) "
      "SELECT uuid, height, 'Ballot', hash, parent, payload, archive_end, to_timestamp(at) "
      "FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], "
      "$7::bigint[]) AS e (uuid, height, hash, parent, payload, archive_end, at) "
      "ORDER BY uuid, height"};
  nep_params p = {0};
  nep_param_texts(&p, rows->uuids, rows->n);
  nep_param_ints(&p, rows->heights, rows->n);
  nep_param_texts(&p, rows->events, rows->n);
  nep_param_texts(&p, rows->parents, rows->n);
  nep_param_texts(&p, rows->hashes, rows->n);
  nep_param_ints(&p, rows->archive_ends, rows->n);
  nep_param_ints(&p, rows->times, rows->n);
  return nep_db_later(db, &s, &p, err);
}
