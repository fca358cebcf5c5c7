/* Inside dispute: the rules, one file for each kind of evidence. */
#ifndef NEP_TALLY_DISPUTE_RULES_H
#define NEP_TALLY_DISPUTE_RULES_H

#include "records/cast_statement.h"
#include "tally/dispute.h"

void nep_dispute_rule_fork(nep_dispute *d);   /* papers against papers, archives against archives */
void nep_dispute_rule_record(nep_dispute *d); /* papers against archives, archives by themselves */
void nep_dispute_rule_refusals(nep_dispute *d);  /* refusals against everything */
void nep_dispute_rule_challenge(nep_dispute *d); /* the device against its own code */

void nep_dispute_rule_mirrors(nep_dispute *d); /* countersignatures against everything */

/* Casts files against archives and against each other; finds out nep_branch.casts. */
void nep_dispute_rule_casts(nep_dispute *d);
void nep_dispute_rule_statements(nep_dispute *d); /* single statements against all that */
/* One refusal with code "cast-order"; called by the rule of refusals. */
void nep_dispute_rule_order(nep_dispute *d, const nep_paper *refusal);

/* ---- what the rules look up (dispute_look.c) ---- */

/* Ballots of one credential in a branch. */
typedef struct nep_placed {
  uint64_t height, nth; /* nth: among the ballots, from 0 */
  char ballot[65], tracker[44];
  int64_t sequence; /* of its statement in the branch's casts file, 0 without one */
  char statement[65];
} nep_placed;
typedef struct nep_placed_list {
  nep_placed *list; /* by height; free() */
  size_t n;
} nep_placed_list;
/* False when the files cannot be read (again): then nothing is known, not even that there is none.
 */
NEP_MUST_USE bool nep_branch_ballots(const nep_branch *b, const char *credential,
                                     nep_placed_list *out);

/* The credential of the ballot with this hash, which a ballot paper or a branch holds: its text, ""
   when there is none. */
typedef struct nep_ballot_owner {
  char credential[NEP_ELEMENT_TEXT_MAX];
} nep_ballot_owner;
bool nep_dispute_owner(const nep_dispute *d, const char *ballot, nep_ballot_owner *out);

/* A statement paper, read and verified with the archive of its election; false, with a saying
   unless `quiet`, when it is no evidence. */
typedef struct nep_voice {
  const nep_paper *paper;
  const nep_branch *branch; /* the archive that it was verified with */
  nep_cast_statement s;
  nep_ballot_owner owner;
  char hash[65];    /* of the statement's text */
  char tracker[44]; /* of its ballot */
} nep_voice;
bool nep_dispute_voice(nep_dispute *d, const nep_paper *p, bool quiet, nep_voice *out);

/* A receipt or a head: it names an event at a height. */
bool nep_paper_names_event(const nep_paper *p);

#endif
