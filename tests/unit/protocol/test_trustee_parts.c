/* protocol.md §7: the parts of a trustee, each checked by itself. */
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "protocol/threshold.h"
#include "protocol/values.h"
#include "tests/unit/protocol/fixture.h"

/* Alone: inside a list of trustees a signature beside it would refuse a bad element as well. */
START_TEST(a7_a_key_is_refused_for_what_it_is_without_a_signature)
{
  static const char *const names[] = {"positive/Ed25519-single/election.bel",
                                      "positive/BELENIOS-2048-single/election.bel",
                                      "positive/RFC-3526-2048-revote-two/election.bel"};
  fixture *x = fixture_open(names[_i]);
  const nep_group *g = x->election->group;
  char *bad[BAD_ELEMENTS], good[NEP_ELEMENT_TEXT_MAX];
  nep_findings f = {0};
  nep_element e;
  good[nep_element_text(g, nep_key_element(x->election->key), good)] = '\0';
  json_t *holder = json_pack("{s:s}", "public_key", good);
  ck_assert(nep_key_read(&f, "object", g, holder, "public_key", "trustee-key", &e));
  ck_assert_uint_eq(f.n_faults, 0);
  bad_elements(g, good, bad);
  for (size_t i = 0; bad[i]; i++) {
    json_object_set_new(holder, "public_key", json_string(bad[i]));
    ck_assert_msg(!nep_key_read(&f, "object", g, holder, "public_key", "trustee-key", &e), "%s",
                  bad[i]);
    ck_assert_uint_eq(f.n_faults, i + 1);
    free(bad[i]);
  }
  json_decref(holder);
  nep_findings_free(&f);
  fixture_close(x);
}
END_TEST

/* One coefficient after another, with the hash of what is shown in the certificate. */
static bool coefexps_hold(nep_threshold *t, const json_t *coefexps)
{
  char hash[65];
  nep_buf text = written(coefexps);
  nep_sha256_hex(text.data, text.len, hash);
  t->members[0].coefexps_hash = hash;
  bool held = nep_threshold_check_coefexps(t, 0, coefexps);
  nep_buf_free(&text);
  return held;
}

START_TEST(a7_a_polynomial_is_refused_for_what_it_is_under_the_right_hash)
{
  fixture *x = fixture_open("positive/Ed25519-threshold/election.bel");
  json_t *list = parsed(x->trustees_text), *p = json_array_get(json_array_get(list, 0), 1);
  json_t *row = json_array_get(json_object_get(p, "coefexps"), 0);
  json_t *coefexps = json_object_get(row, "coefexps");
  nep_findings f = {0};
  nep_threshold t = {.group = x->election->group, .findings = &f, .object = "object"};
  char *bad[BAD_ELEMENTS];
  ck_assert(nep_threshold_read_context(&t, json_object_get(p, "context")));
  ck_assert(coefexps_hold(&t, row));
  bad_elements(t.group, json_string_value(json_array_get(coefexps, 0)), bad);
  for (size_t i = 0; bad[i]; i++) {
    for (size_t k = 0; k < t.needed; k++) {
      json_t *was = json_incref(json_array_get(coefexps, k));
      json_array_set_new(coefexps, k, json_string(bad[i]));
      ck_assert_msg(!coefexps_hold(&t, row), "%s", bad[i]);
      json_array_set_new(coefexps, k, was);
    }
    free(bad[i]);
  }
  json_array_append(coefexps, json_array_get(coefexps, 0));
  ck_assert_msg(!coefexps_hold(&t, row), "a coefficient too many");
  json_array_remove(coefexps, 2);
  ck_assert(coefexps_hold(&t, row));
  json_array_remove(coefexps, 1);
  ck_assert_msg(!coefexps_hold(&t, row), "a coefficient too few");
  nep_threshold_end(&t);
  nep_findings_free(&f);
  json_decref(list);
  fixture_close(x);
}
END_TEST

START_TEST(a_name_that_is_no_string_is_refused_although_it_is_signed)
{
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  const nep_group *g = x->election->group;
  nep_scalar key;
  nep_element public_key;
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar_random(g, &key);
  nep_element_exp_g(g, &public_key, &key);
  text[nep_element_text(g, &public_key, text)] = '\0';
  for (int as_number = 0; as_number < 2; as_number++) {
    nep_findings f = {0};
    nep_buf message = {0}, whole = {0};
    nep_buf_printf(&message, "{\"public_key\":\"%s\",\"name\":%s}", text,
                   as_number ? "7" : "\"A\"");
    nep_signed_write(g, NEP_TAG_VERIFICATION_KEY, &key, nep_buf_bytes(&message), &whole);
    json_t *json = parsed(nep_buf_bytes(&whole));
    ck_assert(nep_trustee_pok_check(&f, "object", g, json, &public_key) == (as_number == 0));
    json_decref(json);
    nep_buf_free(&whole);
    nep_buf_free(&message);
    nep_findings_free(&f);
  }
  fixture_close(x);
}
END_TEST

/* More owners than the list has room for, in items that are not too many. */
START_TEST(a9_too_many_owners_are_refused)
{
  fixture *x = fixture_open("positive/Ed25519-threshold/election.bel");
  json_t *list = parsed(x->trustees_text), *item = json_array_get(list, 0);
  nep_trustees *t = NULL;
  nep_findings f = {0};
  char codes[256];
  while (json_array_size(list) <= NEP_OWNERS_MAX / 3)
    json_array_append(list, item);
  nep_buf text = written(list);
  ck_assert_uint_le(text.len, NEP_TRUSTEES_TEXT_MAX);
  nep_trustees_verify(x->election->group, nep_buf_bytes(&text), &t, &f);
  codes_of(&f, codes);
  ck_assert_str_eq(codes, "trustees-parse");
  ck_assert_ptr_null(t);
  nep_findings_free(&f);
  nep_buf_free(&text);
  json_decref(list);
  fixture_close(x);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/trustees, parts");
  TCase *tc = tcase_create("parts");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, a7_a_key_is_refused_for_what_it_is_without_a_signature, 0, 3);
  tcase_add_test(tc, a7_a_polynomial_is_refused_for_what_it_is_under_the_right_hash);
  tcase_add_test(tc, a_name_that_is_no_string_is_refused_although_it_is_signed);
  tcase_add_test(tc, a9_too_many_owners_are_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
