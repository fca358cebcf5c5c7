#include <stdlib.h>

#include "base/memory.h"
#include "server/db/casting.h"
#include "server/db/statement.h"

static void add_rows(nep_params *p, const nep_cast_rows *rows)
{
  nep_param_texts(p, rows->uuids, rows->n);
  nep_param_ints(p, rows->heights, rows->n);
  nep_param_texts(p, rows->hashes, rows->n);
  nep_param_texts(p, rows->credentials, rows->n);
  nep_param_blobs(p, rows->bodies, rows->n);
  nep_param_texts(p, rows->events, rows->n);
  nep_param_texts(p, rows->parents, rows->n);
  nep_param_ints(p, rows->archive_ends, rows->n);
  nep_param_ints(p, rows->times, rows->n);
  nep_param_ints(p, rows->sequences, rows->n);
  nep_param_texts(p, rows->statement_hashes, rows->n);
  nep_param_blobs(p, rows->statements, rows->n);
  nep_param_texts(p, rows->cast_events, rows->n);
  nep_param_texts(p, rows->cast_parents, rows->n);
  nep_param_ints(p, rows->casts_ends, rows->n);
}

static void add_heads(nep_params *p, const char *const *uuids, const nep_head_row *const *heads,
                      size_t n)
{
  enum { HEIGHT, ARCHIVE_END, BALLOTS, VOTED, NUMBERS };
  int64_t *numbers = nep_alloc(n * NUMBERS, sizeof *numbers);
  const char **events = nep_alloc(n, sizeof *events);
  for (size_t i = 0; i < n; i++) {
    numbers[HEIGHT * n + i] = heads[i]->height;
    numbers[ARCHIVE_END * n + i] = heads[i]->archive_end;
    numbers[BALLOTS * n + i] = heads[i]->ballots;
    numbers[VOTED * n + i] = heads[i]->voted;
    events[i] = heads[i]->event;
  }
  nep_param_texts(p, uuids, n);
  nep_param_ints(p, numbers + HEIGHT * n, n);
  nep_param_texts(p, events, n);
  nep_param_ints(p, numbers + ARCHIVE_END * n, n);
  nep_param_ints(p, numbers + BALLOTS * n, n);
  nep_param_ints(p, numbers + VOTED * n, n);
  free(events);
  free(numbers);
}

nep_status nep_db_casts_store(nep_db *db, const nep_cast_rows *rows, const char *const *elections,
                              const nep_head_row *const *heads, size_t n_elections, nep_error *err)
{
  static const nep_statement s = {
      "casts_store",
      "WITH events AS ("
      "INSERT INTO board.events (uuid, height, type, hash, parent, payload, archive_end, at, "
      "credential, body, sequence, statement_hash, statement, cast_event, cast_parent, casts_end) "
      "SELECT uuid, height, 'Ballot', hash, parent, payload, archive_end, to_timestamp(at), "
      "credential, body, sequence, statement_hash, statement, cast_event, "
      "nullif(cast_parent, ''), casts_end FROM unnest($1::text[], $2::bigint[], $3::text[], "
      "$4::text[], $5::bytea[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], "
      "$10::bigint[], $11::text[], $12::bytea[], $13::text[], $14::text[], $15::bigint[]) AS e "
      "(uuid, height, payload, credential, body, hash, parent, archive_end, at, sequence, "
      "statement_hash, statement, cast_event, cast_parent, casts_end)) "
      "UPDATE board.heads h SET height = w.height, event = w.event, archive_end = w.archive_end, "
      "ballots = w.ballots, voted = w.voted FROM unnest($16::text[], $17::bigint[], $18::text[], "
      "$19::bigint[], $20::bigint[], $21::bigint[]) "
      "AS w (uuid, height, event, archive_end, ballots, voted) WHERE h.uuid = w.uuid"};
  nep_params p = {0};
  add_rows(&p, rows);
  add_heads(&p, elections, heads, n_elections);
  return nep_db_later(db, &s, &p, err);
}
