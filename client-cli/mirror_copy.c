/* The copy of the archive: what is new is fetched beside it, verified, and only then put to it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/mirror.h"
#include "protocol/ballot.h"

typedef struct piece {
  nep_mirror *m;
  const nep_kept_head *head;
  char *copy, *fresh; /* UUID.bel, and what came */
  nep_findings findings;
  bool only_ballots;
} piece;

/* ---- alarms ---- */

static nep_status alarm_about(piece *p, const char *code, const char *why, nep_error *err)
{
  const nep_mirror *m = p->m;
  size_t before = (size_t)(p->head - m->heads.list); /* how many were signed before this one */
  const char *texts[2] = {p->head->text, before > 0 ? m->heads.list[before - 1].text : NULL};
  size_t n = before > 0 ? 2 : 1;
  return nep_mirror_alarm(p->m, code, why, texts, n, p->fresh, "bel", err);
}

static nep_status alarm_of_findings(piece *p, const nep_findings *f, nep_error *err)
{
  bool changed = false;
  for (size_t i = 0; i < f->n_faults; i++)
    changed = changed || strcmp(f->faults[i].code, "archive-not-a-prefix") == 0;
  char *why = changed ? nep_strdup(_("the server serves another archive than it served before"))
                      : nep_sprintf(_("the archive that the server serves is not valid: %s: %s"),
                                    f->faults[0].code, f->faults[0].reason);
  nep_status status = alarm_about(p, changed ? "archive-changed" : "archive-invalid", why, err);
  free(why);
  return status;
}

/* ---- reading what came ---- */

static void note_event(nep_mirror *m, const nep_event *e)
{
  if ((m->n_events & (m->n_events - 1)) == 0) {
    size_t room = m->n_events ? 2 * m->n_events : 1;
    m->events = nep_realloc(m->events, room, sizeof *m->events);
    m->payloads = nep_realloc(m->payloads, room, sizeof *m->payloads);
  }
  memcpy(m->events[m->n_events], e->hash, sizeof *m->events);
  memcpy(m->payloads[m->n_events++], e->has_payload ? e->payload : "", e->has_payload ? 65 : 1);
}

static nep_status check_ballot(piece *p, const nep_event *e, nep_error *err)
{
  nep_mirror *m = p->m;
  nep_ballot *ballot = NULL;
  size_t place = 0;
  char object[40];
  const nep_pending *record = nep_chain_find(&m->chain, e->payload);
  snprintf(object, sizeof object, "ballot event %" PRIu64, e->height);
  bool first = record && nep_chain_first_ballot(&m->chain, e->payload);
  (void)nep_check(&p->findings, "ballot is new", first, "ballot-duplicate", object,
                  _("is missing or was cast before"));
  if (record)
    (void)nep_ballot_verify(m->verified->election, m->verified->credentials,
                            nep_buf_bytes(&record->body), object, &ballot, &place, &p->findings);
  nep_ballot_free(ballot);
  return p->findings.n_faults > 0 || !record
             ? NEP_OK
             : nep_mirror_casts_await(m, e, nep_buf_bytes(&record->body), err);
}

/* `each_ballot`: false when the whole archive has been verified otherwise. */
static nep_status read_records(piece *p, bool each_ballot, nep_error *err)
{
  nep_mirror *m = p->m;
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_event e;
  bool end = false;
  nep_status status = nep_reader_open(p->fresh, &r, err);
  while (status == NEP_OK) {
    status = nep_reader_next(r, &record, &end, err);
    if (status != NEP_OK || end)
      break;
    if (!record.is_event) {
      nep_chain_data(&m->chain, &record, &p->findings);
      continue;
    }
    if (nep_chain_event(&m->chain, &record, &e, &p->findings)) {
      note_event(m, &e);
      m->ballots += e.type == NEP_EVENT_BALLOT;
      p->only_ballots = p->only_ballots && e.type == NEP_EVENT_BALLOT;
      if (e.type == NEP_EVENT_BALLOT && each_ballot)
        status = check_ballot(p, &e, err);
      else if (e.type == NEP_EVENT_BALLOT)
        (void)nep_chain_first_ballot(&m->chain, e.payload);
    }
    nep_chain_settle(&m->chain);
  }
  nep_reader_close(r);
  if (status == NEP_E_CHECK) {
    nep_fault(&p->findings, err->code, err->where, "%s", err->reason);
    status = NEP_OK;
  }
  nep_chain_end(&m->chain, &p->findings);
  return status;
}

/* ---- does it agree with everything signed? ---- */

static nep_status check_heads(piece *p, uint64_t size, nep_error *err)
{
  const nep_mirror *m = p->m;
  const nep_head *h = &p->head->head;
  if (h->height + 1 != m->n_events || h->size != size ||
      strcmp(m->events[h->height], h->event) != 0)
    return alarm_about(p, "archive-changed", _("the archive is not the one of the signed head"),
                       err);
  for (size_t i = 0; i < m->heads.n; i++) {
    const nep_head *k = &m->heads.list[i].head;
    const char *texts[] = {m->heads.list[i].text, p->head->text};
    if (k->height < m->n_events && strcmp(m->events[k->height], k->event) != 0)
      return nep_mirror_alarm(p->m, "archive-changed",
                              _("the archive lacks an event that the server had signed"), texts, 2,
                              p->fresh, "bel", err);
  }
  return NEP_OK;
}

/* ---- all of it ---- */

static void forget_copy(nep_mirror *m)
{
  nep_mirror_casts_forget(m);
  nep_chain_free(&m->chain);
  memset(&m->chain, 0, sizeof m->chain);
  nep_verified_free(m->verified);
  m->verified = NULL;
  m->n_events = 0;
  m->ballots = 0;
  m->size = 0;
}

static char *page_of(const piece *p)
{
  return nep_sprintf("/v1/elections/%s/archive?upto=%" PRIu64, p->m->uuid, p->head->head.height);
}

static nep_status download(piece *p, nep_error *err)
{
  char *path = page_of(p);
  nep_status status = nep_mirror_download(p->m, path, p->fresh, p->head->head.size, err);
  free(path);
  return status;
}

static nep_status fetch_whole(piece *p, nep_error *err)
{
  nep_mirror *m = p->m;
  nep_verify_options options = {.earlier = access(p->copy, F_OK) == 0 ? p->copy : NULL};
  nep_verified *v = NULL;
  struct stat st;
  nep_status status = download(p, err);
  if (status == NEP_OK)
    status = nep_verify_archive(p->fresh, &options, &v, err);
  if (status == NEP_OK && !nep_verified_is_valid(v)) {
    if (v->findings.n_faults == 0)
      nep_fault(&v->findings, "not-checked", m->uuid, "not everything could be checked");
    status = alarm_of_findings(p, &v->findings, err);
  } else if (status == NEP_OK && strcmp(v->election->uuid, m->uuid) != 0) {
    status = alarm_about(p, "archive-changed", _("the archive is that of another election"), err);
  }
  if (status != NEP_OK) {
    nep_verified_free(v);
    return status;
  }
  forget_copy(m);
  m->verified = v;
  status = read_records(p, false, err);
  if (status == NEP_OK && stat(p->fresh, &st) != 0)
    status = nep_fail(err, NEP_E_IO, "file", p->fresh, "%s", strerror(errno));
  if (status == NEP_OK)
    status = check_heads(p, (uint64_t)st.st_size, err);
  if (status == NEP_OK && rename(p->fresh, p->copy) != 0)
    status = nep_fail(err, NEP_E_IO, "file", p->copy, "%s", strerror(errno));
  if (status == NEP_OK)
    m->size = (uint64_t)st.st_size;
  else
    forget_copy(m);
  return status;
}

/* ---- only what is new ---- */

static nep_status get_tail(piece *p, nep_buf *tail, nep_error *err)
{
  char *path = page_of(p);
  nep_status status = nep_mirror_part(p->m, path, p->m->size, p->head->head.size, tail, err);
  free(path);
  return status;
}

/* A file of its own, so that it can be read like an archive. */
static nep_status write_tail(piece *p, const nep_buf *tail, nep_error *err)
{
  nep_buf file = {0};
  nep_archive_reader *r = NULL;
  nep_status status = nep_reader_open(p->copy, &r, err);
  if (status == NEP_OK) {
    nep_archive_start(&file, nep_reader_timestamp(r));
    nep_buf_add(&file, tail->data, tail->len);
    status = nep_file_write(p->fresh, file.data, file.len, NEP_FILE_PUBLIC, err);
  }
  nep_reader_close(r);
  nep_buf_free(&file);
  return status;
}

static nep_status append(piece *p, const nep_buf *tail, nep_error *err)
{
  nep_status status = nep_mirror_append(p->copy, p->m->size, nep_buf_bytes(tail), err);
  unlink(p->fresh);
  p->m->size += tail->len;
  return status;
}

/* *whole: the new records are not only good ballots, so everything has to be looked at. */
static nep_status fetch_tail(piece *p, bool *whole, nep_error *err)
{
  nep_buf tail = {0};
  nep_status status = get_tail(p, &tail, err);
  if (status == NEP_OK)
    status = write_tail(p, &tail, err);
  if (status == NEP_OK)
    status = read_records(p, true, err);
  const nep_head *h = &p->head->head;
  *whole = status == NEP_OK &&
           (p->findings.n_faults > 0 || !p->only_ballots || p->m->n_events != h->height + 1 ||
            strcmp(p->m->events[h->height], h->event) != 0);
  if (status == NEP_OK && !*whole)
    status = append(p, &tail, err);
  if (status != NEP_OK)
    forget_copy(p->m);
  nep_buf_free(&tail);
  return status;
}

/* A process that was killed while it appended has left a part of it. Only heads that were kept
   before this round say how much of the copy is good: the server names the size of the newest one,
   and would choose how much of the copy it is held against. Where there are none, as in an older
   download that somebody put here, all of it is. */
static nep_status cut_copy(piece *p, nep_error *err)
{
  const nep_head_list *heads = &p->m->heads;
  struct stat st;
  off_t good = 0;
  if (heads->n_before == 0 || stat(p->copy, &st) != 0)
    return NEP_OK;
  for (size_t i = 0; i < heads->n_before; i++)
    if ((off_t)heads->list[i].head.size <= st.st_size)
      good = (off_t)heads->list[i].head.size;
  if (good == st.st_size || truncate(p->copy, good) == 0)
    return NEP_OK;
  return nep_fail(err, NEP_E_IO, "file", p->copy, "%s", strerror(errno));
}

nep_status nep_mirror_fetch(nep_mirror *m, const nep_kept_head *head, nep_error *err)
{
  piece p = {.m = m, .head = head, .only_ballots = true};
  nep_status status = NEP_OK;
  p.copy = nep_sprintf("%s/%s.bel", m->dir, m->uuid);
  p.fresh = nep_sprintf("%s/%s.fresh", m->dir, m->uuid);
  bool whole = m->verified == NULL || head->head.size - m->size > NEP_MIRROR_PART_MAX;
  if (whole)
    status = cut_copy(&p, err);
  else if (head->head.size > m->size)
    status = fetch_tail(&p, &whole, err);
  if (status == NEP_OK && whole) {
    nep_findings_free(&p.findings);
    p.findings = (nep_findings){0};
    status = fetch_whole(&p, err);
  }
  nep_findings_free(&p.findings);
  free(p.fresh);
  free(p.copy);
  return status;
}
