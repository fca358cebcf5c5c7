/* The list of trustees from single keys and a threshold (protocol.md §7). */
#include "protocol/ceremony.h"
#include "protocol/ceremony_lines.h"

/* The group in which the list holds: a threshold names it; single keys are tried in each. */
static nep_status check_list(nep_bytes text, nep_error *err)
{
  nep_findings nearest = {0};
  nep_status status = NEP_E_CHECK;
  bool readable = false;
  const nep_group *g;
  for (size_t i = 0; status && (g = nep_group_at(i)); i++) {
    nep_findings f = {0};
    nep_trustees *t;
    nep_trustees_verify(g, text, &t, &f);
    if (f.n_faults == 0)
      status = NEP_OK;
    /* report what is wrong in the group whose elements these are */
    if (i == 0 || (t && (!readable || f.n_faults < nearest.n_faults))) {
      nep_findings_free(&nearest);
      nearest = f;
      f = (nep_findings){0};
      readable = t != NULL;
    }
    nep_trustees_free(t);
    nep_findings_free(&f);
  }
  if (status)
    status = nep_findings_status(&nearest, err);
  nep_findings_free(&nearest);
  return status;
}

nep_status nep_trustees_make(nep_bytes singles, nep_bytes threshold, nep_buf *out, nep_error *err)
{
  nep_buf text = {0};
  json_t *lines = NULL;
  nep_status status = nep_lines_parse(singles, "single trustees", &lines, err);
  nep_buf_char(&text, '[');
  for (size_t i = 0; i < json_array_size(lines); i++) {
    nep_buf_str(&text, i ? ",[\"Single\"," : "[\"Single\",");
    nep_json_write(&text, json_array_get(lines, i));
    nep_buf_char(&text, ']');
  }
  while (threshold.len > 0 && threshold.data[threshold.len - 1] == '\n')
    threshold.len--;
  if (threshold.len > 0) {
    nep_buf_str(&text, text.len > 1 ? ",[\"Pedersen\"," : "[\"Pedersen\",");
    nep_buf_add(&text, threshold.data, threshold.len);
    nep_buf_char(&text, ']');
  }
  nep_buf_char(&text, ']');
  if (!status)
    status = check_list(nep_buf_bytes(&text), err);
  if (!status)
    nep_buf_add(out, text.data, text.len);
  json_decref(lines);
  nep_buf_free(&text);
  return status;
}
