#include "tally/valid_archive.h"

nep_status nep_valid_archive(const char *path, nep_verified **out, nep_error *err)
{
  nep_verify_options options = {.jobs = 0};
  nep_verified *v = NULL;
  *out = NULL;
  nep_status s = nep_verify_archive(path, &options, &v, err);
  if (s == NEP_OK)
    s = nep_findings_status(&v->findings, err);
  if (s == NEP_OK && !nep_verified_is_valid(v))
    s = nep_fail(err, NEP_E_CHECK, "not-checked", path, "not everything could be checked: %s",
                 v->n_not_checked > 0 ? v->not_checked[0] : "no event");
  if (s == NEP_OK) {
    *out = v;
    return NEP_OK;
  }
  nep_verified_free(v);
  if (err && err->status == NEP_E_CHECK)
    return nep_advise(err, "the archive is refused; nep-verify archive lists every fault");
  return s;
}
