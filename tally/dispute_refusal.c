/* A signed refusal against the server's own signed times. Times compare as texts: RFC 3339 in UTC,
   to the second. */
#include <string.h>

#include "base/encode.h"
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

/* A ballot that was acknowledged gets its receipt again, at any time; but not when it comes with
   another cast statement, which is no retry: for "cast-order" see dispute_order.c. */
static bool refused_what_was_kept(nep_dispute *d, const nep_paper *p, const nep_paper *q)
{
  const nep_refusal *r = &p->refusal;
  if (q->kind != NEP_PAPER_RECEIPT || strcmp(r->code, "cast-order") == 0 ||
      strcmp(q->receipt.tracker, r->tracker) != 0 || strcmp(q->receipt.time, r->time) >= 0)
    return false;
  nep_dispute_say(d, NEP_SHOWN, "refused-kept", "server", p->file, q->file,
                  _("The server refused ballot %s at %s (%s), although it had acknowledged the "
                    "same ballot at %s (%s)."),
                  r->tracker, r->time, p->file, q->receipt.time, q->file);
  return true;
}

/* Refused as too late, and others were accepted afterwards: voting that has ended does not begin
   again. */
static bool refused_in_time(nep_dispute *d, const nep_paper *p, const nep_paper *q)
{
  const nep_refusal *r = &p->refusal;
  if (q->kind != NEP_PAPER_RECEIPT || strcmp(r->code, "closed") != 0 ||
      strcmp(q->receipt.time, r->time) <= 0)
    return false;
  nep_dispute_say(d, NEP_SHOWN, "refused-in-time", "server", p->file, q->file,
                  _("The server refused ballot %s at %s as too late (%s), and accepted another "
                    "afterwards, at %s (%s)."),
                  r->tracker, r->time, p->file, q->receipt.time, q->file);
  return true;
}

/* Refused as too late, or because its message was published as a challenge, and yet in the server's
   record: had it been there before, the answer would have been its receipt (and for another
   statement "cast-order"); and nothing is stored after the end, no published message ever. */
static bool is_in_record(nep_dispute *d, const nep_paper *p, const nep_branch *b)
{
  const nep_refusal *r = &p->refusal;
  char tracker[44];
  bool challenged = strcmp(r->code, "cast-challenged") == 0;
  if ((strcmp(r->code, "closed") != 0 && !challenged) || strcmp(r->uuid, b->uuid) != 0)
    return false;
  for (uint64_t i = 0; i < b->n_events; i++) {
    nep_base64(b->events[i].payload, sizeof b->events[i].payload, tracker);
    if (!b->events[i].is_ballot || strcmp(tracker, r->tracker) != 0)
      continue;
    const char *voucher = nep_branch_voucher(d, b, i);
    if (voucher)
      nep_dispute_say(
          d, NEP_SHOWN, "refused-and-stored", "server", p->file, b->file,
          challenged
              ? _("The server refused ballot %s as a published challenge (%s), and its record "
                  "%s (shown by %s) has that ballot.")
              : _("The server refused ballot %s as too late (%s), and its record %s (shown by "
                  "%s) has that ballot."),
          r->tracker, p->file, b->file, voucher);
    return voucher != NULL;
  }
  return false;
}

static bool contradicted(nep_dispute *d, const nep_paper *p)
{
  bool any = false;
  for (size_t i = 0; i < d->n_papers; i++) {
    const nep_paper *q = &d->papers[i];
    if (!nep_paper_names_event(q) || strcmp(q->receipt.uuid, p->refusal.uuid) != 0)
      continue;
    any = refused_as_early(d, p, q) || refused_what_was_kept(d, p, q) || refused_in_time(d, p, q) ||
          any;
  }
  for (size_t i = 0; i < d->n_branches; i++)
    any = is_in_record(d, p, &d->branches[i]) || any;
  return any;
}

void nep_dispute_rule_refusals(nep_dispute *d)
{
  for (size_t i = 0; i < d->n_papers; i++) {
    const nep_paper *p = &d->papers[i];
    if (p->kind == NEP_PAPER_REFUSAL && strcmp(p->refusal.code, "cast-order") == 0)
      nep_dispute_rule_order(d, p);
    else if (p->kind == NEP_PAPER_REFUSAL && !contradicted(d, p))
      nep_dispute_say(d, NEP_OPEN, "refusal", NULL, p->file, NULL,
                      _("%s: the server refused ballot %s at %s (%s). Nothing here shows that it "
                        "was wrong."),
                      p->file, p->refusal.tracker, p->refusal.time, p->refusal.code);
  }
}
