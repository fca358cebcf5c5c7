/* The two ways of reading a ballot: what the fast one takes, the general one takes with the same
   result; what the general one takes in full, the fast one takes, unless it is written with an
   escape. */
#include "base/random.h"
#include "tests/fuzz/same_reading.h"
#include "tests/unit/protocol/fixture.h"

static size_t changes = 400;

/* Returns whether the text was taken in full. */
static bool compare(const nep_election *e, nep_bytes text)
{
  bool whole;
  const char *difference = same_reading(e, text, &whole);
  ck_assert_msg(difference == NULL, "%s", difference);
  return whole;
}

START_TEST(ballots_of_others_are_read_alike)
{
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", fixture_names[_i]);
  fixture *x = fixture_open(path);
  ck_assert_uint_gt(x->n_ballots, 0);
  for (size_t i = 0; i < x->n_ballots; i++)
    ck_assert(compare(x->election, x->ballots[i]));
  fixture_close(x);
}
END_TEST

/* One small change somewhere: a byte set, taken out or put in, a piece cut off or said twice. */
static void change(nep_buf *text)
{
  static const char bytes[] = "0123456789abcdef\"\\,:{}[] \n\x01\x7f\xc3\xa9";
  size_t at = nep_random_below((uint32_t)text->len);
  char c = bytes[nep_random_below(sizeof bytes - 1)];
  size_t n = 1 + nep_random_below(3);
  switch (nep_random_below(5)) {
  case 0:
    text->data[at] = c;
    break;
  case 1:
    n = at + n <= text->len ? n : text->len - at;
    memmove(text->data + at, text->data + at + n, text->len - at - n);
    text->len -= n;
    break;
  case 2:
    text->len = at;
    break;
  case 3:
    nep_buf_add(text, &c, 1);
    break;
  default:
    nep_buf_char(text, ' ');
    memmove(text->data + at + 1, text->data + at, text->len - 1 - at);
    text->data[at] = c;
  }
}

START_TEST(changed_ballots_are_read_alike)
{
  static const char *const names[] = {"Ed25519-single", "Ed25519-blank", "BELENIOS-2048-blank"};
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", names[_i]);
  fixture *x = fixture_open(path);
  size_t taken = 0;
  for (size_t i = 0; i < changes; i++) {
    nep_buf text = copied(x->ballots[i % x->n_ballots]);
    change(&text);
    taken += compare(x->election, nep_buf_bytes(&text));
    nep_buf_free(&text);
  }
  ck_assert_uint_lt(taken, changes); /* a changed digit of a proof is read; most changes are not */
  fixture_close(x);
}
END_TEST

/* With so much before its credential. */
static void compare_with(const char *before)
{
  static const char credential[] = "\"credential\":\"";
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  nep_buf text = {0};
  size_t at =
      (size_t)(strstr(x->ballots[0].data, credential) - x->ballots[0].data) + strlen(credential);
  nep_buf_add(&text, x->ballots[0].data, at);
  nep_buf_str(&text, before);
  nep_buf_add(&text, x->ballots[0].data + at, x->ballots[0].len - at);
  ck_assert(compare(x->election, nep_buf_bytes(&text)));
  nep_buf_free(&text);
  fixture_close(x);
}

START_TEST(a_credential_that_no_list_has_is_left_to_the_general_reading)
{
  char digits[NEP_ELEMENT_TEXT_MAX + 1];
  memset(digits, '1', sizeof digits - 1);
  digits[sizeof digits - 1] = 0;
  compare_with("\\f");
  compare_with(digits);
}
END_TEST

START_TEST(a_ballot_of_another_election_is_refused_alike)
{
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  fixture *y = fixture_open("positive/Ed25519-blank/election.bel");
  ck_assert(!compare(x->election, y->ballots[0]));
  ck_assert(!compare(y->election, x->ballots[0]));
  ck_assert(!compare(x->election, nep_str_bytes("")));
  fixture_close(x);
  fixture_close(y);
}
END_TEST

int main(void)
{
  if (nep_test_long())
    changes = 100000;
  Suite *suite = suite_create("protocol/ballot scan");
  TCase *tc = tcase_create("ballot scan");
  tcase_set_timeout(tc, 600);
  tcase_add_loop_test(tc, ballots_of_others_are_read_alike, 0, FIXTURES);
  tcase_add_loop_test(tc, changed_ballots_are_read_alike, 0, 3);
  tcase_add_test(tc, a_credential_that_no_list_has_is_left_to_the_general_reading);
  tcase_add_test(tc, a_ballot_of_another_election_is_refused_alike);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
