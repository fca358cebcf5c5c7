/* What was cast with one credential: a registered person who did not vote can show that nothing was
   cast for it. */
#include <inttypes.h>
#include <string.h>

#include "base/lang.h"
#include "base/memory.h"
#include "protocol/ballot.h"
#include "tally/dispute.h"

static bool is_of(nep_bytes ballot, const char *credential)
{
  json_t *json = NULL;
  bool same = false;
  if (nep_json_parse(ballot, &json, NULL) == NEP_OK) {
    const char *found =
        json_string_value(json_object_get(json_object_get(json, "message"), "credential"));
    same = found && strcmp(found, credential) == 0;
  }
  json_decref(json);
  return same;
}

/* A ballot's record stands right before its event (the chain was found to hold). */
static nep_status count(const nep_branch *b, const char *credential, uint64_t *n, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  bool end = false;
  uint64_t event = 0;
  nep_buf last = {0};
  nep_status s = nep_reader_open(b->file, &r, err);
  *n = 0;
  while (s == NEP_OK && (s = nep_reader_next(r, &record, &end, err)) == NEP_OK && !end) {
    if (!record.is_event) {
      nep_buf_clear(&last);
      nep_buf_add(&last, record.body.data, record.body.len);
    } else if (event < b->n_events && b->events[event++].is_ballot) {
      *n += is_of(nep_buf_bytes(&last), credential);
    }
  }
  nep_reader_close(r);
  nep_buf_free(&last);
  return s;
}

static void conclude(nep_dispute *d, const nep_branch *b, const char *credential, uint64_t n)
{
  size_t place;
  bool listed =
      b->verified->credentials &&
      nep_credentials_find(b->verified->credentials, credential, strlen(credential), &place);
  if (!listed)
    nep_dispute_say(d, NEP_OPEN, "credential-unlisted", NULL, b->file, NULL,
                    _("The credential is not in the list of registered credentials of %s."),
                    b->file);
  else if (n == 0)
    nep_dispute_say(
        d, NEP_NOTED, "nothing-cast", NULL, b->file, NULL,
        _("The credential is registered, and nothing was cast for it in %s (%" PRIu64 " events)."),
        b->file, b->n_events);
  else
    nep_dispute_say(d, NEP_OPEN, "ballots-cast", NULL, b->file, NULL,
                    _("%s holds ballots of the credential: %" PRIu64
                      ". Each is signed with its private key, so by its holder or by somebody who "
                      "got hold of it: the record cannot tell who."),
                    b->file, n);
}

static nep_status look(nep_dispute *d, const nep_branch *b, const char *public_text,
                       const char *private_text, nep_error *err)
{
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar key;
  uint64_t n = 0;
  nep_status s = NEP_OK;
  if (!b->verified->election)
    return NEP_OK;
  if (private_text) {
    s = nep_ballot_credential(b->verified->election, private_text, &key, text, err);
    nep_wipe(&key, sizeof key);
    public_text = text;
  }
  if (s == NEP_OK)
    s = count(b, public_text, &n, err);
  if (s == NEP_OK)
    conclude(d, b, public_text, n);
  return s;
}

nep_status nep_dispute_credential(nep_dispute *d, const char *public_text, const char *private_text,
                                  nep_error *err)
{
  nep_status s = NEP_OK;
  for (size_t i = 0; i < d->n_branches && s == NEP_OK; i++)
    s = look(d, &d->branches[i], public_text, private_text, err);
  return s;
}
