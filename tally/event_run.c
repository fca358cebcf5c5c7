#include "tally/event_run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/spread.h"
#include "records/casts_verify.h"

/* An archive of more than this share of one processor's work is given to all of them. */
enum { LARGE_SHARE = 8, SHOW_EVERY_MS = 200 };

typedef struct work {
  const nep_event_run *run;
  unsigned *part; /* nep_event_list_parts, or NULL: all are verified here */
  size_t *order;  /* places in the list, the largest archive first */
  size_t n, n_large;
  unsigned jobs;
  json_t **entries; /* by place in the order */
  atomic_size_t next;
  _Atomic uint64_t done_bytes;
  uint64_t bytes;   /* of all archives */
  uint64_t to_read; /* with their cast statements */
  pthread_mutex_t lock;
  pthread_cond_t ended;
  unsigned running; /* guarded by the lock */
} work;

/* ---- one archive ---- */

static uint64_t to_read(const nep_event_file *f)
{
  return f->size + (f->with_casts ? f->casts_size : 0);
}

typedef struct reading {
  work *w;
  const nep_event_file *file;
  uint64_t hashed, seen;
} reading;

/* Bytes that are read again, because what a state knew of them was of no use, count once. */
static void advance(reading *r, uint64_t done)
{
  if (done <= r->seen)
    return;
  atomic_fetch_add(&r->w->done_bytes, done - r->seen);
  r->seen = done;
}

static void progress(void *ctx, uint64_t done, uint64_t total)
{
  reading *r = ctx;
  (void)total;
  advance(r, done);
}

/* The archive is read for the second time; it is the bytes of the statements that count now. */
static void progress_of_casts(void *ctx, uint64_t done, uint64_t total)
{
  reading *r = ctx;
  if (total > 0)
    advance(r, r->file->size +
                   (uint64_t)((double)r->file->casts_size * ((double)done / (double)total)));
}

static void hashed(void *ctx, uint64_t n)
{
  reading *r = ctx;
  advance(r, r->hashed += n);
}

static bool is_hash_of(const json_t *entry, const nep_prefix *known)
{
  char hex[65];
  nep_hex(known->sha256, sizeof known->sha256, hex);
  return strcmp(nep_entry_text(entry, "sha256"), hex) == 0;
}

/* The statements are, to the byte, those of the report; or neither has any. */
static bool same_casts(const nep_event_file *f, const json_t *entry)
{
  const json_t *casts = json_object_get(entry, "casts");
  nep_file_identity now;
  if (!f->with_casts || casts == NULL)
    return !f->with_casts && casts == NULL;
  return f->casts_size > 0 && nep_file_identify(f->casts_path, NULL, NULL, &now, NULL) == NEP_OK &&
         now.size == f->casts_size && strcmp(now.tail, f->casts_tail) == 0 &&
         nep_entry_number(casts, "size") == now.size &&
         strcmp(nep_entry_text(casts, "sha256"), now.sha256) == 0;
}

/* The report of an archive that was verified to its end and has not changed by a byte since. */
static json_t *finished_before(const nep_event_run *run, const nep_event_file *f, reading *r)
{
  nep_prefix known = {0};
  bool same = false;
  json_t *old = NULL, *entry = NULL;
  if (run->earlier || !nep_state_prefix(run->state, f->name, &known))
    return NULL;
  if (known.bytes == f->size &&
      nep_prefix_holds(f->path, &known, hashed, r, &same, NULL) == NEP_OK && same)
    old = nep_state_report(run->state, f->name);
  if (old && nep_entry_number(old, "size") == f->size &&
      strcmp(nep_entry_text(old, "name"), f->name) == 0 &&
      strcmp(nep_entry_text(old, "tail"), f->tail) == 0 && is_hash_of(old, &known) &&
      same_casts(f, old))
    entry = nep_event_entry_taken(old);
  json_decref(old);
  nep_prefix_free(&known);
  return entry;
}

/* The earlier copy of the archive; NULL when it is new. free(). */
static char *earlier_copy(const nep_event_run *run, const nep_event_file *f)
{
  struct stat st;
  char *path = run->earlier ? nep_sprintf("%s/%s", run->earlier, f->name) : NULL;
  if (path && stat(path, &st) == 0)
    return path;
  free(path);
  return NULL;
}

/* What is said of an archive is said of the bytes that were read, under the size and tail of the
   list, which all processes have to agree about. */
static nep_status check_unchanged(const char *path, uint64_t size, const char *tail,
                                  const nep_file_identity *read, nep_error *err)
{
  if (read->size == size && strcmp(read->tail, tail) == 0)
    return NEP_OK;
  return nep_fail(err, NEP_E_IO, "read", path, "the file was changed while the event was verified");
}

/* A23. The statements speak about the ballots of a valid archive; what they show is said of it. */
static nep_status verify_casts(const nep_event_file *f, unsigned jobs, nep_verified *v,
                               nep_file_identity *read, reading *r, nep_error *err)
{
  const nep_casts_options options = {
      .jobs = jobs, .read = read, .progress = progress_of_casts, .progress_ctx = r};
  if (!nep_verified_is_valid(v)) {
    nep_not_checked(v, "cast statements: the archive is not valid");
    return NEP_OK;
  }
  if (f->casts_size == 0) {
    nep_fault(&v->findings, "casts-missing", "casts",
              "no file of statements, or an empty one, stands beside it");
    return NEP_OK;
  }
  nep_status s = nep_casts_verify(f->casts_path, f->path, v, &options, &v->findings, err);
  if (s == NEP_E_CHECK) {
    nep_fault(&v->findings, err->code, "casts", "%s: %s", err->where, err->reason);
    s = read->sha256[0] == '\0' ? nep_file_identify(f->casts_path, NULL, NULL, read, err) : NEP_OK;
  }
  return s == NEP_OK ? check_unchanged(f->casts_path, f->casts_size, f->casts_tail, read, err) : s;
}

static json_t *verify(work *w, const nep_event_file *f, unsigned jobs, reading *r)
{
  const nep_event_run *run = w->run;
  char *earlier = earlier_copy(run, f);
  nep_verify_options options = {
      .jobs = jobs, .earlier = earlier, .progress = progress, .progress_ctx = r};
  nep_prefix finished = {0};
  nep_file_identity casts = {.sha256 = ""};
  nep_verified *v = NULL;
  nep_error err = {0};
  nep_status s = nep_state_verify(run->state, f->name, f->path, &options, &finished, &v, &err);
  if (s == NEP_OK)
    s = check_unchanged(f->path, f->size, f->tail, &v->read, &err);
  if (s == NEP_OK && f->with_casts)
    s = verify_casts(f, jobs, v, &casts, r, &err);
  json_t *entry =
      s == NEP_OK ? nep_event_entry(f, v, casts.sha256) : nep_event_entry_unreadable(f, &err);
  /* what stands in the notes of an archive that is no longer itself stays there */
  if (s == NEP_OK && finished.bytes > 0)
    nep_state_note(run->state, f->name, &finished, earlier ? NULL : entry);
  nep_prefix_free(&finished);
  nep_verified_free(v);
  free(earlier);
  return entry;
}

static void check_one(work *w, size_t i, unsigned jobs)
{
  const nep_event_file *f = &w->run->list->files[w->order[i]];
  reading r = {.w = w, .file = f};
  w->entries[i] = finished_before(w->run, f, &r);
  if (!w->entries[i])
    w->entries[i] = verify(w, f, jobs, &r);
  advance(&r, to_read(f));
}

/* ---- all of them ---- */

static void end_thread(work *w)
{
  pthread_mutex_lock(&w->lock);
  w->running--;
  pthread_cond_signal(&w->ended);
  pthread_mutex_unlock(&w->lock);
}

static void *check_large(void *ctx)
{
  work *w = ctx;
  for (size_t i = 0; i < w->n_large; i++)
    check_one(w, i, w->jobs);
  end_thread(w);
  return NULL;
}

static void *check_small(void *ctx)
{
  work *w = ctx;
  for (size_t i; (i = atomic_fetch_add(&w->next, 1)) < w->n;)
    check_one(w, i, 1);
  end_thread(w);
  return NULL;
}

static void wait_for_threads(work *w, nep_progress *shown)
{
  struct timespec until;
  pthread_mutex_lock(&w->lock);
  while (w->running > 0) {
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += SHOW_EVERY_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_cond_timedwait(&w->ended, &w->lock, &until);
    nep_progress_step(shown, atomic_load(&w->done_bytes));
  }
  pthread_mutex_unlock(&w->lock);
}

/* At least this thread does the work, however few others can be started. */
static void in_threads(work *w, void *(*task)(void *), unsigned n, nep_progress *shown)
{
  pthread_t *threads = nep_alloc(n, sizeof *threads);
  unsigned started = 0;
  w->running = n;
  for (unsigned i = 0; i < n; i++)
    if (pthread_create(&threads[started], NULL, task, w) == 0)
      started++;
    else
      end_thread(w);
  if (started == 0) {
    w->running = 1;
    task(w);
  }
  wait_for_threads(w, shown);
  for (unsigned i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
  free(threads);
}

typedef struct sized {
  uint64_t size;
  size_t place;
} sized;

static int largest_first(const void *a, const void *b)
{
  const sized *x = a, *y = b;
  if (x->size != y->size)
    return x->size < y->size ? 1 : -1;
  return x->place < y->place ? -1 : 1;
}

static void plan(work *w)
{
  const nep_event_list *l = w->run->list;
  w->part = w->run->of > 0 ? nep_event_list_parts(l, w->run->of) : NULL;
  sized *mine = nep_alloc(l->n + 1, sizeof *mine);
  for (size_t i = 0; i < l->n; i++) {
    if (w->part && w->part[i] != w->run->shard)
      continue;
    mine[w->n++] = (sized){l->files[i].size, i};
    w->bytes += l->files[i].size;
    w->to_read += to_read(&l->files[i]);
  }
  qsort(mine, w->n, sizeof *mine, largest_first);
  w->order = nep_alloc(w->n + 1, sizeof *w->order);
  for (size_t i = 0; i < w->n; i++) {
    w->order[i] = mine[i].place;
    w->n_large += mine[i].size > w->bytes / w->jobs / LARGE_SHARE;
  }
  free(mine);
}

nep_status nep_event_run_all(const nep_event_run *run, nep_event_report *out, nep_error *err)
{
  work w = {.run = run, .jobs = nep_jobs(run->jobs)};
  nep_progress shown;
  pthread_mutex_init(&w.lock, NULL);
  pthread_cond_init(&w.ended, NULL);
  plan(&w);
  w.entries = nep_alloc(w.n + 1, sizeof(json_t *));
  atomic_store(&w.next, w.n_large);
  nep_progress_start(&shown, "bytes", w.to_read);
  nep_progress_step(&shown, 0);
  if (w.n_large > 0)
    in_threads(&w, check_large, 1, &shown);
  if (w.n > w.n_large)
    in_threads(&w, check_small, w.n - w.n_large < w.jobs ? (unsigned)(w.n - w.n_large) : w.jobs,
               &shown);
  nep_progress_end(&shown);
  nep_event_report_start(out, run->list);
  out->shard = run->shard;
  out->of = run->of;
  for (size_t i = 0; i < w.n; i++)
    json_array_append_new(out->entries, w.entries[i]);
  nep_status s = nep_event_noted(run, w.part, out, err);
  nep_event_report_sort(out);
  if (run->of <= 1)
    nep_event_report_cross_check(out);
  free(w.entries);
  free(w.order);
  free(w.part);
  pthread_cond_destroy(&w.ended);
  pthread_mutex_destroy(&w.lock);
  return s;
}
