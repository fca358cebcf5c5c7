/* Requests over TLS against nep_http with a service that is not there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/support/run.h"
#include "tests/unit/server/https.h"

#define BALLOTS "/v1/elections/" UUID "/ballots"
#define CHALLENGES "/v1/elections/" UUID "/challenges"
#define LAST_CAST "/v1/elections/" UUID "/casts/last"
#define TRACKER_URL "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
#define TRACKER "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
#define TRACKER_PERCENT "47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU"

static https server;

static void setup(void)
{
  https_start(&server,
              "json_bytes = 1024\nballot_bytes = 2048\nact_bytes = 2000000\nburst = 1000\n");
}

static void teardown(void)
{
  https_stop(&server);
}

static void expect(answer a, unsigned status, const char *part)
{
  ck_assert_uint_eq(a.status, status);
  ck_assert_msg(strstr(a.body, part) != NULL, "%s lacks %s", a.body, part);
  answer_free(&a);
}

START_TEST(each_public_address_reaches_its_service)
{
  expect(get(&server, "/healthz"), 200, "ok");
  expect(get(&server, "/readyz"), 200, "ready");
  expect(get(&server, "/v1/key"), 200, "\"key\"");
  expect(get(&server, "/v1/elections"), 200, "\"elections\"");
  expect(get(&server, "/v1/elections/" UUID), 200, UUID);
  expect(get(&server, "/v1/elections/" UUID "/definition"), 200, "definition");
  expect(get(&server, "/v1/elections/" UUID "/trustees"), 200, "trustees");
  expect(get(&server, "/v1/elections/" UUID "/credentials"), 200, "credentials");
  expect(get(&server, "/v1/elections/" UUID "/result"), 200, "result");
  expect(get(&server, "/v1/elections/" UUID "/head"), 200, "head");
  expect(get(&server, "/v1/elections/" UUID "/casts/head"), 200, "cast statements");
  expect(get(&server, BALLOTS), 200, "page 0 100");
  expect(get(&server, BALLOTS "?after=5&limit=7"), 200, "page 5 7");
  expect(get(&server, BALLOTS "?limit=9999"), 200, "page 0 1000");
  expect(get(&server, BALLOTS "/" TRACKER_URL), 200, TRACKER);
  expect(get(&server, BALLOTS "/" TRACKER_PERCENT), 200, TRACKER);
}
END_TEST

START_TEST(each_voter_address_reaches_its_service)
{
  expect(post(&server, "/v1/sign-in", "", "{}"), 200, "sign-in");
  expect(post(&server, "/v1/sessions", "", "{\"id_token\":\"x\"}"), 201, "session");
  ck_assert_str_eq(server.service.last_body, "{\"id_token\":\"x\"}");
  ck_assert_str_eq(server.service.last_address, "127.0.0.1");
  expect(post(&server, "/v1/registrations", "", "{\"a\":1}"), 201, "register");
  expect(post(&server, LAST_CAST, "", "{\"credential\":\"x\"}"), 200, "last-cast");
  ck_assert_str_eq(server.service.last_body, "{\"credential\":\"x\"}");
  expect(ask(&server, "GET /v1/me/registration HTTP/1.1\r\nHost: x\r\n"
                      "Authorization: Bearer abc\r\n\r\n"),
         200, "abc");
  expect(
      ask(&server, "GET /v1/me/accesses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer abc\r\n\r\n"),
      200, "abc");
}
END_TEST

START_TEST(each_act_reaches_its_service)
{
  static const char *const names[] = {"roll", "calendar", "registration", "registry",   "freeze",
                                      "open", "close",    "tally",        "decryption", "result"};
  expect(post(&server, "/v1/elections", "NEP-Act: x\r\n", "{}"), 201, "act 0");
  for (int i = 0; i < 10; i++) {
    char path[64], text[256], part[16];
    const char *media = i == 0 ? "text/csv" : "application/json";
    snprintf(path, sizeof path, "/v1/elections/" UUID "/%s", names[i]);
    snprintf(
        text, sizeof text,
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 2\r\nNEP-Act: x\r\n"
        "\r\n{}",
        path, media);
    snprintf(part, sizeof part, "act %d", i + 1);
    expect(ask(&server, text), 200, part);
  }
}
END_TEST

START_TEST(a_cast_is_answered_after_the_commit_and_a_repeated_one_with_200)
{
  server.service.delay_ms = 100;
  expect(post(&server, BALLOTS, "", "ballot"), 201, "receipt");
  expect(post(&server, BALLOTS, "", "again"), 200, "receipt");
}
END_TEST

START_TEST(challenges_have_a_queue_and_a_length_of_their_own)
{
  char large[256];
  memset(large, ' ', sizeof large);
  large[201] = '\0';
  expect(post(&server, CHALLENGES, "", "challenge"), 201, "receipt");
  expect(post(&server, CHALLENGES, "", "again"), 200, "receipt");
  ck_assert_int_eq(server.service.challenges, 2);
  server.service.cast_is_full = true;
  expect(post(&server, CHALLENGES, "", "challenge"), 503, "\"code\"");
  server.service.cast_is_full = false;
  server.service.cast_length = 100;
  expect(post(&server, CHALLENGES, "", large), 413, "200 bytes");
  large[200] = '\0';
  expect(post(&server, CHALLENGES, "", large), 201, "receipt");
  answer a = get(&server, CHALLENGES "?from=7");
  ck_assert_uint_eq(a.status, 200);
  ck_assert_str_eq(answer_header(&a, "Content-Type"), "application/x-ndjson");
  ck_assert_ptr_nonnull(strstr(a.body, "challenges 7"));
  answer_free(&a);
  expect(get(&server, CHALLENGES), 200, "challenges 1");
  expect(get(&server, CHALLENGES "?from=0"), 400, "\"field\":\"from\"");
  expect(get(&server, CHALLENGES "?after=1"), 400, "\"field\":\"query\"");
}
END_TEST

START_TEST(a_refused_cast_carries_the_signed_refusal)
{
  server.service.answer = NEP_E_STATE;
  answer a = post(&server, BALLOTS, "", "ballot");
  ck_assert_uint_eq(a.status, 409);
  ck_assert_str_eq(answer_header(&a, "Content-Type"), "application/problem+json");
  ck_assert_str_eq(
      a.body, "{\"type\":\"urn:nep:problem:phase\",\"title\":\"Not possible now\",\"status\":409,"
              "\"detail\":\"the vote is closed\",\"code\":\"phase\",\"refusal\":{\"receipt\":1}}");
  answer_free(&a);
}
END_TEST

START_TEST(a_full_casting_queue_is_503_with_a_time_to_wait)
{
  server.service.cast_is_full = true;
  answer a = post(&server, BALLOTS, "", "ballot");
  ck_assert_uint_eq(a.status, 503);
  ck_assert_ptr_nonnull(answer_header(&a, "Retry-After"));
  answer_free(&a);
}
END_TEST

START_TEST(each_status_of_a_service_has_its_http_status)
{
  static const struct {
    nep_status status;
    unsigned http;
  } rows[] = {{NEP_E_INPUT, 400},     {NEP_E_CHECK, 422},  {NEP_E_STATE, 409},
              {NEP_E_NOT_FOUND, 404}, {NEP_E_DENIED, 403}, {NEP_E_UNSUPPORTED, 422},
              {NEP_E_IO, 503},        {NEP_E_BUSY, 503},   {NEP_E_INTERNAL, 500}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    server.service.answer = rows[i].status;
    answer a = get(&server, "/v1/key");
    ck_assert_uint_eq(a.status, rows[i].http);
    bool ours = rows[i].status == NEP_E_IO || rows[i].status == NEP_E_INTERNAL;
    ck_assert_msg((strstr(a.body, "inner reason") == NULL) == ours, "%s", a.body);
    ck_assert_int_eq(answer_header(&a, "Retry-After") != NULL, rows[i].http == 503);
    answer_free(&a);
  }
}
END_TEST

START_TEST(a_refused_session_is_401_and_says_how_to_sign_in)
{
  static const char with[] = "GET /v1/me/accesses HTTP/1.1\r\nHost: x\r\n%s\r\n";
  static const char *const lines[] = {"", "Authorization: Basic abc\r\n"};
  for (size_t i = 0; i < 2; i++) {
    char text[256];
    snprintf(text, sizeof text, with, lines[i]);
    answer a = ask(&server, text);
    ck_assert_uint_eq(a.status, 401);
    ck_assert_str_eq(answer_header(&a, "WWW-Authenticate"), "Bearer");
    answer_free(&a);
  }
  ck_assert_int_eq(server.service.calls, 0);
  server.service.answer = NEP_E_DENIED;
  expect(ask(&server, "GET /v1/me/accesses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n\r\n"),
         401, "inner reason");
}
END_TEST

START_TEST(an_act_without_its_header_is_403_and_a_failed_one_says_more)
{
  expect(post(&server, "/v1/elections", "", "{}"), 403, "\"code\":\"act\"");
  ck_assert_int_eq(server.service.calls, 0);
  server.service.answer = NEP_E_INPUT;
  server.service.extra = "{\"total\":1,\"rows\":[{\"line\":2}]}";
  expect(post(&server, "/v1/elections", "NEP-Act: x\r\n", "{}"), 400,
         "\"code\":\"fake\",\"total\":1,\"rows\":[{\"line\":2}]}");
}
END_TEST

START_TEST(each_answer_has_the_security_headers)
{
  static const char *const paths[] = {"/healthz", "/v1/elections", "/v1/nothing",
                                      "/v1/elections?x=1"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    answer a = get(&server, paths[i]);
    ck_assert_str_eq(answer_header(&a, "X-Content-Type-Options"), "nosniff");
    ck_assert_ptr_nonnull(
        strstr(answer_header(&a, "Content-Security-Policy"), "default-src 'none'"));
    ck_assert_ptr_nonnull(answer_header(&a, "Strict-Transport-Security"));
    ck_assert_str_eq(answer_header(&a, "Referrer-Policy"), "no-referrer");
    ck_assert_str_eq(answer_header(&a, "Cache-Control"), "no-store");
    ck_assert_ptr_null(answer_header(&a, "Content-Encoding"));
    answer_free(&a);
  }
}
END_TEST

START_TEST(unknown_paths_methods_and_parameters_are_refused)
{
  expect(get(&server, "/"), 404, "\"code\":\"path\"");
  expect(get(&server, "/v1/elections/"), 404, "\"code\":\"path\"");
  expect(get(&server, "/v1/../../etc/passwd"), 404, "\"code\":\"path\"");
  expect(get(&server, "/v1/elections/short"), 400, "\"field\":\"uuid\"");
  expect(get(&server, "/v1/elections/%31111111111111"), 400, "\"field\":\"uuid\"");
  expect(get(&server, BALLOTS "/short"), 400, "\"field\":\"tracker\"");
  expect(get(&server, "/v1/elections?x=1"), 400, "\"code\":\"query\"");
  expect(get(&server, BALLOTS "?after=1&after=1"), 400, "\"field\":\"after\"");
  expect(get(&server, BALLOTS "?after=-1"), 400, "\"field\":\"after\"");
  expect(get(&server, BALLOTS "?limit=10001"), 400, "\"field\":\"limit\"");
  expect(get(&server, BALLOTS "?limit=0"), 400, "\"field\":\"limit\"");
  answer a = ask(&server, "PUT /v1/elections HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
  ck_assert_uint_eq(a.status, 405);
  ck_assert_str_eq(answer_header(&a, "Allow"), "GET, HEAD, POST");
  answer_free(&a);
  a = get(&server, "/v1/sign-in");
  ck_assert_uint_eq(a.status, 405);
  ck_assert_str_eq(answer_header(&a, "Allow"), "POST");
  answer_free(&a);
  ck_assert_int_eq(server.service.calls, 0);
}
END_TEST

START_TEST(a_request_that_two_readers_would_split_differently_is_400_and_the_connection_ends)
{
#define POST_LINE "POST " BALLOTS " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
  static const char *const requests[] = {
      POST_LINE "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
      POST_LINE "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
      POST_LINE "Content-Length: 0\r\nContent-Length: 44\r\n\r\nGET /v1/elections "
                "HTTP/1.1\r\nHost: x\r\n\r\n",
      POST_LINE "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      POST_LINE "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      POST_LINE "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      POST_LINE "Content-Length: +2\r\n\r\n{}",
      POST_LINE "Content-Length: 2, 2\r\n\r\n{}",
      POST_LINE "Content-Length: 0x2\r\n\r\n{}",
      "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "GET /healthz HTTP/1.1\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
  };
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    talk *t = talk_open(&server);
    talk_send(t, requests[i]);
    answer a = talk_answer(t);
    ck_assert_msg(a.status == 400, "request %zu: %u", i, a.status);
    ck_assert_msg(talk_is_closed(t), "request %zu leaves its connection open", i);
    answer_free(&a);
    talk_close(t);
  }
  ck_assert_int_eq(server.service.calls, 0);
}
END_TEST

START_TEST(bodies_are_bounded_typed_and_of_known_length)
{
  char large[4096];
  memset(large, ' ', sizeof large);
  large[sizeof large - 1] = '\0';
  expect(post(&server, BALLOTS, "", large), 413, "2048 bytes");
  expect(post(&server, "/v1/sign-in", "", large + 2048), 413, "1024 bytes");
  server.service.cast_length = 100;
  expect(post(&server, BALLOTS, "", large + 4096 - 102), 413, "100 bytes");
  server.service.cast_length = 0;
  expect(ask(&server, "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"), 415,
         "application/json");
  expect(ask(&server, "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                      "Content-Length: 2\r\n\r\n{}"),
         415, "application/json");
  expect(post(&server, "/v1/sign-in", "Content-Encoding: gzip\r\n", "{}"), 415, "compression");
  expect(ask(&server,
             "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\r\n"),
         411, "Content-Length");
  expect(ask(&server, "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
         411, "Content-Length");
  ck_assert_int_eq(server.service.calls, 0);
}
END_TEST

START_TEST(a_sign_in_is_asked_for_with_an_empty_object)
{
  expect(post(&server, "/v1/sign-in", "", "{"), 400, "\"code\"");
  expect(post(&server, "/v1/sign-in", "", ""), 400, "\"code\"");
  expect(post(&server, "/v1/sign-in", "", "{\"a\":1}"), 400, "\"code\"");
  ck_assert_int_eq(server.service.calls, 0);
}
END_TEST

START_TEST(header_lines_and_address_are_bounded)
{
  nep_buf text = {0};
  nep_buf_str(&text, "GET /healthz HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 64; i++)
    nep_buf_printf(&text, "X-%d: y\r\n", i);
  nep_buf_str(&text, "\r\n");
  expect(ask(&server, text.data), 431, "header");
  nep_buf_clear(&text);
  nep_buf_str(&text, "GET /");
  for (int i = 0; i < 1100; i++)
    nep_buf_char(&text, 'y');
  nep_buf_str(&text, " HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(ask(&server, text.data), 414, "1024 bytes");
  nep_buf_free(&text);
}
END_TEST

START_TEST(a_connection_is_used_again_after_answers_and_refusals)
{
  talk *t = talk_open(&server);
  for (int i = 0; i < 3; i++) {
    talk_send(t, "GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n");
    answer a = talk_answer(t);
    ck_assert_uint_eq(a.status, 404);
    answer_free(&a);
    talk_send(t, "GET /v1/elections HTTP/1.1\r\nHost: x\r\n\r\n");
    a = talk_answer(t);
    ck_assert_uint_eq(a.status, 200);
    answer_free(&a);
    talk_send(t, "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                 "Content-Length: 7\r\n\r\nignored");
    a = talk_answer(t);
    ck_assert_uint_eq(a.status, 415);
    answer_free(&a);
  }
  talk_close(t);
}
END_TEST

START_TEST(documents_have_an_entity_tag_and_are_not_sent_twice)
{
  answer a = get(&server, "/v1/elections/" UUID "/definition");
  ck_assert_str_eq(answer_header(&a, "ETag"), "\"" FAKE_HASH "\"");
  ck_assert_str_eq(answer_header(&a, "Cache-Control"), "no-cache");
  answer_free(&a);
  a = ask(&server, "GET /v1/elections/" UUID "/definition HTTP/1.1\r\nHost: x\r\n"
                   "If-None-Match: \"" FAKE_HASH "\"\r\n\r\n");
  ck_assert_uint_eq(a.status, 304);
  ck_assert_uint_eq(a.body_len, 0);
  answer_free(&a);
  a = ask(&server, "HEAD /v1/elections/" UUID "/definition HTTP/1.1\r\nHost: x\r\n"
                   "Connection: close\r\n\r\n");
  ck_assert_uint_eq(a.status, 200);
  ck_assert_uint_eq(a.body_len, 0);
  answer_free(&a);
}
END_TEST

#define ARCHIVE "GET /v1/elections/" UUID "/archive?upto=7 HTTP/1.1\r\nHost: x\r\n"

START_TEST(the_archive_is_immutable_by_height_and_found_by_a_redirect)
{
  https_archive(&server, 100000);
  answer a = get(&server, "/v1/elections/" UUID "/archive");
  ck_assert_uint_eq(a.status, 307);
  ck_assert_str_eq(answer_header(&a, "Location"), "/v1/elections/" UUID "/archive?upto=7");
  ck_assert_str_eq(answer_header(&a, "Cache-Control"), "no-store");
  answer_free(&a);
  a = ask(&server, ARCHIVE "\r\n");
  ck_assert_uint_eq(a.status, 200);
  ck_assert_uint_eq(a.body_len, 100000);
  ck_assert_int_eq(a.body[99999], 'a' + 99999 % 26);
  ck_assert_ptr_nonnull(strstr(answer_header(&a, "Cache-Control"), "immutable"));
  ck_assert_str_eq(answer_header(&a, "ETag"), "\"" FAKE_HASH "\"");
  answer_free(&a);
  server.service.archive_size = 50000; /* a longer file serves its shorter prefix */
  a = ask(&server, ARCHIVE "\r\n");
  ck_assert_uint_eq(a.body_len, 50000);
  answer_free(&a);
  server.service.archive_size = 100001; /* a file cut short is never served */
  expect(ask(&server, ARCHIVE "\r\n"), 500, "\"code\":\"archive\"");
}
END_TEST

START_TEST(one_range_of_the_archive_is_served)
{
  https_archive(&server, 1000);
  answer a = ask(&server, ARCHIVE "Range: bytes=26-28\r\n\r\n");
  ck_assert_uint_eq(a.status, 206);
  ck_assert_uint_eq(a.body_len, 3);
  ck_assert_int_eq(memcmp(a.body, "abc", 3), 0);
  ck_assert_str_eq(answer_header(&a, "Content-Range"), "bytes 26-28/1000");
  answer_free(&a);
  a = ask(&server, ARCHIVE "Range: bytes=1000-\r\n\r\n");
  ck_assert_uint_eq(a.status, 416);
  ck_assert_str_eq(answer_header(&a, "Content-Range"), "bytes */1000");
  ck_assert_ptr_null(strstr(answer_header(&a, "Cache-Control"), "immutable"));
  answer_free(&a);
  a = ask(&server, "HEAD /v1/elections/" UUID "/archive?upto=7 HTTP/1.1\r\nHost: x\r\n"
                   "Connection: close\r\nRange: bytes=26-28\r\n\r\n");
  ck_assert_uint_eq(a.status, 200);
  ck_assert_str_eq(answer_header(&a, "Content-Length"), "1000");
  answer_free(&a);
  a = ask(&server, ARCHIVE "Range: bytes=0-1\r\nIf-Range: \"other\"\r\n\r\n");
  ck_assert_uint_eq(a.status, 200);
  ck_assert_uint_eq(a.body_len, 1000);
  answer_free(&a);
  a = ask(&server, ARCHIVE "If-None-Match: \"" FAKE_HASH "\"\r\n\r\n");
  ck_assert_uint_eq(a.status, 304);
  answer_free(&a);
}
END_TEST

START_TEST(the_log_names_routes_and_never_who_asked_for_what)
{
  server.service.answer = NEP_E_INTERNAL;
  expect(post(&server, BALLOTS, "", "ballot-of-somebody"), 500, "\"code\"");
  expect(post(&server, "/v1/registrations", "", "{\"secret\":1}"), 500, "\"code\"");
  expect(get(&server, BALLOTS "/" TRACKER_URL), 500, "\"code\"");
  nep_http_drain(server.http); /* the last line is written after the answer */
  char *log = https_log(&server);
  ck_assert_ptr_nonnull(strstr(log, "\"route\":\"/v1/elections/{uuid}/ballots\",\"status\":500"));
  ck_assert_ptr_nonnull(strstr(log, "\"route\":\"/v1/elections/{uuid}/ballots/{tracker}\""));
  static const char *const never[] = {"127.0.0.1", "somebody",           UUID,
                                      "47DEQ",     "the vote is closed", "secret"};
  for (size_t i = 0; i < sizeof never / sizeof *never; i++)
    ck_assert_msg(strstr(log, never[i]) == NULL, "the log holds %s: %s", never[i], log);
  free(log);
}
END_TEST

/* What has been counted; asked for again while the request before it is still being counted, by
   another thread, after its answer has gone out. */
static answer metrics_with(const char *line)
{
  int64_t until = nep_clock_ms() + 10000;
  answer a = get(&server, "/metrics");
  while (!strstr(a.body, line) && nep_clock_ms() < until) {
    answer_free(&a);
    a = get(&server, "/metrics");
  }
  return a;
}

START_TEST(metrics_count_by_route_and_status_for_listed_addresses)
{
  expect(get(&server, "/v1/key"), 200, "key");
  answer a =
      metrics_with("nep_http_requests_total{method=\"GET\",route=\"/v1/key\",status=\"200\"} 1\n");
  ck_assert_uint_eq(a.status, 200);
  ck_assert_ptr_nonnull(strstr(
      a.body, "nep_http_requests_total{method=\"GET\",route=\"/v1/key\",status=\"200\"} 1\n"));
  ck_assert_ptr_nonnull(strstr(a.body, "fake_calls 1\n"));
  answer_free(&a);
  a = metrics_with("nep_http_requests_in_flight 1\n");
  ck_assert_ptr_nonnull(strstr(a.body, "nep_http_requests_in_flight 1\n"));
  answer_free(&a);
  server.config.metrics.n = 0;
  expect(get(&server, "/metrics"), 403, "\"code\":\"metrics\"");
}
END_TEST

START_TEST(a15_only_tls_1_3_is_spoken)
{
  static const struct {
    const char *priorities;
    bool spoken;
  } rows[] = {{"NORMAL:-VERS-ALL:+VERS-TLS1.3", true},
              {"NORMAL:-VERS-ALL:+VERS-TLS1.2", false},
              {"NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT", false},
              {"NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    talk *t = talk_open_with(&server, rows[i].priorities);
    ck_assert_msg((t != NULL) == rows[i].spoken, "%s", rows[i].priorities);
    if (t)
      talk_close(t);
  }
}
END_TEST

START_TEST(a16_casts_of_one_length_are_answered_alike_whatever_they_hold)
{
  static const char *const ballots[] = {"{\"choice\":1}      ", "{\"choice\":22222}  ",
                                        "                   "};
  size_t length = 0;
  for (size_t i = 0; i < 3; i++) {
    answer a = post(&server, BALLOTS, "Accept-Encoding: gzip, deflate, br\r\n", ballots[i]);
    ck_assert_uint_eq(a.status, 201);
    ck_assert_ptr_null(answer_header(&a, "Content-Encoding"));
    size_t whole = strlen(a.text);
    ck_assert_msg(i == 0 || whole == length, "%zu and %zu bytes", whole, length);
    length = whole;
    answer_free(&a);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("http-server");
  TCase *tc = tcase_create("server");
  tcase_set_timeout(tc, 60);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, each_public_address_reaches_its_service);
  tcase_add_test(tc, each_voter_address_reaches_its_service);
  tcase_add_test(tc, each_act_reaches_its_service);
  tcase_add_test(tc, a_cast_is_answered_after_the_commit_and_a_repeated_one_with_200);
  tcase_add_test(tc, challenges_have_a_queue_and_a_length_of_their_own);
  tcase_add_test(tc, a_refused_cast_carries_the_signed_refusal);
  tcase_add_test(tc, a_full_casting_queue_is_503_with_a_time_to_wait);
  tcase_add_test(tc, each_status_of_a_service_has_its_http_status);
  tcase_add_test(tc, a_refused_session_is_401_and_says_how_to_sign_in);
  tcase_add_test(tc, an_act_without_its_header_is_403_and_a_failed_one_says_more);
  tcase_add_test(tc, each_answer_has_the_security_headers);
  tcase_add_test(tc, unknown_paths_methods_and_parameters_are_refused);
  tcase_add_test(tc,
                 a_request_that_two_readers_would_split_differently_is_400_and_the_connection_ends);
  tcase_add_test(tc, bodies_are_bounded_typed_and_of_known_length);
  tcase_add_test(tc, a_sign_in_is_asked_for_with_an_empty_object);
  tcase_add_test(tc, header_lines_and_address_are_bounded);
  tcase_add_test(tc, a_connection_is_used_again_after_answers_and_refusals);
  tcase_add_test(tc, documents_have_an_entity_tag_and_are_not_sent_twice);
  tcase_add_test(tc, the_archive_is_immutable_by_height_and_found_by_a_redirect);
  tcase_add_test(tc, one_range_of_the_archive_is_served);
  tcase_add_test(tc, the_log_names_routes_and_never_who_asked_for_what);
  tcase_add_test(tc, metrics_count_by_route_and_status_for_listed_addresses);
  tcase_add_test(tc, a15_only_tls_1_3_is_spoken);
  tcase_add_test(tc, a16_casts_of_one_length_are_answered_alike_whatever_they_hold);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
