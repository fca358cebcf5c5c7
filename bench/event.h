/* Archives for measurements: every ballot valid, made from a seed. */
#ifndef NEP_BENCH_EVENT_H
#define NEP_BENCH_EVENT_H

#include "protocol/ballot.h"
#include "protocol/ceremony.h"

typedef struct nep_event_plan {
  const nep_group *group;
  unsigned long constituencies;
  unsigned long voters;  /* credentials of each constituency */
  unsigned long ballots; /* of each constituency; they take turns when there are more */
  unsigned candidates;
  bool no_blank;
  bool tally; /* closed, tallied, decrypted, with its result */
  bool casts; /* with the voters' cast statements beside the archive */
  unsigned jobs;
} nep_event_plan;

/* The one trustee of an event. */
typedef struct nep_event_trustee {
  nep_scalar x, signing_key;
  nep_buf text; /* the trustees record */
  nep_trustees *trustees;
} nep_event_trustee;

NEP_MUST_USE nep_status nep_event_trustee_make(const nep_event_plan *p, nep_event_trustee *out,
                                               nep_error *err);
void nep_event_trustee_free(nep_event_trustee *t);

/* A constituency's election, and its private credentials in the order of the voters. */
typedef struct nep_event_setup {
  nep_buf definition, credentials; /* records */
  nep_election *election;
  char (*secrets)[NEP_CREDENTIAL_LENGTH + 1];
} nep_event_setup;

NEP_MUST_USE nep_status nep_event_setup_make(const nep_event_plan *p, const nep_event_trustee *t,
                                             uint64_t constituency, nep_event_setup *out,
                                             nep_error *err);
void nep_event_setup_free(nep_event_setup *s);

/* The file of cast statements (protocol/casts.h) of a constituency's ballots, in their order. */
typedef struct nep_event_casts nep_event_casts;
NEP_MUST_USE nep_status nep_event_casts_open(const nep_event_plan *p, const nep_event_setup *s,
                                             uint64_t constituency, const char *path,
                                             nep_event_casts **out, nep_error *err);
/* The statements of the next n ballots. */
NEP_MUST_USE nep_status nep_event_casts_add(nep_event_casts *c, const nep_buf *ballots, size_t n,
                                            nep_error *err);
NEP_MUST_USE nep_status nep_event_casts_close(nep_event_casts *c, nep_error *err); /* frees it */

/* The archive of constituency 1, 2, .. at `path`, which is written without fsync; with `casts`
   their file stands beside it, named .casts in place of .bel. */
enum { NEP_EVENT_TIME = 1773532800 }; /* 2026-03-15, a Sunday: a seed always gives the same bytes */
NEP_MUST_USE nep_status nep_event_archive(const nep_event_plan *p, const nep_event_trustee *t,
                                          uint64_t constituency, const char *path, nep_error *err);

#endif
