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

/* The archive of constituency 1, 2, .. at `path`, which is written without fsync. */
NEP_MUST_USE nep_status nep_event_archive(const nep_event_plan *p, const nep_event_trustee *t,
                                          uint64_t constituency, const char *path, nep_error *err);

#endif
