/* Verified ballots that wait for a transaction, in a lane for each election, and when there are
   enough of them for one. No function here locks or waits: the caster's lock is held, and the time
   is given. */
#ifndef NEP_SERVER_SERVICE_CAST_LANES_H
#define NEP_SERVER_SERVICE_CAST_LANES_H

#include <time.h>

#include "server/service/cast.h"

/* First in, first out; a cast is in one at a time. */
typedef struct nep_cast_list {
  nep_cast *first, *last;
} nep_cast_list;
void nep_cast_list_push(nep_cast_list *l, nep_cast *cast);
nep_cast *nep_cast_list_pop(nep_cast_list *l); /* NULL when it is empty */

/* Two committers never work on the same lane, so it is acts of officials, challenges, and other
   servers on the same database that hold the head of an election when a committer wants it. */
typedef struct nep_lane {
  char uuid[65];
  nep_cast_list waiting;
  unsigned n;            /* of them */
  struct timespec since; /* when the first of them came */
  bool busy;             /* taken, until it is given back */
  struct nep_lane *next;
} nep_lane;

/* Only those with ballots, or busy; the one that has waited longest first. Starts as zeros. */
typedef struct nep_lanes {
  nep_lane *first;
} nep_lanes;

/* What else goes on, as the rule asks for it. */
typedef struct nep_lanes_scene {
  unsigned inside;     /* casts received and not answered, but for those of unread elections */
  unsigned unverified; /* of them: not verified yet */
  unsigned storing;    /* transactions that run */
  bool stopping;       /* nothing more will come: what waits is due */
} nep_lanes_scene;

/* `now`, here and below: of CLOCK_MONOTONIC. */
void nep_lanes_add(nep_lanes *lanes, nep_cast *cast, struct timespec now);

/* Whether the ballots of all lanes that are not busy are to be committed now. If not, `next` is
   when they will be if nothing changes, where `*waiting` says that there are any.
   A transaction costs as much as several ballots in it, so while others are being verified
   NEP_LINGER_MS are waited for more; but not beyond half of what is inside, which then is committed
   while the other half is verified. While a transaction runs, its end is waited for; but
   NEP_PATIENCE_MS at most, because it may wait for an act that holds its election, and not with
   NEP_WORTH_COMMITTING ballots. */
enum { NEP_WORTH_COMMITTING = 16, NEP_LINGER_MS = 8, NEP_PATIENCE_MS = 24 };
bool nep_lanes_are_due(const nep_lanes *lanes, const nep_lanes_scene *scene, struct timespec now,
                       struct timespec *next, bool *waiting);

/* Takes up to `max` ballots of lanes that are not busy, those that have waited longest first, of up
   to NEP_BATCH_BYTES together (or one), and makes their lanes busy. `casts` and `taken` have room
   for `max`. Returns the number of ballots;
   `*n_taken` is the number of lanes. */
enum { NEP_BATCH_BYTES = 64 << 20 }; /* PostgreSQL takes less than 1 GB at a time */
size_t nep_lanes_take(nep_lanes *lanes, size_t max, nep_cast **casts, nep_lane **taken,
                      size_t *n_taken);

/* Gives a busy lane back: to the end when ballots wait in it, so that an election with many does
   not keep others waiting; else it is freed. */
void nep_lanes_give_back(nep_lanes *lanes, nep_lane *lane);

#endif
