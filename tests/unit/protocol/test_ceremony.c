/* protocol.md §6-§7: making trustees' keys. */
#include "crypto/tags.h"
#include "protocol/channel.h"
#include "tests/unit/protocol/ceremony_steps.h"

/* Any two members' keys give the power that the election key promises (protocol.md §10). */
static void check_shares(const nep_trustees *t, const nep_scalar x[CEREMONY_MEMBERS], size_t a,
                         size_t b)
{
  const nep_group *g = t->group;
  uint64_t indices[2] = {a + 1, b + 1};
  nep_scalar la, lb, sum;
  nep_element y;
  nep_lagrange_var(g, indices, 2, 0, &la);
  nep_lagrange_var(g, indices, 2, 1, &lb);
  nep_scalar_mul(g, &la, &la, &x[a]);
  nep_scalar_mul(g, &lb, &lb, &x[b]);
  nep_scalar_add(g, &sum, &la, &lb);
  nep_element_exp_g(g, &y, &sum);
  ck_assert(nep_element_equal(g, &y, &t->election_key));
}

START_TEST(a_ceremony_of_2_of_3_verifies_and_its_shares_fit)
{
  ceremony c;
  nep_error err = {0};
  nep_buf text = {0};
  nep_scalar x[CEREMONY_MEMBERS], sk;
  ceremony_begin(&c, nep_group_at((size_t)_i));
  ceremony_finish(&c);
  must_succeed(nep_trustees_make((nep_bytes){"", 0}, nep_buf_bytes(&c.threshold), &text, &err),
               &err);
  nep_trustees *t = verified_trustees(c.group, nep_buf_bytes(&text));
  for (size_t i = 0; i < CEREMONY_MEMBERS; i++) {
    size_t owner = 0;
    must_succeed(nep_trustee_key(t, c.seed[i], nep_buf_bytes(&c.dkey[i]), &x[i], &sk, &owner, &err),
                 &err);
    ck_assert_uint_eq(owner, i + 1);
  }
  check_shares(t, x, 0, 1);
  check_shares(t, x, 0, 2);
  check_shares(t, x, 2, 1);
  nep_trustees_free(t);
  nep_buf_free(&text);
  ceremony_end(&c);
}
END_TEST

START_TEST(single_keys_and_a_threshold_make_one_list)
{
  const nep_group *g = nep_group_at((size_t)_i);
  ceremony c;
  nep_error err = {0};
  nep_buf singles = {0}, text = {0};
  char seed[2][NEP_SEED_LENGTH + 1], id[2][9];
  nep_scalar x, sk;
  size_t owner;
  bool with_threshold = strcmp(nep_group_name(g), "Ed25519") == 0;
  for (size_t i = 0; i < 2; i++) {
    nep_random_base58(seed[i], NEP_SEED_LENGTH);
    nep_single_public_key(g, seed[i], i ? NULL : "Trần", &singles, id[i]);
    nep_buf_char(&singles, '\n');
  }
  ck_assert_str_ne(id[0], id[1]);
  c = (ceremony){0};
  if (with_threshold) {
    ceremony_begin(&c, g);
    ceremony_finish(&c);
  }
  must_succeed(nep_trustees_make(nep_buf_bytes(&singles), nep_buf_bytes(&c.threshold), &text, &err),
               &err);
  nep_trustees *t = verified_trustees(g, nep_buf_bytes(&text));
  ck_assert_uint_eq(t->n_owners, with_threshold ? 5 : 2);
  ck_assert_str_eq(t->owners[0].name, "Trần");
  ck_assert_ptr_null(t->owners[1].name);
  for (size_t i = 0; i < 2; i++) {
    must_succeed(nep_trustee_key(t, seed[i], (nep_bytes){0}, &x, &sk, &owner, &err), &err);
    ck_assert_uint_eq(owner, i + 1);
  }
  nep_trustees_free(t);
  nep_buf_free(&text);
  nep_buf_free(&singles);
  ceremony_end(&c);
}
END_TEST

START_TEST(a_trustee_key_that_does_not_fit_is_refused)
{
  ceremony c;
  nep_error err = {0};
  nep_buf text = {0};
  nep_scalar x, sk;
  size_t owner;
  char stranger[NEP_SEED_LENGTH + 1];
  ceremony_begin(&c, nep_group_find("Ed25519", 7));
  ceremony_finish(&c);
  must_succeed(nep_trustees_make((nep_bytes){"", 0}, nep_buf_bytes(&c.threshold), &text, &err),
               &err);
  nep_trustees *t = verified_trustees(c.group, nep_buf_bytes(&text));
  nep_random_base58(stranger, NEP_SEED_LENGTH);
  must_refuse(nep_trustee_key(t, stranger, nep_buf_bytes(&c.dkey[0]), &x, &sk, &owner, &err), &err,
              "trustee-unknown", "no trustee");
  must_refuse(nep_trustee_key(t, "short", nep_buf_bytes(&c.dkey[0]), &x, &sk, &owner, &err), &err,
              "seed", "44");
  must_refuse(nep_trustee_key(t, c.seed[0], (nep_bytes){0}, &x, &sk, &owner, &err), &err,
              "trustee-dkey", "decryption key file");
  must_refuse(nep_trustee_key(t, c.seed[0], nep_buf_bytes(&c.dkey[1]), &x, &sk, &owner, &err), &err,
              "channel-seal", "decryption key file");
  ck_assert(nep_scalar_is_zero(&x) && nep_scalar_is_zero(&sk));
  /* a well-made message to oneself that holds another key */
  nep_scalar dk, wrong;
  nep_buf other = {0};
  nep_element ek;
  nep_seed_signing_key(c.group, c.seed[0], &sk);
  nep_seed_decryption_key(c.group, c.seed[0], &dk);
  nep_element_exp_g(c.group, &ek, &dk);
  nep_scalar_random(c.group, &wrong);
  nep_channel_send(c.group, NEP_TAG_PEDERSEN_DECRYPTION_KEY, &sk, &ek, "decryption_key", &wrong,
                   &other);
  must_refuse(nep_trustee_key(t, c.seed[0], nep_buf_bytes(&other), &x, &sk, &owner, &err), &err,
              "trustee-key", "not that of trustee 1");
  nep_buf_free(&other);
  nep_trustees_free(t);
  nep_buf_free(&text);
  ceremony_end(&c);
}
END_TEST

START_TEST(contexts_that_make_no_sense_are_refused)
{
  static const char *const names[CEREMONY_MEMBERS] = {"A", "B", "C"};
  static const size_t bad[][2] = {{3, 3}, {3, 0}, {3, 4}, {1, 1}, {0, 0}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf out = {0};
    nep_error err = {0};
    must_refuse(nep_threshold_context(nep_group_at(0), names, bad[i][0], bad[i][1], &out, &err),
                &err, "threshold-context", "threshold");
    ck_assert_uint_eq(out.len, 0);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/ceremony");
  TCase *tc = tcase_create("ceremony");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, a_ceremony_of_2_of_3_verifies_and_its_shares_fit, 0, 2);
  tcase_add_loop_test(tc, single_keys_and_a_threshold_make_one_list, 0, 3);
  tcase_add_test(tc, a_trustee_key_that_does_not_fit_is_refused);
  tcase_add_test(tc, contexts_that_make_no_sense_are_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
