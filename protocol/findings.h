/* What a verifier did and found: every check that was run is counted, every fault is kept. The
   verdict is computed from these and from nothing else. Not shared between threads: each worker
   fills its own, nep_findings_merge joins them in order. */
#ifndef NEP_PROTOCOL_FINDINGS_H
#define NEP_PROTOCOL_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct nep_finding {
  char *code;   /* those of the negative manifest, e.g. "ballot-signature" */
  char *object; /* what it is about, e.g. "ballot 3 (tracker …)" */
  char *reason; /* one sentence */
  bool limit;   /* more than this verifier checks, which may be no breach of the protocol */
} nep_finding;

typedef struct nep_findings {
  nep_finding *faults;
  size_t n_faults;
  nep_finding *warnings;
  size_t n_warnings;
  struct nep_check_count {
    const char *name; /* static, e.g. "ballot signatures" */
    uint64_t run;
  } * checks;
  size_t n_checks;
} nep_findings; /* zero-initialise; nep_findings_free */

void nep_findings_free(nep_findings *f);

/* Counts `n` finished runs of the check `name` (a string literal). */
void nep_checked(nep_findings *f, const char *name, uint64_t n);

void nep_fault(nep_findings *f, const char *code, const char *object, const char *reason, ...)
    NEP_PRINTF(4, 5);
/* The same where only a limit of this verifier is passed. */
void nep_limit(nep_findings *f, const char *code, const char *object, const char *reason, ...)
    NEP_PRINTF(4, 5);
void nep_warning(nep_findings *f, const char *code, const char *object, const char *reason, ...)
    NEP_PRINTF(4, 5);

/* Appends b's entries to a, empties b. */
void nep_findings_merge(nep_findings *a, nep_findings *b);

/* Counts the check, and adds the fault when `held` is false; returns `held`. */
bool nep_check(nep_findings *f, const char *check, bool held, const char *code, const char *object,
               const char *reason);

/* Turns the first fault into an error (NEP_E_CHECK); NEP_OK when there is none. */
NEP_MUST_USE nep_status nep_findings_status(const nep_findings *f, nep_error *err);

#endif
