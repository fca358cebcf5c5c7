#include "server/signer/memory.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "server/signer/memory_inside.h"

static nep_status advise_restart(nep_status status, nep_error *err)
{
  nep_advise(err, "nothing is signed any more: find out what the disk has, then restart "
                  "nep-signer, which reads its memory again");
  return status;
}

/* What no later success makes good. */
static nep_status become_unsure(nep_memory *m, nep_status status, nep_error *err)
{
  m->is_unsure = true;
  return advise_restart(status, err);
}

nep_status nep_memory_check(const nep_memory *m, nep_error *err)
{
  if (!m->is_unsure)
    return NEP_OK;
  nep_fail(err, NEP_E_IO, "signer-memory", m->folder, "an earlier write to it failed");
  return advise_restart(NEP_E_IO, err);
}

/* ---- chains ---- */

static nep_progress *find_progress(const nep_memory *m, nep_signed_chain chain, const char *uuid)
{
  nep_progress *p = m->first;
  while (p && (p->chain != chain || strcmp(p->uuid, uuid) != 0))
    p = p->next;
  return p;
}

static nep_progress *make_progress(nep_memory *m, nep_signed_chain chain, const char *uuid)
{
  nep_progress *p = find_progress(m, chain, uuid);
  if (p)
    return p;
  p = nep_alloc(1, sizeof *p);
  p->chain = chain;
  snprintf(p->uuid, sizeof p->uuid, "%s", uuid);
  p->next = m->first;
  m->first = p;
  return p;
}

uint64_t nep_memory_chained(const nep_memory *m, nep_signed_chain chain, const char *uuid)
{
  const nep_progress *p = find_progress(m, chain, uuid);
  return p ? p->chained : 0;
}

void nep_memory_set_chained(nep_memory *m, nep_signed_chain chain, const char *uuid,
                            uint64_t heights)
{
  nep_progress *p = make_progress(m, chain, uuid);
  if (p->chained < heights)
    p->chained = heights;
}

/* ---- filling places ---- */

static nep_status conflict(const nep_remembered *e, const unsigned char held[NEP_PLACE],
                           nep_error *err)
{
  char hex[2 * NEP_PLACE + 1];
  nep_hex(held, NEP_PLACE, hex);
  nep_fail(err, NEP_E_STATE, "signer-conflict", e->uuid,
           "at height %" PRIu64 " the event %s was signed, now %s is asked for", e->height, hex,
           e->event);
  return nep_advise(err, "the board was changed or an older copy restored: stop serving it");
}

/* The file is not synced: the journal will be, or was when the place was filled before. */
static nep_status fill_place(nep_memory *m, nep_memory_file *f, const nep_remembered *e,
                             nep_error *err)
{
  unsigned char hash[NEP_PLACE], held[NEP_PLACE];
  if (!nep_unhex(e->event, strlen(e->event), hash, sizeof hash) || nep_place_is_empty(hash) ||
      e->height >= NEP_MEMORY_EVENTS_MAX)
    return nep_fail(err, NEP_E_INPUT, "shape", "event", "is no event that can be remembered");
  nep_status status = nep_memory_file_read(f, e->height, held, err);
  if (status != NEP_OK || memcmp(held, hash, NEP_PLACE) == 0)
    return status;
  if (!nep_place_is_empty(held))
    return conflict(e, held, err);
  status = nep_memory_file_write(f, e->height, hash, err);
  if (status != NEP_OK)
    return become_unsure(m, status, err);
  make_progress(m, e->chain, e->uuid)->is_touched = true;
  nep_memory_journal_add(&m->journal, e, hash);
  return NEP_OK;
}

/* The events from the first on that are of one chain; *done counts them. */
static nep_status fill_chain(nep_memory *m, const nep_remembered *events, size_t n, size_t *done,
                             nep_error *err)
{
  nep_memory_file f;
  nep_status status =
      nep_memory_file_open(m->folder, events[0].chain, events[0].uuid, true, &f, err);
  if (status != NEP_OK)
    return status;
  for (*done = 0; status == NEP_OK && *done < n; ++*done) {
    if (events[*done].chain != events[0].chain || strcmp(events[*done].uuid, events[0].uuid) != 0)
      break;
    status = fill_place(m, &f, &events[*done], err);
  }
  nep_memory_file_close(&f);
  return status;
}

static nep_status empty_journal(nep_memory *m, nep_error *err)
{
  for (nep_progress *p = m->first; p; p = p->next) {
    nep_status status =
        p->is_touched ? nep_memory_file_sync(m->folder, p->chain, p->uuid, err) : NEP_OK;
    if (status != NEP_OK)
      return status;
    p->is_touched = false;
  }
  return nep_memory_journal_empty(&m->journal, m->lock, err);
}

static nep_status keep_filled(nep_memory *m, nep_error *err)
{
  nep_status status = nep_memory_journal_sync(&m->journal, err);
  if (status == NEP_OK && nep_memory_journal_is_full(&m->journal))
    status = empty_journal(m, err);
  return status == NEP_OK ? NEP_OK : become_unsure(m, status, err);
}

/* What was filled before a refusal is kept, too: it would be found filled the next time. */
nep_status nep_memory_fill(nep_memory *m, const nep_remembered *events, size_t n, nep_error *err)
{
  nep_status status = nep_memory_check(m, err);
  for (size_t at = 0, done = 0; status == NEP_OK && at < n; at += done)
    status = fill_chain(m, events + at, n - at, &done, err);
  if (m->is_unsure)
    return status;
  nep_status kept = keep_filled(m, status == NEP_OK ? err : NULL);
  return status == NEP_OK ? kept : status;
}

/* ---- looking ---- */

nep_status nep_memory_event(nep_memory *m, nep_signed_chain chain, const char *uuid,
                            uint64_t height, char event[65], nep_error *err)
{
  nep_memory_file f;
  unsigned char held[NEP_PLACE];
  nep_status status = nep_memory_check(m, err);
  if (status == NEP_OK)
    status = nep_memory_file_open(m->folder, chain, uuid, false, &f, err);
  if (status != NEP_OK)
    return status;
  event[0] = '\0';
  status = nep_memory_file_read(&f, height, held, err);
  if (status == NEP_OK && !nep_place_is_empty(held))
    nep_hex(held, NEP_PLACE, event);
  nep_memory_file_close(&f);
  return status;
}

/* A crash may have left empty places at the end. */
static nep_status find_highest(nep_memory *m, nep_remembered *e, bool *found, nep_error *err)
{
  nep_memory_file f;
  nep_status status = nep_memory_file_open(m->folder, e->chain, e->uuid, false, &f, err);
  if (status != NEP_OK)
    return status;
  uint64_t places = f.places;
  nep_memory_file_close(&f);
  for (*found = false; status == NEP_OK && !*found && places > 0; places--) {
    e->height = places - 1;
    status = nep_memory_event(m, e->chain, e->uuid, e->height, e->event, err);
    *found = e->event[0] != '\0';
  }
  return status;
}

/* By what stands before the first point: the uuid. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
  size_t x = strcspn((*a)->d_name, "."), y = strcspn((*b)->d_name, ".");
  int order = memcmp((*a)->d_name, (*b)->d_name, x < y ? x : y);
  return order != 0 ? order : (x > y) - (x < y);
}

nep_status nep_memory_list(nep_memory *m, nep_signed_chain chain, const char *after,
                           nep_remembered *out, size_t max, size_t *n, nep_error *err)
{
  struct dirent **names = NULL;
  nep_status status = nep_memory_check(m, err);
  if (status != NEP_OK)
    return status;
  int count = scandir(m->folder, &names, NULL, by_name);
  if (count < 0)
    return nep_fail(err, NEP_E_IO, "signer-memory", m->folder, "cannot list: %s", strerror(errno));
  *n = 0;
  for (int i = 0; i < count; i++) {
    bool found = false;
    if (status == NEP_OK && *n < max && nep_memory_file_is(chain, names[i]->d_name, out[*n].uuid) &&
        strcmp(out[*n].uuid, after) > 0) {
      out[*n].chain = chain;
      status = find_highest(m, &out[*n], &found, err);
    }
    *n += found;
    free(names[i]);
  }
  free(names);
  return status;
}
