/* Small things that several services need. */
#include "base/clock.h"
#include "protocol/archive.h"
#include "protocol/json.h"
#include "server/service/inside.h"

#include <string.h>

int64_t nep_record_size(size_t len)
{
  size_t blocks = (len + NEP_TAR_BLOCK - 1) / NEP_TAR_BLOCK;
  return (int64_t)((blocks + 1) * NEP_TAR_BLOCK);
}

static void start_member(nep_buf *json, const char *name)
{
  char last = json->len == 0 ? '{' : json->data[json->len - 1];
  if (last != '{' && last != '[')
    nep_buf_char(json, ',');
  nep_json_write_string(json, name, strlen(name));
  nep_buf_char(json, ':');
}

void nep_member_string(nep_buf *json, const char *name, const char *value)
{
  start_member(json, name);
  if (value == NULL)
    nep_buf_str(json, "null");
  else
    nep_json_write_string(json, value, strlen(value));
}

void nep_member_time(nep_buf *json, const char *name, int64_t seconds)
{
  char text[21];
  nep_clock_text(seconds, text);
  nep_member_string(json, name, text);
}

nep_status nep_sign_one(nep_service *s, nep_signed_purpose purpose, const nep_buf *message,
                        nep_buf *json, nep_error *err)
{
  nep_bytes bytes = nep_buf_bytes(message);
  return nep_signer_sign(s->signer, purpose, &bytes, 1, json, err);
}

void nep_event_row_text(const nep_event_row *e, nep_buf *text, char hash[65])
{
  nep_event_type type = NEP_EVENT_SETUP;
  while (type < NEP_EVENT_RESULT && strcmp(nep_event_name(type), e->type) != 0)
    type++;
  nep_event_write(e->parent, (uint64_t)e->height, type, e->payload, text, hash);
}
