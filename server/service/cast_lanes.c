#include "server/service/cast_lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void nep_cast_list_push(nep_cast_list *l, nep_cast *cast)
{
  cast->next = NULL;
  if (l->first == NULL)
    l->first = cast;
  else
    l->last->next = cast;
  l->last = cast;
}

nep_cast *nep_cast_list_pop(nep_cast_list *l)
{
  nep_cast *cast = l->first;
  if (cast != NULL)
    l->first = cast->next;
  return cast;
}

static void append(nep_lanes *lanes, nep_lane *l)
{
  nep_lane **at = &lanes->first;
  while (*at != NULL)
    at = &(*at)->next;
  l->next = NULL;
  *at = l;
}

static nep_lane *lane_of(nep_lanes *lanes, const char *uuid)
{
  nep_lane *l = lanes->first;
  while (l != NULL && strcmp(l->uuid, uuid) != 0)
    l = l->next;
  if (l != NULL)
    return l;
  l = nep_alloc(1, sizeof *l);
  memcpy(l->uuid, uuid, strlen(uuid) + 1);
  append(lanes, l);
  return l;
}

void nep_lanes_add(nep_lanes *lanes, nep_cast *cast, struct timespec now)
{
  nep_lane *l = lane_of(lanes, cast->uuid);
  if (l->n++ == 0)
    l->since = now;
  nep_cast_list_push(&l->waiting, cast);
}

static bool is_free(const nep_lane *l)
{
  return !l->busy && l->waiting.first != NULL;
}

static bool is_before(const struct timespec *a, const struct timespec *b)
{
  return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static bool are_enough(const nep_lanes_scene *scene, unsigned n)
{
  return n >= NEP_WORTH_COMMITTING ||
         (scene->storing == 0 && (2 * n >= scene->inside || scene->unverified == 0));
}

static struct timespec due_of(const nep_lanes_scene *scene, const nep_lane *l)
{
  struct timespec at = l->since;
  at.tv_nsec += (scene->storing == 0 ? NEP_LINGER_MS : NEP_PATIENCE_MS) * 1000000L;
  at.tv_sec += at.tv_nsec / 1000000000L;
  at.tv_nsec %= 1000000000L;
  return at;
}

bool nep_lanes_are_due(const nep_lanes *lanes, const nep_lanes_scene *scene, struct timespec now,
                       struct timespec *next, bool *waiting)
{
  unsigned n = 0;
  *waiting = false;
  for (const nep_lane *l = lanes->first; l != NULL; l = l->next) {
    if (!is_free(l))
      continue;
    n += l->n;
    struct timespec own = due_of(scene, l);
    if (!*waiting || is_before(&own, next))
      *next = own;
    *waiting = true;
  }
  return *waiting && (are_enough(scene, n) || scene->stopping || !is_before(&now, next));
}

static bool has_room(size_t n, size_t max, size_t bytes, const nep_cast *next)
{
  return n == 0 || (n < max && bytes + next->body.len <= NEP_BATCH_BYTES);
}

size_t nep_lanes_take(nep_lanes *lanes, size_t max, nep_cast **casts, nep_lane **taken,
                      size_t *n_taken)
{
  size_t n = 0, bytes = 0;
  *n_taken = 0;
  for (nep_lane *l = lanes->first; l != NULL; l = l->next) {
    if (!is_free(l) || !has_room(n, max, bytes, l->waiting.first))
      continue;
    l->busy = true;
    taken[(*n_taken)++] = l;
    for (; l->waiting.first != NULL && has_room(n, max, bytes, l->waiting.first); l->n--) {
      bytes += l->waiting.first->body.len;
      casts[n++] = nep_cast_list_pop(&l->waiting);
    }
  }
  return n;
}

void nep_lanes_give_back(nep_lanes *lanes, nep_lane *lane)
{
  nep_lane **at = &lanes->first;
  while (*at != lane)
    at = &(*at)->next;
  *at = lane->next;
  lane->busy = false;
  if (lane->waiting.first != NULL)
    append(lanes, lane);
  else
    free(lane);
}
