/* Problem documents of the server (RFC 9457) as errors. */
#ifndef NEP_CLIENT_PROBLEM_H
#define NEP_CLIENT_PROBLEM_H

#include "base/buf.h"
#include "base/status.h"

/* Fills *err from the document (or, when the body is none, from the HTTP status alone) and returns
   the status. */
nep_status nep_problem(long http_status, nep_bytes body, nep_error *err);

/* Prints the rows of a refused roll ({"rows":[{"line","field","reason"}..]}), one a line, to
   stderr; does nothing for other documents. */
void nep_problem_print_rows(nep_bytes body);

#endif
