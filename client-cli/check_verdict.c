#include "client-cli/check_verdict.h"

#include <string.h>

static bool is_for(const nep_cast_receipt *r, const nep_own_ballot *b)
{
  return r->height == b->height && strcmp(r->tracker, b->tracker) == 0 &&
         strcmp(r->event, b->event) == 0;
}

static bool is_kept(const nep_own_ballots *own, const nep_cast_receipt *r)
{
  for (size_t i = 0; i < own->n; i++)
    if (is_for(r, &own->list[i]))
      return true;
  return false;
}

static bool is_known(const nep_own_ballot *b, const nep_cast_receipt *receipts, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (is_for(&receipts[i], b))
      return true;
  return false;
}

void nep_check_receipts(const nep_own_ballots *own, const nep_cast_receipt *receipts, size_t n,
                        nep_check_report *out)
{
  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < own->n; i++)
    out->strangers += !is_known(&own->list[i], receipts, n);
  if (own->n > 0)
    out->last = own->list[own->n - 1];
  for (size_t i = n; i-- > 0;) { /* the last ballot matters most: it is named first */
    if (is_kept(own, &receipts[i]))
      continue;
    out->verdict = NEP_CHECK_MISSING;
    out->missing = i;
    out->too_short = receipts[i].height >= own->events;
    return;
  }
  out->verdict = is_for(&receipts[n - 1], &out->last) ? NEP_CHECK_LAST : NEP_CHECK_REPLACED;
}
