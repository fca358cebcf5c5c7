/* Sealed registrations open with enough auditors together, and with nothing less. */
#include <string.h>

#include "tests/support/run.h"
#include "tests/unit/records/registry_fixture.h"

START_TEST(any_two_of_three_auditors_open_every_box)
{
  row rows[] = {enrol((voter){.person = "p1"}), enrol((voter){.person = "p2"})};
  static const size_t pairs[][2] = {{1, 2}, {1, 3}, {2, 3}};
  nep_registry *r = parse_export(rows, 2);
  for (size_t i = 0; i < 3; i++) {
    nep_element masks[2];
    nep_findings f = {0};
    nep_registry_counts counts;
    nep_buf list = {0};
    nep_error err;
    ck_assert_int_eq(open_boxes(r, pairs[i][0], pairs[i][1], masks, &err), NEP_OK);
    ck_assert_int_eq(nep_registry_audit(r, masks, &registry_rules, &f, &counts, &list, &err),
                     NEP_OK);
    ck_assert_uint_eq(f.n_faults, 0);
    ck_assert_uint_eq(counts.persons, 2);
    ck_assert_uint_eq(counts.credentials, 2);
    nep_buf_free(&list);
    nep_findings_free(&f);
  }
  nep_registry_free(r);
  free_rows(rows, 2);
}
END_TEST

START_TEST(one_auditor_alone_opens_nothing)
{
  row rows[] = {enrol((voter){.person = "p1"})};
  nep_registry *r = parse_export(rows, 1);
  nep_element mask;
  nep_error err;
  nep_registry_share *one = give_share(r, 2, &made.shares[1], &err);
  const nep_registry_share *twice[] = {one, one};
  ck_assert_ptr_nonnull(one);
  ck_assert_int_eq(nep_registry_masks(r, &made.auditors, twice, 2, &mask, &err), NEP_E_CHECK);
  ck_assert_str_eq(err.code, "share-missing");
  nep_registry_share_free(one);
  nep_registry_free(r);
  free_rows(rows, 1);
}
END_TEST

START_TEST(single_auditors_are_all_needed)
{
  nep_trustee_item singles[] = {{.first = 0, .n = 1, .threshold = 1},
                                {.first = 1, .n = 1, .threshold = 1}};
  nep_trustees two = made.auditors;
  const nep_group *g = nep_audit_group();
  nep_error err;
  nep_element masks[1], expected;
  two.n_owners = 2;
  two.items = singles;
  two.n_items = 2;
  row rows[] = {enrol((voter){.person = "p1"})};
  nep_registry *r = parse_export(rows, 1);
  nep_registry_share *both[] = {give_share(r, 1, &made.shares[0], &err),
                                give_share(r, 2, &made.shares[1], &err)};
  const nep_registry_share *const *list = (const nep_registry_share *const *)both;
  ck_assert_int_eq(nep_registry_masks(r, &two, list, 1, masks, &err), NEP_E_CHECK);
  ck_assert_int_eq(nep_registry_masks(r, &two, list, 2, masks, &err), NEP_OK);
  nep_element_mul(g, &expected, &both[0]->factors[0], &both[1]->factors[0]);
  ck_assert(nep_element_equal(g, &expected, &masks[0]));
  nep_registry_share_free(both[0]);
  nep_registry_share_free(both[1]);
  nep_registry_free(r);
  free_rows(rows, 1);
}
END_TEST

START_TEST(an_auditor_with_a_wrong_share_is_named)
{
  row rows[] = {enrol((voter){.person = "p1"})}, later[] = {enrol((voter){.person = "p1"})};
  nep_registry *r = parse_export(rows, 1), *other = parse_export(later, 1);
  nep_registry_share *share = NULL;
  nep_buf text = {0};
  nep_error err;
  ck_assert_ptr_null(give_share(r, 2, &made.shares[0], &err)); /* another's key */
  ck_assert_str_eq(err.code, "share-proof");
  ck_assert_ptr_nonnull(strstr(err.where, "auditor 2"));
  ck_assert_ptr_nonnull(strstr(err.where, rows[0].nonce));
  nep_registry_share_make(other, 1, &made.shares[0], &text);
  ck_assert_int_eq(nep_registry_share_verify(r, &made.auditors, nep_buf_bytes(&text), &share, &err),
                   NEP_E_CHECK);
  ck_assert_str_eq(err.where, "export");
  ck_assert_ptr_null(give_share(r, 4, &made.shares[0], &err));
  nep_buf_free(&text);
  nep_registry_free(other);
  nep_registry_free(r);
  free_rows(rows, 1);
  free_rows(later, 1);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("registry opening");
  TCase *opening = tcase_create("opening");
  registry_begin();
  tcase_add_test(opening, any_two_of_three_auditors_open_every_box);
  tcase_add_test(opening, one_auditor_alone_opens_nothing);
  tcase_add_test(opening, single_auditors_are_all_needed);
  tcase_add_test(opening, an_auditor_with_a_wrong_share_is_named);
  suite_add_tcase(s, opening);
  int result = nep_run_suite(s);
  registry_end();
  return result;
}
