/* The verifier of a whole archive (protocol.md, Appendix): one pass over the file. Setup and
   ballots are checked as they come; tally, decryptions and result are kept and checked when all
   ballots are counted. */
#include "protocol/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/spread.h"
#include "protocol/verify_state.h"

void nep_not_checked(nep_verified *v, const char *what, ...)
{
  nep_buf text = {0};
  char line[256];
  va_list args;
  va_start(args, what);
  vsnprintf(line, sizeof line, what, args);
  va_end(args);
  nep_buf_str(&text, line);
  v->not_checked = nep_realloc(v->not_checked, v->n_not_checked + 1, sizeof *v->not_checked);
  v->not_checked[v->n_not_checked++] = nep_buf_take(&text, NULL);
}

static void on_setup(nep_verifier *v, const nep_event *e, unsigned asked)
{
  unsigned jobs = nep_jobs(asked);
  if (v->setup_done)
    return; /* archive-sequence was reported */
  v->setup_done = true;
  nep_verify_setup(v, e, jobs);
  if (!v->out->election || !v->out->credentials)
    return;
  nep_ballot_count_start(&v->count, v->out->election, v->out->credentials, v->reader, &v->chain);
  v->pipe = nep_ballot_pipe_new(&v->count, jobs, &v->ballots);
}

static nep_status on_ballot(nep_verifier *v, const nep_event *e, nep_error *err)
{
  const nep_pending *p = nep_chain_find(&v->chain, e->payload);
  bool first = nep_chain_first_ballot(&v->chain, e->payload);
  v->out->ballots++;
  if (v->pipe && p) {
    bool proved = nep_known_proved(v);
    v->pushed++;
    return nep_ballot_pipe_push(v->pipe, p, first, proved, err);
  }
  if (!p && !first)
    nep_fault(&v->archive, "ballot-duplicate", "ballot event", "its ballot stands earlier");
  v->unchecked_ballots++;
  return NEP_OK;
}

static bool keep(const nep_verifier *v, const char *hash, nep_buf *out)
{
  const nep_pending *p = nep_chain_find(&v->chain, hash);
  nep_buf_clear(out);
  nep_buf_add(out, p ? p->body.data : "", p ? p->body.len : 0);
  return p != NULL;
}

/* The record that stands before the payload: the tally, or the object that `owned` is about. */
static bool keep_object(const nep_verifier *v, const char *key, const nep_buf *payload,
                        nep_buf *out)
{
  nep_error err;
  json_t *json = NULL;
  char hash[65];
  bool kept = nep_json_parse(nep_buf_bytes(payload), &json, &err) == NEP_OK &&
              nep_json_hash(json, key, hash, &err) == NEP_OK && keep(v, hash, out);
  json_decref(json);
  return kept;
}

static void on_decryption(nep_verifier *v, const nep_event *e)
{
  if (v->n_decryptions == NEP_OWNERS_MAX) {
    nep_fault(&v->archive, "pd-owner", "partial decryptions", "more than there can be trustees");
    return;
  }
  v->decryptions = nep_realloc(v->decryptions, v->n_decryptions + 1, sizeof *v->decryptions);
  nep_kept_decryption *d = &v->decryptions[v->n_decryptions];
  memset(d, 0, sizeof *d);
  if (keep(v, e->payload, &d->owned) && keep_object(v, "payload", &d->owned, &d->object)) {
    v->n_decryptions++;
    return;
  }
  nep_not_checked(v->out, "a partial decryption: its records are missing");
  nep_buf_free(&d->owned);
  nep_buf_free(&d->object);
}

static nep_status on_event(nep_verifier *v, const nep_event *e, unsigned jobs, nep_error *err)
{
  nep_status s = NEP_OK;
  switch (e->type) {
  case NEP_EVENT_SETUP:
    on_setup(v, e, jobs);
    break;
  case NEP_EVENT_BALLOT:
    s = on_ballot(v, e, err);
    break;
  case NEP_EVENT_END_BALLOTS:
    memcpy(v->out->end_ballots_head, e->hash, sizeof e->hash);
    v->out->end_ballots_height = e->height;
    v->out->end_ballots_size = nep_reader_position(v->reader);
    break;
  case NEP_EVENT_ENCRYPTED_TALLY:
    v->has_sized = keep(v, e->payload, &v->sized) &&
                   keep_object(v, "encrypted_tally", &v->sized, &v->tally_text);
    if (!v->has_sized)
      nep_not_checked(v->out, "the encrypted tally and what follows: its records are missing");
    break;
  case NEP_EVENT_SHUFFLE:
    nep_limit(&v->archive, "unsupported", "shuffle", "shuffles are not supported");
    nep_not_checked(v->out, "a shuffle: not supported");
    break;
  case NEP_EVENT_END_SHUFFLES:
    break;
  case NEP_EVENT_PARTIAL_DECRYPTION:
    on_decryption(v, e);
    break;
  case NEP_EVENT_RESULT:
    v->has_result = keep(v, e->payload, &v->result);
    break;
  }
  return s;
}

static nep_status on_record(nep_verifier *v, const nep_record *r, const nep_verify_options *options,
                            nep_error *err)
{
  nep_event e;
  nep_status s = NEP_OK;
  if (!r->is_event) {
    nep_chain_data(&v->chain, r, &v->archive);
    return NEP_OK;
  }
  /* protocol.md §12 e: without a Setup at its place nothing else can be checked */
  bool first = v->chain.events == 0;
  if (nep_chain_event(&v->chain, r, &e, &v->archive) &&
      (v->setup_done || (first && e.type == NEP_EVENT_SETUP)))
    s = on_event(v, &e, options->jobs, err);
  nep_chain_settle(&v->chain);
  return s == NEP_OK ? nep_known_event(v, options, err) : s;
}

static nep_status read_records(nep_verifier *v, const nep_verify_options *options, nep_error *err)
{
  nep_record record;
  bool end = false;
  nep_status s = NEP_OK;
  uint64_t size = nep_reader_size(v->reader);
  while (s == NEP_OK) {
    s = nep_reader_next(v->reader, &record, &end, err);
    if (s != NEP_OK || end)
      break;
    s = on_record(v, &record, options, err);
    if (options->progress)
      options->progress(options->progress_ctx, nep_reader_position(v->reader), size);
  }
  return s;
}

/* Malformed bytes are a fault of the archive, and end its reading; anything else is a failure. */
static nep_status as_fault(nep_verifier *v, nep_status s, nep_error *err)
{
  if (s != NEP_E_CHECK)
    return s;
  nep_fault(&v->archive, err->code, err->where, "%s", err->reason);
  v->malformed = true;
  nep_not_checked(v->out, "what follows %s: the records cannot be read", err->where);
  return NEP_OK;
}

/* Which bytes the findings are about, beyond a fault that ended the reading, too. */
static nep_status identify(nep_verifier *v, const char *path, nep_error *err)
{
  if (!v->reader)
    return nep_file_identify(path, NULL, NULL, &v->out->read, err);
  nep_status s = nep_reader_note_rest(v->reader, err);
  nep_bytes_read_identity(&v->seen, &v->out->read);
  return s;
}

static nep_status run(nep_verifier *v, const char *path, const nep_verify_options *options,
                      nep_error *err)
{
  nep_status s = nep_reader_open(path, &v->reader, err);
  if (s == NEP_OK)
    s = nep_reader_note(v->reader, &v->seen, err);
  if (s == NEP_OK)
    s = nep_known_start(v, path, options, err);
  if (s == NEP_OK)
    s = read_records(v, options, err);
  s = as_fault(v, s, err);
  if (s == NEP_OK && v->pipe)
    s = nep_ballot_pipe_drain(v->pipe, err);
  if (s == NEP_OK)
    s = nep_known_end(v, options, err);
  if (s == NEP_OK)
    s = identify(v, path, err);
  if (s != NEP_OK)
    return s;
  if (!v->malformed)
    nep_chain_end(&v->chain, &v->archive);
  if (v->unchecked_ballots > 0)
    nep_not_checked(v->out, "%" PRIu64 " ballots", v->unchecked_ballots);
  if (!v->setup_done)
    nep_not_checked(v->out, "the election: there is no Setup event at the beginning");
  nep_verify_end(v);
  return options->earlier ? nep_verify_earlier(path, options->earlier, &v->archive, err) : NEP_OK;
}

static void conclude(nep_verifier *v)
{
  nep_verified *out = v->out;
  nep_findings_merge(&out->findings, &v->archive);
  nep_findings_merge(&out->findings, &v->setup);
  nep_findings_merge(&out->findings, &v->ballots);
  nep_findings_merge(&out->findings, &v->end);
  memcpy(out->head, v->chain.head, sizeof out->head);
  out->phase = v->chain.last;
  out->events = v->chain.events;
  out->credentials_voted = v->count.voted;
  out->tally = v->count.tally;
  v->count.tally = NULL;
}

static void verifier_free(nep_verifier *v)
{
  nep_ballot_pipe_free(v->pipe);
  nep_ballot_count_free(&v->count);
  for (size_t i = 0; i < v->n_decryptions; i++) {
    nep_buf_free(&v->decryptions[i].owned);
    nep_buf_free(&v->decryptions[i].object);
  }
  free(v->decryptions);
  nep_buf_free(&v->result);
  nep_buf_free(&v->tally_text);
  nep_buf_free(&v->sized);
  nep_findings_free(&v->end);
  nep_findings_free(&v->ballots);
  nep_findings_free(&v->setup);
  nep_findings_free(&v->archive);
  nep_chain_free(&v->chain);
  nep_reader_close(v->reader);
}

nep_status nep_verify_archive(const char *path, const nep_verify_options *options,
                              nep_verified **out, nep_error *err)
{
  nep_verifier v = {.out = nep_alloc(1, sizeof *v.out)};
  nep_error local;
  nep_status s = run(&v, path, options, err ? err : &local);
  if (s == NEP_OK)
    conclude(&v);
  verifier_free(&v);
  *out = s == NEP_OK ? v.out : NULL;
  if (s != NEP_OK)
    nep_verified_free(v.out);
  return s;
}

void nep_verified_free(nep_verified *v)
{
  if (!v)
    return;
  for (size_t i = 0; v->factors && v->factors[i]; i++)
    nep_factors_free(v->election, v->factors[i]);
  free(v->factors);
  if (v->election)
    nep_result_free(v->election, v->result);
  nep_tally_free(v->tally);
  nep_credentials_free(v->credentials);
  nep_trustees_free(v->trustees);
  nep_election_free(v->election);
  for (size_t i = 0; i < v->n_not_checked; i++)
    free(v->not_checked[i]);
  free(v->not_checked);
  nep_findings_free(&v->findings);
  free(v);
}

bool nep_verified_is_valid(const nep_verified *v)
{
  return v->findings.n_faults == 0 && v->n_not_checked == 0 && v->events > 0;
}
