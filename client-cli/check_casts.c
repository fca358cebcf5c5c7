#include "client-cli/check_casts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/say.h"
#include "records/casts_verify.h"

#define CASTS_MAX (UINT64_C(1) << 40)

static bool is_own(const nep_own_ballots *own, const char *object)
{
  for (size_t i = 0; i < own->n; i++)
    if (strstr(object, own->list[i].tracker) != NULL)
      return true;
  return false;
}

static nep_status judge(const nep_findings *f, const nep_own_ballots *own, const char *path,
                        nep_casts_report *out, nep_error *err)
{
  for (size_t i = 0; i < f->n_warnings; i++)
    out->gaps +=
        strcmp(f->warnings[i].code, "casts-gap") == 0 && is_own(own, f->warnings[i].object);
  for (size_t i = 0; i < f->n_faults; i++) {
    fprintf(stderr, "  %s: ", f->faults[i].object);
    nep_show(stderr, f->faults[i].reason);
    fprintf(stderr, " [%s]\n", f->faults[i].code);
  }
  out->checked = true;
  if (f->n_faults == 0)
    return NEP_OK;
  nep_fail(err, NEP_E_CHECK, "casts-invalid", path, _("%zu checks of the cast statements failed"),
           f->n_faults);
  return nep_advise(err, "%s",
                    _("keep archive and statements and show them to the commission and to "
                      "observers: the order of ballots was changed"));
}

static nep_status download(nep_voter *v, const nep_verified *verified, const char *path,
                           nep_error *err)
{
  char *from = nep_sprintf("/v1/elections/%s/casts?upto=%" PRIu64, verified->election->uuid,
                           verified->events - 1);
  unlink(path);
  nep_status status = nep_http_download(v->http, from, path, CASTS_MAX, err);
  free(from);
  return status;
}

nep_status nep_check_casts(nep_voter *v, const nep_verified *verified, const char *archive,
                           const nep_own_ballots *own, nep_casts_report *out, nep_error *err)
{
  nep_findings f = {0};
  nep_status status = NEP_OK;
  *out = (nep_casts_report){0};
  if (v->casts == NULL && v->archive != NULL)
    return NEP_OK;
  char *path = v->casts != NULL ? nep_strdup(v->casts)
                                : nep_sprintf("%s/%s.casts", v->dir, verified->election->uuid);
  if (v->casts == NULL)
    status = download(v, verified, path, err);
  bool none = v->casts == NULL && status == NEP_E_NOT_FOUND;
  if (status == NEP_OK)
    status = nep_casts_verify(path, archive, verified, &f, err);
  if (status == NEP_OK)
    status = judge(&f, own, path, out, err);
  if (v->casts == NULL)
    unlink(path);
  free(path);
  nep_findings_free(&f);
  return none ? NEP_OK : status;
}

void nep_check_casts_say(const nep_casts_report *r)
{
  if (!r->checked)
    puts(_("Not checked, because there is no file of cast statements: whether the order of ballots "
           "was changed."));
  else
    puts(_("Nobody changed the order of your ballots: each stands where its statement says."));
  if (r->gaps > 0)
    puts(_("Warning: a ballot that your device made, before one that is in the record, is not "
           "there."));
}
