/* An archive as evidence: its events, once its chain is found to hold. */
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "protocol/archive_chain.h"
#include "tally/dispute.h"

typedef struct scan {
  nep_chain chain;
  nep_findings findings;
  nep_branch branch;
  uint64_t room;
} scan;

static void read_election(scan *s, const nep_event *e)
{
  json_t *setup = NULL, *election = NULL;
  const char *uuid = NULL;
  size_t len = 0;
  const nep_pending *payload = nep_chain_find(&s->chain, e->payload), *definition = NULL;
  if (payload && nep_json_parse(nep_buf_bytes(&payload->body), &setup, NULL) == NEP_OK &&
      nep_json_hash(setup, "election", s->branch.election_hash, NULL) == NEP_OK)
    definition = nep_chain_find(&s->chain, s->branch.election_hash);
  if (definition && nep_json_parse(nep_buf_bytes(&definition->body), &election, NULL) == NEP_OK &&
      nep_json_string(election, "uuid", &uuid, &len, NULL) == NEP_OK && len < sizeof s->branch.uuid)
    memcpy(s->branch.uuid, uuid, len + 1);
  else
    nep_fault(&s->findings, "shape", "setup", "names no election");
  json_decref(election);
  json_decref(setup);
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

static nep_status read_events(scan *s, const char *path, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_event e;
  bool end = false;
  nep_status status = nep_reader_open(path, &r, err);
  while (status == NEP_OK) {
    status = nep_reader_next(r, &record, &end, err);
    if (status != NEP_OK || end)
      break;
    if (!record.is_event) {
      nep_chain_data(&s->chain, &record, &s->findings);
      continue;
    }
    if (nep_chain_event(&s->chain, &record, &e, &s->findings)) {
      if (s->branch.n_events == 0)
        read_election(s, &e);
      keep(s, &e);
    }
    nep_chain_settle(&s->chain);
  }
  nep_reader_close(r);
  if (status == NEP_E_CHECK || status == NEP_E_INPUT) {
    nep_fault(&s->findings, err->code, err->where, "%s", err->reason);
    return NEP_OK;
  }
  if (status == NEP_OK)
    nep_chain_end(&s->chain, &s->findings);
  return status;
}

nep_status nep_dispute_add_archive(nep_dispute *d, const char *path, bool published, nep_error *err)
{
  scan s = {.branch = {.file = path, .published = published}};
  nep_verify_options options = {.jobs = 0};
  nep_status status = read_events(&s, path, err);
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
