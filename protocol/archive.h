/* The archive UUID.bel (protocol.md §11): records, events, streaming reader, append-only writer. */
#ifndef NEP_PROTOCOL_ARCHIVE_H
#define NEP_PROTOCOL_ARCHIVE_H

#include <stdint.h>
#include <stdio.h>

#include "crypto/hash.h"
#include "protocol/file_identity.h"
#include "protocol/findings.h"
#include "protocol/json.h"

enum {
  NEP_RECORD_MAX = 256 << 20, /* a list of three million credentials */
  NEP_TAR_BLOCK = 512,
  NEP_ARCHIVE_NAME_MAX = 80 /* of a record, with its NUL */
};
#define NEP_DATA_SUFFIX ".data.json"
#define NEP_EVENT_SUFFIX ".event.json"

typedef enum nep_event_type {
  NEP_EVENT_SETUP,
  NEP_EVENT_BALLOT,
  NEP_EVENT_END_BALLOTS,
  NEP_EVENT_ENCRYPTED_TALLY,
  NEP_EVENT_SHUFFLE,
  NEP_EVENT_END_SHUFFLES,
  NEP_EVENT_PARTIAL_DECRYPTION,
  NEP_EVENT_RESULT
} nep_event_type;

const char *nep_event_name(nep_event_type type); /* "Setup", … */
bool nep_event_has_payload(nep_event_type type); /* all but EndBallots and EndShuffles */

typedef struct nep_event {
  char hash[65]; /* of the event's text */
  bool has_parent;
  char parent[65];
  uint64_t height;
  nep_event_type type;
  bool has_payload;
  char payload[65];
} nep_event;

/* Canonical event text; parent and payload NULL when absent. hash gets its SHA-256 hex. */
void nep_event_write(const char *parent, uint64_t height, nep_event_type type, const char *payload,
                     nep_buf *out, char hash[65]);
/* Code noncanonical: *out is filled nevertheless. Other codes: json, shape, archive-format. */
NEP_MUST_USE nep_status nep_event_parse(nep_bytes text, nep_event *out, nep_error *err);

/* ---- building blocks, pure bytes: the server keeps records in its database and uses these ---- */

/* The 512-byte header of a record. */
void nep_tar_header(const char *name, uint64_t size, int64_t mtime, char out[NEP_TAR_BLOCK]);
/* Appends a record: header, body, padding. */
void nep_archive_record(nep_buf *out, const char *name, int64_t timestamp, nep_bytes body);
/* Appends the first record of an archive with this timestamp. */
void nep_archive_start(nep_buf *out, int64_t timestamp);
/* Appends one record (header, body, padding): name <sha256>.data.json or .event.json. hash may be
 * NULL. */
void nep_archive_data(nep_buf *out, int64_t timestamp, nep_bytes body, char hash[65]);
void nep_archive_event(nep_buf *out, int64_t timestamp, nep_bytes body, char hash[65]);

/* ---- appending to a file ---- */

typedef struct nep_archive nep_archive; /* an archive file open for appending whole events */
/* Creates a new file (an existing one is refused). */
NEP_MUST_USE nep_status nep_archive_create(const char *path, int64_t timestamp, nep_archive **out,
                                           nep_error *err);
/* Opens a well-formed file at its end (checks names, hashes and chain on the way). Nobody else can
   open it for appending until it is closed. */
NEP_MUST_USE nep_status nep_archive_open(const char *path, nep_archive **out, nep_error *err);
/* The event's data records in order, then the event itself; fsync. Nothing half done: on failure
   the file is cut back. `data` are the bodies of protocol.md §11's table, the payload last. */
NEP_MUST_USE nep_status nep_archive_append(nep_archive *a, nep_event_type type,
                                           const nep_bytes *data, size_t n_data, nep_error *err);
/* Several events, all or none: what was appended since the mark is cut off again. */
void nep_archive_mark(nep_archive *a);
NEP_MUST_USE nep_status nep_archive_rollback(nep_archive *a, nep_error *err);
uint64_t nep_archive_height(const nep_archive *a);  /* number of events */
const char *nep_archive_head(const nep_archive *a); /* hash of the last event, "" for none */
void nep_archive_close(nep_archive *a);             /* NULL allowed */

/* ---- streaming reader ---- */

typedef struct nep_record {
  bool is_event;
  char hash[65];   /* from the name */
  bool hash_ok;    /* the body hashes to it */
  uint64_t offset; /* of the body in the file */
  nep_bytes body;  /* valid until the next call */
} nep_record;

typedef struct nep_archive_reader nep_archive_reader;
NEP_MUST_USE nep_status nep_reader_open(const char *path, nep_archive_reader **out, nep_error *err);
int64_t nep_reader_timestamp(const nep_archive_reader *r);
/* NEP_OK with *end = true after the last record; code archive-format for malformed bytes. */
NEP_MUST_USE nep_status nep_reader_next(nep_archive_reader *r, nep_record *out, bool *end,
                                        nep_error *err);
/* Body at an offset that nep_reader_next gave earlier, appended to *out; thread-safe (pread). */
NEP_MUST_USE nep_status nep_reader_body_at(nep_archive_reader *r, uint64_t offset, size_t len,
                                           nep_buf *out, nep_error *err);
/* From now on the reader notes what it reads: *seen runs over all bytes of the file up to the
   current position after each record that was read whole. Given right after nep_reader_open. */
NEP_MUST_USE nep_status nep_reader_note(nep_archive_reader *r, nep_bytes_read *seen,
                                        nep_error *err);
/* The bytes that are left, which are no records, are noted as well. */
NEP_MUST_USE nep_status nep_reader_note_rest(nep_archive_reader *r, nep_error *err);
uint64_t nep_reader_size(const nep_archive_reader *r);
uint64_t nep_reader_position(const nep_archive_reader *r); /* end of the records read so far */
void nep_reader_close(nep_archive_reader *r);

#endif
