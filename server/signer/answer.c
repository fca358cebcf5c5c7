#include "server/signer/answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/json.h"
#include "server/signer/frame.h"
#include "server/signer/purpose.h"
#include "server/signer/recall.h"

static nep_status answer_public_key(const nep_signing_key *key, const json_t *messages,
                                    nep_buf *answer, nep_error *err)
{
  char hex[NEP_PUBLIC_KEY_HEX + 1];
  if (json_array_size(messages) != 0)
    return nep_fail(err, NEP_E_INPUT, "shape", "messages", "must be empty");
  nep_signing_key_public(key, hex);
  nep_buf_printf(answer, "{\"key\":\"%s\"}", hex);
  return NEP_OK;
}

static void sign_message(const nep_signing_key *key, const char *tag, const json_t *message,
                         nep_buf *answer)
{
  nep_buf text = {0};
  nep_json_write(&text, message);
  nep_envelope_make(key, tag, nep_buf_bytes(&text), answer);
  nep_buf_free(&text);
}

static nep_status check_all(const char *purpose, const json_t *messages, nep_promise *promises,
                            nep_error *err)
{
  for (size_t i = 0; i < json_array_size(messages); i++) {
    nep_status status = nep_purpose_check(purpose, json_array_get(messages, i), &promises[i], err);
    if (status != NEP_OK)
      return nep_inside(err, status, "messages[%zu]", i);
  }
  return NEP_OK;
}

/* A head stands for every event of its chain below it, so the memory must hold all of these, each
   known to follow from the one before. */
static nep_status check_below(const nep_memory *memory, const nep_remembered *head, nep_error *err)
{
  uint64_t known = nep_memory_chained(memory, head->chain, head->uuid);
  if (known > head->height)
    return NEP_OK;
  return nep_fail(err, NEP_E_STATE, "signer-gap", head->uuid,
                  "a head of height %" PRIu64 " is asked for, only %" PRIu64 " events were shown",
                  head->height, known);
}

static nep_status keep_promises(nep_memory *memory, const nep_promise *promises, size_t n,
                                nep_error *err)
{
  nep_remembered *events = nep_alloc(n, sizeof *events);
  nep_status status = NEP_OK;
  size_t count = 0;
  for (size_t i = 0; status == NEP_OK && i < n; i++) {
    if (promises[i].of_all)
      status = check_below(memory, &promises[i].event, err);
    if (promises[i].is_made)
      events[count++] = promises[i].event;
  }
  if (status == NEP_OK)
    status = nep_memory_fill(memory, events, count, err);
  free(events);
  return status;
}

static nep_status sign_all(const nep_signing_key *key, nep_memory *memory, const char *purpose,
                           const json_t *messages, nep_buf *answer, nep_error *err)
{
  const char *tag = nep_purpose_tag(purpose);
  size_t n = json_array_size(messages);
  if (!tag)
    return nep_fail(err, NEP_E_DENIED, "purpose", "purpose", "is none that this process signs for");
  if (n == 0 || n > NEP_REQUEST_MESSAGES)
    return nep_fail(err, NEP_E_INPUT, "shape", "messages", "must be 1 to %d messages",
                    NEP_REQUEST_MESSAGES);
  nep_promise *promises = nep_alloc(n, sizeof *promises);
  nep_status status = check_all(purpose, messages, promises, err);
  if (status == NEP_OK)
    status = keep_promises(memory, promises, n, err);
  free(promises);
  if (status != NEP_OK)
    return status;
  nep_buf_str(answer, "{\"envelopes\":[");
  for (size_t i = 0; i < n; i++) {
    if (i > 0)
      nep_buf_char(answer, ',');
    sign_message(key, tag, json_array_get(messages, i), answer);
  }
  nep_buf_str(answer, "]}");
  return NEP_OK;
}

static nep_status perform(const nep_signing_key *key, nep_memory *memory, const char *purpose,
                          const json_t *messages, nep_buf *answer, nep_error *err)
{
  if (strcmp(purpose, "public-key") == 0)
    return answer_public_key(key, messages, answer, err);
  for (size_t c = 0; c < NEP_SIGNED_CHAINS; c++) {
    const nep_memory_requests *of = nep_memory_requests_of((nep_signed_chain)c);
    if (strcmp(purpose, of->known) == 0)
      return nep_recall_known(memory, (nep_signed_chain)c, messages, answer, err);
    if (strcmp(purpose, of->events) == 0)
      return nep_recall_events(memory, (nep_signed_chain)c, messages, answer, err);
    if (strcmp(purpose, of->memory) == 0)
      return nep_recall_list(memory, (nep_signed_chain)c, messages, answer, err);
  }
  return sign_all(key, memory, purpose, messages, answer, err);
}

nep_status nep_signer_answer(const nep_signing_key *key, nep_memory *memory, nep_bytes request,
                             nep_buf *answer, nep_error *err)
{
  json_t *object = NULL;
  const json_t *messages = NULL;
  const char *purpose = NULL;
  size_t len = 0;
  nep_status status = nep_json_parse_canonical(request, &object, err);
  if (status == NEP_OK)
    status = nep_json_fields(object, "request", err, "purpose", "messages", NULL);
  if (status == NEP_OK)
    status = nep_json_string(object, "purpose", &purpose, &len, err);
  if (status == NEP_OK)
    status = nep_json_array(object, "messages", &messages, err);
  if (status == NEP_OK)
    status = perform(key, memory, purpose, messages, answer, err);
  json_decref(object);
  return status;
}
