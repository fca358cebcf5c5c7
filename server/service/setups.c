#include "server/service/setups.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct nep_setups {
  pthread_mutex_t lock;
  nep_setup *list[NEP_SETUPS_MAX];
  size_t n;
  uint64_t clock;
};

nep_setups *nep_setups_new(void)
{
  nep_setups *all = nep_alloc(1, sizeof *all);
  pthread_mutex_init(&all->lock, NULL);
  return all;
}

static void setup_free(nep_setup *setup)
{
  if (setup == NULL)
    return;
  nep_credentials_free(setup->credentials);
  nep_election_free(setup->election);
  free(setup);
}

void nep_setups_free(nep_setups *all)
{
  if (all == NULL)
    return;
  for (size_t i = 0; i < all->n; i++)
    setup_free(all->list[i]);
  pthread_mutex_destroy(&all->lock);
  free(all);
}

/* ---- reading from the database ---- */

typedef struct load {
  const char *uuid;
  nep_head_row head;
  nep_buf definition, credentials;
} load;

static nep_status read_texts(nep_db *db, void *ctx, nep_error *err)
{
  load *l = ctx;
  char hash[65];
  nep_buf_clear(&l->definition);
  nep_buf_clear(&l->credentials);
  nep_status st = nep_db_head_get(db, l->uuid, &l->head, err);
  if (st == NEP_OK && l->head.phase < NEP_PHASE_FROZEN)
    st = nep_fail(err, NEP_E_STATE, "phase", "uuid",
                  "the election is in phase %s: voting has "
                  "not begun",
                  nep_phase_name(l->head.phase));
  if (st == NEP_OK)
    st = nep_db_data_get(db, l->uuid, NEP_DATA_ELECTION, &l->definition, hash, err);
  if (st == NEP_OK)
    st = nep_db_data_get(db, l->uuid, NEP_DATA_CREDENTIALS, &l->credentials, hash, err);
  return st;
}

/* Both were checked before they were stored: a fault here is one of the storage. */
static nep_status parse(const load *l, nep_setup *setup, nep_error *err)
{
  nep_findings findings = {0};
  nep_status st = nep_election_parse(nep_buf_bytes(&l->definition), &setup->election, err);
  if (st == NEP_OK) {
    nep_credentials_verify(setup->election->group, nep_buf_bytes(&l->credentials), 0,
                           &setup->credentials, &findings);
    st = nep_findings_status(&findings, err);
  }
  if (st == NEP_OK)
    setup->envelope = nep_ballot_envelope(setup->election);
  nep_findings_free(&findings);
  return st;
}

static nep_status load_setup(nep_service *s, const char *uuid, nep_setup **out, nep_error *err)
{
  load l = {.uuid = uuid};
  nep_setup *setup = nep_alloc(1, sizeof *setup);
  nep_status st = nep_db_transaction(s->board, true, read_texts, &l, err);
  if (st == NEP_OK) {
    memcpy(setup->uuid, uuid, strlen(uuid) + 1);
    st = parse(&l, setup, err);
    if (st != NEP_OK)
      st = nep_inside(err, NEP_E_INTERNAL, "stored setup of %s", uuid);
  }
  nep_buf_free(&l.credentials);
  nep_buf_free(&l.definition);
  if (st != NEP_OK) {
    setup_free(setup);
    setup = NULL;
  }
  *out = setup;
  return st;
}

/* ---- the list; the lock is held ---- */

static nep_setup *find(nep_setups *all, const char *uuid)
{
  for (size_t i = 0; i < all->n; i++)
    if (strcmp(all->list[i]->uuid, uuid) == 0)
      return all->list[i];
  return NULL;
}

static nep_setup *taken(nep_setups *all, nep_setup *setup)
{
  setup->users++;
  setup->used = ++all->clock;
  return setup;
}

static void drop_oldest(nep_setups *all)
{
  size_t oldest = 0;
  for (size_t i = 1; i < all->n; i++)
    if (all->list[i]->used < all->list[oldest]->used)
      oldest = i;
  nep_setup *out = all->list[oldest];
  all->list[oldest] = all->list[--all->n];
  out->kept = false;
  if (out->users == 0)
    setup_free(out);
}

static nep_setup *keep(nep_setups *all, nep_setup *fresh)
{
  nep_setup *other = find(all, fresh->uuid);
  if (other != NULL) { /* another thread was faster */
    setup_free(fresh);
    return other;
  }
  if (all->n == NEP_SETUPS_MAX)
    drop_oldest(all);
  fresh->kept = true;
  all->list[all->n++] = fresh;
  return fresh;
}

nep_status nep_setup_take(nep_service *s, const char *uuid, nep_setup **out, nep_error *err)
{
  nep_setups *all = s->setups;
  nep_setup *fresh = NULL;
  pthread_mutex_lock(&all->lock);
  nep_setup *found = find(all, uuid);
  *out = found == NULL ? NULL : taken(all, found);
  pthread_mutex_unlock(&all->lock);
  if (found != NULL)
    return NEP_OK;
  nep_status st = load_setup(s, uuid, &fresh, err);
  if (st != NEP_OK)
    return st;
  pthread_mutex_lock(&all->lock);
  *out = taken(all, keep(all, fresh));
  pthread_mutex_unlock(&all->lock);
  return NEP_OK;
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

const nep_group *nep_setup_group(nep_service *s, const char *uuid)
{
  nep_setups *all = s->setups;
  pthread_mutex_lock(&all->lock);
  const nep_setup *found = find(all, uuid);
  const nep_group *group = found == NULL ? NULL : found->election->group;
  pthread_mutex_unlock(&all->lock);
  return group;
}

void nep_setup_give(nep_service *s, nep_setup *setup)
{
  if (setup == NULL)
    return;
  pthread_mutex_lock(&s->setups->lock);
  bool unused = --setup->users == 0 && !setup->kept;
  pthread_mutex_unlock(&s->setups->lock);
  if (unused)
    setup_free(setup);
}
