/* A18: a database that was restored from an older copy, or that tells another story than the one
   that nep-signer has signed, is not served. And what nep-signer must see for that, it is shown
   once, while voters go on. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/random.h"
#include "records/receipt.h"
#include "records/tags.h"
#include "server/service/recount.h"
#include "tests/support/run.h"
#include "tests/unit/server/held_signer.h"
#include "tests/unit/server/world.h"

/* The cluster's administrator, connected to no election database. */
static void cluster(const char *sql)
{
  const char *admin = world_database("admin"), *name = strstr(admin, "dbname=nep");
  ck_assert_ptr_nonnull(name);
  char *command = nep_sprintf("psql -X -q -v ON_ERROR_STOP=1 '%.*sdbname=postgres%s' -c '%s'",
                              (int)(name - admin), admin, name + strlen("dbname=nep"), sql);
  ck_assert_int_eq(system(command), 0);
  free(command);
}

static void keep_yesterday(void)
{
  world_close();
  cluster("CREATE DATABASE yesterday TEMPLATE nep");
  world_open();
}

/* The copy takes the place of the database, and back again. */
static void exchange_databases(void)
{
  cluster("ALTER DATABASE nep RENAME TO other");
  cluster("ALTER DATABASE yesterday RENAME TO nep");
  cluster("ALTER DATABASE other RENAME TO yesterday");
}

static void cast(const world_election *e, size_t voter, nep_cast_receipt *receipt)
{
  nep_buf body = {0};
  world_cast_result result;
  json_t *message = NULL;
  nep_error err = {0};
  world_ballot(e, voter, 0, &body);
  world_cast(e->uuid, &body, &result);
  ck_assert_msg(result.status == NEP_OK, "%s", result.err.reason);
  ck_assert_int_eq(nep_envelope_verify(nep_buf_bytes(&result.json), NEP_TAG_CAST_RECEIPT, NULL,
                                       &message, NULL, &err),
                   NEP_OK);
  ck_assert_int_eq(nep_cast_receipt_read(message, receipt, &err), NEP_OK);
  json_decref(message);
  nep_buf_free(&result.json);
  nep_buf_free(&body);
}

static void refused(const char *code, const char *uuid)
{
  nep_error err = {0};
  nep_status status = world_try_open(&err);
  ck_assert_msg(status == NEP_E_STATE && strcmp(err.code, code) == 0, "wanted %s, got %s: %s", code,
                err.code, err.reason);
  ck_assert_str_eq(err.where, uuid);
  ck_assert_ptr_null(world);
}

START_TEST(a18_yesterdays_database_is_not_served)
{
  world_election e;
  nep_cast_receipt receipt;
  world_open();
  world_opened(&e, 2, 60);
  cast(&e, 0, &receipt);
  keep_yesterday();
  cast(&e, 1, &receipt);
  world_close();
  exchange_databases();
  refused("board-went-back", e.uuid);
  exchange_databases();
  world_open();
  world_close();
  cluster("DROP DATABASE yesterday");
  world_election_free(&e);
}
END_TEST

/* Two copies of one database, each served once: only one of them gets receipts. */
START_TEST(a18_a_copy_is_not_served_once_the_other_has_given_receipts)
{
  world_election e;
  nep_cast_receipt receipt;
  world_open();
  world_opened(&e, 2, 60);
  keep_yesterday();
  world_close();
  exchange_databases();
  world_open(); /* nothing that it lacks was signed yet */
  cast(&e, 0, &receipt);
  world_close();
  exchange_databases();
  refused("board-went-back", e.uuid);
  exchange_databases();
  cluster("DROP DATABASE yesterday");
  world_election_free(&e);
}
END_TEST

/* What only the database's administrator can do. */
static void set_hash(const world_election *e, uint64_t height, const char *hash)
{
  char *sql = nep_sprintf("SET session_replication_role = replica; "
                          "UPDATE board.events SET hash = %s WHERE uuid = '%s' AND height = %llu",
                          hash, e->uuid, (unsigned long long)height);
  ck_assert(world_sql("admin", sql));
  free(sql);
}

START_TEST(a18_a_forked_board_is_not_served)
{
  world_election e;
  nep_cast_receipt receipt;
  world_open();
  world_opened(&e, 2, 60);
  cast(&e, 0, &receipt);
  world_close();
  set_hash(&e, receipt.height, "repeat('0', 64)");
  refused("board-forked", e.uuid);
  char *before = nep_sprintf("'%s'", receipt.event);
  set_hash(&e, receipt.height, before);
  free(before);
  world_open();
  world_close();
  world_election_free(&e);
}
END_TEST

static void head_of_casts(const world_election *e, nep_head *head)
{
  nep_buf json = {0};
  nep_error err = {0};
  char key[NEP_PUBLIC_KEY_HEX + 1];
  world_signer_key(key);
  ck_assert_msg(nep_casts_head_get(world, e->uuid, &json, &err) == NEP_OK, "%s", err.reason);
  ck_assert_int_eq(nep_casts_head_verify(nep_buf_bytes(&json), key, head, &err), NEP_OK);
  ck_assert_int_eq(nep_head_verify(nep_buf_bytes(&json), key, head, &err), NEP_E_CHECK);
  ck_assert_int_eq(nep_casts_head_verify(nep_buf_bytes(&json), key, head, &err), NEP_OK);
  nep_buf_free(&json);
}

static const char its_cast_event[] =
    "encode(sha256(convert_to(board.event_text(cast_parent, height "
    "- 1, 'Cast', statement_hash), 'UTF8')), 'hex')";

static void set_cast_event(const world_election *e, const char *event)
{
  char *sql =
      nep_sprintf("SET session_replication_role = replica; "
                  "UPDATE board.events SET cast_event = %s WHERE uuid = '%s' AND height = 2",
                  event, e->uuid);
  ck_assert(world_sql("admin", sql));
  free(sql);
}

START_TEST(a18_forked_cast_statements_are_not_served)
{
  world_election e;
  nep_cast_receipt receipt;
  nep_head head;
  world_open();
  world_opened(&e, 2, 60);
  cast(&e, 0, &receipt);
  cast(&e, 1, &receipt);
  set_cast_event(&e, "repeat('0', 64)"); /* nothing that it lacks was signed yet */
  world_close();
  world_open();
  set_cast_event(&e, its_cast_event);
  head_of_casts(&e, &head);
  world_close();
  set_cast_event(&e, "repeat('0', 64)");
  refused("board-forked", e.uuid);
  set_cast_event(&e, its_cast_event);
  world_open();
  world_close();
  world_election_free(&e);
}
END_TEST

/* What only the tables' owner can do: a ballot that has no statement. */
static void no_statement_needed(void)
{
  ck_assert(
      world_sql("admin", "ALTER TABLE board.events DROP CONSTRAINT IF EXISTS events_statement"));
}

/* The archive is whole, the last statement is gone. */
START_TEST(a18_cast_statements_that_went_back_are_not_served)
{
  world_election e;
  nep_cast_receipt receipt;
  nep_head head;
  world_open();
  world_opened(&e, 2, 60);
  cast(&e, 0, &receipt);
  cast(&e, 1, &receipt);
  head_of_casts(&e, &head);
  world_close();
  no_statement_needed();
  set_cast_event(&e, "NULL");
  refused("board-went-back", e.uuid);
  set_cast_event(&e, its_cast_event);
  world_open();
  world_close();
  world_election_free(&e);
}
END_TEST

START_TEST(the_signed_head_of_casts_counts_their_bytes)
{
  world_election e;
  nep_cast_receipt receipt;
  nep_buf json = {0};
  nep_head head;
  nep_error err = {0};
  char path[4096], hash[65];
  world_open();
  world_registered(&e, 2, 2, 60);
  ck_assert_int_eq(nep_casts_head_get(world, e.uuid, &json, &err), NEP_E_NOT_FOUND);
  ck_assert_str_eq(err.code, "archive"); /* not open yet */
  world_election_free(&e);
  world_opened(&e, 2, 60);
  ck_assert_int_eq(nep_casts_head_get(world, e.uuid, &json, &err), NEP_E_NOT_FOUND);
  ck_assert_str_eq(err.code, "casts"); /* no ballot yet */
  ck_assert_uint_eq(json.len, 0);
  for (uint64_t n = 0; n < 2; n++) {
    uint64_t height = UINT64_MAX, size = 0;
    cast(&e, (size_t)n, &receipt);
    head_of_casts(&e, &head);
    ck_assert_str_eq(head.uuid, e.uuid);
    ck_assert_uint_eq(head.height, n);
    ck_assert_int_eq(nep_casts_get(world, e.uuid, &height, path, &size, hash, &err), NEP_OK);
    ck_assert_uint_eq(head.size, size);
    world_close(); /* after a restart, too */
    world_open();
  }
  world_close();
  world_election_free(&e);
}
END_TEST

START_TEST(the_signed_head_counts_the_archives_bytes)
{
  world_election e;
  nep_cast_receipt receipt;
  nep_buf json = {0};
  json_t *message = NULL;
  nep_head head;
  nep_error err = {0};
  char path[4096], hash[65];
  uint64_t height = UINT64_MAX, size = 0;
  world_open();
  world_opened(&e, 2, 60);
  cast(&e, 0, &receipt);
  for (int i = 0; i < 2; i++) { /* after a restart, too */
    nep_buf_clear(&json);
    ck_assert_msg(nep_head_get(world, e.uuid, &json, &err) == NEP_OK, "%s", err.reason);
    ck_assert_int_eq(
        nep_envelope_verify(nep_buf_bytes(&json), NEP_TAG_HEAD, NULL, &message, NULL, &err),
        NEP_OK);
    ck_assert_int_eq(nep_head_read(message, &head, &err), NEP_OK);
    json_decref(message);
    ck_assert_str_eq(head.event, receipt.event);
    ck_assert_int_eq(nep_archive_get(world, e.uuid, &height, path, &size, hash, &err), NEP_OK);
    ck_assert_uint_eq(head.size, size);
    ck_assert_uint_eq(head.height, height);
    world_close();
    world_open();
  }
  world_close();
  world_election_free(&e);
  nep_buf_free(&json);
}
END_TEST

static nep_status get_archive(const world_election *e, nep_error *err)
{
  char path[4096], hash[65];
  uint64_t height = UINT64_MAX, size = 0;
  return nep_archive_get(world, e->uuid, &height, path, &size, hash, err);
}

static nep_status get_casts(const world_election *e, nep_error *err)
{
  char path[4096], hash[65];
  uint64_t height = UINT64_MAX, size = 0;
  return nep_casts_get(world, e->uuid, &height, path, &size, hash, err);
}

/* What an operator changes in a row, and changes back. */
typedef struct change {
  const char *sql, *back;
  nep_status (*get)(const world_election *e, nep_error *err);
  bool copied; /* under a server that has its copy of the file */
} change;

static void apply(const world_election *e, const char *sql)
{
  char *whole = nep_sprintf("SET session_replication_role = replica; UPDATE board.%s WHERE uuid = "
                            "'%s' AND height = 1",
                            sql, e->uuid);
  ck_assert_msg(world_sql("admin", whole), "%s", whole);
  free(whole);
}

/* Refused, and served again once it is right. */
static void check_change(const world_election *e, const change *c)
{
  for (int changed = 1; changed >= 0; changed--) {
    nep_error err = {0};
    if (c->copied) {
      ck_assert(!changed || c->get(e, &err) == NEP_OK);
      apply(e, changed ? c->sql : c->back);
    } else { /* copies are made anew */
      world_close();
      apply(e, changed ? c->sql : c->back);
      world_open();
    }
    ck_assert_int_eq(c->get(e, &err), changed ? NEP_E_INTERNAL : NEP_OK);
    if (changed)
      ck_assert_str_eq(err.code, "archive-stored");
  }
}

START_TEST(a_changed_row_is_found_before_it_is_served)
{
  static const change changes[] = {
      {"events SET archive_end = archive_end + 512", "events SET archive_end = archive_end - 512",
       get_archive, false},
      {"events SET archive_end = archive_end + 512", "events SET archive_end = archive_end - 512",
       get_archive, true},
      {"events SET body = body || ' ', payload = encode(sha256(body || ' '), 'hex')",
       "events SET body = substring(body FOR length(body) - 1), "
       "payload = encode(sha256(substring(body FOR length(body) - 1)), 'hex')",
       get_archive, false},
      {"events SET casts_end = casts_end + 512", "events SET casts_end = casts_end - 512",
       get_casts, false}};
  world_election e;
  nep_cast_receipt receipt;
  world_open();
  world_opened(&e, 1, 60);
  cast(&e, 0, &receipt);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
    check_change(&e, &changes[i]);
  world_close();
  world_election_free(&e);
}
END_TEST

START_TEST(a_ballot_filed_under_another_credential_is_not_counted)
{
  world_election e;
  nep_cast_receipt receipt;
  nep_buf tally = {0}, sized = {0};
  nep_error err = {0};
  char public[NEP_ELEMENT_TEXT_MAX];
  world_open();
  world_opened(&e, 2, 60);
  cast(&e, 0, &receipt);
  ck_assert_int_eq(nep_recount(world, e.uuid, &tally, &sized, &err), NEP_OK);
  world_public(&e, 1, public);
  char *sql = nep_sprintf("events SET credential = '%s'", public);
  apply(&e, sql);
  ck_assert_int_eq(nep_recount(world, e.uuid, &tally, &sized, &err), NEP_E_INTERNAL);
  ck_assert_str_eq(err.code, "stored-ballot");
  apply(&e, "events SET credential = repeat('1', 2000)");
  ck_assert_int_eq(nep_recount(world, e.uuid, &tally, &sized, &err), NEP_E_INTERNAL);
  ck_assert_str_eq(err.code, "stored-ballot");
  free(sql);
  nep_buf_free(&sized);
  nep_buf_free(&tally);
  world_close();
  world_election_free(&e);
}
END_TEST

START_TEST(of_ballots_that_have_no_statements_the_last_counts)
{
  world_election e;
  nep_cast_receipt receipt;
  nep_buf tally = {0}, sized = {0}, again = {0}, sized_again = {0};
  nep_error err = {0};
  world_open();
  world_opened(&e, 2, 60);
  for (int i = 0; i < 3; i++)
    cast(&e, 0, &receipt);
  ck_assert_int_eq(nep_recount(world, e.uuid, &tally, &sized, &err), NEP_OK);
  no_statement_needed();
  char *sql = nep_sprintf("SET session_replication_role = replica; UPDATE board.events SET "
                          "sequence = NULL, statement = NULL, statement_hash = NULL, cast_event = "
                          "NULL, cast_parent = NULL, casts_end = NULL WHERE uuid = '%s'",
                          e.uuid);
  ck_assert(world_sql("admin", sql));
  ck_assert_int_eq(nep_recount(world, e.uuid, &again, &sized_again, &err), NEP_OK);
  ck_assert_uint_eq(again.len, tally.len);
  ck_assert_mem_eq(again.data, tally.data, tally.len);
  free(sql);
  nep_buf_free(&sized_again);
  nep_buf_free(&again);
  nep_buf_free(&sized);
  nep_buf_free(&tally);
  world_close();
  world_election_free(&e);
}
END_TEST

/* ---- nep-signer has begun anew, and knows of no chain ---- */

static void open_held(void)
{
  char *path = nep_sprintf("%s/held-%d.sock", world_folder(), (int)getpid());
  held_signer_start(path, world_signer());
  world_open_with(&(nep_service_config){
      .cast_threads = 2, .cast_queue = 100, .cast_batch = 16, .signer_socket = path});
  free(path);
}

/* What only the database's administrator can do: a chain up to this height, of ballots that have no
   statements. */
static void lengthen(const world_election *e, int height)
{
  char *sql = nep_sprintf(
      "SET session_replication_role = replica; DO \\$\\$ DECLARE h board.heads; e board.events; "
      "BEGIN "
      "SELECT * INTO h FROM board.heads WHERE uuid = '%s'; "
      "FOR i IN coalesce(h.height, -1) + 1 .. %d LOOP "
      "e.uuid := h.uuid; e.height := i; e.type := CASE i WHEN 0 THEN 'Setup' ELSE 'Ballot' END; "
      "e.body := CASE WHEN i > 0 THEN convert_to('ballot ' || i, 'UTF8') END; "
      "e.credential := CASE WHEN i > 0 THEN 'credential ' || i END; "
      "e.parent := h.event; e.archive_end := 5120 * (i + 1); e.at := now(); "
      "e.payload := encode(sha256(convert_to('ballot ' || i, 'UTF8')), 'hex'); "
      "e.hash := encode(sha256(convert_to(board.event_text(e.parent, i, e.type::text, e.payload), "
      "'UTF8')), 'hex'); "
      "INSERT INTO board.events SELECT e.*; h.event := e.hash; END LOOP; "
      "UPDATE board.heads SET phase = 'open', height = %d, event = h.event, archive_end = 5120 * "
      "(%d + 1) "
      "WHERE uuid = h.uuid; END \\$\\$",
      e->uuid, height, height, height);
  no_statement_needed();
  ck_assert(world_sql("admin", sql));
  free(sql);
}

typedef struct reader {
  const world_election *e;
  pthread_t thread;
  nep_status status;
  nep_error err;
} reader;

static void *read_head(void *ctx)
{
  reader *r = ctx;
  nep_buf json = {0};
  r->status = nep_head_get(world, r->e->uuid, &json, &r->err);
  nep_buf_free(&json);
  return NULL;
}

static void start_reading(reader *r, const world_election *e)
{
  *r = (reader){.e = e};
  ck_assert_int_eq(pthread_create(&r->thread, NULL, read_head, r), 0);
}

static void is_read(reader *r)
{
  pthread_join(r->thread, NULL);
  ck_assert_msg(r->status == NEP_OK, "%s", r->err.reason);
}

static void refused_reading(const world_election *e)
{
  reader r = {.e = e};
  read_head(&r);
  ck_assert_msg(r.status == NEP_E_BUSY && strcmp(r.err.code, "signer-behind") == 0, "got %s: %s",
                r.err.code, r.err.reason);
}

static void last_cast(const world_election *e, size_t voter, nep_buf *json)
{
  char credential[NEP_ELEMENT_TEXT_MAX], *body;
  nep_error err = {0};
  world_public(e, voter, credential);
  body = nep_sprintf("{\"credential\":\"%s\"}", credential);
  ck_assert_msg(nep_last_cast(world, e->uuid, nep_str_bytes(body), json, &err) == NEP_OK, "%s",
                err.reason);
  free(body);
}

START_TEST(while_a_long_chain_is_shown_again_voters_are_served)
{
  world_election e, second, third;
  nep_cast_receipt receipt;
  reader first, other;
  nep_buf json = {0};
  nep_head casts;
  open_held();
  world_opened(&e, 2, 60);
  cast(&e, 0, &receipt);
  lengthen(&e, 600);
  world_draft(&second, 1, 60, 60);
  lengthen(&second, 300);
  world_draft(&third, 1, 60, 60);
  lengthen(&third, 300);
  held_signer_hold("events");
  start_reading(&first, &e);
  held_signer_await("events", 1);
  refused_reading(&e); /* the same chain: it is under way */
  last_cast(&e, 0, &json);
  ck_assert_ptr_nonnull(strstr(json.data, receipt.event));
  head_of_casts(&e, &casts); /* another chain */
  start_reading(&other, &second);
  held_signer_await("events", 2);
  refused_reading(&third); /* two are under way */
  held_signer_hold(NULL);
  is_read(&first);
  is_read(&other);
  start_reading(&other, &third);
  is_read(&other);
  ck_assert_uint_eq(held_signer_count("events"), 3 + 2 + 2); /* pages: each event was shown once */
  nep_buf_free(&json);
  world_close();
  world_election_free(&third);
  world_election_free(&second);
  world_election_free(&e);
}
END_TEST

START_TEST(what_several_readers_need_is_shown_once)
{
  world_election e;
  reader first, second;
  open_held();
  world_draft(&e, 1, 60, 60);
  lengthen(&e, 99);
  held_signer_hold("events");
  start_reading(&first, &e);
  held_signer_await("events", 1);
  start_reading(&second, &e);
  held_signer_await("known", 3); /* the second one has seen that it is behind, and waits */
  usleep(100000);                /* time to show it, if it did not */
  held_signer_hold(NULL);
  is_read(&first);
  is_read(&second);
  ck_assert_uint_eq(held_signer_count("events"), 1);
  world_close();
  world_election_free(&e);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service-board");
  TCase *tc = tcase_create("board");
  nep_random_start();
  world_start();
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, the_signed_head_counts_the_archives_bytes);
  tcase_add_test(tc, the_signed_head_of_casts_counts_their_bytes);
  tcase_add_test(tc, a18_forked_cast_statements_are_not_served);
  tcase_add_test(tc, a18_cast_statements_that_went_back_are_not_served);
  tcase_add_test(tc, a18_yesterdays_database_is_not_served);
  tcase_add_test(tc, a18_a_copy_is_not_served_once_the_other_has_given_receipts);
  tcase_add_test(tc, a18_a_forked_board_is_not_served);
  tcase_add_test(tc, a_changed_row_is_found_before_it_is_served);
  tcase_add_test(tc, a_ballot_filed_under_another_credential_is_not_counted);
  tcase_add_test(tc, of_ballots_that_have_no_statements_the_last_counts);
  tcase_add_test(tc, while_a_long_chain_is_shown_again_voters_are_served);
  tcase_add_test(tc, what_several_readers_need_is_shown_once);
  suite_add_tcase(suite, tc);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
