#include "client-cli/admin.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/election.h"
#include "tests/support/run.h"

#define REST                                                                                       \
  "\"event\":\"E\",\"identifier\":\"vn-12\",\"group\":\"Ed25519\",\"template\":{\"a\":1},"         \
  "\"trustees\":[],\"trust\":{}"

START_TEST(a_definition_without_uuid_gets_a_new_one)
{
  nep_buf a = {0}, b = {0};
  char first[65], second[65];
  nep_error err = {0};
  ck_assert_int_eq(nep_admin_definition(nep_str_bytes("{" REST "}"), &a, first, &err), NEP_OK);
  ck_assert_int_eq(nep_admin_definition(nep_str_bytes("{" REST "}"), &b, second, &err), NEP_OK);
  ck_assert(nep_uuid_is_valid(first, strlen(first)));
  ck_assert_str_ne(first, second);
  ck_assert_ptr_nonnull(strstr(a.data, first));
  nep_buf_free(&a);
  nep_buf_free(&b);
}
END_TEST

START_TEST(a_definition_keeps_its_uuid_and_gets_the_order_of_the_protocol)
{
  nep_buf body = {0};
  char uuid[65];
  nep_error err = {0};
  ck_assert_int_eq(
      nep_admin_definition(nep_str_bytes(" {\"trust\":{}, \"trustees\": [], \"template\":{\"a\":1},"
                                         "\"group\":\"Ed25519\",\"identifier\":"
                                         "\"vn-12\", \"event\":\"E\","
                                         "\"uuid\":\"11111111111111\"}"),
                           &body, uuid, &err),
      NEP_OK);
  ck_assert_str_eq(uuid, "11111111111111");
  ck_assert_str_eq(body.data, "{\"uuid\":\"11111111111111\"," REST "}");
  nep_buf_free(&body);
}
END_TEST

START_TEST(incomplete_definitions_are_refused_with_the_member_named)
{
  static const struct {
    const char *text, *where;
  } bad[] = {{"{\"uuid\":\"1\"," REST "}", "uuid"},
             {"{\"uuid\":7," REST "}", "uuid"},
             {"{\"event\":\"E\",\"identifier\":\"text\",\"group\":\"Ed25519\",\"trustees\":[]}",
              "template"},
             {"{\"event\":\"E\",\"identifier\":\"text\",\"group\":\"Ed25519\",\"template\":{}}",
              "trustees"},
             {"{\"event\":\"E\",\"identifier\":\"text\",\"group\":\"Ed25519\",\"template\":{},"
              "\"trustees\":[]}",
              "trust"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf body = {0};
    char uuid[65];
    nep_error err = {0};
    ck_assert_int_eq(nep_admin_definition(nep_str_bytes(bad[i].text), &body, uuid, &err),
                     NEP_E_INPUT);
    ck_assert_str_eq(err.where, bad[i].where);
    ck_assert_uint_eq(body.len, 0);
    nep_buf_free(&body);
  }
}
END_TEST

/* What the server says of the others is not signed. */
START_TEST(an_official_signs_three_times_of_the_calendar_or_none)
{
  nep_admin a = {.registration_closes = "2026-11-20T00:00:00Z",
                 .opens = "2026-11-23T00:00:00Z",
                 .closes = "2026-11-24T12:00:00Z"};
  const char **const times[] = {&a.registration_closes, &a.opens, &a.closes};
  static const char *const options[] = {"--registration-closes", "--opens", "--closes"};
  nep_buf body = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_admin_calendar_body(&a, &body, &err), NEP_OK);
  ck_assert_str_eq(body.data, "{\"registration_closes\":\"2026-11-20T00:00:00Z\",\"opens\":"
                              "\"2026-11-23T00:00:00Z\",\"closes\":\"2026-11-24T12:00:00Z\"}");
  nep_buf_clear(&body);
  for (size_t i = 0; i < 3; i++) {
    const char *given = *times[i];
    *times[i] = NULL;
    ck_assert_int_eq(nep_admin_calendar_body(&a, &body, &err), NEP_E_INPUT);
    ck_assert_str_eq(err.where, options[i]);
    *times[i] = "tomorrow";
    ck_assert_int_eq(nep_admin_calendar_body(&a, &body, &err), NEP_E_INPUT);
    ck_assert_str_eq(err.where, options[i]);
    *times[i] = given;
  }
  ck_assert_uint_eq(body.len, 0);
  nep_buf_free(&body);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/admin");
  TCase *tc = tcase_create("bodies of acts");
  tcase_add_test(tc, a_definition_without_uuid_gets_a_new_one);
  tcase_add_test(tc, a_definition_keeps_its_uuid_and_gets_the_order_of_the_protocol);
  tcase_add_test(tc, incomplete_definitions_are_refused_with_the_member_named);
  tcase_add_test(tc, an_official_signs_three_times_of_the_calendar_or_none);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
