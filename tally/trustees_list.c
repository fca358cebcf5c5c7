/* nep-trustee trustees: the list of trustees of an election. */
#include "tally/trustee_commands.h"

int nep_trustees_command(const nep_arguments *a)
{
  const char *singles[NEP_CLI_VALUES_MAX];
  size_t n = nep_options(a, "single", singles);
  nep_error err = {0};
  nep_buf keys = {0}, threshold = {0}, out = {0};
  nep_status s = NEP_OK;
  if (n == 0 && !nep_option(a, "threshold"))
    s = nep_fail(&err, NEP_E_INPUT, "usage", "trustees", "--single or --threshold is needed");
  if (s == NEP_OK)
    s = nep_cli_lines(singles, n, NEP_CEREMONY_TEXT_MAX, &keys, &err);
  if (s == NEP_OK && nep_option(a, "threshold"))
    s = nep_ceremony_text(a, "threshold", &threshold, &err);
  if (s == NEP_OK)
    s = nep_trustees_make(nep_buf_bytes(&keys), nep_buf_bytes(&threshold), &out, &err);
  if (s == NEP_OK)
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&out), false, &err);
  nep_buf_free(&out);
  nep_buf_free(&threshold);
  nep_buf_free(&keys);
  return nep_cli_end(s, &err);
}
