/* A voter's choices as text: the choice file that is read, and what a challenge reveals. Choices
   are secrets: kept in locked memory and wiped. */
#ifndef NEP_RECORDS_CHOICES_H
#define NEP_RECORDS_CHOICES_H

#include "protocol/ballot.h"

/* One choice per question of the election; nep_secret_free. */
nep_choice *nep_choices_new(const nep_election *e);

/* Reads [[0,1,..],"blank",..]: for each question a list of 0 or 1 for each candidate, or "blank".
   Code "choice-file"; the shape must fit the election, the rules are checked by nep_choice_check.
 */
NEP_MUST_USE nep_status nep_choices_read(const nep_election *e, nep_bytes text, nep_choice *out,
                                         nep_error *err);

/* Appends that form without spaces: only for choices that are revealed. */
void nep_choices_write(const nep_election *e, const nep_choice *choices, nep_buf *out);

/* nep_choice_check, with advice in the voter's language. */
NEP_MUST_USE nep_status nep_choices_check(const nep_election *e, const nep_choice *choices,
                                          nep_error *err);

#endif
