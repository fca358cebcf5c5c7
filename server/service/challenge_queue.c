/* The queue of challenges and its thread. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/election.h"
#include "server/service/challenge.h"

typedef struct job {
  char uuid[65];
  nep_buf body;
  nep_cast_done *done;
  void *ctx;
  struct job *next;
} job;

struct nep_challenger {
  nep_service *service;
  pthread_mutex_t lock;
  pthread_cond_t received;
  job *first, *last;
  unsigned waiting;
  bool stopping;
  pthread_t thread;
};

static void job_free(job *j)
{
  nep_buf_wipe(&j->body); /* what was refused is not public */
  free(j);
}

nep_status nep_challenge_submit(nep_service *s, const char *uuid, nep_bytes body,
                                nep_cast_done *done, void *ctx, nep_error *err)
{
  nep_challenger *c = s->challenger;
  nep_status st = NEP_OK;
  if (!nep_uuid_is_valid(uuid, strlen(uuid)))
    return nep_fail(err, NEP_E_NOT_FOUND, "election", "uuid", "there is no such election");
  job *j = nep_alloc(1, sizeof *j);
  memcpy(j->uuid, uuid, strlen(uuid) + 1);
  nep_buf_secret_add(&j->body, body.data, body.len);
  j->done = done;
  j->ctx = ctx;
  pthread_mutex_lock(&c->lock);
  if (c->stopping || c->waiting >= NEP_CHALLENGES_WAITING) {
    st = nep_fail(err, NEP_E_BUSY, "challenge-queue", NULL, "too many challenges are waiting");
    nep_advise(err, "send the same challenge again in a few seconds");
  } else {
    if (c->first == NULL)
      c->first = j;
    else
      c->last->next = j;
    c->last = j;
    c->waiting++;
    pthread_cond_signal(&c->received);
  }
  pthread_mutex_unlock(&c->lock);
  if (st != NEP_OK)
    job_free(j);
  return st;
}

static job *next_job(nep_challenger *c)
{
  pthread_mutex_lock(&c->lock);
  while (c->first == NULL && !c->stopping)
    pthread_cond_wait(&c->received, &c->lock);
  job *j = c->first;
  if (j != NULL) {
    c->first = j->next;
    c->waiting--;
  }
  pthread_mutex_unlock(&c->lock);
  return j;
}

static void count(nep_service *s, nep_status st, bool created)
{
  if (st == NEP_OK && created)
    atomic_fetch_add(&s->counters.challenges, 1);
}

static void *publisher(void *ctx)
{
  nep_challenger *c = ctx;
  for (job *j; (j = next_job(c)) != NULL; job_free(j)) {
    nep_error err = {0};
    nep_buf json = {0};
    bool created = false;
    nep_status st = nep_challenge_publish(c->service, j->uuid, &j->body, &created, &json, &err);
    count(c->service, st, created);
    j->done(j->ctx, st, created, &json, &err);
    nep_buf_free(&json);
  }
  return NULL;
}

nep_challenger *nep_challenger_start(nep_service *s)
{
  nep_challenger *c = nep_alloc(1, sizeof *c);
  c->service = s;
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->received, NULL);
  if (pthread_create(&c->thread, NULL, publisher, c) != 0)
    abort(); /* like memory: no half start */
  return c;
}

void nep_challenger_stop(nep_challenger *c)
{
  if (c == NULL)
    return;
  pthread_mutex_lock(&c->lock);
  bool stopped = c->stopping;
  c->stopping = true;
  pthread_cond_broadcast(&c->received);
  pthread_mutex_unlock(&c->lock);
  if (!stopped)
    pthread_join(c->thread, NULL);
}

void nep_challenger_free(nep_challenger *c)
{
  if (c == NULL)
    return;
  pthread_cond_destroy(&c->received);
  pthread_mutex_destroy(&c->lock);
  free(c);
}
