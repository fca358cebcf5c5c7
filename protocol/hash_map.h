/* A compact table of SHA-256 hashes with a small value each (none: a set). An entry takes 32 bytes
   and its value; the table adds a quarter of that on average and never doubles: it grows part by
   part. Places in it depend on a random key, so that nobody can make an archive that is slow. */
#ifndef NEP_PROTOCOL_HASH_MAP_H
#define NEP_PROTOCOL_HASH_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct nep_hash_map nep_hash_map;

nep_hash_map *nep_hash_map_new(size_t value_size); /* never NULL */
void nep_hash_map_free(nep_hash_map *m);           /* NULL allowed */
size_t nep_hash_map_count(const nep_hash_map *m);

/* The value of `hash`, zeroed when it was not there (*found = false). Not aligned: copy it. Valid
   until the next call. */
uint8_t *nep_hash_map_put(nep_hash_map *m, const uint8_t hash[32], bool *found);
bool nep_hash_map_has(const nep_hash_map *m, const uint8_t hash[32]);

#endif
