/* Reading a voter roll (CSV): every bad row is named by line, field and reason. */
#ifndef NEP_SERVER_SERVICE_ROLL_H
#define NEP_SERVER_SERVICE_ROLL_H

#include "server/db/official.h"

enum {
  NEP_ROLL_REPORTED_MAX = 1000, /* bad rows named; all are counted */
  NEP_ROLL_NAME_MAX = 200,      /* characters */
  NEP_ROLL_IDENTIFIER_MAX = 100
};

typedef struct nep_roll_fault {
  int64_t line;
  const char *field; /* static */
  char *reason;
} nep_roll_fault;

typedef struct nep_roll {
  nep_roll_row *rows; /* the good ones; their texts are owned */
  size_t n_rows, room;
  nep_roll_fault *faults; /* in the order of lines, at most NEP_ROLL_REPORTED_MAX */
  size_t n_faults;        /* all of them */
} nep_roll;

typedef struct nep_roll_rules {
  bool vn12;          /* identifiers are Vietnamese 12-digit identification numbers */
  bool weights;       /* the trust file expects weights other than 1 */
  int64_t voting_day; /* seconds since 1970, 0 when not set yet: then nobody's age is checked */
} nep_roll_rules;

/* UTF-8, header line "identifier,name[,birth_date][,weight]". NEP_OK also when rows are bad: look
   at n_faults. An unusable header is NEP_E_INPUT "roll-header". nep_roll_free in either case. */
NEP_MUST_USE nep_status nep_roll_read(nep_bytes csv, const nep_roll_rules *rules, nep_roll *out,
                                      nep_error *err);
void nep_roll_fault_add(nep_roll *roll, int64_t line, const char *field, const char *reason, ...)
    NEP_PRINTF(4, 5);
void nep_roll_free(nep_roll *roll);

/* ---- used by nep_roll_read: one field each; false after adding the fault ---- */
bool nep_roll_check_identifier(nep_roll *roll, const nep_roll_rules *rules, int64_t line,
                               const char *text);
bool nep_roll_check_name(nep_roll *roll, int64_t line, const char *text);
/* `text` is "" when it is left out. */
bool nep_roll_check_birth(nep_roll *roll, const nep_roll_rules *rules, int64_t line,
                          const char *identifier, const char *text);
bool nep_roll_check_weight(nep_roll *roll, const nep_roll_rules *rules, int64_t line,
                           const char *text, int64_t *weight);

#endif
