#include "server/signer/answer.h"

#include <string.h>

#include "protocol/json.h"
#include "server/signer/frame.h"
#include "server/signer/purpose.h"

static void answer_public_key(const nep_signing_key *key, nep_buf *answer)
{
  char hex[NEP_PUBLIC_KEY_HEX + 1];
  nep_signing_key_public(key, hex);
  nep_buf_printf(answer, "{\"key\":\"%s\"}", hex);
}

static void sign_message(const nep_signing_key *key, const char *tag, const json_t *message,
                         nep_buf *answer)
{
  nep_buf text = {0};
  nep_json_write(&text, message);
  nep_envelope_make(key, tag, nep_buf_bytes(&text), answer);
  nep_buf_free(&text);
}

static nep_status sign_all(const nep_signing_key *key, const char *purpose, const json_t *messages,
                           nep_buf *answer, nep_error *err)
{
  const char *tag = nep_purpose_tag(purpose);
  size_t n = json_array_size(messages);
  if (!tag)
    return nep_fail(err, NEP_E_DENIED, "purpose", "purpose", "is none that this process signs for");
  if (n == 0 || n > NEP_REQUEST_MESSAGES)
    return nep_fail(err, NEP_E_INPUT, "shape", "messages", "must be 1 to %d messages",
                    NEP_REQUEST_MESSAGES);
  for (size_t i = 0; i < n; i++) {
    nep_status status = nep_purpose_check(purpose, json_array_get(messages, i), err);
    if (status != NEP_OK)
      return nep_inside(err, status, "messages[%zu]", i);
  }
  nep_buf_str(answer, "{\"envelopes\":[");
  for (size_t i = 0; i < n; i++) {
    if (i > 0)
      nep_buf_char(answer, ',');
    sign_message(key, tag, json_array_get(messages, i), answer);
  }
  nep_buf_str(answer, "]}");
  return NEP_OK;
}

nep_status nep_signer_answer(const nep_signing_key *key, nep_bytes request, nep_buf *answer,
                             nep_error *err)
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
  if (status == NEP_OK && strcmp(purpose, "public-key") == 0 && json_array_size(messages) == 0)
    answer_public_key(key, answer);
  else if (status == NEP_OK)
    status = sign_all(key, purpose, messages, answer, err);
  json_decref(object);
  return status;
}
