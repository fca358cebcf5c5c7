#include "server/db/casting/read.h"

/* IS NOT DISTINCT FROM uses no index, so a payload is not looked for among all of an election; the
   order by sequence keeps a credential from it. */
nep_status nep_casts_known_ask(nep_db *db, const nep_casting_question *q, nep_rows **rows,
                               nep_error *err)
{
  static const nep_statement s = {
      "casts_known",
      "SELECT w.i, b.height, coalesce(b.statement, ''), coalesce(b.event, ''), b.at, "
      "l.sequence, l.height IS NOT NULL, "
      "array_to_string(ARRAY (SELECT r.message::text FROM board.challenges r "
      "WHERE r.uuid = w.uuid AND r.credential = w.credential OFFSET 0), ','), floor(extract(epoch "
      "FROM clock_timestamp()))::bigint "
      "FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY "
      "AS w (uuid, hash, credential, i) LEFT JOIN LATERAL "
      "(SELECT e.height, e.statement_hash::text AS statement, e.hash::text AS event, "
      "extract(epoch FROM e.at)::bigint AS at FROM board.events e "
      "WHERE e.payload = w.hash AND e.uuid IS NOT DISTINCT FROM w.uuid AND e.type = 'Ballot' LIMIT "
      "1) AS b ON true "
      "LEFT JOIN LATERAL (SELECT e.height, e.sequence FROM board.events e "
      "WHERE e.uuid = w.uuid AND e.credential = w.credential ORDER BY e.sequence DESC LIMIT 1) AS "
      "l ON true"};
  nep_params p = {0};
  nep_param_texts(&p, q->uuids, q->n);
  nep_param_texts(&p, q->hashes, q->n);
  nep_param_texts(&p, q->credentials, q->n);
  return nep_db_ask(db, &s, &p, rows, err);
}

int64_t nep_casts_known_now(const nep_rows *rows)
{
  return nep_rows_count(rows) == 0 ? 0 : nep_row_int(rows, 0, 8);
}

void nep_casts_known_take(const nep_rows *rows, const nep_casting_reader *reader)
{
  for (size_t k = 0; k < nep_rows_count(rows); k++) {
    nep_known_cast known = {.stored = !nep_row_null(rows, k, 1),
                            .height = nep_row_int(rows, k, 1),
                            .statement = nep_row_text(rows, k, 2),
                            .event = nep_row_text(rows, k, 3),
                            .at = nep_row_int(rows, k, 4),
                            .last = nep_row_int(rows, k, 5),
                            .voted = nep_row_bool(rows, k, 6),
                            .revealed = nep_row_text(rows, k, 7)};
    reader->known(reader->ctx, (size_t)nep_row_int(rows, k, 0) - 1, &known);
  }
}
