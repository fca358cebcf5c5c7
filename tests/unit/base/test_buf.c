#include <string.h>

#include "base/buf.h"
#include "tests/support/run.h"

START_TEST(appended_pieces_stand_in_order_and_end_with_nul)
{
  nep_buf b = {0};
  nep_buf_str(&b, "a");
  nep_buf_char(&b, 'b');
  nep_buf_add(&b, "c\0d", 3);
  nep_buf_printf(&b, "%05d", 42);
  ck_assert_uint_eq(b.len, 10);
  ck_assert_int_eq(memcmp(b.data, "abc\0d00042", 11), 0);
  nep_buf_free(&b);
  ck_assert_ptr_null(b.data);
}
END_TEST

START_TEST(growth_keeps_every_byte)
{
  nep_buf plain = {0}, secret = {0};
  for (int i = 0; i < 100000; i++) {
    char c = (char)i;
    nep_buf_add(&plain, &c, 1);
    nep_buf_secret_add(&secret, &c, 1);
  }
  ck_assert_uint_eq(plain.len, 100000);
  ck_assert_uint_eq(secret.len, 100000);
  for (int i = 0; i < 100000; i++)
    ck_assert(plain.data[i] == (char)i && secret.data[i] == (char)i);
  nep_buf_free(&plain);
  nep_buf_wipe(&secret);
}
END_TEST

START_TEST(an_empty_buffer_is_taken_as_an_empty_string)
{
  nep_buf b = {0};
  size_t len = 1;
  char *text = nep_buf_take(&b, &len);
  ck_assert_str_eq(text, "");
  ck_assert_uint_eq(len, 0);
  free(text);
  nep_bytes bytes = nep_buf_bytes(&b);
  ck_assert_ptr_nonnull(bytes.data);
  ck_assert_uint_eq(bytes.len, 0);
  nep_buf_free(NULL);
  nep_buf_wipe(NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base/buf");
  TCase *tc = tcase_create("buf");
  tcase_add_test(tc, appended_pieces_stand_in_order_and_end_with_nul);
  tcase_add_test(tc, growth_keeps_every_byte);
  tcase_add_test(tc, an_empty_buffer_is_taken_as_an_empty_string);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
