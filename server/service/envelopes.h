/* Inside service/ only: lists of envelopes that come in a request's body, stand beside the archive
   and are served as one JSON array. */
#ifndef NEP_SERVER_SERVICE_ENVELOPES_H
#define NEP_SERVER_SERVICE_ENVELOPES_H

#include "records/envelopes.h"
#include "server/db/board.h"

/* The array in this field of a body; its members are not verified yet. Codes of
   nep_envelopes_add_all, with the field's name. */
NEP_MUST_USE nep_status nep_envelopes_read(const json_t *body, const char *field,
                                           nep_envelopes *out, nep_error *err);
/* Stores all as additions of this kind, numbered behind those that are there. */
NEP_MUST_USE nep_status nep_envelopes_store(nep_db *db, const char *uuid, const char *kind,
                                            const nep_envelopes *list, nep_error *err);
/* Appends the array of all additions of this kind, and its SHA-256; [] when there is none. */
NEP_MUST_USE nep_status nep_envelopes_text(nep_db *db, const char *uuid, const char *kind,
                                           nep_buf *out, char hash[65], nep_error *err);

#endif
