/* What is read from the request line and from header lines. */
#include <stdio.h>
#include <string.h>

#include "server/http/address.h"
#include "server/http/conditional.h"
#include "server/http/headers.h"
#include "server/http/query.h"
#include "tests/support/run.h"

START_TEST(percent_coding_is_decoded_strictly)
{
  static const struct {
    const char *text, *decoded;
  } rows[] = {
      {"", ""},
      {"abc", "abc"},
      {"a%2Fb", "a/b"},
      {"a%2fb", "a/b"},
      {"a+b", "a+b"},
      {"%41", "A"},
      {"%E1%BB%87", "ệ"},
      {"%", NULL},
      {"%4", NULL},
      {"%4g", NULL},
      {"%00", NULL},
      {"%0a", NULL},
      {"%7f", NULL},
      {"%ff", NULL},
      {"%C0%AF", NULL},
      {"\x01", NULL},
      {"0123456789abcdef", NULL},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char out[16];
    bool good = nep_percent_decode(nep_str_bytes(rows[i].text), out, sizeof out);
    ck_assert_msg(good == (rows[i].decoded != NULL), "%s", rows[i].text);
    if (good)
      ck_assert_str_eq(out, rows[i].decoded);
  }
}
END_TEST

START_TEST(paths_match_whole_segments_only)
{
  static const struct {
    const char *path;
    bool matches;
  } rows[] = {
      {"/v1/e/X/b/Y", true},    {"/v1/e/X/b/%2F", true},
      {"/v1/e/X/b", false},     {"/v1/e/X/b/", false},
      {"/v1/e//b/Y", false},    {"/v1/e/X/b/Y/", false},
      {"v1/e/X/b/Y", false},    {"", false},
      {"/v1/e/X/b/Y/Z", false}, {"/v1/E/X/b/Y", false},
      {"/v1//e/X/b/Y", false},  {"/v1/e/X/bb/Y", false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    nep_path_match m;
    bool matches = nep_path_match_template(nep_str_bytes(rows[i].path), "/v1/e/{x}/b/{y}", &m);
    ck_assert_msg(matches == rows[i].matches, "%s", rows[i].path);
    if (matches)
      ck_assert_uint_eq(m.n, 2);
  }
}
END_TEST

START_TEST(query_parameters_are_known_and_come_once)
{
  static const char *const allowed[] = {"after", "limit", NULL};
  static const struct {
    const char *text;
    bool good;
  } rows[] = {
      {"", true},          {"after=1", true},  {"after=1&limit=2", true},
      {"limit=", true},    {"after", false},   {"after=1&after=2", false},
      {"other=1", false},  {"after=1&", true}, {"&", false},
      {"=1", false},       {"After=1", false}, {"after=%zz", false},
      {"%61fter=1", true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    nep_query q;
    nep_error err = {0};
    bool good = nep_query_parse(nep_str_bytes(rows[i].text), allowed, &q, &err) == NEP_OK;
    ck_assert_msg(good == rows[i].good, "%s", rows[i].text);
  }
}
END_TEST

START_TEST(numbers_in_queries_are_decimal_and_bounded)
{
  static const char *const bad[] = {"",   "-1", "+1",  "01",
                                    "1x", "11", "1.0", "99999999999999999999"};
  static const char *const allowed[] = {"n", NULL};
  nep_query q;
  nep_error err = {0};
  uint64_t value = 5;
  ck_assert_int_eq(nep_query_parse(nep_str_bytes(""), allowed, &q, &err), NEP_OK);
  ck_assert_int_eq(nep_query_number(&q, "n", 0, 10, &value, &err), NEP_OK);
  ck_assert_uint_eq(value, 5);
  ck_assert_int_eq(nep_query_parse(nep_str_bytes("n=10"), allowed, &q, &err), NEP_OK);
  ck_assert_int_eq(nep_query_number(&q, "n", 0, 10, &value, &err), NEP_OK);
  ck_assert_uint_eq(value, 10);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char text[40];
    snprintf(text, sizeof text, "n=%s", bad[i]);
    ck_assert_int_eq(nep_query_parse(nep_str_bytes(text), allowed, &q, &err), NEP_OK);
    ck_assert_msg(nep_query_number(&q, "n", 0, 10, &value, &err) == NEP_E_INPUT, "%s", bad[i]);
    ck_assert_str_eq(err.where, "n");
  }
}
END_TEST

START_TEST(ranges_are_read_as_rfc_9110_says)
{
  static const struct {
    const char *range, *if_range;
    nep_range kind;
    uint64_t from, size;
  } rows[] = {
      {NULL, NULL, NEP_RANGE_WHOLE, 0, 0},
      {"bytes=0-0", NULL, NEP_RANGE_PART, 0, 1},
      {"bytes=10-19", NULL, NEP_RANGE_PART, 10, 10},
      {"bytes=90-", NULL, NEP_RANGE_PART, 90, 10},
      {"bytes=90-1000", NULL, NEP_RANGE_PART, 90, 10},
      {"bytes=-10", NULL, NEP_RANGE_PART, 90, 10},
      {"bytes=-1000", NULL, NEP_RANGE_PART, 0, 100},
      {"bytes=-0", NULL, NEP_RANGE_OUTSIDE, 0, 0},
      {"bytes=100-", NULL, NEP_RANGE_OUTSIDE, 0, 0},
      {"bytes=5-1", NULL, NEP_RANGE_WHOLE, 0, 0},
      {"bytes=0-1,3-4", NULL, NEP_RANGE_WHOLE, 0, 0},
      {"bytes=a-b", NULL, NEP_RANGE_WHOLE, 0, 0},
      {"bytes=-", NULL, NEP_RANGE_WHOLE, 0, 0},
      {"bytes=1", NULL, NEP_RANGE_WHOLE, 0, 0},
      {"bytes=99999999999999999999-", NULL, NEP_RANGE_WHOLE, 0, 0},
      {"lines=0-1", NULL, NEP_RANGE_WHOLE, 0, 0},
      {"bytes=0-1", "\"tag\"", NEP_RANGE_PART, 0, 2},
      {"bytes=0-1", "\"other\"", NEP_RANGE_WHOLE, 0, 0},
      {"bytes=0-1", "W/\"tag\"", NEP_RANGE_WHOLE, 0, 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    uint64_t from = 0, size = 0;
    nep_range kind = nep_range_read(rows[i].range, rows[i].if_range, "tag", 100, &from, &size);
    ck_assert_msg(kind == rows[i].kind, "row %zu", i);
    if (kind == NEP_RANGE_PART)
      ck_assert_msg(from == rows[i].from && size == rows[i].size, "row %zu", i);
  }
}
END_TEST

START_TEST(entity_tags_are_compared_as_rfc_9110_says)
{
  ck_assert(nep_etag_matches("\"tag\"", "tag"));
  ck_assert(nep_etag_matches("\"a\", \"tag\" , \"b\"", "tag"));
  ck_assert(nep_etag_matches("W/\"tag\"", "tag"));
  ck_assert(nep_etag_matches("*", "tag"));
  ck_assert(!nep_etag_matches(NULL, "tag"));
  ck_assert(!nep_etag_matches("", "tag"));
  ck_assert(!nep_etag_matches("tag", "tag"));
  ck_assert(!nep_etag_matches("\"tag2\"", "tag"));
  ck_assert(!nep_etag_matches("\"ta\"", "tag"));
  ck_assert(!nep_etag_matches("\"\"", ""));
  ck_assert(!nep_etag_matches("W/", "tag"));
  ck_assert(!nep_etag_matches(",,,", "tag"));
}
END_TEST

START_TEST(media_types_are_compared_without_case_and_with_utf8_only)
{
  ck_assert(nep_media_type_is("application/json", "application/json"));
  ck_assert(nep_media_type_is("Application/JSON; charset=UTF-8", "application/json"));
  ck_assert(!nep_media_type_is(NULL, "application/json"));
  ck_assert(!nep_media_type_is("application/jsonx", "application/json"));
  ck_assert(!nep_media_type_is("application/json; charset=latin1", "application/json"));
  ck_assert(!nep_media_type_is("application/json, text/plain", "application/json"));
}
END_TEST

START_TEST(ambiguous_lengths_are_refused)
{
  static const struct {
    const char *first, *second, *first_value, *second_value;
    bool good;
  } rows[] = {
      {"Content-Length", NULL, "5", NULL, true},
      {"content-LENGTH", "Content-Length", "5", "5", false},
      {"Content-Length", "Transfer-Encoding", "5", "chunked", false},
      {"Transfer-Encoding", NULL, "chunked", NULL, true},
      {"Transfer-Encoding", "Transfer-Encoding", "chunked", "chunked", false},
      {"Content-Length", NULL, "", NULL, false},
      {"Content-Length", NULL, "5, 5", NULL, false},
      {"Content-Length", NULL, "-5", NULL, false},
      {"Content-Length", NULL, "9999999999999999999", NULL, false},
      {"Host", "host", "x", "y", false},
      {"Authorization", "authorization", "x", "y", false},
      {"NEP-Act", "nep-act", "x", "y", false},
      {"Content-Type", "content-type", "x", "y", false},
      {"Forwarded", "forwarded", "for=1.1.1.1", "for=2.2.2.2", true},
      {"X-Other", "X-Other", "x", "y", true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    nep_headers h = {0};
    nep_error err = {0};
    uint64_t size = 0;
    bool chunked = false;
    nep_headers_add(&h, rows[i].first, rows[i].first_value);
    if (rows[i].second)
      nep_headers_add(&h, rows[i].second, rows[i].second_value);
    ck_assert_msg((nep_headers_check(&h, &size, &chunked, &err) == NEP_OK) == rows[i].good,
                  "row %zu", i);
    nep_headers_free(&h);
  }
}
END_TEST

/* `expected` with a ? behind it: a proxy's own, as the header names nobody. */
static void visitor_is(const char *peer, const char *forwarded, const char *expected)
{
  static const char *const texts[] = {"10.0.0.1", "10.0.0.2", "2001:db8::1"};
  nep_address_list proxies;
  nep_address from, found;
  char text[NEP_ADDRESS_TEXT + 1];
  nep_address_list_make(texts, 3, &proxies);
  ck_assert(nep_address_parse(peer, &from));
  bool named = nep_address_of_visitor(&from, forwarded, &proxies, &found);
  nep_address_text(&found, text);
  if (!named)
    strcat(text, "?");
  ck_assert_msg(strcmp(text, expected) == 0, "%s via %s is %s", forwarded ? forwarded : "-", peer,
                text);
  nep_address_list_free(&proxies);
}

START_TEST(forwarded_is_believed_as_far_as_proxies_are_listed)
{
  visitor_is("192.0.2.1", NULL, "192.0.2.1");
  visitor_is("192.0.2.1", "for=1.2.3.4", "192.0.2.1");
  visitor_is("10.0.0.1", NULL, "10.0.0.1");
  visitor_is("10.0.0.1", "for=1.2.3.4", "1.2.3.4");
  visitor_is("10.0.0.1", "For=\"1.2.3.4:5678\";proto=https;by=10.0.0.1", "1.2.3.4");
  visitor_is("10.0.0.1", "proto=https; for=1.2.3.4", "1.2.3.4");
  visitor_is("2001:db8::1", "for=\"[2001:db8::99]:4711\"", "2001:db8::99");
  visitor_is("10.0.0.1", "for=6.6.6.6, for=1.2.3.4", "1.2.3.4");
  visitor_is("10.0.0.1", "for=6.6.6.6, for=1.2.3.4, for=10.0.0.2", "1.2.3.4");
  visitor_is("10.0.0.1", "for=unknown", "10.0.0.1?");
  visitor_is("10.0.0.1", "for=_hidden", "10.0.0.1?");
  visitor_is("10.0.0.1", "for=10.0.0.2", "10.0.0.2?");
  visitor_is("10.0.0.1", "for=1.2.3.4, for=\"[::1\"", "10.0.0.1?");
  visitor_is("10.0.0.1", "", "10.0.0.1?");
  visitor_is("10.0.0.1", ",,,", "10.0.0.1?");
}
END_TEST

START_TEST(what_a_visitor_writes_before_a_proxy_hides_nothing)
{
  visitor_is("10.0.0.1", "for=\"6.6.6.6, for=1.2.3.4", "10.0.0.1?");
  visitor_is("10.0.0.1", "for=6.6.6.6;x=\", for=1.2.3.4", "10.0.0.1?");
  visitor_is("10.0.0.1", "for=6.6.6.6;x=\"\\, for=1.2.3.4", "10.0.0.1?");
  visitor_is("10.0.0.1", "for=6.6.6.6;x=\", for=\"[2001:db8::99]:4711\"", "10.0.0.1?");
  visitor_is("10.0.0.1", "for=6.6.6.6;x=\"\\, for=\"[2001:db8::99]\"", "10.0.0.1?");
  visitor_is("10.0.0.1", "for=6.6.6.6;x=\"a,b\", for=1.2.3.4", "1.2.3.4");
  visitor_is("10.0.0.1", "for=6.6.6.6;x=\"a\\\"\", for=\"1.2.3.4\"", "1.2.3.4");
  visitor_is("10.0.0.1", ",,,,,,,,,,,,,,,,,,,,,,,,,for=1.2.3.4", "1.2.3.4");
  char many[400] = "";
  for (int i = 0; i < 17; i++)
    strcat(many, "for=6.6.6.6, ");
  strcat(many, "for=1.2.3.4, for=10.0.0.2");
  visitor_is("10.0.0.1", many, "1.2.3.4");
}
END_TEST

START_TEST(limits_count_an_ipv6_network_as_one_visitor)
{
  nep_address a, b, c, d;
  uint8_t key_a[16], key_b[16], key_c[16], key_d[16];
  ck_assert(nep_address_parse("2001:db8::1", &a) && nep_address_parse("2001:db8::2", &b));
  ck_assert(nep_address_parse("192.0.2.1", &c) && nep_address_parse("192.0.2.2", &d));
  nep_address_limit_key(&a, key_a);
  nep_address_limit_key(&b, key_b);
  nep_address_limit_key(&c, key_c);
  nep_address_limit_key(&d, key_d);
  ck_assert_mem_eq(key_a, key_b, 16);
  ck_assert_mem_ne(key_c, key_d, 16);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("http-parsing");
  TCase *tc = tcase_create("parsing");
  tcase_add_test(tc, percent_coding_is_decoded_strictly);
  tcase_add_test(tc, paths_match_whole_segments_only);
  tcase_add_test(tc, query_parameters_are_known_and_come_once);
  tcase_add_test(tc, numbers_in_queries_are_decimal_and_bounded);
  tcase_add_test(tc, ranges_are_read_as_rfc_9110_says);
  tcase_add_test(tc, entity_tags_are_compared_as_rfc_9110_says);
  tcase_add_test(tc, media_types_are_compared_without_case_and_with_utf8_only);
  tcase_add_test(tc, ambiguous_lengths_are_refused);
  tcase_add_test(tc, forwarded_is_believed_as_far_as_proxies_are_listed);
  tcase_add_test(tc, what_a_visitor_writes_before_a_proxy_hides_nothing);
  tcase_add_test(tc, limits_count_an_ipv6_network_as_one_visitor);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
