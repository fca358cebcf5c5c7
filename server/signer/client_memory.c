/* The client's questions about the signer's memory. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/json.h"
#include "server/signer/client_inside.h"
#include "server/signer/frame.h"
#include "server/signer/purpose.h"

static nep_status read_known(const json_t *answer, uint64_t *known, nep_error *err)
{
  int64_t value = 0;
  nep_status status = nep_json_fields(answer, "answer", err, "known", NULL);
  if (status == NEP_OK)
    status = nep_json_integer(answer, "known", 0, INT64_MAX, &value, err);
  *known = (uint64_t)value;
  return status;
}

static nep_status ask_known(nep_signer *s, const char *purpose, const nep_bytes *messages, size_t n,
                            uint64_t *known, nep_error *err)
{
  json_t *answer = NULL;
  nep_status status = nep_signer_converse(s, purpose, messages, n, &answer, err);
  if (status == NEP_OK)
    status = read_known(answer, known, err);
  json_decref(answer);
  return nep_signer_our_fault(status, err);
}

static void write_message(const char *field, const char *value, nep_buf *out)
{
  nep_buf_printf(out, "{\"%s\":", field);
  nep_json_write_string(out, value, strlen(value));
  nep_buf_char(out, '}');
}

nep_status nep_signer_known(nep_signer *s, nep_signed_chain chain, const char *uuid,
                            uint64_t *known, nep_error *err)
{
  nep_buf text = {0};
  write_message("uuid", uuid, &text);
  nep_bytes message = nep_buf_bytes(&text);
  nep_status status = ask_known(s, nep_memory_requests_of(chain)->known, &message, 1, known, err);
  nep_buf_free(&text);
  return status;
}

nep_status nep_signer_events(nep_signer *s, nep_signed_chain chain, const char *uuid,
                             const nep_bytes *texts, size_t n, nep_error *err)
{
  nep_buf *bodies = nep_alloc(n, sizeof *bodies);
  nep_bytes *messages = nep_alloc(n, sizeof *messages);
  uint64_t known = 0;
  for (size_t i = 0; i < n; i++) {
    nep_buf_printf(&bodies[i], "{\"uuid\":\"%s\",\"event\":%.*s}", uuid, (int)texts[i].len,
                   texts[i].data);
    messages[i] = nep_buf_bytes(&bodies[i]);
  }
  nep_status status = ask_known(s, nep_memory_requests_of(chain)->events, messages, n, &known, err);
  for (size_t i = 0; i < n; i++)
    nep_buf_free(&bodies[i]);
  free(messages);
  free(bodies);
  return status;
}

/* ---- the list ---- */

static nep_status tell(const json_t *entry, char after[65], nep_signer_each *each, void *ctx,
                       nep_error *err)
{
  const char *uuid = NULL;
  size_t len = 0;
  int64_t height = 0;
  char event[65];
  nep_status status = nep_json_fields(entry, "memory", err, "uuid", "height", "event", NULL);
  if (status == NEP_OK)
    status = nep_json_string(entry, "uuid", &uuid, &len, err);
  if (status == NEP_OK && (len == 0 || len > 64 || strcmp(uuid, after) <= 0))
    status = nep_fail(err, NEP_E_INTERNAL, "signer", "uuid", "nep-signer's list is not in order");
  if (status == NEP_OK)
    status = nep_json_integer(entry, "height", 0, INT64_MAX, &height, err);
  if (status == NEP_OK)
    status = nep_json_hash(entry, "event", event, err);
  if (status != NEP_OK)
    return nep_signer_our_fault(status, err);
  memcpy(after, uuid, len + 1);
  return each(ctx, uuid, height, event, err);
}

static nep_status next_page(nep_signer *s, nep_signed_chain chain, char after[65],
                            nep_signer_each *each, void *ctx, size_t *n, nep_error *err)
{
  nep_buf text = {0};
  json_t *answer = NULL;
  const json_t *list = NULL;
  write_message("after", after, &text);
  nep_bytes message = nep_buf_bytes(&text);
  nep_status status =
      nep_signer_converse(s, nep_memory_requests_of(chain)->memory, &message, 1, &answer, err);
  if (status == NEP_OK)
    status = nep_json_fields(answer, "answer", err, "memory", NULL);
  if (status == NEP_OK)
    status = nep_json_array(answer, "memory", &list, err);
  status = nep_signer_our_fault(status, err);
  *n = json_array_size(list);
  for (size_t i = 0; status == NEP_OK && i < *n; i++)
    status = tell(json_array_get(list, i), after, each, ctx, err);
  json_decref(answer);
  nep_buf_free(&text);
  return status;
}

nep_status nep_signer_memory(nep_signer *s, nep_signed_chain chain, nep_signer_each *each,
                             void *ctx, nep_error *err)
{
  char after[65] = "";
  size_t n = 0;
  nep_status status;
  do {
    status = next_page(s, chain, after, each, ctx, &n, err);
  } while (status == NEP_OK && n > 0);
  return status;
}
