#include "client-cli/check_verdict.h"
#include "client-cli/own_ballots.h"
#include "crypto/keys.h"
#include "tests/unit/client-cli/vectors.h"

/* In this archive voter3 voted twice, voter20 not at all. */
#define NAME "Ed25519-revote-weights-two"

static nep_own_ballots ballots_of(const char *voter, uint64_t wanted)
{
  nep_election *e = vector_election(NAME);
  char private[26], public[NEP_ELEMENT_TEXT_MAX], *path = vector_path(NAME, "election.bel");
  nep_scalar key;
  nep_element element;
  nep_own_ballots own;
  nep_error err = {0};
  vector_credential(NAME, voter, private);
  nep_credential_key(e->group, e->uuid, private, &key);
  nep_element_exp_g(e->group, &element, &key);
  nep_element_text(e->group, &element, public);
  ck_assert_int_eq(nep_own_ballots_in_archive(path, public, wanted, &own, &err), NEP_OK);
  free(path);
  nep_election_free(e);
  return own;
}

static nep_cast_receipt receipt_for(const nep_own_ballot *b)
{
  nep_cast_receipt r = {.height = b->height};
  memcpy(r.tracker, b->tracker, sizeof r.tracker);
  memcpy(r.event, b->event, sizeof r.event);
  return r;
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
  nep_cast_receipt receipts[] = {receipt_for(&own.list[0]), receipt_for(&own.list[1])};
  nep_check_report report;
  nep_check_receipts(&own, receipts, 2, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_LAST);
  ck_assert_uint_eq(report.strangers, 0);
  /* Without the first receipt it counts as well, but one ballot is not accounted for. */
  nep_check_receipts(&own, &receipts[1], 1, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_LAST);
  ck_assert_uint_eq(report.strangers, 1);
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(a20_a_later_ballot_of_somebody_else_is_seen)
{
  nep_own_ballots own = ballots_of("voter3", 0);
  nep_cast_receipt first = receipt_for(&own.list[0]);
  nep_check_report report;
  nep_check_receipts(&own, &first, 1, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_REPLACED);
  ck_assert_uint_eq(report.strangers, 1);
  ck_assert_str_eq(report.last.tracker, own.list[1].tracker);
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(a_ballot_that_is_not_where_the_receipt_says_is_missing)
{
  nep_own_ballots own = ballots_of("voter1", 0);
  nep_check_report report;
  nep_cast_receipt r = receipt_for(&own.list[0]);
  r.height++;
  nep_check_receipts(&own, &r, 1, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  ck_assert(!report.too_short);
  r = receipt_for(&own.list[0]);
  r.tracker[0] = r.tracker[0] == 'A' ? 'B' : 'A';
  nep_check_receipts(&own, &r, 1, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  r = receipt_for(&own.list[0]);
  r.event[0] = r.event[0] == '0' ? '1' : '0';
  nep_check_receipts(&own, &r, 1, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  r = receipt_for(&own.list[0]);
  r.height = own.events;
  nep_check_receipts(&own, &r, 1, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  ck_assert(report.too_short);
  nep_own_ballots_free(&own);
}
END_TEST

/* An earlier ballot that disappeared is a broken record even when the last one is there. */
START_TEST(every_receipt_is_held_against_the_archive)
{
  nep_own_ballots own = ballots_of("voter3", 0);
  nep_cast_receipt receipts[] = {receipt_for(&own.list[0]), receipt_for(&own.list[1])};
  nep_check_report report;
  receipts[0].tracker[0] = receipts[0].tracker[0] == 'A' ? 'B' : 'A';
  nep_check_receipts(&own, receipts, 2, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  ck_assert_uint_eq(report.missing, 0);
  nep_own_ballots_free(&own);
}
END_TEST

START_TEST(who_has_not_voted_has_no_ballots)
{
  nep_own_ballots own = ballots_of("voter20", 0);
  nep_cast_receipt r = {.height = 1};
  nep_check_report report;
  ck_assert_uint_eq(own.n, 0);
  nep_check_receipts(&own, &r, 1, &report);
  ck_assert_int_eq(report.verdict, NEP_CHECK_MISSING);
  nep_own_ballots_free(&own);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/own_ballots");
  TCase *tc = tcase_create("own ballots");
  tcase_add_test(tc, all_ballots_of_a_credential_are_found_in_order);
  tcase_add_test(tc, an_unused_height_has_no_event);
  tcase_add_test(tc, the_last_ballot_with_its_receipt_counts);
  tcase_add_test(tc, a20_a_later_ballot_of_somebody_else_is_seen);
  tcase_add_test(tc, a_ballot_that_is_not_where_the_receipt_says_is_missing);
  tcase_add_test(tc, every_receipt_is_held_against_the_archive);
  tcase_add_test(tc, who_has_not_voted_has_no_ballots);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
