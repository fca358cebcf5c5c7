/* A ballot that the server refused as older than one that it had stored. The server is wrong when
   there was no such ballot; whether there was, the whole record tells, for nothing stored is ever
   taken away. Which number was refused, only the refusal itself tells: the voter could show another
   statement for the same ballot afterwards. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "tally/dispute_rules.h"

typedef struct order {
  nep_dispute *d;
  const nep_paper *p; /* the refusal */
  char ballot[65];
  nep_ballot_owner owner;
} order;

static bool find_ballot(order *o)
{
  uint8_t hash[32];
  size_t len = 0;
  const char *tracker = o->p->refusal.tracker;
  if (!nep_unbase64(tracker, strlen(tracker), hash, sizeof hash, &len) || len != sizeof hash)
    return false;
  nep_hex(hash, sizeof hash, o->ballot);
  return nep_dispute_owner(o->d, o->ballot, &o->owner);
}

/* The number of the statement that was refused; 0 when it is not here. */
static int64_t refused_number(const order *o)
{
  for (size_t i = 0; i < o->d->n_papers; i++) {
    nep_voice v;
    if (o->d->papers[i].kind == NEP_PAPER_STATEMENT &&
        nep_dispute_voice(o->d, &o->d->papers[i], true, &v) &&
        strcmp(v.hash, o->p->refusal.statement) == 0 && strcmp(v.s.ballot, o->ballot) == 0)
      return v.s.sequence;
  }
  return 0;
}

static void wrong(const order *o, const nep_branch *b, const char *voucher)
{
  nep_dispute_say(o->d, NEP_SHOWN, "refused-order", "server", o->p->file, b->file,
                  _("The server refused ballot %s at %s as older than one that it had stored (%s), "
                    "and its whole record %s (shown by %s) has no such ballot of the credential."),
                  o->p->refusal.tracker, o->p->refusal.time, o->p->file, b->file, voucher);
}

static void explained(const order *o, const nep_branch *b, const char *tracker)
{
  nep_dispute_say(o->d, NEP_NOTED, "refusal-explained", NULL, o->p->file, b->file,
                  _("%s: the server refused ballot %s as older than one that it had stored; ballot "
                    "%s of the same credential in %s is such a one."),
                  o->p->file, o->p->refusal.tracker, tracker, b->file);
}

/* The ballot itself is in the record: with that very statement it was never to be refused, before
   it was stored or after; with another one it was. */
static bool is_stored(const order *o, const nep_branch *b, const nep_placed *p)
{
  const nep_refusal *r = &o->p->refusal;
  if (strcmp(p->ballot, o->ballot) != 0 || !b->casts || r->statement[0] == '\0')
    return false;
  if (strcmp(p->statement, r->statement) == 0)
    nep_dispute_say(o->d, NEP_SHOWN, "refused-and-stored", "server", o->p->file, b->casts->file,
                    _("The server refused ballot %s with its statement (%s), and its own record %s "
                      "has the same ballot with the same statement."),
                    r->tracker, o->p->file, b->casts->file);
  else
    explained(o, b, p->tracker);
  return true;
}

/* True when something was said. */
static bool hold_numbers(const order *o, const nep_branch *b, const nep_placed_list *own)
{
  const char *voucher = b->closed ? nep_branch_voucher(o->d, b, b->closed_at) : NULL;
  const nep_placed *last = NULL;
  for (size_t i = 0; i < own->n; i++) {
    if (is_stored(o, b, &own->list[i]))
      return true;
    if (!last || own->list[i].sequence > last->sequence)
      last = &own->list[i];
  }
  if (!last && voucher)
    wrong(o, b, voucher);
  if (!last)
    return voucher != NULL;
  int64_t number = b->casts && o->p->refusal.statement[0] != '\0' ? refused_number(o) : 0;
  if (number == 0 || (number > last->sequence && !voucher))
    return false;
  if (number > last->sequence)
    wrong(o, b, voucher);
  else
    explained(o, b, last->tracker);
  return true;
}

static bool hold(const order *o, const nep_branch *b)
{
  nep_placed_list own;
  if (strcmp(b->uuid, o->p->refusal.uuid) != 0 || !nep_verified_is_valid(b->verified) ||
      !b->verified->election || !nep_branch_ballots(b, o->owner.credential, &own))
    return false;
  bool said = hold_numbers(o, b, &own);
  free(own.list);
  return said;
}

void nep_dispute_rule_order(nep_dispute *d, const nep_paper *refusal)
{
  order o = {.d = d, .p = refusal};
  bool said = false;
  if (find_ballot(&o))
    for (size_t i = 0; i < d->n_branches; i++)
      said = hold(&o, &d->branches[i]) || said;
  if (!said)
    nep_dispute_say(
        d, NEP_OPEN, "refusal", NULL, refusal->file, NULL,
        _("%s: the server refused ballot %s at %s as older than one that it had stored. "
          "Whether it had, is told by the ballot and its statement (in the voter's "
          "folder), the archive after the end of voting with a head that the server "
          "signed, and its casts file with --published."),
        refusal->file, refusal->refusal.tracker, refusal->refusal.time);
}
