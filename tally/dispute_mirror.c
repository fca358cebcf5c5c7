/* What mirrors countersigned. A mirror speaks for what it was given: against the server's own word
   it is one word against another, until the head that the mirror kept is there. */
#include <inttypes.h>
#include <string.h>

#include "base/lang.h"
#include "tally/dispute_rules.h"

static void hold_paper(nep_dispute *d, const nep_paper *m, const nep_paper *p)
{
  if (strcmp(m->receipt.uuid, p->receipt.uuid) != 0 || m->receipt.height != p->receipt.height ||
      strcmp(m->receipt.event, p->receipt.event) == 0)
    return;
  if (p->kind == NEP_PAPER_COUNTERSIGNATURE && p->mirror == m->mirror)
    nep_dispute_say(
        d, NEP_SHOWN, "mirror-two-events", "mirror", m->file, p->file,
        _("Mirror %s countersigned two different events at height %" PRIu64 ", in %s and in %s."),
        m->mirror, m->receipt.height, m->file, p->file);
  else
    nep_dispute_say(d, NEP_OPEN, "mirror-differs", NULL, m->file, p->file,
                    _("At height %" PRIu64 " mirror %s holds another event (%s) than %s names: ask "
                      "the mirror for the head that the server signed for it."),
                    m->receipt.height, m->mirror, m->file, p->file);
}

static void hold_branch(nep_dispute *d, const nep_paper *m, const nep_branch *b)
{
  const nep_cast_receipt *r = &m->receipt;
  if (strcmp(r->uuid, b->uuid) != 0 || r->height >= b->n_events)
    return;
  if (nep_branch_has(b, r->height, r->event))
    nep_dispute_say(d, NEP_NOTED, "mirrored", NULL, m->file, b->file,
                    _("Mirror %s holds the same record as %s up to height %" PRIu64 " (%s)."),
                    m->mirror, b->file, r->height, m->file);
  else
    nep_dispute_say(d, NEP_OPEN, "mirror-differs", NULL, m->file, b->file,
                    _("At height %" PRIu64 " mirror %s holds another event (%s) than %s names: ask "
                      "the mirror for the head that the server signed for it."),
                    r->height, m->mirror, m->file, b->file);
}

void nep_dispute_rule_mirrors(nep_dispute *d)
{
  for (size_t i = 0; i < d->n_papers; i++) {
    const nep_paper *m = &d->papers[i];
    if (m->kind != NEP_PAPER_COUNTERSIGNATURE)
      continue;
    for (size_t j = 0; j < d->n_papers; j++) {
      const nep_paper *p = &d->papers[j];
      if (nep_paper_names_event(p) || (p->kind == NEP_PAPER_COUNTERSIGNATURE && j > i))
        hold_paper(d, m, p);
    }
    for (size_t j = 0; j < d->n_branches; j++)
      hold_branch(d, m, &d->branches[j]);
  }
}
