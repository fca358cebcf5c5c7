/* Texts of the tally (protocol.md §10): sized, owned, result, read strictly. */
#include <string.h>

#include "protocol/verify.h"
#include "tests/support/run.h"

static nep_verified *v;

static void start(void)
{
  nep_verify_options options = {.jobs = 1};
  ck_assert_int_eq(nep_verify_archive(NEP_TEST_VECTORS
                                      "/positive/Ed25519-revote-weights-two/election.bel",
                                      &options, &v, NULL),
                   NEP_OK);
  ck_assert_uint_eq(v->trustees->n_owners, 5);
}

static void end(void)
{
  nep_verified_free(v);
}

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
static const struct {
  const char *text, *code;
} sized_texts[] = {
    {"{\"num_tallied\":3,\"total_weight\":4,\"encrypted_tally\":\"" HASH "\"}", ""},
    {"{\"num_tallied\":-3,\"total_weight\":4,\"encrypted_tally\":\"" HASH "\"}", "tally-parse"},
    {"{\"num_tallied\":3.0,\"total_weight\":4,\"encrypted_tally\":\"" HASH "\"}", "tally-parse"},
    {"{\"total_weight\":4,\"num_tallied\":3,\"encrypted_tally\":\"" HASH "\"}", "tally-parse"},
    {"{\"num_tallied\":3,\"total_weight\":4}", "tally-parse"},
    {"{\"num_tallied\":3,\"total_weight\":4,\"encrypted_tally\":\"abc\"}", "tally-parse"},
    {"{\"num_tallied\":3,\"num_tallied\":3,\"total_weight\":4,\"encrypted_tally\":\"" HASH "\"}",
     "tally-parse"},
    {"{\"num_tallied\":3,\"total_weight\":4,\"encrypted_tally\":\"" HASH "\"} ", "noncanonical"},
};

START_TEST(sized_texts_are_read_strictly)
{
  uint64_t n, w;
  char hash[65];
  nep_error err = {0};
  nep_bytes text = nep_str_bytes(sized_texts[_i].text);
  (void)!nep_sized_parse(text, &n, &w, hash, &err);
  ck_assert_str_eq(err.code, sized_texts[_i].code);
  if (_i == 0)
    ck_assert(n == 3 && w == 4 && strcmp(hash, HASH) == 0);
}
END_TEST

static const struct {
  const char *text, *code;
} owned_texts[] = {
    {"{\"owner\":5,\"payload\":\"" HASH "\"}", ""},
    {"{\"owner\":0,\"payload\":\"" HASH "\"}", "pd-owner"},
    {"{\"owner\":6,\"payload\":\"" HASH "\"}", "pd-owner"},
    {"{\"owner\":-1,\"payload\":\"" HASH "\"}", "pd-owner"},
    {"{\"owner\":\"1\",\"payload\":\"" HASH "\"}", "pd-parse"},
    {"{\"payload\":\"" HASH "\",\"owner\":1}", "pd-parse"},
    {"{\"owner\":1,\"payload\":\"" HASH "\",\"more\":1}", "pd-parse"},
    {"{\"owner\":1,\"payload\":1}", "pd-parse"},
    {"{\"owner\": 1,\"payload\":\"" HASH "\"}", "noncanonical"},
};

START_TEST(owners_are_read_strictly)
{
  size_t owner;
  char hash[65];
  nep_error err = {0};
  (void)!nep_owned_parse(v->trustees, nep_str_bytes(owned_texts[_i].text), &owner, hash, &err);
  ck_assert_str_eq(err.code, owned_texts[_i].code);
}
END_TEST

static const struct {
  const char *text, *code;
} result_texts[] = {
    {"{\"result\":[[16,27,17,28,37],[14,15,15]]}", ""},
    {"{\"result\":[[16,27,17,28,37],[14,15]]}", "result-mismatch"},
    {"{\"result\":[[16,27,17,28,37]]}", "result-mismatch"},
    {"{\"result\":[[16,27,17,28,-37],[14,15,15]]}", "result-mismatch"},
    {"{\"result\":[[16,27,17,28,\"37\"],[14,15,15]]}", "result-mismatch"},
    {"{\"result\":[[16,27,17,28,37],[14,15,15]],\"more\":1}", "result-parse"},
    {"{\"results\":[[16,27,17,28,37],[14,15,15]]}", "result-parse"},
    {"{\"result\":[[16,27,17,28,37],[14,15,15]]", "result-parse"},
    {"{\"result\":[[16,27,17,28,37], [14,15,15]]}", "noncanonical"},
};

START_TEST(results_are_read_strictly)
{
  nep_result *r = NULL;
  nep_error err = {0};
  nep_status s = nep_result_parse(v->election, nep_str_bytes(result_texts[_i].text), &r, &err);
  ck_assert_str_eq(err.code, result_texts[_i].code);
  ck_assert((s == NEP_OK) == (r != NULL));
  nep_result_free(v->election, r);
}
END_TEST

#define LOOP(test, list) tcase_add_loop_test(t, test, 0, (int)(sizeof(list) / sizeof *(list)))

int main(void)
{
  Suite *s = suite_create("tally_texts");
  TCase *t = tcase_create("tally_texts");
  tcase_add_unchecked_fixture(t, start, end);
  LOOP(sized_texts_are_read_strictly, sized_texts);
  LOOP(owners_are_read_strictly, owned_texts);
  LOOP(results_are_read_strictly, result_texts);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
