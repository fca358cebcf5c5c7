/* protocol.md §7: what makes a list of trustees valid. */
#include <stdlib.h>

#include "tests/unit/protocol/fixture.h"

static fixture *open_fixture(const char *name)
{
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", name);
  return fixture_open(path);
}

/* Fault codes of a trustees text; NULL-terminated list or not at all is told by *readable. */
static void codes_for(const nep_group *g, nep_bytes text, char codes[256], bool *readable)
{
  nep_trustees *t = NULL;
  nep_findings f = {0};
  nep_trustees_verify(g, text, &t, &f);
  codes_of(&f, codes);
  *readable = t != NULL;
  nep_trustees_free(t);
  nep_findings_free(&f);
}

START_TEST(trustees_of_others_hold_and_give_the_election_key)
{
  fixture *x = open_fixture(fixture_names[_i]);
  nep_trustees *t = NULL;
  nep_findings f = {0};
  nep_trustees_verify(x->election->group, x->trustees_text, &t, &f);
  ck_assert_uint_eq(f.n_faults, 0);
  ck_assert_uint_gt(f.n_checks, 0);
  ck_assert(
      nep_element_equal(x->election->group, &t->election_key, nep_key_element(x->election->key)));
  size_t owners = 0;
  for (size_t i = 0; i < t->n_items; i++) {
    ck_assert_uint_eq(t->items[i].first, owners);
    ck_assert_uint_eq(t->items[i].pedersen ? 3 : 1, t->items[i].n);
    ck_assert_uint_eq(t->items[i].pedersen ? 2 : 1, t->items[i].threshold);
    for (size_t k = 0; k < t->items[i].n; k++) {
      ck_assert_uint_eq(t->owners[owners + k].item, i);
      ck_assert_uint_eq(t->owners[owners + k].index, t->items[i].pedersen ? k + 1 : 0);
    }
    owners += t->items[i].n;
  }
  ck_assert_uint_eq(owners, t->n_owners);
  nep_trustees_free(t);
  nep_findings_free(&f);
  fixture_close(x);
}
END_TEST

static const char *const faulty[][2] = {{"trustee-pok-wrong", "trustee-pok"},
                                        {"trustee-cert-wrong", "trustee-cert"},
                                        {"threshold-certs-swapped", "threshold-cert"},
                                        {"threshold-signature-wrong", "threshold-signature"},
                                        {"threshold-outer-signature", "trustee-outer-signature"}};

START_TEST(faulty_trustees_of_the_manifest_give_their_codes)
{
  char path[128], codes[256];
  bool readable;
  snprintf(path, sizeof path, "negative/%s.bel", faulty[_i][0]);
  fixture *x = fixture_open(path);
  codes_for(x->election->group, x->trustees_text, codes, &readable);
  ck_assert_str_eq(codes, faulty[_i][1]);
  ck_assert(readable); /* a verifier goes on with the keys as written */
  fixture_close(x);
}
END_TEST

static void refuses_first(const fixture *x, size_t len)
{
  char codes[256];
  bool readable;
  codes_for(x->election->group, slice(x->trustees_text, 0, len), codes, &readable);
  ck_assert_str_eq(codes, "trustees-parse");
  ck_assert(!readable);
}

START_TEST(every_truncation_is_refused)
{
  fixture *x = open_fixture(fixture_names[_i]);
  size_t step = nep_test_step(x->trustees_text.len);
  for (size_t len = 0; len < x->trustees_text.len; len += step)
    refuses_first(x, len);
  refuses_first(x, x->trustees_text.len - 1);
  fixture_close(x);
}
END_TEST

static char other_of_its_kind(char was)
{
  if (was >= '0' && was <= '9')
    return (char)('0' + (was - '0' + 1) % 10);
  if (was >= 'a' && was <= 'f')
    return (char)('a' + (was - 'a' + 1) % 6);
  return (char)(was ^ 1);
}

static const struct {
  const char *name;
  size_t step;
} changes[] = {{"Ed25519-single", 1},
               {"Ed25519-threshold", 9},
               {"Ed25519-revote-weights-two", 23},
               {"BELENIOS-2048-single", 31},
               {"BELENIOS-2048-threshold", 509},
               {"RFC-3526-2048-revote-two", 499}};

START_TEST(every_changed_byte_is_refused)
{
  fixture *x = open_fixture(changes[_i].name);
  nep_buf text = copied(x->trustees_text);
  char codes[256];
  bool readable;
  for (size_t at = (size_t)_i; at < text.len; at += changes[_i].step) {
    char was = text.data[at];
    const char with[] = {other_of_its_kind(was), was == '"' ? ',' : '"'};
    for (size_t k = 0; k < 2; k++) {
      text.data[at] = with[k];
      codes_for(x->election->group, nep_buf_bytes(&text), codes, &readable);
      ck_assert_msg(codes[0] != '\0', "byte %zu", at);
    }
    text.data[at] = was;
  }
  codes_for(x->election->group, nep_buf_bytes(&text), codes, &readable);
  ck_assert_str_eq(codes, "");
  nep_buf_free(&text);
  fixture_close(x);
}
END_TEST

/* Puts `bad` where `path` leads (names, and numbers for places of lists), verifies, puts it back.
 */
static void bad_refused(const nep_group *g, json_t *list, json_t *holder, const char *key,
                        const char *bad)
{
  char codes[256];
  bool readable;
  json_t *was = json_incref(json_object_get(holder, key));
  ck_assert_ptr_nonnull(was);
  json_object_set_new(holder, key, json_string(bad));
  nep_buf text = written(list);
  codes_for(g, nep_buf_bytes(&text), codes, &readable);
  ck_assert_msg(strstr(codes, "trustee") || strstr(codes, "threshold"), "%s = %s gave \"%s\"", key,
                bad, codes);
  nep_buf_free(&text);
  json_object_set_new(holder, key, was);
}

static json_t *descend(json_t *value, const char *a, const char *b, const char *c)
{
  value = json_object_get(value, a);
  value = b ? json_object_get(value, b) : value;
  return c ? json_object_get(value, c) : value;
}

START_TEST(a7_bad_elements_are_refused_in_every_field_of_a_single_key)
{
  static const char *const names[] = {"Ed25519-single", "BELENIOS-2048-single",
                                      "RFC-3526-2048-revote-two"};
  fixture *x = open_fixture(names[_i]);
  const nep_group *g = x->election->group;
  json_t *list = parsed(x->trustees_text), *p = json_array_get(json_array_get(list, 0), 1);
  json_t *cert = descend(p, "cert", "message", NULL);
  json_t *key = descend(p, "verification_key", "message", "message");
  char *bad[BAD_ELEMENTS];
  bad_elements(g, json_string_value(json_object_get(key, "public_key")), bad);
  for (size_t i = 0; bad[i]; i++) {
    bad_refused(g, list, cert, "verification", bad[i]);
    bad_refused(g, list, cert, "encryption", bad[i]);
    bad_refused(g, list, key, "public_key", bad[i]);
    free(bad[i]);
  }
  json_decref(list);
  fixture_close(x);
}
END_TEST

START_TEST(a7_bad_elements_are_refused_in_every_field_of_a_threshold)
{
  fixture *x = open_fixture("Ed25519-threshold");
  const nep_group *g = x->election->group;
  json_t *list = parsed(x->trustees_text), *p = json_array_get(json_array_get(list, 0), 1);
  json_t *cert = descend(json_array_get(json_object_get(p, "certs"), 1), "message", NULL, NULL);
  json_t *key = descend(json_array_get(json_object_get(p, "verification_keys"), 1), "message",
                        "message", NULL);
  json_t *coefexps = json_object_get(json_array_get(json_object_get(p, "coefexps"), 1), "coefexps");
  char *bad[BAD_ELEMENTS], codes[256];
  bool readable;
  bad_elements(g, json_string_value(json_object_get(key, "public_key")), bad);
  for (size_t i = 0; bad[i]; i++) {
    bad_refused(g, list, cert, "verification", bad[i]);
    bad_refused(g, list, cert, "encryption", bad[i]);
    bad_refused(g, list, key, "public_key", bad[i]);
    for (size_t k = 0; k < 2; k++) {
      json_t *was = json_incref(json_array_get(coefexps, k));
      json_array_set_new(coefexps, k, json_string(bad[i]));
      nep_buf text = written(list);
      codes_for(g, nep_buf_bytes(&text), codes, &readable);
      ck_assert_str_ne(codes, "");
      nep_buf_free(&text);
      json_array_set_new(coefexps, k, was);
    }
    free(bad[i]);
  }
  json_decref(list);
  fixture_close(x);
}
END_TEST

START_TEST(what_breaks_a_rule_of_the_threshold_is_refused_by_name)
{
  static const struct {
    const char *from, *to, *code;
  } bad[] = {{"\"AES-GCM\"", "\"AES-CCM\"", "threshold-context"},
             {"\"group\":\"Ed25519\"", "\"group\":\"BELENIOS-2048\"", "threshold-context"},
             {"\"threshold\":2", "\"threshold\":3", "threshold-context"},
             {"\"threshold\":2", "\"threshold\":0", "threshold-context"},
             {"\"threshold\":2", "\"threshold\":-1", "threshold-context"},
             {"\"threshold\":2", "\"threshold\":1", "threshold-cert"},
             {"\"threshold\":2", "\"threshold\":\"2\"", "trustees-parse"},
             {"\"Alice\"", "\"Mallory\"", "threshold-cert"},
             {"\"Alice\"", "1", "threshold-context"},
             {"\"Alice\",", "", "threshold-context"},
             {"\"Pedersen\"", "\"pedersen\"", "trustees-parse"},
             {"\"certs\":[", "\"certs\":[ ", "noncanonical"}};
  fixture *x = open_fixture("Ed25519-threshold");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char codes[256];
    bool readable;
    nep_buf text = replaced(x->trustees_text, bad[i].from, bad[i].to);
    codes_for(x->election->group, nep_buf_bytes(&text), codes, &readable);
    ck_assert_msg(strcmp(codes, bad[i].code) == 0, "%s gave %s", bad[i].to, codes);
    nep_buf_free(&text);
  }
  fixture_close(x);
}
END_TEST

/* A9: parts that are valid at their own place. */
START_TEST(a9_swapped_parts_are_refused)
{
  static const char *const lists[][2] = {{"certs", "threshold-cert"},
                                         {"coefexps", "threshold-coefexps"},
                                         {"signatures", "threshold-signature"},
                                         {"verification_keys", "threshold-context"}};
  fixture *x = open_fixture("Ed25519-threshold");
  for (size_t i = 0; i < 4; i++) {
    json_t *list = parsed(x->trustees_text), *p = json_array_get(json_array_get(list, 0), 1);
    json_t *parts = json_object_get(p, lists[i][0]), *first = json_incref(json_array_get(parts, 0));
    char codes[256];
    bool readable;
    json_array_set(parts, 0, json_array_get(parts, 1));
    json_array_set_new(parts, 1, first);
    nep_buf text = written(list);
    codes_for(x->election->group, nep_buf_bytes(&text), codes, &readable);
    ck_assert_str_eq(codes, lists[i][1]);
    /* and a list that is too short */
    json_array_remove(parts, 2);
    nep_buf cut = written(list);
    codes_for(x->election->group, nep_buf_bytes(&cut), codes, &readable);
    ck_assert_str_eq(codes, "threshold-context");
    nep_buf_free(&cut);
    nep_buf_free(&text);
    json_decref(list);
  }
  fixture_close(x);
}
END_TEST

START_TEST(a9_parts_of_another_trustee_are_refused)
{
  fixture *x = open_fixture("Ed25519-revote-weights-two");
  json_t *list = parsed(x->trustees_text);
  char codes[256];
  bool readable;
  json_t *a = json_array_get(json_array_get(list, 0), 1);
  json_t *b = json_array_get(json_array_get(list, 1), 1);
  json_object_set(a, "verification_key", json_object_get(b, "verification_key"));
  nep_buf text = written(list);
  codes_for(x->election->group, nep_buf_bytes(&text), codes, &readable);
  ck_assert_str_eq(codes, "trustee-outer-signature");
  nep_buf_free(&text);
  json_decref(list);
  fixture_close(x);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/trustees");
  TCase *tc = tcase_create("trustees");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, trustees_of_others_hold_and_give_the_election_key, 0, FIXTURES);
  tcase_add_loop_test(tc, faulty_trustees_of_the_manifest_give_their_codes, 0, 5);
  tcase_add_loop_test(tc, every_truncation_is_refused, 0, FIXTURES);
  tcase_add_loop_test(tc, every_changed_byte_is_refused, 0, 6);
  tcase_add_loop_test(tc, a7_bad_elements_are_refused_in_every_field_of_a_single_key, 0, 3);
  tcase_add_test(tc, a7_bad_elements_are_refused_in_every_field_of_a_threshold);
  tcase_add_test(tc, what_breaks_a_rule_of_the_threshold_is_refused_by_name);
  tcase_add_test(tc, a9_swapped_parts_are_refused);
  tcase_add_test(tc, a9_parts_of_another_trustee_are_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
