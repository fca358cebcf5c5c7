#include "protocol/hash_map.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

enum { PARTS = 256, FIRST_CAPACITY = 8, HASH = 32 };

/* Linear probing; a byte 1 after hash and value would cost space, so an all-zero hash marks a free
   place (nobody has a text that hashes to it). */
typedef struct part {
  uint8_t *entries;
  size_t capacity;
  size_t count;
} part;

struct nep_hash_map {
  part parts[PARTS];
  size_t entry_size;
  size_t count;
  uint8_t key[crypto_shorthash_KEYBYTES];
};

nep_hash_map *nep_hash_map_new(size_t value_size)
{
  nep_hash_map *m = nep_alloc(1, sizeof *m);
  m->entry_size = HASH + value_size;
  nep_random_bytes(m->key, sizeof m->key);
  return m;
}

void nep_hash_map_free(nep_hash_map *m)
{
  if (!m)
    return;
  for (size_t i = 0; i < PARTS; i++)
    free(m->parts[i].entries);
  free(m);
}

size_t nep_hash_map_count(const nep_hash_map *m)
{
  return m->count;
}

static uint64_t place_of(const nep_hash_map *m, const uint8_t hash[32])
{
  uint64_t place;
  uint8_t out[crypto_shorthash_BYTES];
  crypto_shorthash(out, hash, HASH, m->key);
  memcpy(&place, out, sizeof place);
  return place;
}

static uint8_t *entry(const nep_hash_map *m, const part *p, size_t i)
{
  return p->entries + i * m->entry_size;
}

/* The entry of `hash`, or the free place where it belongs. The part has a free place. */
static uint8_t *probe(const nep_hash_map *m, const part *p, const uint8_t hash[32], uint64_t place)
{
  size_t i = (size_t)((place >> 8) % p->capacity);
  for (;;) {
    uint8_t *e = entry(m, p, i);
    if (sodium_is_zero(e, HASH) || memcmp(e, hash, HASH) == 0)
      return e;
    i = i + 1 < p->capacity ? i + 1 : 0;
  }
}

/* A fifth more places when nine tenths are taken. */
static void make_room(const nep_hash_map *m, part *p)
{
  if (p->capacity > 0 && (p->count + 1) * 10 <= p->capacity * 9)
    return;
  part grown = {.capacity = p->capacity ? p->capacity + p->capacity / 5 + 1 : FIRST_CAPACITY,
                .count = p->count};
  grown.entries = nep_alloc(grown.capacity, m->entry_size);
  for (size_t i = 0; i < p->capacity; i++) {
    const uint8_t *e = entry(m, p, i);
    if (!sodium_is_zero(e, HASH))
      memcpy(probe(m, &grown, e, place_of(m, e)), e, m->entry_size);
  }
  free(p->entries);
  *p = grown;
}

uint8_t *nep_hash_map_put(nep_hash_map *m, const uint8_t hash[32], bool *found)
{
  uint64_t place = place_of(m, hash);
  part *p = &m->parts[place % PARTS];
  make_room(m, p);
  uint8_t *e = probe(m, p, hash, place);
  *found = !sodium_is_zero(e, HASH);
  if (!*found) {
    memcpy(e, hash, HASH);
    p->count++;
    m->count++;
  }
  return e + HASH;
}

bool nep_hash_map_has(const nep_hash_map *m, const uint8_t hash[32])
{
  uint64_t place = place_of(m, hash);
  const part *p = &m->parts[place % PARTS];
  return p->capacity > 0 && !sodium_is_zero(probe(m, p, hash, place), HASH);
}
