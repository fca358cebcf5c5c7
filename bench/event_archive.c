/* The archive of a constituency. Ballots are made in blocks, so that memory does not grow with
   their number. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/spread.h"
#include "bench/event.h"
#include "bench/seeded.h"
#include "crypto/hash.h"
#include "protocol/archive.h"
#include "protocol/tally.h"

enum { BLOCK = 2048 };

typedef struct writer {
  const char *path;
  nep_event_casts *casts; /* or NULL */
  FILE *file;
  uint64_t height;
  char head[65];
} writer;

static nep_status write_error(const writer *w, nep_error *err)
{
  return nep_fail(err, NEP_E_IO, "file", w->path, "%s", strerror(errno));
}

static nep_status put(writer *w, const nep_buf *text, nep_error *err)
{
  return fwrite(text->data, 1, text->len, w->file) == text->len ? NEP_OK : write_error(w, err);
}

/* An event and its data records, the payload last. */
static nep_status append(writer *w, nep_event_type type, const nep_bytes *data, size_t n,
                         nep_error *err)
{
  nep_buf text = {0}, event = {0};
  char payload[65], head[65];
  for (size_t i = 0; i < n; i++)
    nep_archive_data(&text, NEP_EVENT_TIME, data[i], payload);
  nep_event_write(w->height ? w->head : NULL, w->height, type, n ? payload : NULL, &event, head);
  nep_archive_event(&text, NEP_EVENT_TIME, nep_buf_bytes(&event), NULL);
  memcpy(w->head, head, sizeof head);
  w->height++;
  nep_status st = put(w, &text, err);
  nep_buf_free(&event);
  nep_buf_free(&text);
  return st;
}

static nep_status open_archive(writer *w, nep_error *err)
{
  nep_buf first = {0};
  w->file = fopen(w->path, "wbx");
  if (!w->file)
    return write_error(w, err);
  nep_archive_start(&first, NEP_EVENT_TIME);
  nep_status st = put(w, &first, err);
  nep_buf_free(&first);
  return st;
}

static nep_status open_casts(writer *w, const nep_event_plan *p, const nep_event_setup *s,
                             uint64_t constituency, nep_error *err)
{
  size_t stem = strlen(w->path) - strlen(".bel");
  char *path = nep_sprintf("%.*s.casts", (int)stem, w->path);
  nep_status st = nep_event_casts_open(p, s, constituency, path, &w->casts, err);
  free(path);
  return st;
}

static nep_status write_setup(writer *w, const nep_event_trustee *t, const nep_event_setup *s,
                              nep_error *err)
{
  char hash[3][65];
  nep_buf setup = {0};
  const nep_bytes parts[3] = {nep_buf_bytes(&s->definition), nep_buf_bytes(&t->text),
                              nep_buf_bytes(&s->credentials)};
  for (size_t i = 0; i < 3; i++)
    nep_sha256_hex(parts[i].data, parts[i].len, hash[i]);
  nep_buf_printf(&setup, "{\"election\":\"%s\",\"trustees\":\"%s\",\"credentials\":\"%s\"}",
                 hash[0], hash[1], hash[2]);
  const nep_bytes data[4] = {parts[0], parts[1], parts[2], nep_buf_bytes(&setup)};
  nep_status st = append(w, NEP_EVENT_SETUP, data, 4, err);
  nep_buf_free(&setup);
  return st;
}

/* ---- ballots ---- */

typedef struct block {
  const nep_event_plan *plan;
  const nep_event_setup *setup;
  uint64_t constituency;
  size_t first; /* number of its first ballot */
  nep_buf text[BLOCK];
} block;

/* One voter in twenty votes blank, where that is allowed; the others choose 1 to max answers. */
static void choose(const nep_question *q, nep_choice *choice)
{
  memset(choice, 0, sizeof *choice);
  choice->blank = nep_random_below(20) == 0 && q->blank;
  unsigned left = choice->blank ? 0 : 1 + nep_random_below(q->max);
  while (left > 0) {
    unsigned char *answer = &choice->chosen[nep_random_below((uint32_t)q->n_answers)];
    left -= *answer == 0;
    *answer = 1;
  }
}

static nep_status make_ballot(void *ctx, size_t i, nep_error *err)
{
  block *b = ctx;
  const nep_election *e = b->setup->election;
  size_t number = b->first + i;
  nep_choice choice;
  nep_seeded_begin("ballot", b->constituency, number);
  choose(&e->questions[0], &choice);
  nep_buf_clear(&b->text[i]);
  return nep_ballot_make(e, b->setup->secrets[number % b->plan->voters], &choice, &b->text[i], err);
}

/* Counts a ballot that no later one replaces. */
static nep_status count(const block *b, size_t i, nep_encrypted_tally *tally, nep_error *err)
{
  nep_ballot *ballot = NULL;
  nep_findings f = {0};
  if (b->first + i + b->plan->voters < b->plan->ballots)
    return NEP_OK;
  nep_ballot_parse(b->setup->election, nep_buf_bytes(&b->text[i]), "ballot", &ballot, &f);
  nep_status st = nep_findings_status(&f, err);
  if (st == NEP_OK)
    nep_tally_add(tally, ballot, 1);
  nep_ballot_free(ballot);
  nep_findings_free(&f);
  return st;
}

static nep_status write_block(writer *w, block *b, size_t n, nep_encrypted_tally *tally,
                              nep_error *err)
{
  nep_status st = nep_spread(n, b->plan->jobs, make_ballot, b, err);
  for (size_t i = 0; st == NEP_OK && i < n; i++) {
    const nep_bytes text = nep_buf_bytes(&b->text[i]);
    st = append(w, NEP_EVENT_BALLOT, &text, 1, err);
    if (st == NEP_OK && b->plan->tally)
      st = count(b, i, tally, err);
  }
  if (st == NEP_OK && w->casts)
    st = nep_event_casts_add(w->casts, b->text, n, err);
  return st;
}

static nep_status write_ballots(writer *w, const nep_event_plan *p, const nep_event_setup *s,
                                uint64_t constituency, nep_encrypted_tally *tally, nep_error *err)
{
  nep_status st = NEP_OK;
  block *b = nep_alloc(1, sizeof *b);
  b->plan = p;
  b->setup = s;
  b->constituency = constituency;
  for (; st == NEP_OK && b->first < p->ballots; b->first += BLOCK) {
    size_t left = p->ballots - b->first;
    st = write_block(w, b, left < BLOCK ? left : BLOCK, tally, err);
  }
  for (size_t i = 0; i < BLOCK; i++)
    nep_buf_free(&b->text[i]);
  free(b);
  return st;
}

/* ---- after the vote ---- */

static nep_status write_tally(writer *w, const nep_encrypted_tally *tally, nep_error *err)
{
  nep_buf text = {0}, sized = {0};
  nep_tally_write(tally, &text);
  nep_tally_sized_write(tally, nep_buf_bytes(&text), &sized);
  const nep_bytes data[] = {nep_buf_bytes(&text), nep_buf_bytes(&sized)};
  nep_status st = append(w, NEP_EVENT_END_BALLOTS, NULL, 0, err);
  if (st == NEP_OK)
    st = append(w, NEP_EVENT_ENCRYPTED_TALLY, data, 2, err);
  nep_buf_free(&sized);
  nep_buf_free(&text);
  return st;
}

/* The trustee's part; *out is freed by the caller. */
static nep_status write_decryption(writer *w, const nep_event_trustee *t, uint64_t constituency,
                                   const nep_encrypted_tally *tally, nep_factors **out,
                                   nep_error *err)
{
  nep_buf object = {0}, owned = {0};
  nep_findings f = {0};
  nep_seeded_begin("decryption", constituency, 0);
  nep_decryption_make(tally, t->trustees, 1, &t->x, &t->signing_key, &object, &owned);
  (void)nep_decryption_verify(tally, t->trustees, 1, nep_buf_bytes(&object), out, &f);
  nep_status st = nep_findings_status(&f, err);
  const nep_bytes data[] = {nep_buf_bytes(&object), nep_buf_bytes(&owned)};
  if (st == NEP_OK)
    st = append(w, NEP_EVENT_PARTIAL_DECRYPTION, data, 2, err);
  nep_findings_free(&f);
  nep_buf_free(&owned);
  nep_buf_free(&object);
  return st;
}

static nep_status write_result(writer *w, const nep_event_trustee *t,
                               const nep_encrypted_tally *tally, const nep_factors *factors,
                               nep_error *err)
{
  const nep_election *e = tally->election;
  nep_element **products = NULL;
  nep_result *result = NULL;
  nep_buf text = {0};
  nep_status st = nep_factors_combine(t->trustees, e, &factors, 1, &products, err);
  if (st == NEP_OK)
    st = nep_result_compute(tally, products, tally->total_weight, &result, err);
  if (st == NEP_OK) {
    nep_result_write(e, result, &text);
    const nep_bytes data = nep_buf_bytes(&text);
    st = append(w, NEP_EVENT_RESULT, &data, 1, err);
  }
  nep_buf_free(&text);
  nep_result_free(e, result);
  nep_products_free(e, products);
  return st;
}

static nep_status finish(writer *w, const nep_event_trustee *t, uint64_t constituency,
                         const nep_encrypted_tally *tally, nep_error *err)
{
  nep_factors *factors = NULL;
  nep_status st = write_tally(w, tally, err);
  if (st == NEP_OK)
    st = write_decryption(w, t, constituency, tally, &factors, err);
  if (st == NEP_OK)
    st = write_result(w, t, tally, factors, err);
  nep_factors_free(tally->election, factors);
  return st;
}

nep_status nep_event_archive(const nep_event_plan *p, const nep_event_trustee *t,
                             uint64_t constituency, const char *path, nep_error *err)
{
  nep_event_setup setup;
  nep_encrypted_tally *tally = NULL;
  writer w = {.path = path};
  nep_status st = nep_event_setup_make(p, t, constituency, &setup, err);
  if (st == NEP_OK)
    st = open_archive(&w, err);
  if (st == NEP_OK && p->casts)
    st = open_casts(&w, p, &setup, constituency, err);
  if (st == NEP_OK)
    st = write_setup(&w, t, &setup, err);
  if (st == NEP_OK) {
    tally = nep_tally_new(setup.election);
    st = write_ballots(&w, p, &setup, constituency, tally, err);
  }
  if (st == NEP_OK && p->tally)
    st = finish(&w, t, constituency, tally, err);
  if (w.casts) {
    nep_status closed = nep_event_casts_close(w.casts, st == NEP_OK ? err : NULL);
    st = st == NEP_OK ? closed : st;
  }
  if (w.file && fclose(w.file) != 0 && st == NEP_OK)
    st = write_error(&w, err);
  nep_tally_free(tally);
  nep_event_setup_free(&setup);
  return st;
}
