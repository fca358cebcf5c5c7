#include "protocol/channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/scan.h"

enum { TAG_MAX = 128, PLAINTEXT_MAX = 8192 };

static void inner_tag(const char *tag, char out[TAG_MAX])
{
  snprintf(out, TAG_MAX, "%s-channel_msg_inner", tag);
}

/* protocol.md §6 and §12.2: D = d-channel_msg_inner-channel_msg_outer. */
static void outer_tag(const char *tag, char out[TAG_MAX])
{
  snprintf(out, TAG_MAX, "%s-channel_msg_inner-channel_msg_outer", tag);
}

static void write_sealed(const nep_group *g, const nep_sealed *s, nep_buf *out)
{
  nep_buf_str(out, "{\"alpha\":");
  nep_element_write(g, out, &s->alpha);
  nep_buf_str(out, ",\"beta\":");
  nep_element_write(g, out, &s->beta);
  nep_buf_str(out, ",\"data\":\"");
  nep_hex(s->data.data, s->data.len, nep_buf_room(out, 2 * s->data.len + 1));
  out->len += 2 * s->data.len;
  nep_buf_str(out, "\"}");
}

void nep_channel_send(const nep_group *g, const char *tag, const nep_scalar *sk,
                      const nep_element *recipient, const char *name, const nep_scalar *value,
                      nep_buf *out)
{
  char number[NEP_SCALAR_TEXT_MAX], inner[TAG_MAX], outer[TAG_MAX];
  nep_buf message = {0}, plaintext = {0};
  nep_sealed sealed = {0};
  /* room for all of it now: a buffer that moves leaves a copy behind */
  nep_buf_room(&message, PLAINTEXT_MAX);
  nep_buf_room(&plaintext, PLAINTEXT_MAX);
  inner_tag(tag, inner);
  outer_tag(tag, outer);
  nep_scalar_text(g, value, number);
  nep_buf_str(&message, "{\"recipient\":");
  nep_element_write(g, &message, recipient);
  nep_buf_str(&message, ",\"message\":{\"");
  nep_buf_str(&message, name);
  nep_buf_str(&message, "\":\"");
  nep_buf_str(&message, number);
  nep_buf_str(&message, "\"}}");
  nep_signed_write(g, inner, sk, nep_buf_bytes(&message), &plaintext);
  nep_seal(g, outer, recipient, nep_buf_bytes(&plaintext), &sealed);
  write_sealed(g, &sealed, out);
  nep_sealed_free(&sealed);
  nep_buf_wipe(&plaintext);
  nep_buf_wipe(&message);
  nep_wipe(number, sizeof number);
}

static nep_status read_member(const nep_group *g, const json_t *message, const char *key,
                              nep_element *out, nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(message, key, &text, &len, err);
  if (status)
    return status;
  if (nep_element_parse_member(g, out, text, len, false, err))
    return nep_fail(err, NEP_E_CHECK, "channel-membership", key,
                    "not a canonical element of the group, or its identity");
  return NEP_OK;
}

static nep_status read_sealed(const nep_group *g, const json_t *message, nep_sealed *out,
                              nep_error *err)
{
  const char *hex;
  size_t len;
  nep_status status = nep_json_fields(message, NULL, err, "alpha", "beta", "data", NULL);
  if (!status)
    status = read_member(g, message, "alpha", &out->alpha, err);
  if (!status)
    status = read_member(g, message, "beta", &out->beta, err);
  if (!status)
    status = nep_json_string(message, "data", &hex, &len, err);
  if (status)
    return status;
  if (len % 2 != 0 || len > 2 * PLAINTEXT_MAX ||
      !nep_unhex(hex, len, nep_buf_room(&out->data, len / 2), len / 2))
    return nep_fail(err, NEP_E_INPUT, "channel-parse", "data",
                    "lower-case hexadecimal digits of at most %d bytes are expected",
                    PLAINTEXT_MAX);
  out->data.len = len / 2;
  return NEP_OK;
}

/* {"message":{"recipient":<us>,"message":{<name>:<value>}},"signature":{..}}, in place. `body` is
   what was signed. */
static bool read_plaintext(const nep_group *g, nep_bytes text, const char *name, nep_bytes *body,
                           nep_bytes *recipient, nep_scalar *value, nep_proof *signature)
{
  nep_bytes number, challenge, response;
  const size_t max = NEP_SCALAR_TEXT_MAX;
  if (!nep_scan_skip(&text, "{\"message\":"))
    return false;
  body->data = text.data;
  if (!nep_scan_skip(&text, "{\"recipient\":\"") || !nep_scan_plain(&text, max, recipient) ||
      !nep_scan_skip(&text, ",\"message\":{\"") || !nep_scan_skip(&text, name) ||
      !nep_scan_skip(&text, "\":\"") || !nep_scan_plain(&text, max, &number) ||
      !nep_scan_skip(&text, "}}"))
    return false;
  body->len = (size_t)(text.data - body->data);
  return nep_scan_skip(&text, ",\"signature\":{\"challenge\":\"") &&
         nep_scan_plain(&text, max, &challenge) && nep_scan_skip(&text, ",\"response\":\"") &&
         nep_scan_plain(&text, max, &response) && nep_scan_skip(&text, "}}") && text.len == 0 &&
         nep_scalar_parse(g, value, number.data, number.len, NULL) == NEP_OK &&
         nep_scalar_parse(g, &signature->challenge, challenge.data, challenge.len, NULL) ==
             NEP_OK &&
         nep_scalar_parse(g, &signature->response, response.data, response.len, NULL) == NEP_OK;
}

static bool is_us(const nep_group *g, const nep_scalar *dk, nep_bytes recipient)
{
  char own[NEP_ELEMENT_TEXT_MAX];
  nep_element ek;
  nep_element_exp_g(g, &ek, dk);
  size_t len = nep_element_text(g, &ek, own);
  return len == recipient.len && memcmp(own, recipient.data, len) == 0;
}

static nep_status check_plaintext(const nep_group *g, const char *tag, const nep_scalar *dk,
                                  const nep_element *sender, nep_bytes plaintext, const char *name,
                                  nep_scalar *value, nep_error *err)
{
  char inner[TAG_MAX];
  nep_bytes body, recipient;
  nep_proof signature;
  inner_tag(tag, inner);
  if (!read_plaintext(g, plaintext, name, &body, &recipient, value, &signature))
    return nep_fail(err, NEP_E_INPUT, "channel-parse", "data",
                    "the opened message is not a canonical \"%s\"", name);
  if (!nep_signature_verify_var(g, inner, sender, body, &signature))
    return nep_fail(err, NEP_E_CHECK, "channel-signature", "data",
                    "the opened message is not signed by its sender");
  if (!is_us(g, dk, recipient))
    return nep_fail(err, NEP_E_CHECK, "channel-recipient", "data",
                    "the opened message was meant for somebody else");
  return NEP_OK;
}

nep_status nep_channel_receive(const nep_group *g, const char *tag, const nep_scalar *dk,
                               const nep_element *sender, const json_t *message, const char *name,
                               nep_scalar *value, nep_error *err)
{
  char outer[TAG_MAX];
  nep_sealed sealed = {0};
  nep_buf plaintext = {0};
  outer_tag(tag, outer);
  nep_status status = read_sealed(g, message, &sealed, err);
  if (!status && nep_unseal(g, outer, dk, &sealed, &plaintext, err))
    status = nep_fail(err, NEP_E_CHECK, "channel-seal", "data",
                      "the message cannot be opened with this key, or was changed");
  if (!status)
    status = check_plaintext(g, tag, dk, sender, nep_buf_bytes(&plaintext), name, value, err);
  if (status)
    nep_scalar_wipe(value);
  nep_buf_wipe(&plaintext);
  nep_sealed_free(&sealed);
  return status;
}
