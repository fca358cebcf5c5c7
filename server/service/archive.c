/* The archive or its casts up to an event, as a file whose first bytes never change. */
#include "protocol/casts.h"
#include "server/service/copies.h"

typedef struct wanted {
  nep_copy_kind kind;
  const char *uuid;
  uint64_t height; /* UINT64_MAX: the last */
  int64_t found, end;
  char hash[65];
} wanted;

static nep_status find_event(nep_db *db, void *ctx, nep_error *err)
{
  wanted *w = ctx;
  nep_head_row head;
  nep_status st = nep_db_head_get(db, w->uuid, &head, err);
  if (st != NEP_OK)
    return st;
  if (!head.has_event)
    return nep_fail(err, NEP_E_NOT_FOUND, "archive", "uuid", "the election has not opened yet");
  if (w->height != UINT64_MAX && w->height > (uint64_t)head.height)
    return nep_fail(err, NEP_E_NOT_FOUND, "event", "upto", "the last event has height %lld",
                    (long long)head.height);
  w->found = w->height == UINT64_MAX ? head.height : (int64_t)w->height;
  st = nep_db_event_get(db, w->uuid, w->found, w->hash, &w->end, err);
  if (st != NEP_OK || w->kind == NEP_COPY_ARCHIVE)
    return st;
  nep_casts_head casts;
  st = nep_db_casts_head(db, w->uuid, w->found, &casts, err);
  w->end = casts.height > 0 ? casts.casts_end : NEP_CASTS_START;
  return st;
}

static nep_status get(nep_service *s, nep_copy_kind kind, const char *uuid, uint64_t *height,
                      char path[4096], uint64_t *size, char event_hash[65], nep_error *err)
{
  wanted w = {.kind = kind, .uuid = uuid, .height = *height};
  nep_status st = nep_db_transaction(s->board, true, find_event, &w, err);
  if (st == NEP_OK)
    st = nep_copy_extend(s, kind, uuid, w.found, w.end, path, err);
  if (st != NEP_OK)
    return st;
  *height = (uint64_t)w.found;
  *size = (uint64_t)w.end;
  for (size_t i = 0; i < sizeof w.hash; i++)
    event_hash[i] = w.hash[i];
  return NEP_OK;
}

nep_status nep_archive_get(nep_service *s, const char *uuid, uint64_t *height, char path[4096],
                           uint64_t *size, char event_hash[65], nep_error *err)
{
  return get(s, NEP_COPY_ARCHIVE, uuid, height, path, size, event_hash, err);
}

nep_status nep_casts_get(nep_service *s, const char *uuid, uint64_t *height, char path[4096],
                         uint64_t *size, char event_hash[65], nep_error *err)
{
  return get(s, NEP_COPY_CASTS, uuid, height, path, size, event_hash, err);
}
