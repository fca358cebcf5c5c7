#include "tally/registry_files.h"

#include <string.h>

static nep_status read_trust(const nep_arguments *a, nep_trust **trust, nep_error *err)
{
  nep_buf text = {0};
  nep_status s = nep_cli_text(nep_option(a, "trust"), NEP_TRUST_MAX, &text, err);
  if (s == NEP_OK)
    s = nep_trust_parse(nep_buf_bytes(&text), trust, err);
  nep_buf_free(&text);
  return s;
}

nep_status nep_registry_files(const nep_arguments *a, nep_registry **registry, nep_trust **trust,
                              nep_error *err)
{
  nep_buf text = {0};
  nep_status s = read_trust(a, trust, err);
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
