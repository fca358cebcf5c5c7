#include "records/sealed_registration.h"

#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "protocol/values.h"
#include "records/fields.h"
#include "records/tags.h"

const nep_group *nep_audit_group(void)
{
  return nep_group_find("Ed25519", strlen("Ed25519"));
}

static void write_plaintext(const nep_registration *r, nep_buf *out)
{
  nep_field_open(out, "salt", r->salt);
  if (r->replaces != NULL)
    nep_field_add(out, "replaces", r->replaces);
  else
    nep_buf_str(out, ",\"replaces\":null");
  nep_buf_str(out, ",\"credentials\":[");
  for (size_t i = 0; i < r->n_credentials; i++) {
    const nep_registered_credential *c = &r->credentials[i];
    if (i > 0)
      nep_buf_char(out, ',');
    nep_field_open(out, "uuid", c->uuid);
    nep_field_add(out, "credential", c->credential);
    nep_buf_str(out, ",\"proof\":");
    nep_json_write(out, c->proof);
    nep_buf_char(out, '}');
  }
  nep_buf_str(out, "]}");
}

void nep_registration_seal(const nep_element *audit_key, const nep_registration *r, nep_buf *out)
{
  const nep_group *g = nep_audit_group();
  nep_buf plaintext = {0};
  nep_sealed sealed = {0};
  nep_buf_room(&plaintext, NEP_REGISTRATION_TEXT_MAX); /* a buffer that moves leaves a copy */
  write_plaintext(r, &plaintext);
  nep_seal(g, NEP_TAG_REGISTRY_SEAL, audit_key, nep_buf_bytes(&plaintext), &sealed);
  nep_buf_str(out, "{\"alpha\":");
  nep_element_write(g, out, &sealed.alpha);
  nep_buf_str(out, ",\"beta\":");
  nep_element_write(g, out, &sealed.beta);
  nep_buf_str(out, ",\"data\":\"");
  nep_hex(sealed.data.data, sealed.data.len, nep_buf_room(out, 2 * sealed.data.len + 1));
  out->len += 2 * sealed.data.len;
  nep_buf_str(out, "\"}");
  nep_sealed_free(&sealed);
  nep_buf_wipe(&plaintext);
}

/* ---- reading ---- */

static nep_status read_member(const json_t *value, const char *key, nep_element *out,
                              nep_error *err)
{
  const char *text;
  size_t len;
  nep_error why = {0};
  nep_status status = nep_json_string(value, key, &text, &len, err);
  if (status == NEP_OK &&
      nep_element_parse_member(nep_audit_group(), out, text, len, false, &why) != NEP_OK)
    status = nep_fail(err, NEP_E_INPUT, "sealed", key, "%s", why.reason);
  return status;
}

nep_status nep_sealed_registration_read(const json_t *value, nep_sealed *out, nep_error *err)
{
  const char *hex = NULL;
  size_t len = 0;
  nep_status status = nep_json_fields(value, "sealed", err, "alpha", "beta", "data", NULL);
  if (status == NEP_OK)
    status = read_member(value, "alpha", &out->alpha, err);
  if (status == NEP_OK)
    status = read_member(value, "beta", &out->beta, err);
  if (status == NEP_OK)
    status = nep_json_string(value, "data", &hex, &len, err);
  if (status != NEP_OK)
    return status;
  if (len == 0 || len % 2 != 0 || len > 2 * NEP_REGISTRATION_TEXT_MAX ||
      !nep_unhex(hex, len, nep_buf_room(&out->data, len / 2), len / 2))
    return nep_fail(err, NEP_E_INPUT, "sealed", "data",
                    "lower-case hexadecimal digits of at most %d bytes are expected",
                    NEP_REGISTRATION_TEXT_MAX);
  out->data.len = len / 2;
  return NEP_OK;
}

/* The body that the voter's device had sent: event and token in front of and behind the box's
   content, so that one strict reader serves both. */
static nep_status read_content(const nep_buf *plaintext, const char *event, const char *token,
                               nep_registration **out, nep_error *err)
{
  nep_buf body = {0};
  if (plaintext->len < 2 || plaintext->data[0] != '{' || plaintext->data[plaintext->len - 1] != '}')
    return nep_fail(err, NEP_E_INPUT, "registration", "sealed", "holds no JSON object");
  nep_field_open(&body, "event", event);
  nep_buf_char(&body, ',');
  nep_buf_secret_add(&body, plaintext->data + 1, plaintext->len - 2);
  nep_field_add(&body, "id_token", token);
  nep_buf_char(&body, '}');
  nep_status status = nep_registration_parse(nep_buf_bytes(&body), out, err);
  nep_buf_wipe(&body);
  return status;
}

nep_status nep_registration_unseal(const nep_sealed *sealed, const nep_element *mask,
                                   const char *event, const char *token, nep_registration **out,
                                   nep_error *err)
{
  const nep_group *g = nep_audit_group();
  nep_element shared;
  nep_buf plaintext = {0};
  *out = NULL;
  nep_element_div(g, &shared, &sealed->beta, mask);
  nep_status status =
      nep_unseal_shared(g, NEP_TAG_REGISTRY_SEAL, &shared, sealed, &plaintext, NULL);
  if (status != NEP_OK)
    status = nep_fail(err, NEP_E_CHECK, "sealed", "sealed",
                      "does not open: it was altered, or sealed for other auditors");
  else
    status = read_content(&plaintext, event, token, out, err);
  nep_wipe(&shared, sizeof shared);
  nep_buf_wipe(&plaintext);
  return status;
}
