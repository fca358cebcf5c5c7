#include "server/http/crowd.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct visitor {
  uint8_t key[16];
  unsigned open;
} visitor;

struct nep_crowd {
  pthread_mutex_t lock;
  unsigned most;
  void *by_key; /* those with open connections: a tree for tsearch */
};

nep_crowd *nep_crowd_new(unsigned most)
{
  nep_crowd *c = nep_alloc(1, sizeof *c);
  c->most = most;
  pthread_mutex_init(&c->lock, NULL);
  return c;
}

static int compare(const void *a, const void *b)
{
  return memcmp(((const visitor *)a)->key, ((const visitor *)b)->key, sizeof((visitor *)0)->key);
}

void nep_crowd_free(nep_crowd *c)
{
  if (!c)
    return;
  while (c->by_key) {
    visitor *first = *(visitor **)c->by_key;
    tdelete(first, &c->by_key, compare);
    free(first);
  }
  pthread_mutex_destroy(&c->lock);
  free(c);
}

/* The lock is held. */
static visitor *find(nep_crowd *c, const uint8_t key[16])
{
  visitor wanted;
  memcpy(wanted.key, key, sizeof wanted.key);
  visitor *const *found = tfind(&wanted, &c->by_key, compare);
  return found ? *found : NULL;
}

bool nep_crowd_has_room(nep_crowd *c, const uint8_t key[16])
{
  pthread_mutex_lock(&c->lock);
  const visitor *v = find(c, key);
  bool room = !v || v->open < c->most;
  pthread_mutex_unlock(&c->lock);
  return room;
}

void nep_crowd_enter(nep_crowd *c, const uint8_t key[16])
{
  pthread_mutex_lock(&c->lock);
  visitor *v = find(c, key);
  if (!v) {
    v = nep_alloc(1, sizeof *v);
    memcpy(v->key, key, sizeof v->key);
    if (!tsearch(v, &c->by_key, compare))
      abort(); /* like memory */
  }
  v->open++;
  pthread_mutex_unlock(&c->lock);
}

void nep_crowd_leave(nep_crowd *c, const uint8_t key[16])
{
  pthread_mutex_lock(&c->lock);
  visitor *v = find(c, key);
  if (v && --v->open == 0) {
    tdelete(v, &c->by_key, compare);
    free(v);
  }
  pthread_mutex_unlock(&c->lock);
}
