/* Choice files: read without a JSON library, strictly. */
#include <string.h>

#include "protocol/verify.h"
#include "tally/tally_commands.h"
#include "tests/support/run.h"

static nep_verified *v;

/* Two questions: 5 answers, 1 to 3 of them; 3 answers, at most one... see the fixture's template.
 */
static void start(void)
{
  nep_verify_options options = {.jobs = 1};
  ck_assert_int_eq(nep_verify_archive(NEP_TEST_VECTORS
                                      "/positive/Ed25519-revote-weights-two/election.bel",
                                      &options, &v, NULL),
                   NEP_OK);
  ck_assert_uint_eq(v->election->n_questions, 2);
  ck_assert(!v->election->questions[0].blank && v->election->questions[1].blank);
}

static void end(void)
{
  nep_verified_free(v);
}

static nep_status read(const char *text, nep_choice out[2])
{
  nep_error err = {0};
  memset(out, 0, 2 * sizeof *out);
  return nep_choices_read(v->election, nep_str_bytes(text), out, &err);
}

START_TEST(choices_are_read)
{
  nep_choice c[2];
  ck_assert_int_eq(read(" [ [1,0,1, 0,1],\n\"blank\" ]\n", c), NEP_OK);
  ck_assert(!c[0].blank && c[1].blank);
  ck_assert_mem_eq(c[0].chosen, "\1\0\1\0\1", 5);
  ck_assert_int_eq(read("[[0,1,0,0,0],[0,1]]", c), NEP_OK);
  ck_assert(!c[1].blank && c[1].chosen[1] == 1 && c[1].chosen[0] == 0);
}
END_TEST

static const char *const bad[] = {
    "",
    "[]",
    "[[1,0,1,0,1]]",
    "[[1,0,1,0,1],\"blank\"",
    "[[1,0,1,0,1],\"blank\"]]",
    "[[1,0,1,0,1],\"blank\"] x",
    "[[1,0,1,0],\"blank\"]",
    "[[1,0,1,0,1,0],\"blank\"]",
    "[[1,0,2,0,0],\"blank\"]",
    "[[1,0,-1,0,0],\"blank\"]",
    "[[1,0,01,0,0],\"blank\"]",
    "[[1,0,true,0,0],\"blank\"]",
    "[[1 0 1 0 1],\"blank\"]",
    "[[1,0,1,0,1],\"Blank\"]",
    "[[1,0,1,0,1] \"blank\"]",
    "[\"blank\",\"blank\"]",
    "[[1,1,1,1,0],\"blank\"]",
    "[[0,0,0,0,0],\"blank\"]",
    "[[1,0,1,0,1],[1,1]]",
};

START_TEST(anything_else_is_refused)
{
  nep_choice c[2];
  ck_assert_msg(read(bad[_i], c) == NEP_E_INPUT, "%s", bad[_i]);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("choices");
  TCase *t = tcase_create("choices");
  tcase_add_unchecked_fixture(t, start, end);
  tcase_add_test(t, choices_are_read);
  tcase_add_loop_test(t, anything_else_is_refused, 0, (int)(sizeof bad / sizeof *bad));
  suite_add_tcase(s, t);
  return nep_run_suite(s);
}
