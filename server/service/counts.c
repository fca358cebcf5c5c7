#include "server/service/counts.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "server/db/registry.h"

enum { KEPT_TIMES = 20, KEPT_MS_MAX = 10000 };

typedef struct count {
  char uuid[65];
  bool is_known, is_final, is_counting;
  int64_t until_ms; /* good till then */
  int64_t roll, registered;
} count;

struct nep_counts {
  pthread_mutex_t lock;
  pthread_cond_t counted;
  void *by_uuid; /* a tree for tsearch; entries stay as long as it does */
};

nep_counts *nep_counts_new(void)
{
  nep_counts *all = nep_alloc(1, sizeof *all);
  pthread_mutex_init(&all->lock, NULL);
  pthread_cond_init(&all->counted, NULL);
  return all;
}

static int compare(const void *a, const void *b)
{
  return strcmp(((const count *)a)->uuid, ((const count *)b)->uuid);
}

void nep_counts_free(nep_counts *all)
{
  if (all == NULL)
    return;
  while (all->by_uuid != NULL) {
    count *first = *(count **)all->by_uuid;
    tdelete(first, &all->by_uuid, compare);
    free(first);
  }
  pthread_cond_destroy(&all->counted);
  pthread_mutex_destroy(&all->lock);
  free(all);
}

static count *count_of(nep_counts *all, const char *uuid)
{
  count *fresh = nep_alloc(1, sizeof *fresh);
  memcpy(fresh->uuid, uuid, strlen(uuid) + 1);
  count *const *found = tsearch(fresh, &all->by_uuid, compare);
  if (found == NULL)
    abort(); /* like memory */
  count *c = *found;
  if (c != fresh)
    free(fresh);
  return c;
}

static bool is_good(const count *c, bool frozen)
{
  return c->is_known && (c->is_final || (!frozen && nep_clock_ms() < c->until_ms));
}

static nep_status read_counts(nep_db *db, void *ctx, nep_error *err)
{
  count *c = ctx;
  return nep_db_counts(db, c->uuid, &c->roll, &c->registered, err);
}

/* Nobody else counts this one, and the lock is not held. */
static nep_status count_now(nep_service *s, count *c, bool frozen, nep_error *err)
{
  count fresh = {.is_known = true, .is_final = frozen, .is_counting = true};
  memcpy(fresh.uuid, c->uuid, sizeof fresh.uuid);
  int64_t begun = nep_clock_ms();
  nep_status st = nep_db_transaction(s->registry, true, read_counts, &fresh, err);
  int64_t ended = nep_clock_ms();
  int64_t kept = KEPT_TIMES * (ended - begun);
  fresh.until_ms = ended + (kept < KEPT_MS_MAX ? kept : KEPT_MS_MAX);
  if (st == NEP_OK) {
    pthread_mutex_lock(&s->counts->lock);
    *c = fresh;
    pthread_mutex_unlock(&s->counts->lock);
  }
  return st;
}

/* The lock is held. Whether this thread is to count. */
static bool must_count(nep_counts *all, count *c, bool frozen)
{
  while (c->is_counting && !c->is_known)
    pthread_cond_wait(&all->counted, &all->lock);
  if (c->is_counting || is_good(c, frozen))
    return false;
  c->is_counting = true;
  return true;
}

nep_status nep_counts_get(nep_service *s, const char *uuid, bool frozen, int64_t *roll,
                          int64_t *registered, nep_error *err)
{
  nep_counts *all = s->counts;
  nep_status st = NEP_OK;
  pthread_mutex_lock(&all->lock);
  count *c = count_of(all, uuid);
  if (must_count(all, c, frozen)) {
    pthread_mutex_unlock(&all->lock);
    st = count_now(s, c, frozen, err);
    pthread_mutex_lock(&all->lock);
    c->is_counting = false;
    pthread_cond_broadcast(&all->counted);
  }
  *roll = c->roll;
  *registered = c->registered;
  pthread_mutex_unlock(&all->lock);
  return st;
}
