#include "records/signed.h"

#include <sodium.h>
#include <string.h>

#include "base/encode.h"
#include "protocol/json.h"
#include "records/signing_key.h"

enum { SIGNATURE_TEXT = 86 /* base64 of 64 bytes */ };

/* The tag ends with a NUL, which no JSON text holds: no tag can run over into a message. */
static nep_buf tagged(const char *tag, nep_bytes message)
{
  nep_buf b = {0};
  nep_buf_add(&b, tag, strlen(tag) + 1);
  nep_buf_add(&b, message.data, message.len);
  return b;
}

void nep_envelope_make(const nep_signing_key *k, const char *tag, nep_bytes message, nep_buf *out)
{
  uint8_t signature[crypto_sign_ed25519_BYTES];
  char key[NEP_PUBLIC_KEY_HEX + 1], text[SIGNATURE_TEXT + 1];
  nep_buf b = tagged(tag, message);
  crypto_sign_ed25519_detached(signature, NULL, (const uint8_t *)b.data, b.len, k->secret);
  nep_buf_free(&b);
  nep_signing_key_public(k, key);
  nep_base64(signature, sizeof signature, text);
  nep_buf_str(out, "{\"message\":");
  nep_buf_add(out, message.data, message.len);
  nep_buf_printf(out, ",\"key\":\"%s\",\"signature\":\"%s\"}", key, text);
}

static bool signature_holds(const char *tag, const json_t *message, const uint8_t *signature,
                            const uint8_t *key)
{
  nep_buf canonical = {0};
  nep_json_write(&canonical, message);
  nep_buf b = tagged(tag, nep_buf_bytes(&canonical));
  bool held =
      crypto_sign_ed25519_verify_detached(signature, (const uint8_t *)b.data, b.len, key) == 0;
  nep_buf_free(&b);
  nep_buf_free(&canonical);
  return held;
}

static nep_status check(const json_t *envelope, const char *tag, const char *public_hex,
                        const char **key_text, nep_error *err)
{
  const char *signature_text;
  uint8_t key[crypto_sign_ed25519_PUBLICKEYBYTES], signature[crypto_sign_ed25519_BYTES];
  size_t key_len, signature_len, len = 0;
  if (nep_json_fields(envelope, "envelope", NULL, "message", "key", "signature", NULL) != NEP_OK ||
      !json_is_object(json_object_get(envelope, "message")) ||
      nep_json_string(envelope, "key", key_text, &key_len, NULL) != NEP_OK ||
      nep_json_string(envelope, "signature", &signature_text, &signature_len, NULL) != NEP_OK)
    return nep_fail(err, NEP_E_INPUT, "envelope", "envelope",
                    "must be an object {\"message\":{..},\"key\":\"..\",\"signature\":\"..\"}");
  if (!nep_unhex(*key_text, key_len, key, sizeof key))
    return nep_fail(err, NEP_E_INPUT, "envelope", "key", "must be 64 lower-case hex digits");
  if (!nep_unbase64(signature_text, signature_len, signature, sizeof signature, &len) ||
      len != sizeof signature)
    return nep_fail(err, NEP_E_INPUT, "envelope", "signature",
                    "must be 64 bytes in base64 without '='");
  if (public_hex != NULL && strcmp(public_hex, *key_text) != 0)
    return nep_fail(err, NEP_E_CHECK, "signature", "key",
                    "signed with the key %s, expected the key %s", *key_text, public_hex);
  if (!signature_holds(tag, json_object_get(envelope, "message"), signature, key))
    return nep_fail(err, NEP_E_CHECK, "signature", "signature",
                    "does not fit the message, the key and the purpose \"%s\"", tag);
  return NEP_OK;
}

nep_status nep_envelope_verify(nep_bytes text, const char *tag, const char *public_hex,
                               json_t **message, char key[NEP_PUBLIC_KEY_HEX + 1], nep_error *err)
{
  json_t *envelope = NULL;
  const char *key_text = NULL;
  *message = NULL;
  nep_error why = {0};
  if (nep_json_parse_canonical(text, &envelope, &why) != NEP_OK)
    return nep_fail(err, NEP_E_INPUT, "envelope", "envelope", "is not canonical JSON: %s",
                    why.reason);
  nep_status status = check(envelope, tag, public_hex, &key_text, err);
  if (status == NEP_OK) {
    *message = json_incref(json_object_get(envelope, "message"));
    if (key != NULL)
      memcpy(key, key_text, NEP_PUBLIC_KEY_HEX + 1);
  }
  json_decref(envelope);
  return status;
}
