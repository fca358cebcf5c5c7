#include "tally/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "records/fields.h"

enum { JOURNAL_MAX = 16 << 20 };

typedef struct entry {
  char uuid[65], hashes[4][65], time[21];
} entry;
static const char *const names[4] = {"election_hash", "setup_hash", "end_ballots", "tally_hash"};

static nep_status read_entry(nep_bytes line, entry *e, nep_error *err)
{
  json_t *m = NULL;
  nep_status s = nep_json_parse_canonical(line, &m, err);
  if (s == NEP_OK)
    s = nep_json_fields(m, "entry", err, "uuid", names[0], names[1], names[2], names[3], "time",
                        NULL);
  if (s == NEP_OK)
    s = nep_field_uuid(m, "uuid", e->uuid, err);
  for (int i = 0; s == NEP_OK && i < 4; i++)
    s = nep_json_hash(m, names[i], e->hashes[i], err);
  if (s == NEP_OK)
    s = nep_field_time(m, "time", e->time, err);
  json_decref(m);
  return s;
}

static entry entry_of(const nep_tally_act *t)
{
  entry e;
  memcpy(e.uuid, t->uuid, sizeof e.uuid);
  memcpy(e.hashes[0], t->election_hash, 65);
  memcpy(e.hashes[1], t->setup_hash, 65);
  memcpy(e.hashes[2], t->end_ballots, 65);
  memcpy(e.hashes[3], t->tally_hash, 65);
  memcpy(e.time, t->time, sizeof e.time);
  return e;
}

static nep_status compare(const entry *old, const entry *new, bool *known, nep_error *err)
{
  if (strcmp(old->uuid, new->uuid) != 0)
    return NEP_OK;
  *known = true;
  for (int i = 0; i < 4; i++)
    if (strcmp(old->hashes[i], new->hashes[i]) != 0)
      return nep_fail(err, NEP_E_CHECK, "second-tally", names[i],
                      "another tally of the election %s was decrypted at %s: two tallies of one "
                      "election could show single votes",
                      old->uuid, old->time);
  return NEP_OK;
}

/* A line without an end is one that never reached the disk whole: nobody can say what it was. */
static nep_status scan(nep_bytes text, const entry *new, bool *known, nep_error *err)
{
  size_t number = 0;
  while (text.len > 0) {
    entry old;
    const char *end = memchr(text.data, '\n', text.len);
    nep_bytes line = {text.data, end == NULL ? text.len : (size_t)(end - text.data)};
    nep_status s = end == NULL ? nep_fail(err, NEP_E_CHECK, "journal", "end", "the line is cut off")
                               : read_entry(line, &old, err);
    number++;
    if (s != NEP_OK) {
      (void)nep_inside(err, s, "journal line %zu", number);
      return nep_advise(err, "do not decrypt; keep the journal as evidence and restore its copy");
    }
    s = compare(&old, new, known, err);
    if (s != NEP_OK)
      return s;
    text.data += line.len + 1;
    text.len -= line.len + 1;
  }
  return NEP_OK;
}

static nep_status append(int fd, const entry *e, nep_error *err)
{
  nep_buf line = {0};
  nep_field_open(&line, "uuid", e->uuid);
  for (int i = 0; i < 4; i++)
    nep_field_add(&line, names[i], e->hashes[i]);
  nep_field_add(&line, "time", e->time);
  nep_buf_str(&line, "}\n");
  nep_status s = nep_fd_write(fd, line.data, line.len, err);
  nep_buf_free(&line);
  return s;
}

/* The same bytes again. A run before may have been stopped before its sync, or the sync may have
   failed: then the kernel has dropped what it could not write, and the file that is read here may
   be in memory alone. */
static nep_status write_again(int fd, const char *path, nep_bytes text, nep_error *err)
{
  if (lseek(fd, 0, SEEK_SET) != 0)
    return nep_fail(err, NEP_E_IO, "file", path, "cannot be written again: %s", strerror(errno));
  return nep_fd_write(fd, text.data, text.len, err);
}

static nep_status sync_all(int fd, const char *path, nep_error *err)
{
  if (fsync(fd) != 0)
    return nep_fail(err, NEP_E_IO, "file", path, "does not reach the disk: %s", strerror(errno));
  return nep_folder_sync(path, err);
}

nep_status nep_journal_enter(const char *path, const nep_tally_act *tally, nep_error *err)
{
  entry new = entry_of(tally);
  nep_buf text = {0};
  bool known = false;
  if (strcmp(path, "-") == 0)
    return nep_fail(err, NEP_E_INPUT, "journal", "-",
                    "the journal is kept for life: a file is needed, not standard input");
  int fd = open(path, O_RDWR | O_NONBLOCK | O_CREAT | O_CLOEXEC | O_NOFOLLOW, NEP_FILE_SECRET);
  if (fd < 0 || flock(fd, LOCK_EX) != 0) {
    nep_status s = nep_fail(err, NEP_E_IO, "file", path, "cannot be opened: %s", strerror(errno));
    if (fd >= 0)
      close(fd);
    return s;
  }
  nep_status s = nep_fd_check_own(fd, path, err);
  if (s == NEP_OK)
    s = nep_fd_read(fd, path, JOURNAL_MAX, &text, err);
  if (s == NEP_OK)
    s = scan(nep_buf_bytes(&text), &new, &known, err);
  if (s == NEP_OK)
    s = known ? write_again(fd, path, nep_buf_bytes(&text), err) : append(fd, &new, err);
  if (s == NEP_OK)
    s = sync_all(fd, path, err);
  nep_buf_free(&text);
  close(fd);
  return s;
}
