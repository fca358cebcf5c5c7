/* What a finished verification gives for every valid archive, whatever its group and however far it
   goes. An entry that says "valid" without it was not made by one. */
#include <inttypes.h>
#include <string.h>

#include "tally/event_entry.h"

/* How often a check runs. */
typedef struct rule {
  const char *check;
  const char *per; /* field of the entry: once for each of them; NULL: once */
  bool more;       /* or more often */
  nep_event_type from;
} rule;

static const rule rules[] = {
    {"setup", NULL, false, NEP_EVENT_SETUP},
    {"election", NULL, false, NEP_EVENT_SETUP},
    {"election key", NULL, false, NEP_EVENT_SETUP},
    {"trustees canonical", NULL, false, NEP_EVENT_SETUP},
    {"trustee certificates", NULL, true, NEP_EVENT_SETUP},
    {"trustee key memberships", NULL, true, NEP_EVENT_SETUP},
    {"trustee keys not the identity", NULL, true, NEP_EVENT_SETUP},
    {"trustee proofs of knowledge", NULL, true, NEP_EVENT_SETUP},
    {"trustee outer signatures", NULL, true, NEP_EVENT_SETUP},
    {"credentials canonical", NULL, false, NEP_EVENT_SETUP},
    {"credentials distinct", "credentials", false, NEP_EVENT_SETUP},
    {"credential weights", "credentials", true, NEP_EVENT_SETUP},
    {"credential encodings", "credentials", false, NEP_EVENT_SETUP},
    {"credential group memberships", "credentials", false, NEP_EVENT_SETUP},
    {"credentials not the identity", "credentials", false, NEP_EVENT_SETUP},
    {"record hashes", "events", true, NEP_EVENT_SETUP},
    {"event texts", "events", false, NEP_EVENT_SETUP},
    {"event parents", "events", false, NEP_EVENT_SETUP},
    {"event heights", "events", false, NEP_EVENT_SETUP},
    {"order of events", "events", false, NEP_EVENT_SETUP},
    {"records before each event", "events", false, NEP_EVENT_SETUP},
    {"nothing after the last event", NULL, false, NEP_EVENT_SETUP},
    {"ballots canonical", "ballots", false, NEP_EVENT_SETUP},
    {"ballot elections", "ballots", true, NEP_EVENT_SETUP},
    {"ballot credentials", "ballots", false, NEP_EVENT_SETUP},
    {"ballots not repeated", "ballots", false, NEP_EVENT_SETUP},
    {"ballot signatures", "ballots", false, NEP_EVENT_SETUP},
    {"ballot group memberships", "ballots", true, NEP_EVENT_SETUP},
    {"ballot individual proofs", "ballots", true, NEP_EVENT_SETUP},
    {"ballot overall proofs", "ballots", true, NEP_EVENT_SETUP},
    {"sized tally", NULL, false, NEP_EVENT_ENCRYPTED_TALLY},
    {"number and weight of counted ballots", NULL, false, NEP_EVENT_ENCRYPTED_TALLY},
    {"product of the counted ballots", NULL, false, NEP_EVENT_ENCRYPTED_TALLY},
    {"owners of partial decryptions", NULL, true, NEP_EVENT_PARTIAL_DECRYPTION},
    {"one partial decryption per trustee", NULL, true, NEP_EVENT_PARTIAL_DECRYPTION},
    {"decryption texts", NULL, true, NEP_EVENT_PARTIAL_DECRYPTION},
    {"decryption signatures", NULL, true, NEP_EVENT_PARTIAL_DECRYPTION},
    {"decryption shapes", NULL, true, NEP_EVENT_PARTIAL_DECRYPTION},
    {"decryption factors read", NULL, true, NEP_EVENT_PARTIAL_DECRYPTION},
    {"decryption factors in the group", NULL, true, NEP_EVENT_PARTIAL_DECRYPTION},
    {"decryption proofs", NULL, true, NEP_EVENT_PARTIAL_DECRYPTION},
    {"enough partial decryptions", NULL, false, NEP_EVENT_RESULT},
    {"result", NULL, false, NEP_EVENT_RESULT},
    {"result numbers", NULL, true, NEP_EVENT_RESULT},
};

/* With the cast statements. */
static const rule casts_rules[] = {
    {"the same timestamp", NULL, false, NEP_EVENT_SETUP},
    {"the archive that was verified", NULL, false, NEP_EVENT_SETUP},
    {"a statement for each ballot", "ballots", false, NEP_EVENT_SETUP},
    {"form of statements", "ballots", false, NEP_EVENT_SETUP},
    {"statements about their ballots", "ballots", false, NEP_EVENT_SETUP},
    {"numbers of a credential's ballots", "ballots", false, NEP_EVENT_SETUP},
    {"hashes of records", "ballots", false, NEP_EVENT_SETUP},
    {"chain of statements", "ballots", false, NEP_EVENT_SETUP},
};

static nep_status refuse(nep_error *err, const json_t *entry, const char *reason)
{
  return nep_fail(err, NEP_E_CHECK, "report-shape", nep_entry_text(entry, "name"), "%s", reason);
}

static nep_status follow(const json_t *entry, nep_event_type phase, const rule *r, size_t n,
                         nep_error *err)
{
  const json_t *checks = json_object_get(entry, "checks");
  for (size_t i = 0; i < n; i++, r++) {
    uint64_t run = nep_entry_number(checks, r->check);
    uint64_t expected = r->per ? nep_entry_number(entry, r->per) : 1;
    if (phase >= r->from && (run < expected || (run > expected && !r->more)))
      return nep_fail(err, NEP_E_CHECK, "report-shape", nep_entry_text(entry, "name"),
                      "valid, but the check \"%s\" was run %" PRIu64 " times where %" PRIu64
                      "%s are expected",
                      r->check, run, expected, r->more ? " or more" : "");
  }
  return NEP_OK;
}

static bool find_phase(const json_t *entry, nep_event_type *out)
{
  for (*out = NEP_EVENT_SETUP; *out <= NEP_EVENT_RESULT; ++*out)
    if (strcmp(nep_entry_text(entry, "phase"), nep_event_name(*out)) == 0)
      return true;
  return false;
}

/* protocol.md §11: which events stand before the last one, beside the ballots. From the tally on
   there may be any number of partial decryptions. */
static bool events_fit(const json_t *entry, nep_event_type phase)
{
  static const uint64_t others[] = {1, 1, 2, 3, 4, 4, 4, 5};
  uint64_t events = nep_entry_number(entry, "events"), ballots = nep_entry_number(entry, "ballots");
  if (phase <= NEP_EVENT_BALLOT && (phase == NEP_EVENT_BALLOT) != (ballots > 0))
    return false;
  return phase <= NEP_EVENT_ENCRYPTED_TALLY ? events == ballots + others[phase]
                                            : events >= ballots + others[phase];
}

static bool voted_fits(const json_t *entry)
{
  uint64_t voted = nep_entry_number(entry, "voted"), ballots = nep_entry_number(entry, "ballots");
  return voted <= nep_entry_number(entry, "credentials") && voted <= ballots &&
         (voted > 0) == (ballots > 0);
}

nep_status nep_event_entry_valid(const json_t *entry, nep_error *err)
{
  const char *uuid = nep_entry_text(entry, "uuid");
  bool has_result = json_is_array(json_object_get(entry, "result"));
  nep_event_type phase;
  char head[65];
  if (!nep_uuid_is_valid(uuid, strlen(uuid)))
    return refuse(err, entry, "valid, but of no election: its uuid is none");
  if (nep_json_hash(entry, "head", head, NULL) != NEP_OK || !find_phase(entry, &phase))
    return refuse(err, entry, "valid, but without the hash or type of its last event");
  if (!events_fit(entry, phase))
    return refuse(err, entry, "valid, but its events are not those of its ballots and phase");
  if (!voted_fits(entry))
    return refuse(err, entry, "valid, but voted does not fit its ballots and credentials");
  if (has_result != (phase == NEP_EVENT_RESULT))
    return refuse(err, entry, "valid, but its result does not fit its phase");
  nep_status s = follow(entry, phase, rules, sizeof rules / sizeof *rules, err);
  if (s == NEP_OK && json_object_get(entry, "casts") != NULL)
    s = follow(entry, phase, casts_rules, sizeof casts_rules / sizeof *casts_rules, err);
  return s;
}
