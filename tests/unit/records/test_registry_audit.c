/* The audit of opened registrations: honest registries pass, and each lie of a server or a voter is
   refused by the check that is meant for it. */
#include <string.h>

#include "base/memory.h"
#include "records/tags.h"
#include "tests/support/run.h"
#include "tests/unit/records/registry_fixture.h"

typedef struct outcome {
  nep_findings f;
  nep_registry_counts counts;
  nep_buf list;
  nep_status status;
} outcome;

static outcome audit(row *rows, size_t n)
{
  outcome o = {.status = NEP_OK};
  nep_error err = {0};
  nep_element masks[REGISTRY_MAX];
  nep_registry *r = parse_export(rows, n);
  ck_assert_int_eq(open_boxes(r, 1, 3, masks, &err), NEP_OK);
  o.status = nep_registry_audit(r, masks, &registry_rules, &o.f, &o.counts, &o.list, &err);
  nep_registry_free(r);
  return o;
}

static void outcome_free(outcome *o)
{
  nep_findings_free(&o->f);
  nep_buf_free(&o->list);
}

/* The audit of these rows refuses `refused` registrations, the first with this code, and keeps
   `kept` credentials. */
static void expect(row *rows, size_t n, const char *code, uint64_t refused, uint64_t kept)
{
  outcome o = audit(rows, n);
  ck_assert_int_eq(o.status, kept > 0 ? NEP_OK : NEP_E_STATE);
  ck_assert_uint_eq(o.counts.registrations, n);
  ck_assert_uint_eq(o.counts.refused, refused);
  ck_assert_uint_eq(o.counts.credentials, kept);
  ck_assert_uint_eq(o.f.n_faults, refused);
  if (refused > 0)
    ck_assert_str_eq(o.f.faults[0].code, code);
  outcome_free(&o);
  free_rows(rows, n);
}

/* ---- the audit ---- */

START_TEST(the_line_of_replacements_is_followed_to_the_latest)
{
  row a = enrol((voter){.person = "p1"}), b = enrol((voter){.person = "p1", .replaces = a.nonce}),
      c = enrol((voter){.person = "p1", .replaces = b.nonce}), d = enrol((voter){.person = "p2"});
  nep_scalar key;
  nep_element public;
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar_random(nep_audit_group(), &key);
  nep_element_exp_g(nep_audit_group(), &public, &key);
  nep_element_text(nep_audit_group(), &public, text);
  row last = enrol((voter){.person = "p1", .replaces = c.nonce, .key = &key});
  row rows[] = {a, b, c, d, last};
  outcome o = audit(rows, 5);
  ck_assert_int_eq(o.status, NEP_OK);
  ck_assert_uint_eq(o.f.n_faults, 0);
  ck_assert_uint_eq(o.counts.persons, 2);
  ck_assert_uint_eq(o.counts.replaced, 3);
  ck_assert_uint_eq(o.counts.credentials, 2);
  ck_assert_ptr_nonnull(strstr(o.list.data, text));
  outcome_free(&o);
  free_rows(rows, 5);
}
END_TEST

START_TEST(a_fork_is_refused)
{
  row a = enrol((voter){.person = "p1"}), b = enrol((voter){.person = "p1", .replaces = a.nonce}),
      c = enrol((voter){.person = "p1", .replaces = a.nonce}), d = enrol((voter){.person = "p2"});
  row rows[] = {a, b, c, d};
  expect(rows, 4, "audit-fork", 3, 1);
  row firsts[] = {enrol((voter){.person = "p1"}), enrol((voter){.person = "p1"}),
                  enrol((voter){.person = "p2"})};
  expect(firsts, 3, "audit-fork", 2, 1);
}
END_TEST

START_TEST(a_withheld_predecessor_is_noticed)
{
  row a = enrol((voter){.person = "p1"}), b = enrol((voter){.person = "p1", .replaces = a.nonce});
  row rows[] = {b, enrol((voter){.person = "p2"})};
  expect(rows, 2, "audit-chain", 1, 1);
  free_rows(&a, 1);
}
END_TEST

START_TEST(a_registration_that_replaces_another_persons_is_refused)
{
  row a = enrol((voter){.person = "p1"});
  row rows[] = {a, enrol((voter){.person = "p2", .replaces = a.nonce})};
  expect(rows, 2, "audit-chain", 1, 1);
}
END_TEST

START_TEST(an_altered_box_is_refused)
{
  row rows[] = {enrol((voter){.person = "p1"}), enrol((voter){.person = "p2"})};
  char *digit = &rows[0].sealed.data[rows[0].sealed.len - 20];
  *digit = *digit == '0' ? '1' : '0';
  expect(rows, 2, "audit-sealed", 1, 1);
}
END_TEST

START_TEST(a_destroyed_replacement_does_not_bring_the_old_credential_back)
{
  row a = enrol((voter){.person = "p1"}), b = enrol((voter){.person = "p1", .replaces = a.nonce});
  char *digit = &b.sealed.data[b.sealed.len - 20];
  *digit = *digit == '0' ? '1' : '0';
  row rows[] = {a, b, enrol((voter){.person = "p2"})};
  expect(rows, 3, "audit-sealed", 2, 1);
}
END_TEST

START_TEST(exchanged_boxes_are_refused)
{
  row rows[] = {enrol((voter){.person = "p1"}), enrol((voter){.person = "p2"})};
  nep_buf kept = rows[0].sealed;
  rows[0].sealed = rows[1].sealed;
  rows[1].sealed = kept;
  expect(rows, 2, "audit-nonce", 2, 0);
}
END_TEST

START_TEST(a_predecessor_that_the_server_invents_is_refused)
{
  row a = enrol((voter){.person = "p1"}), b = enrol((voter){.person = "p1"});
  b.replaces = nep_strdup(a.nonce);
  row rows[] = {a, b, enrol((voter){.person = "p2"})};
  expect(rows, 3, "audit-replaces", 2, 1);
}
END_TEST

START_TEST(a_registration_of_another_event_is_no_registration_here)
{
  row rows[] = {enrol((voter){.person = "p1", .event = "hdnd-2021"}),
                enrol((voter){.person = "p2"})};
  expect(rows, 2, "audit-nonce", 1, 1);
}
END_TEST

START_TEST(invented_voters_are_refused)
{
  static const char nonce[] = "zxdZ2AMhocChxeaAgZZ5v9CRziAj2xYPS3vuy__xBkU";
  row forged[] = {enrol((voter){.person = "p1", .token_key = &made.stranger}),
                  enrol((voter){.person = "p2"})};
  expect(forged, 2, "audit-token", 1, 1);
  row reused[] = {enrol((voter){.person = "p1", .token_nonce = nonce}),
                  enrol((voter){.person = "p2"})};
  expect(reused, 2, "audit-token", 1, 1);
  row strangers[] = {enrol((voter){.person = "p9"}), enrol((voter){.person = "p2"})};
  expect(strangers, 2, "audit-roll", 1, 1);
}
END_TEST

/* A server can keep any key set, and then sign tokens for everybody on the roll. */
START_TEST(a17_tokens_under_a_key_set_that_the_server_invents_are_refused)
{
  row rows[] = {enrol((voter){.person = "p1", .token_key = &made.stranger}),
                enrol((voter){.person = "p2", .token_key = &made.stranger})};
  made.kept_set = &made.stranger_set;
  outcome o = audit(rows, 2);
  ck_assert_uint_eq(o.counts.persons, 0);
  outcome_free(&o);
  expect(rows, 2, "audit-provider", 2, 0);
  made.kept_set = &made.provider_set;
}
END_TEST

START_TEST(every_key_set_that_the_provider_had_is_the_providers)
{
  row rows[] = {enrol((voter){.person = "p1", .token_key = &made.older}),
                enrol((voter){.person = "p2", .token_key = &made.older})};
  made.kept_set = &made.older_set;
  expect(rows, 2, NULL, 0, 2);
  row others[] = {enrol((voter){.person = "p1"})};
  nep_buf set = {0};
  made.kept_set = &set; /* the same key in other bytes */
  nep_buf_printf(&set, " %s", made.provider_set.data);
  expect(others, 1, NULL, 0, 1);
  nep_buf_free(&set);
  made.kept_set = &made.provider_set;
}
END_TEST

START_TEST(the_token_of_another_person_is_refused)
{
  row rows[] = {enrol((voter){.person = "p1"}), enrol((voter){.person = "p2"})};
  char *kept = rows[0].token;
  rows[0].token = rows[1].token;
  rows[1].token = kept;
  expect(rows, 2, "audit-token", 2, 0);
}
END_TEST

START_TEST(invented_voters_are_not_counted_as_persons)
{
  row rows[] = {enrol((voter){.person = "p1", .token_key = &made.stranger}),
                enrol((voter){.person = "p2"})};
  outcome o = audit(rows, 2);
  ck_assert_uint_eq(o.counts.persons, 1);
  outcome_free(&o);
  free_rows(rows, 2);
}
END_TEST

START_TEST(a_credential_registered_twice_counts_for_nobody)
{
  nep_scalar key;
  nep_scalar_random(nep_audit_group(), &key);
  row rows[] = {enrol((voter){.person = "p1", .key = &key}),
                enrol((voter){.person = "p2", .key = &key}), enrol((voter){.person = "p3"})};
  expect(rows, 3, "audit-duplicate", 2, 1);
}
END_TEST

START_TEST(a_credential_without_its_private_key_is_refused)
{
  static const char nonce[] = "zxdZ2AMhocChxeaAgZZ5v9CRziAj2xYPS3vuy__xBkU";
  row rows[] = {enrol((voter){.person = "p1", .possession_nonce = nonce}),
                enrol((voter){.person = "p2"})};
  expect(rows, 2, "audit-possession", 1, 1);
}
END_TEST

START_TEST(a_latest_registration_without_this_election_gives_no_credential)
{
  row a = enrol((voter){.person = "p1"});
  row rows[] = {a, enrol((voter){.person = "p1", .replaces = a.nonce, .uuid = OTHER_UUID}),
                enrol((voter){.person = "p2"})};
  expect(rows, 3, "audit-elections", 2, 1);
}
END_TEST

/* ---- the export's form ---- */

static void refused_export(nep_buf *text, const char *old, const char *new, nep_status wanted)
{
  nep_registry *r = NULL;
  nep_error err = {0};
  nep_buf changed = {0};
  char *at = strstr(text->data, old);
  ck_assert_ptr_nonnull(at);
  nep_buf_add(&changed, text->data, (size_t)(at - text->data));
  nep_buf_str(&changed, new);
  nep_buf_str(&changed, at + strlen(old));
  ck_assert_int_eq(nep_registry_parse(nep_buf_bytes(&changed), &r, &err), wanted);
  ck_assert_ptr_null(r);
  nep_buf_free(&changed);
}

START_TEST(a_malformed_export_is_refused)
{
  row rows[] = {enrol((voter){.person = "p1"}), enrol((voter){.person = "p2"})};
  nep_buf text = write_export(rows, 2);
  refused_export(&text, "{\"identifier\":\"p2\"}", "{\"identifier\":\"p1\"}", NEP_E_INPUT);
  refused_export(&text, "\"p2\"", "\"p0\"", NEP_E_INPUT);
  refused_export(&text, "\"identifier\":\"p2\"", "\"identifier\":\"p2\",\"weight\":0", NEP_E_INPUT);
  refused_export(&text, "\"hash\":\"", "\"hash\": \"", NEP_E_CHECK);
  refused_export(&text, "\\\"kty\\\"", "\\\"kTy\\\"", NEP_E_INPUT);
  refused_export(&text, "\"Ed25519\"", "\"Ed25518\"", NEP_E_INPUT);
  refused_export(&text, rows[1].nonce, rows[0].nonce, NEP_E_INPUT); /* replayed */
  refused_export(&text, "\"replaces\":null", "\"replaces\":\"\"", NEP_E_INPUT);
  refused_export(&text, "\"alpha\":\"", "\"alpha\":\"0", NEP_E_INPUT);
  nep_buf_free(&text);
  free_rows(rows, 2);
}
END_TEST

/* ---- the verdict ---- */

START_TEST(a_verdict_is_read_as_it_was_written)
{
  nep_registry_verdict v = {.uuid = UUID,
                            .event = EVENT,
                            .counts = {6, 5, 1, 2, 3},
                            .time = "2026-11-23T07:00:00Z"},
                       read = {.time = ""};
  char key[NEP_PUBLIC_KEY_HEX + 1], signer[NEP_PUBLIC_KEY_HEX + 1];
  nep_signing_key *k = nep_signing_key_new();
  nep_buf message = {0}, envelope = {0};
  nep_error err = {0};
  memset(v.trust, '1', 64);
  memset(v.export, '2', 64);
  memset(v.credentials, '3', 64);
  nep_signing_key_public(k, key);
  nep_registry_verdict_write(&v, &message);
  nep_envelope_make(k, NEP_TAG_REGISTRY_VERDICT, nep_buf_bytes(&message), &envelope);
  ck_assert_int_eq(nep_registry_verdict_verify(nep_buf_bytes(&envelope), &read, signer, &err),
                   NEP_OK);
  ck_assert_str_eq(signer, key);
  ck_assert_str_eq(read.credentials, v.credentials);
  ck_assert_mem_eq(&read.counts, &v.counts, sizeof v.counts);
  strstr(envelope.data, "\"persons\":5")[10] = '6';
  ck_assert_int_eq(nep_registry_verdict_verify(nep_buf_bytes(&envelope), &read, signer, &err),
                   NEP_E_CHECK);
  nep_buf_clear(&envelope);
  nep_envelope_make(k, NEP_TAG_HEAD, nep_buf_bytes(&message), &envelope); /* another purpose */
  ck_assert_int_eq(nep_registry_verdict_verify(nep_buf_bytes(&envelope), &read, signer, &err),
                   NEP_E_CHECK);
  nep_buf_free(&envelope);
  nep_buf_free(&message);
  nep_signing_key_free(k);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("registry audit");
  TCase *lies = tcase_create("audit"), *forms = tcase_create("forms");
  registry_begin();
  tcase_add_test(lies, the_line_of_replacements_is_followed_to_the_latest);
  tcase_add_test(lies, a_fork_is_refused);
  tcase_add_test(lies, a_withheld_predecessor_is_noticed);
  tcase_add_test(lies, a_registration_that_replaces_another_persons_is_refused);
  tcase_add_test(lies, an_altered_box_is_refused);
  tcase_add_test(lies, a_destroyed_replacement_does_not_bring_the_old_credential_back);
  tcase_add_test(lies, exchanged_boxes_are_refused);
  tcase_add_test(lies, a_predecessor_that_the_server_invents_is_refused);
  tcase_add_test(lies, a_registration_of_another_event_is_no_registration_here);
  tcase_add_test(lies, invented_voters_are_refused);
  tcase_add_test(lies, a17_tokens_under_a_key_set_that_the_server_invents_are_refused);
  tcase_add_test(lies, every_key_set_that_the_provider_had_is_the_providers);
  tcase_add_test(lies, the_token_of_another_person_is_refused);
  tcase_add_test(lies, invented_voters_are_not_counted_as_persons);
  tcase_add_test(lies, a_credential_registered_twice_counts_for_nobody);
  tcase_add_test(lies, a_credential_without_its_private_key_is_refused);
  tcase_add_test(lies, a_latest_registration_without_this_election_gives_no_credential);
  tcase_add_test(forms, a_malformed_export_is_refused);
  tcase_add_test(forms, a_verdict_is_read_as_it_was_written);
  suite_add_tcase(s, lies);
  suite_add_tcase(s, forms);
  int result = nep_run_suite(s);
  registry_end();
  return result;
}
