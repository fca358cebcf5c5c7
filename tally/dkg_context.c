/* nep-trustee dkg context: who takes part in the key ceremony, and how many are needed. */
#include <string.h>

#include "tally/trustee_commands.h"

int nep_dkg_context_command(const nep_arguments *a)
{
  const char *names[NEP_CLI_VALUES_MAX], *group = nep_option(a, "group");
  const nep_group *g = nep_group_find(group, strlen(group));
  size_t n = nep_options(a, "name", names);
  unsigned long threshold = 0;
  nep_error err = {0};
  nep_buf text = {0};
  nep_status s = nep_option_number(a, "threshold", 1, NEP_MEMBER_NUMBER_MAX, 0, &threshold, &err);
  if (s == NEP_OK && !g)
    s = nep_fail(&err, NEP_E_INPUT, "group", "--group", "%s is no group", group);
  if (s == NEP_OK)
    s = nep_threshold_context(g, names, n, threshold, &text, &err);
  if (s == NEP_OK)
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&text), false, &err);
  nep_buf_free(&text);
  return nep_cli_end(s, &err);
}
