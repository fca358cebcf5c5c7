/* What a challenge reveals, and the device that is held to it (A26). */
#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/ceremony.h"
#include "records/challenge.h"
#include "records/choices.h"
#include "records/published_challenge.h"
#include "tests/support/run.h"

static nep_election *election;
static char private[NEP_CREDENTIAL_LENGTH + 1], public[NEP_ELEMENT_TEXT_MAX], code[44];
static uint8_t seed[NEP_BALLOT_SEED];
static nep_choice *choices;
static nep_buf message, text;

static nep_election *new_election(const char *uuid)
{
  const nep_group *g = nep_group_at(0);
  nep_scalar x;
  nep_element y;
  nep_buf definition = {0};
  nep_election *e = NULL;
  nep_error err = {0};
  nep_scalar_random(g, &x);
  nep_element_exp_g(g, &y, &x);
  nep_bytes template = nep_str_bytes(
      "{\"description\":\"d\",\"name\":\"n\",\"questions\":[{\"type\":\"Homomorphic\",\"value\":{"
      "\"answers\":[\"A\",\"B\",\"C\"],\"blank\":true,\"min\":1,\"max\":2,\"question\":\"Q\"}}],"
      "\"administrator\":\"a\",\"credential_authority\":[\"Server\"]}");
  ck_assert_msg(nep_election_make(template, g, &y, uuid, &definition, &err) == NEP_OK, "%s",
                err.reason);
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&definition), &e, &err), NEP_OK);
  nep_buf_free(&definition);
  return e;
}

static void make_challenge(void)
{
  nep_error err = {0};
  nep_scalar key;
  election = new_election("11111111111111");
  nep_credential_new(private);
  ck_assert_int_eq(nep_ballot_credential(election, private, &key, public, &err), NEP_OK);
  nep_random_bytes(seed, sizeof seed);
  choices = nep_choices_new(election);
  choices[0].chosen[0] = choices[0].chosen[2] = 1;
  ck_assert_int_eq(nep_ballot_prepare(election, public, choices, seed, &message, &err), NEP_OK);
  nep_ballot_code(nep_buf_bytes(&message), code);
  nep_ballot_challenge_write(election, public, choices, seed, nep_buf_bytes(&message), &text);
}

static void forget_challenge(void)
{
  nep_buf_free(&text);
  nep_buf_free(&message);
  nep_secret_free(choices);
  nep_election_free(election);
}

/* The codes of the faults in order, joined by spaces. */
static const char *verdict(const nep_election *e, nep_bytes file, const char *seen)
{
  static char codes[256];
  nep_findings f = {0};
  nep_choice *contained = nep_choices_new(e);
  nep_ballot_challenge_verify(e, file, seen, contained, &f);
  codes[0] = '\0';
  for (size_t i = 0; i < f.n_faults; i++) {
    if (i > 0)
      strcat(codes, " ");
    strcat(codes, f.faults[i].code);
  }
  if (f.n_faults == 0)
    ck_assert_mem_eq(contained[0].chosen, choices[0].chosen, 3);
  nep_secret_free(contained);
  nep_findings_free(&f);
  return codes;
}

/* The challenge with the first `from` replaced. */
static const char *verdict_of_changed(const char *from, const char *to)
{
  nep_buf changed = {0};
  const char *at = strstr(text.data, from);
  ck_assert_ptr_nonnull(at);
  nep_buf_add(&changed, text.data, (size_t)(at - text.data));
  nep_buf_str(&changed, to);
  nep_buf_str(&changed, at + strlen(from));
  const char *codes = verdict(election, nep_buf_bytes(&changed), code);
  nep_buf_free(&changed);
  return codes;
}

START_TEST(an_honest_device_is_shown_to_be_honest)
{
  ck_assert_str_eq(verdict(election, nep_buf_bytes(&text), code), "");
}
END_TEST

START_TEST(a_blank_vote_can_be_challenged)
{
  nep_error err = {0};
  memset(choices[0].chosen, 0, 3);
  choices[0].blank = true;
  nep_buf_clear(&message);
  nep_buf_clear(&text);
  ck_assert_int_eq(nep_ballot_prepare(election, public, choices, seed, &message, &err), NEP_OK);
  nep_ballot_code(nep_buf_bytes(&message), code);
  nep_ballot_challenge_write(election, public, choices, seed, nep_buf_bytes(&message), &text);
  ck_assert_ptr_nonnull(strstr(text.data, "\"choices\":[\"blank\"]"));
  ck_assert_str_eq(verdict(election, nep_buf_bytes(&text), code), "");
}
END_TEST

START_TEST(a_device_that_encrypted_another_choice_is_found)
{
  ck_assert_str_eq(verdict_of_changed("\"choices\":[[1,0,1]]", "\"choices\":[[0,1,1]]"),
                   "challenge-message");
}
END_TEST

START_TEST(a_device_that_showed_another_code_is_found)
{
  ck_assert_str_eq(
      verdict(election, nep_buf_bytes(&text), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
      "challenge-code");
}
END_TEST

START_TEST(choices_against_the_rules_are_refused)
{
  ck_assert_str_eq(verdict_of_changed("[[1,0,1]]", "[[1,1,1]]"),
                   "challenge-choices challenge-message");
  ck_assert_str_eq(verdict_of_changed("[[1,0,1]]", "[[1,0]]"),
                   "challenge-choices challenge-message");
}
END_TEST

static char looked_for[2 * NEP_BALLOT_SEED + 1];
static size_t found;

static void look_and_free(void *block)
{
  if (block != NULL && memmem(block, malloc_usable_size(block), looked_for, strlen(looked_for)))
    found++;
  free(block);
}

/* What is refused is not public: nothing of it stays in memory that others get next. */
START_TEST(what_was_revealed_is_wiped_from_the_tree_of_values)
{
  nep_challenge_claims claims;
  nep_error err = {0};
  json_t *tree = NULL;
  nep_hex(seed, sizeof seed, looked_for);
  json_set_alloc_funcs(malloc, look_and_free);
  ck_assert_int_eq(nep_json_parse(nep_buf_bytes(&text), &tree, &err), NEP_OK);
  json_decref(tree);
  ck_assert_uint_gt(found, 0); /* where nobody wipes it can be found */
  found = 0;
  ck_assert_str_eq(verdict(election, nep_buf_bytes(&text), code), "");
  ck_assert_int_eq(nep_challenge_read(nep_buf_bytes(&text), &claims, &err), NEP_OK);
  ck_assert_uint_eq(found, 0);
  json_set_alloc_funcs(malloc, free);
}
END_TEST

START_TEST(a_challenge_of_another_election_is_refused)
{
  nep_election *other = new_election("22222222222222");
  ck_assert_str_eq(verdict(other, nep_buf_bytes(&text), code), "challenge-election");
  nep_election_free(other);
}
END_TEST

START_TEST(every_other_form_is_refused)
{
  ck_assert_str_eq(verdict_of_changed("{\"version\":1", "{\"version\":2"), "challenge-parse");
  ck_assert_str_eq(verdict_of_changed("{\"version\"", "{ \"version\""), "challenge-parse");
  ck_assert_str_eq(verdict_of_changed(",\"code\":", ",\"kode\":"), "challenge-parse");
  ck_assert_str_eq(verdict_of_changed("\"seed\":\"", "\"seed\":\"0"), "challenge-parse");
  for (size_t len = 0; len < text.len; len += 97)
    ck_assert_str_eq(verdict(election, (nep_bytes){text.data, len}, code), "challenge-parse");
}
END_TEST

START_TEST(a26_nothing_that_could_be_cast_is_revealed)
{
  nep_buf forged = {0};
  ck_assert_ptr_null(strstr(text.data, private));
  ck_assert_ptr_null(strstr(text.data, "\"signature\""));
  nep_buf_printf(&forged, "{\"message\":%s,\"signature\":{\"challenge\":\"1\",\"response\":\"1\"}}",
                 message.data);
  nep_findings f = {0};
  nep_ballot *b = NULL;
  nep_credentials *list = NULL;
  nep_buf list_text = {0};
  const char *texts[] = {public};
  nep_error err = {0};
  size_t place;
  ck_assert_int_eq(nep_credentials_make(nep_group_at(0), texts, NULL, 1, &list_text, &err), NEP_OK);
  nep_credentials_verify(nep_group_at(0), nep_buf_bytes(&list_text), 0, &list, &f);
  ck_assert_uint_eq(f.n_faults, 0);
  ck_assert(!nep_ballot_verify(election, list, nep_buf_bytes(&forged), "b", &b, &place, &f));
  ck_assert_uint_eq(f.n_faults, 1);
  ck_assert_str_eq(f.faults[0].code, "ballot-signature");
  nep_ballot_free(b);
  nep_credentials_free(list);
  nep_findings_free(&f);
  nep_buf_free(&list_text);
  nep_buf_free(&forged);
}
END_TEST

/* ---- on the way to the board ---- */

static char other_private[NEP_CREDENTIAL_LENGTH + 1];

/* The list of the challenged credential and one more. */
static nep_credentials *two_credentials(void)
{
  nep_credentials *list = NULL;
  nep_findings f = {0};
  nep_error err = {0};
  nep_buf list_text = {0};
  nep_scalar key;
  char other[NEP_ELEMENT_TEXT_MAX];
  const char *texts[] = {public, other};
  nep_credential_new(other_private);
  ck_assert_int_eq(nep_ballot_credential(election, other_private, &key, other, &err), NEP_OK);
  ck_assert_int_eq(nep_credentials_make(nep_group_at(0), texts, NULL, 2, &list_text, &err), NEP_OK);
  nep_credentials_verify(nep_group_at(0), nep_buf_bytes(&list_text), 0, &list, &f);
  ck_assert_uint_eq(f.n_faults, 0);
  nep_findings_free(&f);
  nep_buf_free(&list_text);
  return list;
}

/* The codes of the faults of a body, joined by spaces. */
static const char *published_verdict(nep_bytes body, nep_challenge_claims *claims)
{
  static char codes[256];
  nep_findings f = {0};
  nep_credentials *list = two_credentials();
  nep_choice *contained = nep_choices_new(election);
  nep_published_verify(election, list, body, claims, contained, &f);
  codes[0] = '\0';
  for (size_t i = 0; i < f.n_faults; i++) {
    strcat(codes, i > 0 ? " " : "");
    strcat(codes, f.faults[i].code);
  }
  nep_secret_free(contained);
  nep_credentials_free(list);
  nep_findings_free(&f);
  return codes;
}

static void publish(const char *credential, nep_bytes challenge, nep_buf *body)
{
  nep_error err = {0};
  nep_scalar key;
  char unused[NEP_ELEMENT_TEXT_MAX];
  nep_buf_clear(body);
  ck_assert_int_eq(nep_ballot_credential(election, credential, &key, unused, &err), NEP_OK);
  nep_published_make(election, &key, challenge, body);
}

/* Published by the right credential, the first `from` of the challenge replaced before it is. */
static const char *published_changed(const char *from, const char *to)
{
  nep_buf changed = {0}, body = {0};
  nep_challenge_claims claims;
  const char *at = strstr(text.data, from);
  ck_assert_ptr_nonnull(at);
  nep_buf_add(&changed, text.data, (size_t)(at - text.data));
  nep_buf_str(&changed, to);
  nep_buf_str(&changed, at + strlen(from));
  publish(private, nep_buf_bytes(&changed), &body);
  const char *codes = published_verdict(nep_buf_bytes(&body), &claims);
  nep_buf_free(&body);
  nep_buf_free(&changed);
  return codes;
}

START_TEST(a_challenge_is_published_by_its_credential_and_names_its_message)
{
  nep_buf body = {0}, ballot = {0};
  nep_challenge_claims claims;
  nep_error err = {0};
  char hash[65];
  publish(private, nep_buf_bytes(&text), &body);
  ck_assert_str_eq(published_verdict(nep_buf_bytes(&body), &claims), "");
  ck_assert_str_eq(claims.credential, public);
  ck_assert_int_eq(nep_ballot_sign(election, private, nep_buf_bytes(&message), &ballot, &err),
                   NEP_OK);
  nep_ballot_message_hash(nep_buf_bytes(&ballot), hash);
  ck_assert_str_eq(claims.message, hash);
  ck_assert_ptr_null(strstr(body.data, private));
  ck_assert_ptr_null(strstr(body.data, "\"signature\""));
  nep_buf_free(&ballot);
  nep_buf_free(&body);
}
END_TEST

START_TEST(nobody_publishes_for_another_credential)
{
  nep_buf body = {0};
  nep_challenge_claims claims;
  char stranger[NEP_CREDENTIAL_LENGTH + 1];
  nep_credential_new(stranger);
  publish(stranger, nep_buf_bytes(&text), &body);
  ck_assert_str_eq(published_verdict(nep_buf_bytes(&body), &claims), "challenge-proof");
  publish(private, nep_buf_bytes(&text), &body);
  char *digit =
      strstr(body.data, "\"proof\":{\"challenge\":\"") + strlen("\"proof\":{\"challenge\":\"");
  *digit = *digit == '1' ? '2' : '1';
  ck_assert_str_eq(published_verdict(nep_buf_bytes(&body), &claims), "challenge-proof");
  nep_buf_free(&body);
}
END_TEST

START_TEST(a_published_challenge_is_held_to_everything_that_it_says)
{
  ck_assert_str_eq(published_changed("[[1,0,1]]", "[[0,1,1]]"), "challenge-message");
  ck_assert_str_eq(published_changed("\"uuid\":\"1", "\"uuid\":\"2"), "challenge-election");
  ck_assert_str_eq(published_changed("\"election_hash\":\"", "\"election_hash\":\"0"),
                   "challenge-parse");
  ck_assert_str_eq(published_changed(public, "00"), "challenge-credential");
  char seed_start[] = "\"seed\":\"00";
  memcpy(seed_start + 8, strstr(text.data, "\"seed\":\"") + 8, 2);
  ck_assert_str_eq(
      published_changed(seed_start, seed_start[8] == '0' ? "\"seed\":\"10" : "\"seed\":\"00"),
      "challenge-message");
  ck_assert_str_eq(published_changed("\"code\":\"", "\"code\":\"A"), "challenge-code");
}
END_TEST

START_TEST(a_published_challenge_has_one_form)
{
  nep_buf body = {0};
  nep_challenge_claims claims;
  publish(private, nep_buf_bytes(&text), &body);
  for (size_t len = 0; len < body.len; len += 61)
    ck_assert_str_eq(published_verdict((nep_bytes){body.data, len}, &claims), "challenge-parse");
  nep_buf_char(&body, ' '); /* padding is taken off before */
  ck_assert_str_eq(published_verdict(nep_buf_bytes(&body), &claims), "challenge-parse");
  ck_assert_str_eq(published_verdict(nep_buf_bytes(&text), &claims), "challenge-parse");
  nep_buf_free(&body);
}
END_TEST

START_TEST(a16_every_request_has_one_length)
{
  nep_buf request = {0};
  nep_error err = {0};
  nep_scalar key;
  char unused[NEP_ELEMENT_TEXT_MAX];
  ck_assert_int_eq(nep_ballot_credential(election, private, &key, unused, &err), NEP_OK);
  ck_assert_int_eq(nep_published_request(election, &key, nep_buf_bytes(&text), &request, &err),
                   NEP_OK);
  ck_assert_uint_eq(request.len, nep_published_length(election));
  ck_assert_int_eq(request.data[request.len - 1], ' ');
  while (text.len <= nep_published_length(election))
    nep_buf_char(&text, ' ');
  ck_assert_int_eq(nep_published_request(election, &key, nep_buf_bytes(&text), &request, &err),
                   NEP_E_INPUT);
  ck_assert_str_eq(err.code, "challenge-length");
  nep_buf_free(&request);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("records/challenge");
  TCase *tc = tcase_create("challenge");
  tcase_add_checked_fixture(tc, make_challenge, forget_challenge);
  tcase_add_test(tc, an_honest_device_is_shown_to_be_honest);
  tcase_add_test(tc, a_blank_vote_can_be_challenged);
  tcase_add_test(tc, a_device_that_encrypted_another_choice_is_found);
  tcase_add_test(tc, a_device_that_showed_another_code_is_found);
  tcase_add_test(tc, choices_against_the_rules_are_refused);
  tcase_add_test(tc, what_was_revealed_is_wiped_from_the_tree_of_values);
  tcase_add_test(tc, a_challenge_of_another_election_is_refused);
  tcase_add_test(tc, every_other_form_is_refused);
  tcase_add_test(tc, a26_nothing_that_could_be_cast_is_revealed);
  tcase_add_test(tc, a_challenge_is_published_by_its_credential_and_names_its_message);
  tcase_add_test(tc, nobody_publishes_for_another_credential);
  tcase_add_test(tc, a_published_challenge_is_held_to_everything_that_it_says);
  tcase_add_test(tc, a_published_challenge_has_one_form);
  tcase_add_test(tc, a16_every_request_has_one_length);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
