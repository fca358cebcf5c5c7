#include "protocol/values.h"

#include <string.h>

#include "base/memory.h"

/* A JSON object of exactly two string fields, in this order: proofs and ciphertexts, which are most
   of every record, so without lookups by name. */
static nep_status two_strings(const json_t *value, const char *where, const char *const names[2],
                              const json_t *out[2], nep_error *err)
{
  json_t *o = (json_t *)value; /* jansson's iterators take no const */
  void *it = json_is_object(value) ? json_object_iter(o) : NULL;
  for (size_t i = 0; i < 2; i++, it = json_object_iter_next(o, it)) {
    if (!it || strcmp(json_object_iter_key(it), names[i]) != 0)
      return nep_json_fields(value, where, err, names[0], names[1], NULL);
    out[i] = json_object_iter_value(it);
    if (!json_is_string(out[i])) {
      nep_status status = nep_fail(err, NEP_E_INPUT, "shape", names[i], "a string is expected");
      return where ? nep_inside(err, status, "%s", where) : status;
    }
  }
  return it ? nep_json_fields(value, where, err, names[0], names[1], NULL) : NEP_OK;
}

static nep_status placed(nep_error *err, nep_status status, const char *where, const char *name)
{
  if (err)
    err->where[0] = '\0';
  if (!where || !where[0])
    return nep_inside(err, status, "%s", name);
  return nep_inside(err, status, "%s.%s", where, name);
}

nep_status nep_proof_read(const nep_group *g, const json_t *value, const char *where,
                          nep_proof *out, nep_error *err)
{
  static const char *const names[2] = {"challenge", "response"};
  nep_scalar *const parts[2] = {&out->challenge, &out->response};
  const json_t *text[2];
  nep_status status = two_strings(value, where, names, text, err);
  for (size_t i = 0; !status && i < 2; i++) {
    status =
        nep_scalar_parse(g, parts[i], json_string_value(text[i]), json_string_length(text[i]), err);
    if (status)
      return placed(err, status, where, names[i]);
  }
  return status;
}

static void write_scalar(const nep_group *g, nep_buf *out, const nep_scalar *s)
{
  char text[NEP_SCALAR_TEXT_MAX];
  size_t len = nep_scalar_text(g, s, text);
  nep_buf_char(out, '"');
  nep_buf_add(out, text, len);
  nep_buf_char(out, '"');
}

void nep_proof_write(const nep_group *g, nep_buf *out, const nep_proof *proof)
{
  nep_buf_str(out, "{\"challenge\":");
  write_scalar(g, out, &proof->challenge);
  nep_buf_str(out, ",\"response\":");
  write_scalar(g, out, &proof->response);
  nep_buf_char(out, '}');
}

static const char *const ciphertext_names[2] = {"alpha", "beta"};

nep_status nep_ciphertext_read(const nep_group *g, const json_t *value, const char *where,
                               nep_ciphertext *out, nep_error *err)
{
  nep_element *const parts[2] = {&out->alpha, &out->beta};
  const json_t *text[2];
  nep_status status = two_strings(value, where, ciphertext_names, text, err);
  for (size_t i = 0; !status && i < 2; i++) {
    status = nep_element_parse(g, parts[i], json_string_value(text[i]), json_string_length(text[i]),
                               err);
    if (status)
      return placed(err, status, where, ciphertext_names[i]);
  }
  return status;
}

nep_status nep_ciphertext_shape(const json_t *value, const char *where, nep_error *err)
{
  const json_t *text[2];
  return two_strings(value, where, ciphertext_names, text, err);
}

nep_status nep_ciphertext_take(const nep_group *g, const nep_element element[2],
                               const char *const refusal[2], nep_ciphertext *out, nep_error *err)
{
  for (size_t i = 0; i < 2; i++)
    if (refusal[i])
      return placed(err, nep_element_refused(g, refusal[i], err), NULL, ciphertext_names[i]);
  *out = (nep_ciphertext){element[0], element[1]};
  return NEP_OK;
}

void nep_ciphertext_write(const nep_group *g, nep_buf *out, const nep_ciphertext *c)
{
  const nep_element parts[2] = {c->alpha, c->beta};
  char text[2][NEP_ELEMENT_TEXT_MAX];
  nep_element_text_many(g, parts, 2, text);
  nep_buf_printf(out, "{\"alpha\":\"%s\",\"beta\":\"%s\"}", text[0], text[1]);
}

nep_status nep_element_read(const nep_group *g, const json_t *object, const char *key,
                            nep_element *out, nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(object, key, &text, &len, err);
  if (status)
    return status;
  status = nep_element_parse(g, out, text, len, err);
  return status ? placed(err, status, NULL, key) : NEP_OK;
}

void nep_element_write(const nep_group *g, nep_buf *out, const nep_element *e)
{
  char text[NEP_ELEMENT_TEXT_MAX];
  size_t len = nep_element_text(g, e, text);
  nep_buf_char(out, '"');
  nep_buf_add(out, text, len);
  nep_buf_char(out, '"');
}

nep_status nep_signed_read(const nep_group *g, const json_t *value, const char *where,
                           const json_t **message, nep_proof *signature, nep_error *err)
{
  *message = NULL;
  nep_status status = nep_json_fields(value, where, err, "message", "signature", NULL);
  if (status)
    return status;
  *message = json_object_get(value, "message");
  status = nep_proof_read(g, json_object_get(value, "signature"), "signature", signature, err);
  return status && where ? nep_inside(err, status, "%s", where) : status;
}

bool nep_signed_verify_var(const nep_group *g, const char *tag, const nep_element *public_key,
                           const json_t *message, const nep_proof *signature)
{
  nep_buf text = {0};
  nep_json_write(&text, message);
  bool held = nep_signature_verify_var(g, tag, public_key, nep_buf_bytes(&text), signature);
  nep_buf_free(&text);
  return held;
}

void nep_signed_write(const nep_group *g, const char *tag, const nep_scalar *sk, nep_bytes json,
                      nep_buf *out)
{
  nep_proof signature;
  nep_sign(g, tag, sk, json, &signature);
  nep_buf_str(out, "{\"message\":");
  nep_buf_add(out, json.data, json.len);
  nep_buf_str(out, ",\"signature\":");
  nep_proof_write(g, out, &signature);
  nep_buf_char(out, '}');
}
