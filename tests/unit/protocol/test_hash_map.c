/* The table of ballot hashes: finds what was put in, and stays small. */
#include <malloc.h>
#include <string.h>

#include "crypto/hash.h"
#include "protocol/hash_map.h"
#include "tests/support/run.h"

static void hash_of(uint64_t number, uint8_t out[32])
{
  nep_sha256_of(&number, sizeof number, out);
}

START_TEST(every_hash_is_found_once_it_was_put_in)
{
  enum { N = 20000 };
  nep_hash_map *m = nep_hash_map_new(sizeof(uint64_t));
  uint8_t hash[32];
  bool found;
  for (uint64_t i = 0; i < N; i++) {
    hash_of(i, hash);
    ck_assert(!nep_hash_map_has(m, hash));
    uint8_t *value = nep_hash_map_put(m, hash, &found);
    ck_assert(!found);
    memcpy(value, &i, sizeof i);
  }
  ck_assert_uint_eq(nep_hash_map_count(m), N);
  for (uint64_t i = 0; i < 2 * N; i++) {
    uint64_t value = 0;
    hash_of(i, hash);
    ck_assert(nep_hash_map_has(m, hash) == (i < N));
    if (i < N) {
      memcpy(&value, nep_hash_map_put(m, hash, &found), sizeof value);
      ck_assert(found && value == i);
    }
  }
  ck_assert_uint_eq(nep_hash_map_count(m), N);
  nep_hash_map_free(m);
}
END_TEST

START_TEST(hashes_that_differ_in_one_bit_are_two)
{
  nep_hash_map *m = nep_hash_map_new(0);
  uint8_t hash[32] = {1};
  bool found;
  (void)nep_hash_map_put(m, hash, &found);
  for (int bit = 0; bit < 256; bit++) {
    hash[bit / 8] ^= (uint8_t)(1 << bit % 8);
    ck_assert(bit == 0 || !nep_hash_map_has(m, hash));
    hash[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
  ck_assert(nep_hash_map_has(m, hash));
  nep_hash_map_free(m);
  nep_hash_map_free(NULL);
}
END_TEST

static size_t allocated(void)
{
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/* 32 bytes a hash and at most half of that for the table. */
START_TEST(a_set_of_hashes_takes_at_most_48_bytes_each)
{
  enum { N = 200000 };
  nep_hash_map *m = nep_hash_map_new(0);
  uint8_t hash[32];
  bool found;
  size_t before = allocated();
  for (uint64_t i = 0; i < N; i++) {
    hash_of(i, hash);
    (void)nep_hash_map_put(m, hash, &found);
  }
  size_t taken = allocated() - before;
  ck_assert_uint_eq(nep_hash_map_count(m), N);
#ifndef __SANITIZE_ADDRESS__ /* the sanitizer's allocator does not count for mallinfo2 */
  ck_assert_uint_ge(taken, N * 32);
#endif
  ck_assert_uint_le(taken, N * 48);
  nep_hash_map_free(m);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("hash_map");
  TCase *t = tcase_create("hash_map");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, every_hash_is_found_once_it_was_put_in);
  tcase_add_test(t, hashes_that_differ_in_one_bit_are_two);
  tcase_add_test(t, a_set_of_hashes_takes_at_most_48_bytes_each);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
