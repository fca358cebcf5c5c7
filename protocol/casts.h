/* The side file UUID.casts: cast statements beside the archive, in the same append-only form with a
   chain of its own. First record NEP-CASTS {"version":1,"timestamp":N,"uuid":U}; then for the n-th
   Ballot event of the archive (from 0) the statement's data record and the event
   {"parent"?,"height":n,"type":["Cast"],"payload":hash}. A pure function of archive and statements.
 */
#ifndef NEP_PROTOCOL_CASTS_H
#define NEP_PROTOCOL_CASTS_H

#include "protocol/archive.h"

#define NEP_CASTS_NAME "NEP-CASTS"

/* Body of the first record. */
void nep_casts_first(int64_t timestamp, const char *uuid, nep_buf *out);
/* Appends the first record. */
void nep_casts_start(nep_buf *out, int64_t timestamp, const char *uuid);
/* Bytes that the first record takes. */
enum { NEP_CASTS_START = 2 * NEP_TAR_BLOCK };

/* Canonical text of the event at `height`; parent NULL at height 0. hash gets its SHA-256 hex. */
void nep_casts_event(const char *parent, uint64_t height, const char *statement, nep_buf *out,
                     char hash[65]);

/* A reader (archive.h) of the casts file of this election. */
NEP_MUST_USE nep_status nep_casts_reader_open(const char *path, const char *uuid,
                                              nep_archive_reader **out, nep_error *err);

#endif
