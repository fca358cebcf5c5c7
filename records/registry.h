/* The registry of one election as it is carried to the auditors: roll, the provider's key sets,
   and every registration of each person who has one for this election, sealed. */
#ifndef NEP_RECORDS_REGISTRY_H
#define NEP_RECORDS_REGISTRY_H

#include "records/sealed_registration.h"

enum { NEP_REGISTRY_PERSON_MAX = 255, NEP_REGISTRY_TEXT_MAX = 1 << 30 };

typedef struct nep_registry_person {
  const char *identifier;
  uint64_t weight; /* 1 when none is given */
} nep_registry_person;

typedef struct nep_registry_key_set {
  const char *hash;
  nep_bytes body;
} nep_registry_key_set;

typedef struct nep_registry_entry {
  char nonce[NEP_NONCE_LENGTH + 1];
  char replaces[NEP_NONCE_LENGTH + 1]; /* "" for a first one */
  const char *token;
  const nep_registry_key_set *key_set;
  nep_sealed sealed;
} nep_registry_entry;

/* Texts are borrowed from `json`. */
typedef struct nep_registry {
  json_t *json;
  char uuid[65];
  const char *event;
  const nep_group *group; /* of the election */
  bool weighted;          /* some person has a weight */
  nep_registry_person *roll;
  size_t n_roll;
  nep_registry_key_set *key_sets;
  size_t n_key_sets;
  nep_registry_entry *entries;
  size_t n_entries;
  char hash[65]; /* SHA-256 of the text */
} nep_registry;

/* Canonical JSON {"uuid","event","group","roll":[{"identifier","weight"?}..],"key_sets":[{"hash",
   "body"}..],"registrations":[{"nonce","replaces","token","key_set","sealed"}..]}. The roll is
   sorted by the bytes of the identifiers, key sets by hash, registrations by nonce, each once; each
   key set has its hash and is there for each registration. Code "registry". */
NEP_MUST_USE nep_status nep_registry_parse(nep_bytes text, nep_registry **out, nep_error *err);
void nep_registry_free(nep_registry *r); /* NULL allowed */

/* NULL when the person is not on the roll. */
const nep_registry_person *nep_registry_on_roll(const nep_registry *r, const char *identifier);

/* Writing, in this order: open, each person, next list, each key set, next list, each
   registration, close. `replaces` NULL: null; weight 0: none. `sealed` is JSON text. */
void nep_registry_open(nep_buf *out, const char *uuid, const char *event, const char *group);
void nep_registry_write_person(nep_buf *out, const char *identifier, uint64_t weight);
void nep_registry_write_key_sets(nep_buf *out); /* ends the roll */
void nep_registry_write_key_set(nep_buf *out, const char *hash, nep_bytes body);
void nep_registry_write_registrations(nep_buf *out); /* ends the key sets */
void nep_registry_write_registration(nep_buf *out, const char *nonce, const char *replaces,
                                     const char *token, const char *key_set, const char *sealed);
void nep_registry_close(nep_buf *out);

#endif
