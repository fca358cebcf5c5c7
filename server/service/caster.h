/* Inside the caster only: its state, and the three kinds of threads that work on it.

   cast_queue.c takes casts in and starts and stops the threads. Those whose elections are not at
   hand go to `unread`, from where the reading thread (cast_reader.c) puts them into `incoming`,
   when it has read their elections. Verifying threads (cast_verifier.c) take them from `incoming`
   and put those that hold into their elections' lanes (cast_lanes.c); committing threads
   (cast_committer.c) take them from there. */
#ifndef NEP_SERVER_SERVICE_CASTER_H
#define NEP_SERVER_SERVICE_CASTER_H

#include <pthread.h>

#include "base/spread.h"
#include "server/service/cast_lanes.h"
#include "server/service/cast_pieces.h"

enum { NEP_COMMITTERS = 2 };

/* All of it is read and changed with the lock held, except what stays as it was at the start. */
struct nep_caster {
  nep_service *service;
  pthread_mutex_t lock;
  pthread_cond_t unknown;  /* for the reading thread */
  pthread_cond_t received; /* for verifying threads */
  pthread_cond_t verified; /* for committing threads; on CLOCK_MONOTONIC */
  nep_pieces_board pieces; /* of ballots that are being verified; wakes on `received` */
  nep_cast_list unread;
  unsigned n_unread; /* in it, or being read */
  nep_cast_list incoming;
  unsigned waiting; /* in it */
  nep_lanes lanes;
  unsigned inside; /* casts received and not answered */
  unsigned verifying;
  unsigned verifying_together; /* threads, with ballots that cost less together */
  unsigned storing;            /* committers, in a transaction */
  bool stopping;
  unsigned n_verifiers;
  unsigned n_bound; /* of them: that have begun, and chosen a processor */
  unsigned n_threads;
  pthread_t threads[1 + NEP_CAST_THREADS_MAX + NEP_COMMITTERS];
};

/* A cast with its setup, for the verifying threads; the lock is held. */
void nep_caster_receive(nep_caster *c, nep_cast *cast);

/* What the threads do until the caster stops and nothing is left. `caster` is the nep_caster. */
void *nep_cast_reader(void *caster);
void *nep_cast_verifier(void *caster);
void *nep_cast_committer(void *caster);

#endif
