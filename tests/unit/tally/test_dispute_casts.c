/* nep-verify dispute: casts files, the server's and others' (A23). */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "tests/support/run.h"
#include "tests/unit/tally/casts_fixture.h"

START_TEST(honest_statements_accuse_nobody)
{
  save_honest_casts();
  save_stored("s1", FIRST);
  save_stored("s2", SECOND);
  expect("s1 s2 " BOTH, 0, "casts-held");
  ck_assert(says("statement-kept"));
  ck_assert_ptr_nonnull(strstr(out.data, "\"verdict\":\"nothing-shown\""));
}
END_TEST

START_TEST(a23_an_older_ballot_after_a_newer_one_is_shown_against_the_server)
{
  casts c = honest();
  c.first = 2;
  c.second = 1;
  save_casts("casts", &c);
  expect("casts whole.bel", 0, "casts-unattributed");
  expect("casts --published whole.bel", 0, "casts-unattributed");
  expect_who("--published casts whole.bel", 1, "casts-order", "server");
  c.first = c.second = 2;
  save_casts("casts", &c);
  expect_who("--published casts whole.bel", 1, "casts-order", "server");
}
END_TEST

/* The hash of the last event of "casts". */
static void last_event(const char *name, char hash[65])
{
  nep_buf all = {0};
  char *path = in_folder(name);
  ck_assert_int_eq(nep_file_read(path, 1 << 24, &all, NULL), NEP_OK);
  for (size_t at = 0; at + 75 <= all.len; at += 512)
    if (memcmp(all.data + at + 64, ".event.json", 11) == 0)
      memcpy(hash, all.data + at, 64);
  hash[64] = '\0';
  nep_buf_free(&all);
  free(path);
}

START_TEST(a23_a_signed_head_of_the_statements_makes_the_file_the_servers)
{
  casts c = honest();
  char hash[65] = "";
  c.first = 2;
  c.second = 1;
  save_casts("casts", &c);
  last_event("casts", hash);
  save_casts_head("head", server, c.n - 1, hash);
  expect_who("head casts whole.bel", 1, "casts-order", "server");
  save_casts_head("head", stranger, c.n - 1, hash); /* another key */
  expect("head casts whole.bel", 0, "casts-unattributed");
  save_casts_head("head", server, c.n - 2, hash); /* what follows a head anybody can have added */
  expect("head casts whole.bel", 0, "casts-unattributed");
  save_head("head", server, c.n - 1, hash); /* of the other chain */
  expect("head casts whole.bel", 0, "casts-unattributed");
}
END_TEST

/* Whoever holds the credential can sign any statement afterwards. */
START_TEST(a_voter_who_signs_another_order_afterwards_accuses_nobody)
{
  save_honest_casts();
  save_statement("s1", mine, events[FIRST].payload, 7);
  save_statement("s2", mine, events[SECOND].payload, 2);
  expect("s1 s2 --published whole.bel", 0, "order-own-word");
  expect("s1 s2 " BOTH, 0, "casts-held");
  ck_assert(says("two-statements"));
  ck_assert(!says("order-own-word"));
}
END_TEST

START_TEST(statements_that_do_not_fit_the_record_are_the_servers_when_both_are)
{
  casts c = honest();
  c.wrong_ballot = true;
  save_casts("casts", &c);
  expect("casts --published whole.bel", 0, "casts-unattributed");
  expect("--published casts whole.bel", 0, "casts-unattributed");
  expect_who(BOTH, 1, "casts-contradict", "server");
  save_head("head", server, n_events - 1, events[n_events - 1].hash);
  expect_who("head --published casts whole.bel", 1, "casts-contradict", "server");
  c.wrong_ballot = false;
  c.wrong_key = true;
  save_casts("casts", &c);
  expect_who(BOTH, 1, "casts-contradict", "server");
  c = honest();
  c.timestamp++; /* which no hash covers: anybody could have changed it */
  save_casts("casts", &c);
  expect(BOTH, 0, "casts-unattributed");
}
END_TEST

START_TEST(a_file_that_may_only_be_older_accuses_nobody)
{
  casts c = honest();
  c.n--;
  save_casts("casts", &c);
  expect(BOTH, 0, "casts-short");
  save_honest_casts();
  save_prefix("old.bel", 8);
  expect("--published casts --published old.bel", 0, "archive-short");
  c.n += 2;
  save_casts("casts", &c);
  expect("--published casts whole.bel", 0, "archive-short");
  expect("casts --published whole.bel", 0, "archive-short");
  expect_who(BOTH, 1, "casts-extra", "server");
}
END_TEST

START_TEST(a_damaged_casts_file_accuses_nobody)
{
  nep_buf all = {0};
  char *path = in_folder("casts");
  save_honest_casts();
  ck_assert_int_eq(nep_file_read(path, 1 << 24, &all, NULL), NEP_OK);
  char *number = memmem(all.data, all.len, "\"sequence\":1", 12);
  ck_assert_ptr_nonnull(number);
  number[11] = '3';
  save("casts", all.data, all.len);
  expect(BOTH, 0, "casts-damaged");
  number[11] = '1';
  save("casts", all.data, all.len - 1024);
  expect(BOTH, 0, "casts-damaged");
  memcpy(memmem(all.data, 1024, "\"uuid\"", 6), "\"uuix\"", 6);
  save("casts", all.data, all.len);
  expect(BOTH, 0, "casts-damaged");
  save_honest_casts();
  expect("--published casts", 0, "casts-alone");
  nep_buf_free(&all);
  free(path);
}
END_TEST

START_TEST(two_lists_of_statements_are_shown_when_both_are_the_servers)
{
  casts c = honest();
  save_casts("a", &c);
  c.second = 9;
  save_casts("b", &c);
  expect("--published a b", 0, "casts-fork-unattributed");
  expect_who("--published a --published b", 1, "casts-fork", "server");
  save_honest_casts();
  save_shorter("b", 5); /* part of the other */
  expect("--published casts --published b --published whole.bel", 0, "casts-held");
  ck_assert(says("casts-short"));
}
END_TEST

START_TEST(it_is_said_in_plain_words_of_two_languages)
{
  casts c = honest();
  c.first = 3;
  save_casts("casts", &c);
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=en", "--published casts whole.bel"), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "put an older ballot of a voter after a newer one"));
  ck_assert_int_eq(dispute("LC_ALL=C.UTF-8 LANGUAGE=vi", "--published casts whole.bel"), 1);
  ck_assert_ptr_nonnull(strstr(out.data, "đặt một lá phiếu cũ của cử tri sau lá phiếu mới hơn"));
}
END_TEST

int main(void)
{
  Suite *s = suite_create("dispute_casts");
  TCase *t = tcase_create("dispute_casts");
  tcase_set_timeout(t, 300);
  tcase_add_unchecked_fixture(t, casts_start, casts_end);
  tcase_add_test(t, a23_a_signed_head_of_the_statements_makes_the_file_the_servers);
  tcase_add_test(t, honest_statements_accuse_nobody);
  tcase_add_test(t, a23_an_older_ballot_after_a_newer_one_is_shown_against_the_server);
  tcase_add_test(t, a_voter_who_signs_another_order_afterwards_accuses_nobody);
  tcase_add_test(t, statements_that_do_not_fit_the_record_are_the_servers_when_both_are);
  tcase_add_test(t, a_file_that_may_only_be_older_accuses_nobody);
  tcase_add_test(t, a_damaged_casts_file_accuses_nobody);
  tcase_add_test(t, two_lists_of_statements_are_shown_when_both_are_the_servers);
  tcase_add_test(t, it_is_said_in_plain_words_of_two_languages);
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
