/* Encrypted tally, partial decryptions and result (protocol.md §10), on an archive that others
   made: two single trustees and three members of whom two are needed, two questions, weights,
   revotes. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/ceremony.h"
#include "protocol/verify.h"
#include "tests/support/run.h"

#define FIXTURE NEP_TEST_VECTORS "/positive/Ed25519-revote-weights-two/"

enum { OWNERS = 5 };
static nep_verified *v;
static nep_buf object[OWNERS], owned[OWNERS];

static nep_verified *verified(const char *path)
{
  nep_verify_options options = {.jobs = 1};
  nep_verified *out = NULL;
  nep_error err = {0};
  ck_assert_msg(nep_verify_archive(path, &options, &out, &err) == NEP_OK, "%s", err.reason);
  ck_assert(nep_verified_is_valid(out));
  return out;
}

static void read_line(const char *name, const char *suffix, nep_buf *out)
{
  char *path = nep_sprintf(FIXTURE "secrets/%s%s", name, suffix);
  nep_error err = {0};
  ck_assert_msg(nep_file_read(path, 1 << 20, out, &err) == NEP_OK, "%s", err.reason);
  out->data[strcspn(out->data, "\n")] = '\0';
  out->len = strlen(out->data);
  free(path);
}

/* Each trustee's part with the secrets of the fixture. */
static void decrypt_as(const char *name, bool member)
{
  nep_buf seed = {0}, dkey = {0};
  nep_scalar x, signing_key;
  size_t owner = 0;
  nep_error err = {0};
  read_line(name, member ? ".key" : ".privkey", &seed);
  if (member)
    read_line(name, ".dkey", &dkey);
  ck_assert_msg(nep_trustee_key(v->trustees, seed.data, nep_buf_bytes(&dkey), &x, &signing_key,
                                &owner, &err) == NEP_OK,
                "%s: %s", name, err.reason);
  ck_assert(owner >= 1 && owner <= OWNERS && object[owner - 1].len == 0);
  nep_decryption_make(v->tally, v->trustees, owner, &x, &signing_key, &object[owner - 1],
                      &owned[owner - 1]);
  nep_buf_free(&dkey);
  nep_buf_free(&seed);
}

static void start(void)
{
  v = verified(FIXTURE "election.bel");
  decrypt_as("8EFC338C", false);
  decrypt_as("B3F1B285", false);
  decrypt_as("cad2e49d1d3bbadc5c8314d2e8fbd817b92f96d3b2df7552e99945b06933ec07", true);
  decrypt_as("3250feae0fbe76e728aa25b47b44b768c374136b24bd48925f169c1d86bf372e", true);
  decrypt_as("9cc167c45b092d3c439b6691da7c0ebc89911bffc3efb61d11877c4cf413b969", true);
}

static void end(void)
{
  for (int i = 0; i < OWNERS; i++) {
    nep_buf_free(&object[i]);
    nep_buf_free(&owned[i]);
  }
  nep_verified_free(v);
}

/* The ballots of the fixture, one after the other; NULL when there are no more. */
static nep_ballot *next_ballot(nep_archive_reader *r)
{
  nep_record record;
  nep_ballot *b = NULL;
  bool last = false;
  while (!b && nep_reader_next(r, &record, &last, NULL) == NEP_OK && !last) {
    nep_findings f = {0};
    if (!record.is_event && record.body.len > 20 &&
        memcmp(record.body.data, "{\"message\":{\"election_uuid\"", 27) == 0)
      nep_ballot_parse(v->election, record.body, "ballot", &b, &f);
    ck_assert_uint_eq(f.n_faults, 0);
    nep_findings_free(&f);
  }
  return b;
}

static void assert_same_text(const nep_encrypted_tally *a, const nep_encrypted_tally *b)
{
  nep_buf x = {0}, y = {0};
  nep_tally_write(a, &x);
  nep_tally_write(b, &y);
  ck_assert_str_eq(x.data, y.data);
  nep_buf_free(&y);
  nep_buf_free(&x);
}

START_TEST(what_is_taken_out_again_leaves_nothing)
{
  nep_archive_reader *r = NULL;
  nep_encrypted_tally *empty = nep_tally_new(v->election), *t = nep_tally_new(v->election);
  nep_ballot *ballots[4];
  ck_assert_int_eq(nep_reader_open(FIXTURE "election.bel", &r, NULL), NEP_OK);
  for (uint64_t i = 0; i < 4; i++) {
    ballots[i] = next_ballot(r);
    ck_assert_ptr_nonnull(ballots[i]);
    ck_assert(nep_tally_fits(v->election, ballots[i]));
    nep_tally_add(t, ballots[i], i);
  }
  ck_assert_uint_eq(t->num_tallied, 4);
  ck_assert_uint_eq(t->total_weight, 6);
  for (uint64_t i = 0; i < 4; i++)
    nep_tally_remove(t, ballots[i], i);
  ck_assert_uint_eq(t->num_tallied, 0);
  ck_assert_uint_eq(t->total_weight, 0);
  assert_same_text(t, empty);
  for (int i = 0; i < 4; i++)
    nep_ballot_free(ballots[i]);
  nep_tally_free(t);
  nep_tally_free(empty);
  nep_reader_close(r);
}
END_TEST

START_TEST(a_weight_of_three_is_the_ballot_three_times)
{
  nep_archive_reader *r = NULL;
  nep_encrypted_tally *once = nep_tally_new(v->election), *thrice = nep_tally_new(v->election);
  ck_assert_int_eq(nep_reader_open(FIXTURE "election.bel", &r, NULL), NEP_OK);
  nep_ballot *b = next_ballot(r);
  ck_assert_ptr_nonnull(b);
  nep_tally_add(once, b, 3);
  for (int i = 0; i < 3; i++)
    nep_tally_add(thrice, b, 1);
  assert_same_text(once, thrice);
  nep_ballot_free(b);
  nep_tally_free(thrice);
  nep_tally_free(once);
  nep_reader_close(r);
}
END_TEST

START_TEST(tallies_of_some_ballots_each_join_to_that_of_all)
{
  nep_archive_reader *r = NULL;
  nep_encrypted_tally *all = nep_tally_new(v->election), *joined = nep_tally_new(v->election);
  nep_encrypted_tally *part[3];
  for (int i = 0; i < 3; i++)
    part[i] = nep_tally_new(v->election);
  ck_assert_int_eq(nep_reader_open(FIXTURE "election.bel", &r, NULL), NEP_OK);
  for (uint64_t i = 0; i < 7; i++) {
    nep_ballot *b = next_ballot(r);
    ck_assert_ptr_nonnull(b);
    nep_tally_add(all, b, i + 1);
    nep_tally_add(part[i % 2], b, i + 1); /* the third has none */
    nep_ballot_free(b);
  }
  for (int i = 0; i < 3; i++) {
    nep_tally_join(joined, part[i]);
    nep_tally_free(part[i]);
  }
  assert_same_text(all, joined);
  ck_assert_uint_eq(joined->num_tallied, 7);
  ck_assert_uint_eq(joined->total_weight, 28);
  nep_tally_free(joined);
  nep_tally_free(all);
  nep_reader_close(r);
}
END_TEST

static bool tally_is_read(nep_bytes text)
{
  nep_encrypted_tally *t = NULL;
  nep_error err = {0};
  nep_status s = nep_tally_parse(v->election, text, &t, &err);
  ck_assert(s == NEP_OK || (strcmp(err.code, "tally-parse") == 0 && t == NULL));
  nep_tally_free(t);
  return s == NEP_OK;
}

START_TEST(a7_every_altered_byte_of_a_tally_is_refused_or_another_point)
{
  nep_buf text = {0}, again = {0};
  nep_tally_write(v->tally, &text);
  ck_assert(tally_is_read(nep_buf_bytes(&text)));
  for (size_t len = 0; len < text.len; len += 13)
    ck_assert(!tally_is_read((nep_bytes){text.data, len}));
  nep_buf_add(&again, text.data, text.len);
  nep_buf_char(&again, ' ');
  ck_assert(!tally_is_read(nep_buf_bytes(&again)));
  size_t refused = 0;
  for (size_t i = 0; i < text.len; i++) {
    text.data[i] ^= 1;
    refused += !tally_is_read(nep_buf_bytes(&text));
    text.data[i] ^= 1;
  }
  /* one z in sixteen is a point of the subgroup */
  ck_assert_uint_gt(refused, text.len * 8 / 10);
  nep_buf_free(&again);
  nep_buf_free(&text);
}
END_TEST

static bool accepted(size_t owner, nep_bytes text, nep_factors **out)
{
  nep_findings f = {0};
  nep_factors *factors = NULL;
  bool sound = nep_decryption_verify(v->tally, v->trustees, owner, text, &factors, &f);
  ck_assert(sound == (f.n_faults == 0));
  nep_findings_free(&f);
  if (out && sound)
    *out = factors;
  else
    nep_factors_free(v->election, factors);
  return sound;
}

START_TEST(a2_every_altered_byte_of_a_decryption_is_refused)
{
  nep_buf *text = &object[_i];
  ck_assert(accepted((size_t)_i + 1, nep_buf_bytes(text), NULL));
  for (size_t at = 0; at < text->len; at += 5) {
    text->data[at] ^= 1;
    ck_assert_msg(!accepted((size_t)_i + 1, nep_buf_bytes(text), NULL), "byte %zu", at);
    text->data[at] ^= 1;
  }
  for (size_t len = 0; len < text->len; len += 101)
    ck_assert(!accepted((size_t)_i + 1, (nep_bytes){text->data, len}, NULL));
}
END_TEST

START_TEST(a2_a_decryption_is_valid_for_its_own_trustee_and_tally_only)
{
  nep_encrypted_tally *other = nep_tally_new(v->election);
  nep_factors *factors = NULL;
  nep_findings f = {0};
  for (size_t owner = 1; owner <= OWNERS; owner++)
    for (size_t i = 0; i < OWNERS; i++)
      ck_assert(accepted(owner, nep_buf_bytes(&object[i]), NULL) == (owner == i + 1));
  ck_assert(!nep_decryption_verify(other, v->trustees, 1, nep_buf_bytes(&object[0]), &factors, &f));
  ck_assert_str_eq(f.faults[0].code, "pd-proof");
  nep_factors_free(v->election, factors);
  nep_findings_free(&f);
  nep_tally_free(other);
}
END_TEST

/* Combines the trustees of a mask; the status, and the result in *out. */
static nep_status combine(unsigned mask, nep_result **out, nep_error *err)
{
  nep_factors *factors[OWNERS] = {NULL};
  nep_element **products = NULL;
  size_t n = 0;
  for (size_t i = 0; i < OWNERS; i++)
    if (mask >> i & 1) {
      ck_assert(accepted(i + 1, nep_buf_bytes(&object[i]), &factors[n]));
      n++;
    }
  nep_status s = nep_factors_combine(v->trustees, v->election, (const nep_factors *const *)factors,
                                     n, &products, err);
  if (s == NEP_OK)
    s = nep_result_compute(v->tally, products, v->tally->total_weight, out, err);
  nep_products_free(v->election, products);
  for (size_t i = 0; i < n; i++)
    nep_factors_free(v->election, factors[i]);
  return s;
}

START_TEST(a11_enough_trustees_and_no_fewer_give_the_result)
{
  nep_buf expected = {0}, found = {0};
  nep_result_write(v->election, v->result, &expected);
  for (unsigned mask = 0; mask < 1u << OWNERS; mask++) {
    nep_result *result = NULL;
    nep_error err = {0};
    unsigned members = (mask >> 2 & 1) + (mask >> 3 & 1) + (mask >> 4 & 1);
    bool enough = (mask & 3) == 3 && members >= 2;
    nep_status s = combine(mask, &result, &err);
    ck_assert_int_eq(s, enough ? NEP_OK : NEP_E_CHECK);
    if (enough) {
      nep_buf_clear(&found);
      nep_result_write(v->election, result, &found);
      ck_assert_str_eq(found.data, expected.data);
    } else {
      ck_assert_str_eq(err.code, "pd-missing");
      ck_assert_ptr_nonnull(strstr(err.reason, "trustee"));
    }
    nep_result_free(v->election, result);
  }
  nep_buf_free(&found);
  nep_buf_free(&expected);
}
END_TEST

START_TEST(every_number_of_the_result_is_checked)
{
  nep_element **products = NULL;
  nep_error err = {0};
  size_t n = 0;
  while (v->factors[n])
    n++;
  ck_assert_int_eq(nep_factors_combine(v->trustees, v->election,
                                       (const nep_factors *const *)v->factors, n, &products, &err),
                   NEP_OK);
  for (size_t q = 0; q < v->election->n_questions; q++) {
    for (size_t i = 0; i < nep_question_choices(&v->election->questions[q]); i++) {
      nep_findings f = {0};
      nep_result_verify(v->tally, products, v->tally->total_weight, v->result, &f);
      ck_assert_uint_eq(f.n_faults, 0);
      v->result->rows[q][i]++;
      nep_result_verify(v->tally, products, v->tally->total_weight, v->result, &f);
      v->result->rows[q][i]--;
      ck_assert_uint_eq(f.n_faults, 1);
      ck_assert_str_eq(f.faults[0].code, "result-mismatch");
      nep_findings_free(&f);
    }
  }
  nep_findings f = {0};
  nep_result_verify(v->tally, products, 20, v->result, &f); /* 27, 28 and 37 are above 20 */
  ck_assert_uint_eq(f.n_faults, 3);
  nep_findings_free(&f);
  nep_products_free(v->election, products);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("tally");
  TCase *t = tcase_create("tally");
  tcase_set_timeout(t, 120);
  tcase_add_unchecked_fixture(t, start, end);
  tcase_add_test(t, what_is_taken_out_again_leaves_nothing);
  tcase_add_test(t, a_weight_of_three_is_the_ballot_three_times);
  tcase_add_test(t, tallies_of_some_ballots_each_join_to_that_of_all);
  tcase_add_test(t, a7_every_altered_byte_of_a_tally_is_refused_or_another_point);
  tcase_add_loop_test(t, a2_every_altered_byte_of_a_decryption_is_refused, 0, OWNERS);
  tcase_add_test(t, a2_a_decryption_is_valid_for_its_own_trustee_and_tally_only);
  tcase_add_test(t, a11_enough_trustees_and_no_fewer_give_the_result);
  tcase_add_test(t, every_number_of_the_result_is_checked);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
