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
  long status;    /* of HTTP; 0 before, and without an answer */
} cast_shot;

enum { CAST_CONNECTIONS_MAX = 256 };

/* Keeps as many casts under way as there are clients, or credentials with ballots left, until all n
   are answered, or sent by a client whose connection failed; ca is the file of the certificate
   authority, and all addresses are of one server. Returns the answers a second from when all
   connections were there to the end. What failed is told on stderr and leaves the status 0. */
double cast_all(const char *ca, unsigned clients, cast_shot *shots, size_t n);

#endif
