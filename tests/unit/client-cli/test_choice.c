#include "client-cli/choice.h"
#include "tests/unit/client-cli/vectors.h"

/* Question 1: 5 answers, 1 to 3, no blank. Question 2: 2 answers, 0 to 1, blank. */
#define TWO "Ed25519-revote-weights-two"

static nep_status read(const nep_election *e, const char *text, nep_choice *c, nep_error *err)
{
  *err = (nep_error){0};
  return nep_choices_read(e, nep_str_bytes(text), c, err);
}

START_TEST(a_choice_file_is_read)
{
  nep_election *e = vector_election(TWO);
  nep_choice *c = nep_choices_new(e);
  nep_error err;
  ck_assert_int_eq(read(e, " [ [0,1, 0,0 ,1] ,\n \"blank\" ]\n", c, &err), NEP_OK);
  static const unsigned char chosen[] = {0, 1, 0, 0, 1};
  ck_assert_mem_eq(c[0].chosen, chosen, 5);
  ck_assert(!c[0].blank);
  ck_assert(c[1].blank);
  ck_assert_int_eq(nep_choice_check(e, c, &err), NEP_OK);
  /* A second file leaves nothing of the first one behind. */
  ck_assert_int_eq(read(e, "[[1,0,0,0,0],[0,1]]", c, &err), NEP_OK);
  ck_assert(!c[1].blank);
  ck_assert_uint_eq(c[0].chosen[1] + c[0].chosen[4], 0);
  nep_secret_free(c);
  nep_election_free(e);
}
END_TEST

START_TEST(malformed_choice_files_are_refused_with_the_question_named)
{
  static const struct {
    const char *text, *where;
  } bad[] = {
      {"", "[0]"},
      {"0", "[0]"},
      {"[]", "[0]"},
      {"[[0,1,0,0]]", "[0]"},
      {"[[0,1,0,0,1,0],[0,1]]", "[0]"},
      {"[[0,1,0,0,2],[0,1]]", "[0]"},
      {"[[0,1,0,0,true],[0,1]]", "[0]"},
      {"[[0,1,0,0,-1],[0,1]]", "[0]"},
      {"[[0,1,0,0,1]]", "[1]"},
      {"[[0,1,0,0,1],\"none\"]", "[1]"},
      {"[[0,1,0,0,1],[0,1],[0]]", "[2]"},
      {"[[0,1,0,0,1],[0,1]", "[2]"},
      {"[[0,1,0,0,1],[0,1]] []", "[2]"},
      {"[[0,1,0,0,10],[0,1]]", "[0]"},
  };
  nep_election *e = vector_election(TWO);
  nep_choice *c = nep_choices_new(e);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_error err;
    ck_assert_msg(read(e, bad[i].text, c, &err) == NEP_E_INPUT, "accepted: %s", bad[i].text);
    ck_assert_str_eq(err.code, "choice-file");
    ck_assert_str_eq(err.where, bad[i].where);
    ck_assert_str_ne(err.advice, "");
  }
  nep_secret_free(c);
  nep_election_free(e);
}
END_TEST

START_TEST(choices_against_the_rules_are_refused)
{
  static const char *const bad[] = {
      "[[0,0,0,0,0],[0,1]]", /* too few */
      "[[1,1,1,1,0],[0,1]]", /* too many */
      "[\"blank\",[0,1]]",   /* no blank here */
      "[[1,0,0,0,0],[1,1]]", /* too many in the second */
  };
  nep_election *e = vector_election(TWO);
  nep_choice *c = nep_choices_new(e);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_error err;
    ck_assert_int_eq(read(e, bad[i], c, &err), NEP_OK);
    ck_assert_msg(nep_choice_check(e, c, &err) == NEP_E_INPUT, "accepted: %s", bad[i]);
    ck_assert_str_ne(err.where, "");
    ck_assert_str_ne(err.reason, "");
  }
  nep_secret_free(c);
  nep_election_free(e);
}
END_TEST

START_TEST(numbers_typed_at_the_terminal_are_read)
{
  nep_question q = {.n_answers = 12, .min = 1, .max = 3, .blank = true};
  nep_choice c;
  nep_error err = {0};
  ck_assert_int_eq(nep_choice_from_numbers(&q, nep_str_bytes(" 12, 1 3"), &c, &err), NEP_OK);
  ck_assert(c.chosen[11] && c.chosen[0] && c.chosen[2] && !c.chosen[1] && !c.blank);
  ck_assert_int_eq(nep_choice_from_numbers(&q, nep_str_bytes("0"), &c, &err), NEP_OK);
  ck_assert(c.blank && !c.chosen[11]);
  ck_assert_int_eq(nep_choice_from_numbers(&q, nep_str_bytes(""), &c, &err), NEP_OK);
  ck_assert(!c.blank);
}
END_TEST

START_TEST(numbers_that_mean_nothing_are_refused)
{
  static const char *const bad[] = {"13", "1 1", "0 1", "1 0",   "a",
                                    "1a", "-1",  "1.",  "99999", "1;2"};
  nep_question q = {.n_answers = 12, .min = 1, .max = 3, .blank = true};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_choice c;
    nep_error err = {0};
    ck_assert_msg(nep_choice_from_numbers(&q, nep_str_bytes(bad[i]), &c, &err) == NEP_E_INPUT,
                  "accepted: %s", bad[i]);
    ck_assert_str_eq(err.code, "choice-numbers");
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/choice");
  TCase *tc = tcase_create("choices");
  tcase_add_test(tc, a_choice_file_is_read);
  tcase_add_test(tc, malformed_choice_files_are_refused_with_the_question_named);
  tcase_add_test(tc, choices_against_the_rules_are_refused);
  tcase_add_test(tc, numbers_typed_at_the_terminal_are_read);
  tcase_add_test(tc, numbers_that_mean_nothing_are_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
