/* What the programs tell people: errors in their language, texts of others made harmless. */
#ifndef NEP_CLIENT_SAY_H
#define NEP_CLIENT_SAY_H

#include <stdio.h>

#include "base/printable.h"
#include "base/status.h"

/* The translated sentence for an error code, or NULL when there is none. */
const char *nep_message_for(const char *code);

/* A fixed reason of a lower layer in the person's language, or the text as it is. */
const char *nep_reason_translated(const char *reason);

/* The whole error on stderr: sentence, field, reason, advice. */
void nep_say_error(const char *program, const nep_error *err);

/* The exit code that an error means: 1 refused, 2 could not run. */
int nep_exit_code(const nep_error *err);

#endif
