/* Inside records/ only: typed fields that several messages share. Each reader names the field. */
#ifndef NEP_RECORDS_FIELDS_H
#define NEP_RECORDS_FIELDS_H

#include "protocol/json.h"

/* Appends `"key":"value"` (with a comma unless it is the first field), and the opening brace before
   the first one. */
void nep_field_open(nep_buf *out, const char *key, const char *value);
void nep_field_add(nep_buf *out, const char *key, const char *value);

NEP_MUST_USE nep_status nep_field_uuid(const json_t *object, const char *key, char out[65],
                                       nep_error *err);
NEP_MUST_USE nep_status nep_field_time(const json_t *object, const char *key, char out[21],
                                       nep_error *err);
NEP_MUST_USE nep_status nep_field_tracker(const json_t *object, const char *key, char out[44],
                                          nep_error *err);
/* Printable UTF-8, 1..max bytes (without the NUL that `out` has room for). */
NEP_MUST_USE nep_status nep_field_name(const json_t *object, const char *key, size_t max, char *out,
                                       nep_error *err);
/* base64url of 32 bytes; *nonce has 44 bytes. */
NEP_MUST_USE nep_status nep_field_nonce(const json_t *object, const char *key, char out[44],
                                        nep_error *err);

/* 1..max bytes of UTF-8 without control characters. */
bool nep_is_name(const char *text, size_t len, size_t max);

#endif
