/* Asking a voter on the terminal. */
#ifndef NEP_CLIENT_CHOICE_H
#define NEP_CLIENT_CHOICE_H

#include "records/choices.h"

/* Shows each question with its candidates on stderr, asks until the answer is allowed, shows what
   was chosen and asks whether it is right. NEP_E_STATE "not-cast" when the person says no. When
   standard input is no terminal, a wrong answer ends it with that error. */
NEP_MUST_USE nep_status nep_choices_ask(const nep_election *e, nep_choice *out, nep_error *err);

/* Reads one answer: numbers of candidates separated by spaces or commas, or 0 for a blank vote. */
NEP_MUST_USE nep_status nep_choice_from_numbers(const nep_question *q, nep_bytes line,
                                                nep_choice *out, nep_error *err);

/* What was chosen, a line for each question, on stderr. */
void nep_choices_show(const nep_election *e, const nep_choice *choices);

#endif
