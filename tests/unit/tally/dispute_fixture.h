/* A dispute for tests: the server is a key that we hold, its record an archive that others made,
   with the private credentials of all its voters. One scratch folder holds every file. */
#ifndef NEP_TESTS_DISPUTE_FIXTURE_H
#define NEP_TESTS_DISPUTE_FIXTURE_H

#include "crypto/keys.h"
#include "protocol/verify.h"
#include "records/receipt.h"
#include "records/signed.h"

#define DISPUTE_VECTOR NEP_TEST_VECTORS "/positive/Ed25519-revote-weights-two"
enum { DISPUTE_EVENTS_MAX = 128 };

extern nep_signing_key *server, *stranger;
extern char key[NEP_PUBLIC_KEY_HEX + 1]; /* of the server */
extern nep_event events[DISPUTE_EVENTS_MAX];
extern size_t n_events, end_ballots;
extern nep_verified *record;
extern nep_buf out; /* what the command printed last */

void dispute_start(void); /* before the first test */
void dispute_end(void);

/* ---- files in the folder ---- */

char *in_folder(const char *name); /* path; free() */
void save(const char *name, const void *data, size_t len);
void save_prefix(const char *name, size_t n); /* the first n events of the record */
/* Another record: the same first n events, then the end of voting. Its last event in *hash. */
void save_branch(const char *name, size_t n, char hash[65]);
/* Signs the message m, which is freed. */
void save_signed(const char *name, const nep_signing_key *k, const char *tag, nep_buf *m);

nep_cast_receipt receipt_of(size_t height);
void save_receipt(const char *name, const nep_signing_key *k, const nep_cast_receipt *r);
void save_head(const char *name, const nep_signing_key *k, uint64_t height, const char *event);
/* Of the cast statements. */
void save_casts_head(const char *name, const nep_signing_key *k, uint64_t height,
                     const char *event);
/* By the server; statement "": none is named. */
void save_refusal(const char *name, const char *tracker, const char *code, const char *time,
                  const char *statement);

/* The i-th in secrets/private_creds.json. */
void private_credential(size_t i, char credential[NEP_CREDENTIAL_LENGTH + 1]);

/* ---- the command ---- */

/* Exit code of the command run in the folder with these arguments; its output in `out`. */
int dispute(const char *environment, const char *arguments);
bool says(const char *code);
/* The evidence, and what it shows: exit code, code, verdict. */
void expect(const char *files, int exit_code, const char *code);

#endif
