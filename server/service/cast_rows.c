#include "server/service/cast_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/archive.h"
#include "protocol/casts.h"

enum { EVENT, PARENT, CAST_EVENT, CAST_PARENT };

void nep_fresh_casts_new(nep_fresh_casts *f, size_t max)
{
  nep_cast_rows *r = &f->rows;
  *f = (nep_fresh_casts){.casts = nep_alloc(max, sizeof *f->casts),
                         .own = nep_alloc(max, sizeof *f->own)};
  r->uuids = nep_alloc(max, sizeof *r->uuids);
  r->heights = nep_alloc(max, sizeof *r->heights);
  r->credentials = nep_alloc(max, sizeof *r->credentials);
  r->hashes = nep_alloc(max, sizeof *r->hashes);
  r->bodies = nep_alloc(max, sizeof *r->bodies);
  r->events = nep_alloc(max, sizeof *r->events);
  r->parents = nep_alloc(max, sizeof *r->parents);
  r->archive_ends = nep_alloc(max, sizeof *r->archive_ends);
  r->times = nep_alloc(max, sizeof *r->times);
  r->sequences = nep_alloc(max, sizeof *r->sequences);
  r->statement_hashes = nep_alloc(max, sizeof *r->statement_hashes);
  r->statements = nep_alloc(max, sizeof *r->statements);
  r->cast_events = nep_alloc(max, sizeof *r->cast_events);
  r->cast_parents = nep_alloc(max, sizeof *r->cast_parents);
  r->casts_ends = nep_alloc(max, sizeof *r->casts_ends);
}

void nep_fresh_casts_free(nep_fresh_casts *f)
{
  nep_cast_rows *r = &f->rows;
  free(r->casts_ends);
  free(r->cast_parents);
  free(r->cast_events);
  free(r->statements);
  free(r->statement_hashes);
  free(r->sequences);
  free(r->times);
  free(r->archive_ends);
  free(r->parents);
  free(r->events);
  free(r->bodies);
  free(r->hashes);
  free(r->credentials);
  free(r->heights);
  free(r->uuids);
  free(f->own);
  free(f->casts);
}

/* The event that follows `head`, which moves on to it. */
static void add_ballot(nep_fresh_casts *f, size_t i, nep_cast *cast, nep_head_row *head)
{
  nep_cast_rows *r = &f->rows;
  nep_buf text = {0};
  memcpy(f->own[i][PARENT], head->event, sizeof head->event);
  head->height++;
  nep_event_write(f->own[i][PARENT], (uint64_t)head->height, NEP_EVENT_BALLOT, cast->hash, &text,
                  f->own[i][EVENT]);
  memcpy(head->event, f->own[i][EVENT], sizeof head->event);
  head->archive_end += nep_record_size(cast->ballot.len) + nep_record_size(text.len);
  head->ballots++;
  nep_buf_free(&text);
  r->heights[i] = cast->height = head->height;
  r->hashes[i] = cast->hash;
  r->bodies[i] = cast->ballot;
  r->events[i] = f->own[i][EVENT];
  r->parents[i] = f->own[i][PARENT];
  r->archive_ends[i] = head->archive_end;
  r->times[i] = cast->time = head->event_time;
  memcpy(cast->event, head->event, sizeof cast->event);
}

static void add_statement(nep_fresh_casts *f, size_t i, const nep_cast *cast, nep_casts_head *head)
{
  nep_cast_rows *r = &f->rows;
  nep_buf text = {0};
  bool first = head->height == 0;
  memcpy(f->own[i][CAST_PARENT], head->event, sizeof head->event);
  nep_casts_event(first ? NULL : f->own[i][CAST_PARENT], (uint64_t)cast->height - 1,
                  cast->statement_hash, &text, f->own[i][CAST_EVENT]);
  head->height = cast->height;
  memcpy(head->event, f->own[i][CAST_EVENT], sizeof head->event);
  head->casts_end += first ? NEP_CASTS_START : 0;
  head->casts_end += nep_record_size(cast->statement.len) + nep_record_size(text.len);
  nep_buf_free(&text);
  r->sequences[i] = cast->sequence;
  r->statement_hashes[i] = cast->statement_hash;
  r->statements[i] = cast->statement;
  r->cast_events[i] = f->own[i][CAST_EVENT];
  r->cast_parents[i] = f->own[i][CAST_PARENT];
  r->casts_ends[i] = head->casts_end;
}

void nep_fresh_casts_add(nep_fresh_casts *f, nep_cast *cast, nep_casting_head *head)
{
  size_t i = f->rows.n++;
  f->casts[i] = cast;
  f->rows.uuids[i] = cast->uuid;
  f->rows.credentials[i] = cast->credential;
  add_ballot(f, i, cast, &head->head);
  add_statement(f, i, cast, &head->casts);
}

const nep_cast *nep_fresh_casts_twin(const nep_fresh_casts *f, const nep_cast *cast)
{
  for (size_t i = 0; i < f->rows.n; i++)
    if (strcmp(f->casts[i]->hash, cast->hash) == 0 && strcmp(f->casts[i]->uuid, cast->uuid) == 0)
      return f->casts[i];
  return NULL;
}
