#include "tally/registry_files.h"

#include <string.h>

#include "tally/trust_file.h"

nep_status nep_registry_files(const nep_arguments *a, nep_registry **registry, nep_trust **trust,
                              nep_error *err)
{
  nep_buf text = {0};
  nep_status s = nep_trust_read(nep_option(a, "trust"), trust, err);
  if (s == NEP_OK)
    s = nep_cli_text(nep_option(a, "export"), NEP_REGISTRY_TEXT_MAX, &text, err);
  if (s == NEP_OK)
    s = nep_registry_parse(nep_buf_bytes(&text), registry, err);
  if (s == NEP_OK && strcmp((*registry)->event, (*trust)->event) != 0)
    s = nep_fail(err, NEP_E_CHECK, "registry-event", "event",
                 "the export is of another event than the trust file");
  nep_buf_free(&text);
  return s;
}
