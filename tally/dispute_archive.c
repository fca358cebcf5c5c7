/* An archive as evidence: its events, once its chain is found to hold. */
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "tally/archive_scan.h"
#include "tally/dispute.h"

typedef struct scan {
  nep_chain chain;
  nep_findings findings;
  nep_branch branch;
  uint64_t room;
} scan;

static void read_election(scan *s, const nep_event *e)
{
  if (!nep_archive_scan_election(&s->chain, e, s->branch.election_hash, s->branch.uuid))
    nep_fault(&s->findings, "shape", "setup", "names no election");
}

static void keep(scan *s, const nep_event *e)
{
  nep_branch *b = &s->branch;
  if (b->n_events == s->room) {
    s->room = s->room == 0 ? 64 : 2 * s->room;
    b->events = nep_realloc(b->events, s->room, sizeof *b->events);
  }
  struct nep_branch_event *kept = &b->events[b->n_events];
  memset(kept, 0, sizeof *kept);
  if (!nep_unhex(e->hash, 64, kept->hash, sizeof kept->hash) ||
      (e->has_payload && !nep_unhex(e->payload, 64, kept->payload, sizeof kept->payload)))
    nep_fault(&s->findings, "shape", "event", "has a malformed hash");
  kept->is_ballot = e->type == NEP_EVENT_BALLOT;
  if (e->type == NEP_EVENT_END_BALLOTS) {
    b->closed = true;
    b->closed_at = b->n_events;
  }
  b->n_events++;
}

static void on_event(void *ctx, const nep_event *e, uint64_t place, uint64_t end)
{
  scan *s = ctx;
  (void)end;
  if (place == 0)
    read_election(s, e);
  keep(s, e);
}

nep_status nep_dispute_add_archive(nep_dispute *d, const char *path, bool published, nep_error *err)
{
  scan s = {.branch = {.file = path, .published = published}};
  nep_verify_options options = {.jobs = 0};
  nep_archive_scan through = {on_event, &s, &s.chain, &s.findings};
  nep_status status = nep_archive_scan_file(&through, path, err);
  bool whole = status == NEP_OK && s.findings.n_faults == 0;
  if (whole)
    status = nep_verify_archive(path, &options, &s.branch.verified, err);
  if (whole && status == NEP_OK) {
    d->branches = nep_realloc(d->branches, d->n_branches + 1, sizeof *d->branches);
    d->branches[d->n_branches++] = s.branch;
  } else {
    if (status == NEP_OK)
      nep_dispute_say(d, NEP_OPEN, "archive-damaged", NULL, path, NULL,
                      _("%s is no evidence: its chain of hashes does not hold (%s: %s), so "
                        "anybody may have damaged or changed it. Fetch it again."),
                      path, s.findings.faults[0].code, s.findings.faults[0].reason);
    free(s.branch.events);
  }
  nep_chain_free(&s.chain);
  nep_findings_free(&s.findings);
  return status;
}
