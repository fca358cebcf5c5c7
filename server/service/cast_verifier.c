/* A thread that verifies what comes in, several ballots together. */
#include "crypto/engine.h"
#include "server/service/caster.h"

static const nep_group *group_of(const nep_cast *cast)
{
  return cast->setup->election->group;
}

/* How many like this one are verified at full speed. */
static unsigned together(const nep_cast *cast)
{
  return nep_engine_together(group_of(cast));
}

/* This thread's share of those that wait longest, at least as many as are verified at full speed,
   and no more than are in the group of the first. */
static size_t take_some(nep_caster *c, nep_cast **casts)
{
  size_t share = (c->waiting + c->n_verifiers - 1) / c->n_verifiers, n = 0;
  if (c->incoming.first != NULL && share < together(c->incoming.first))
    share = together(c->incoming.first);
  if (share > NEP_CASTS_TOGETHER)
    share = NEP_CASTS_TOGETHER;
  while (n < share && c->incoming.first != NULL &&
         (n == 0 || group_of(c->incoming.first) == group_of(casts[0])))
    casts[n++] = nep_cast_list_pop(&c->incoming);
  c->waiting -= (unsigned)n;
  return n;
}

/* Where a few ballots cost less together, they are waited for while another thread verifies such,
   which takes milliseconds. */
static bool is_worth_verifying(const nep_caster *c)
{
  return c->waiting > 0 &&
         (c->waiting >= together(c->incoming.first) || c->verifying_together == 0);
}

static bool all_received(const nep_caster *c)
{
  return c->stopping && c->n_unread == 0;
}

/* Until something is received or put up. */
static void wait_for_work(nep_caster *c)
{
  c->pieces.idle++;
  pthread_cond_wait(&c->received, &c->lock);
  c->pieces.idle--;
}

/* Ballots that are being verified come before those that wait. */
static void help_others(nep_caster *c)
{
  if (is_worth_verifying(c) && c->pieces.first != NULL) /* another thread may begin with them */
    pthread_cond_signal(&c->received);
  while (nep_pieces_help(&c->pieces))
    ;
}

/* 0 at the end. */
static size_t next_received(nep_caster *c, nep_cast **casts)
{
  pthread_mutex_lock(&c->lock);
  for (help_others(c); !is_worth_verifying(c) && !all_received(c); help_others(c))
    wait_for_work(c);
  size_t n = take_some(c, casts);
  c->verifying += (unsigned)n;
  c->verifying_together += n > 0 && together(casts[0]) > 1;
  if (is_worth_verifying(c)) /* what is first now need not wait for this thread */
    pthread_cond_signal(&c->received);
  pthread_mutex_unlock(&c->lock);
  return n;
}

static struct timespec now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t;
}

/* Those that hold go on to their lane, the others are answered. */
static void pass_on(nep_caster *c, nep_cast **casts, size_t n, const nep_cast_verdict *verdict)
{
  pthread_mutex_lock(&c->lock);
  for (size_t i = 0; i < n; i++)
    if (verdict[i].status == NEP_OK)
      nep_lanes_add(&c->lanes, casts[i], now());
  c->verifying -= (unsigned)n;
  c->verifying_together -= together(casts[0]) > 1;
  if (c->verifying_together == 0 && c->waiting > 0)
    pthread_cond_signal(&c->received); /* this thread has to answer those that are refused first */
  pthread_cond_broadcast(&c->verified);
  pthread_mutex_unlock(&c->lock);
  for (size_t i = 0; i < n; i++)
    if (verdict[i].status != NEP_OK)
      nep_cast_fail(c->service, casts[i], &verdict[i].err);
}

/* The kernel keeps two threads on one processor for a millisecond and more while another is idle;
   where each has its own, and pieces are done by whoever has one, none is. */
static void bind_to_own_processor(nep_caster *c)
{
  pthread_mutex_lock(&c->lock);
  unsigned own = c->n_bound++;
  pthread_mutex_unlock(&c->lock);
  nep_thread_bind(own, c->n_verifiers);
}

void *nep_cast_verifier(void *caster)
{
  nep_caster *c = caster;
  nep_cast *casts[NEP_CASTS_TOGETHER];
  bind_to_own_processor(c);
  nep_verification_spreads(nep_pieces_put_up, &c->pieces);
  for (size_t n; (n = next_received(c, casts)) > 0;) {
    nep_cast_verdict verdict[NEP_CASTS_TOGETHER] = {{.status = NEP_OK}};
    nep_cast_verify(c->service, casts, n, verdict);
    pass_on(c, casts, n, verdict);
  }
  return NULL;
}
