#include <string.h>

#include "base/encode.h"
#include "tests/support/run.h"

START_TEST(hex_and_base64_read_back_what_they_wrote)
{
  uint8_t data[64], again[64];
  nep_random_bytes(data, sizeof data);
  for (size_t n = 0; n <= sizeof data; n++) {
    char text[130];
    size_t len = 0;
    nep_hex(data, n, text);
    ck_assert(nep_unhex(text, strlen(text), again, n));
    ck_assert_int_eq(memcmp(data, again, n), 0);
    nep_base64(data, n, text);
    ck_assert(nep_unbase64(text, strlen(text), again, sizeof again, &len));
    ck_assert(len == n && memcmp(data, again, n) == 0);
    nep_base64url(data, n, text);
    ck_assert(nep_unbase64url(text, strlen(text), again, sizeof again, &len));
    ck_assert(len == n && memcmp(data, again, n) == 0);
  }
}
END_TEST

START_TEST(hex_in_any_other_form_is_refused)
{
  uint8_t out[2];
  ck_assert(!nep_unhex("00FF", 4, out, 2));
  ck_assert(!nep_unhex("00f", 3, out, 2));
  ck_assert(!nep_unhex("00ff0", 5, out, 2));
  ck_assert(!nep_unhex("0x00", 4, out, 2));
  ck_assert(!nep_unhex("00 f", 4, out, 2));
}
END_TEST

START_TEST(a_character_that_is_no_hex_digit_is_refused_in_every_place)
{
  for (unsigned c = 0; c < 256; c++)
    for (size_t at = 0; at < 8; at++) {
      char text[] = "01234567";
      uint8_t out[4];
      text[at] = (char)c;
      bool is_digit = c != 0 && strchr("0123456789abcdef", (int)c) != NULL;
      ck_assert_int_eq(nep_unhex(text, 8, out, sizeof out), is_digit);
      if (!is_digit)
        continue;
      char again[9];
      nep_hex(out, sizeof out, again);
      ck_assert_mem_eq(again, text, 8);
    }
}
END_TEST

START_TEST(base64_in_any_other_form_is_refused)
{
  uint8_t out[8];
  size_t len;
  ck_assert(nep_unbase64("AAA", 3, out, sizeof out, &len));
  ck_assert(!nep_unbase64("AAA=", 4, out, sizeof out, &len));
  ck_assert(!nep_unbase64("AAB", 3, out, sizeof out, &len)); /* unused bits set */
  ck_assert(!nep_unbase64("A-A", 3, out, sizeof out, &len));
  ck_assert(!nep_unbase64("A A", 3, out, sizeof out, &len));
  ck_assert(!nep_unbase64("A", 1, out, sizeof out, &len));
  ck_assert(!nep_unbase64("AAAAAAAAAAAAAAAA", 16, out, sizeof out, &len)); /* 12 bytes > 8 */
  ck_assert(!nep_unbase64url("A+A", 3, out, sizeof out, &len));
}
END_TEST

START_TEST(a_tracker_is_the_base64_of_its_hash)
{
  char tracker[44];
  /* the fingerprint that the other implementation printed for
   * tests/vectors/positive/Ed25519-threshold */
  ck_assert(
      nep_tracker("5586e15c2d8688bb2ebeb3e8bf9ff0c81c26946508d949b7e4e9682ec1c48c6b", tracker));
  ck_assert_str_eq(tracker, "VYbhXC2GiLsuvrPov5/wyBwmlGUI2Um35OloLsHEjGs");
  ck_assert(!nep_tracker("5586", tracker));
}
END_TEST

START_TEST(only_well_formed_utf8_passes)
{
  const char *const good[] = {"", "Nguyễn Thị Ánh", "\xF0\x9F\x97\xB3", "\xED\x9F\xBF",
                              "\xEE\x80\x80"};
  const char *const bad[] = {"\x80",
                             "\xC0\xAF",
                             "\xC1\xBF",
                             "\xE0\x80\x80",
                             "\xED\xA0\x80",
                             "\xF0\x80\x80\x80",
                             "\xF4\x90\x80\x80",
                             "\xF5\x80\x80\x80",
                             "\xE1\xBB",
                             "a\xFF",
                             "\xC3(",
                             "\xE1\xBB("};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    ck_assert(nep_is_utf8(good[i], strlen(good[i])));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ck_assert_msg(!nep_is_utf8(bad[i], strlen(bad[i])), "case %zu was accepted", i);
}
END_TEST

START_TEST(base58_leaves_out_the_look_alikes)
{
  ck_assert(nep_is_base58(NEP_BASE58, 58));
  ck_assert(!nep_is_base58("0", 1));
  ck_assert(!nep_is_base58("O", 1));
  ck_assert(!nep_is_base58("I", 1));
  ck_assert(!nep_is_base58("l", 1));
  ck_assert(!nep_is_base58("", 1));
  char random[45];
  nep_random_base58(random, 44);
  ck_assert(strlen(random) == 44 && nep_is_base58(random, 44));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("base/encode");
  TCase *tc = tcase_create("encode");
  tcase_add_test(tc, hex_and_base64_read_back_what_they_wrote);
  tcase_add_test(tc, hex_in_any_other_form_is_refused);
  tcase_add_test(tc, a_character_that_is_no_hex_digit_is_refused_in_every_place);
  tcase_add_test(tc, base64_in_any_other_form_is_refused);
  tcase_add_test(tc, a_tracker_is_the_base64_of_its_hash);
  tcase_add_test(tc, only_well_formed_utf8_passes);
  tcase_add_test(tc, base58_leaves_out_the_look_alikes);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
