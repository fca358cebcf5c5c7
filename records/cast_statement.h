/* What travels with a ballot, so that nobody can change the order in which a voter's ballots count
   (A23): {"message":{"uuid","election_hash","ballot","sequence","previous"},"signature":{..}},
   signed by the credential's key, tag NEP-1-cast. The device counts its ballots from 1 and names
   the one that it made before; a retry sends identical bytes. */
#ifndef NEP_RECORDS_CAST_STATEMENT_H
#define NEP_RECORDS_CAST_STATEMENT_H

#include <stdint.h>

#include "protocol/ballot.h"

typedef struct nep_cast_statement {
  char uuid[65];
  char election_hash[65];
  char ballot[65];   /* hash of the ballot's text, hex */
  int64_t sequence;  /* 1..NEP_CAST_SEQUENCE_MAX */
  char previous[65]; /* hash of the ballot that the device made before this one; "" for none */
  nep_proof signature;
} nep_cast_statement;

/* Appends the canonical statement, signed now; s->signature is not used. */
void nep_cast_statement_make(const nep_group *g, const nep_scalar *key, const nep_cast_statement *s,
                             nep_buf *out);

/* Reads canonical text: exactly these fields, each well formed; the first ballot names none before
   it. Code "cast-statement" and the field. The signature is not tested. */
NEP_MUST_USE nep_status nep_cast_statement_parse(const nep_group *g, nep_bytes text,
                                                 nep_cast_statement *out, nep_error *err);

/* A parsed statement of this election, about this ballot (hash) and by this credential (a text
   known to be in the list). Codes "cast-statement" (it says another thing), "cast-signature". */
NEP_MUST_USE nep_status nep_cast_statement_verify(const nep_election *e, const char *credential,
                                                  const char *ballot, const nep_cast_statement *s,
                                                  nep_error *err);

/* Several at once, of one election or of several in the same group, which is faster; each gets
   exactly what it would get alone. */
typedef struct nep_cast_check {
  const nep_election *election;
  const nep_element *credential; /* of the ballot, a member of the group */
  const char *ballot;
  const nep_cast_statement *statement;
  nep_error *err;
  nep_status status; /* result */
} nep_cast_check;
void nep_cast_statements_verify(nep_cast_check *checks, size_t n);

/* The same as a part of the ballot's own check (protocol/ballot.h), which costs least: what of the
   statement is signed goes there as `beside`, its text to `message`, which stays until that check
   is over. Then, if the ballot was sound, what nep_cast_statement_verify would have said. */
void nep_cast_statement_beside(const nep_cast_statement *s, nep_buf *message,
                               nep_signed_beside *beside);
NEP_MUST_USE nep_status nep_cast_statement_decide(const nep_election *e, const char *ballot,
                                                  const nep_cast_statement *s,
                                                  const nep_signed_beside *beside, nep_error *err);

/* Casting body {"ballot":B,"statement":S} without its padding: appended, and taken apart again.
   The parts point into the body and are texts yet to be parsed; both being canonical makes the body
   so. Code "cast-body". */
void nep_cast_join(nep_bytes ballot, nep_bytes statement, nep_buf *out);
NEP_MUST_USE nep_status nep_cast_split(nep_bytes body, nep_bytes *ballot, nep_bytes *statement,
                                       nep_error *err);

#endif
