/* Addresses of requests: path templates and query parameters, both strict. */
#ifndef NEP_HTTP_QUERY_H
#define NEP_HTTP_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

enum { NEP_QUERY_MAX = 4, NEP_QUERY_NAME = 16, NEP_QUERY_VALUE = 64 };

typedef struct nep_query {
  struct {
    char name[NEP_QUERY_NAME], value[NEP_QUERY_VALUE];
  } items[NEP_QUERY_MAX];
  size_t n;
} nep_query;

/* Decodes %XX into out (with a NUL); false for bad or cut-off escapes, control characters, a result
   that is not UTF-8, or one that does not fit. '+' stays '+'. */
NEP_MUST_USE bool nep_percent_decode(nep_bytes text, char *out, size_t room);

/* Reads "a=1&b=2" (what follows '?'; may be empty). Each parameter must be among `allowed` (NULL
   ends the list) and come once. Code "query"; the field is the parameter's name. */
NEP_MUST_USE nep_status nep_query_parse(nep_bytes text, const char *const *allowed, nep_query *out,
                                        nep_error *err);

/* NULL when absent. */
const char *nep_query_value(const nep_query *q, const char *name);

/* A decimal number without sign or leading zeros; *out stays when the parameter is absent. */
NEP_MUST_USE nep_status nep_query_number(const nep_query *q, const char *name, uint64_t min,
                                         uint64_t max, uint64_t *out, nep_error *err);

enum { NEP_PATH_PARAMS = 2, NEP_PATH_PARAM_MAX = 200 };

/* The raw (still escaped) values of the {..} segments of a template, in order. */
typedef struct nep_path_match {
  nep_bytes params[NEP_PATH_PARAMS];
  size_t n;
} nep_path_match;

/* Does the raw path have the template's form? Literal segments must be equal byte for byte, a {..}
   segment takes one segment that is not empty. */
bool nep_path_match_template(nep_bytes path, const char *template, nep_path_match *out);

#endif
