#include "server/http/limit.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

enum { SETS = 8192, WAYS = 4, MILLI = 1000 };

typedef struct bucket {
  uint64_t visitor;     /* keyed hash; 0: free */
  int64_t milli_tokens; /* thousandths of a request */
  int64_t at_ms;
} bucket;

struct nep_limit {
  pthread_mutex_t lock;
  int64_t per_second, burst;
  uint8_t key[crypto_shorthash_KEYBYTES];
  bucket buckets[SETS][WAYS];
};

nep_limit *nep_limit_new(int64_t per_second, int64_t burst)
{
  nep_limit *l = nep_alloc(1, sizeof *l);
  pthread_mutex_init(&l->lock, NULL);
  l->per_second = per_second;
  l->burst = burst;
  nep_random_bytes(l->key, sizeof l->key);
  return l;
}

void nep_limit_free(nep_limit *l)
{
  if (!l)
    return;
  pthread_mutex_destroy(&l->lock);
  free(l);
}

/* per_second tokens a second are per_second thousandths a millisecond. */
static int64_t tokens_at(const nep_limit *l, const bucket *b, int64_t now_ms)
{
  int64_t full = l->burst * MILLI;
  if (b->visitor == 0)
    return full;
  int64_t elapsed = now_ms > b->at_ms ? now_ms - b->at_ms : 0;
  if (elapsed >= full / l->per_second + 1)
    return full;
  int64_t tokens = b->milli_tokens + elapsed * l->per_second;
  return tokens < full ? tokens : full;
}

static bucket *bucket_of(nep_limit *l, uint64_t visitor, int64_t now_ms)
{
  bucket *set = l->buckets[visitor % SETS];
  bucket *fullest = &set[0];
  for (unsigned i = 0; i < WAYS; i++) {
    if (set[i].visitor == visitor)
      return &set[i];
    if (tokens_at(l, &set[i], now_ms) > tokens_at(l, fullest, now_ms))
      fullest = &set[i];
  }
  *fullest = (bucket){.visitor = visitor, .milli_tokens = l->burst * MILLI, .at_ms = now_ms};
  return fullest;
}

bool nep_limit_take(nep_limit *l, const uint8_t key[16], int64_t now_ms)
{
  uint64_t visitor;
  crypto_shorthash((unsigned char *)&visitor, key, 16, l->key);
  if (visitor == 0)
    visitor = 1;
  pthread_mutex_lock(&l->lock);
  bucket *b = bucket_of(l, visitor, now_ms);
  b->milli_tokens = tokens_at(l, b, now_ms);
  b->at_ms = now_ms;
  bool granted = b->milli_tokens >= MILLI;
  if (granted)
    b->milli_tokens -= MILLI;
  pthread_mutex_unlock(&l->lock);
  return granted;
}
