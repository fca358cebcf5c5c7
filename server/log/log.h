/* The log: one JSON object a line on standard error, {"time","level","event",..}. Never personal
   data, never a body, never a visitor's address: callers name what happened, not who did it. */
#ifndef NEP_SERVER_LOG_H
#define NEP_SERVER_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

typedef enum nep_log_level {
  NEP_LOG_ERROR, /* somebody must act */
  NEP_LOG_WARNING,
  NEP_LOG_INFO,
  NEP_LOG_DEBUG
} nep_log_level;

/* "error", "warning", "info", "debug"; false for any other name. */
NEP_MUST_USE bool nep_log_level_parse(const char *name, nep_log_level *out);
/* NULL for such a name, else what is wrong: the check of a setting. */
const char *nep_log_level_check(const char *name);

/* Lines less important than `least` are left out from now on (at the start: info). */
void nep_log_set_level(nep_log_level least);
/* Lines go to this descriptor instead of standard error (tests). */
void nep_log_set_descriptor(int fd);

/* A line under construction; each function does nothing when the level is not wanted.
   nep_log_line l = nep_log_begin(NEP_LOG_INFO, "started"); nep_log_number(&l, "port", 8443);
   nep_log_end(&l); writes it with one write(2), so lines of threads never mix. */
typedef struct nep_log_line {
  nep_buf text;
  bool wanted;
} nep_log_line;

nep_log_line nep_log_begin(nep_log_level level, const char *event);
void nep_log_text(nep_log_line *l, const char *key, const char *value); /* bad UTF-8 becomes '?' */
void nep_log_number(nep_log_line *l, const char *key, int64_t value);
void nep_log_end(nep_log_line *l);

/* A line with code, where, reason and advice of an error. */
void nep_log_error(nep_log_level level, const char *event, const nep_error *err);

#endif
