/* protocol.md §8: the election definition. */
#include <stdlib.h>

#include "crypto/hash.h"
#include "tests/unit/protocol/fixture.h"

static nep_buf definition(const char *name)
{
  return read_vector("positive/%s/setup/election.json", name);
}

START_TEST(definitions_of_others_are_read)
{
  const char *name = fixture_names[_i];
  nep_buf text = definition(name);
  nep_election *e = NULL;
  nep_error err = {0};
  char hash[65];
  ck_assert_msg(nep_election_parse(nep_buf_bytes(&text), &e, &err) == NEP_OK, "%s", err.reason);
  nep_sha256_hex(text.data, text.len, hash);
  ck_assert_str_eq(e->phi, hash);
  ck_assert_str_eq(e->text, text.data);
  ck_assert_str_eq(e->administrator, "Admin");
  ck_assert_ptr_eq(nep_key_group(e->key), e->group);
  ck_assert_uint_eq(nep_question_choices(&e->questions[0]),
                    e->questions[0].n_answers + e->questions[0].blank);
  nep_election_free(e);
  nep_buf_free(&text);
}
END_TEST

START_TEST(our_definition_from_a_template_is_the_tools_own)
{
  const char *name = fixture_names[_i];
  nep_buf text = definition(name), made = {0};
  nep_buf template = read_vector("positive/%s/setup/template.json", name);
  nep_election *e = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&text), &e, &err), NEP_OK);
  ck_assert_msg(nep_election_make(nep_buf_bytes(&template), e->group, nep_key_element(e->key),
                                  e->uuid, &made, &err) == NEP_OK,
                "%s: %s", err.where, err.reason);
  ck_assert_str_eq(made.data, text.data);
  nep_election_free(e);
  nep_buf_free(&template);
  nep_buf_free(&made);
  nep_buf_free(&text);
}
END_TEST

START_TEST(a_template_may_have_any_order_and_spacing)
{
  nep_buf text = definition("Ed25519-blank"), made = {0};
  nep_election *e = NULL;
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&text), &e, NULL), NEP_OK);
  static const char template[] = "{ \"credential_authority\" : [ \"Server\" ],\n \"questions\": [ "
                                 "{ \"extra\": {\"b\":1,\"a\":2},"
                                 "\"value\": {\"question\":\"Q\", \"max\":2, \"min\":1, "
                                 "\"blank\":true, \"answers\":[\"A\",\"B\"]},"
                                 "\"type\":\"Homomorphic\" } ], \"name\":\"N\", "
                                 "\"administrator\":\"M\", \"description\":\"D\" }";
  ck_assert_int_eq(nep_election_make(nep_str_bytes(template), e->group, nep_key_element(e->key),
                                     e->uuid, &made, NULL),
                   NEP_OK);
  ck_assert_ptr_nonnull(strstr(
      made.data, "\"questions\":[{\"type\":\"Homomorphic\",\"value\":{\"answers\":[\"A\",\"B\"],"
                 "\"blank\":true,\"min\":1,\"max\":2,\"question\":\"Q\"},\"extra\":{\"b\":1,"
                 "\"a\":2}}],\"uuid\":"));
  nep_buf_free(&made);
  nep_election_free(e);
  nep_buf_free(&text);
}
END_TEST

START_TEST(what_breaks_a_rule_is_refused_by_name)
{
  static const struct {
    const char *from, *to, *code, *where;
  } bad[] = {
      {"\"version\":2", "\"version\":1", "election", "version"},
      {"\"version\":2", "\"version\":2.0", "shape", "version"},
      {"\"version\":2", "\"version\":\"2\"", "shape", "version"},
      {"\"version\":2", "\"version\":true", "shape", "version"},
      {"\"Ed25519\"", "\"ed25519\"", "group", "group"},
      {"\"Ed25519\"", "\"RFC-3526-1024\"", "group", "group"},
      {"\"uuid\":\"", "\"uuid\":\"0", "election", "uuid"},
      {"A82bcMS9CYZsCG", "A82bcMS9CYZsC", "election", "uuid"},
      {"\"min\":1", "\"min\":4", "election", "questions[0].value.min"},
      {"\"min\":1", "\"min\":-1", "election", "questions[0].value.min"},
      {"\"min\":1", "\"min\":1.0", "shape", "questions[0].value.min"},
      {"\"max\":3", "\"max\":6", "election", "questions[0].value.max"},
      {"\"max\":3", "\"max\":true", "shape", "questions[0].value.max"},
      {"\"blank\":false", "\"blank\":0", "shape", "questions[0].value.blank"},
      {"\"blank\":false,", "", "shape", "questions[0].value"},
      {"[\"A\",\"B\",\"C\",\"D\",\"E\"]", "[\"A\",\"B\",\"C\",4]", "shape",
       "questions[0].value.answers[3]"},
      {"[\"A\",\"B\",\"C\",\"D\",\"E\"]", "[]", "election", "questions[0].value.answers"},
      {"\"Homomorphic\"", "\"Lists\"", "unsupported", "questions[0].type"},
      {"\"Homomorphic\"", "\"NonHomomorphic\"", "unsupported", "questions[0].type"},
      {"\"Homomorphic\"", "\"Other\"", "unsupported", "questions[0].type"},
      {"[\"External\",\"CA\"]", "[\"Server\",\"CA\"]", "shape", "credential_authority"},
      {"[\"External\",\"CA\"]", "[\"External\"]", "shape", "credential_authority"},
      {"[\"External\",\"CA\"]", "\"Server\"", "shape", "credential_authority"},
      {"[\"Ltr\"]", "[\"Up\"]", "shape", "language"},
      {"[\"en\",[\"Ltr\"]]", "[\"en\"]", "shape", "language"},
      {"[\"en\",[\"Ltr\"]]", "null", "shape", "language"},
      {"\"name\":\"Fixture election\"", "\"name\":7", "shape", "name"},
      {"\"administrator\":\"Admin\",", "", "shape", ""},
      {"\"administrator\":", "\"administrater\":", "shape", ""},
      {"{\"version\":2,", "{\"extra\":0,\"version\":2,", "shape", ""},
      {"\"version\":2,", "\"version\":2, ", "noncanonical", ""},
      {" / ", " \\/ ", "noncanonical", ""},
  };
  nep_buf good = definition("Ed25519-single");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf text = replaced(nep_buf_bytes(&good), bad[i].from, bad[i].to);
    nep_election *e = NULL;
    nep_error err = {0};
    ck_assert_msg(nep_election_parse(nep_buf_bytes(&text), &e, &err) != NEP_OK, "%s", bad[i].to);
    ck_assert_ptr_null(e);
    ck_assert_msg(strcmp(err.code, bad[i].code) == 0 && strcmp(err.where, bad[i].where) == 0,
                  "%s gave %s at %s", bad[i].to, err.code, err.where);
    nep_buf_free(&text);
  }
  nep_buf_free(&good);
}
END_TEST

START_TEST(question_types_without_support_say_so)
{
  static const char *const names[] = {"Ed25519-lists-nh", "RFC-3526-2048-lists-nh"};
  nep_buf text = definition(names[_i]);
  nep_election *e = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&text), &e, &err), NEP_E_UNSUPPORTED);
  ck_assert_str_eq(err.code, "unsupported");
  ck_assert_ptr_nonnull(strstr(err.reason, "not supported"));
  nep_buf_free(&text);
}
END_TEST

START_TEST(a7_election_key_outside_the_group_is_refused)
{
  static const char *const names[] = {"Ed25519-single", "BELENIOS-2048-single",
                                      "RFC-3526-2048-revote-two"};
  nep_buf good = definition(names[_i]);
  nep_election *e = NULL;
  char key[NEP_ELEMENT_TEXT_MAX], *bad[BAD_ELEMENTS];
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&good), &e, NULL), NEP_OK);
  nep_element_text(e->group, nep_key_element(e->key), key);
  bad_elements(e->group, key, bad);
  for (size_t i = 0; bad[i]; i++) {
    nep_buf text = replaced(nep_buf_bytes(&good), key, bad[i]);
    nep_election *other = NULL;
    nep_error err = {0};
    ck_assert_msg(nep_election_parse(nep_buf_bytes(&text), &other, &err) == NEP_E_CHECK, "%s",
                  bad[i]);
    ck_assert_str_eq(err.code, "election-key");
    nep_buf_free(&text);
    free(bad[i]);
  }
  nep_election_free(e);
  nep_buf_free(&good);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
  nep_buf text = definition(fixture_names[_i]);
  for (size_t len = 0; len < text.len; len++) {
    nep_election *e = NULL;
    ck_assert_int_ne(nep_election_parse(slice(nep_buf_bytes(&text), 0, len), &e, NULL), NEP_OK);
  }
  nep_buf_free(&text);
}
END_TEST

/* A changed definition that can still be read is another election: its hash differs, and ballots
   of the old one are refused. */
START_TEST(every_changed_byte_is_refused_or_changes_the_hash)
{
  static const char with[] = {'0', '"', 'A', ' ', '\x7f', '\xff'};
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  nep_buf text = copied(x->election_text);
  size_t readable = 0;
  for (size_t at = 0; at < text.len; at++) {
    char was = text.data[at];
    for (size_t k = 0; k < sizeof with; k++) {
      nep_election *e = NULL;
      char codes[256];
      text.data[at] = with[k];
      if (with[k] == was || nep_election_parse(nep_buf_bytes(&text), &e, NULL) != NEP_OK)
        continue;
      readable++;
      ck_assert_str_ne(e->phi, x->election->phi);
      ck_assert(!verify_ballot(e, x->credentials, x->ballots[0], codes));
      ck_assert_str_eq(codes, "ballot-election");
      nep_election_free(e);
    }
    text.data[at] = was;
  }
  ck_assert_uint_gt(readable, 0);
  nep_buf_free(&text);
  fixture_close(x);
}
END_TEST

START_TEST(templates_are_held_to_the_same_rules)
{
  static const struct {
    const char *from, *to, *code;
  } bad[] = {{"\"max\":3", "\"max\":0,\"x\":0", "shape"},
             {"\"min\":1,\"max\":3", "\"min\":0,\"max\":0", "election"},
             {"\"max\":3", "\"max\":9", "election"},
             {"\"max\":3,", "", "shape"},
             {"\"Homomorphic\"", "\"Lists\"", "unsupported"},
             {"\"name\"", "\"uuid\":\"x\",\"name\"", "shape"},
             {"\"name\"", "\"version\":2,\"name\"", "shape"},
             {"\"name\":\"Fixture election\",", "", "shape"},
             {"{\"description\"", "{\"name\":\"x\",\"description\"", "json"},
             {"\"type\":", "\"kind\":", "shape"},
             {"[\"Ltr\"]", "[]", "shape"}};
  nep_buf good = read_vector("positive/Ed25519-single/setup/template.json"), out = {0};
  nep_element y;
  const nep_group *g = nep_group_find("Ed25519", 7);
  nep_element_generator(g, &y);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf text = replaced(nep_buf_bytes(&good), bad[i].from, bad[i].to);
    nep_error err = {0};
    ck_assert_msg(nep_election_make(nep_buf_bytes(&text), g, &y, "11111111111111", &out, &err) !=
                      NEP_OK,
                  "%s", bad[i].to);
    ck_assert_msg(strcmp(err.code, bad[i].code) == 0, "%s gave %s", bad[i].to, err.code);
    ck_assert_uint_eq(out.len, 0);
    nep_buf_free(&text);
  }
  nep_error err = {0};
  ck_assert_int_ne(nep_election_make(nep_buf_bytes(&good), g, &y, "short", &out, &err), NEP_OK);
  ck_assert_str_eq(err.where, "uuid");
  nep_element_one(g, &y);
  ck_assert_int_ne(nep_election_make(nep_buf_bytes(&good), g, &y, "11111111111111", &out, &err),
                   NEP_OK);
  ck_assert_str_eq(err.code, "election-key");
  nep_buf_free(&good);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/election");
  TCase *tc = tcase_create("election");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, definitions_of_others_are_read, 0, FIXTURES);
  tcase_add_loop_test(tc, our_definition_from_a_template_is_the_tools_own, 0, FIXTURES);
  tcase_add_test(tc, a_template_may_have_any_order_and_spacing);
  tcase_add_test(tc, what_breaks_a_rule_is_refused_by_name);
  tcase_add_loop_test(tc, question_types_without_support_say_so, 0, 2);
  tcase_add_loop_test(tc, a7_election_key_outside_the_group_is_refused, 0, 3);
  tcase_add_loop_test(tc, every_truncation_is_refused, 0, FIXTURES);
  tcase_add_test(tc, every_changed_byte_is_refused_or_changes_the_hash);
  tcase_add_test(tc, templates_are_held_to_the_same_rules);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
