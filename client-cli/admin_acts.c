/* nep-admin: the files of --act and --countersignature. */
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

static nep_status add_files(const char *const *files, size_t n, nep_envelopes *out, nep_error *err)
{
  nep_status status = NEP_OK;
  for (size_t i = 0; status == NEP_OK && i < n; i++)
    status = add_file(files[i], out, err);
  return status;
}

nep_status nep_admin_acts(const nep_admin *a, nep_envelopes *out, nep_error *err)
{
  if (a->n_acts == 0)
    return nep_fail(err, NEP_E_INPUT, "usage", "--act",
                    _("is needed: a file that nep-tally act has written"));
  return add_files(a->acts, a->n_acts, out, err);
}

nep_status nep_admin_countersignatures(const nep_admin *a, nep_envelopes *out, nep_error *err)
{
  if (a->n_countersignatures == 0)
    return nep_fail(err, NEP_E_INPUT, "usage", "--countersignature",
                    _("is needed: a file that nep-mirror has written"));
  return add_files(a->countersignatures, a->n_countersignatures, out, err);
}
