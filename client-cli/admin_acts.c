/* nep-admin: the files of --act. */
#include "base/file.h"
#include "base/lang.h"
#include "client-cli/admin.h"

static nep_status add_file(const char *path, nep_envelopes *out, nep_error *err)
{
  nep_buf text = {0};
  nep_status status = nep_file_read(path, NEP_ENVELOPE_TEXT_MAX, &text, err);
  while (status == NEP_OK && text.len > 0 && text.data[text.len - 1] == '\n')
    text.data[--text.len] = '\0';
  if (status == NEP_OK) {
    status = nep_envelopes_add_text(out, nep_buf_bytes(&text), err);
    if (status != NEP_OK)
      status = nep_inside(err, status, "%s", path);
  }
  nep_buf_free(&text);
  return status;
}

nep_status nep_admin_acts(const nep_admin *a, nep_envelopes *out, nep_error *err)
{
  nep_status status = NEP_OK;
  if (a->n_acts == 0)
    return nep_fail(err, NEP_E_INPUT, "usage", "--act",
                    _("is needed: a file that nep-tally act has written"));
  for (size_t i = 0; status == NEP_OK && i < a->n_acts; i++)
    status = add_file(a->acts[i], out, err);
  return status;
}
