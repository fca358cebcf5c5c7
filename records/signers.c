#include "records/signers.h"

#include <string.h>

void nep_signers_add(nep_signers *s, nep_role role, const nep_pinned *person)
{
  s->signed_by[role][person - s->trust->pinned[role]] = true;
}

nep_status nep_signers_enough(const nep_signers *s, nep_role role, nep_error *err)
{
  size_t n = 0, needed = s->trust->needed[role];
  for (size_t i = 0; i < s->trust->n_pinned[role]; i++)
    n += s->signed_by[role][i];
  if (n >= needed)
    return NEP_OK;
  bool mirrors = role == NEP_ROLE_MIRROR;
  return nep_fail(err, NEP_E_CHECK, mirrors ? "too-few-countersignatures" : "too-few-acts",
                  mirrors ? "countersignatures" : "acts",
                  "signed by %zu of the pinned persons with the role %s, %zu are needed", n,
                  nep_role_name(role), needed);
}

nep_status nep_act_field(const char *code, const char *field, const char *found,
                         const char *expected, nep_error *err)
{
  if (strcmp(found, expected) == 0)
    return NEP_OK;
  return nep_fail(err, NEP_E_CHECK, code, field, "it names %s, here it is %s", found, expected);
}
