/* Single cast statements. They are the word of whoever holds the credential, who can sign others at
   any time: two that contradict each other say something about that party, and nothing about the
   server. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "tally/dispute_rules.h"

typedef struct voices {
  nep_voice *list;
  size_t n;
} voices;

static void two_statements(nep_dispute *d, const char *file, const char *other, const char *tracker)
{
  nep_dispute_say(
      d, NEP_OPEN, "two-statements", "credential", file, other,
      _("The credential signed two statements for the one ballot %s, %s and the one in "
        "%s. Only its private key can: so its holder, one of their devices, or somebody "
        "who got hold of it. The server keeps the first one that it gets, and rightly "
        "refuses another; nothing here can be held against it."),
      tracker, file, other);
}

static void same_number(nep_dispute *d, const char *file, const char *other, int64_t sequence)
{
  nep_dispute_say(
      d, NEP_OPEN, "same-number", "credential", file, other,
      _("The credential signed two different ballots as its ballot number %" PRId64
        ", in %s and in %s. Only its private key can: so its holder, one of their devices, or "
        "somebody who got hold of it, and never the server. It happens without any fault when a "
        "device was not told of a ballot made on another one; if the voter knows of one device "
        "only, somebody has a copy of the credential, or the device's program is wrong."),
      sequence, file, other);
}

/* ---- two statements ---- */

static bool find(const nep_branch *b, const char *ballot, uint64_t *height)
{
  uint8_t hash[32];
  if (!nep_unhex(ballot, strlen(ballot), hash, sizeof hash))
    return false;
  for (uint64_t i = 0; i < b->n_events; i++)
    if (b->events[i].is_ballot && memcmp(b->events[i].payload, hash, sizeof hash) == 0) {
      *height = i;
      return true;
    }
  return false;
}

/* Statements in the voter's hand may have been signed after the fact: they prove no order. */
static bool hold_order(nep_dispute *d, const nep_branch *b, const nep_voice *v, const nep_voice *w)
{
  uint64_t at = 0, then = 0;
  if (strcmp(v->s.uuid, b->uuid) != 0 || b->casts || !find(b, v->s.ballot, &at) ||
      !find(b, w->s.ballot, &then) || (at < then) == (v->s.sequence < w->s.sequence))
    return false;
  nep_dispute_say(d, NEP_OPEN, "order-own-word", NULL, v->paper->file, w->paper->file,
                  _("By %s and %s the two ballots were made in the other order than they stand in "
                    "%s. The holder of the credential could have signed this afterwards: fetch the "
                    "server's casts file and name it with --published."),
                  v->paper->file, w->paper->file, b->file);
  return true;
}

static void hold_two(nep_dispute *d, const nep_voice *v, const nep_voice *w)
{
  if (strcmp(v->s.uuid, w->s.uuid) != 0 || strcmp(v->owner.credential, w->owner.credential) != 0 ||
      strcmp(v->hash, w->hash) == 0)
    return;
  if (strcmp(v->s.ballot, w->s.ballot) == 0) {
    two_statements(d, v->paper->file, w->paper->file, v->tracker);
  } else if (v->s.sequence == w->s.sequence) {
    same_number(d, v->paper->file, w->paper->file, v->s.sequence);
  } else {
    for (size_t i = 0; i < d->n_branches && !hold_order(d, &d->branches[i], v, w); i++) {
    }
  }
}

/* ---- a statement against the record ---- */

/* The server's casts file against the statement that the voter has. */
static bool hold_stored(nep_dispute *d, const nep_branch *b, const nep_voice *v)
{
  nep_placed_list own;
  if (!b->casts || !nep_branch_ballots(b, v->owner.credential, &own))
    return false;
  for (size_t i = 0; i < own.n; i++) {
    const nep_placed *p = &own.list[i];
    if (strcmp(p->statement, v->hash) == 0)
      nep_dispute_say(d, NEP_NOTED, "statement-kept", NULL, v->paper->file, b->casts->file,
                      _("%s holds the statement %s, as number %" PRId64 " of the voter's ballots."),
                      b->casts->file, v->paper->file, v->s.sequence);
    else if (strcmp(p->ballot, v->s.ballot) == 0)
      two_statements(d, v->paper->file, b->casts->file, p->tracker);
    else if (p->sequence == v->s.sequence)
      same_number(d, v->paper->file, b->casts->file, p->sequence);
  }
  free(own.list);
  return true;
}

/* The server gave its word about this ballot, which other rules look at. */
static bool has_word(const nep_dispute *d, const char *tracker)
{
  for (size_t i = 0; i < d->n_papers; i++) {
    const nep_paper *p = &d->papers[i];
    if ((p->kind == NEP_PAPER_RECEIPT && strcmp(p->receipt.tracker, tracker) == 0) ||
        (p->kind == NEP_PAPER_REFUSAL && strcmp(p->refusal.tracker, tracker) == 0))
      return true;
  }
  return false;
}

static void hold_record(nep_dispute *d, const nep_voice *v)
{
  uint64_t height = 0;
  bool found = false, held = false;
  for (size_t i = 0; i < d->n_branches; i++) {
    if (strcmp(v->s.uuid, d->branches[i].uuid) != 0)
      continue;
    found = found || find(&d->branches[i], v->s.ballot, &height);
    held = held || hold_stored(d, &d->branches[i], v);
  }
  if (!found && !has_word(d, v->tracker))
    nep_dispute_say(d, NEP_OPEN, "ballot-unrecorded", NULL, v->paper->file, NULL,
                    _("No archive here holds ballot %s, of which %s speaks, and nothing shows that "
                      "the server ever had it: its receipt or its signed refusal would. While "
                      "voting is open, send it again or vote again."),
                    v->tracker, v->paper->file);
}

void nep_dispute_rule_statements(nep_dispute *d)
{
  voices all = {nep_alloc(d->n_papers + 1, sizeof *all.list), 0};
  for (size_t i = 0; i < d->n_papers; i++)
    if (d->papers[i].kind == NEP_PAPER_STATEMENT &&
        nep_dispute_voice(d, &d->papers[i], false, &all.list[all.n]))
      all.n++;
  for (size_t i = 0; i < all.n; i++) {
    hold_record(d, &all.list[i]);
    for (size_t j = i + 1; j < all.n; j++)
      hold_two(d, &all.list[i], &all.list[j]);
  }
  free(all.list);
}
