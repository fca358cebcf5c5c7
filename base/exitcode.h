/* Exit codes of every program; each manual page repeats them. */
#ifndef NEP_BASE_EXITCODE_H
#define NEP_BASE_EXITCODE_H

enum {
  NEP_EXIT_OK = 0,      /* done; for a verifier: every check was run and held */
  NEP_EXIT_REFUSED = 1, /* a check failed or the request was refused; nothing half done */
  NEP_EXIT_CANNOT = 2   /* could not run: bad usage, unreadable file, no connection */
};

#endif
