/* What bounds a single visitor and the whole: deadlines, rates, connections, memory, queues,
 * stopping. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "tests/support/run.h"
#include "tests/unit/server/https.h"

#define BALLOTS "/v1/elections/" UUID "/ballots"
#define POST_HEAD(length)                                                                          \
  "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"                     \
  "Content-Length: " length "\r\n\r\n"

static https server;

static void pause_ms(int ms)
{
  struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
  nanosleep(&t, NULL);
}

START_TEST(a_body_that_never_comes_whole_is_408)
{
  https_start(&server, "request_ms = 500\n");
  talk *t = talk_open(&server);
  int64_t started = nep_clock_ms();
  talk_send(t, POST_HEAD("10") "{");
  answer a = talk_answer(t);
  ck_assert_uint_eq(a.status, 408);
  ck_assert_ptr_nonnull(strstr(a.body, "\"code\":\"deadline\""));
  ck_assert_str_eq(answer_header(&a, "Content-Type"), "application/problem+json");
  ck_assert_int_lt(nep_clock_ms() - started, 2500);
  ck_assert(talk_is_closed(t));
  answer_free(&a);
  talk_close(t);
  https_stop(&server);
}
END_TEST

START_TEST(a_sender_that_trickles_is_408_though_never_idle)
{
  https_start(&server, "request_ms = 500\n");
  talk *t = talk_open(&server);
  talk_send(t, POST_HEAD("4096"));
  int64_t started = nep_clock_ms();
  for (int i = 0; i < 7; i++) {
    pause_ms(100);
    talk_send(t, " ");
  }
  answer a = talk_answer(t);
  ck_assert_uint_eq(a.status, 408);
  ck_assert_int_lt(nep_clock_ms() - started, 2500);
  answer_free(&a);
  talk_close(t);
  ck_assert_int_eq(server.service.calls, 0);
  https_stop(&server);
}
END_TEST

START_TEST(header_lines_that_trickle_end_with_the_connection)
{
  https_start(&server, "request_ms = 500\n");
  talk *t = talk_open(&server);
  talk_send(t, "GET /healthz HTTP/1.1\r\nHost: x\r\n");
  int64_t started = nep_clock_ms();
  for (int i = 0; i < 7; i++) {
    pause_ms(100);
    talk_send(t, "X: y\r\n");
  }
  talk_send(t, "\r\n");
  answer a = talk_answer(t);
  ck_assert_msg(a.status == 408 || a.status == 0, "%u", a.status);
  ck_assert_int_lt(nep_clock_ms() - started, 4000);
  answer_free(&a);
  talk_close(t);
  https_stop(&server);
}
END_TEST

START_TEST(a_request_line_that_trickles_after_an_answer_ends_with_the_connection)
{
  https_start(&server, "request_ms = 300\nidle_seconds = 1\n");
  talk *t = talk_open(&server);
  talk_send(t, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  answer a = talk_answer(t);
  ck_assert_uint_eq(a.status, 200);
  answer_free(&a);
  for (int i = 0; i < 20; i++) {
    talk_send(t, "G");
    pause_ms(100);
  }
  a = talk_answer(t);
  ck_assert_uint_eq(a.status, 0);
  answer_free(&a);
  talk_close(t);
  https_stop(&server);
}
END_TEST

START_TEST(too_many_requests_of_one_visitor_are_429_with_a_time_to_wait)
{
  https_start(&server, "requests_per_second = 1\nburst = 5\n");
  talk *t = talk_open(&server);
  for (int i = 0; i < 7; i++) {
    talk_send(t, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    answer a = talk_answer(t);
    ck_assert_uint_eq(a.status, i < 5 ? 200 : 429);
    ck_assert_int_eq(answer_header(&a, "Retry-After") != NULL, i >= 5);
    answer_free(&a);
  }
  talk_close(t);
  https_stop(&server);
}
END_TEST

START_TEST(forwarded_counts_for_listed_proxies_only)
{
  https_start(&server, "requests_per_second = 1\nburst = 1\n[proxies]\naddresses = 127.0.0.1\n");
  for (int i = 0; i < 3; i++) {
    char text[128];
    snprintf(text, sizeof text,
             "GET /healthz HTTP/1.1\r\nHost: x\r\nForwarded: for=192.0.2.%d\r\n\r\n", i + 1);
    answer a = ask(&server, text);
    ck_assert_uint_eq(a.status, 200);
    answer_free(&a);
    a = ask(&server, text);
    ck_assert_uint_eq(a.status, 429);
    answer_free(&a);
  }
  https_stop(&server);
  https_start(&server, "requests_per_second = 1\nburst = 1\n[proxies]\naddresses = 192.0.2.77\n");
  for (int i = 0; i < 3; i++) {
    char text[128];
    snprintf(text, sizeof text,
             "GET /healthz HTTP/1.1\r\nHost: x\r\nForwarded: for=192.0.2.%d\r\n\r\n", i + 1);
    answer a = ask(&server, text);
    ck_assert_uint_eq(a.status, i == 0 ? 200 : 429);
    answer_free(&a);
  }
  https_stop(&server);
}
END_TEST

START_TEST(connections_of_one_address_are_bounded)
{
  https_start(&server, "connections_per_address = 3\n");
  talk *t[5];
  unsigned answered = 0;
  for (int i = 0; i < 5; i++) {
    t[i] = talk_open(&server);
    talk_send(t[i], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    answer a = talk_answer(t[i]);
    answered += a.status == 200;
    answer_free(&a);
  }
  ck_assert_uint_eq(answered, 3);
  for (int i = 0; i < 5; i++)
    talk_close(t[i]);
  pause_ms(500);
  for (int i = 0; i < 3; i++) { /* who leaves makes room */
    t[i] = talk_open(&server);
    talk_send(t[i], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    answer a = talk_answer(t[i]);
    ck_assert_uint_eq(a.status, 200);
    answer_free(&a);
  }
  for (int i = 0; i < 3; i++)
    talk_close(t[i]);
  https_stop(&server);
}
END_TEST

START_TEST(bodies_together_are_bounded)
{
  https_start(&server, "json_bytes = 4000000\nbody_memory = 1048576\n");
  size_t n = 1200000;
  char *body = malloc(n + 1);
  memset(body, ' ', n);
  body[n] = '\0';
  answer a = post(&server, "/v1/sessions", "", body);
  ck_assert_uint_eq(a.status, 503);
  ck_assert_ptr_nonnull(answer_header(&a, "Retry-After"));
  answer_free(&a);
  body[1000000] = '\0';
  a = post(&server, "/v1/sessions", "", body); /* what was given back can be used again */
  ck_assert_uint_eq(a.status, 201);
  answer_free(&a);
  free(body);
  a = get(&server, "/metrics");
  ck_assert_ptr_nonnull(strstr(a.body, "nep_http_body_bytes 0\n"));
  answer_free(&a);
  https_stop(&server);
}
END_TEST

START_TEST(bodies_of_acts_do_not_take_the_memory_of_ballots)
{
  https_start(&server, "body_memory = 1048576\n");
  talk *t = talk_open(&server);
  size_t n = 1000000;
  char *body = malloc(n + 1);
  memset(body, ' ', n);
  body[n] = '\0';
  talk_send(t, "POST /v1/elections HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
               "NEP-Act: x\r\nContent-Length: 2000000\r\n\r\n");
  talk_send(t, body);
  pause_ms(200);
  answer a = get(&server, "/metrics");
  ck_assert_ptr_nonnull(strstr(a.body, "nep_http_act_bytes 1000000\n"));
  answer_free(&a);
  server.service.cast_length = n;
  a = post(&server, BALLOTS, "", body);
  ck_assert_uint_eq(a.status, 201);
  answer_free(&a);
  talk_close(t);
  free(body);
  https_stop(&server);
}
END_TEST

/* Nobody can say how long a ballot is in an election that is not at hand, or that does not exist.
 */
START_TEST(ballots_of_unknown_elections_do_not_take_the_memory_of_others)
{
  enum { LENGTH = 150000 };
  https_start(&server, "body_memory = 1048576\n");
  talk *t = talk_open(&server);
  char *body = malloc(LENGTH + 1);
  memset(body, ' ', LENGTH);
  body[LENGTH] = '\0';
  server.service.cast_length = 0;
  talk_send(t, "POST " BALLOTS " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
               "Content-Length: 200000\r\n\r\n");
  talk_send(t, body);
  pause_ms(200);
  answer a = get(&server, "/metrics");
  ck_assert_ptr_nonnull(strstr(a.body, "nep_http_unknown_bytes 150000\n"));
  ck_assert_ptr_nonnull(strstr(a.body, "nep_http_body_bytes 0\n"));
  answer_free(&a);
  a = post(&server, BALLOTS, "", body); /* more than a quarter of body_memory */
  ck_assert_uint_eq(a.status, 503);
  answer_free(&a);
  server.service.cast_length = LENGTH;
  a = post(&server, BALLOTS, "", body);
  ck_assert_uint_eq(a.status, 201);
  answer_free(&a);
  talk_close(t);
  server.service.cast_length = 0;
  free(body);
  https_stop(&server);
}
END_TEST

START_TEST(a_client_that_waits_for_100_continue_is_served)
{
  https_start(&server, "request_ms = 500\n");
  talk *t = talk_open(&server);
  talk_send(t, "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
               "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  answer a = talk_answer(t);
  ck_assert_uint_eq(a.status, 100);
  answer_free(&a);
  talk_send(t, "{}");
  a = talk_answer(t);
  ck_assert_uint_eq(a.status, 200);
  answer_free(&a);
  talk_send(t, "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
               "Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
  a = talk_answer(t); /* told before it sends */
  ck_assert_uint_eq(a.status, 413);
  answer_free(&a);
  talk_close(t);
  t = talk_open(&server);
  talk_send(t, "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
               "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  a = talk_answer(t);
  ck_assert_uint_eq(a.status, 100);
  answer_free(&a);
  ck_assert(talk_is_closed(t)); /* and then sends nothing */
  talk_close(t);
  https_stop(&server);
}
END_TEST

START_TEST(too_many_connections_of_one_visitor_are_refused_before_tls)
{
  https_start(&server, "requests_per_second = 1\nburst = 3\n");
  unsigned done = 0, busy = 0, refused = 0;
  for (int i = 0; i < 9; i++) {
    answer a = get(&server, "/healthz");
    done += a.status == 200;
    busy += a.status == 429;
    refused += a.status == 0;
    answer_free(&a);
  }
  ck_assert_uint_ge(done, 3);
  ck_assert_uint_ge(busy, 1);
  ck_assert_uint_ge(refused, 1);
  https_stop(&server);
}
END_TEST

START_TEST(a_full_queue_is_503_and_the_server_goes_on)
{
  enum { MANY = 12 };
  https_start(&server, "[server]\nworkers = 1\nqueue = 2\n");
  server.service.delay_ms = 300;
  talk *t[MANY];
  unsigned done = 0, busy = 0;
  for (int i = 0; i < MANY; i++)
    t[i] = talk_open(&server);
  for (int i = 0; i < MANY; i++)
    talk_send(t[i], "GET /v1/key HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < MANY; i++) {
    answer a = talk_answer(t[i]);
    done += a.status == 200;
    busy += a.status == 503;
    answer_free(&a);
    talk_close(t[i]);
  }
  ck_assert_uint_eq(done + busy, MANY);
  ck_assert_uint_ge(busy, 1);
  ck_assert_uint_ge(done, 3);
  answer a = get(&server, "/v1/key");
  ck_assert_uint_eq(a.status, 200);
  answer_free(&a);
  https_stop(&server);
}
END_TEST

START_TEST(http_threads_answer_while_every_worker_waits)
{
  https_start(&server, "[server]\nworkers = 1\n");
  server.service.delay_ms = 1000;
  talk *slow = talk_open(&server);
  talk_send(slow, "GET /v1/key HTTP/1.1\r\nHost: x\r\n\r\n");
  pause_ms(100);
  int64_t started = nep_clock_ms();
  answer a = get(&server, "/healthz");
  ck_assert_uint_eq(a.status, 200);
  ck_assert_int_lt(nep_clock_ms() - started, 700);
  answer_free(&a);
  a = talk_answer(slow);
  ck_assert_uint_eq(a.status, 200);
  answer_free(&a);
  talk_close(slow);
  https_stop(&server);
}
END_TEST

static void *drain(void *ctx)
{
  nep_http_drain(ctx);
  return NULL;
}

START_TEST(stopping_finishes_what_is_under_way_and_begins_nothing)
{
  https_start(&server, "");
  server.service.delay_ms = 700;
  talk *cast = talk_open(&server), *idle = talk_open(&server);
  talk_send(idle, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  answer a = talk_answer(idle);
  answer_free(&a);
  talk_send(cast, "POST " BALLOTS " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  "Content-Length: 6\r\n\r\nballot");
  pause_ms(200);
  pthread_t thread;
  pthread_create(&thread, NULL, drain, server.http);
  a = talk_answer(cast);
  ck_assert_uint_eq(a.status, 201);
  ck_assert_str_eq(answer_header(&a, "Connection"), "close");
  answer_free(&a);
  pthread_join(thread, NULL);
  talk_send(idle, "GET /v1/key HTTP/1.1\r\nHost: x\r\n\r\n");
  a = talk_answer(idle);
  ck_assert_uint_eq(a.status, 503);
  answer_free(&a);
  ck_assert_int_eq(server.service.calls, 1);
  talk_close(cast);
  talk_close(idle);
  nep_http_stop(server.http);
  server.http = NULL;
  https_stop(&server);
}
END_TEST

START_TEST(a_client_that_leaves_in_the_middle_does_no_harm)
{
  https_start(&server, "");
  server.service.delay_ms = 200;
  for (int i = 0; i < 20; i++) {
    talk *t = talk_open(&server);
    talk_send(t, i % 2 ? "GET /v1/key HTTP/1.1\r\nHost: x\r\n\r\n" : POST_HEAD("100") "{");
    talk_close(t);
  }
  answer a = get(&server, "/healthz");
  ck_assert_uint_eq(a.status, 200);
  answer_free(&a);
  https_stop(&server);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("http-limits");
  TCase *tc = tcase_create("limits");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, a_body_that_never_comes_whole_is_408);
  tcase_add_test(tc, a_sender_that_trickles_is_408_though_never_idle);
  tcase_add_test(tc, header_lines_that_trickle_end_with_the_connection);
  tcase_add_test(tc, a_request_line_that_trickles_after_an_answer_ends_with_the_connection);
  tcase_add_test(tc, too_many_requests_of_one_visitor_are_429_with_a_time_to_wait);
  tcase_add_test(tc, forwarded_counts_for_listed_proxies_only);
  tcase_add_test(tc, connections_of_one_address_are_bounded);
  tcase_add_test(tc, bodies_together_are_bounded);
  tcase_add_test(tc, bodies_of_acts_do_not_take_the_memory_of_ballots);
  tcase_add_test(tc, ballots_of_unknown_elections_do_not_take_the_memory_of_others);
  tcase_add_test(tc, a_client_that_waits_for_100_continue_is_served);
  tcase_add_test(tc, too_many_connections_of_one_visitor_are_refused_before_tls);
  tcase_add_test(tc, a_full_queue_is_503_and_the_server_goes_on);
  tcase_add_test(tc, http_threads_answer_while_every_worker_waits);
  tcase_add_test(tc, stopping_finishes_what_is_under_way_and_begins_nothing);
  tcase_add_test(tc, a_client_that_leaves_in_the_middle_does_no_harm);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
