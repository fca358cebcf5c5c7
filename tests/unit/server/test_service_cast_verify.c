/* Ballots that wait at the same time are verified together; each gets the verdict that it would get
   alone. */
#include <check.h>
#include <string.h>

#include "base/random.h"
#include "server/service/cast.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

/* What is wrong with ballot i; NULL: nothing. Many wait at once, so that they are verified
   together, those of two elections in turns. */
static const char *spoil(size_t i, nep_buf *body)
{
  char *end = strstr(body->data, ",\"statement\"");
  switch (i % 7) {
  case 1: /* the response of the ballot's signature */
    end[-5] = end[-5] == '1' ? '2' : '1';
    return "ballot-signature";
  case 2: /* the ballot that is named in the statement */
    end = strstr(end, "\"ballot\":\"") + strlen("\"ballot\":\"");
    *end = *end == '0' ? '1' : '0';
    return "cast-statement";
  case 3:
    nep_buf_char(body, ' ');
    return "ballot-envelope";
  case 5: /* the statement's signature: the last digit of the body */
    end = strrchr(body->data, '"') - 1;
    *end = *end == '1' ? '2' : '1';
    return "cast-signature";
  default:
    return NULL;
  }
}

START_TEST(ballots_verified_together_get_each_its_own_verdict)
{
  enum { N = WORLD_VOTERS_MAX };
  world_election e[2];
  nep_buf bodies[2 * N] = {0};
  const char *wrong[2 * N];
  world_cast_result results[2 * N];
  nep_error err = {0};
  int64_t good[2] = {0, 0};
  world_open();
  world_opened(&e[0], N, 60);
  world_opened(&e[1], N, 60);
  for (size_t i = 0; i < 2 * N; i++) {
    world_ballot(&e[i % 2], i / 2, i % 3 > 0, &bodies[i]);
    wrong[i] = spoil(i / 2, &bodies[i]);
    good[i % 2] += wrong[i] == NULL;
  }
  for (size_t i = 0; i < 2 * N; i++)
    ck_assert_int_eq(world_cast_send(e[i % 2].uuid, &bodies[i], &results[i], &err), NEP_OK);
  world_cast_wait(results, 2 * N);
  for (size_t i = 0; i < 2 * N; i++) {
    ck_assert_msg((results[i].status == NEP_OK) == (wrong[i] == NULL), "ballot %zu", i);
    if (wrong[i])
      ck_assert_str_eq(results[i].err.code, wrong[i]);
    nep_buf_free(&results[i].json);
    nep_buf_free(&bodies[i]);
  }
  for (size_t k = 0; k < 2; k++) {
    ck_assert_int_eq(world_head_number(&e[k], "ballots"), good[k]);
    world_check_archive(&e[k]);
    world_election_free(&e[k]);
  }
  world_close();
}
END_TEST

/* Those of one group share a batch; the others have one of their own. */
START_TEST(ballots_of_elections_in_two_groups_get_each_its_own_verdict)
{
  enum { N = 12 };
  world_election e[2];
  nep_buf bodies[N] = {0};
  nep_cast *casts[N];
  nep_cast_verdict verdict[N] = {{.status = NEP_OK}};
  world_open();
  world_opened(&e[0], N / 2, 60);
  world_group = "BELENIOS-2048";
  world_opened(&e[1], N / 2, 60);
  world_group = "Ed25519";
  const char *wrong[N];
  for (size_t i = 0; i < N; i++) {
    world_ballot(&e[i % 2], i / 2, 1, &bodies[i]);
    wrong[i] = spoil(i / 2, &bodies[i]);
    casts[i] = world_received(&e[i % 2], &bodies[i], NULL);
  }
  nep_cast_verify(world, casts, N, verdict);
  for (size_t i = 0; i < N; i++) {
    ck_assert_msg((verdict[i].status == NEP_OK) == (wrong[i] == NULL), "ballot %zu: %s", i,
                  verdict[i].err.reason);
    if (wrong[i])
      ck_assert_str_eq(verdict[i].err.code, wrong[i]);
    nep_buf_free(&bodies[i]);
  }
  world_casts_free(casts, N);
  world_election_free(&e[0]);
  world_election_free(&e[1]);
  world_close();
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service/cast-verify");
  TCase *tests = tcase_create("verify");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, ballots_verified_together_get_each_its_own_verdict);
  tcase_add_test(tests, ballots_of_elections_in_two_groups_get_each_its_own_verdict);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
