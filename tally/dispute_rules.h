/* Inside dispute: the rules, one file for each kind of evidence. */
#ifndef NEP_TALLY_DISPUTE_RULES_H
#define NEP_TALLY_DISPUTE_RULES_H

#include "tally/dispute.h"

void nep_dispute_rule_fork(nep_dispute *d);   /* papers against papers, archives against archives */
void nep_dispute_rule_record(nep_dispute *d); /* papers against archives, archives by themselves */
void nep_dispute_rule_refusals(nep_dispute *d);  /* refusals against everything */
void nep_dispute_rule_challenge(nep_dispute *d); /* the device against its own code */

void nep_dispute_rule_mirrors(nep_dispute *d); /* countersignatures against everything */

/* A receipt or a head: it names an event at a height. */
bool nep_paper_names_event(const nep_paper *p);

#endif
