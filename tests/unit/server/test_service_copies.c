/* Copies of archives: while a long one is written anew, threads are left for voters. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static world_election elections[4];

typedef struct reader {
  size_t election;
  pthread_t thread;
  nep_status status;
  nep_error err;
} reader;

static void *read_archive(void *ctx)
{
  reader *r = ctx;
  char path[4096], hash[65];
  uint64_t height = UINT64_MAX, size = 0;
  r->status =
      nep_archive_get(world, elections[r->election].uuid, &height, path, &size, hash, &r->err);
  return NULL;
}

static void start_reading(reader *r, size_t election)
{
  *r = (reader){.election = election};
  ck_assert_int_eq(pthread_create(&r->thread, NULL, read_archive, r), 0);
}

static void refused_reading(size_t election)
{
  reader r = {.election = election};
  read_archive(&r);
  ck_assert_msg(r.status == NEP_E_BUSY && strcmp(r.err.code, "archive-behind") == 0, "got %s: %s",
                r.err.code, r.err.reason);
}

/* What only the database's administrator can do: an archive that says it is as long as this. */
static void make_long(const world_election *e, int bytes)
{
  char *sql = nep_sprintf("SET session_replication_role = replica; "
                          "UPDATE board.events SET archive_end = %d WHERE uuid = '%s'; "
                          "UPDATE board.heads SET archive_end = %d WHERE uuid = '%s'",
                          bytes, e->uuid, bytes, e->uuid);
  ck_assert(world_sql("admin", sql));
  free(sql);
}

static reader under_way[4];

/* The first two are long, and so is the third. */
static void several_read(void)
{
  start_reading(&under_way[0], 0);
  world_await_readers(1);
  refused_reading(0); /* it is under way */
  start_reading(&under_way[1], 1);
  world_await_readers(2);
  refused_reading(2); /* two are */
  start_reading(&under_way[2], 3);
  start_reading(&under_way[3], 3); /* short: the second one waits for the first */
  world_await_readers(3);
}

START_TEST(a_long_archive_is_written_by_one_thread_and_few_are_at_once)
{
  world_open();
  for (size_t i = 0; i < 4; i++) {
    world_opened(&elections[i], 1, 60);
    if (i < 3)
      make_long(&elections[i], 5 << 20);
  }
  world_while_locked("board.data", several_read);
  for (size_t i = 0; i < 4; i++)
    pthread_join(under_way[i].thread, NULL);
  for (size_t i = 0; i < 2; i++) /* it was not that long */
    ck_assert_str_eq(under_way[i].err.code, "archive-stored");
  for (size_t i = 2; i < 4; i++)
    ck_assert_msg(under_way[i].status == NEP_OK, "%s", under_way[i].err.reason);
  start_reading(&under_way[2], 2); /* there is room again */
  pthread_join(under_way[2].thread, NULL);
  ck_assert_str_eq(under_way[2].err.code, "archive-stored");
  world_close();
  for (size_t i = 0; i < 4; i++)
    world_election_free(&elections[i]);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service/copies");
  TCase *tests = tcase_create("copies");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, a_long_archive_is_written_by_one_thread_and_few_are_at_once);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
