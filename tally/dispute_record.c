/* What the server signed against the record that it keeps. */
#include <inttypes.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "tally/dispute_rules.h"

static void is_elsewhere(nep_dispute *d, const nep_paper *p, const nep_branch *b)
{
  const nep_cast_receipt *r = &p->receipt;
  const char *voucher = nep_branch_voucher(d, b, r->height);
  if (!voucher)
    nep_dispute_say(d, NEP_OPEN, "archive-unattributed", NULL, p->file, b->file,
                    _("%s and %s contradict each other at height %" PRIu64
                      ", but nothing shows that %s is the server's record: add a head that the "
                      "server signed for it, or name it with --published if you fetched it "
                      "yourself."),
                    p->file, b->file, r->height, b->file);
  else if (p->kind == NEP_PAPER_RECEIPT)
    nep_dispute_say(d, NEP_SHOWN, "receipt-broken", "server", p->file, b->file,
                    _("The server broke its promise: in %s it promised ballot %s the height "
                      "%" PRIu64 ", where its record %s (shown by %s) has another event."),
                    p->file, r->tracker, r->height, b->file, voucher);
  else
    nep_dispute_say(d, NEP_SHOWN, "head-broken", "server", p->file, b->file,
                    _("The server changed its record: the event that it signed in %s at height "
                      "%" PRIu64 " is not in its record %s (shown by %s)."),
                    p->file, r->height, b->file, voucher);
}

/* Another copy goes as far: the short one has nothing to add. */
static bool reached_elsewhere(const nep_dispute *d, const nep_branch *b, uint64_t height)
{
  for (size_t i = 0; i < d->n_branches; i++)
    if (strcmp(d->branches[i].uuid, b->uuid) == 0 && d->branches[i].n_events > height)
      return true;
  return false;
}

/* No ballot can follow the end of voting. */
static void is_beyond(nep_dispute *d, const nep_paper *p, const nep_branch *b)
{
  const nep_cast_receipt *r = &p->receipt;
  const char *voucher = b->closed ? nep_branch_voucher(d, b, b->closed_at) : NULL;
  if (voucher && p->kind == NEP_PAPER_RECEIPT)
    nep_dispute_say(d, NEP_SHOWN, "receipt-dropped", "server", p->file, b->file,
                    _("The server broke its promise: in %s it promised ballot %s the height "
                      "%" PRIu64 ", and in its record %s (shown by %s) voting had ended before."),
                    p->file, r->tracker, r->height, b->file, voucher);
  else if (!reached_elsewhere(d, b, r->height))
    nep_dispute_say(
        d, NEP_OPEN, "archive-short", NULL, p->file, b->file,
        _("%s ends before height %" PRIu64 ", of which %s speaks: fetch a later archive."), b->file,
        r->height, p->file);
}

/* The receipt names the event that the archive has there: then the event itself says which ballot
   and, by the hashes before it, which election it is for. */
static void is_there(nep_dispute *d, const nep_paper *p, const nep_branch *b)
{
  const nep_cast_receipt *r = &p->receipt;
  const struct nep_branch_event *e = &b->events[r->height];
  char tracker[44];
  nep_base64(e->payload, sizeof e->payload, tracker);
  bool same = e->is_ballot && strcmp(tracker, r->tracker) == 0 &&
              strcmp(b->election_hash, r->election_hash) == 0;
  if (p->kind == NEP_PAPER_RECEIPT && !same)
    nep_dispute_say(d, NEP_SHOWN, "receipt-false", "server", p->file, b->file,
                    _("The server signed something untrue: the event that it names itself in %s "
                      "is not that of ballot %s in that election, as %s shows."),
                    p->file, r->tracker, b->file);
  else
    nep_dispute_say(d, NEP_NOTED, "kept", NULL, p->file, b->file,
                    _("%s holds what %s says: its event stands at height %" PRIu64 "."), b->file,
                    p->file, r->height);
}

static void hold(nep_dispute *d, const nep_paper *p, const nep_branch *b)
{
  if (strcmp(p->receipt.uuid, b->uuid) != 0)
    return;
  if (p->receipt.height >= b->n_events)
    is_beyond(d, p, b);
  else if (nep_branch_has(b, p->receipt.height, p->receipt.event))
    is_there(d, p, b);
  else
    is_elsewhere(d, p, b);
}

/* That breaks the protocol, and is not only more than this verifier can check; NULL for none. */
static const nep_finding *breach(const nep_verified *v)
{
  for (size_t i = 0; i < v->findings.n_faults; i++)
    if (!v->findings.faults[i].limit)
      return &v->findings.faults[i];
  return NULL;
}

static void is_not_checked(nep_dispute *d, const nep_branch *b)
{
  const nep_verified *v = b->verified;
  nep_dispute_say(d, NEP_OPEN, "archive-unchecked", NULL, b->file, NULL,
                  _("%s cannot be checked in full by this verifier (%s), which accuses nobody: use "
                    "another one that supports it."),
                  b->file,
                  v->findings.n_faults > 0 ? v->findings.faults[0].reason
                  : v->n_not_checked > 0   ? v->not_checked[0]
                                           : "");
}

/* Every byte of a chain that holds is covered by the hash of its last event: who signed that
   answers for all of it. */
static void hold_protocol(nep_dispute *d, const nep_branch *b)
{
  const nep_verified *v = b->verified;
  const nep_finding *found = breach(v);
  if (nep_verified_is_valid(v))
    return;
  if (!found) {
    is_not_checked(d, b);
    return;
  }
  const char *fault = found->reason;
  const char *voucher = nep_branch_voucher(d, b, b->n_events - 1);
  if (voucher)
    nep_dispute_say(d, NEP_SHOWN, "record-invalid", "server", b->file, voucher,
                    _("The server keeps a record that breaks the protocol: %s (%s), which %s shows "
                      "to be the server's."),
                    b->file, fault, voucher);
  else
    nep_dispute_say(d, NEP_OPEN, "archive-invalid", NULL, b->file, NULL,
                    _("%s breaks the protocol (%s), but nothing shows that all of it is the "
                      "server's record: add a head that the server signed for its last event, or "
                      "name it with --published if you fetched it yourself."),
                    b->file, fault);
}

void nep_dispute_rule_record(nep_dispute *d)
{
  for (size_t i = 0; i < d->n_branches; i++) {
    for (size_t j = 0; j < d->n_papers; j++)
      if (nep_paper_names_event(&d->papers[j]))
        hold(d, &d->papers[j], &d->branches[i]);
    hold_protocol(d, &d->branches[i]);
  }
}
