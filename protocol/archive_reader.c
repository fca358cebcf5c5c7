/* Reads the records of an archive one after the other (protocol.md §11). Memory: one record. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/casts.h"

enum { READ_AHEAD = 1 << 18 };

struct nep_archive_reader {
  int fd;
  char *path;
  uint64_t size;     /* when it was opened: what is appended later is not read */
  uint64_t position; /* of the next record */
  int64_t timestamp;
  char *window; /* bytes read ahead */
  uint64_t window_at;
  size_t window_len;
  nep_buf body;
  char header[NEP_TAR_BLOCK]; /* of the record in body */
  nep_bytes_read *seen;       /* borrowed: all that was read, or NULL */
};

static nep_status read_at(const nep_archive_reader *r, uint64_t offset, char *out, size_t len,
                          nep_error *err)
{
  while (len > 0) {
    ssize_t n = pread(r->fd, out, len, (off_t)offset);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return nep_fail(err, NEP_E_IO, "read", r->path, "%s", strerror(errno));
    if (n == 0)
      return nep_fail(err, NEP_E_IO, "read", r->path, "the file became shorter");
    out += n;
    offset += (uint64_t)n;
    len -= (size_t)n;
  }
  return NEP_OK;
}

/* Bytes in the order of the file, mostly out of the window. The caller has checked the size. */
static nep_status read_next(nep_archive_reader *r, uint64_t offset, char *out, size_t len,
                            nep_error *err)
{
  while (len > 0) {
    if (offset < r->window_at || offset >= r->window_at + r->window_len) {
      if (len >= READ_AHEAD)
        return read_at(r, offset, out, len, err);
      uint64_t left = r->size - offset;
      r->window_len = 0;
      r->window_at = offset;
      size_t want = left < READ_AHEAD ? (size_t)left : READ_AHEAD;
      nep_status s = read_at(r, offset, r->window, want, err);
      if (s != NEP_OK)
        return s;
      r->window_len = want;
    }
    size_t skip = (size_t)(offset - r->window_at), n = r->window_len - skip;
    if (n > len)
      n = len;
    memcpy(out, r->window + skip, n);
    out += n;
    offset += n;
    len -= n;
  }
  return NEP_OK;
}

static nep_status malformed(const nep_archive_reader *r, nep_error *err, const char *reason)
{
  char where[48];
  snprintf(where, sizeof where, "byte %" PRIu64, r->position);
  return nep_fail(err, NEP_E_CHECK, "archive-format", where, "%s", reason);
}

static bool octal(const char *digits, uint64_t *out)
{
  *out = 0;
  for (int i = 0; i < 11; i++) {
    if (digits[i] < '0' || digits[i] > '7')
      return false;
    *out = *out << 3 | (uint64_t)(digits[i] - '0');
  }
  return true;
}

/* Header and body of the record at the current position; the header must be the one that we would
   write ourselves for this name, size and time. */
static nep_status read_record(nep_archive_reader *r, char name[NEP_ARCHIVE_NAME_MAX],
                              int64_t *mtime, nep_error *err)
{
  char *header = r->header, expected[NEP_TAR_BLOCK];
  uint64_t left = r->size - r->position, size = 0, time = 0;
  if (left < NEP_TAR_BLOCK)
    return malformed(r, err, "the file ends inside a record's header");
  nep_status s = read_next(r, r->position, header, NEP_TAR_BLOCK, err);
  if (s != NEP_OK)
    return s;
  size_t name_len = strnlen(header, NEP_ARCHIVE_NAME_MAX);
  if (name_len == 0 || name_len == NEP_ARCHIVE_NAME_MAX)
    return malformed(r, err, "a record's name is empty or too long");
  memcpy(name, header, name_len + 1);
  if (!octal(header + 124, &size) || !octal(header + 136, &time))
    return malformed(r, err, "size or time of a record is not an octal number");
  nep_tar_header(name, size, (int64_t)time, expected);
  if (memcmp(header, expected, NEP_TAR_BLOCK) != 0)
    return malformed(r, err, "a record's header is not the one its name, size and time give");
  if (size > NEP_RECORD_MAX)
    return malformed(r, err, "a record is larger than the limit");
  uint64_t padded = (size + NEP_TAR_BLOCK - 1) / NEP_TAR_BLOCK * NEP_TAR_BLOCK;
  if (left - NEP_TAR_BLOCK < padded)
    return malformed(r, err, "the file ends inside a record");
  nep_buf_clear(&r->body);
  char *body = nep_buf_room(&r->body, (size_t)padded);
  s = read_next(r, r->position + NEP_TAR_BLOCK, body, (size_t)padded, err);
  if (s != NEP_OK)
    return s;
  for (uint64_t i = size; i < padded; i++)
    if (body[i] != 0)
      return malformed(r, err, "the padding after a record is not zero");
  r->body.len = (size_t)size;
  *mtime = (int64_t)time;
  return NEP_OK;
}

static uint64_t record_end(const nep_archive_reader *r)
{
  return r->position + NEP_TAR_BLOCK +
         (r->body.len + NEP_TAR_BLOCK - 1) / NEP_TAR_BLOCK * NEP_TAR_BLOCK;
}

/* The first record: of an archive, or of the casts file of an election. */
static nep_status read_first(nep_archive_reader *r, const char *casts_of, nep_error *err)
{
  char name[NEP_ARCHIVE_NAME_MAX];
  nep_buf expected = {0};
  nep_status s = read_record(r, name, &r->timestamp, err);
  if (s != NEP_OK)
    return s;
  if (casts_of)
    nep_casts_first(r->timestamp, casts_of, &expected);
  else
    nep_buf_printf(&expected, "{\"version\":1,\"timestamp\":%" PRId64 "}", r->timestamp);
  if (strcmp(name, casts_of ? NEP_CASTS_NAME : "BELENIOS") != 0 ||
      !nep_bytes_equal(nep_buf_bytes(&r->body), nep_buf_bytes(&expected)))
    s = malformed(r, err,
                  casts_of ? "the first record is not a NEP-CASTS header of this election"
                           : "the first record is not a BELENIOS header of version 1");
  nep_buf_free(&expected);
  if (s == NEP_OK)
    r->position = record_end(r);
  return s;
}

static nep_status open_file(const char *path, const char *casts_of, nep_archive_reader **out,
                            nep_error *err)
{
  struct stat st;
  *out = NULL;
  nep_archive_reader *r = nep_alloc(1, sizeof *r);
  r->path = nep_strdup(path);
  r->window = nep_alloc(1, READ_AHEAD);
  nep_status s = NEP_OK;
  r->fd = open(path, O_RDONLY | O_CLOEXEC);
  if (r->fd < 0 || fstat(r->fd, &st) != 0)
    s = nep_fail(err, NEP_E_IO, "open", path, "%s", strerror(errno));
  else if (!S_ISREG(st.st_mode))
    s = nep_fail(err, NEP_E_IO, "open", path, "not a regular file");
  if (s == NEP_OK) {
    r->size = (uint64_t)st.st_size;
    s = read_first(r, casts_of, err);
  }
  if (s == NEP_OK)
    *out = r;
  else
    nep_reader_close(r);
  return s;
}

nep_status nep_reader_open(const char *path, nep_archive_reader **out, nep_error *err)
{
  return open_file(path, NULL, out, err);
}

nep_status nep_casts_reader_open(const char *path, const char *uuid, nep_archive_reader **out,
                                 nep_error *err)
{
  return open_file(path, uuid, out, err);
}

nep_status nep_reader_note(nep_archive_reader *r, nep_bytes_read *seen, nep_error *err)
{
  char *start = nep_alloc(1, (size_t)r->position);
  nep_status s = read_at(r, 0, start, (size_t)r->position, err);
  nep_bytes_read_start(seen);
  nep_bytes_read_add(seen, start, (size_t)r->position);
  free(start);
  r->seen = seen;
  return s;
}

nep_status nep_reader_note_rest(nep_archive_reader *r, nep_error *err)
{
  nep_status s = NEP_OK;
  while (s == NEP_OK && r->position < r->size) {
    uint64_t left = r->size - r->position;
    size_t n = left < READ_AHEAD ? (size_t)left : READ_AHEAD;
    char *bytes = nep_buf_room(&r->body, n);
    s = read_next(r, r->position, bytes, n, err);
    if (s == NEP_OK)
      nep_bytes_read_add(r->seen, bytes, n);
    r->position += n;
  }
  return s;
}

int64_t nep_reader_timestamp(const nep_archive_reader *r)
{
  return r->timestamp;
}

uint64_t nep_reader_size(const nep_archive_reader *r)
{
  return r->size;
}

uint64_t nep_reader_position(const nep_archive_reader *r)
{
  return r->position;
}

static bool read_name(const char *name, nep_record *out)
{
  uint8_t hash[32], actual[32];
  if (strlen(name) < 64 || !nep_unhex(name, 64, hash, sizeof hash))
    return false;
  out->is_event = strcmp(name + 64, NEP_EVENT_SUFFIX) == 0;
  if (!out->is_event && strcmp(name + 64, NEP_DATA_SUFFIX) != 0)
    return false;
  memcpy(out->hash, name, 64);
  out->hash[64] = 0;
  nep_sha256_of(out->body.data, out->body.len, actual);
  out->hash_ok = memcmp(hash, actual, sizeof hash) == 0;
  return true;
}

nep_status nep_reader_next(nep_archive_reader *r, nep_record *out, bool *end, nep_error *err)
{
  char name[NEP_ARCHIVE_NAME_MAX];
  int64_t mtime = 0;
  memset(out, 0, sizeof *out);
  *end = r->position == r->size;
  if (*end)
    return NEP_OK;
  nep_status s = read_record(r, name, &mtime, err);
  if (s != NEP_OK)
    return s;
  if (mtime != r->timestamp)
    return malformed(r, err, "the time of a record is not that of the archive");
  out->body = nep_buf_bytes(&r->body);
  out->offset = r->position + NEP_TAR_BLOCK;
  if (!read_name(name, out))
    return malformed(r, err, "the name of a record is not <hash>.data.json or <hash>.event.json");
  uint64_t end_of_record = record_end(r);
  if (r->seen) {
    nep_bytes_read_add(r->seen, r->header, sizeof r->header);
    nep_bytes_read_add(r->seen, r->body.data, (size_t)(end_of_record - out->offset));
  }
  r->position = end_of_record;
  return NEP_OK;
}

nep_status nep_reader_body_at(nep_archive_reader *r, uint64_t offset, size_t len, nep_buf *out,
                              nep_error *err)
{
  char *room = nep_buf_room(out, len);
  nep_status s = read_at(r, offset, room, len, err);
  if (s == NEP_OK)
    out->len += len;
  return s;
}

void nep_reader_close(nep_archive_reader *r)
{
  if (!r)
    return;
  if (r->fd >= 0)
    close(r->fd);
  nep_buf_free(&r->body);
  free(r->window);
  free(r->path);
  free(r);
}
