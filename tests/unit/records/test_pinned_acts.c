/* Freeze acts and tally acts. */
#include <string.h>

#include "records/freeze_act.h"
#include "records/tags.h"
#include "records/tally_act.h"
#include "tests/support/run.h"
#include "tests/unit/records/trust_fixture.h"

#define UUID "11111111111111"
enum { HASH = 65 };

static trust_fixture x;
static nep_freeze_act freeze;
static nep_tally_act tally;

static void setup(void)
{
  trust_fixture_open(&x, "hdnd-2026", 3600);
  nep_freeze_act_fill(UUID, nep_str_bytes("definition"), nep_str_bytes("trustees"),
                      nep_str_bytes("credentials"), x.trust->hash, &freeze);
  memset(&tally, 0, sizeof tally);
  memcpy(tally.uuid, UUID, sizeof UUID);
  memcpy(tally.election_hash, freeze.election_hash, HASH);
  memcpy(tally.setup_hash, freeze.setup_hash, HASH);
  memcpy(tally.end_ballots, freeze.trustees_hash, HASH);
  memcpy(tally.tally_hash, freeze.credentials_hash, HASH);
  memcpy(tally.closes, "2026-11-23T07:00:00Z", 21);
  memcpy(tally.trust, x.trust->hash, HASH);
  memcpy(tally.time, "2026-11-23T08:00:00Z", 21);
}

static void teardown(void)
{
  trust_fixture_close(&x);
}

static nep_buf sign_freeze(int key, const nep_freeze_act *act, const char *tag)
{
  nep_buf message = {0}, envelope = {0};
  nep_freeze_act_write(act, &message);
  nep_envelope_make(x.keys[key], tag, nep_buf_bytes(&message), &envelope);
  nep_buf_free(&message);
  return envelope;
}

static nep_buf sign_tally(int key, const nep_tally_act *act, const char *tag)
{
  nep_buf message = {0}, envelope = {0};
  nep_tally_act_write(act, &message);
  nep_envelope_make(x.keys[key], tag, nep_buf_bytes(&message), &envelope);
  nep_buf_free(&message);
  return envelope;
}

/* Verifies acts of these signers, up to three; -1 ends the list. */
static nep_status freeze_by(const int signers[3], nep_error *err)
{
  nep_buf acts[3] = {{0}};
  nep_bytes texts[3];
  size_t n = 0;
  for (; n < 3 && signers[n] >= 0; n++) {
    acts[n] = sign_freeze(signers[n], &freeze, NEP_TAG_FREEZE);
    texts[n] = nep_buf_bytes(&acts[n]);
  }
  *err = (nep_error){0};
  nep_status s = nep_freeze_acts_verify(texts, n, x.trust, &freeze, err);
  for (size_t i = 0; i < n; i++)
    nep_buf_free(&acts[i]);
  return s;
}

static nep_status tally_by(const int signers[3], nep_error *err)
{
  nep_buf acts[3] = {{0}};
  nep_bytes texts[3];
  size_t n = 0;
  for (; n < 3 && signers[n] >= 0; n++) {
    acts[n] = sign_tally(signers[n], &tally, NEP_TAG_TALLY_ACT);
    texts[n] = nep_buf_bytes(&acts[n]);
  }
  *err = (nep_error){0};
  nep_status s = nep_tally_acts_verify(texts, n, x.trust, &tally, err);
  for (size_t i = 0; i < n; i++)
    nep_buf_free(&acts[i]);
  return s;
}

START_TEST(a25_a_freeze_needs_as_many_different_officials_as_the_trust_file_says)
{
  nep_error err;
  ck_assert_int_eq(freeze_by((int[]){SECRETARY, CHAIR, -1}, &err), NEP_OK);
  ck_assert_int_eq(freeze_by((int[]){SECRETARY, CHAIR, CLERK}, &err), NEP_OK);
  ck_assert_int_eq(freeze_by((int[]){-1, -1, -1}, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "too-few-acts");
  ck_assert_int_eq(freeze_by((int[]){SECRETARY, -1, -1}, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "too-few-acts");
  ck_assert_int_eq(freeze_by((int[]){SECRETARY, SECRETARY, -1}, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "too-few-acts");
}
END_TEST

START_TEST(a25_a_freeze_by_persons_without_that_role_is_refused)
{
  static const int strangers[] = {STRANGER, OBSERVER, MIRROR, AUDITOR};
  nep_error err;
  for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
    ck_assert_int_eq(freeze_by((int[]){SECRETARY, CHAIR, strangers[i]}, &err), NEP_E_CHECK);
    ck_assert_str_eq(err.code, "not-pinned");
  }
}
END_TEST

START_TEST(a25_a_freeze_of_another_election_key_list_or_trust_file_is_refused)
{
  const nep_pinned *signer = NULL;
  nep_error err = {0};
  char *const fields[] = {freeze.uuid,          freeze.election_hash,
                          freeze.trustees_hash, freeze.credentials_hash,
                          freeze.setup_hash,    freeze.trust};
  nep_buf act = sign_freeze(CHAIR, &freeze, NEP_TAG_FREEZE);
  ck_assert_int_eq(nep_freeze_act_verify(nep_buf_bytes(&act), x.trust, &freeze, &signer, &err),
                   NEP_OK);
  ck_assert_str_eq(signer->name, "Chủ tịch");
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    char before = fields[i][3];
    fields[i][3] = before == '2' ? '3' : '2';
    ck_assert_int_eq(nep_freeze_act_verify(nep_buf_bytes(&act), x.trust, &freeze, &signer, &err),
                     NEP_E_CHECK);
    ck_assert_str_eq(err.code, "freeze-act");
    fields[i][3] = before;
  }
  nep_buf_free(&act);
}
END_TEST

START_TEST(a9_an_act_signed_for_another_purpose_is_refused)
{
  const nep_pinned *signer;
  nep_role role;
  nep_error err = {0};
  nep_buf act = sign_freeze(CHAIR, &freeze, NEP_TAG_TALLY_ACT);
  ck_assert_int_eq(nep_freeze_act_verify(nep_buf_bytes(&act), x.trust, &freeze, &signer, &err),
                   NEP_E_CHECK);
  ck_assert_str_eq(err.code, "signature");
  nep_buf_free(&act);
  act = sign_tally(CHAIR, &tally, NEP_TAG_FREEZE);
  ck_assert_int_eq(nep_tally_act_verify(nep_buf_bytes(&act), x.trust, &tally, &role, &signer, &err),
                   NEP_E_CHECK);
  ck_assert_str_eq(err.code, "signature");
  nep_buf_free(&act);
}
END_TEST

START_TEST(every_changed_character_of_an_act_is_refused)
{
  const nep_pinned *signer;
  nep_error err = {0};
  nep_buf act = sign_freeze(CHAIR, &freeze, NEP_TAG_FREEZE);
  for (size_t i = 0; i < act.len; i++) {
    char before = act.data[i];
    act.data[i] = before == 'A' ? 'B' : 'A';
    ck_assert_int_ne(nep_freeze_act_verify(nep_buf_bytes(&act), x.trust, &freeze, &signer, &err),
                     NEP_OK);
    act.data[i] = before;
  }
  nep_buf_free(&act);
}
END_TEST

START_TEST(a24_a_tally_needs_officials_and_observers)
{
  nep_error err;
  ck_assert_int_eq(tally_by((int[]){SECRETARY, CHAIR, OBSERVER}, &err), NEP_OK);
  ck_assert_int_eq(tally_by((int[]){OBSERVER, CLERK, CHAIR}, &err), NEP_OK);
  ck_assert_int_eq(tally_by((int[]){SECRETARY, CHAIR, CLERK}, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "too-few-acts");
  ck_assert_int_eq(tally_by((int[]){SECRETARY, SECRETARY, OBSERVER}, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "too-few-acts");
  ck_assert_int_eq(tally_by((int[]){SECRETARY, CHAIR, STRANGER}, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "not-pinned");
  ck_assert_int_eq(tally_by((int[]){SECRETARY, CHAIR, MIRROR}, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "not-pinned");
}
END_TEST

START_TEST(a24_a_tally_act_over_another_chain_tally_or_time_is_refused)
{
  const nep_pinned *signer;
  nep_role role;
  nep_error err = {0};
  char *const fields[] = {tally.uuid,        tally.election_hash, tally.setup_hash,
                          tally.end_ballots, tally.tally_hash,    tally.closes,
                          tally.trust};
  nep_buf act = sign_tally(OBSERVER, &tally, NEP_TAG_TALLY_ACT);
  ck_assert_int_eq(nep_tally_act_verify(nep_buf_bytes(&act), x.trust, &tally, &role, &signer, &err),
                   NEP_OK);
  ck_assert_int_eq(role, NEP_ROLE_OBSERVER);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    char before = fields[i][3];
    fields[i][3] = before == '2' ? '3' : '2';
    ck_assert_int_eq(
        nep_tally_act_verify(nep_buf_bytes(&act), x.trust, &tally, &role, &signer, &err),
        NEP_E_CHECK);
    ck_assert_str_eq(err.code, "tally-act");
    fields[i][3] = before;
  }
  nep_buf_free(&act);
}
END_TEST

START_TEST(a24_acts_that_disagree_about_the_end_of_voting_are_refused)
{
  nep_error err = {0};
  nep_tally_act later = tally, expected = tally;
  memcpy(later.closes, "2026-11-23T07:00:01Z", 21);
  expected.closes[0] = '\0';
  nep_buf a = sign_tally(SECRETARY, &tally, NEP_TAG_TALLY_ACT),
          b = sign_tally(OBSERVER, &tally, NEP_TAG_TALLY_ACT),
          c = sign_tally(CHAIR, &later, NEP_TAG_TALLY_ACT),
          d = sign_tally(CHAIR, &tally, NEP_TAG_TALLY_ACT);
  nep_bytes apart[] = {nep_buf_bytes(&a), nep_buf_bytes(&b), nep_buf_bytes(&c)};
  nep_bytes agreed[] = {nep_buf_bytes(&a), nep_buf_bytes(&b), nep_buf_bytes(&d)};
  ck_assert_int_eq(nep_tally_acts_verify(apart, 3, x.trust, &expected, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "tally-act");
  expected.closes[0] = '\0';
  ck_assert_int_eq(nep_tally_acts_verify(agreed, 3, x.trust, &expected, &err), NEP_OK);
  ck_assert_str_eq(expected.closes, tally.closes);
  nep_buf_free(&d);
  nep_buf_free(&c);
  nep_buf_free(&b);
  nep_buf_free(&a);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/pinned-acts");
  TCase *tc = tcase_create("acts");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a25_a_freeze_needs_as_many_different_officials_as_the_trust_file_says);
  tcase_add_test(tc, a25_a_freeze_by_persons_without_that_role_is_refused);
  tcase_add_test(tc, a25_a_freeze_of_another_election_key_list_or_trust_file_is_refused);
  tcase_add_test(tc, a9_an_act_signed_for_another_purpose_is_refused);
  tcase_add_test(tc, every_changed_character_of_an_act_is_refused);
  tcase_add_test(tc, a24_a_tally_needs_officials_and_observers);
  tcase_add_test(tc, a24_a_tally_act_over_another_chain_tally_or_time_is_refused);
  tcase_add_test(tc, a24_acts_that_disagree_about_the_end_of_voting_are_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
