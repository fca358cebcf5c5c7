/* How every function of the project says that something went wrong, and where. */
#ifndef NEP_BASE_STATUS_H
#define NEP_BASE_STATUS_H

#include <stdarg.h>

#define NEP_MUST_USE __attribute__((warn_unused_result))
#define NEP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

typedef enum nep_status {
  NEP_OK = 0,
  NEP_E_INPUT,       /* malformed or inadmissible input: the sender must change it */
  NEP_E_CHECK,       /* well formed, but a proof, signature, hash or consistency check failed */
  NEP_E_STATE,       /* right request, wrong moment: phase, deadline, replay */
  NEP_E_NOT_FOUND,   /* the named thing does not exist */
  NEP_E_DENIED,      /* the sender has not shown the right to do this */
  NEP_E_UNSUPPORTED, /* valid elsewhere, but not implemented here; nothing was done */
  NEP_E_IO,          /* file, socket or database failed; trying again may help */
  NEP_E_BUSY,        /* a bounded resource is full; try again later */
  NEP_E_INTERNAL     /* a fault of our own */
} nep_status;

/* The story behind a status other than NEP_OK. Plain value: no ownership, nothing to free. */
typedef struct nep_error {
  nep_status status;
  char code[48];    /* stable kebab-case name for programs, e.g. "ballot-parse" */
  char where[160];  /* field, file:line or object, e.g. "answers[0].choices[2].alpha" */
  char reason[384]; /* what is wrong, one sentence without a full stop */
  char advice[256]; /* what to do about it; may be empty */
} nep_error;

/* Fills *err (which may be NULL) and returns `status`, so that a failing function ends in
   `return nep_fail(err, NEP_E_INPUT, "ballot-parse", "answers", "expected %zu, found %zu", n, m);`
   `where` may be NULL. Text that does not fit is cut at a whole UTF-8 character. */
nep_status nep_fail(nep_error *err, nep_status status, const char *code, const char *where,
                    const char *reason, ...) NEP_PRINTF(5, 6);

/* Adds what the reader should do; err may be NULL. Returns the status already in *err. */
nep_status nep_advise(nep_error *err, const char *advice, ...) NEP_PRINTF(2, 3);

/* Puts `outer` before the place in *err ("questions[1]" before "min" gives "questions[1].min"). */
nep_status nep_inside(nep_error *err, nep_status status, const char *outer, ...) NEP_PRINTF(3, 4);

/* "where: reason; advice" on one line in `out`; returns out. */
const char *nep_error_line(const nep_error *err, char *out, unsigned long size);

/* English name of a status, e.g. "input". Never NULL. */
const char *nep_status_name(nep_status status);

#endif
