/* Appends whole events to an archive file (protocol.md §11). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "protocol/archive_chain.h"

/* Where the next event goes and what it hangs on. */
typedef struct end_of_file {
  uint64_t size;
  uint64_t events;
  char head[65];
  nep_event_type last;
} end_of_file;

struct nep_archive {
  int fd;
  char *path;
  int64_t timestamp;
  uint64_t size;
  nep_chain chain;
  end_of_file mark;
};

static nep_status io_error(const nep_archive *a, nep_error *err)
{
  return nep_fail(err, NEP_E_IO, "archive", a->path, "%s", strerror(errno));
}

static nep_status open_locked(const char *path, int flags, nep_archive *a, nep_error *err)
{
  a->path = nep_strdup(path);
  a->fd = open(path, flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, NEP_FILE_PUBLIC);
  if (a->fd < 0 && errno == EEXIST) {
    (void)nep_fail(err, NEP_E_STATE, "archive-exists", path, "the file exists already");
    return nep_advise(err, "choose another name: an archive is never overwritten");
  }
  if (a->fd < 0)
    return io_error(a, err);
  if (flock(a->fd, LOCK_EX | LOCK_NB) != 0)
    return nep_fail(err, NEP_E_BUSY, "archive-locked", path, "another program is appending to it");
  return NEP_OK;
}

/* All or nothing: whatever was written of a failed append is cut off again. */
static nep_status write_end(nep_archive *a, nep_bytes text, nep_error *err)
{
  nep_status s = NEP_OK;
  if (lseek(a->fd, (off_t)a->size, SEEK_SET) < 0)
    return io_error(a, err);
  s = nep_fd_write(a->fd, text.data, text.len, err);
  if (s == NEP_OK && fsync(a->fd) != 0)
    s = io_error(a, err);
  if (s == NEP_OK)
    a->size += text.len;
  else if (ftruncate(a->fd, (off_t)a->size) != 0)
    s = nep_fail(err, NEP_E_IO, "archive", a->path,
                 "a failed append could not be cut off again: %s", strerror(errno));
  return s;
}

static nep_status sync_folder(const char *path, nep_error *err)
{
  const char *slash = strrchr(path, '/');
  char *folder = slash ? nep_strndup(path, (size_t)(slash - path) + 1) : nep_strdup(".");
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  nep_status s = NEP_OK;
  if (fd < 0 || fsync(fd) != 0)
    s = nep_fail(err, NEP_E_IO, "archive", folder, "%s", strerror(errno));
  if (fd >= 0)
    close(fd);
  free(folder);
  return s;
}

nep_status nep_archive_create(const char *path, int64_t timestamp, nep_archive **out,
                              nep_error *err)
{
  nep_buf first = {0};
  *out = NULL;
  nep_archive *a = nep_alloc(1, sizeof *a);
  a->timestamp = timestamp;
  nep_status s = open_locked(path, O_CREAT | O_EXCL, a, err);
  if (s == NEP_OK && fchmod(a->fd, NEP_FILE_PUBLIC) != 0)
    s = io_error(a, err);
  if (s == NEP_OK) {
    nep_archive_start(&first, timestamp);
    s = write_end(a, nep_buf_bytes(&first), err);
  }
  if (s == NEP_OK)
    s = sync_folder(path, err);
  if (s == NEP_OK)
    *out = a;
  else
    nep_archive_close(a);
  nep_buf_free(&first);
  return s;
}

/* Reads the file that is there to learn its head; refuses one that is not well formed. */
static nep_status read_chain(nep_archive *a, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_findings f = {0};
  nep_record record;
  nep_event event;
  bool end = false;
  nep_status s = nep_reader_open(a->path, &r, err);
  while (s == NEP_OK && !end) {
    s = nep_reader_next(r, &record, &end, err);
    if (s != NEP_OK || end)
      break;
    if (record.is_event) {
      (void)nep_chain_event(&a->chain, &record, &event, &f);
      nep_chain_settle(&a->chain);
    } else {
      nep_chain_data(&a->chain, &record, &f);
    }
    s = nep_findings_status(&f, err);
  }
  if (s == NEP_OK && a->chain.n_pending > 0)
    s = nep_fail(err, NEP_E_CHECK, "archive-order", a->path, "data records follow the last event");
  if (s == NEP_OK) {
    a->timestamp = nep_reader_timestamp(r);
    a->size = nep_reader_size(r);
  }
  nep_findings_free(&f);
  nep_reader_close(r);
  return s;
}

nep_status nep_archive_open(const char *path, nep_archive **out, nep_error *err)
{
  *out = NULL;
  nep_archive *a = nep_alloc(1, sizeof *a);
  nep_status s = open_locked(path, 0, a, err);
  if (s == NEP_OK)
    s = read_chain(a, err);
  if (s == NEP_OK)
    *out = a;
  else
    nep_archive_close(a);
  return s;
}

nep_status nep_archive_append(nep_archive *a, nep_event_type type, const nep_bytes *data,
                              size_t n_data, nep_error *err)
{
  nep_buf text = {0}, event = {0};
  char payload[65], head[65];
  if (!nep_chain_may_follow(&a->chain, type))
    return nep_fail(err, NEP_E_STATE, "archive-sequence", a->path, "a %s event may not follow here",
                    nep_event_name(type));
  if ((n_data > 0) != nep_event_has_payload(type))
    return nep_fail(err, NEP_E_INTERNAL, "archive-format", a->path,
                    "a %s event with %zu data records", nep_event_name(type), n_data);
  for (size_t i = 0; i < n_data; i++)
    nep_archive_data(&text, a->timestamp, data[i], payload);
  nep_event_write(a->chain.events > 0 ? a->chain.head : NULL, a->chain.events, type,
                  n_data > 0 ? payload : NULL, &event, head);
  nep_archive_event(&text, a->timestamp, nep_buf_bytes(&event), NULL);
  nep_status s = write_end(a, nep_buf_bytes(&text), err);
  if (s == NEP_OK) {
    memcpy(a->chain.head, head, sizeof head);
    a->chain.events++;
    a->chain.last = type;
    a->chain.knows_last = true;
  }
  nep_buf_free(&event);
  nep_buf_free(&text);
  return s;
}

void nep_archive_mark(nep_archive *a)
{
  a->mark = (end_of_file){.size = a->size, .events = a->chain.events, .last = a->chain.last};
  memcpy(a->mark.head, a->chain.head, sizeof a->mark.head);
}

nep_status nep_archive_rollback(nep_archive *a, nep_error *err)
{
  if (ftruncate(a->fd, (off_t)a->mark.size) != 0 || fsync(a->fd) != 0)
    return io_error(a, err);
  a->size = a->mark.size;
  a->chain.events = a->mark.events;
  a->chain.last = a->mark.last;
  memcpy(a->chain.head, a->mark.head, sizeof a->mark.head);
  return NEP_OK;
}

uint64_t nep_archive_height(const nep_archive *a)
{
  return a->chain.events;
}

const char *nep_archive_head(const nep_archive *a)
{
  return a->chain.head;
}

void nep_archive_close(nep_archive *a)
{
  if (!a)
    return;
  if (a->fd >= 0)
    close(a->fd);
  nep_chain_free(&a->chain);
  free(a->path);
  free(a);
}
