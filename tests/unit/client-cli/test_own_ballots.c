#include "client-cli/check_verdict.h"
#include "client-cli/own_ballots.h"
#include "crypto/keys.h"
#include "records/second_reading.h"
#include "tests/unit/client-cli/vectors.h"

/* In this archive voter3 voted twice, voter20 not at all. */
#define NAME "Ed25519-revote-weights-two"

/* Hash of an archive's last event. */
static void head_of(const char *path, char head[65])
{
  nep_second_reading s;
  bool end = false;
  ck_assert_int_eq(nep_second_reading_open(path, "x", &s, NULL), NEP_OK);
  while (!end)
    ck_assert_int_eq(nep_second_reading_next(&s, &end, NULL), NEP_OK);
  memcpy(head, s.head, sizeof s.head);
  nep_second_reading_close(&s);
}

static nep_own_ballots ballots_of(const char *voter, uint64_t wanted)
{
  nep_election *e = vector_election(NAME);
  char private[26], public[NEP_ELEMENT_TEXT_MAX], *path = vector_path(NAME, "election.bel");
  char head[65];
  nep_scalar key;
  nep_element element;
  nep_own_ballots own;
  nep_error err = {0};
  head_of(path, head);
  vector_credential(NAME, voter, private);
  nep_credential_key(e->group, e->uuid, private, &key);
  nep_element_exp_g(e->group, &element, &key);
  nep_element_text(e->group, &element, public);
  ck_assert_int_eq(nep_own_ballots_in_archive(path, head, public, wanted, &own, &err), NEP_OK);
  free(path);
  nep_election_free(e);
  return own;
}

/* What a folder has made: the n-th ballot, confirmed where it stands. */
static nep_own_cast cast_of(unsigned n, const nep_own_ballot *b)
{
  nep_own_cast cast = {.n = n, .confirmed = true, .receipt.height = b->height};
  memcpy(cast.tracker, b->tracker, sizeof cast.tracker);
  memcpy(cast.receipt.tracker, b->tracker, sizeof cast.receipt.tracker);
  memcpy(cast.receipt.event, b->event, sizeof cast.receipt.event);
  return cast;
}

static nep_own_cast unconfirmed(unsigned n, const nep_own_ballot *b, bool refused)
{
  nep_own_cast cast = cast_of(n, b);
  cast.receipt = (nep_cast_receipt){0};
  cast.confirmed = false;
  cast.refused = refused;
  return cast;
}

static nep_check_report judge(const nep_own_ballots *own, nep_own_cast *list, size_t n)
{
  nep_own_casts casts = {.list = list, .n = n};
  nep_check_report report;
  nep_check_casts_against(own, &casts, &report);
  return report;
}

START_TEST(all_ballots_of_a_credential_are_found_in_order)
{
  nep_own_ballots once = ballots_of("voter1", 0), twice = ballots_of("voter3", 1);
  ck_assert_uint_eq(once.n, 1);
  ck_assert_uint_eq(twice.n, 2);
  ck_assert_uint_lt(twice.list[0].height, twice.list[1].height);
  ck_assert_uint_eq(strlen(once.list[0].tracker), 43);
  ck_assert_uint_eq(strlen(once.wanted_event), 64);
  ck_assert_str_ne(once.wanted_event, twice.wanted_event);
  ck_assert_uint_eq(once.events, twice.events);
  nep_own_ballots_free(&once);
  nep_own_ballots_free(&twice);
}
END_TEST

START_TEST(another_archive_than_the_verified_one_is_refused)
{
  char head[65], *path = vector_path(NAME, "election.bel");
  nep_own_ballots own;
  nep_error err = {0};
  head_of(path, head);
  ck_assert_int_eq(nep_own_ballots_in_archive(path, head, "x", 0, &own, &err), NEP_OK);
  head[0] = head[0] == '0' ? '1' : '0';
  ck_assert_int_eq(nep_own_ballots_in_archive(path, head, "x", 0, &own, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "archive-changed");
  free(path);
}
END_TEST

START_TEST(an_unused_height_has_no_event)
{
  nep_own_ballots own = ballots_of("voter1", 1000000);
  ck_assert_str_eq(own.wanted_event, "");
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(the_last_ballot_with_its_receipt_counts)
{
  nep_own_ballots own = ballots_of("voter3", 0);
  nep_own_cast casts[] = {cast_of(1, &own.list[0]), cast_of(2, &own.list[1])};
  nep_check_report report = judge(&own, casts, 2);
  ck_assert_int_eq(report.verdict, NEP_CHECK_LAST);
  ck_assert_uint_eq(report.strangers, 0);
  ck_assert_ptr_eq(report.cast, &casts[1]);
  ck_assert_ptr_eq(report.ballot, &own.list[1]);
  /* Without the first one it counts as well, but one ballot is not accounted for. */
  report = judge(&own, &casts[1], 1);
  ck_assert_int_eq(report.verdict, NEP_CHECK_LAST);
  ck_assert_uint_eq(report.strangers, 1);
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(a20_a_later_ballot_of_somebody_else_is_seen)
{
  nep_own_ballots own = ballots_of("voter3", 0);
  nep_own_cast first = cast_of(1, &own.list[0]);
  nep_check_report report = judge(&own, &first, 1);
  ck_assert_int_eq(report.verdict, NEP_CHECK_REPLACED);
  ck_assert_uint_eq(report.strangers, 1);
  ck_assert_str_eq(report.ballot->tracker, own.list[1].tracker);
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(a_ballot_whose_receipt_was_lost_is_no_strangers)
{
  nep_own_ballots own = ballots_of("voter3", 0);
  nep_own_cast casts[] = {cast_of(1, &own.list[0]), unconfirmed(2, &own.list[1], false)};
  nep_check_report report = judge(&own, casts, 2);
  ck_assert_int_eq(report.verdict, NEP_CHECK_LAST);
  ck_assert_uint_eq(report.strangers, 0);
  ck_assert_ptr_eq(report.cast, &casts[1]);
  ck_assert(nep_check_stands(&own, &casts[1]));
  casts[1].tracker[0] = casts[1].tracker[0] == 'A' ? 'B' : 'A';
  ck_assert(!nep_check_stands(&own, &casts[1]));
  nep_own_ballots_free(&own);
}
END_TEST

/* Wherever it stands: the server said that it would not be there. */
START_TEST(a_refused_ballot_that_was_stored_is_seen)
{
  nep_own_ballots own = ballots_of("voter3", 0);
  for (size_t i = 0; i < 2; i++) {
    nep_own_cast casts[] = {cast_of(1, &own.list[0]), cast_of(2, &own.list[1])};
    casts[i] = unconfirmed((unsigned)i + 1, &own.list[i], true);
    nep_check_report report = judge(&own, casts, 2);
    ck_assert_int_eq(report.verdict, NEP_CHECK_REFUSED);
    ck_assert_uint_eq(report.strangers, 0);
    ck_assert_ptr_eq(report.ballot, &own.list[i]);
    ck_assert_ptr_eq(report.cast, &casts[i]);
  }
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(a23_an_older_ballot_of_this_folder_after_a_newer_one_is_seen)
{
  nep_own_ballots own = ballots_of("voter3", 0);
  nep_own_cast casts[] = {cast_of(1, &own.list[1]), cast_of(2, &own.list[0])};
  nep_check_report report = judge(&own, casts, 2);
  ck_assert_int_eq(report.verdict, NEP_CHECK_ORDER);
  ck_assert_ptr_eq(report.cast, &casts[0]);
  ck_assert_ptr_eq(report.ballot, &own.list[1]);
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(a_ballot_that_is_not_where_the_receipt_says_is_missing)
{
  nep_own_ballots own = ballots_of("voter1", 0);
  nep_own_cast cast = cast_of(1, &own.list[0]);
  cast.receipt.height++;
  nep_check_report report = judge(&own, &cast, 1);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  ck_assert_ptr_eq(report.cast, &cast);
  ck_assert(!report.too_short);
  cast = cast_of(1, &own.list[0]);
  cast.receipt.tracker[0] = cast.receipt.tracker[0] == 'A' ? 'B' : 'A';
  ck_assert_int_eq(judge(&own, &cast, 1).verdict, NEP_CHECK_MISSING);
  cast = cast_of(1, &own.list[0]);
  cast.receipt.event[0] = cast.receipt.event[0] == '0' ? '1' : '0';
  ck_assert_int_eq(judge(&own, &cast, 1).verdict, NEP_CHECK_MISSING);
  cast = cast_of(1, &own.list[0]);
  cast.receipt.height = own.events;
  report = judge(&own, &cast, 1);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  ck_assert(report.too_short);
  nep_own_ballots_free(&own);
}
END_TEST

/* An earlier ballot that disappeared is a broken record even when the last one is there. */
START_TEST(every_receipt_is_held_against_the_archive)
{
  nep_own_ballots own = ballots_of("voter3", 0);
  nep_own_cast casts[] = {cast_of(1, &own.list[0]), cast_of(2, &own.list[1])};
  casts[0].receipt.tracker[0] = casts[0].receipt.tracker[0] == 'A' ? 'B' : 'A';
  nep_check_report report = judge(&own, casts, 2);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  ck_assert_ptr_eq(report.cast, &casts[0]);
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(who_has_not_voted_has_no_ballots)
{
  nep_own_ballots own = ballots_of("voter20", 0);
  nep_own_cast cast = {.n = 1, .confirmed = true, .receipt.height = 1};
  ck_assert_uint_eq(own.n, 0);
  ck_assert_int_eq(judge(&own, &cast, 1).verdict, NEP_CHECK_MISSING);
  cast.confirmed = false;
  ck_assert_int_eq(judge(&own, &cast, 1).verdict, NEP_CHECK_NONE);
  nep_own_ballots_free(&own);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/own_ballots");
  TCase *tc = tcase_create("own ballots");
  tcase_add_test(tc, all_ballots_of_a_credential_are_found_in_order);
  tcase_add_test(tc, another_archive_than_the_verified_one_is_refused);
  tcase_add_test(tc, an_unused_height_has_no_event);
  tcase_add_test(tc, the_last_ballot_with_its_receipt_counts);
  tcase_add_test(tc, a20_a_later_ballot_of_somebody_else_is_seen);
  tcase_add_test(tc, a_ballot_whose_receipt_was_lost_is_no_strangers);
  tcase_add_test(tc, a_refused_ballot_that_was_stored_is_seen);
  tcase_add_test(tc, a23_an_older_ballot_of_this_folder_after_a_newer_one_is_seen);
  tcase_add_test(tc, a_ballot_that_is_not_where_the_receipt_says_is_missing);
  tcase_add_test(tc, every_receipt_is_held_against_the_archive);
  tcase_add_test(tc, who_has_not_voted_has_no_ballots);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
