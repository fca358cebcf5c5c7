#include "server/service/cast_pieces.h"

#include <sched.h>
#include <stdatomic.h>

/* On the stack of the thread that put them up, which takes them down again before it goes on. */
struct nep_shared_pieces {
  nep_verify_piece *piece;
  void *ctx;
  size_t n;
  atomic_size_t next; /* to be begun; n and above: none */
  unsigned helpers;   /* threads that are at one of them; the board's lock is held */
  nep_shared_pieces *after;
};

void nep_pieces_board_start(nep_pieces_board *b, pthread_mutex_t *lock, pthread_cond_t *wanted)
{
  *b = (nep_pieces_board){.lock = lock, .wanted = wanted};
  pthread_cond_init(&b->finished, NULL);
}

void nep_pieces_board_end(nep_pieces_board *b)
{
  pthread_cond_destroy(&b->finished);
}

static bool are_left(nep_shared_pieces *p)
{
  return atomic_load(&p->next) < p->n;
}

/* One more thread at a time, so that no more are woken than there are pieces for. */
static void call_another(nep_pieces_board *b, nep_shared_pieces *p)
{
  if (b->idle > 0 && are_left(p))
    pthread_cond_signal(b->wanted);
}

static void put_last(nep_pieces_board *b, nep_shared_pieces *p)
{
  nep_shared_pieces **at = &b->first;
  while (*at != NULL)
    at = &(*at)->after;
  *at = p;
}

static void take_down(nep_pieces_board *b, nep_shared_pieces *p)
{
  nep_shared_pieces **at = &b->first;
  while (*at != p)
    at = &(*at)->after;
  *at = p->after;
}

void nep_pieces_put_up(void *board, size_t n, nep_verify_piece *piece, void *ctx)
{
  nep_pieces_board *b = board;
  nep_shared_pieces p = {.piece = piece, .ctx = ctx, .n = n};
  pthread_mutex_lock(b->lock);
  put_last(b, &p);
  if (n > 1)
    call_another(b, &p);
  pthread_mutex_unlock(b->lock);
  for (size_t i; (i = atomic_fetch_add(&p.next, 1)) < n;) {
    piece(ctx, i);
    (void)sched_yield();
  }
  pthread_mutex_lock(b->lock);
  take_down(b, &p);
  while (p.helpers > 0)
    pthread_cond_wait(&b->finished, b->lock);
  pthread_mutex_unlock(b->lock);
}

/* The first piece that nobody has begun; NULL if there is none. */
static nep_shared_pieces *begin_one(nep_pieces_board *b, size_t *i)
{
  for (nep_shared_pieces *p = b->first; p != NULL; p = p->after)
    if (are_left(p) && (*i = atomic_fetch_add(&p->next, 1)) < p->n)
      return p;
  return NULL;
}

/* Who put it up may be waiting for this piece alone, so it is handed in before others are asked
   whether they are ready. */
bool nep_pieces_help(nep_pieces_board *b)
{
  size_t i;
  nep_shared_pieces *p = begin_one(b, &i);
  if (p == NULL)
    return false;
  p->helpers++;
  call_another(b, p);
  pthread_mutex_unlock(b->lock);
  p->piece(p->ctx, i);
  pthread_mutex_lock(b->lock);
  if (--p->helpers == 0)
    pthread_cond_broadcast(&b->finished); /* each looks whether it was its own */
  pthread_mutex_unlock(b->lock);
  (void)sched_yield();
  pthread_mutex_lock(b->lock);
  return true;
}
