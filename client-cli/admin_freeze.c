/* nep-admin freeze: hands over the list of credentials, the auditors' verdict on it and the
   officials' freeze acts. */
#include "base/file.h"
#include "base/lang.h"
#include "client-cli/admin.h"
#include "protocol/json.h"

enum { LIST_MAX = 512 << 20, VERDICT_MAX = 65536 };

/* Without the white space at its end: the server hashes the list as it stands. */
static nep_status read_text(const char *option, const char *path, size_t max, nep_buf *out,
                            nep_error *err)
{
  if (path == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", option,
                    _("is needed: a file that nep-tally registry audit has written"));
  nep_status status = nep_file_read(path, max, out, err);
  while (status == NEP_OK && out->len > 0 && out->data[out->len - 1] == '\n')
    out->data[--out->len] = '\0';
  return status;
}

static nep_status make_body(const nep_admin *a, nep_buf *body, nep_error *err)
{
  nep_buf credentials = {0}, verdict = {0};
  nep_envelopes acts = {0};
  json_t *j = NULL;
  nep_status status = read_text("--credentials", a->credentials, LIST_MAX, &credentials, err);
  if (status == NEP_OK)
    status = read_text("--verdict", a->verdict, VERDICT_MAX, &verdict, err);
  if (status == NEP_OK)
    status = nep_json_parse_canonical(nep_buf_bytes(&verdict), &j, err);
  if (status == NEP_OK)
    status = nep_admin_acts(a, &acts, err);
  if (status == NEP_OK) {
    nep_buf_str(body, "{\"credentials\":");
    nep_json_write_string(body, credentials.data, credentials.len);
    nep_buf_printf(body, ",\"verdict\":%s,\"acts\":", verdict.data);
    nep_envelopes_write(&acts, body);
    nep_buf_char(body, '}');
  }
  nep_envelopes_free(&acts);
  json_decref(j);
  nep_buf_free(&verdict);
  nep_buf_free(&credentials);
  return status;
}

nep_status nep_admin_freeze(nep_admin *a, nep_error *err)
{
  nep_buf body = {0};
  nep_status status = make_body(a, &body, err);
  if (status == NEP_OK)
    status = nep_admin_send(a, NEP_ACT_FREEZE, nep_buf_bytes(&body), err);
  nep_buf_free(&body);
  return status;
}
