/* protocol.md §4: strict reading, one canonical way of writing. */
#include <stdlib.h>

#include "tests/unit/protocol/fixture.h"

static nep_status parse(const char *text, size_t len, nep_error *err)
{
  json_t *value = NULL;
  nep_status status = nep_json_parse((nep_bytes){text, len}, &value, err);
  ck_assert_int_eq(status == NEP_OK, value != NULL);
  json_decref(value);
  return status;
}

START_TEST(canonical_texts_are_read_and_written_unchanged)
{
  static const char *const texts[] = {"{}",
                                      "[]",
                                      "null",
                                      "true",
                                      "-12",
                                      "\"\"",
                                      "[{},[],\"a\"]",
                                      "{\"b\":1,\"a\":{\"z\":0,\"y\":[1,2]}}",
                                      "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\"",
                                      "\"Nguyễn Thị é \xf0\x9f\x97\xb3 <b> & '\"",
                                      "9223372036854775807",
                                      "-9223372036854775808"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    json_t *value = NULL;
    nep_error err = {0};
    ck_assert_msg(nep_json_parse_canonical(nep_str_bytes(texts[i]), &value, &err) == NEP_OK,
                  "%s: %s", texts[i], err.reason);
    nep_buf again = written(value);
    ck_assert_str_eq(again.data, texts[i]);
    nep_buf_free(&again);
    json_decref(value);
  }
}
END_TEST

START_TEST(other_texts_of_the_same_value_are_not_canonical)
{
  static const char *const texts[] = {" {}",         "{} ",
                                      "{}\n",        "[1, 2]",
                                      "{\"a\" :1}",  "\"\\/\"",
                                      "\"\\u0041\"", "\"\\u000a\"",
                                      "\"\\u001F\"", "\"\\u00e9\"",
                                      "\"\x7f\"",    "-0",
                                      "[\n]",        "\"\\ud83d\\uddf3\""};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    json_t *value = NULL;
    nep_error err = {0};
    ck_assert_int_eq(parse(texts[i], strlen(texts[i]), &err), NEP_OK);
    ck_assert_msg(nep_json_parse_canonical(nep_str_bytes(texts[i]), &value, &err) == NEP_E_CHECK,
                  "%s", texts[i]);
    ck_assert_str_eq(err.code, "noncanonical");
    ck_assert_ptr_null(value);
  }
}
END_TEST

START_TEST(what_is_not_strict_json_is_refused)
{
  static const struct {
    const char *text;
    size_t len;
  } bad[] = {{"", 0},
             {"{", 1},
             {"[1,]", 4},
             {"{\"a\":1,}", 8},
             {"{} {}", 5},
             {"{}x", 3},
             {"'a'", 3},
             {"// c\n1", 6},
             {"01", 2},
             {"+1", 2},
             {"1.", 2},
             {".5", 2},
             {"NaN", 3},
             {"tru", 3},
             {"99999999999999999999", 20},
             {"\"\t\"", 3},
             {"\"\\x\"", 4},
             {"\"\\u0000\"", 8},
             {"\"a\0b\"", 5},
             {"{}\0", 3},
             {"\"\xc0\xaf\"", 4},
             {"\"\xed\xa0\x80\"", 5},
             {"\"\\ud800\"", 8},
             {"\"\xff\"", 3},
             {"\xef\xbb\xbf{}", 5},
             {"{\"a\":1,\"a\":2}", 13},
             {"{\"a\":{\"b\":1,\"b\":1}}", 19},
             {"{\"\\u0061\":1,\"a\":2}", 18}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_error err = {0};
    ck_assert_msg(parse(bad[i].text, bad[i].len, &err) == NEP_E_INPUT, "%s", bad[i].text);
    ck_assert_str_eq(err.code, "json");
    ck_assert_uint_gt(strlen(err.reason), 0);
  }
}
END_TEST

START_TEST(nesting_is_bounded)
{
  char *deep = nep_alloc(200001, 1);
  memset(deep, '[', 32);
  memset(deep + 32, ']', 32);
  ck_assert_int_eq(parse(deep, 64, NULL), NEP_OK);
  memset(deep, '[', 33);
  memset(deep + 33, ']', 33);
  nep_error err = {0};
  ck_assert_int_eq(parse(deep, 66, &err), NEP_E_INPUT);
  ck_assert_ptr_nonnull(strstr(err.reason, "32"));
  memset(deep, '[', 200000);
  ck_assert_int_eq(parse(deep, 200000, NULL), NEP_E_INPUT);
  for (size_t i = 0; i < 200000; i += 5)
    memcpy(deep + i, "{\"a\":", 5);
  ck_assert_int_eq(parse(deep, 200000, NULL), NEP_E_INPUT);
  /* brackets inside a string, an escaped quote before them, are no nesting */
  nep_buf text = {0};
  nep_buf_str(&text, "\"\\\"");
  for (size_t i = 0; i < 100; i++)
    nep_buf_str(&text, "[{");
  nep_buf_str(&text, "\"");
  ck_assert_int_eq(parse(text.data, text.len, NULL), NEP_OK);
  nep_buf_free(&text);
  free(deep);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
  nep_buf text = read_vector("positive/Ed25519-revote-weights-two/setup/election.json");
  for (size_t len = 0; len < text.len; len++)
    ck_assert_int_eq(parse(text.data, len, NULL), NEP_E_INPUT);
  ck_assert_int_eq(parse(text.data, text.len, NULL), NEP_OK);
  nep_buf_free(&text);
}
END_TEST

static nep_status fields(const char *text, nep_error *err)
{
  json_t *value = parsed(nep_str_bytes(text));
  nep_status status = nep_json_fields(value, "thing", err, "a", "b?", "c", "d?", NULL);
  json_decref(value);
  return status;
}

START_TEST(fields_are_exactly_those_expected_in_their_order)
{
  static const char *const good[] = {"{\"a\":1,\"c\":2}", "{\"a\":1,\"b\":0,\"c\":2}",
                                     "{\"a\":1,\"c\":2,\"d\":0}",
                                     "{\"a\":1,\"b\":0,\"c\":2,\"d\":0}"};
  static const char *const bad[] = {"{}",
                                    "{\"a\":1}",
                                    "{\"c\":2,\"a\":1}",
                                    "{\"a\":1,\"c\":2,\"b\":0}",
                                    "{\"a\":1,\"c\":2,\"e\":0}",
                                    "{\"e\":1,\"a\":1,\"c\":2}",
                                    "{\"A\":1,\"c\":2}",
                                    "{\"a\":1,\"c\":2,\"d?\":0}",
                                    "{\"a\":1,\"d\":0,\"c\":2}",
                                    "[]",
                                    "null",
                                    "\"a\""};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    ck_assert_int_eq(fields(good[i], NULL), NEP_OK);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_error err = {0};
    ck_assert_msg(fields(bad[i], &err) == NEP_E_INPUT, "%s", bad[i]);
    ck_assert_str_eq(err.code, "shape");
    ck_assert_str_eq(err.where, "thing");
  }
}
END_TEST

START_TEST(values_of_another_type_are_refused_and_named)
{
  json_t *o = parsed(nep_str_bytes("{\"s\":\"x\",\"i\":5,\"r\":5.0,\"t\":true,\"n\":null,\"l\":[],"
                                   "\"h\":\"ABCD\"}"));
  const char *s;
  size_t len;
  int64_t i;
  bool b;
  const json_t *l;
  char hash[65];
  nep_error err = {0};
  ck_assert_int_eq(nep_json_string(o, "s", &s, &len, &err), NEP_OK);
  ck_assert_int_eq(nep_json_integer(o, "i", 0, 5, &i, &err), NEP_OK);
  ck_assert_int_eq(nep_json_bool(o, "t", &b, &err), NEP_OK);
  ck_assert_int_eq(nep_json_array(o, "l", &l, &err), NEP_OK);
  ck_assert_int_eq(nep_json_integer(o, "i", 6, 9, &i, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_json_integer(o, "i", 0, 4, &i, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.where, "i");
  static const char *const not_integers[] = {"s", "r", "t", "n", "l", "missing"};
  for (size_t k = 0; k < 6; k++)
    ck_assert_int_eq(nep_json_integer(o, not_integers[k], INT64_MIN, INT64_MAX, &i, &err),
                     NEP_E_INPUT);
  ck_assert_int_eq(nep_json_string(o, "i", &s, &len, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_json_string(o, "n", &s, NULL, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_json_bool(o, "i", &b, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_json_array(o, "s", &l, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_json_hash(o, "h", hash, &err), NEP_E_INPUT);
  ck_assert_str_eq(err.code, "shape");
  json_decref(o);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/json");
  TCase *tc = tcase_create("json");
  tcase_add_test(tc, canonical_texts_are_read_and_written_unchanged);
  tcase_add_test(tc, other_texts_of_the_same_value_are_not_canonical);
  tcase_add_test(tc, what_is_not_strict_json_is_refused);
  tcase_add_test(tc, nesting_is_bounded);
  tcase_add_test(tc, every_truncation_is_refused);
  tcase_add_test(tc, fields_are_exactly_those_expected_in_their_order);
  tcase_add_test(tc, values_of_another_type_are_refused_and_named);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
