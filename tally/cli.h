/* Command lines of the offline tools: one table row per command, one file per command. */
#ifndef NEP_TALLY_CLI_H
#define NEP_TALLY_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/exitcode.h"
#include "base/status.h"

enum { NEP_CLI_OPTIONS_MAX = 24, NEP_CLI_VALUES_MAX = 256 };

typedef struct nep_cli_option {
  const char *name;
  const char *value; /* NULL for a flag */
  enum { NEP_OPTIONAL, NEP_REQUIRED, NEP_REPEATED } need;
  const char *doc;
} nep_cli_option;

typedef struct nep_arguments nep_arguments;

typedef struct nep_cli_command {
  const char *name; /* "compute", "dkg cert" */
  const char *args; /* "FILE.bel SHARE.json..." */
  size_t min_args, max_args;
  const char *doc;
  const nep_cli_option *options;      /* ends with a NULL name; may be NULL */
  int (*run)(const nep_arguments *a); /* an exit code */
} nep_cli_command;

/* Starts the process and the cryptography, finds the command, reads its arguments, runs it. Ends
   with NEP_EXIT_CANNOT on bad usage. `commands` ends with a NULL name. */
int nep_cli_main(const char *program, const char *doc, const nep_cli_command *commands, int argc,
                 char **argv);

/* Value of an option (the last one given), NULL when absent; "" for a flag that is set. */
const char *nep_option(const nep_arguments *a, const char *name);
size_t nep_options(const nep_arguments *a, const char *name,
                   const char *out[static NEP_CLI_VALUES_MAX]);
/* NEP_E_INPUT when it is no decimal number in min..max; `fallback` when absent. */
NEP_MUST_USE nep_status nep_option_number(const nep_arguments *a, const char *name,
                                          unsigned long min, unsigned long max,
                                          unsigned long fallback, unsigned long *out,
                                          nep_error *err);
const char *nep_argument(const nep_arguments *a, size_t i); /* NULL beyond the last */

/* Prints the error and its code, if there is one, and gives the exit code that it stands for. */
int nep_cli_end(nep_status status, const nep_error *err);

/* Reads a public text, without the white space at its end. */
NEP_MUST_USE nep_status nep_cli_text(const char *path, size_t max, nep_buf *out, nep_error *err);
/* The same of a file that only its owner can read. End with nep_buf_wipe. */
NEP_MUST_USE nep_status nep_cli_secret(const char *path, size_t max, nep_buf *out, nep_error *err);
/* Several files, one message a line. */
NEP_MUST_USE nep_status nep_cli_lines(const char *const *paths, size_t n, size_t max, nep_buf *out,
                                      nep_error *err);
/* Reads a seed from a file that only its owner can read. End with nep_buf_wipe. */
NEP_MUST_USE nep_status nep_cli_seed(const char *path, nep_buf *out, nep_error *err);
/* Reads a voter's credential from a file that only its owner can read. End with nep_buf_wipe. */
NEP_MUST_USE nep_status nep_cli_credential(const char *path, nep_buf *out, nep_error *err);
/* Writes text and newline to a new file; an existing one is refused. */
NEP_MUST_USE nep_status nep_cli_save(const char *path, nep_bytes text, bool secret, nep_error *err);
/* A secret and what is public of it: both or none. */
NEP_MUST_USE nep_status nep_cli_save_both(const char *secret_path, nep_bytes secret,
                                          const char *public_path, nep_bytes public,
                                          nep_error *err);
/* folder/name+suffix; free(). The folder is made when it is missing. */
NEP_MUST_USE nep_status nep_cli_path(const char *folder, const char *name, const char *suffix,
                                     char **out, nep_error *err);

#endif
