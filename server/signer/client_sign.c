/* Signatures for messages. An answer has one shape around texts that the client knows, so it is
   compared with that in place of being parsed: whoever cast a ballot is waiting for it. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/signer/client_inside.h"
#include "server/signer/purpose.h"

/* Ed25519's 64 bytes in base64: without padding. */
enum { SIGNATURE_CHARACTERS = 86 };

/* Steps over exactly this text. */
static bool skip(nep_bytes *rest, const char *text, size_t len)
{
  if (rest->len < len || memcmp(rest->data, text, len) != 0)
    return false;
  *rest = (nep_bytes){rest->data + len, rest->len - len};
  return true;
}

static bool skip_str(nep_bytes *rest, const char *text)
{
  return skip(rest, text, strlen(text));
}

/* Steps over n characters, all of them among those of `set`. */
static bool skip_of(nep_bytes *rest, const char *set, size_t n)
{
  if (rest->len < n)
    return false;
  for (size_t i = 0; i < n; i++)
    if (rest->data[i] == '\0' || strchr(set, rest->data[i]) == NULL)
      return false;
  *rest = (nep_bytes){rest->data + n, rest->len - n};
  return true;
}

/* The envelope (records/signed.h) of exactly this message. */
static bool take_envelope(nep_bytes *rest, nep_bytes message, nep_bytes *envelope)
{
  const char *start = rest->data;
  bool good = skip_str(rest, "{\"message\":") && skip(rest, message.data, message.len) &&
              skip_str(rest, ",\"key\":\"") &&
              skip_of(rest, "0123456789abcdef", NEP_PUBLIC_KEY_HEX) &&
              skip_str(rest, "\",\"signature\":\"") &&
              skip_of(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                      SIGNATURE_CHARACTERS) &&
              skip_str(rest, "\"}");
  *envelope = (nep_bytes){start, (size_t)(rest->data - start)};
  return good;
}

/* False: the answer is another than the envelopes of these messages, in order. */
static bool find_envelopes(nep_bytes rest, const nep_bytes *messages, size_t n, nep_bytes *found)
{
  if (!skip_str(&rest, "{\"envelopes\":["))
    return false;
  for (size_t i = 0; i < n; i++)
    if ((i > 0 && !skip_str(&rest, ",")) || !take_envelope(&rest, messages[i], &found[i]))
      return false;
  return skip_str(&rest, "]}") && rest.len == 0;
}

/* An answer that is not about exactly the messages asked for must not reach a voter. */
static nep_status other_answer(nep_bytes text, nep_error *err)
{
  json_t *answer = NULL;
  nep_status status = nep_signer_parse(text, &answer, err);
  json_decref(answer);
  if (status != NEP_OK)
    return status;
  return nep_fail(err, NEP_E_INTERNAL, "signer", "envelopes",
                  "nep-signer answered with other envelopes than those of the messages sent");
}

nep_status nep_signer_sign(nep_signer *s, nep_signed_purpose purpose, const nep_bytes *messages,
                           size_t n, nep_buf *out, nep_error *err)
{
  nep_buf in = {0};
  nep_bytes answer = {0}, *found = nep_alloc(n, sizeof *found);
  nep_status status = nep_signer_ask(s, nep_purpose_name(purpose), messages, n, &in, &answer, err);
  if (status == NEP_OK && !find_envelopes(answer, messages, n, found))
    status = other_answer(answer, err);
  for (size_t i = 0; status == NEP_OK && i < n; i++)
    nep_buf_add(&out[i], found[i].data, found[i].len);
  free(found);
  nep_buf_free(&in);
  return nep_signer_our_fault(status, err);
}
