/* A voter's choice: from a file or asked on the terminal. Choices are secrets: kept in locked
   memory, wiped, never written anywhere. */
#ifndef NEP_CLIENT_CHOICE_H
#define NEP_CLIENT_CHOICE_H

#include "protocol/ballot.h"

/* One choice per question of the election; nep_secret_free. */
nep_choice *nep_choices_new(const nep_election *e);

/* Reads [[0,1,..],"blank",..]: for each question a list of 0 or 1 for each candidate, or "blank".
   Code "choice-file"; the shape must fit the election, the rules are checked by nep_choice_check.
 */
NEP_MUST_USE nep_status nep_choices_read(const nep_election *e, nep_bytes text, nep_choice *out,
                                         nep_error *err);

/* nep_choice_check, with advice in the voter's language. */
NEP_MUST_USE nep_status nep_choices_check(const nep_election *e, const nep_choice *choices,
                                          nep_error *err);

/* Shows each question with its candidates on stderr, asks until the answer is allowed, shows what
   was chosen and asks whether to cast it. NEP_E_STATE "not-cast" when the person says no. When
   standard input is no terminal, a wrong answer ends it with that error. */
NEP_MUST_USE nep_status nep_choices_ask(const nep_election *e, nep_choice *out, nep_error *err);

/* Reads one answer: numbers of candidates separated by spaces or commas, or 0 for a blank vote. */
NEP_MUST_USE nep_status nep_choice_from_numbers(const nep_question *q, nep_bytes line,
                                                nep_choice *out, nep_error *err);

#endif
