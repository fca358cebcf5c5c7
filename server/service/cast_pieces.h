/* Verification in pieces (crypto/engine.h), each done by whichever verifying thread has a
   processor.

   A thread that verifies ballots puts their pieces up, and does them one after the other; threads
   that have no ballots of their own do some of them. Between two pieces each asks whether somebody
   else is ready, as the kernel lets who runs go on for milliseconds: the database amid a
   transaction, or a signature, does not stand behind a batch of ballots. Who had to make room so
   goes on later, and its next pieces are done by the others meanwhile. */
#ifndef NEP_SERVER_SERVICE_CAST_PIECES_H
#define NEP_SERVER_SERVICE_CAST_PIECES_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "crypto/engine.h"

typedef struct nep_shared_pieces nep_shared_pieces;

/* What threads have put up. Starts with `lock` and `wanted`, which belong to the caller: the lock
   is held where that is said, and `wanted` is signalled for a thread that waits with it, of which
   there are `idle`, when there are pieces for it. */
typedef struct nep_pieces_board {
  pthread_mutex_t *lock;
  pthread_cond_t *wanted;
  unsigned idle;
  pthread_cond_t finished;
  nep_shared_pieces *first;
} nep_pieces_board;
void nep_pieces_board_start(nep_pieces_board *b, pthread_mutex_t *lock, pthread_cond_t *wanted);
void nep_pieces_board_end(nep_pieces_board *b); /* when no thread uses it any more */

/* A nep_verify_spread; `board` is a nep_pieces_board. The lock is not held. */
void nep_pieces_put_up(void *board, size_t n, nep_verify_piece *piece, void *ctx);

/* With the lock held: does one piece that another thread has put up and nobody has begun. The lock
   is released meanwhile. False if there was none. */
bool nep_pieces_help(nep_pieces_board *b);

#endif
