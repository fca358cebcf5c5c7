#include <stdlib.h>

#include "base/memory.h"
#include "server/db/board.h"
#include "server/db/statement.h"

static void read_row(const nep_rows *rows, nep_election_row *out)
{
  *out = (nep_election_row){
      .event = nep_strdup(nep_row_text(rows, 0, 1)),
      .name = nep_strdup(nep_row_text(rows, 0, 2)),
      .description = nep_strdup(nep_row_text(rows, 0, 3)),
      .ballot_bytes = nep_row_int(rows, 0, 6),
      .stamp = nep_row_int(rows, 0, 7),
  };
  nep_row_copy(rows, 0, 0, out->uuid, sizeof out->uuid);
  nep_row_copy(rows, 0, 4, out->identifier, sizeof out->identifier);
  nep_row_copy(rows, 0, 5, out->group, sizeof out->group);
}

nep_status nep_db_election_get(nep_db *db, const char *uuid, nep_election_row *out, nep_error *err)
{
  static const nep_statement s = {
      "election_get",
      "SELECT uuid::text, event, name, description, identifier, group_name, ballot_bytes, stamp "
      "FROM board.elections WHERE uuid = $1"};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  if (st == NEP_OK && nep_rows_count(rows) == 0)
    st = nep_fail(err, NEP_E_NOT_FOUND, "election", "uuid", "there is no election %s", uuid);
  if (st == NEP_OK)
    read_row(rows, out);
  nep_rows_free(rows);
  return st;
}

void nep_election_row_free(nep_election_row *r)
{
  free(r->event);
  free(r->name);
  free(r->description);
  *r = (nep_election_row){0};
}
