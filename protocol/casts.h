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

/* Reads such a text; out->type says nothing. Codes json, shape, "casts-format" (not canonical, not
   of type Cast, a parent at height 0 or none above). */
NEP_MUST_USE nep_status nep_casts_event_parse(nep_bytes text, nep_event *out, nep_error *err);

/* A reader (archive.h) of the casts file of this election. */
NEP_MUST_USE nep_status nep_casts_reader_open(const char *path, const char *uuid,
                                              nep_archive_reader **out, nep_error *err);
/* The uuid in the first record of a casts file of any election; false when `path` is none. */
NEP_MUST_USE bool nep_casts_uuid(const char *path, char uuid[65]);

/* ---- entry by entry ---- */

/* A statement with its event, as the file has them; the texts are not looked into. */
typedef struct nep_cast_entry {
  nep_buf statement;
  char hash[65];  /* of the statement's record */
  char event[65]; /* of the event's record */
  bool hash_ok;   /* both records hash to their names */
  bool follows;   /* the event continues the chain and names the statement */
} nep_cast_entry; /* zero-initialise, may be used again; nep_cast_entry_free */
void nep_cast_entry_free(nep_cast_entry *e);

/* How far a chain was read. */
typedef struct nep_casts_chain {
  uint64_t events;
  char head[65]; /* hash of the last event, "" before the first */
} nep_casts_chain;

/* NEP_OK with *end = true behind the last entry. Code "casts-format" when records do not come by
   turns. The chain goes on with what is there, whether it follows or not. */
NEP_MUST_USE nep_status nep_casts_next(nep_archive_reader *r, nep_casts_chain *chain,
                                       nep_cast_entry *out, bool *end, nep_error *err);

#endif
