/* Proofs in batches: each verdict is the one that the proof gets alone, with every engine. */
#include <pthread.h>

#include "crypto/batch.h"
#include "crypto/engine.h"
#include "crypto/tags.h"
#include "tests/unit/crypto/curve.h"

enum { MANY = 21, MIN = 1, MAX = 3 };

/* A voter's worth of proofs of every kind. */
typedef struct item {
  nep_ciphertext c, blank, sum;
  nep_proof interval[2], overall[MAX - MIN + 1], blank_proof[2], blank_overall[MAX - MIN + 2];
  nep_proof signature;
  nep_element public_key;
  size_t number[3]; /* of the ciphertexts in the batch */
  size_t proof[5];
} item;

static const char STATEMENT[] = "a statement";

static void encrypt(const nep_key *key, nep_ciphertext *c, nep_scalar *r, unsigned m)
{
  nep_scalar_random(nep_key_group(key), r);
  nep_encrypt(key, c, r, m);
}

static void make_item(const nep_key *key, item *x, unsigned chosen)
{
  const nep_group *g = nep_key_group(key);
  nep_bytes s = nep_str_bytes(STATEMENT);
  nep_scalar r, r0, rs;
  encrypt(key, &x->c, &r, chosen);
  nep_interval_prove(key, NEP_TAG_PROVE, s, &x->c, 0, 1, chosen, &r, NULL, x->interval);
  encrypt(key, &x->blank, &r0, 0);
  encrypt(key, &x->sum, &rs, 1);
  nep_interval_prove(key, NEP_TAG_PROVE, s, &x->sum, MIN, MAX, 1, &rs, NULL, x->overall);
  nep_blank_prove(key, s, &x->blank, &x->sum, 0, 1, &r0, &rs, NULL, x->blank_proof);
  nep_blank_overall_prove(key, s, &x->blank, &x->sum, MIN, MAX, 0, 1, &r0, &rs, NULL,
                          x->blank_overall);
  nep_element_exp_g(g, &x->public_key, &r);
  nep_sign(g, NEP_TAG_BALLOT, &r, s, &x->signature);
}

static void add(nep_batch *b, item *x)
{
  nep_bytes s = nep_str_bytes(STATEMENT);
  x->number[0] = nep_batch_ciphertext(b, &x->c, true);
  x->number[1] = nep_batch_ciphertext(b, &x->blank, true);
  x->number[2] = nep_batch_ciphertext(b, &x->sum, false);
  x->proof[0] = nep_batch_interval(b, NEP_TAG_PROVE, s, x->number[0], 0, 1, x->interval);
  x->proof[1] = nep_batch_interval(b, NEP_TAG_PROVE, s, x->number[2], MIN, MAX, x->overall);
  x->proof[2] = nep_batch_blank(b, s, x->number[1], x->number[2], x->blank_proof);
  x->proof[3] =
      nep_batch_blank_overall(b, s, x->number[1], x->number[2], MIN, MAX, x->blank_overall);
  x->proof[4] = nep_batch_signature(b, NEP_TAG_BALLOT, &x->public_key, s, &x->signature);
}

/* The verdict that the proof gets alone. */
static bool alone(const nep_key *key, const item *x, size_t k)
{
  const nep_group *g = nep_key_group(key);
  nep_bytes s = nep_str_bytes(STATEMENT);
  switch (k) {
  case 0:
    return nep_interval_verify_var(key, NEP_TAG_PROVE, s, &x->c, 0, 1, x->interval);
  case 1:
    return nep_interval_verify_var(key, NEP_TAG_PROVE, s, &x->sum, MIN, MAX, x->overall);
  case 2:
    return nep_blank_verify_var(key, s, &x->blank, &x->sum, x->blank_proof);
  case 3:
    return nep_blank_overall_verify_var(key, s, &x->blank, &x->sum, MIN, MAX, x->blank_overall);
  default:
    return nep_signature_verify_var(g, NEP_TAG_BALLOT, &x->public_key, s, &x->signature);
  }
}

/* What can be wrong with one item; `what` counts through the kinds. */
enum { FAULTS = 10 };
static void spoil(const nep_group *g, item *x, unsigned what)
{
  nep_scalar one = test_small(g, 1);
  nep_scalar *const scalar[] = {&x->interval[0].challenge,        &x->interval[1].response,
                                &x->overall[MAX - MIN].challenge, &x->blank_proof[1].response,
                                &x->blank_overall[0].challenge,   &x->signature.response};
  nep_element outsider = test_torsion(4);
  nep_element *const element[] = {&x->c.alpha, &x->c.beta, &x->blank.alpha, &x->blank.beta};
  if (what < sizeof scalar / sizeof scalar[0])
    nep_scalar_add(g, scalar[what], scalar[what], &one);
  else
    nep_element_mul(g, element[what - 6], element[what - 6], &outsider);
}

static void compare(const nep_key *key, const nep_batch *b, const item *x, bool is_good)
{
  const nep_group *g = nep_key_group(key);
  bool all = true;
  for (size_t k = 0; k < 5; k++) {
    ck_assert_int_eq(nep_batch_holds(b, x->proof[k]), alone(key, x, k));
    all &= nep_batch_holds(b, x->proof[k]);
  }
  const nep_ciphertext *const c[2] = {&x->c, &x->blank};
  for (size_t k = 0; k < 2; k++) {
    bool alpha = nep_batch_alpha_is_member(b, x->number[k]);
    bool beta = nep_batch_beta_is_member(b, x->number[k]);
    ck_assert_int_eq(alpha, nep_element_is_member_var(g, &c[k]->alpha));
    ck_assert_int_eq(beta, nep_element_is_member_var(g, &c[k]->beta));
    all &= alpha && beta;
  }
  ck_assert_int_eq(all, is_good);
}

static void choose(size_t engine)
{
  nep_error err;
  ck_assert_int_eq(nep_engine_choose(nep_engine_at(engine), &err), NEP_OK);
}

static item *make_items(const nep_key *key, size_t n)
{
  item *items = calloc(n, sizeof *items);
  ck_assert_ptr_nonnull(items);
  for (size_t i = 0; i < n; i++)
    make_item(key, &items[i], i % 2);
  return items;
}

START_TEST(one_fault_anywhere_is_found_and_named_and_no_other)
{
  const nep_group *g = test_curve();
  nep_element y = test_random_element(g);
  nep_key *key = nep_key_new(g, &y);
  nep_batch *b = nep_batch_new(key);
  item *items = make_items(key, MANY);
  choose((size_t)_i);
  for (unsigned round = 0; round < MANY + FAULTS; round++) {
    size_t bad = round % MANY;
    item kept = items[bad];
    spoil(g, &items[bad], round % FAULTS);
    for (size_t i = 0; i < MANY; i++)
      add(b, &items[i]);
    nep_batch_run_var(b);
    for (size_t i = 0; i < MANY; i++)
      compare(key, b, &items[i], i != bad);
    nep_batch_clear(b);
    items[bad] = kept;
  }
  free(items);
  nep_batch_free(b);
  nep_key_free(key);
}
END_TEST

START_TEST(batches_of_any_size_with_many_faults)
{
  const nep_group *g = test_curve();
  nep_element y = test_random_element(g);
  nep_key *key = nep_key_new(g, &y);
  nep_batch *b = nep_batch_new(key);
  choose((size_t)_i);
  for (size_t n = 0; n <= 10; n++) {
    item *items = make_items(key, n + 1);
    for (size_t i = 0; i < n; i++) {
      if (i % 2)
        spoil(g, &items[i], (unsigned)(i % FAULTS));
      add(b, &items[i]);
    }
    nep_batch_run_var(b);
    for (size_t i = 0; i < n; i++)
      compare(key, b, &items[i], i % 2 == 0);
    nep_batch_clear(b);
    free(items);
  }
  nep_batch_free(b);
  nep_key_free(key);
}
END_TEST

START_TEST(integer_groups_give_the_same_verdicts)
{
  const nep_group *g = nep_group_at(1 + (size_t)_i);
  nep_element y = test_random_element(g);
  nep_key *key = nep_key_new(g, &y);
  nep_batch *b = nep_batch_new(key);
  item *items = make_items(key, 3);
  nep_scalar one = test_small(g, 1);
  nep_scalar_add(g, &items[1].blank_proof[0].challenge, &items[1].blank_proof[0].challenge, &one);
  nep_element outsider; /* 2, or 11 where 2 is in the group */
  ck_assert_int_eq(nep_element_parse(g, &outsider, _i ? "11" : "2", _i ? 2 : 1, NULL), NEP_OK);
  nep_element_mul(g, &items[2].c.alpha, &items[2].c.alpha, &outsider);
  for (size_t i = 0; i < 3; i++)
    add(b, &items[i]);
  nep_batch_run_var(b);
  for (size_t i = 0; i < 3; i++)
    compare(key, b, &items[i], i == 0);
  nep_element zero;
  ck_assert_int_eq(nep_element_parse(g, &zero, "0", 1, NULL), NEP_OK);
  nep_batch_clear(b);
  items[0].c.alpha = zero;
  add(b, &items[0]);
  nep_batch_run_var(b);
  compare(key, b, &items[0], false);
  free(items);
  nep_batch_free(b);
  nep_key_free(key);
}
END_TEST

START_TEST(an_interval_that_is_upside_down_holds_nothing)
{
  const nep_group *g = test_curve();
  nep_element y = test_random_element(g);
  nep_key *key = nep_key_new(g, &y);
  nep_batch *b = nep_batch_new(key);
  item *items = make_items(key, 1);
  size_t c = nep_batch_ciphertext(b, &items[0].c, false);
  size_t p = nep_batch_interval(b, NEP_TAG_PROVE, nep_str_bytes(""), c, 2, 1, items[0].interval);
  size_t q = nep_batch_blank_overall(b, nep_str_bytes(""), c, c, 2, 1, items[0].blank_overall);
  nep_batch_run_var(b);
  ck_assert(!nep_batch_holds(b, p) && !nep_batch_holds(b, q));
  free(items);
  nep_batch_free(b);
  nep_key_free(key);
}
END_TEST

/* ---- in pieces ---- */

typedef struct one_piece {
  nep_verify_piece *piece;
  void *ctx;
  size_t i;
} one_piece;

static void *do_piece(void *arg)
{
  const one_piece *p = arg;
  p->piece(p->ctx, p->i);
  return NULL;
}

/* The last one first, each on another thread. */
static void do_elsewhere(void *times, size_t n, nep_verify_piece *piece, void *ctx)
{
  *(size_t *)times += n;
  while (n-- > 0) {
    pthread_t thread;
    one_piece p = {piece, ctx, n};
    ck_assert_int_eq(pthread_create(&thread, NULL, do_piece, &p), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
  }
}

/* One for about eight bases with the fewest; `_i` counts engines, then integer groups. */
START_TEST(pieces_are_done_in_any_order_by_any_thread)
{
  enum { N = 4, BASES = 7, LANES = 8 };
  bool curve = nep_engine_at((size_t)_i) != NULL;
  const nep_group *g = curve ? test_curve() : nep_group_at(1);
  nep_element y = test_random_element(g);
  nep_key *key = nep_key_new(g, &y);
  nep_batch *b = nep_batch_new(key);
  item *items = make_items(key, N);
  size_t times = 0;
  if (curve)
    choose((size_t)_i);
  nep_verification_spreads(do_elsewhere, &times);
  for (size_t i = 0; i < N; i++)
    add(b, &items[i]);
  ck_assert_uint_eq(times, 0);
  nep_batch_run_var(b);
  ck_assert_uint_gt(times, N * BASES / LANES);
  for (size_t i = 0; i < N; i++)
    compare(key, b, &items[i], true);
  nep_verification_spreads(NULL, NULL);
  nep_batch_clear(b);
  times = 0;
  for (size_t i = 0; i < N; i++)
    add(b, &items[i]);
  nep_batch_run_var(b);
  ck_assert_uint_eq(times, 0);
  for (size_t i = 0; i < N; i++)
    compare(key, b, &items[i], true);
  free(items);
  nep_batch_free(b);
  nep_key_free(key);
}
END_TEST

/* One of them wrong says nothing about the other, in either order. */
START_TEST(signatures_by_one_key_share_it_and_nothing_else)
{
  enum { KINDS = 5, MANY_KEYS = 9 };
  const nep_group *g = _i ? nep_group_at(1) : test_curve();
  nep_bytes texts[2] = {nep_str_bytes("one"), nep_str_bytes("another")};
  const char *const tags[2] = {NEP_TAG_BALLOT, "another purpose"};
  nep_scalar one = test_small(g, 1);
  nep_element y = test_random_element(g);
  nep_key *key = nep_key_new(g, &y);
  nep_batch *b = nep_batch_new(key);
  nep_element public_key[MANY_KEYS];
  nep_proof signature[MANY_KEYS][2];
  size_t number[MANY_KEYS][2];
  for (size_t k = 0; k < MANY_KEYS; k++) {
    nep_scalar x;
    nep_scalar_random(g, &x);
    nep_element_exp_g(g, &public_key[k], &x);
    for (size_t i = 0; i < 2; i++)
      nep_sign(g, tags[i], &x, texts[i], &signature[k][i]);
    nep_scalar *spoiled[KINDS - 1] = {&signature[k][0].challenge, &signature[k][1].challenge,
                                      &signature[k][0].response, &signature[k][1].response};
    if (k % KINDS > 0)
      nep_scalar_add(g, spoiled[k % KINDS - 1], spoiled[k % KINDS - 1], &one);
  }
  for (size_t k = 0; k < MANY_KEYS; k++) {
    number[k][0] = nep_batch_signature(b, tags[0], &public_key[k], texts[0], &signature[k][0]);
    number[k][1] = nep_batch_signature_again(b, number[k][0], tags[1], texts[1], &signature[k][1]);
  }
  nep_batch_run_var(b);
  for (size_t k = 0; k < MANY_KEYS; k++)
    for (size_t i = 0; i < 2; i++) {
      bool held = nep_batch_holds(b, number[k][i]);
      ck_assert_int_eq(held, k % KINDS == 0 || (k % KINDS - 1) % 2 != i);
      ck_assert_int_eq(
          held, nep_signature_verify_var(g, tags[i], &public_key[k], texts[i], &signature[k][i]));
    }
  nep_batch_free(b);
  nep_key_free(key);
}
END_TEST

/* Its branches may be shared out over several lanes. */
START_TEST(a_long_proof_fails_by_any_of_its_branches)
{
  enum { LAST = 19, BRANCHES = LAST + 1 };
  const nep_group *g = test_curve();
  nep_bytes s = nep_str_bytes(STATEMENT);
  nep_scalar one = test_small(g, 1), r;
  nep_element y = test_random_element(g);
  nep_key *key = nep_key_new(g, &y);
  nep_batch *b = nep_batch_new(key);
  nep_ciphertext c;
  nep_proof proofs[BRANCHES];
  item *beside = make_items(key, 1);
  choose((size_t)_i);
  encrypt(key, &c, &r, 1);
  nep_interval_prove(key, NEP_TAG_PROVE, s, &c, 0, LAST, 1, &r, NULL, proofs);
  for (size_t bad = 0; bad <= BRANCHES; bad++) { /* none at last */
    nep_proof kept = proofs[bad % BRANCHES];
    if (bad < BRANCHES)
      nep_scalar_add(g, &proofs[bad].response, &proofs[bad].response, &one);
    size_t on = nep_batch_ciphertext(b, &c, true);
    size_t number = nep_batch_interval(b, NEP_TAG_PROVE, s, on, 0, LAST, proofs);
    if (bad % 2)
      add(b, beside);
    nep_batch_run_var(b);
    ck_assert_int_eq(nep_batch_holds(b, number), bad == BRANCHES);
    ck_assert(nep_batch_alpha_is_member(b, on) && nep_batch_beta_is_member(b, on));
    if (bad % 2)
      compare(key, b, beside, true);
    nep_batch_clear(b);
    proofs[bad % BRANCHES] = kept;
  }
  free(beside);
  nep_batch_free(b);
  nep_key_free(key);
}
END_TEST

int main(void)
{
  int engines = 0;
  while (nep_engine_at((size_t)engines))
    engines++;
  Suite *suite = suite_create("batch");
  TCase *tc = tcase_create("batch");
  tcase_set_timeout(tc, 300);
  tcase_add_loop_test(tc, one_fault_anywhere_is_found_and_named_and_no_other, 0, engines);
  tcase_add_loop_test(tc, batches_of_any_size_with_many_faults, 0, engines);
  tcase_add_loop_test(tc, a_long_proof_fails_by_any_of_its_branches, 0, engines);
  tcase_add_loop_test(tc, pieces_are_done_in_any_order_by_any_thread, 0, engines + 1);
  tcase_add_loop_test(tc, signatures_by_one_key_share_it_and_nothing_else, 0, 2);
  tcase_add_loop_test(tc, integer_groups_give_the_same_verdicts, 0, 2);
  tcase_add_test(tc, an_interval_that_is_upside_down_holds_nothing);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
