#include "server/service/copies.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "protocol/casts.h"

enum { EVENTS_AT_ONCE = 256, LONG_BYTES = 4 << 20 };

typedef struct copy {
  nep_copy_kind kind;
  char uuid[65];
  int64_t height; /* of the last event in the file, -1 before the first */
  int64_t size;   /* 0 before the file was made */
  struct copy *next;
} copy;

/* Height and size are read and changed with the lock held; only who has the copy's turn changes
   them. */
struct nep_copies {
  pthread_mutex_t lock;
  copy *first;
  nep_turns *turns;
};

nep_copies *nep_copies_new(unsigned long_at_once)
{
  nep_copies *all = nep_alloc(1, sizeof *all);
  all->turns = nep_turns_new(long_at_once);
  pthread_mutex_init(&all->lock, NULL);
  return all;
}

void nep_copies_free(nep_copies *all)
{
  if (all == NULL)
    return;
  for (copy *c = all->first, *next; c != NULL; c = next) {
    next = c->next;
    free(c);
  }
  nep_turns_free(all->turns);
  pthread_mutex_destroy(&all->lock);
  free(all);
}

static copy *copy_of(nep_copies *all, nep_copy_kind kind, const char *uuid)
{
  pthread_mutex_lock(&all->lock);
  copy *c = all->first;
  while (c != NULL && (c->kind != kind || strcmp(c->uuid, uuid) != 0))
    c = c->next;
  if (c == NULL) {
    c = nep_alloc(1, sizeof *c);
    c->kind = kind;
    memcpy(c->uuid, uuid, strlen(uuid) + 1);
    c->height = -1;
    c->next = all->first;
    all->first = c;
  }
  pthread_mutex_unlock(&all->lock);
  return c;
}

/* ---- the records of some events ---- */

typedef struct extension {
  nep_copy_kind kind;
  const char *uuid;
  int64_t from, to; /* heights */
  int64_t base;     /* where the bytes will stand */
  int64_t stamp;
  nep_buf bytes;
  nep_db *db;
} extension;

static nep_status add_data(void *ctx, nep_bytes body, const char *hash, nep_error *err)
{
  extension *x = ctx;
  char written[65];
  nep_archive_data(&x->bytes, x->stamp, body, written);
  if (strcmp(written, hash) == 0)
    return NEP_OK;
  return nep_fail(err, NEP_E_INTERNAL, "archive-stored", x->uuid, "a stored record has changed");
}

static nep_status add_event(void *ctx, const nep_event_row *e, nep_error *err)
{
  extension *x = ctx;
  nep_buf text = {0};
  char hash[65];
  nep_status st = NEP_OK;
  if (e->ballot.len > 0)
    st = add_data(x, e->ballot, e->payload, err);
  else
    st = nep_db_data_before(x->db, x->uuid, e->height, add_data, x, err);
  nep_event_row_text(e, &text, hash);
  nep_archive_event(&x->bytes, x->stamp, nep_buf_bytes(&text), NULL);
  nep_buf_free(&text);
  if (st != NEP_OK)
    return st;
  if (strcmp(hash, e->hash) != 0 || x->base + (int64_t)x->bytes.len != e->archive_end)
    return nep_fail(err, NEP_E_INTERNAL, "archive-stored", x->uuid,
                    "event %lld does not follow from the rows before it", (long long)e->height);
  return NEP_OK;
}

static nep_status add_cast(void *ctx, const nep_cast_row *c, nep_error *err)
{
  extension *x = ctx;
  nep_buf text = {0};
  char hash[65];
  nep_status st = add_data(x, c->body, c->hash, err);
  nep_casts_event(c->parent, (uint64_t)c->height - 1, c->hash, &text, hash);
  nep_archive_event(&x->bytes, x->stamp, nep_buf_bytes(&text), NULL);
  nep_buf_free(&text);
  if (st != NEP_OK)
    return st;
  if (strcmp(hash, c->event) != 0 || x->base + (int64_t)x->bytes.len != c->casts_end)
    return nep_fail(err, NEP_E_INTERNAL, "archive-stored", x->uuid,
                    "cast %lld does not follow from the rows before it", (long long)c->height);
  return NEP_OK;
}

static nep_status read_rows(extension *x, nep_error *err)
{
  if (x->kind == NEP_COPY_CASTS) {
    if (x->base == 0)
      nep_casts_start(&x->bytes, x->stamp, x->uuid);
    return nep_db_casts_range(x->db, x->uuid, x->from, x->to, add_cast, x, err);
  }
  if (x->base == 0)
    nep_archive_start(&x->bytes, x->stamp);
  return nep_db_events_range(x->db, x->uuid, x->from, x->to, add_event, x, err);
}

static nep_status read_events(nep_db *db, void *ctx, nep_error *err)
{
  extension *x = ctx;
  nep_election_row election = {0};
  x->db = db;
  nep_buf_clear(&x->bytes);
  nep_status st = nep_db_election_get(db, x->uuid, &election, err);
  if (st == NEP_OK) {
    x->stamp = election.stamp;
    st = read_rows(x, err);
  }
  nep_election_row_free(&election);
  return st;
}

/* ---- the file; the copy's turn is ours ---- */

static nep_status write_at_end(const char *path, int64_t size, const nep_buf *bytes, nep_error *err)
{
  int flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_CREAT | (size == 0 ? O_TRUNC : 0);
  int fd = open(path, flags, 0600);
  struct stat info;
  if (fd < 0)
    return nep_fail(err, NEP_E_IO, "archive-copy", path, "%s", strerror(errno));
  nep_status st = NEP_OK;
  if (fstat(fd, &info) != 0 || info.st_size < size)
    st = nep_fail(err, NEP_E_IO, "archive-copy", path, "somebody else has cut the file");
  /* What an extension that failed half way left behind goes away. */
  if (st == NEP_OK && (ftruncate(fd, size) != 0 || lseek(fd, size, SEEK_SET) != size))
    st = nep_fail(err, NEP_E_IO, "archive-copy", path, "%s", strerror(errno));
  if (st == NEP_OK)
    st = nep_fd_write(fd, bytes->data, bytes->len, err);
  close(fd);
  return st;
}

/* Readers of the process before may still hold the old file: a new one takes its name. */
static nep_status extend_once(nep_service *s, copy *c, const char *path, int64_t height,
                              nep_error *err)
{
  extension x = {.kind = c->kind, .uuid = c->uuid, .from = c->height + 1, .base = c->size};
  x.to = height - c->height > EVENTS_AT_ONCE ? c->height + EVENTS_AT_ONCE : height;
  if (c->size == 0 && unlink(path) != 0 && errno != ENOENT)
    return nep_fail(err, NEP_E_IO, "archive-copy", path, "%s", strerror(errno));
  nep_status st = nep_db_transaction(s->board, true, read_events, &x, err);
  if (st == NEP_OK)
    st = write_at_end(path, c->size, &x.bytes, err);
  if (st == NEP_OK) {
    pthread_mutex_lock(&s->copies->lock);
    c->height = x.to;
    c->size += (int64_t)x.bytes.len;
    pthread_mutex_unlock(&s->copies->lock);
  }
  nep_buf_free(&x.bytes);
  return st;
}

static nep_status extend(nep_service *s, copy *c, const char *path, int64_t height, int64_t size,
                         nep_error *err)
{
  nep_status st = NEP_OK;
  while (st == NEP_OK && c->height < height)
    st = extend_once(s, c, path, height, err);
  if (st == NEP_OK && c->size < size)
    st = nep_fail(err, NEP_E_INTERNAL, "archive-stored", c->uuid, "the archive is too short");
  return st;
}

static nep_status extend_in_turn(nep_service *s, copy *c, const char *path, int64_t height,
                                 int64_t size, bool is_long, nep_error *err)
{
  nep_turn mine = {.kind = (int)c->kind, .uuid = c->uuid, .is_long = is_long};
  if (!nep_turn_begin(s->copies->turns, &mine)) {
    (void)nep_fail(err, NEP_E_BUSY, "archive-behind", c->uuid,
                   "the archive is being written anew from the database");
    return nep_advise(err, "ask again in a few seconds");
  }
  nep_status st = extend(s, c, path, height, size, err);
  nep_turn_end(s->copies->turns, &mine);
  return st;
}

nep_status nep_copy_extend(nep_service *s, nep_copy_kind kind, const char *uuid, int64_t height,
                           int64_t size, char path[4096], nep_error *err)
{
  copy *c = copy_of(s->copies, kind, uuid);
  int len = snprintf(path, 4096, "%s/%s.%s", s->config.state_folder, uuid,
                     kind == NEP_COPY_CASTS ? "casts" : "bel");
  if (len < 0 || len >= 4096)
    return nep_fail(err, NEP_E_INTERNAL, "archive-copy", "state_folder", "the path is too long");
  pthread_mutex_lock(&s->copies->lock);
  bool is_there = c->height >= height && c->size >= size;
  bool is_long = size - c->size >= LONG_BYTES;
  pthread_mutex_unlock(&s->copies->lock);
  return is_there ? NEP_OK : extend_in_turn(s, c, path, height, size, is_long, err);
}
