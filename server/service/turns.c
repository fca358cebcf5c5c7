#include "server/service/turns.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct nep_turns {
  pthread_mutex_t lock;
  pthread_cond_t ended;
  unsigned long_at_once;
  nep_turn *first; /* under way */
};

nep_turns *nep_turns_new(unsigned long_at_once)
{
  nep_turns *all = nep_alloc(1, sizeof *all);
  all->long_at_once = long_at_once;
  pthread_mutex_init(&all->lock, NULL);
  pthread_cond_init(&all->ended, NULL);
  return all;
}

void nep_turns_free(nep_turns *all)
{
  if (all == NULL)
    return;
  pthread_cond_destroy(&all->ended);
  pthread_mutex_destroy(&all->lock);
  free(all);
}

static const nep_turn *same(const nep_turns *all, const nep_turn *mine)
{
  const nep_turn *o = all->first;
  while (o != NULL && (o->kind != mine->kind || strcmp(o->uuid, mine->uuid) != 0))
    o = o->next;
  return o;
}

static unsigned long_ones(const nep_turns *all)
{
  unsigned n = 0;
  for (const nep_turn *o = all->first; o != NULL; o = o->next)
    n += o->is_long;
  return n;
}

bool nep_turn_begin(nep_turns *all, nep_turn *mine)
{
  const nep_turn *other;
  pthread_mutex_lock(&all->lock);
  while ((other = same(all, mine)) != NULL && !other->is_long && !mine->is_long)
    pthread_cond_wait(&all->ended, &all->lock);
  bool mine_now = other == NULL && !(mine->is_long && long_ones(all) >= all->long_at_once);
  if (mine_now) {
    mine->next = all->first;
    all->first = mine;
  }
  pthread_mutex_unlock(&all->lock);
  return mine_now;
}

void nep_turn_end(nep_turns *all, const nep_turn *mine)
{
  pthread_mutex_lock(&all->lock);
  nep_turn **at = &all->first;
  while (*at != mine)
    at = &(*at)->next;
  *at = mine->next;
  pthread_cond_broadcast(&all->ended);
  pthread_mutex_unlock(&all->lock);
}
