/* The casts file beside its archive. One thread reads both files; ballots and their statements are
   judged by several and accounted for in their order (base/ring.h). */
#include "records/casts_verify.h"

#include <string.h>

#include "base/ring.h"
#include "base/spread.h"
#include "records/casts_check.h"
#include "records/second_reading.h"

enum { TOGETHER = NEP_RING_TOGETHER_MAX };

typedef struct walk {
  nep_second_reading archive;
  nep_archive_reader *casts;
  nep_casts_order *order;
  nep_casts_chain *chain;
  nep_findings *findings;
  nep_casts_options options;
  const nep_verified *v;
  nep_bytes_read seen; /* of the casts file */
  nep_ring *ring;
} walk;

/* What is on its way through the ring. */
typedef struct item {
  nep_event event; /* of the ballot */
  nep_buf text;    /* the ballot */
  nep_cast_pair pair;
  nep_status status; /* of reading the ballot */
  nep_error err;
} item;

/* ---- in the ring ---- */

static void judge(void *context, void *const *things, size_t n)
{
  const walk *w = context;
  nep_cast_pair *pairs[TOGETHER];
  size_t n_pairs = 0;
  for (size_t i = 0; i < n; i++) {
    item *x = things[i];
    x->status =
        nep_cast_ballot_read(w->v, &x->event, nep_buf_bytes(&x->text), &x->pair.ballot, &x->err);
    if (x->status == NEP_OK)
      pairs[n_pairs++] = &x->pair;
  }
  nep_casts_judge(w->v, pairs, n_pairs);
}

static bool has_statement(walk *w, const nep_cast_ballot *b, bool has)
{
  return nep_check(w->findings, "a statement for each ballot", has, "casts-missing", b->name,
                   "no statement in the file is about it");
}

static nep_status account(void *context, void *thing, nep_error *err)
{
  walk *w = context;
  item *x = thing;
  if (x->status != NEP_OK) {
    if (err != NULL)
      *err = x->err;
    return x->status;
  }
  (void)has_statement(w, &x->pair.ballot, true);
  nep_casts_account(w->order, &x->pair, w->findings);
  return NEP_OK;
}

static void empty(void *thing)
{
  item *x = thing;
  nep_buf_free(&x->text);
  nep_cast_entry_free(&x->pair.entry);
}

/* ---- reading ---- */

/* From one Ballot event to the next. */
static nep_status next_ballot(walk *w, bool *end, nep_error *err)
{
  nep_status st;
  while ((st = nep_second_reading_next(&w->archive, end, err)) == NEP_OK && !*end)
    if (w->archive.event.type == NEP_EVENT_BALLOT)
      return NEP_OK;
  return st;
}

/* Puts the ballot just read and its statement in. *none: there are no more statements. */
static nep_status put(walk *w, bool *none, nep_error *err)
{
  void *place;
  nep_status st = nep_ring_next(w->ring, &place, err);
  if (st != NEP_OK)
    return st;
  item *x = place;
  st = nep_casts_next(w->casts, w->chain, &x->pair.entry, none, err);
  if (st != NEP_OK || *none)
    return st;
  x->event = w->archive.event;
  nep_buf_clear(&x->text);
  nep_buf_add(&x->text, w->archive.data.data, w->archive.data.len);
  nep_ring_put(w->ring);
  if (w->options.progress != NULL)
    w->options.progress(w->options.progress_ctx, nep_reader_position(w->archive.r),
                        nep_reader_size(w->archive.r));
  return NEP_OK;
}

/* The ballot just read is the first one that has no statement. */
static nep_status missing(walk *w, nep_error *err)
{
  nep_cast_ballot b;
  nep_status st =
      nep_cast_ballot_read(w->v, &w->archive.event, nep_buf_bytes(&w->archive.data), &b, err);
  if (st == NEP_OK)
    (void)has_statement(w, &b, false);
  return st;
}

static nep_status check_rest(nep_archive_reader *casts, nep_findings *f, nep_error *err)
{
  nep_record rest;
  bool end = false;
  nep_status st = nep_reader_next(casts, &rest, &end, err);
  if (st == NEP_OK)
    (void)nep_check(f, "nothing after the last statement", end, "casts-extra", "casts",
                    "holds statements of ballots that are not in the archive");
  return st;
}

/* What was put in is accounted for before an error of reading further counts. */
static nep_status walk_both(walk *w, const nep_casts_until *until, nep_error *err)
{
  bool end = false, none = false;
  nep_error later = {0};
  nep_status st = next_ballot(w, &end, &later);
  while (st == NEP_OK && !end && !none) {
    st = put(w, &none, &later);
    if (st == NEP_OK && !none)
      st = next_ballot(w, &end, &later);
  }
  nep_status before = nep_ring_drain(w->ring, err);
  if (before != NEP_OK)
    return before;
  if (st == NEP_OK && none)
    return missing(w, err);
  if (st != NEP_OK) {
    if (err != NULL)
      *err = later;
    return st;
  }
  (void)nep_check(w->findings, "the archive that was verified",
                  strcmp(w->archive.head, until->head) == 0, "casts-archive", "archive",
                  "it is not the one that was verified");
  return until->ended ? check_rest(w->casts, w->findings, err) : NEP_OK;
}

static nep_status open_both(walk *w, const char *casts, const char *archive, nep_error *err)
{
  nep_status st = nep_second_reading_open(archive, "casts-archive", &w->archive, err);
  if (st == NEP_OK)
    st = nep_casts_reader_open(casts, w->v->election->uuid, &w->casts, err);
  if (st == NEP_OK && w->options.read != NULL)
    st = nep_reader_note(w->casts, &w->seen, err);
  if (st == NEP_OK)
    (void)nep_check(w->findings, "the same timestamp",
                    nep_reader_timestamp(w->casts) == nep_reader_timestamp(w->archive.r),
                    "casts-format", "casts", "its timestamp is not that of the archive");
  return st;
}

/* Whatever was found, and whatever is left of the file. */
static nep_status identify(walk *w, nep_status found, nep_error *err)
{
  nep_error other = {0};
  if (w->options.read == NULL || (found != NEP_OK && found != NEP_E_CHECK))
    return found;
  nep_status st = nep_reader_note_rest(w->casts, found == NEP_OK ? err : &other);
  nep_bytes_read_identity(&w->seen, w->options.read);
  return found == NEP_OK ? st : found;
}

/* Both files from their beginning; `w` says what for. */
static nep_status verify(walk *w, const char *casts, const char *archive,
                         const nep_casts_until *until, nep_error *err)
{
  const nep_ring_plan plan = {.size = sizeof(item),
                              .together = TOGETHER,
                              .ctx = w,
                              .work = judge,
                              .take = account,
                              .empty = empty};
  w->v = nep_casts_order_of(w->order);
  nep_status st = open_both(w, casts, archive, err);
  if (st == NEP_OK) {
    w->ring = nep_ring_new(&plan, nep_jobs(w->options.jobs));
    st = identify(w, walk_both(w, until, err), err);
  }
  nep_ring_free(w->ring);
  nep_reader_close(w->casts);
  nep_second_reading_close(&w->archive);
  return st;
}

nep_status nep_casts_verify_into(const char *casts, const char *archive,
                                 const nep_casts_until *until, nep_casts_order *o,
                                 nep_casts_chain *chain, nep_findings *f, nep_error *err)
{
  walk w = {.order = o, .chain = chain, .findings = f};
  return verify(&w, casts, archive, until, err);
}

nep_status nep_casts_verify(const char *casts, const char *archive, const nep_verified *v,
                            const nep_casts_options *options, nep_findings *f, nep_error *err)
{
  const nep_casts_until all = {.head = v->head, .ended = true};
  nep_casts_chain chain = {0};
  walk w = {.order = nep_casts_order_new(v), .chain = &chain, .findings = f};
  if (options != NULL)
    w.options = *options;
  nep_status st = verify(&w, casts, archive, &all, err);
  nep_casts_order_free(w.order);
  return st;
}
