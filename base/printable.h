/* Text that came from elsewhere, for a terminal or for JSON: it can neither steer the terminal nor
   disguise what it says. */
#ifndef NEP_BASE_PRINTABLE_H
#define NEP_BASE_PRINTABLE_H

#include <stdio.h>

#include "base/buf.h"

/* Well-formed UTF-8 in which a '?' stands for each control character (C0, DEL, C1), each mark that
   changes the direction of writing and each separator of lines; and for each byte above 0x7f of a
   text that is not well-formed UTF-8. free(). */
char *nep_printable(const char *text);
/* Appends JSON in which each such character, which can only stand in a string, is written as an
   escape: it means the same. `json` is well-formed UTF-8 with its C0 characters escaped. */
void nep_printable_json(nep_buf *out, nep_bytes json);
/* Prints it. */
void nep_show(FILE *to, const char *text);

#endif
