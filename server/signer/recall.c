#include "server/signer/recall.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/casts.h"
#include "protocol/election.h"
#include "server/signer/frame.h"

static nep_status read_uuid(const json_t *message, const char *field, bool may_be_empty,
                            char uuid[65], nep_error *err)
{
  const char *text = NULL;
  size_t len = 0;
  nep_status status = nep_json_string(message, field, &text, &len, err);
  if (status != NEP_OK)
    return status;
  bool empty = may_be_empty && len == 0;
  if (!empty && (len > 64 || !nep_uuid_is_valid(text, len)))
    return nep_fail(err, NEP_E_INPUT, "shape", field, "is no election's identifier");
  memcpy(uuid, text, len + 1);
  return NEP_OK;
}

static nep_status only_message(const json_t *messages, const char *field, bool may_be_empty,
                               char uuid[65], nep_error *err)
{
  const json_t *message = json_array_get(messages, 0);
  if (json_array_size(messages) != 1)
    return nep_fail(err, NEP_E_INPUT, "shape", "messages", "must be one message");
  nep_status status = nep_json_fields(message, "message", err, field, NULL);
  return status == NEP_OK ? read_uuid(message, field, may_be_empty, uuid, err) : status;
}

static void tell_known(const nep_memory *m, nep_signed_chain chain, const char *uuid,
                       nep_buf *answer)
{
  nep_buf_printf(answer, "{\"known\":%" PRIu64 "}", nep_memory_chained(m, chain, uuid));
}

nep_status nep_recall_known(nep_memory *m, nep_signed_chain chain, const json_t *messages,
                            nep_buf *answer, nep_error *err)
{
  char uuid[65];
  nep_status status = only_message(messages, "uuid", false, uuid, err);
  if (status == NEP_OK)
    tell_known(m, chain, uuid, answer);
  return status;
}

/* ---- events ---- */

static nep_status parse_event(nep_signed_chain chain, nep_bytes text, nep_event *out,
                              nep_error *err)
{
  return chain == NEP_SIGNED_CASTS ? nep_casts_event_parse(text, out, err)
                                   : nep_event_parse(text, out, err);
}

/* out->chain is set. */
static nep_status read_event(const json_t *message, nep_remembered *out, char parent[65],
                             nep_error *err)
{
  nep_event event;
  nep_buf text = {0};
  nep_status status = nep_json_fields(message, "message", err, "uuid", "event", NULL);
  if (status == NEP_OK)
    status = read_uuid(message, "uuid", false, out->uuid, err);
  if (status != NEP_OK)
    return status;
  nep_json_write(&text, json_object_get(message, "event"));
  status = parse_event(out->chain, nep_buf_bytes(&text), &event, err);
  nep_buf_free(&text);
  if (status != NEP_OK)
    return status;
  out->height = event.height;
  memcpy(out->event, event.hash, sizeof out->event);
  memcpy(parent, event.has_parent ? event.parent : "", event.has_parent ? 65 : 1);
  return NEP_OK;
}

static nep_status follows(const nep_remembered *e, const char *parent, const nep_remembered *below,
                          nep_error *err)
{
  if (strcmp(e->uuid, below->uuid) != 0 || e->height != below->height + 1)
    return nep_fail(err, NEP_E_INPUT, "shape", "messages",
                    "must be of one election, heights rising by one");
  if (strcmp(parent, below->event) == 0)
    return NEP_OK;
  return nep_fail(err, NEP_E_STATE, "signer-conflict", e->uuid,
                  "the event of height %" PRIu64 " does not follow from the one known below it",
                  e->height);
}

/* The first event hangs on the memory's own, the others on the one before in the list. */
static nep_status find_below(nep_memory *m, const nep_remembered *first, nep_remembered *below,
                             nep_error *err)
{
  uint64_t known = nep_memory_chained(m, first->chain, first->uuid);
  *below = *first;
  below->height = first->height - 1; /* wraps for the first event of all, and back again */
  below->event[0] = '\0';
  if (first->height > known)
    return nep_fail(err, NEP_E_STATE, "signer-gap", first->uuid,
                    "only %" PRIu64 " events were shown before", known);
  if (first->height == 0)
    return NEP_OK;
  return nep_memory_event(m, first->chain, first->uuid, below->height, below->event, err);
}

static nep_status read_chain(nep_memory *m, nep_signed_chain chain, const json_t *messages,
                             nep_remembered *events, nep_error *err)
{
  nep_remembered below = {.height = 0};
  char parent[65];
  for (size_t i = 0; i < json_array_size(messages); i++) {
    events[i].chain = chain;
    nep_status status = read_event(json_array_get(messages, i), &events[i], parent, err);
    if (status == NEP_OK && i == 0)
      status = find_below(m, &events[0], &below, err);
    if (status == NEP_OK)
      status = follows(&events[i], parent, &below, err);
    if (status != NEP_OK)
      return nep_inside(err, status, "messages[%zu]", i);
    below = events[i];
  }
  return NEP_OK;
}

nep_status nep_recall_events(nep_memory *m, nep_signed_chain chain, const json_t *messages,
                             nep_buf *answer, nep_error *err)
{
  size_t n = json_array_size(messages);
  if (n == 0 || n > NEP_REQUEST_MESSAGES)
    return nep_fail(err, NEP_E_INPUT, "shape", "messages", "must be 1 to %d messages",
                    NEP_REQUEST_MESSAGES);
  nep_remembered *events = nep_alloc(n, sizeof *events);
  nep_status status = read_chain(m, chain, messages, events, err);
  if (status == NEP_OK)
    status = nep_memory_fill(m, events, n, err);
  if (status == NEP_OK) {
    nep_memory_set_chained(m, chain, events[0].uuid, events[n - 1].height + 1);
    tell_known(m, chain, events[0].uuid, answer);
  }
  free(events);
  return status;
}

/* ---- the list ---- */

nep_status nep_recall_list(nep_memory *m, nep_signed_chain chain, const json_t *messages,
                           nep_buf *answer, nep_error *err)
{
  char after[65];
  size_t n = 0;
  nep_status status = only_message(messages, "after", true, after, err);
  if (status != NEP_OK)
    return status;
  nep_remembered *list = nep_alloc(NEP_REQUEST_MESSAGES, sizeof *list);
  status = nep_memory_list(m, chain, after, list, NEP_REQUEST_MESSAGES, &n, err);
  if (status == NEP_OK) {
    nep_buf_str(answer, "{\"memory\":[");
    for (size_t i = 0; i < n; i++)
      nep_buf_printf(answer, "%s{\"uuid\":\"%s\",\"height\":%" PRIu64 ",\"event\":\"%s\"}",
                     i ? "," : "", list[i].uuid, list[i].height, list[i].event);
    nep_buf_str(answer, "]}");
  }
  free(list);
  return status;
}
