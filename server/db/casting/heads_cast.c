#include <stdlib.h>

#include "base/memory.h"
#include "server/db/casting.h"
#include "server/db/statement.h"

nep_status nep_db_heads_cast(nep_db *db, const char *const *uuids, const nep_head_row *const *heads,
                             size_t n, nep_error *err)
{
  static const nep_statement s = {
      "heads_cast",
      "UPDATE board.heads h SET height = w.height, event = w.event, archive_end = w.archive_end, "
      "ballots = w.ballots, voted = w.voted FROM unnest($1::text[], $2::bigint[], $3::text[], "
      "$4::bigint[], $5::bigint[], $6::bigint[]) "
      "AS w (uuid, height, event, archive_end, ballots, voted) WHERE h.uuid = w.uuid"};
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
  nep_params p = {0};
  nep_param_texts(&p, uuids, n);
  nep_param_ints(&p, numbers + HEIGHT * n, n);
  nep_param_texts(&p, events, n);
  nep_param_ints(&p, numbers + ARCHIVE_END * n, n);
  nep_param_ints(&p, numbers + BALLOTS * n, n);
  nep_param_ints(&p, numbers + VOTED * n, n);
  nep_status st = nep_db_later(db, &s, &p, err);
  free(events);
  free(numbers);
  return st;
}
