/* Signatures for messages. An answer has one shape around texts that the client knows, so it is
   compared with that in place of being parsed: whoever cast a ballot is waiting for it. */
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "protocol/scan.h"
#include "server/signer/client_inside.h"
#include "server/signer/purpose.h"

enum { SIGNATURE_BYTES = 64 };

static bool skip_message(nep_bytes *rest, nep_bytes message)
{
  if (rest->len < message.len || memcmp(rest->data, message.data, message.len) != 0)
    return false;
  *rest = (nep_bytes){rest->data + message.len, rest->len - message.len};
  return true;
}

static bool skip_key(nep_bytes *rest)
{
  nep_bytes text;
  uint8_t key[NEP_PUBLIC_KEY_HEX / 2];
  return nep_scan_plain(rest, NEP_PUBLIC_KEY_HEX, &text) &&
         nep_unhex(text.data, text.len, key, sizeof key);
}

static bool skip_signature(nep_bytes *rest)
{
  nep_bytes text;
  uint8_t signature[SIGNATURE_BYTES];
  size_t len = 0;
  return nep_scan_plain(rest, 2 * sizeof signature, &text) &&
         nep_unbase64(text.data, text.len, signature, sizeof signature, &len) &&
         len == sizeof signature;
}

/* The envelope (records/signed.h) of exactly this message. */
static bool take_envelope(nep_bytes *rest, nep_bytes message, nep_bytes *envelope)
{
  const char *start = rest->data;
  bool good = nep_scan_skip(rest, "{\"message\":") && skip_message(rest, message) &&
              nep_scan_skip(rest, ",\"key\":\"") && skip_key(rest) &&
              nep_scan_skip(rest, ",\"signature\":\"") && skip_signature(rest) &&
              nep_scan_skip(rest, "}");
  *envelope = (nep_bytes){start, (size_t)(rest->data - start)};
  return good;
}

/* False: the answer is another than the envelopes of these messages, in order. */
static bool find_envelopes(nep_bytes rest, const nep_bytes *messages, size_t n, nep_bytes *found)
{
  if (!nep_scan_skip(&rest, "{\"envelopes\":["))
    return false;
  for (size_t i = 0; i < n; i++)
    if ((i > 0 && !nep_scan_skip(&rest, ",")) || !take_envelope(&rest, messages[i], &found[i]))
      return false;
  return nep_scan_skip(&rest, "]}") && rest.len == 0;
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
