/* The code that verification of Ed25519 runs on, chosen at run time. All engines give the same
   results on every input; they differ in speed alone. */
#ifndef NEP_CRYPTO_ENGINE_H
#define NEP_CRYPTO_ENGINE_H

#include <stddef.h>

#include "base/status.h"
#include "crypto/group.h"

/* "portable": C for any 64-bit machine. "ifma": eight lanes of AVX-512 IFMA. "auto": the fastest
   that this processor can run, which is also what is used when nothing is chosen. NEP_E_INPUT for
   another name, NEP_E_UNSUPPORTED for an engine that this program or processor does not have. To be
   called before threads are started. */
NEP_MUST_USE nep_status nep_engine_choose(const char *name, nep_error *err);

/* With NEP_ENGINE=portable in the environment all of this is as on a machine without AVX-512: so
   tests look at both on one machine. */

/* Name of the engine in use. */
const char *nep_engine_name(void);

/* How many ballots in this group it takes to get the engine's full speed: 1 where each costs the
   same alone. */
unsigned nep_engine_together(const nep_group *g);

/* Many ballots together take milliseconds, in which what is short and waited for may stand behind
   them. So they are verified in pieces of about 0.1 ms (in the integer groups, of all branches on
   one base), and a thread may say how its own are done: `how` calls piece(ctx, i) once for each
   i < n, in any order and on any threads, and returns when all have ended and what they wrote is
   seen by its caller. NULL, as at first in each thread: one after the other. */
typedef void nep_verify_piece(void *ctx, size_t i);
typedef void nep_verify_spread(void *with, size_t n, nep_verify_piece *piece, void *ctx);
void nep_verification_spreads(nep_verify_spread *how, void *with);

/* Names of the engines that this machine can run: i = 0, 1, ..; NULL beyond. */
const char *nep_engine_at(size_t i);

/* Known-answer test of all engines that this machine can run, a part of nep_group_self_test: the
   name of the first one that differs from the plain path, or NULL. */
const char *nep_engine_at_fault(void);

#endif
