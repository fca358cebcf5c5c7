/* Questions to the person at the terminal. */
#ifndef NEP_BASE_TERMINAL_H
#define NEP_BASE_TERMINAL_H

#include "base/buf.h"
#include "base/status.h"

/* Asks on the terminal and reads one line (without its newline, at most `max` bytes) into *answer,
   from the terminal or, when standard input is no terminal, from standard input. With `hidden` the
   typed characters are not shown and *answer must be ended with nep_buf_wipe. */
NEP_MUST_USE nep_status nep_ask(const char *question, int hidden, size_t max, nep_buf *answer,
                                nep_error *err);

#endif
