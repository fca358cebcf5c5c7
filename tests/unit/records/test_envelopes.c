/* Lists of envelopes: bounded, and each canonical by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/json.h"
#include "records/envelopes.h"
#include "tests/support/run.h"

static nep_status add(nep_envelopes *list, const char *text, nep_error *err)
{
  *err = (nep_error){0};
  return nep_envelopes_add_text(list, nep_str_bytes(text), err);
}

START_TEST(one_envelope_or_an_array_of_them)
{
  nep_envelopes list = {0};
  nep_buf out = {0};
  nep_error err;
  ck_assert_int_eq(add(&list, "{\"a\":1}", &err), NEP_OK);
  ck_assert_int_eq(add(&list, "[{\"b\":\"é\"},{}]", &err), NEP_OK);
  ck_assert_int_eq(add(&list, "[]", &err), NEP_OK);
  ck_assert_uint_eq(list.n, 3);
  nep_envelopes_write(&list, &out);
  ck_assert_str_eq(out.data, "[{\"a\":1},{\"b\":\"é\"},{}]");
  nep_buf_free(&out);
  nep_envelopes_free(&list);
  ck_assert_uint_eq(list.n, 0);
  nep_envelopes_write(&list, &out);
  ck_assert_str_eq(out.data, "[]");
  nep_buf_free(&out);
  nep_envelopes_free(NULL);
}
END_TEST

START_TEST(what_is_no_object_is_refused_with_its_place)
{
  static const char *const bad[] = {"[{},1]", "[{},[{}]]", "[{},null]", "[{},\"{}\"]"};
  nep_error err;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_envelopes list = {0};
    ck_assert_int_eq(add(&list, bad[i], &err), NEP_E_INPUT);
    ck_assert_str_eq(err.code, "shape");
    ck_assert_str_eq(err.where, "[1]");
    nep_envelopes_free(&list);
  }
  nep_envelopes list = {0};
  ck_assert_int_eq(add(&list, "7", &err), NEP_E_INPUT);
  ck_assert_int_eq(add(&list, "{\"a\":1,\"a\":1}", &err), NEP_E_INPUT);
  ck_assert_int_eq(add(&list, "{} {}", &err), NEP_E_INPUT);
  ck_assert_int_eq(add(&list, "[{}, {}]", &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "noncanonical");
  ck_assert_int_eq(nep_envelopes_add_all(&list, NULL, &err), NEP_E_INPUT);
  ck_assert_uint_eq(list.n, 0);
}
END_TEST

START_TEST(a_list_and_its_members_are_bounded)
{
  nep_envelopes list = {0};
  nep_error err;
  for (size_t i = 0; i < NEP_ENVELOPES_MAX; i++)
    ck_assert_int_eq(add(&list, "{}", &err), NEP_OK);
  ck_assert_int_eq(add(&list, "{}", &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "too-many");
  nep_envelopes_free(&list);

  nep_buf text = {0};
  nep_buf_str(&text, "{\"a\":\"");
  while (text.len < NEP_ENVELOPE_TEXT_MAX - 2)
    nep_buf_char(&text, 'x');
  nep_buf_str(&text, "\"}");
  ck_assert_uint_eq(text.len, NEP_ENVELOPE_TEXT_MAX);
  ck_assert_int_eq(add(&list, text.data, &err), NEP_OK);
  text.len -= 2;
  nep_buf_str(&text, "x\"}");
  ck_assert_int_eq(add(&list, text.data, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "too-long");
  nep_buf_free(&text);
  nep_envelopes_free(&list);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/envelopes");
  TCase *tc = tcase_create("envelopes");
  tcase_add_test(tc, one_envelope_or_an_array_of_them);
  tcase_add_test(tc, what_is_no_object_is_refused_with_its_place);
  tcase_add_test(tc, a_list_and_its_members_are_bounded);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
