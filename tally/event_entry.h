/* What is reported about one archive of an event, as JSON: the same object in the report of a part,
   in that of the whole and in the verifier's own notes. */
#ifndef NEP_TALLY_EVENT_ENTRY_H
#define NEP_TALLY_EVENT_ENTRY_H

#include "protocol/verify.h"
#include "tally/event_list.h"

/* {"name","size","sha256","tail","uuid","head","phase","events","ballots","credentials","voted",
   "casts"?} followed by the fields of nep_verified_json; new. "sha256" is the hash of the bytes
   that were verified. "casts" is {"size","sha256","tail"} of the cast statements when they are a
   part of the event; `casts` the hash of those that were verified, "" when none were. */
json_t *nep_event_entry(const nep_event_file *f, const nep_verified *v, const char *casts);
/* The same for an archive that could not be read, or changed meanwhile: verdict "unreadable", the
   reason in "not_checked", "sha256" empty. */
json_t *nep_event_entry_unreadable(const nep_event_file *f, const nep_error *why);
/* A new copy in which everything counts as taken over from an earlier verification. */
json_t *nep_event_entry_taken(const json_t *entry);

/* An entry that comes from a file: fields, shapes, and that its verdict and codes are those that
   its findings give. Code "report-shape". */
NEP_MUST_USE nep_status nep_event_entry_check(const json_t *entry, nep_error *err);
/* A part of it, for the verdict "valid": what a finished verification gives for every valid
   archive, which checks and how often. */
NEP_MUST_USE nep_status nep_event_entry_valid(const json_t *entry, nep_error *err);
/* A list of {"code","object","reason"}. */
NEP_MUST_USE nep_status nep_event_faults_check(const json_t *faults, nep_error *err);

uint64_t nep_entry_number(const json_t *object, const char *key);
const char *nep_entry_text(const json_t *object, const char *key);
/* All checks of the entry. */
uint64_t nep_entry_checks(const json_t *entry);

#endif
