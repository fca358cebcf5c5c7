/* nep-admin tally: hands over the encrypted tally, with the acts of those who signed for it and the
   mirrors' countersignatures of the end of the vote. */
#include "base/file.h"
#include "base/lang.h"
#include "client-cli/admin.h"
#include "protocol/json.h"

enum { TALLY_MAX = 512 << 20 };

typedef nep_status read_list(const nep_admin *a, nep_envelopes *out, nep_error *err);

static nep_status add_list(const nep_admin *a, read_list *read, const char *field, nep_buf *body,
                           nep_error *err)
{
  nep_envelopes list = {0};
  nep_status status = read(a, &list, err);
  nep_buf_printf(body, ",\"%s\":", field);
  nep_envelopes_write(&list, body);
  nep_envelopes_free(&list);
  return status;
}

static nep_status add_text(const json_t *object, const char *field, char before, nep_buf *body,
                           nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(object, field, &text, &len, err);
  if (status == NEP_OK) {
    nep_buf_printf(body, "%c\"%s\":", before, field);
    nep_json_write_string(body, text, len);
  }
  return status;
}

static nep_status make_body(const nep_admin *a, nep_buf *body, nep_error *err)
{
  nep_buf text = {0};
  json_t *j = NULL;
  if (a->n_words < 2)
    return nep_fail(err, NEP_E_INPUT, "usage", "FILE", _("is needed behind the UUID"));
  nep_status status = nep_file_read(a->words[1], TALLY_MAX, &text, err);
  if (status == NEP_OK)
    status = nep_json_parse(nep_buf_bytes(&text), &j, err);
  if (status == NEP_OK)
    status = nep_json_fields(j, a->words[1], err, "encrypted_tally", "sized", NULL);
  if (status == NEP_OK)
    status = add_text(j, "encrypted_tally", '{', body, err);
  if (status == NEP_OK)
    status = add_text(j, "sized", ',', body, err);
  if (status == NEP_OK)
    status = add_list(a, nep_admin_acts, "acts", body, err);
  if (status == NEP_OK)
    status = add_list(a, nep_admin_countersignatures, "countersignatures", body, err);
  nep_buf_char(body, '}');
  json_decref(j);
  nep_buf_free(&text);
  return status;
}

nep_status nep_admin_tally(nep_admin *a, nep_error *err)
{
  nep_buf body = {0};
  nep_status status = make_body(a, &body, err);
  if (status == NEP_OK)
    status = nep_admin_send(a, NEP_ACT_TALLY, nep_buf_bytes(&body), err);
  nep_buf_free(&body);
  return status;
}
