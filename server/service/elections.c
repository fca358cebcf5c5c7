/* The list of elections. */
#include "protocol/json.h"
#include "server/service/inside.h"

static nep_status add_election(void *ctx, const char *uuid, const char *name, const char *event,
                               const char *phase, nep_error *err)
{
  nep_buf *json = ctx;
  (void)err;
  nep_buf_str(json, json->data[json->len - 1] == '[' ? "{" : ",{");
  nep_member_string(json, "uuid", uuid);
  nep_member_string(json, "name", name);
  nep_member_string(json, "event", event);
  nep_member_string(json, "phase", phase);
  nep_buf_char(json, '}');
  return NEP_OK;
}

static nep_status list(nep_db *db, void *ctx, nep_error *err)
{
  nep_buf *json = ctx;
  nep_buf_clear(json);
  nep_buf_str(json, "{\"elections\":[");
  nep_status st = nep_db_elections_list(db, add_election, json, err);
  if (st == NEP_OK)
    nep_buf_str(json, "]}");
  return st;
}

nep_status nep_elections_list(nep_service *s, nep_buf *json, nep_error *err)
{
  return nep_db_transaction(s->board, true, list, json, err);
}
