/* Going on where an earlier verification ended: whether the archive begins with what was verified
   then, and what is finished of it now. */
#include <inttypes.h>
#include <string.h>

#include "protocol/verify_state.h"

nep_status nep_known_start(nep_verifier *v, const char *path, const nep_verify_options *options,
                           nep_error *err)
{
  bool holds = false;
  nep_status s = NEP_OK;
  v->noting = options->known || options->keep;
  if (options->known)
    s = nep_prefix_holds(path, options->known, NULL, NULL, &holds, err);
  if (s != NEP_OK || !options->known)
    return s;
  v->known = holds ? options->known : NULL;
  v->noting = holds; /* what was noted of another archive stays: it is the evidence */
  if (!holds)
    nep_fault(&v->archive, "archive-not-a-prefix", "state",
              "the archive does not begin with the %" PRIu64 " bytes that were verified before",
              options->known->bytes);
  return NEP_OK;
}

bool nep_known_proved(const nep_verifier *v)
{
  return v->known && nep_reader_position(v->reader) <= v->known->bytes &&
         nep_prefix_covers(v->known, v->pushed + 1);
}

/* The bytes were compared before they were read again: nobody may have changed them in between. */
static nep_status leave_known(nep_verifier *v, nep_error *err)
{
  uint8_t hash[32];
  nep_sha256 running = v->seen.hash;
  nep_sha256_end(&running, hash);
  bool same = v->event_end == v->known->bytes && v->pushed == v->known->ballots &&
              memcmp(hash, v->known->sha256, sizeof hash) == 0;
  v->known = NULL;
  return same
             ? NEP_OK
             : nep_fail(err, NEP_E_IO, "read", "archive", "the file was changed while it was read");
}

static void hand_over(const nep_verifier *v, const nep_verify_options *options)
{
  nep_prefix finished = {.bytes = v->event_end};
  nep_sha256 running = v->hash_at_event;
  nep_sha256_end(&running, finished.sha256);
  if (v->pipe) {
    nep_pipe_counts counts = nep_ballot_pipe_counts(v->pipe);
    finished.ballots = counts.ballots;
    finished.again = counts.again;
    finished.n_again = counts.n_again;
  }
  options->keep(options->keep_ctx, &finished);
}

nep_status nep_known_event(nep_verifier *v, const nep_verify_options *options, nep_error *err)
{
  nep_status s = NEP_OK;
  if (!v->noting)
    return NEP_OK;
  v->event_end = nep_reader_position(v->reader);
  v->hash_at_event = v->seen.hash;
  if (v->known && v->event_end >= v->known->bytes)
    s = leave_known(v, err);
  if (s != NEP_OK || v->known || !options->due || !options->due(options->keep_ctx))
    return s;
  if (v->pipe)
    s = nep_ballot_pipe_drain(v->pipe, err);
  if (s == NEP_OK)
    hand_over(v, options);
  return s;
}

nep_status nep_known_end(nep_verifier *v, const nep_verify_options *options, nep_error *err)
{
  if (v->known)
    return leave_known(v, err);
  if (options->keep && v->event_end > 0)
    hand_over(v, options);
  if (v->pipe) {
    nep_pipe_counts counts = nep_ballot_pipe_counts(v->pipe);
    v->out->taken_ballots = counts.taken_ballots;
    v->out->taken_checks = counts.taken_checks;
  }
  return NEP_OK;
}
