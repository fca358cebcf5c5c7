/* protocol.md §8: the published list of credentials. */
#include <stdlib.h>

#include "base/encode.h"
#include "crypto/hash.h"
#include "tests/unit/protocol/fixture.h"

START_TEST(lists_of_others_hold_and_are_found)
{
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", fixture_names[_i]);
  fixture *x = fixture_open(path);
  ck_assert_uint_eq(x->findings.n_faults, 0);
  json_t *list = parsed(x->credentials_text);
  ck_assert_uint_eq(nep_credentials_count(x->credentials), json_array_size(list));
  uint64_t total = 0;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *entry = json_array_get(list, i), *weight = json_object_get(entry, "weight");
    const char *text = json_string_value(json_object_get(entry, "credential"));
    char own[NEP_ELEMENT_TEXT_MAX];
    nep_element e;
    size_t place;
    ck_assert(nep_credentials_find(x->credentials, text, strlen(text), &place));
    ck_assert_uint_eq(place, i);
    nep_bytes listed = nep_credentials_text(x->credentials, place);
    ck_assert_int_eq(nep_element_parse(x->election->group, &e, listed.data, listed.len, NULL),
                     NEP_OK);
    nep_element_text(x->election->group, &e, own);
    ck_assert_str_eq(own, text);
    ck_assert_uint_eq(nep_credentials_weight(x->credentials, i),
                      weight ? (uint64_t)json_integer_value(weight) : 1);
    total += nep_credentials_weight(x->credentials, i);
    ck_assert(!nep_credentials_find(x->credentials, text, strlen(text) - 1, &place));
    ck_assert_uint_eq(place, SIZE_MAX);
  }
  ck_assert_uint_eq(nep_credentials_total_weight(x->credentials), total);
  json_decref(list);
  fixture_close(x);
}
END_TEST

/* The tool's own list again from its entries in another order, and its printed fingerprint. */
START_TEST(our_list_is_byte_for_byte_the_tools_own)
{
  char path[128], hash[65], tracker[44];
  const char *texts[64];
  uint64_t weights[64];
  snprintf(path, sizeof path, "positive/%s/election.bel", fixture_names[_i]);
  fixture *x = fixture_open(path);
  nep_buf ids = read_vector("positive/%s/setup/public_creds.json", fixture_names[_i]);
  nep_buf printed = read_vector("positive/%s/setup/generate-credentials.out", fixture_names[_i]);
  json_t *list = parsed(nep_buf_bytes(&ids));
  size_t n = json_array_size(list);
  bool weighted = false;
  for (size_t i = 0; i < n; i++) {
    const json_t *entry = json_object_get(json_array_get(list, i), "credential");
    texts[i] = json_string_value(json_object_get(entry, "credential"));
    weighted = json_object_get(entry, "weight") != NULL;
    weights[i] = (uint64_t)json_integer_value(json_object_get(entry, "weight"));
  }
  nep_buf made = {0};
  ck_assert_int_eq(
      nep_credentials_make(x->election->group, texts, weighted ? weights : NULL, n, &made, NULL),
      NEP_OK);
  ck_assert_uint_eq(made.len, x->credentials_text.len);
  ck_assert_mem_eq(made.data, x->credentials_text.data, made.len);
  nep_sha256_hex(made.data, made.len, hash);
  ck_assert(nep_tracker(hash, tracker));
  ck_assert_ptr_nonnull(strstr(printed.data, tracker));
  nep_buf_free(&made);
  json_decref(list);
  nep_buf_free(&printed);
  nep_buf_free(&ids);
  fixture_close(x);
}
END_TEST

START_TEST(private_credentials_of_fixtures_derive_the_list)
{
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", fixture_names[_i]);
  fixture *x = fixture_open(path);
  nep_buf secrets = read_vector("positive/%s/secrets/private_creds.json", fixture_names[_i]);
  json_t *all = parsed(nep_buf_bytes(&secrets)), *value;
  const char *login;
  size_t found = 0;
  json_object_foreach(all, login, value)
  {
    nep_scalar key;
    nep_element e;
    char text[NEP_ELEMENT_TEXT_MAX];
    size_t place;
    nep_credential_key(x->election->group, x->election->uuid, json_string_value(value), &key);
    nep_element_exp_g(x->election->group, &e, &key);
    size_t len = nep_element_text(x->election->group, &e, text);
    ck_assert_msg(nep_credentials_find(x->credentials, text, len, &place), "%s", login);
    found++;
  }
  ck_assert_uint_eq(found, nep_credentials_count(x->credentials));
  json_decref(all);
  nep_buf_free(&secrets);
  fixture_close(x);
}
END_TEST

static void expect(const nep_group *g, nep_bytes text, const char *codes, bool readable)
{
  nep_credentials *c = NULL;
  nep_findings f = {0};
  char found[256];
  nep_credentials_verify(g, text, 0, &c, &f);
  codes_of(&f, found);
  ck_assert_msg(strcmp(found, codes) == 0, "expected %s, found %s for %.300s", codes, found,
                text.data);
  ck_assert_int_eq(c != NULL, readable);
  nep_credentials_free(c);
  nep_findings_free(&f);
}

#define G66 "6666666666666666666666666666666666666666666666666666666666666658"
#define GG "2260cdf3092329c21da25ee8c9a21f5697390f51643851560e5f46ae6af8a3c9"
#define ENTRY(text) "{\"credential\":\"" text "\"}"
#define WEIGHTED(text, weight) "{\"credential\":\"" text "\",\"weight\":" weight "}"

START_TEST(what_breaks_a_rule_is_refused_by_name)
{
  static const struct {
    const char *text, *codes;
    bool readable;
  } cases[] = {
      {"[]", "", true},
      {"[" ENTRY(G66) "," ENTRY(GG) "]", "", true},
      {"[" WEIGHTED(G66, "0") "," WEIGHTED(GG, "1000000000") "]", "", true},
      {"[" ENTRY(G66) "," ENTRY(GG) "," ENTRY(G66) "]", "credentials-duplicate", true},
      {"[" WEIGHTED(G66, "1") "," ENTRY(GG) "]", "credentials-weight", true},
      {"[" ENTRY(G66) "," WEIGHTED(GG, "1") "]", "credentials-weight", true},
      {"[" WEIGHTED(G66, "-1") "]", "credentials-weight", true},
      {"[" WEIGHTED(G66, "1000000001") "]", "credentials-weight", true},
      {"[" WEIGHTED(G66, "1.0") "]", "credentials-parse", false},
      {"[" WEIGHTED(G66, "true") "]", "credentials-parse", false},
      {"[" WEIGHTED(G66, "\"1\"") "]", "credentials-parse", false},
      {"[" WEIGHTED(G66, "-0") "]", "noncanonical", true},
      {"[" WEIGHTED(G66, "01") "]", "credentials-parse", false},
      {"[{\"weight\":1,\"credential\":\"" G66 "\"}]", "credentials-parse", false},
      {"[{\"credential\":\"" G66 "\",\"name\":1}]", "credentials-parse", false},
      {"[{\"credential\":1}]", "credentials-parse", false},
      {"[" ENTRY(G66) ", " ENTRY(GG) "]", "noncanonical", true},
      {"[" ENTRY(G66) "]\n", "noncanonical", true},
      {"[" ENTRY("\\u0036666666666666666666666666666666666666666666666666666666666666658") "]",
       "noncanonical", true},
      {"[" ENTRY(G66) "," ENTRY(G66) "", "credentials-parse", false},
      {"{}", "credentials-parse", false},
      {"null", "credentials-parse", false},
      {"", "credentials-parse", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect(nep_group_find("Ed25519", 7), nep_str_bytes(cases[i].text), cases[i].codes,
           cases[i].readable);
}
END_TEST

/* What is wrong with the element, by the plain path. */
static const char *code_of(const nep_group *g, const char *text)
{
  nep_element e;
  if (nep_element_parse(g, &e, text, strlen(text), NULL) != NEP_OK)
    return "credentials-parse";
  return nep_element_is_member_var(g, &e) ? "credentials-identity" : "credentials-membership";
}

START_TEST(a7_credential_outside_the_group_is_refused)
{
  static const char *const names[] = {"Ed25519-single", "BELENIOS-2048-single",
                                      "RFC-3526-2048-revote-two"};
  char path[128], *bad[BAD_ELEMENTS];
  snprintf(path, sizeof path, "positive/%s/election.bel", names[_i]);
  fixture *x = fixture_open(path);
  const nep_group *g = x->election->group;
  json_t *list = parsed(x->credentials_text);
  const char *good = json_string_value(json_object_get(json_array_get(list, 0), "credential"));
  bad_elements(g, good, bad);
  for (size_t i = 0; bad[i]; i++) {
    nep_buf text = {0}, out = {0};
    nep_credentials *c = NULL;
    nep_findings f = {0};
    nep_error err = {0};
    nep_buf_printf(&text, "[{\"credential\":\"%s\"}]", bad[i]);
    nep_credentials_verify(g, nep_buf_bytes(&text), 0, &c, &f);
    ck_assert_msg(f.n_faults == 1, "%s gave %zu faults", bad[i], f.n_faults);
    ck_assert_str_eq(f.faults[0].code, code_of(g, bad[i]));
    const char *texts[] = {good, bad[i]};
    ck_assert_int_ne(nep_credentials_make(g, texts, NULL, 2, &out, &err), NEP_OK);
    ck_assert_str_eq(err.where, "credentials[1]");
    ck_assert_uint_eq(out.len, 0);
    nep_findings_free(&f);
    nep_credentials_free(c);
    nep_buf_free(&text);
    free(bad[i]);
  }
  json_decref(list);
  fixture_close(x);
}
END_TEST

START_TEST(making_a_list_refuses_duplicates_and_weights_out_of_range)
{
  const char *twice[] = {G66, GG, G66};
  const char *two[] = {GG, G66};
  uint64_t weights[] = {5, 1000000001};
  const nep_group *g = nep_group_find("Ed25519", 7);
  nep_buf out = {0};
  nep_error err = {0};
  ck_assert_int_ne(nep_credentials_make(g, twice, NULL, 3, &out, &err), NEP_OK);
  ck_assert_str_eq(err.code, "credentials-duplicate");
  ck_assert_int_ne(nep_credentials_make(g, two, weights, 2, &out, &err), NEP_OK);
  ck_assert_str_eq(err.code, "credentials-weight");
  ck_assert_uint_eq(out.len, 0);
  weights[1] = 7;
  ck_assert_int_eq(nep_credentials_make(g, two, weights, 2, &out, &err), NEP_OK);
  ck_assert_ptr_nonnull(strstr(out.data, G66 "\",\"weight\":7"));
  nep_buf_free(&out);
}
END_TEST

typedef struct in_place_of {
  size_t place;
  const char *text;
} in_place_of;

/* A list of 150 in which n places have another text. */
static void list_with(nep_buf *text, const nep_group *g, const in_place_of *r, size_t n)
{
  nep_buf_str(text, "[");
  for (unsigned i = 0; i < 150; i++) {
    char own[NEP_ELEMENT_TEXT_MAX];
    nep_scalar k;
    nep_element e;
    nep_scalar_set(g, &k, i + 1);
    nep_element_exp_g(g, &e, &k);
    nep_element_text(g, &e, own);
    const char *shown = own;
    for (size_t j = 0; j < n; j++)
      shown = r[j].place == i ? r[j].text : shown;
    nep_buf_printf(text, "%s{\"credential\":\"%s\"}", i > 0 ? "," : "", shown);
  }
  nep_buf_str(text, "]");
}

#define HEX62 "00000000000000000000000000000000000000000000000000000000000000"
#define NO_TEXT HEX62 "02"
#define ORDER_2 "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"
#define ORDER_4 HEX62 "00"
#define IDENTITY HEX62 "01"

/* Elements are decoded and tested many at a time. */
START_TEST(the_bad_one_of_many_is_named)
{
  static const struct {
    const char *text, *code;
  } kinds[] = {{NO_TEXT, "credentials-parse"},
               {ORDER_2, "credentials-membership"},
               {IDENTITY, "credentials-identity"}};
  static const size_t places[] = {0, 7, 8, 63, 64, 128, 149};
  const nep_group *g = nep_group_find("Ed25519", 7);
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
      nep_buf text = {0};
      nep_credentials *c = NULL;
      nep_findings f = {0};
      char object[32];
      list_with(&text, g, &(in_place_of){places[i], kinds[k].text}, 1);
      nep_credentials_verify(g, nep_buf_bytes(&text), 0, &c, &f);
      ck_assert_uint_eq(f.n_faults, 1);
      ck_assert_str_eq(f.faults[0].code, kinds[k].code);
      snprintf(object, sizeof object, "credential %zu", places[i] + 1);
      ck_assert_str_eq(f.faults[0].object, object);
      nep_credentials_free(c);
      nep_findings_free(&f);
      nep_buf_free(&text);
    }
}
END_TEST

static uint64_t count_of(const nep_findings *f, const char *check)
{
  for (size_t i = 0; i < f->n_checks; i++)
    if (strcmp(f->checks[i].name, check) == 0)
      return f->checks[i].run;
  return 0;
}

/* Checks that did not run are not counted: what is no element is not tested for membership. */
START_TEST(faults_are_told_in_order_with_any_number_of_threads)
{
  static const in_place_of bad[] = {
      {130, HEX62 "0g"}, {2, IDENTITY}, {63, ORDER_2}, {64, NO_TEXT}, {149, ORDER_4}};
  static const char *const told[][2] = {{"credentials-identity", "credential 3"},
                                        {"credentials-membership", "credential 64"},
                                        {"credentials-parse", "credential 65"},
                                        {"credentials-parse", "credential 131"},
                                        {"credentials-membership", "credential 150"}};
  enum { BAD = sizeof bad / sizeof *bad };
  const nep_group *g = nep_group_find("Ed25519", 7);
  nep_buf text = {0};
  list_with(&text, g, bad, BAD);
  for (unsigned jobs = 0; jobs < 5; jobs++) {
    nep_credentials *c = NULL;
    nep_findings f = {0};
    nep_credentials_verify(g, nep_buf_bytes(&text), jobs, &c, &f);
    ck_assert_uint_eq(f.n_faults, BAD);
    for (size_t i = 0; i < BAD; i++) {
      ck_assert_str_eq(f.faults[i].code, told[i][0]);
      ck_assert_str_eq(f.faults[i].object, told[i][1]);
    }
    ck_assert_uint_eq(count_of(&f, "credential encodings"), 150);
    ck_assert_uint_eq(count_of(&f, "credential group memberships"), 148);
    ck_assert_uint_eq(count_of(&f, "credentials not the identity"), 146);
    nep_credentials_free(c);
    nep_findings_free(&f);
  }
  nep_buf_free(&text);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
  fixture *x = fixture_open("positive/Ed25519-revote-weights-two/election.bel");
  for (size_t len = 0; len < x->credentials_text.len; len++)
    expect(x->election->group, slice(x->credentials_text, 0, len), "credentials-parse", false);
  fixture_close(x);
}
END_TEST

/* A changed digit may by chance be another voter's key: then it is no longer the list whose hash
   the Setup has, and the ballot of the credential that was changed is refused. */
START_TEST(every_changed_byte_is_refused_or_loses_the_credential)
{
  static const char with[] = {'0', '"', '\xff'};
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  json_t *list = parsed(x->credentials_text);
  const char *first = json_string_value(json_object_get(json_array_get(list, 0), "credential"));
  nep_buf text = {0};
  nep_buf_printf(&text, "[{\"credential\":\"%s\"}]", first);
  for (size_t at = 0; at < text.len; at++) {
    char was = text.data[at];
    for (size_t k = 0; k < sizeof with; k++) {
      nep_credentials *c = NULL;
      nep_findings f = {0};
      size_t place;
      text.data[at] = with[k];
      nep_credentials_verify(x->election->group, nep_buf_bytes(&text), 0, &c, &f);
      if (with[k] != was && f.n_faults == 0)
        ck_assert(!nep_credentials_find(c, first, strlen(first), &place));
      ck_assert(with[k] != was || f.n_faults == 0);
      nep_credentials_free(c);
      nep_findings_free(&f);
    }
    text.data[at] = was;
  }
  nep_buf_free(&text);
  json_decref(list);
  fixture_close(x);
}
END_TEST

START_TEST(faulty_lists_of_the_manifest_give_their_codes)
{
  static const char *const files[][2] = {{"credential-twice", "credentials-duplicate"},
                                         {"credential-identity", "credentials-identity"}};
  char path[128], codes[256];
  snprintf(path, sizeof path, "negative/%s.bel", files[_i][0]);
  fixture *x = fixture_open(path);
  codes_of(&x->findings, codes);
  ck_assert_str_eq(codes, files[_i][1]);
  fixture_close(x);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/credentials");
  TCase *tc = tcase_create("credentials");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, lists_of_others_hold_and_are_found, 0, FIXTURES);
  tcase_add_loop_test(tc, our_list_is_byte_for_byte_the_tools_own, 0, FIXTURES);
  tcase_add_loop_test(tc, private_credentials_of_fixtures_derive_the_list, 0, FIXTURES);
  tcase_add_test(tc, what_breaks_a_rule_is_refused_by_name);
  tcase_add_loop_test(tc, a7_credential_outside_the_group_is_refused, 0, 3);
  tcase_add_test(tc, making_a_list_refuses_duplicates_and_weights_out_of_range);
  tcase_add_test(tc, the_bad_one_of_many_is_named);
  tcase_add_test(tc, faults_are_told_in_order_with_any_number_of_threads);
  tcase_add_test(tc, every_truncation_is_refused);
  tcase_add_test(tc, every_changed_byte_is_refused_or_loses_the_credential);
  tcase_add_loop_test(tc, faulty_lists_of_the_manifest_give_their_codes, 0, 2);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
