/* Problem documents, rate limits, workers, metrics, the log: each without a socket. */
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/http/address.h"
#include "server/http/crowd.h"
#include "server/http/limit.h"
#include "server/http/metrics.h"
#include "server/http/reply.h"
#include "server/http/workers.h"
#include "server/log/log.h"
#include "tests/support/run.h"

static json_t *problem(unsigned status, const nep_error *err, const char *extra)
{
  nep_reply r = {.file = -1};
  nep_reply_problem(&r, status, err, nep_str_bytes(extra));
  ck_assert_str_eq(r.media, "application/problem+json");
  ck_assert_uint_eq(r.status, status);
  json_t *document = json_loadb(r.body.data, r.body.len, JSON_REJECT_DUPLICATES, NULL);
  ck_assert_msg(document != NULL, "%s", r.body.data);
  nep_reply_clear(&r);
  return document;
}

static const char *text_of(const json_t *document, const char *key)
{
  return json_string_value(json_object_get(document, key));
}

START_TEST(a_problem_names_code_field_reason_and_advice)
{
  nep_error err = {0};
  nep_fail(&err, NEP_E_INPUT, "ballot-parse", "answers[0]", "says \"%s\"\n", "no");
  nep_advise(&err, "send it again");
  json_t *p = problem(400, &err, "");
  ck_assert_str_eq(text_of(p, "type"), "urn:nep:problem:ballot-parse");
  ck_assert_str_eq(text_of(p, "title"), "Malformed request");
  ck_assert_int_eq(json_integer_value(json_object_get(p, "status")), 400);
  ck_assert_str_eq(text_of(p, "detail"), "says \"no\"\n");
  ck_assert_str_eq(text_of(p, "field"), "answers[0]");
  ck_assert_str_eq(text_of(p, "advice"), "send it again");
  ck_assert_str_eq(text_of(p, "code"), "ballot-parse");
  json_decref(p);
}
END_TEST

START_TEST(our_own_faults_are_not_told)
{
  static const nep_status ours[] = {NEP_E_IO, NEP_E_INTERNAL};
  for (size_t i = 0; i < 2; i++) {
    nep_error err = {0};
    nep_fail(&err, ours[i], "db", "statement", "password leaked");
    nep_advise(&err, "secret advice");
    json_t *p = problem(503, &err, "");
    char *all = json_dumps(p, 0);
    ck_assert_ptr_null(strstr(all, "leaked"));
    ck_assert_ptr_null(strstr(all, "secret"));
    ck_assert_ptr_null(strstr(all, "statement"));
    ck_assert_ptr_null(strstr(all, "nothing was")); /* the signer may fail after the commit */
    free(all);
    json_decref(p);
  }
}
END_TEST

START_TEST(members_are_added_from_one_object_only)
{
  static const char *const rows[] = {"", "{}", "[1]", "x", "{\"a\":1}"};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    nep_error err = {0};
    nep_fail(&err, NEP_E_INPUT, "roll", "", "bad rows");
    json_t *p = problem(400, &err, rows[i]);
    ck_assert_int_eq(json_object_get(p, "a") != NULL, i == 4);
    json_decref(p);
  }
}
END_TEST

START_TEST(a_bucket_gives_its_burst_then_its_rate)
{
  nep_limit *l = nep_limit_new(10, 20);
  const uint8_t me[16] = {1}, other[16] = {2};
  for (int i = 0; i < 20; i++)
    ck_assert(nep_limit_take(l, me, 1000));
  ck_assert(!nep_limit_take(l, me, 1000));
  ck_assert(!nep_limit_take(l, me, 1099));
  ck_assert(nep_limit_take(l, me, 1100));
  ck_assert(!nep_limit_take(l, me, 1100));
  ck_assert(nep_limit_take(l, other, 1100));
  ck_assert(!nep_limit_take(l, me, 900)); /* a clock that runs backwards gives nothing */
  int granted = 0;
  for (int i = 0; i < 50; i++)
    granted += nep_limit_take(l, me, 1000000000);
  ck_assert_int_eq(granted, 20);
  nep_limit_free(l);
}
END_TEST

START_TEST(many_visitors_do_not_free_one_that_is_at_its_limit)
{
  nep_limit *l = nep_limit_new(1, 5);
  const uint8_t me[16] = {255};
  while (nep_limit_take(l, me, 1000))
    ;
  for (uint32_t i = 0; i < 200000; i++) {
    uint8_t key[16] = {0};
    memcpy(key, &i, sizeof i);
    bool granted = nep_limit_take(l, key, 1000);
    (void)granted;
  }
  ck_assert(!nep_limit_take(l, me, 1000));
  nep_limit_free(l);
}
END_TEST

START_TEST(open_connections_are_counted_by_visitor)
{
  nep_crowd *c = nep_crowd_new(2);
  const uint8_t me[16] = {1}, other[16] = {2};
  ck_assert(nep_crowd_has_room(c, me));
  nep_crowd_enter(c, me);
  ck_assert(nep_crowd_has_room(c, me));
  nep_crowd_enter(c, me);
  ck_assert(!nep_crowd_has_room(c, me));
  ck_assert(nep_crowd_has_room(c, other));
  nep_crowd_leave(c, me);
  ck_assert(nep_crowd_has_room(c, me));
  nep_crowd_leave(c, me);
  nep_crowd_leave(c, me); /* who is not there */
  ck_assert(nep_crowd_has_room(c, me));
  for (uint8_t i = 0; i < 200; i++) {
    const uint8_t key[16] = {3, i};
    nep_crowd_enter(c, key);
  }
  nep_crowd_free(c);
}
END_TEST

/* One household has all addresses of its network. */
START_TEST(an_ipv6_network_is_one_visitor)
{
  nep_crowd *c = nep_crowd_new(2);
  for (int i = 0; i < 3; i++) {
    nep_address a;
    uint8_t key[16];
    char text[NEP_ADDRESS_TEXT];
    snprintf(text, sizeof text, "2001:db8::%d", i + 1);
    ck_assert(nep_address_parse(text, &a));
    nep_address_limit_key(&a, key);
    ck_assert(nep_crowd_has_room(c, key) == (i < 2));
    nep_crowd_enter(c, key);
  }
  nep_crowd_free(c);
}
END_TEST

static atomic_int done;
static atomic_bool hold;

static void job(void *ctx)
{
  (void)ctx;
  while (atomic_load(&hold))
    usleep(1000);
  atomic_fetch_add(&done, 1);
}

START_TEST(each_job_accepted_runs_once_even_when_stopped)
{
  nep_workers *w = nep_workers_start(2, 8);
  ck_assert_ptr_nonnull(w);
  atomic_store(&hold, true);
  int accepted = 0;
  for (int i = 0; i < 40; i++) {
    accepted += nep_workers_submit(w, job, NULL);
    usleep(500);
  }
  ck_assert_int_eq(accepted, 10); /* two at work, eight waiting */
  atomic_store(&hold, false);
  nep_workers_stop(w);
  ck_assert_int_eq(atomic_load(&done), accepted);
  ck_assert(!nep_workers_submit(w, job, NULL));
  nep_workers_free(w);
}
END_TEST

START_TEST(metrics_hold_what_was_counted)
{
  nep_metrics *m = nep_metrics_new();
  nep_buf text = {0};
  nep_metrics_count(m, SIZE_MAX, 404, 3);
  nep_metrics_count(m, SIZE_MAX, 404, 999999);
  nep_metrics_count(m, 3, 299, 7);
  ck_assert_int_eq(nep_metrics_move(m, NEP_GAUGE_QUEUED, 5), 5);
  ck_assert_int_eq(nep_metrics_move(m, NEP_GAUGE_QUEUED, -2), 3);
  nep_metrics_write(m, &text);
  ck_assert_ptr_nonnull(
      strstr(text.data, "nep_http_requests_total{method=\"\",route=\"\",status=\"404\"} 2\n"));
  ck_assert_ptr_nonnull(strstr(text.data, "status=\"0\"} 1\n"));
  ck_assert_ptr_nonnull(strstr(text.data, "nep_http_requests_queued 3\n"));
  ck_assert_ptr_nonnull(strstr(text.data, "_bucket{le=\"0.005\"} 1\n"));
  ck_assert_ptr_nonnull(strstr(text.data, "_bucket{le=\"10\"} 2\n"));
  ck_assert_ptr_nonnull(strstr(text.data, "_bucket{le=\"+Inf\"} 3\n"));
  ck_assert_ptr_nonnull(strstr(text.data, "_count 3\n"));
  nep_buf_free(&text);
  nep_metrics_free(m);
}
END_TEST

START_TEST(a_log_line_is_one_json_object_whatever_stands_in_it)
{
  char path[] = "/tmp/nep-log.XXXXXX", text[1024] = "";
  int fd = mkstemp(path);
  unlink(path);
  nep_log_set_descriptor(fd);
  nep_log_set_level(NEP_LOG_WARNING);
  nep_log_line l = nep_log_begin(NEP_LOG_INFO, "left out");
  nep_log_text(&l, "a", "b");
  nep_log_end(&l);
  ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
  l = nep_log_begin(NEP_LOG_ERROR, "kept");
  nep_log_text(&l, "text", "line\nbreak \"quoted\" ệ");
  nep_log_text(&l, "bad", "\xff\xfe");
  nep_log_number(&l, "number", -5);
  nep_log_end(&l);
  ck_assert_int_gt(pread(fd, text, sizeof text - 1, 0), 0);
  ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
  json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  ck_assert_ptr_nonnull(line);
  ck_assert_str_eq(text_of(line, "level"), "error");
  ck_assert_str_eq(text_of(line, "event"), "kept");
  ck_assert_str_eq(text_of(line, "text"), "line\nbreak \"quoted\" ệ");
  ck_assert_str_eq(text_of(line, "bad"), "??");
  ck_assert_int_eq(json_integer_value(json_object_get(line, "number")), -5);
  json_decref(line);
  close(fd);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("http-parts");
  TCase *tc = tcase_create("parts");
  tcase_add_test(tc, a_problem_names_code_field_reason_and_advice);
  tcase_add_test(tc, our_own_faults_are_not_told);
  tcase_add_test(tc, members_are_added_from_one_object_only);
  tcase_add_test(tc, a_bucket_gives_its_burst_then_its_rate);
  tcase_add_test(tc, many_visitors_do_not_free_one_that_is_at_its_limit);
  tcase_add_test(tc, open_connections_are_counted_by_visitor);
  tcase_add_test(tc, an_ipv6_network_is_one_visitor);
  tcase_add_test(tc, each_job_accepted_runs_once_even_when_stopped);
  tcase_add_test(tc, metrics_hold_what_was_counted);
  tcase_add_test(tc, a_log_line_is_one_json_object_whatever_stands_in_it);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
