#include "server/db/registry.h"
#include "server/db/statement.h"

/* All registrations of a person who has one for this election, so that the line from the first to
   the latest is whole. */
nep_status nep_db_export_registrations(nep_db *db, const char *uuid, nep_db_registration_each *each,
                                       void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "export_registrations",
      "SELECT r.nonce, r.replaces, r.token, r.key_set::text, r.sealed "
      "FROM registry.registrations r WHERE (r.event, r.person) IN (SELECT n.event, n.person "
      "FROM registry.registrations n JOIN registry.registered USING (nonce) WHERE uuid = $1) "
      "ORDER BY r.nonce COLLATE \"C\""};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++) {
    const nep_registration_row row = {
        .nonce = nep_row_text(rows, i, 0),
        .replaces = nep_row_null(rows, i, 1) ? NULL : nep_row_text(rows, i, 1),
        .token = nep_row_text(rows, i, 2),
        .key_set = nep_row_text(rows, i, 3),
        .sealed = nep_row_text(rows, i, 4),
    };
    each(ctx, &row);
  }
  nep_rows_free(rows);
  return st;
}
