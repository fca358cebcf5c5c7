/* A whole small world for tests of the services: a private database, nep-signer, an identity
   provider, an official, and voters with their devices. world_start runs once before the suite;
   each test runs in a process of its own and opens the service itself. When the test program ends,
   in whatever way, a guardian process removes everything. */
#ifndef NEP_TESTS_WORLD_H
#define NEP_TESTS_WORLD_H

#include "protocol/ballot.h"
#include "protocol/verify.h"
#include "records/freeze_act.h"
#include "records/receipt.h"
#include "records/registry_verdict.h"
#include "server/service/cast.h"
#include "server/service/service.h"
#include "tests/unit/records/trust_fixture.h"

enum { WORLD_VOTERS_MAX = 16 };

/* ---- once for the suite ---- */
void world_start(void);
void world_stop(void);
/* Connection strings: "owner", "registry", "board", "official", "admin". */
const char *world_database(const char *role);
const char *world_folder(void); /* of this world, for scratch files */

/* ---- in a test ---- */
extern nep_service *world;
void world_open(void);
/* cast_* taken from it, and what else is set of list_memory, signer_socket and the audience. */
void world_open_with(const nep_service_config *change);
const char *world_signer(void);            /* path of nep-signer's socket */
nep_status world_try_open(nep_error *err); /* where the start may be refused */
void world_close(void);

/* An act of the official; json may be NULL. */
nep_status world_act(nep_action action, const char *uuid, const char *body, nep_buf *json,
                     nep_error *err);
void world_must(nep_action action, const char *uuid, const char *body);
const nep_signing_key *world_official(void);
void world_key_set_replace(const char *jwks); /* another key set in the provider's file */

typedef struct world_election {
  char uuid[15];
  char event[32];
  char seed[45]; /* of the one trustee */
  nep_buf trustees;
  trust_fixture trust;
  char credentials[WORLD_VOTERS_MAX][26];
  char nonces[WORLD_VOTERS_MAX][44];
  size_t n;
  nep_election *election; /* parsed, once it is there */
  int64_t registration_closes, opens, closes;
} world_election;

/* Of the trust files of elections made from now on; at the start what fits this world. */
extern trust_fixture_rules world_trust;
extern const char *world_group; /* of elections made from now on: Ed25519 at first */
extern const char *world_event; /* of elections made from now on; NULL: each has one of its own */
/* The body of the request that creates `e`, which is not sent. */
void world_creation(world_election *e, nep_buf *body);
/* Created, without a roll and a calendar. */
void world_created(world_election *e);
/* Sets the calendar: registration for `registration` seconds from now, then `open` of voting. */
void world_calendar(world_election *e, int registration, int open);
/* … and `n` voters "voter-0"… on the roll, and a calendar. Phase draft. */
void world_draft(world_election *e, size_t n, int registration, int open);
/* … and phase registration. */
void world_registration(world_election *e, size_t n, int registration, int open);
/* Registers all voters. */
void world_register_all(world_election *e);
/* … and all voters registered, the deadline has passed. */
void world_registered(world_election *e, size_t n, int registration, int open);
/* The public credential of a voter. */
void world_public(const world_election *e, size_t voter, char text[NEP_ELEMENT_TEXT_MAX]);
/* … and phase frozen. */
void world_frozen(world_election *e, size_t n, int registration, int open);
/* … and phase open. */
void world_opened(world_election *e, size_t n, int open);
/* The body of a freeze: the list of all n voters, a verdict on it and acts of officials. What is
   NULL is right: the audit signer's key, the keys of the secretary and the chair; the changes make
   something wrong before it is signed. */
typedef struct world_freeze {
  uint64_t weight; /* of one credential; 0: no weights */
  void (*verdict)(nep_registry_verdict *v);
  const nep_signing_key *auditor;
  void (*act)(nep_freeze_act *act);
  const nep_signing_key *officials[3];
} world_freeze;
void world_freeze_body(const world_election *e, const world_freeze *f, nep_buf *body);
void world_wait_until(int64_t seconds);
void world_election_free(world_election *e);

/* The body of a registration of `person` with a fresh token; changes are what a test wants wrong.
 */
typedef struct world_registration_request {
  const char *person;
  const char *credential; /* private; NULL: a new one */
  const char *replaces;
  const char *event, *audience, *token_nonce, *proof_nonce; /* NULL: the right one */
  long expires_in;                                          /* 0: 300 seconds */
} world_registration_request;
void world_registration_body(const world_election *e, const world_registration_request *r,
                             nep_buf *body, char nonce[44]);
/* An ID token of `person` with this nonce. */
void world_token(const char *person, const char *nonce, nep_buf *out);

/* The text of a ballot of voter i. `choice` is the answer chosen (0 or 1). */
void world_ballot_text(const world_election *e, size_t voter, unsigned choice, nep_buf *ballot);
/* The casting body: a ballot with the voter's statement, padded to the casting length. */
void world_enclose(const world_election *e, size_t voter, const nep_buf *ballot, int64_t sequence,
                   nep_buf *body);
/* Both at once, with a higher sequence number each time. */
void world_ballot(const world_election *e, size_t voter, unsigned choice, nep_buf *body);

typedef struct world_cast {
  nep_status status;
  bool created;
  bool done;
  nep_buf json;
  nep_error err;
} world_cast_result;
/* A nep_cast_done that fills the world_cast_result `ctx`. */
void world_cast_done(void *ctx, nep_status status, bool created, const nep_buf *json,
                     const nep_error *err);
/* Submits and waits. */
void world_cast(const char *uuid, const nep_buf *body, world_cast_result *out);
/* Submits; world_cast_wait waits for n results. */
nep_status world_cast_send(const char *uuid, const nep_buf *body, world_cast_result *out,
                           nep_error *err);
void world_cast_wait(world_cast_result *results, size_t n);
/* Submits n bodies without waiting in between, then waits for all. */
void world_cast_all(const char *uuid, const nep_buf *bodies, world_cast_result *results, size_t n);

/* The receipt in an answer; its signature holds. */
void world_read_receipt(const world_cast_result *r, nep_cast_receipt *out);
/* nep-signer's public key, as the service tells it. */
void world_signer_key(char hex[NEP_PUBLIC_KEY_HEX + 1]);

/* A body that was received; one that was verified, too, and not stored; the same with a new ballot
   of a voter. *r gets its answer (NULL: none is given). Freed when it is answered, or by
   world_casts_free. */
nep_cast *world_received(const world_election *e, const nep_buf *body, world_cast_result *r);
nep_cast *world_verified_body(const world_election *e, const nep_buf *body, world_cast_result *r);
nep_cast *world_verified(const world_election *e, size_t voter, world_cast_result *r);

void world_casts_free(nep_cast **casts, size_t n);

/* A column of the election's head. */
int64_t world_head_number(const world_election *e, const char *column);
/* What the verifier says of the exported archive, valid or not; to be freed. */
nep_verified *world_export(const char *uuid);
/* Its export is valid and has as many ballots as the head says. */
void world_check_archive(const world_election *e);

/* The same for a challenge that is published. */
nep_status world_challenge_send(const char *uuid, const nep_buf *body, world_cast_result *out,
                                nep_error *err);
void world_challenge(const char *uuid, const nep_buf *body, world_cast_result *out);

/* While nobody can read this table; what archives hold beside ballots is in "board.data".
   world_await_readers waits until somebody tries to, in as many transactions. */
void world_while_locked(const char *table, void (*meanwhile)(void));
void world_await_readers(int64_t n);

/* One number that an SQL query of the administrator gives. */
int64_t world_count(const char *sql);
/* Whether a command of this role succeeds. */
bool world_sql(const char *role, const char *sql);
/* The first commit of new rows of this table goes wrong: the connection is lost, or the database
   asks for another run. Until world_commits_hold. */
void world_commit_fails_once(const char *table, bool lost);
void world_commits_hold(const char *table);

#endif
