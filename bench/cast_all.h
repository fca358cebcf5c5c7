/* Many clients in one thread: each sends one ballot after the other over its own connection, and no
   credential has two on their way, which might be overtaken and refused. */
#ifndef NEP_BENCH_CAST_ALL_H
#define NEP_BENCH_CAST_ALL_H

#include <stdbool.h>

#include "base/buf.h"

typedef struct cast_shot {
  const char *url; /* where it is posted */
  nep_buf body;
  bool *casting;  /* shared by the ballots of its credential: one is on its way; false before */
  bool sent;      /* false before */
  double seconds; /* to the answer */
  long status;    /* of HTTP */
} cast_shot;

enum { CAST_CONNECTIONS_MAX = 256 };

/* Keeps as many casts under way as there are clients, or credentials with ballots left, until all n
   are answered; ca is the file of the certificate authority. Returns the ballots a second from when
   each connection was there, with one cast each on the average, to the end. The first failure to
   send is told on stderr and leaves the status 0. */
double cast_all(const char *ca, unsigned clients, cast_shot *shots, size_t n);

#endif
