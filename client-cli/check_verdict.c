#include "client-cli/check_verdict.h"

#include <string.h>

static bool is_kept(const nep_own_ballots *own, const nep_cast_receipt *r)
{
  for (size_t i = 0; i < own->n; i++)
    if (own->list[i].height == r->height && strcmp(own->list[i].tracker, r->tracker) == 0 &&
        strcmp(own->list[i].event, r->event) == 0)
      return true;
  return false;
}

bool nep_check_stands(const nep_own_ballots *own, const nep_own_cast *cast)
{
  for (size_t i = 0; i < own->n; i++)
    if (strcmp(own->list[i].tracker, cast->tracker) == 0)
      return true;
  return false;
}

/* The last ballot matters most: it is named first. */
static bool find_missing(const nep_own_ballots *own, const nep_own_casts *casts,
                         nep_check_report *out)
{
  for (size_t i = casts->n; i-- > 0;) {
    const nep_own_cast *cast = &casts->list[i];
    if (!cast->confirmed || is_kept(own, &cast->receipt))
      continue;
    out->verdict = NEP_CHECK_MISSING;
    out->cast = cast;
    out->too_short = cast->receipt.height >= own->events;
    return true;
  }
  return false;
}

static bool find_refused(const nep_own_ballots *own, const nep_own_casts *casts,
                         nep_check_report *out)
{
  for (size_t i = own->n; i-- > 0;) {
    const nep_own_cast *cast = nep_own_casts_find(casts, own->list[i].tracker);
    if (cast == NULL || !cast->refused)
      continue;
    out->verdict = NEP_CHECK_REFUSED;
    out->cast = cast;
    out->ballot = &own->list[i];
    return true;
  }
  return false;
}

/* How the credential's last ballot in the archive relates to those of this folder. */
static void judge_last(const nep_own_ballots *own, const nep_own_casts *casts,
                       nep_check_report *out)
{
  if (own->n == 0) {
    out->verdict = NEP_CHECK_NONE;
    return;
  }
  out->ballot = &own->list[own->n - 1];
  out->cast = nep_own_casts_find(casts, out->ballot->tracker);
  out->verdict = out->cast == NULL ? NEP_CHECK_REPLACED : NEP_CHECK_LAST;
  for (size_t i = 0; i + 1 < own->n && out->cast != NULL; i++) {
    const nep_own_cast *before = nep_own_casts_find(casts, own->list[i].tracker);
    if (before != NULL && before->n > out->cast->n)
      out->verdict = NEP_CHECK_ORDER;
  }
}

void nep_check_casts_against(const nep_own_ballots *own, const nep_own_casts *casts,
                             nep_check_report *out)
{
  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < own->n; i++)
    out->strangers += nep_own_casts_find(casts, own->list[i].tracker) == NULL;
  if (!find_missing(own, casts, out) && !find_refused(own, casts, out))
    judge_last(own, casts, out);
}
