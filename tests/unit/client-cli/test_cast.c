#include "client-cli/cast.h"

#include "base/encode.h"
#include "records/tags.h"
#include "tests/unit/client-cli/vectors.h"

static nep_buf make_ballot(const char *name, const nep_election *e, const nep_choice *choices)
{
  char credential[26];
  nep_buf b = {0};
  nep_error err = {0};
  vector_credential(name, "voter1", credential);
  ck_assert_int_eq(nep_ballot_make(e, credential, choices, &b, &err), NEP_OK);
  return b;
}

/* Every admissible choice of the one question: 1 to 3 of 5, or blank. */
static size_t all_choices(nep_choice *out)
{
  size_t n = 0;
  memset(out, 0, 32 * sizeof *out);
  for (unsigned bits = 1; bits < 32; bits++) {
    if (__builtin_popcount(bits) > 3)
      continue;
    for (unsigned i = 0; i < 5; i++)
      out[n].chosen[i] = bits >> i & 1;
    n++;
  }
  out[n++].blank = true;
  return n;
}

START_TEST(a16_requests_have_one_length_whatever_the_choice)
{
  nep_election *e = vector_election("Ed25519-blank");
  size_t bytes = nep_ballot_envelope(e);
  nep_choice choices[32];
  size_t n = all_choices(choices);
  ck_assert_uint_eq(n, 26);
  for (size_t i = 0; i < n; i++) {
    nep_buf ballot = make_ballot("Ed25519-blank", e, &choices[i]), body = {0};
    nep_error err = {0};
    ck_assert_uint_le(ballot.len, nep_ballot_longest(e));
    ck_assert_int_eq(nep_cast_body(nep_buf_bytes(&ballot), nep_str_bytes("{}"), bytes, &body, &err),
                     NEP_OK);
    ck_assert_uint_eq(body.len, bytes);
    size_t start = strlen("{\"ballot\":"), end = start + ballot.len + strlen(",\"statement\":{}}");
    ck_assert_mem_eq(body.data + start, ballot.data, ballot.len);
    for (size_t at = end; at < body.len; at++)
      ck_assert_int_eq(body.data[at], ' ');
    nep_buf_free(&body);
    nep_buf_free(&ballot);
  }
  nep_election_free(e);
}
END_TEST

START_TEST(a_ballot_longer_than_the_envelope_is_not_sent)
{
  nep_buf body = {0};
  nep_error err = {0};
  ck_assert_int_eq(nep_cast_body(nep_str_bytes("12345"), nep_str_bytes("67"), 31, &body, &err),
                   NEP_OK);
  ck_assert_int_eq(nep_cast_body(nep_str_bytes("123456"), nep_str_bytes("67"), 31, &body, &err),
                   NEP_E_INTERNAL);
  ck_assert_uint_eq(body.len, 31);
  nep_buf_free(&body);
}
END_TEST

START_TEST(a_revote_of_the_same_choice_is_another_ballot)
{
  nep_election *e = vector_election("Ed25519-blank");
  nep_choice choices[32];
  all_choices(choices);
  nep_buf a = make_ballot("Ed25519-blank", e, choices),
          b = make_ballot("Ed25519-blank", e, choices);
  ck_assert(a.len != b.len || memcmp(a.data, b.data, a.len) != 0);
  nep_buf_free(&a);
  nep_buf_free(&b);
  nep_election_free(e);
}
END_TEST

/* ---- receipts ---- */

typedef struct receipt_case {
  nep_election *e;
  nep_signing_key *key;
  char key_hex[NEP_PUBLIC_KEY_HEX + 1];
  nep_cast_receipt good;
} receipt_case;

#define BALLOT "{\"stands\":\"for a ballot\"}"

static receipt_case start(void)
{
  receipt_case c = {.e = vector_election("Ed25519-single"), .key = nep_signing_key_new()};
  char hash[65];
  nep_signing_key_public(c.key, c.key_hex);
  nep_sha256_hex(BALLOT, strlen(BALLOT), hash);
  memcpy(c.good.uuid, c.e->uuid, strlen(c.e->uuid) + 1);
  memcpy(c.good.election_hash, c.e->phi, 65);
  ck_assert(nep_tracker(hash, c.good.tracker));
  c.good.height = 7;
  memcpy(c.good.event, hash, 65);
  memcpy(c.good.time, "2026-11-23T07:00:00Z", 21);
  return c;
}

static nep_status check(const receipt_case *c, const nep_cast_receipt *r, const char *tag,
                        const char *ballot, nep_error *err)
{
  nep_buf message = {0}, envelope = {0};
  nep_cast_receipt out;
  *err = (nep_error){0};
  nep_cast_receipt_write(r, &message);
  nep_envelope_make(c->key, tag, nep_buf_bytes(&message), &envelope);
  nep_status status = nep_cast_receipt_check(nep_buf_bytes(&envelope), c->key_hex, c->e,
                                             nep_str_bytes(ballot), &out, err);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
  return status;
}

static void end(receipt_case *c)
{
  nep_signing_key_free(c->key);
  nep_election_free(c->e);
}

START_TEST(a_receipt_for_this_ballot_is_accepted)
{
  receipt_case c = start();
  nep_error err;
  ck_assert_int_eq(check(&c, &c.good, NEP_TAG_CAST_RECEIPT, BALLOT, &err), NEP_OK);
  end(&c);
}
END_TEST

START_TEST(a_receipt_for_something_else_is_refused)
{
  receipt_case c = start();
  nep_cast_receipt r = c.good;
  nep_error err;
  r.uuid[0] = r.uuid[0] == '1' ? '2' : '1';
  ck_assert_int_eq(check(&c, &r, NEP_TAG_CAST_RECEIPT, BALLOT, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "receipt-content");
  r = c.good;
  r.election_hash[0] = r.election_hash[0] == '1' ? '2' : '1';
  ck_assert_int_eq(check(&c, &r, NEP_TAG_CAST_RECEIPT, BALLOT, &err), NEP_E_CHECK);
  ck_assert_int_eq(check(&c, &c.good, NEP_TAG_CAST_RECEIPT, BALLOT " ", &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "receipt-content");
  ck_assert_int_eq(check(&c, &c.good, NEP_TAG_HEAD, BALLOT, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "signature");
  c.key_hex[0] = c.key_hex[0] == '1' ? '2' : '1'; /* another server's key */
  ck_assert_int_eq(check(&c, &c.good, NEP_TAG_CAST_RECEIPT, BALLOT, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "signature");
  end(&c);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/cast");
  TCase *tc = tcase_create("casting");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, a16_requests_have_one_length_whatever_the_choice);
  tcase_add_test(tc, a_ballot_longer_than_the_envelope_is_not_sent);
  tcase_add_test(tc, a_revote_of_the_same_choice_is_another_ballot);
  tcase_add_test(tc, a_receipt_for_this_ballot_is_accepted);
  tcase_add_test(tc, a_receipt_for_something_else_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
