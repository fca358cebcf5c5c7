/* The thread that reads elections which are not at hand, for the casts that wait for them. Only it
   does, one election at a time: whoever votes elsewhere is verified meanwhile. */
#include "server/service/caster.h"

/* NULL at the end. */
static nep_cast *next_unread(nep_caster *c)
{
  pthread_mutex_lock(&c->lock);
  while (c->unread.first == NULL && !c->stopping)
    pthread_cond_wait(&c->unknown, &c->lock);
  nep_cast *cast = nep_cast_list_pop(&c->unread);
  pthread_mutex_unlock(&c->lock);
  return cast;
}

/* What has another length than every body of its election is no reason to read the election. */
static nep_status check_length(nep_service *s, const nep_cast *cast, nep_error *err)
{
  size_t wanted = 0;
  nep_status st = nep_cast_length_read(s, cast->uuid, &wanted, err);
  return st == NEP_OK ? nep_cast_length_check(cast, wanted, err) : st;
}

static nep_status find_setup(nep_service *s, nep_cast *cast, nep_error *err)
{
  cast->setup = nep_setup_at_hand(s, cast->uuid);
  if (cast->setup != NULL)
    return NEP_OK;
  nep_status st = check_length(s, cast, err);
  return st == NEP_OK ? nep_setup_take(s, cast->uuid, &cast->setup, err) : st;
}

static void pass_on(nep_caster *c, nep_cast *cast, nep_status st, const nep_error *err)
{
  pthread_mutex_lock(&c->lock);
  c->n_unread--;
  if (st == NEP_OK)
    nep_caster_receive(c, cast);
  if (c->stopping && c->n_unread == 0) { /* the other threads, too, wait for the end */
    pthread_cond_broadcast(&c->received);
    pthread_cond_broadcast(&c->verified);
  }
  pthread_mutex_unlock(&c->lock);
  if (st != NEP_OK)
    nep_cast_fail(c->service, cast, err);
}

void *nep_cast_reader(void *caster)
{
  nep_caster *c = caster;
  for (nep_cast *cast; (cast = next_unread(c)) != NULL;) {
    nep_error err = {0};
    nep_status st = find_setup(c->service, cast, &err);
    pass_on(c, cast, st, &err);
  }
  return NULL;
}
