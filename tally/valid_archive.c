#include "tally/valid_archive.h"

#include "base/progress.h"

void nep_show_bytes(void *progress, uint64_t done_bytes, uint64_t total_bytes)
{
  nep_progress *p = progress;
  p->total = total_bytes;
  nep_progress_step(p, done_bytes);
}

static nep_status verify(const char *path, unsigned jobs, nep_verified **out, nep_error *err)
{
  nep_progress progress;
  const nep_verify_options options = {
      .jobs = jobs, .progress = nep_show_bytes, .progress_ctx = &progress};
  nep_progress_start(&progress, "bytes", 0);
  nep_status s = nep_verify_archive(path, &options, out, err);
  nep_progress_end(&progress);
  return s;
}

nep_status nep_valid_archive(const char *path, nep_verified **out, nep_error *err)
{
  return nep_valid_archive_jobs(path, 0, out, err);
}

nep_status nep_valid_archive_jobs(const char *path, unsigned jobs, nep_verified **out,
                                  nep_error *err)
{
  nep_verified *v = NULL;
  *out = NULL;
  nep_status s = verify(path, jobs, &v, err);
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

nep_status nep_casts_beside(const char *casts, const char *archive, const nep_verified *v,
                            unsigned jobs, nep_findings *f, nep_error *err)
{
  nep_progress progress;
  const nep_casts_options options = {
      .jobs = jobs, .progress = nep_show_bytes, .progress_ctx = &progress};
  nep_progress_start(&progress, "bytes of ballots, beside their cast statements", 0);
  nep_status s = nep_casts_verify(casts, archive, v, &options, f, err);
  nep_progress_end(&progress);
  return s;
}
