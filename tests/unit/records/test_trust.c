#include <string.h>

#include "crypto/hash.h"
#include "records/tags.h"
#include "records/trust_list.h"
#include "tests/support/run.h"
#include "tests/unit/records/trust_fixture.h"

static trust_fixture x;

static void setup(void)
{
  trust_fixture_open(&x, "hdnd-2026", 3600);
}

static void teardown(void)
{
  trust_fixture_close(&x);
}

/* The trust file with the first `from` replaced. */
static nep_status parse_with(const char *from, const char *to, nep_error *err)
{
  nep_buf text = {0};
  nep_trust *t = NULL;
  const char *at = strstr(x.text.data, from);
  ck_assert_ptr_nonnull(at);
  *err = (nep_error){0};
  nep_buf_add(&text, x.text.data, (size_t)(at - x.text.data));
  nep_buf_str(&text, to);
  nep_buf_str(&text, at + strlen(from));
  nep_status s = nep_trust_parse(nep_buf_bytes(&text), &t, err);
  ck_assert_int_eq(t != NULL, s == NEP_OK);
  nep_trust_free(t);
  nep_buf_free(&text);
  return s;
}

START_TEST(a_trust_file_is_read_as_it_was_written)
{
  const nep_trust *t = x.trust;
  ck_assert_str_eq(t->event, "hdnd-2026");
  ck_assert_str_eq(t->issuer, "https://id.example.vn");
  ck_assert_uint_eq(t->n_pinned[NEP_ROLE_OFFICIAL], 3);
  ck_assert_uint_eq(t->needed[NEP_ROLE_OFFICIAL], 2);
  ck_assert_int_eq(t->claims_period, 3600);
  ck_assert_uint_eq(t->minimum_count, 2);
  ck_assert(!t->weights);
  ck_assert_uint_eq(t->audit->n_owners, 1);
  ck_assert_uint_eq(t->text_len, x.text.len);
}
END_TEST

START_TEST(a_pinned_key_is_found_in_its_own_role_only)
{
  ck_assert_str_eq(nep_trust_find(x.trust, NEP_ROLE_OFFICIAL, x.hex[CHAIR])->name, "Chủ tịch");
  ck_assert_ptr_null(nep_trust_find(x.trust, NEP_ROLE_OBSERVER, x.hex[CHAIR]));
  ck_assert_ptr_nonnull(nep_trust_find(x.trust, NEP_ROLE_OBSERVER, x.hex[OBSERVER]));
  ck_assert_ptr_null(nep_trust_find(x.trust, NEP_ROLE_OFFICIAL, x.hex[STRANGER]));
}
END_TEST

START_TEST(the_fingerprint_is_the_tagged_hash_and_depends_on_every_byte)
{
  char fingerprint[NEP_FINGERPRINT + 1], hex[65], plain[65];
  nep_trust_fingerprint(nep_buf_bytes(&x.text), fingerprint, hex);
  ck_assert_str_eq(fingerprint, x.trust->fingerprint);
  ck_assert_str_eq(hex, x.trust->hash);
  nep_sha256_hex(x.text.data, x.text.len, plain);
  ck_assert_str_ne(hex, plain);
  for (size_t i = 0; i < x.text.len; i++) {
    x.text.data[i] ^= 1;
    nep_trust_fingerprint(nep_buf_bytes(&x.text), fingerprint, NULL);
    ck_assert_str_ne(fingerprint, x.trust->fingerprint);
    x.text.data[i] ^= 1;
  }
}
END_TEST

/* The list of g^1, g^2, … with these weights. */
static nep_status check_list(const uint64_t *weights, size_t n, nep_error *err)
{
  const nep_group *g = nep_group_find("Ed25519", 7);
  char texts[4][NEP_ELEMENT_TEXT_MAX];
  const char *list[4];
  nep_buf text = {0};
  nep_credentials *credentials = NULL;
  nep_findings findings = {0};
  for (size_t i = 0; i < n; i++) {
    nep_scalar s;
    nep_element element;
    nep_scalar_set(g, &s, i + 1);
    nep_element_exp_g(g, &element, &s);
    nep_element_text(g, &element, texts[i]);
    list[i] = texts[i];
  }
  ck_assert_int_eq(nep_credentials_make(g, list, weights, n, &text, err), NEP_OK);
  nep_credentials_verify(g, nep_buf_bytes(&text), 0, &credentials, &findings);
  ck_assert_int_eq(nep_findings_status(&findings, err), NEP_OK);
  nep_status s = nep_trust_list_check(x.trust, credentials, err);
  nep_findings_free(&findings);
  nep_credentials_free(credentials);
  nep_buf_free(&text);
  return s;
}

START_TEST(a_list_that_trustees_would_not_decrypt_is_refused)
{
  static const uint64_t heavy[] = {1, 1, 2};
  nep_error err = {0};
  ck_assert_int_eq(check_list(NULL, 2, &err), NEP_OK);
  ck_assert_int_eq(check_list(NULL, 1, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "too-few-credentials");
  ck_assert_int_eq(check_list(heavy, 3, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "weights");
  ck_assert_int_eq(check_list(heavy, 2, &err), NEP_OK); /* none of these two is another than 1 */
  x.trust->weights = true;
  ck_assert_int_eq(check_list(heavy, 3, &err), NEP_OK);
}
END_TEST

START_TEST(who_is_named_twice_is_refused)
{
  nep_error err;
  ck_assert_int_eq(parse_with("Quan sát", "Chủ tịch", &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "trust");
  ck_assert_int_eq(parse_with(x.hex[OBSERVER], x.hex[CHAIR], &err), NEP_E_CHECK);
  ck_assert_int_eq(parse_with(x.hex[CLERK], x.hex[CHAIR], &err), NEP_E_CHECK);
  ck_assert_int_eq(parse_with(x.hex[MIRROR], x.trust->receipts, &err), NEP_E_CHECK);
  ck_assert_int_eq(parse_with(x.hex[MIRROR], x.hex[STRANGER], &err), NEP_OK);
}
END_TEST

START_TEST(more_needed_than_there_are_or_none_is_refused)
{
  nep_error err;
  ck_assert_int_ne(parse_with("\"officials_needed\":2", "\"officials_needed\":4", &err), NEP_OK);
  ck_assert_int_ne(parse_with("\"officials_needed\":2", "\"officials_needed\":0", &err), NEP_OK);
  ck_assert_int_ne(parse_with("\"observers_needed\":1", "\"observers_needed\":0", &err), NEP_OK);
  ck_assert_int_ne(parse_with("\"minimum_count\":2", "\"minimum_count\":0", &err), NEP_OK);
  ck_assert_int_ne(parse_with("\"claims_period\":3600", "\"claims_period\":-1", &err), NEP_OK);
  ck_assert_int_eq(parse_with("\"officials_needed\":2", "\"officials_needed\":3", &err), NEP_OK);
}
END_TEST

START_TEST(a7_keys_that_are_no_points_of_the_group_are_refused)
{
  static const char *const bad[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "0200000000000000000000000000000000000000000000000000000000000000"};
  nep_error err;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ck_assert_int_eq(parse_with(x.hex[SECRETARY], bad[i], &err), NEP_E_CHECK);
    ck_assert_int_eq(parse_with(x.trust->receipts, bad[i], &err), NEP_E_CHECK);
  }
}
END_TEST

START_TEST(other_forms_are_refused)
{
  nep_error err;
  ck_assert_int_ne(parse_with("{\"event\"", "{ \"event\"", &err), NEP_OK);
  ck_assert_int_ne(parse_with("{\"event\":\"hdnd-2026\",", "{", &err), NEP_OK);
  ck_assert_int_ne(parse_with("\"weights\":false", "\"weights\":0", &err), NEP_OK);
  ck_assert_int_ne(parse_with("\"weights\":false", "\"weights\":false,\"more\":1", &err), NEP_OK);
  ck_assert_int_ne(parse_with("hdnd-2026", "", &err), NEP_OK);
  ck_assert_int_ne(parse_with("Thư ký", "", &err), NEP_OK);
}
END_TEST

START_TEST(an_altered_proof_of_the_audit_key_is_refused)
{
  nep_error err;
  char from[64] = "", to[64];
  const char *at = strstr(x.text.data, "\"response\":\"");
  ck_assert_ptr_nonnull(at);
  memcpy(from, at, 32);
  memcpy(to, from, sizeof to);
  to[20] = to[20] == '1' ? '2' : '1';
  ck_assert_int_eq(parse_with(from, to, &err), NEP_E_CHECK);
  ck_assert_ptr_nonnull(strstr(err.where, "audit"));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/trust");
  TCase *tc = tcase_create("trust file");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a_list_that_trustees_would_not_decrypt_is_refused);
  tcase_add_test(tc, a_trust_file_is_read_as_it_was_written);
  tcase_add_test(tc, a_pinned_key_is_found_in_its_own_role_only);
  tcase_add_test(tc, the_fingerprint_is_the_tagged_hash_and_depends_on_every_byte);
  tcase_add_test(tc, who_is_named_twice_is_refused);
  tcase_add_test(tc, more_needed_than_there_are_or_none_is_refused);
  tcase_add_test(tc, a7_keys_that_are_no_points_of_the_group_are_refused);
  tcase_add_test(tc, other_forms_are_refused);
  tcase_add_test(tc, an_altered_proof_of_the_audit_key_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
