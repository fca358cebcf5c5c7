/* A signed refusal against the server's own signed times. Times compare as texts: RFC 3339 in UTC,
   to the second. */
#include <string.h>

#include "base/lang.h"
#include "tally/dispute_rules.h"

/* Refused as too early after the server itself had signed that voting had begun: an election has no
   event before it opens, and phases go forward only. */
static bool refused_as_early(nep_dispute *d, const nep_paper *p, const nep_paper *q)
{
  const nep_refusal *r = &p->refusal;
  if (strcmp(r->code, "not-open") != 0 || strcmp(q->receipt.time, r->time) >= 0)
    return false;
  nep_dispute_say(d, NEP_SHOWN, "refused-early", "server", p->file, q->file,
                  _("The server refused ballot %s at %s because voting had not begun (%s), "
                    "although it had signed at %s that it had (%s)."),
                  r->tracker, r->time, p->file, q->receipt.time, q->file);
  return true;
}

/* A ballot that was acknowledged gets its receipt again, at any time. */
static bool refused_what_was_kept(nep_dispute *d, const nep_paper *p, const nep_paper *q)
{
  const nep_refusal *r = &p->refusal;
  if (q->kind != NEP_PAPER_RECEIPT || strcmp(q->receipt.tracker, r->tracker) != 0 ||
      strcmp(q->receipt.time, r->time) >= 0)
    return false;
  nep_dispute_say(d, NEP_SHOWN, "refused-kept", "server", p->file, q->file,
                  _("The server refused ballot %s at %s (%s), although it had acknowledged the "
                    "same ballot at %s (%s)."),
                  r->tracker, r->time, p->file, q->receipt.time, q->file);
  return true;
}

/* The closing time may be moved by officials even after it passed: this alone accuses nobody. */
static bool others_were_accepted(nep_dispute *d, const nep_paper *p, const nep_paper *q)
{
  const nep_refusal *r = &p->refusal;
  if (q->kind != NEP_PAPER_RECEIPT || strcmp(r->code, "closed") != 0 ||
      strcmp(q->receipt.time, r->time) <= 0)
    return false;
  nep_dispute_say(d, NEP_OPEN, "refused-others-accepted", NULL, p->file, q->file,
                  _("The server refused ballot %s at %s as too late (%s) and accepted another at "
                    "%s (%s): either the closing time was moved in between, which the officials "
                    "must show, or the refusal was wrong."),
                  r->tracker, r->time, p->file, q->receipt.time, q->file);
  return true;
}

static bool contradicted(nep_dispute *d, const nep_paper *p)
{
  bool any = false;
  for (size_t i = 0; i < d->n_papers; i++) {
    const nep_paper *q = &d->papers[i];
    if (!nep_paper_names_event(q) || strcmp(q->receipt.uuid, p->refusal.uuid) != 0)
      continue;
    any = refused_as_early(d, p, q) || refused_what_was_kept(d, p, q) ||
          others_were_accepted(d, p, q) || any;
  }
  return any;
}

void nep_dispute_rule_refusals(nep_dispute *d)
{
  for (size_t i = 0; i < d->n_papers; i++) {
    const nep_paper *p = &d->papers[i];
    if (p->kind == NEP_PAPER_REFUSAL && !contradicted(d, p))
      nep_dispute_say(d, NEP_OPEN, "refusal", NULL, p->file, NULL,
                      _("%s: the server refused ballot %s at %s (%s). Nothing here shows that it "
                        "was wrong."),
                      p->file, p->refusal.tracker, p->refusal.time, p->refusal.code);
  }
}
