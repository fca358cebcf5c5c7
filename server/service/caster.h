/* Inside the caster only: its state, and the two kinds of threads that work on it.

   cast_queue.c takes casts in and starts and stops the threads; verifying threads (cast_verifier.c)
   take them from `incoming` and put those that hold into their elections' lanes (cast_lanes.c);
   committing threads (cast_committer.c) take them from there. */
#ifndef NEP_SERVER_SERVICE_CASTER_H
#define NEP_SERVER_SERVICE_CASTER_H

#include <pthread.h>

#include "base/spread.h"
#include "server/service/cast_lanes.h"

enum { NEP_COMMITTERS = 2 };

/* All of it is read and changed with the lock held, except what stays as it was at the start. */
struct nep_caster {
  nep_service *service;
  pthread_mutex_t lock;
  pthread_cond_t received; /* for verifying threads */
  pthread_cond_t verified; /* for committing threads; on CLOCK_MONOTONIC */
  nep_cast_list incoming;
  unsigned waiting; /* in it */
  nep_lanes lanes;
  unsigned inside; /* casts received and not answered */
  unsigned verifying;
  unsigned verifying_together; /* threads, with ballots that cost less together */
  unsigned storing;            /* committers, in a transaction */
  bool stopping;
  unsigned n_verifiers;
  pthread_t threads[NEP_CAST_THREADS_MAX + NEP_COMMITTERS];
};

/* What the threads do until the caster stops and nothing is left. `caster` is the nep_caster. */
void *nep_cast_verifier(void *caster);
void *nep_cast_committer(void *caster);

#endif
