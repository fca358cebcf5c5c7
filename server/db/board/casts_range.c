/* Statements of a range of heights, with what was signed or without. */
#include "server/db/board.h"
#include "server/db/statement.h"

#define CASTS(body)                                                                                \
  "SELECT height, statement_hash::text, cast_event::text, cast_parent::text, casts_end, " body     \
  " FROM board.events WHERE uuid = $1 AND height BETWEEN $2 AND $3 AND cast_event IS NOT NULL "    \
  "ORDER BY height"

typedef struct range {
  const char *uuid;
  int64_t from, to;
  nep_db_cast_each *each;
  void *ctx;
} range;

static nep_status give_each(nep_db *db, const nep_statement *s, const range *r, nep_error *err)
{
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, r->uuid);
  nep_param_int(&p, r->from);
  nep_param_int(&p, r->to);
  nep_status st = nep_db_run(db, s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++) {
    nep_cast_row row = {
        .height = nep_row_int(rows, i, 0),
        .hash = nep_row_text(rows, i, 1),
        .event = nep_row_text(rows, i, 2),
        .parent = nep_row_null(rows, i, 3) ? NULL : nep_row_text(rows, i, 3),
        .casts_end = nep_row_int(rows, i, 4),
        .body = nep_row_bytes(rows, i, 5),
    };
    st = r->each(r->ctx, &row, err);
  }
  nep_rows_free(rows);
  return st;
}

nep_status nep_db_casts_range(nep_db *db, const char *uuid, int64_t from, int64_t to,
                              nep_db_cast_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {"casts_range", CASTS("statement")};
  return give_each(db, &s, &(range){uuid, from, to, each, ctx}, err);
}

nep_status nep_db_casts_chain(nep_db *db, const char *uuid, int64_t from, int64_t to,
                              nep_db_cast_each *each, void *ctx, nep_error *err)
{
  static const nep_statement s = {"casts_chain", CASTS("NULL::bytea")};
  return give_each(db, &s, &(range){uuid, from, to, each, ctx}, err);
}
