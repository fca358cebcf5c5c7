/* Linked with --wrap=nep_wipe: what is wiped is seen before it is gone. */
#include "protocol/json_memory.h"

#include <check.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/json.h"
#include "tests/support/run.h"

/* The parser writes over the beginning of its copy. */
#define TAIL "that-nobody-else-may-have"
#define SECRET "a-session-" TAIL

static unsigned wiped; /* blocks that held the secret */

void __real_nep_wipe(void *data, size_t size);
void __wrap_nep_wipe(void *data, size_t size);
void __wrap_nep_wipe(void *data, size_t size)
{
  wiped += memmem(data, size, TAIL, strlen(TAIL)) != NULL;
  __real_nep_wipe(data, size);
}

START_TEST(a_value_and_what_the_parser_kept_of_it_are_wiped)
{
  static const char text[] = "{\"session\":\"" SECRET "\",\"expires\":\"later\"}";
  json_t *document = NULL;
  nep_json_wipes();
  wiped = 0;
  ck_assert_int_eq(nep_json_parse(nep_str_bytes(text), &document, NULL), NEP_OK);
  unsigned parser = wiped;
  ck_assert_uint_gt(parser, 0);
  ck_assert_str_eq(json_string_value(json_object_get(document, "session")), SECRET);
  json_decref(document);
  ck_assert_uint_gt(wiped, parser);
}
END_TEST

START_TEST(values_are_made_and_freed_as_before)
{
  nep_buf out = {0};
  nep_json_wipes();
  json_t *list = json_array();
  for (int i = 0; i < 1000; i++)
    json_array_append_new(list, json_pack("{s:i,s:[s,n]}", "n", i, "texts", "x"));
  nep_json_write(&out, json_array_get(list, 999));
  ck_assert_str_eq(out.data, "{\"n\":999,\"texts\":[\"x\",null]}");
  nep_buf_free(&out);
  json_decref(list);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/json_memory");
  TCase *tc = tcase_create("secrets in JSON");
  tcase_add_test(tc, a_value_and_what_the_parser_kept_of_it_are_wiped);
  tcase_add_test(tc, values_are_made_and_freed_as_before);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
