#include "server/service/showing.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/casts.h"

enum { EVENTS_AT_ONCE = 256, LONG_AT_ONCE = 2 };

/* ---- one thread for each chain ---- */

typedef struct showing {
  nep_signed_chain chain;
  const char *uuid;
  bool is_long; /* more than one page was missing */
  struct showing *next;
} showing;

struct nep_showings {
  pthread_mutex_t lock;
  pthread_cond_t ended;
  showing *first; /* under way; each on the stack of its thread */
};

nep_showings *nep_showings_new(void)
{
  nep_showings *all = nep_alloc(1, sizeof *all);
  pthread_mutex_init(&all->lock, NULL);
  pthread_cond_init(&all->ended, NULL);
  return all;
}

void nep_showings_free(nep_showings *all)
{
  if (all == NULL)
    return;
  pthread_cond_destroy(&all->ended);
  pthread_mutex_destroy(&all->lock);
  free(all);
}

static const showing *same_chain(const nep_showings *all, const showing *mine)
{
  const showing *o = all->first;
  while (o != NULL && (o->chain != mine->chain || strcmp(o->uuid, mine->uuid) != 0))
    o = o->next;
  return o;
}

static unsigned long_ones(const nep_showings *all)
{
  unsigned n = 0;
  for (const showing *o = all->first; o != NULL; o = o->next)
    n += o->is_long;
  return n;
}

/* Nobody waits for what is long; what is short is soon there. */
static nep_status begin(nep_showings *all, showing *mine, nep_error *err)
{
  const showing *other;
  nep_status st = NEP_OK;
  pthread_mutex_lock(&all->lock);
  while ((other = same_chain(all, mine)) != NULL && !other->is_long && !mine->is_long)
    pthread_cond_wait(&all->ended, &all->lock);
  if (other != NULL || (mine->is_long && long_ones(all) >= LONG_AT_ONCE)) {
    (void)nep_fail(
        err, NEP_E_BUSY, "signer-behind", mine->uuid,
        "nep-signer is being shown the record again, and signs no head before it knows all "
        "of it");
    st = nep_advise(err, "ask again in a few seconds");
  } else {
    mine->next = all->first;
    all->first = mine;
  }
  pthread_mutex_unlock(&all->lock);
  return st;
}

static void end(nep_showings *all, const showing *mine)
{
  pthread_mutex_lock(&all->lock);
  showing **at = &all->first;
  while (*at != mine)
    at = &(*at)->next;
  *at = mine->next;
  pthread_cond_broadcast(&all->ended);
  pthread_mutex_unlock(&all->lock);
}

/* ---- pages ---- */

typedef struct page {
  nep_signed_chain chain;
  const char *uuid;
  int64_t from, to;
  nep_buf texts[EVENTS_AT_ONCE];
  size_t n;
} page;

static nep_status has_room(const page *p, nep_error *err)
{
  if (p->n < EVENTS_AT_ONCE)
    return NEP_OK;
  return nep_fail(err, NEP_E_INTERNAL, "event", p->uuid, "more events than were asked for");
}

static nep_status add_text(void *ctx, const nep_event_row *e, nep_error *err)
{
  page *p = ctx;
  char hash[65];
  nep_status st = has_room(p, err);
  if (st == NEP_OK)
    nep_event_row_text(e, &p->texts[p->n++], hash);
  return st;
}

static nep_status add_cast(void *ctx, const nep_cast_row *c, nep_error *err)
{
  page *p = ctx;
  char hash[65];
  nep_status st = has_room(p, err);
  if (st == NEP_OK)
    nep_casts_event(c->parent, (uint64_t)c->height - 1, c->hash, &p->texts[p->n++], hash);
  return st;
}

static nep_status read_page(nep_db *db, void *ctx, nep_error *err)
{
  page *p = ctx;
  for (size_t i = 0; i < p->n; i++)
    nep_buf_clear(&p->texts[i]);
  p->n = 0;                         /* when the transaction is run again */
  if (p->chain == NEP_SIGNED_CASTS) /* the n-th statement is that of the ballot at height n + 1 */
    return nep_db_casts_chain(db, p->uuid, p->from + 1, p->to + 1, add_cast, p, err);
  return nep_db_events_chain(db, p->uuid, p->from, p->to, add_text, p, err);
}

static nep_status show_page(nep_service *s, page *p, nep_error *err)
{
  nep_bytes texts[EVENTS_AT_ONCE];
  nep_status st = nep_db_transaction(s->board, true, read_page, p, err);
  for (size_t i = 0; i < p->n; i++)
    texts[i] = nep_buf_bytes(&p->texts[i]);
  if (st == NEP_OK && p->n != (size_t)(p->to - p->from + 1))
    st = nep_fail(err, NEP_E_INTERNAL, "event", p->uuid, "an event below the head is missing");
  return st == NEP_OK ? nep_signer_events(s->signer, p->chain, p->uuid, texts, p->n, err) : st;
}

/* It is asked each time what it knows: another server may have shown it that, or it began anew. */
static nep_status show_all(nep_service *s, const showing *mine, int64_t height, nep_error *err)
{
  page *p = nep_alloc(1, sizeof *p);
  uint64_t known = 0;
  p->chain = mine->chain;
  p->uuid = mine->uuid;
  nep_status st = nep_signer_known(s->signer, p->chain, p->uuid, &known, err);
  while (st == NEP_OK && (int64_t)known <= height) {
    p->from = (int64_t)known;
    p->to = height - p->from < EVENTS_AT_ONCE ? height : p->from + EVENTS_AT_ONCE - 1;
    st = show_page(s, p, err);
    if (st == NEP_OK)
      st = nep_signer_known(s->signer, p->chain, p->uuid, &known, err);
  }
  for (size_t i = 0; i < EVENTS_AT_ONCE; i++)
    nep_buf_free(&p->texts[i]);
  free(p);
  return st;
}

nep_status nep_signer_catch_up(nep_service *s, nep_signed_chain chain, const char *uuid,
                               int64_t height, nep_error *err)
{
  uint64_t known = 0;
  showing mine = {.chain = chain, .uuid = uuid};
  nep_status st = nep_signer_known(s->signer, chain, uuid, &known, err);
  if (st != NEP_OK || (int64_t)known > height)
    return st;
  mine.is_long = height - (int64_t)known >= EVENTS_AT_ONCE;
  st = begin(s->showings, &mine, err);
  if (st != NEP_OK)
    return st;
  st = show_all(s, &mine, height, err);
  end(s->showings, &mine);
  return st;
}
