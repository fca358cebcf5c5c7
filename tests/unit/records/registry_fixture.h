/* Sealed registrations and the auditors who open them, for the tests of opening and audit. */
#ifndef NEP_TESTS_REGISTRY_FIXTURE_H
#define NEP_TESTS_REGISTRY_FIXTURE_H

#include "records/registry_verdict.h"

#define NOW INT64_C(1795431600)
#define ISSUER "https://id.example.vn"
#define AUDIENCE "nep"
#define EVENT "hdnd-2026"
#define UUID "11111111111111"
#define OTHER_UUID "22222222222222"

enum { REGISTRY_AUDITORS = 3, REGISTRY_MAX = 8 };

/* Made by registry_begin: keys of the provider and of a stranger, and a Pedersen group of three
   auditors, two needed. */
typedef struct registry_fixture {
  nep_buf provider, provider_set, older, older_set, stranger, stranger_set;
  const nep_buf *kept_set; /* by the server: the provider's */
  nep_scalar shares[REGISTRY_AUDITORS];
  nep_trustees auditors;
} registry_fixture;
extern registry_fixture made;
/* The auditors have an older key set of the provider, too. */
extern const nep_registry_rules registry_rules;

void registry_begin(void);
void registry_end(void);

/* What a registration is made from; the zero value of each field is the honest one. */
typedef struct voter {
  const char *person, *replaces, *event, *uuid, *possession_nonce, *token_nonce;
  const nep_buf *token_key;
  const nep_scalar *key; /* a random one */
} voter;

typedef struct row {
  char nonce[NEP_NONCE_LENGTH + 1], *replaces, *token;
  nep_buf sealed;
} row;

row enrol(voter v);
void free_rows(row *rows, size_t n);
/* The text of an export of these rows, which are sorted. */
nep_buf write_export(row *rows, size_t n);
nep_registry *parse_export(row *rows, size_t n);
/* The share of auditor `owner`, from 1, made with x; NULL and *err when it is refused. */
nep_registry_share *give_share(const nep_registry *r, size_t owner, const nep_scalar *x,
                               nep_error *err);
/* Opens with the auditors `first` and `second`. */
nep_status open_boxes(const nep_registry *r, size_t first, size_t second, nep_element *masks,
                      nep_error *err);

#endif
