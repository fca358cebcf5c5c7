/* Comma-separated values (RFC 4180), one record at a time. */
#ifndef NEP_SERVER_SERVICE_CSV_H
#define NEP_SERVER_SERVICE_CSV_H

#include <stdbool.h>

#include "base/buf.h"

enum { NEP_CSV_FIELDS_MAX = 16 };

typedef struct nep_csv {
  nep_bytes text;
  size_t at;
  int64_t line;  /* on which the last record began, from 1 */
  int64_t lines; /* newlines passed so far */
  nep_buf record;
  size_t starts[NEP_CSV_FIELDS_MAX]; /* of the fields in `record`, each NUL-terminated */
  size_t n_fields;                   /* may exceed NEP_CSV_FIELDS_MAX: the record has too many */
  const char *fault;                 /* of the last record, or NULL */
} nep_csv;

/* Skips a byte order mark. */
void nep_csv_start(nep_csv *c, nep_bytes text);
/* False at the end. A record of one empty field is an empty line. */
bool nep_csv_next(nep_csv *c);
const char *nep_csv_field(const nep_csv *c, size_t i); /* i < n_fields and < NEP_CSV_FIELDS_MAX */
void nep_csv_free(nep_csv *c);

#endif
