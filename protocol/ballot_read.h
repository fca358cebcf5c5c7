/* Inside protocol/ only: reading a ballot step by step, in the order in which the reference
   verifier stops, so that one fault gives one report. Each step adds its faults and says whether
   reading can go on. */
#ifndef NEP_PROTOCOL_BALLOT_READ_H
#define NEP_PROTOCOL_BALLOT_READ_H

#include "protocol/ballot.h"

typedef struct nep_ballot_reading {
  const nep_election *election;
  nep_bytes text;
  const char *object;
  nep_findings *findings;
  nep_ballot *ballot;     /* NULL before the text was JSON */
  const json_t *message;  /* borrowed from ballot->json */
  nep_bytes message_text; /* its canonical text, a part of `text` */
  nep_proof signature;
  /* protocol.md §9: Z, followed by the ciphertexts of the answer read last: S2. Texts as received,
     which reading has shown to be canonical. */
  nep_buf statement;
  size_t z_len;
  /* The elements of all answers in order, decoded beforehand; `taken` of them are in the ballot. */
  const nep_element *element;
  const char *const *refusal;
  size_t taken;
  /* Texts of all these elements when nep_ballot_scan has read the ballot; NULL otherwise. */
  nep_bytes *scanned;
  size_t n_scanned;
  bool general; /* tests: no scanning */
} nep_ballot_reading;

/* Reads a text that is canonical and of the right shape down to its last proof, all but decoding
   the elements, and says whether it was one; the steps that follow then only hand out what was
   read. Otherwise nothing has changed. nep_ballot_scan_end frees `scanned`. */
bool nep_ballot_scan(nep_ballot_reading *r);
void nep_ballot_scan_end(nep_ballot_reading *r);
/* With hash and tracker; takes over `json`, which may be NULL. */
nep_ballot *nep_ballot_new(nep_bytes text, json_t *json);

/* Canonical JSON, the fields down to the credential, uuid and phi. */
bool nep_ballot_read_envelope(nep_ballot_reading *r);
bool nep_ballot_read_signature(nep_ballot_reading *r);
/* One answer for each question. */
bool nep_ballot_read_count(nep_ballot_reading *r);
/* Decodes the elements of the answers of n ballots at once, which were read up to here; n may be 0.
   The result is needed until the answers are read. */
typedef struct nep_ballot_elements nep_ballot_elements;
nep_ballot_elements *nep_ballot_elements_decode(nep_ballot_reading *const *r, size_t n);
void nep_ballot_elements_free(nep_ballot_elements *e);

/* Answer q, part by part; each has exactly the length that the question calls for. */
bool nep_ballot_read_choices(nep_ballot_reading *r, size_t q);
bool nep_ballot_read_individual(nep_ballot_reading *r, size_t q);
bool nep_ballot_read_overall(nep_ballot_reading *r, size_t q);

/* Hands the ballot over. When reading was not `complete`, what can still be used of it: choices
   alone, read leniently; NULL when there is nothing. */
nep_ballot *nep_ballot_read_end(nep_ballot_reading *r, bool complete);

/* Replaces the answers by the ciphertexts that can be read when canonical form is forgiven. False
   when credential or ciphertexts cannot be read at all. */
bool nep_ballot_salvage(const nep_election *e, nep_ballot *b);
/* Frees what the answers hold. */
void nep_ballot_free_answers(nep_ballot *b);

#endif
