/* JSON as protocol.md §4 has it: strict reading, canonical writing. */
#ifndef NEP_PROTOCOL_JSON_H
#define NEP_PROTOCOL_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/status.h"

/* Reads one JSON value that fills `text` (surrounding white space allowed): valid UTF-8, no
   duplicate keys, no NUL, bounded depth. *out is a new reference (json_decref). */
NEP_MUST_USE nep_status nep_json_parse(nep_bytes text, json_t **out, nep_error *err);

/* The same for what is never longer than NEP_JSON_SHORT bytes, an event or a few hashes: refused
   before a tree of values is made of it, which may take a hundred times its length. */
enum { NEP_JSON_SHORT = 1024 };
NEP_MUST_USE nep_status nep_json_parse_short(nep_bytes text, json_t **out, nep_error *err);

/* Appends the canonical text of `value` (compact, keys in their order). */
void nep_json_write(nep_buf *out, const json_t *value);
/* Appends the canonical text of one string, quotes included. */
void nep_json_write_string(nep_buf *out, const char *text, size_t len);

/* True when the canonical text of `value` is exactly `text`. */
bool nep_json_is_canonical(const json_t *value, nep_bytes text);

/* The same as a status: NEP_E_CHECK "noncanonical", with the place of the first difference. */
NEP_MUST_USE nep_status nep_json_check_canonical(const json_t *value, nep_bytes text,
                                                 nep_error *err);

/* parse, then the canonical text must equal the bytes received: NEP_E_CHECK "noncanonical". */
NEP_MUST_USE nep_status nep_json_parse_canonical(nep_bytes text, json_t **out, nep_error *err);

/* The object's keys must be exactly these, in this order; a name ending in '?' may be absent. The
   list ends with NULL. `where` names the object in the error; code "shape". */
NEP_MUST_USE nep_status nep_json_fields(const json_t *object, const char *where, nep_error *err,
                                        ...) __attribute__((sentinel));

/* Typed access after nep_json_fields; each names the field in its error, code "shape". Returned
   strings are borrowed from the object. */
NEP_MUST_USE nep_status nep_json_string(const json_t *object, const char *key, const char **out,
                                        size_t *len, nep_error *err);
NEP_MUST_USE nep_status nep_json_integer(const json_t *object, const char *key, int64_t min,
                                         int64_t max, int64_t *out, nep_error *err);
NEP_MUST_USE nep_status nep_json_bool(const json_t *object, const char *key, bool *out,
                                      nep_error *err);
NEP_MUST_USE nep_status nep_json_array(const json_t *object, const char *key, const json_t **out,
                                       nep_error *err);
/* 64 lower-case hex digits. */
NEP_MUST_USE nep_status nep_json_hash(const json_t *object, const char *key, char out[65],
                                      nep_error *err);

#endif
