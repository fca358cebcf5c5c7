/* Every truncation and every changed byte of a valid ballot is refused. */
#include "tests/unit/protocol/fixture.h"

static void refused(const fixture *x, nep_bytes text, size_t at)
{
  char codes[256];
  ck_assert_msg(!verify_ballot(x->election, x->credentials, text, codes), "byte %zu", at);
}

START_TEST(every_truncation_is_refused)
{
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", fixture_names[_i]);
  fixture *x = fixture_open(path);
  size_t step = nep_test_step(x->ballots[0].len);
  if (x->ballots[0].len > 10000 && step < 7)
    step = 7;
  for (size_t len = 0; len < x->ballots[0].len; len += step)
    refused(x, slice(x->ballots[0], 0, len), len);
  refused(x, slice(x->ballots[0], 0, x->ballots[0].len - 1), 0);
  fixture_close(x);
}
END_TEST

START_TEST(appended_bytes_are_refused)
{
  static const char *const more[] = {" ", "\n", "}", ",", "x", "{}"};
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  for (size_t i = 0; i < 6; i++) {
    nep_buf text = copied(x->ballots[0]);
    nep_buf_str(&text, more[i]);
    refused(x, nep_buf_bytes(&text), i);
    nep_buf_free(&text);
  }
  fixture_close(x);
}
END_TEST

/* Another byte of the same kind (a digit stays a digit, so that the text still parses and only the
   cryptography can refuse it), then bytes that break the form. */
static size_t replacements(char was, char out[4])
{
  size_t n = 0;
  if (was >= '0' && was <= '9') {
    out[n++] = (char)('0' + (was - '0' + 1) % 10);
    out[n++] = 'f';
  } else if (was >= 'a' && was <= 'f') {
    out[n++] = (char)('a' + (was - 'a' + 1) % 6);
    out[n++] = '7';
  } else {
    out[n++] = (char)(was ^ 1);
  }
  out[n++] = was == '"' ? ',' : '"';
  return n;
}

/* Every other character that may stand there; one of them by turns, unless there is time for all.
 */
static void change_all(const fixture *x, nep_bytes ballot, size_t from, size_t step)
{
  bool all = nep_test_long();
  nep_buf text = copied(ballot);
  for (size_t at = from; at < text.len; at += step) {
    char was = text.data[at], with[4];
    size_t n = replacements(was, with);
    for (size_t k = all ? 0 : at / step % n; k < n; k = all ? k + 1 : n) {
      text.data[at] = with[k];
      refused(x, nep_buf_bytes(&text), at);
    }
    text.data[at] = was;
  }
  char codes[256];
  ck_assert(verify_ballot(x->election, x->credentials, nep_buf_bytes(&text), codes));
  nep_buf_free(&text);
}

enum { SHARES = 8 };

START_TEST(every_changed_byte_is_refused)
{
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  size_t every = nep_test_step(x->ballots[0].len);
  change_all(x, x->ballots[0], (size_t)_i * every, SHARES * every);
  fixture_close(x);
}
END_TEST

START_TEST(changed_bytes_of_blank_and_two_question_ballots_are_refused)
{
  static const char *const names[] = {"Ed25519-blank", "Ed25519-revote-weights-two"};
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", names[_i]);
  fixture *x = fixture_open(path);
  change_all(x, x->ballots[0], 0, 11);
  fixture_close(x);
}
END_TEST

START_TEST(changed_bytes_of_integer_ballots_are_refused)
{
  static const struct {
    const char *name;
    size_t step;
  } samples[] = {{"BELENIOS-2048-single", 97}, {"RFC-3526-2048-revote-two", 1999}};
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", samples[_i].name);
  fixture *x = fixture_open(path);
  change_all(x, x->ballots[0], 3, samples[_i].step);
  fixture_close(x);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/ballot changes");
  TCase *tc = tcase_create("changes");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, every_truncation_is_refused, 0, FIXTURES);
  tcase_add_test(tc, appended_bytes_are_refused);
  tcase_add_loop_test(tc, every_changed_byte_is_refused, 0, SHARES);
  tcase_add_loop_test(tc, changed_bytes_of_blank_and_two_question_ballots_are_refused, 0, 2);
  tcase_add_loop_test(tc, changed_bytes_of_integer_ballots_are_refused, 0, 2);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
