/* The copy of the cast statements: what is new is fetched beside it, verified, and only then put to
   it. What the server has signed may reach farther than the archive's copy; the file is held
   against it as far as it goes, and the copy ends with the last ballot. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/mirror.h"

typedef struct piece {
  nep_mirror *m;
  nep_mirror_casts *c;
  const nep_kept_head *archive, *head;
  char *page, *bel, *copy, *fresh;
  nep_findings findings;
} piece;

/* ---- alarms ---- */

static nep_status alarm_about(piece *p, const char *code, const char *why, nep_error *err)
{
  size_t before = (size_t)(p->head - p->c->heads.list);
  const char *texts[3] = {p->archive->text, p->head->text,
                          before > 0 ? p->c->heads.list[before - 1].text : NULL};
  return nep_mirror_alarm(p->m, code, why, texts, before > 0 ? 3 : 2, p->fresh, "casts", err);
}

static const char *code_of(const nep_findings *f)
{
  static const char *const named[] = {"casts-order", "casts-missing"};
  for (size_t k = 0; k < sizeof named / sizeof *named; k++)
    for (size_t i = 0; i < f->n_faults; i++)
      if (strcmp(f->faults[i].code, named[k]) == 0)
        return named[k];
  return "casts-invalid";
}

static nep_status alarm_of_findings(piece *p, nep_error *err)
{
  const nep_findings *f = &p->findings;
  const char *code = code_of(f);
  char *why = strcmp(code, "casts-order") == 0
                  ? nep_sprintf(_("the order of a voter's ballots was changed: %s: %s"),
                                f->faults[0].object, f->faults[0].reason)
                  : nep_sprintf(_("the cast statements that the server serves are not valid: %s: "
                                  "%s: %s"),
                                f->faults[0].code, f->faults[0].object, f->faults[0].reason);
  nep_status status = alarm_about(p, code, why, err);
  free(why);
  return status;
}

/* ---- reading what came ---- */

static void mark(nep_mirror_casts *c, uint64_t height, const char *event, uint64_t end)
{
  if (height >= c->room) {
    c->room = c->room ? 2 * c->room : 64;
    c->marks = nep_realloc(c->marks, c->room, sizeof *c->marks);
  }
  memcpy(c->marks[height].event, event, sizeof c->marks[height].event);
  c->marks[height].end = end;
}

/* All entries from the chain's end on; `shift` is where the file's bytes stand in the server's. The
   first entries are those of the awaited ballots, which are checked. */
static nep_status read_entries(piece *p, uint64_t shift, nep_casts_chain *chain, nep_error *err)
{
  nep_mirror_casts *c = p->c;
  nep_archive_reader *r = NULL;
  nep_cast_entry e = {0};
  bool end = false;
  size_t n = 0;
  nep_status status = nep_casts_reader_open(p->fresh, p->m->uuid, &r, err);
  while (status == NEP_OK) {
    status = nep_casts_next(r, chain, &e, &end, err);
    if (status != NEP_OK || end)
      break;
    mark(c, chain->events - 1, e.event, shift + nep_reader_position(r));
    if (n < c->n_fresh)
      nep_casts_check(c->order, &c->fresh[n++], &e, &p->findings);
    else if (!e.hash_ok || !e.follows)
      nep_fault(&p->findings, "casts-chain", "casts",
                "the statement at height %" PRIu64 " does not continue the chain",
                chain->events - 1);
  }
  nep_reader_close(r);
  nep_cast_entry_free(&e);
  if (status == NEP_E_CHECK) {
    nep_fault(&p->findings, err->code, "casts", "%s", err->reason);
    status = NEP_OK;
  }
  return status;
}

/* The first head of those signed that `n` statements contradict; NULL when they fit all. */
static const nep_kept_head *contradicted(const piece *p, uint64_t n)
{
  const nep_head_list *l = &p->c->heads;
  for (size_t i = 0; i < l->n; i++) {
    const nep_head *h = &l->list[i].head;
    if (h->height < n && (strcmp(p->c->marks[h->height].event, h->event) != 0 ||
                          p->c->marks[h->height].end != h->size))
      return &l->list[i];
  }
  return NULL;
}

static nep_status changed(piece *p, const nep_kept_head *signed_head, nep_error *err)
{
  const char *texts[] = {p->archive->text, signed_head->text, p->head->text};
  return nep_mirror_alarm(p->m, "casts-changed",
                          _("the cast statements are not those whose head the server signed"),
                          texts, signed_head == p->head ? 2 : 3, p->fresh, "casts", err);
}

/* The chain of the whole file, up to the signed head. */
static nep_status check_whole(piece *p, nep_error *err)
{
  nep_casts_chain chain = {0};
  nep_status status = read_entries(p, 0, &chain, err);
  if (status == NEP_OK && p->findings.n_faults > 0)
    status = alarm_of_findings(p, err);
  if (status != NEP_OK)
    return status;
  const nep_kept_head *other =
      chain.events == p->head->head.height + 1 ? contradicted(p, chain.events) : p->head;
  return other ? changed(p, other, err) : NEP_OK;
}

static nep_status check_each(piece *p, nep_error *err)
{
  nep_mirror_casts *c = p->c;
  c->order = nep_casts_order_new(p->m->verified);
  c->chain = (nep_casts_chain){0};
  nep_casts_until until = {.head = p->m->chain.head,
                           .ended = p->m->chain.knows_last && p->m->chain.last != NEP_EVENT_SETUP &&
                                    p->m->chain.last != NEP_EVENT_BALLOT};
  nep_status status =
      nep_casts_verify_into(p->fresh, p->bel, &until, c->order, &c->chain, &p->findings, err);
  /* The statements were read whole before, so what cannot be read now is our own archive. */
  for (size_t i = 0; status == NEP_OK && i < p->findings.n_faults; i++)
    if (strcmp(p->findings.faults[i].code, "casts-archive") == 0)
      status = nep_findings_status(&p->findings, err);
  return status == NEP_OK && p->findings.n_faults > 0 ? alarm_of_findings(p, err) : status;
}

/* ---- all of it ---- */

static nep_status fetch_whole(piece *p, nep_error *err)
{
  nep_mirror_casts *c = p->c;
  nep_mirror_casts_forget(p->m);
  nep_findings_free(&p->findings);
  p->findings = (nep_findings){0};
  nep_status status = nep_mirror_download(p->m, p->page, p->fresh, p->head->head.size, err);
  if (status == NEP_OK)
    status = check_whole(p, err);
  if (status == NEP_OK)
    status = check_each(p, err);
  if (status == NEP_OK && (truncate(p->fresh, (off_t)c->marks[c->chain.events - 1].end) != 0 ||
                           rename(p->fresh, p->copy) != 0))
    status = nep_fail(err, NEP_E_IO, "file", p->copy, _("cannot be written"));
  if (status != NEP_OK)
    nep_mirror_casts_forget(p->m);
  return status;
}

/* ---- only what is new ---- */

static nep_status write_tail(piece *p, const nep_buf *tail, nep_error *err)
{
  nep_buf file = {0};
  nep_archive_reader *r = NULL;
  nep_status status = nep_casts_reader_open(p->copy, p->m->uuid, &r, err);
  if (status == NEP_OK) {
    nep_casts_start(&file, nep_reader_timestamp(r), p->m->uuid);
    nep_buf_add(&file, tail->data, tail->len);
    status = nep_file_write(p->fresh, file.data, file.len, NEP_FILE_PUBLIC, err);
  }
  nep_reader_close(r);
  nep_buf_free(&file);
  return status;
}

static nep_status append(piece *p, uint64_t size, const nep_buf *tail, nep_error *err)
{
  nep_mirror_casts *c = p->c;
  c->chain.events += c->n_fresh;
  const struct nep_cast_mark *last = &c->marks[c->chain.events - 1];
  memcpy(c->chain.head, last->event, sizeof c->chain.head);
  c->n_fresh = 0;
  unlink(p->fresh);
  return nep_mirror_append(p->copy, size, (nep_bytes){tail->data, (size_t)(last->end - size)}, err);
}

/* *whole: something is wrong, so everything has to be looked at and kept. */
static nep_status fetch_tail(piece *p, bool *whole, nep_error *err)
{
  nep_mirror_casts *c = p->c;
  nep_buf tail = {0};
  nep_casts_chain chain = c->chain;
  uint64_t size = c->marks[chain.events - 1].end;
  nep_status status = nep_mirror_part(p->m, p->page, size, p->head->head.size, &tail, err);
  if (status == NEP_OK)
    status = write_tail(p, &tail, err);
  if (status == NEP_OK)
    status = read_entries(p, size - NEP_CASTS_START, &chain, err);
  *whole =
      status == NEP_OK && (p->findings.n_faults > 0 || chain.events != p->head->head.height + 1 ||
                           contradicted(p, chain.events) != NULL);
  if (status == NEP_OK && !*whole)
    status = append(p, size, &tail, err);
  if (status != NEP_OK)
    nep_mirror_casts_forget(p->m);
  nep_buf_free(&tail);
  return status;
}

nep_status nep_mirror_casts_fetch(nep_mirror *m, const nep_kept_head *archive,
                                  const nep_kept_head *head, nep_error *err)
{
  nep_mirror_casts *c = &m->casts;
  piece p = {.m = m, .c = c, .archive = archive, .head = head};
  /* The n-th statement, from 0, is that of the ballot at height n + 1. */
  p.page = nep_sprintf("/v1/elections/%s/casts?upto=%" PRIu64, m->uuid, head->head.height + 1);
  p.bel = nep_sprintf("%s/%s.bel", m->dir, m->uuid);
  p.copy = nep_sprintf("%s/%s.casts", m->dir, m->uuid);
  p.fresh = nep_sprintf("%s/%s.casts-fresh", m->dir, m->uuid);
  uint64_t size = c->order ? c->marks[c->chain.events - 1].end : 0;
  bool whole = c->order == NULL || head->head.size - size > NEP_MIRROR_PART_MAX;
  nep_status status = NEP_OK;
  if (!whole && c->n_fresh > 0)
    status = fetch_tail(&p, &whole, err);
  else if (!whole)
    whole = contradicted(&p, c->chain.events) != NULL;
  if (status == NEP_OK && whole)
    status = fetch_whole(&p, err);
  nep_findings_free(&p.findings);
  free(p.fresh);
  free(p.copy);
  free(p.bel);
  free(p.page);
  return status;
}
