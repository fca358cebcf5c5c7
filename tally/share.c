#include "tally/share.h"

#include "tally/cli.h"

void nep_share_write(nep_bytes object, nep_bytes owned, nep_bytes proof, nep_buf *out)
{
  nep_buf_str(out, "{\"decryption\":");
  nep_json_write_string(out, object.data, object.len);
  nep_buf_str(out, ",\"owned\":");
  nep_json_write_string(out, owned.data, owned.len);
  nep_buf_str(out, ",\"proof\":");
  nep_json_write_string(out, proof.data, proof.len);
  nep_buf_char(out, '}');
}

static nep_status member(const json_t *json, const char *key, nep_buf *out, nep_error *err)
{
  const char *text = NULL;
  size_t len = 0;
  nep_status s = nep_json_string(json, key, &text, &len, err);
  if (s == NEP_OK)
    nep_buf_add(out, text, len);
  return s;
}

nep_status nep_share_read(const char *path, nep_share *out, nep_error *err)
{
  nep_buf text = {0};
  json_t *json = NULL;
  nep_status s = nep_cli_text(path, NEP_SHARE_MAX, &text, err);
  if (s == NEP_OK)
    s = nep_json_parse(nep_buf_bytes(&text), &json, err);
  if (s == NEP_OK)
    s = nep_json_fields(json, "share", err, "decryption", "owned", "proof?", NULL);
  if (s == NEP_OK)
    s = member(json, "decryption", &out->object, err);
  if (s == NEP_OK)
    s = member(json, "owned", &out->owned, err);
  if (s == NEP_OK && json_object_get(json, "proof") != NULL) {
    s = member(json, "proof", &out->proof, err);
    if (s == NEP_OK && out->proof.len == 0)
      s = nep_fail(err, NEP_E_INPUT, "shape", "proof", "is empty");
  }
  json_decref(json);
  nep_buf_free(&text);
  return s;
}

void nep_share_free(nep_share *s)
{
  nep_buf_free(&s->proof);
  nep_buf_free(&s->owned);
  nep_buf_free(&s->object);
}
