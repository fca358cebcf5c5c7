#include "server/service/setups.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct nep_setups {
  pthread_mutex_t reading; /* held while one is read; taken before the other */
  pthread_mutex_t lock;
  void *by_uuid; /* of those kept: a tree for tsearch */
  nep_setup *first;
  size_t bytes, max_bytes;
  atomic_uint_fast64_t clock;
};

nep_setups *nep_setups_new(size_t max_bytes)
{
  nep_setups *all = nep_alloc(1, sizeof *all);
  all->max_bytes = max_bytes;
  pthread_mutex_init(&all->reading, NULL);
  pthread_mutex_init(&all->lock, NULL);
  return all;
}

static int compare(const void *a, const void *b)
{
  return strcmp(((const nep_setup *)a)->uuid, ((const nep_setup *)b)->uuid);
}

void nep_setups_free(nep_setups *all)
{
  if (all == NULL)
    return;
  for (nep_setup *setup = all->first, *next; setup != NULL; setup = next) {
    next = setup->next;
    tdelete(setup, &all->by_uuid, compare);
    nep_setup_free(setup);
  }
  pthread_mutex_destroy(&all->lock);
  pthread_mutex_destroy(&all->reading);
  free(all);
}

size_t nep_setups_bytes(nep_setups *all)
{
  pthread_mutex_lock(&all->lock);
  size_t bytes = all->bytes;
  pthread_mutex_unlock(&all->lock);
  return bytes;
}

/* ---- the list; its lock is held ---- */

static nep_setup *find(nep_setups *all, const char *uuid)
{
  nep_setup key;
  size_t len = strnlen(uuid, sizeof key.uuid);
  if (len == sizeof key.uuid)
    return NULL;
  memcpy(key.uuid, uuid, len + 1);
  nep_setup *const *found = tfind(&key, &all->by_uuid, compare);
  return found == NULL ? NULL : *found;
}

/* Who was proved longest ago, and of those never proved the one read first. */
static nep_setup *next_to_go(nep_setups *all)
{
  nep_setup *out = all->first;
  for (nep_setup *o = all->first; o != NULL; o = o->next)
    if (atomic_load(&o->proved) <= atomic_load(&out->proved))
      out = o;
  return out;
}

static void take_out(nep_setups *all, nep_setup *setup)
{
  nep_setup **at = &all->first;
  while (*at != setup)
    at = &(*at)->next;
  *at = setup->next;
  tdelete(setup, &all->by_uuid, compare);
  all->bytes -= setup->bytes;
  setup->kept = false;
}

/* Makes room for a fresh one. Those that nobody uses any more are chained to *unused, to be freed
   without the lock. */
static void keep(nep_setups *all, nep_setup *fresh, nep_setup **unused)
{
  while (all->first != NULL && all->bytes + fresh->bytes > all->max_bytes) {
    nep_setup *out = next_to_go(all);
    take_out(all, out);
    if (out->users > 0)
      continue;
    out->next = *unused;
    *unused = out;
  }
  if (tsearch(fresh, &all->by_uuid, compare) == NULL)
    abort(); /* like memory */
  fresh->kept = true;
  fresh->next = all->first;
  all->first = fresh;
  all->bytes += fresh->bytes;
}

/* ---- taking ---- */

nep_setup *nep_setup_at_hand(nep_service *s, const char *uuid)
{
  nep_setups *all = s->setups;
  pthread_mutex_lock(&all->lock);
  nep_setup *found = find(all, uuid);
  if (found != NULL)
    found->users++;
  pthread_mutex_unlock(&all->lock);
  return found;
}

/* The right to read is held: nobody else adds one. */
static nep_status read_one(nep_service *s, const char *uuid, nep_setup **out, nep_error *err)
{
  nep_setups *all = s->setups;
  nep_setup *unused = NULL;
  *out = nep_setup_at_hand(s, uuid); /* whoever read before us may have read this one */
  if (*out != NULL)
    return NEP_OK;
  nep_status st = nep_setup_read(s, uuid, out, err);
  if (st != NEP_OK)
    return st;
  pthread_mutex_lock(&all->lock);
  (*out)->users++;
  keep(all, *out, &unused);
  pthread_mutex_unlock(&all->lock);
  for (nep_setup *next; unused != NULL; unused = next) {
    next = unused->next;
    nep_setup_free(unused);
  }
  return NEP_OK;
}

nep_status nep_setup_take(nep_service *s, const char *uuid, nep_setup **out, nep_error *err)
{
  *out = nep_setup_at_hand(s, uuid);
  if (*out != NULL)
    return NEP_OK;
  pthread_mutex_lock(&s->setups->reading);
  nep_status st = read_one(s, uuid, out, err);
  pthread_mutex_unlock(&s->setups->reading);
  return st;
}

nep_status nep_setup_take_soon(nep_service *s, const char *uuid, nep_setup **out, nep_error *err)
{
  *out = nep_setup_at_hand(s, uuid);
  if (*out != NULL)
    return NEP_OK;
  if (pthread_mutex_trylock(&s->setups->reading) != 0) {
    (void)nep_fail(err, NEP_E_BUSY, "setup-reading", "uuid",
                   "the list of another election is being read first");
    return nep_advise(err, "ask again in a few seconds");
  }
  nep_status st = read_one(s, uuid, out, err);
  pthread_mutex_unlock(&s->setups->reading);
  return st;
}

void nep_setup_give(nep_service *s, nep_setup *setup)
{
  if (setup == NULL)
    return;
  pthread_mutex_lock(&s->setups->lock);
  bool unused = --setup->users == 0 && !setup->kept;
  pthread_mutex_unlock(&s->setups->lock);
  if (unused)
    nep_setup_free(setup);
}

void nep_setup_proved(nep_service *s, nep_setup *setup)
{
  atomic_store(&setup->proved, atomic_fetch_add(&s->setups->clock, 1) + 1);
}

size_t nep_cast_length(nep_service *s, const char *uuid)
{
  nep_setups *all = s->setups;
  pthread_mutex_lock(&all->lock);
  const nep_setup *found = find(all, uuid);
  size_t length = found == NULL ? 0 : found->envelope;
  pthread_mutex_unlock(&all->lock);
  return length;
}
