#include "client-cli/check_casts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/memory.h"
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
  out->checked = f->n_faults == 0;
  if (out->checked)
    return NEP_OK;
  nep_fail(err, NEP_E_CHECK, "casts-invalid", path, _("%zu checks of the cast statements failed"),
           f->n_faults);
  return nep_advise(err, "%s",
                    _("keep archive and statements and show them to the commission and to "
                      "observers: the order of ballots was changed"));
}

/* A server that confirmed a ballot got a statement with it; one of an older version never did. */
static nep_status none_given(const char *from, bool owed, nep_error *err)
{
  if (!owed)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_CHECK, "casts-withheld", from,
                 _("the server has no cast statements, although it confirmed a ballot that you "
                   "sent with one"));
  return nep_advise(err, "%s",
                    _("keep the folder and show it to the commission and to observers: without "
                      "the statements nobody sees whether the order of ballots was changed"));
}

static nep_status download(nep_voter *v, const nep_verified *verified, const char *file, bool owed,
                           bool *found, nep_error *err)
{
  char *from = nep_sprintf("/v1/elections/%s/casts?upto=%" PRIu64, verified->election->uuid,
                           verified->events - 1);
  unlink(file);
  nep_status status = nep_http_download(v->http, from, file, CASTS_MAX, err);
  *found = status == NEP_OK;
  if (status == NEP_E_NOT_FOUND) {
    unlink(file); /* an empty one was begun */
    status = none_given(from, owed, err);
  }
  free(from);
  return status;
}

nep_status nep_check_casts(nep_voter *v, const nep_verified *verified, const char *archive,
                           const char *file, bool owed, const nep_own_ballots *own,
                           nep_casts_report *out, nep_error *err)
{
  nep_findings f = {0};
  nep_status status = NEP_OK;
  bool found = v->casts != NULL;
  *out = (nep_casts_report){0};
  if (v->casts == NULL && v->archive == NULL)
    status = download(v, verified, file, owed, &found, err);
  const char *path = v->casts != NULL ? v->casts : file;
  if (status == NEP_OK && found)
    status = nep_casts_verify(path, archive, verified, NULL, &f, err);
  if (status == NEP_OK && found)
    status = judge(&f, own, path, out, err);
  out->failed = status != NEP_OK;
  nep_findings_free(&f);
  return status;
}

void nep_check_casts_say(const nep_casts_report *r)
{
  if (r->checked)
    puts(_("Nobody changed the order of your ballots: each stands where its statement says."));
  else if (!r->failed)
    puts(_("Not checked, because there is no file of cast statements: whether the order of ballots "
           "was changed."));
  if (r->gaps > 0)
    puts(_("Warning: a ballot that your device made, before one that is in the record, is not "
           "there."));
}

nep_status nep_check_casts_done(const nep_casts_report *r, nep_error *err)
{
  if (r->checked)
    return NEP_OK;
  (void)nep_fail(err, NEP_E_STATE, "order-not-checked", _("cast statements"),
                 _("there is no file of them, so nobody looked whether an older ballot of yours "
                   "stands after a newer one"));
  return nep_advise(err, "%s",
                    _("get the file UUID.casts from the server or a mirror and run check with "
                      "--archive and --casts"));
}
