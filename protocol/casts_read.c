/* Reading a casts file: whose it is, and entry by entry. */
#include <string.h>

#include "protocol/casts.h"
#include "protocol/election.h"

bool nep_casts_uuid(const char *path, char uuid[65])
{
  char start[NEP_CASTS_START] = "";
  json_t *json = NULL;
  FILE *f = fopen(path, "rbe");
  size_t n = f ? fread(start, 1, sizeof start, f) : 0;
  if (f)
    fclose(f);
  const char *body = start + NEP_TAR_BLOCK;
  bool found = false;
  if (n == sizeof start && strcmp(start, NEP_CASTS_NAME) == 0 &&
      nep_json_parse((nep_bytes){body, strnlen(body, NEP_TAR_BLOCK)}, &json, NULL) == NEP_OK) {
    const char *text = json_string_value(json_object_get(json, "uuid"));
    found = text && strlen(text) <= 64 && nep_uuid_is_valid(text, strlen(text));
    if (found)
      memcpy(uuid, text, strlen(text) + 1);
  }
  json_decref(json);
  return found;
}

/* ---- entry by entry ---- */

void nep_cast_entry_free(nep_cast_entry *e)
{
  nep_buf_free(&e->statement);
}

static nep_status next_record(nep_archive_reader *r, bool is_event, nep_record *record, bool *end,
                              nep_error *err)
{
  nep_status s = nep_reader_next(r, record, end, err);
  if (s == NEP_OK && !*end && record->is_event != is_event)
    s = nep_fail(err, NEP_E_CHECK, "casts-format", "casts",
                 "statements and events do not come by turns");
  return s;
}

static bool follows(const nep_casts_chain *chain, const nep_cast_entry *e, nep_bytes event)
{
  nep_buf text = {0};
  char hash[65];
  nep_casts_event(chain->events == 0 ? NULL : chain->head, chain->events, e->hash, &text, hash);
  bool same = nep_bytes_equal(event, nep_buf_bytes(&text));
  nep_buf_free(&text);
  return same;
}

nep_status nep_casts_next(nep_archive_reader *r, nep_casts_chain *chain, nep_cast_entry *out,
                          bool *end, nep_error *err)
{
  nep_record record;
  bool cut = false;
  nep_status s = next_record(r, false, &record, end, err);
  if (s != NEP_OK || *end)
    return s;
  nep_buf_clear(&out->statement);
  nep_buf_add(&out->statement, record.body.data, record.body.len);
  memcpy(out->hash, record.hash, sizeof out->hash);
  out->hash_ok = record.hash_ok;
  s = next_record(r, true, &record, &cut, err);
  if (s == NEP_OK && cut)
    s = nep_fail(err, NEP_E_CHECK, "casts-format", "casts", "ends with a statement without event");
  if (s != NEP_OK)
    return s;
  out->hash_ok = out->hash_ok && record.hash_ok;
  out->follows = follows(chain, out, record.body);
  memcpy(out->event, record.hash, sizeof out->event);
  memcpy(chain->head, record.hash, sizeof chain->head);
  chain->events++;
  return NEP_OK;
}
