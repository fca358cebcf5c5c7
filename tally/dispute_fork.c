/* One record for everybody: two signed events of one height, two archives that part. */
#include <inttypes.h>
#include <string.h>

#include "base/lang.h"
#include "tally/dispute_rules.h"

bool nep_paper_names_event(const nep_paper *p)
{
  return p->kind == NEP_PAPER_RECEIPT || p->kind == NEP_PAPER_HEAD;
}

static void hold_papers(nep_dispute *d, const nep_paper *a, const nep_paper *b)
{
  if (strcmp(a->receipt.uuid, b->receipt.uuid) != 0 || a->receipt.height != b->receipt.height)
    return;
  if (strcmp(a->receipt.event, b->receipt.event) != 0)
    nep_dispute_say(d, NEP_SHOWN, "two-events", "server", a->file, b->file,
                    _("The server signed two different events at height %" PRIu64
                      ", in %s and in %s: it keeps two records, or changed the one it had."),
                    a->receipt.height, a->file, b->file);
  else if (a->kind == NEP_PAPER_RECEIPT && b->kind == NEP_PAPER_RECEIPT &&
           strcmp(a->receipt.tracker, b->receipt.tracker) != 0)
    nep_dispute_say(d, NEP_SHOWN, "two-ballots", "server", a->file, b->file,
                    _("The server promised the one place at height %" PRIu64
                      " to two ballots, in %s and in %s."),
                    a->receipt.height, a->file, b->file);
}

/* The chain of cast statements is one, too. */
static void hold_casts_heads(nep_dispute *d, const nep_paper *a, const nep_paper *b)
{
  if (strcmp(a->receipt.uuid, b->receipt.uuid) == 0 && a->receipt.height == b->receipt.height &&
      strcmp(a->receipt.event, b->receipt.event) != 0)
    nep_dispute_say(d, NEP_SHOWN, "casts-two-heads", "server", a->file, b->file,
                    _("The server signed two different heads of the cast statements at height "
                      "%" PRIu64
                      ", in %s and in %s: it tells two stories of the order of ballots."),
                    a->receipt.height, a->file, b->file);
}

static uint64_t first_difference(const nep_branch *a, const nep_branch *b)
{
  uint64_t n = a->n_events < b->n_events ? a->n_events : b->n_events, i = 0;
  while (i < n && memcmp(a->events[i].hash, b->events[i].hash, 32) == 0)
    i++;
  return i;
}

static void hold_branches(nep_dispute *d, const nep_branch *a, const nep_branch *b)
{
  if (strcmp(a->uuid, b->uuid) != 0)
    return;
  uint64_t at = first_difference(a, b);
  if (at == a->n_events || at == b->n_events) {
    nep_dispute_say(d, NEP_NOTED, "extension", NULL, a->file, b->file,
                    _("%s and %s are copies of one record, as far as both go."), a->file, b->file);
    return;
  }
  const char *for_a = nep_branch_voucher(d, a, at), *for_b = nep_branch_voucher(d, b, at);
  if (for_a && for_b)
    nep_dispute_say(d, NEP_SHOWN, "fork", "server", a->file, b->file,
                    _("The server keeps two records: %s and %s part at height %" PRIu64
                      ", and both are the server's (shown by %s and %s)."),
                    a->file, b->file, at, for_a, for_b);
  else
    nep_dispute_say(d, NEP_OPEN, "fork-unattributed", NULL, a->file, b->file,
                    _("%s and %s part at height %" PRIu64
                      ", but nothing shows that %s is the server's: add a head or a receipt that "
                      "the server signed for it, or name it with --published if you fetched it "
                      "yourself."),
                    a->file, b->file, at, for_a ? b->file : a->file);
}

void nep_dispute_rule_fork(nep_dispute *d)
{
  for (size_t i = 0; i < d->n_papers; i++)
    for (size_t j = i + 1; j < d->n_papers; j++)
      if (nep_paper_names_event(&d->papers[i]) && nep_paper_names_event(&d->papers[j]))
        hold_papers(d, &d->papers[i], &d->papers[j]);
      else if (d->papers[i].kind == NEP_PAPER_CASTS_HEAD &&
               d->papers[j].kind == NEP_PAPER_CASTS_HEAD)
        hold_casts_heads(d, &d->papers[i], &d->papers[j]);
  for (size_t i = 0; i < d->n_branches; i++)
    for (size_t j = i + 1; j < d->n_branches; j++)
      hold_branches(d, &d->branches[i], &d->branches[j]);
}
