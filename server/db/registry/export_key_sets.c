#include "server/db/registry.h"
#include "server/db/statement.h"

nep_status nep_db_export_key_sets(nep_db *db, const char *uuid, nep_db_key_set_each *each,
                                  void *ctx, nep_error *err)
{
  static const nep_statement s = {
      "export_key_sets",
      "SELECT hash::text, body FROM registry.key_sets WHERE hash IN (SELECT r.key_set "
      "FROM registry.registrations r WHERE (r.event, r.person) IN (SELECT n.event, n.person "
      "FROM registry.registrations n JOIN registry.registered USING (nonce) WHERE uuid = $1)) "
      "ORDER BY hash COLLATE \"C\""};
  nep_params p = {0};
  nep_rows *rows = NULL;
  nep_param_text(&p, uuid);
  nep_status st = nep_db_run(db, &s, &p, &rows, err);
  for (size_t i = 0; st == NEP_OK && i < nep_rows_count(rows); i++)
    each(ctx, nep_row_text(rows, i, 0), nep_row_bytes(rows, i, 1));
  nep_rows_free(rows);
  return st;
}
