/* Casting: a bounded queue, threads that verify, and for each election one committer at a time.

   body -> queue (cast_queue.c) -> if its election is not at hand, read by a thread for that
   (cast_reader.c) -> verified, several together, of any elections (cast_verifier.c,
   cast_verify.c) -> the election's lane (cast_lanes.c) -> one transaction for up to cast_batch
   ballots of all lanes that are free (cast_committer.c, cast_store.c, cast_commit.c) -> receipts,
   one request to the signer (cast_answer.c). Nothing is stored before it is verified, nothing is
   answered before it is durable. */
#ifndef NEP_SERVER_SERVICE_CAST_H
#define NEP_SERVER_SERVICE_CAST_H

#include "server/service/inside.h"
#include "server/service/setups.h"

/* What became of a verified ballot in the transaction. */
typedef enum nep_cast_fate {
  NEP_CAST_STORED,
  NEP_CAST_REPEATED, /* identical ballot and statement were stored before: its event is named */
  NEP_CAST_REFUSED,  /* `code` says why */
  NEP_CAST_LEFT      /* another transaction held the election: try it alone, which waits */
} nep_cast_fate;

typedef struct nep_cast {
  char uuid[65];
  nep_setup *setup; /* NULL until it is at hand (cast_reader.c) */
  nep_buf body;     /* as it came, padding taken off */
  nep_bytes ballot; /* its parts */
  nep_bytes statement;
  nep_cast_done *done;
  void *ctx;
  char hash[65]; /* of the ballot's text */
  char statement_hash[65];
  int64_t sequence;   /* of the statement */
  int64_t last;       /* highest stored one of the credential, 0 for none */
  bool voted;         /* the credential has a stored ballot */
  bool stored_before; /* this very ballot is stored, with whatever statement */
  char tracker[44];
  char *credential;
  nep_cast_fate fate;
  const char *code; /* of a refusal */
  int64_t height;   /* of the ballot's event */
  char event[65];
  int64_t time; /* of the event or the refusal */
  struct nep_cast *next;
} nep_cast;

/* Ballots on their way through a transaction, those of an election in the order of their coming. */
typedef struct nep_cast_batch {
  nep_service *service;
  nep_cast **casts;
  size_t n;
} nep_cast_batch;

nep_caster *nep_caster_start(nep_service *s); /* never NULL */
/* Finishes what waits and ends the threads; again: does nothing. NULL allowed. */
void nep_caster_stop(nep_caster *c);
void nep_caster_free(nep_caster *c); /* once stopped; NULL allowed */
unsigned nep_caster_waiting(nep_caster *c);

/* Whether the body as it came has the one length of its election (A16). */
NEP_MUST_USE nep_status nep_cast_length_check(const nep_cast *cast, size_t wanted, nep_error *err);

/* Everything about a ballot and its statement that needs no other ballot; sets what the transaction
   needs. The n casts, at most NEP_CASTS_TOGETHER, are of any elections, whose setups they have;
   those in one group fill the lanes of the engine together. Each gets the verdict that it would get
   alone. */
enum { NEP_CASTS_TOGETHER = 16 };
typedef struct nep_cast_verdict {
  nep_status status;
  nep_error err;
} nep_cast_verdict;
void nep_cast_verify(nep_service *s, nep_cast *const *casts, size_t n, nep_cast_verdict *out);
/* Stores those that may be stored and sets the fate of each. All or none: on failure nothing was
   stored. A batch of one election waits for its lock; in one of several those that another
   transaction holds are left. */
NEP_MUST_USE nep_status nep_cast_commit(nep_cast_batch *batch, nep_error *err);
/* Commits the batch, answers each and frees the casts. Those that were left stay in the batch,
   which moves on to them, those of an election together. `decided` is called once, when the
   transaction is over: then another one may begin on these elections while answers are signed. */
typedef void nep_cast_decided(void *ctx);
void nep_cast_store(nep_cast_batch *batch, nep_cast_decided *decided, void *ctx);
/* The same for the first election of those, alone; the batch moves on to the others. */
void nep_cast_store_left(nep_cast_batch *left, nep_cast_decided *decided, void *ctx);
/* Signs and answers each; the casts are freed. */
void nep_cast_answer(nep_cast_batch *batch);
/* Answers one with an error and frees it. */
void nep_cast_fail(nep_service *s, nep_cast *cast, const nep_error *err);
void nep_cast_free(nep_service *s, nep_cast *cast);
/* Called by the two above once an answer is given: the place in the queue is free. */
void nep_caster_leave(nep_caster *c, size_t n);

#endif
