/* Countersignatures of one head: by how many mirrors, and of which head. */
#include <string.h>

#include "records/countersignature.h"
#include "records/tags.h"
#include "tests/support/run.h"
#include "tests/unit/records/trust_fixture.h"

static trust_fixture x;
static nep_head head;

static void setup(void)
{
  trust_fixture_open(&x, "hdnd-2026", 3600);
  head = (nep_head){
      .uuid = "11111111111111", .height = 7, .size = 123392, .time = "2026-11-23T07:00:00Z"};
  memset(head.event, 'e', 64);
}

static void teardown(void)
{
  trust_fixture_close(&x);
}

/* Verifies countersignatures of these mirrors, up to three; -1 ends the list. */
static nep_status signed_by(const int mirrors[3], nep_error *err)
{
  nep_buf envelopes[3] = {{0}};
  nep_bytes texts[3];
  size_t n = 0;
  for (; n < 3 && mirrors[n] >= 0; n++) {
    nep_countersign(x.keys[mirrors[n]], &head, &envelopes[n]);
    texts[n] = nep_buf_bytes(&envelopes[n]);
  }
  *err = (nep_error){0};
  nep_status s = nep_countersignatures_verify(texts, n, x.trust, &head, err);
  for (size_t i = 0; i < n; i++)
    nep_buf_free(&envelopes[i]);
  return s;
}

static void refused(const int mirrors[3], const char *code)
{
  nep_error err;
  ck_assert_int_eq(signed_by(mirrors, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, code);
}

START_TEST(a24_as_many_different_mirrors_sign_as_the_trust_file_asks_for)
{
  nep_error err;
  ck_assert_int_eq(signed_by((int[]){MIRROR, -1, -1}, &err), NEP_OK);
  ck_assert_int_eq(signed_by((int[]){OTHER_MIRROR, MIRROR, -1}, &err), NEP_OK);
  refused((int[]){-1, -1, -1}, "too-few-countersignatures");
  x.trust->needed[NEP_ROLE_MIRROR] = 2;
  ck_assert_int_eq(signed_by((int[]){OTHER_MIRROR, MIRROR, -1}, &err), NEP_OK);
  refused((int[]){MIRROR, -1, -1}, "too-few-countersignatures");
  refused((int[]){MIRROR, MIRROR, MIRROR}, "too-few-countersignatures");
}
END_TEST

START_TEST(a24_nobody_but_a_mirror_countersigns)
{
  static const int others[] = {AUDITOR, SECRETARY, OBSERVER, STRANGER};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    refused((int[]){MIRROR, others[i], -1}, "not-pinned");
}
END_TEST

static nep_status verify(const nep_buf *envelope, const nep_head *expected, nep_error *err)
{
  const nep_pinned *mirror = NULL;
  *err = (nep_error){0};
  nep_status s = nep_countersignature_of(nep_buf_bytes(envelope), x.trust, expected, &mirror, err);
  if (s == NEP_OK)
    ck_assert_str_eq(mirror->name, "Bản sao");
  return s;
}

START_TEST(a24_another_head_is_refused_whatever_differs)
{
  nep_head others[] = {head, head, head, head}, later = head;
  nep_error err;
  nep_buf envelope = {0};
  nep_countersign(x.keys[MIRROR], &head, &envelope);
  others[0].uuid[3] = '2';
  others[1].height++;
  others[2].event[0] = '0';
  others[3].size -= 512;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    ck_assert_int_eq(verify(&envelope, &others[i], &err), NEP_E_CHECK);
    ck_assert_str_eq(err.code, "countersignature");
  }
  memcpy(later.time, "2027-01-01T00:00:00Z", sizeof later.time); /* each mirror has its own */
  ck_assert_int_eq(verify(&envelope, &later, &err), NEP_OK);
  nep_buf_free(&envelope);
}
END_TEST

START_TEST(a9_a_head_signed_for_another_purpose_is_no_countersignature)
{
  nep_error err;
  nep_buf message = {0}, envelope = {0};
  nep_head_write(&head, &message);
  nep_envelope_make(x.keys[MIRROR], NEP_TAG_HEAD, nep_buf_bytes(&message), &envelope);
  ck_assert_int_eq(verify(&envelope, &head, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "signature");
  nep_buf_free(&envelope);
  nep_buf_free(&message);
}
END_TEST

START_TEST(every_changed_character_is_refused)
{
  nep_error err;
  nep_buf envelope = {0};
  nep_countersign(x.keys[MIRROR], &head, &envelope);
  for (size_t i = 0; i < envelope.len; i++) {
    char before = envelope.data[i];
    envelope.data[i] = before == 'A' ? 'B' : 'A';
    ck_assert_int_ne(verify(&envelope, &head, &err), NEP_OK);
    envelope.data[i] = before;
  }
  nep_buf_free(&envelope);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/countersignature");
  TCase *tc = tcase_create("countersignatures");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, a24_as_many_different_mirrors_sign_as_the_trust_file_asks_for);
  tcase_add_test(tc, a24_nobody_but_a_mirror_countersigns);
  tcase_add_test(tc, a24_another_head_is_refused_whatever_differs);
  tcase_add_test(tc, a9_a_head_signed_for_another_purpose_is_no_countersignature);
  tcase_add_test(tc, every_changed_character_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
