/* A question that is answered with yes or no. */
#ifndef NEP_CLIENT_CONFIRM_H
#define NEP_CLIENT_CONFIRM_H

#include <stdbool.h>

#include "base/status.h"

/* Asks as nep_ask does; *yes is true for y, yes, c and có, whatever the language of the question.
   An error: there was no answer. */
NEP_MUST_USE nep_status nep_confirm(const char *question, bool *yes, nep_error *err);

#endif
