/* Sealed registrations, their threshold opening, and the audit: honest registries pass, and each
   lie of a server, an auditor or a voter is refused by the check that is meant for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "records/registry_verdict.h"
#include "records/tags.h"
#include "tests/issuer/token.h"
#include "tests/support/run.h"

#define NOW INT64_C(1795431600)
#define ISSUER "https://id.example.vn"
#define AUDIENCE "nep"
#define EVENT "hdnd-2026"
#define UUID "11111111111111"
#define OTHER_UUID "22222222222222"

enum { AUDITORS = 3, MAX = 8 };

static nep_buf provider, provider_set, older, older_set, stranger, stranger_set;
/* The auditors have an older key set of the provider, too. */
static nep_bytes sets[2];
static const nep_registry_rules rules = {{ISSUER, AUDIENCE, "sub", 30, 600}, sets, 2};
static const nep_buf *kept_set = &provider_set; /* by the server */

/* ---- the auditors: a Pedersen group of three, two needed ---- */

static nep_scalar shares[AUDITORS];
static nep_owner owners[AUDITORS];
static nep_trustee_item pedersen = {.pedersen = true, .n = AUDITORS, .threshold = 2};
static nep_trustees auditors;

static void make_auditors(void)
{
  const nep_group *g = nep_audit_group();
  nep_scalar polynomial[2];
  nep_scalar_random(g, &polynomial[0]);
  nep_scalar_random(g, &polynomial[1]);
  for (size_t i = 0; i < AUDITORS; i++) {
    nep_share_eval(g, polynomial, 2, i + 1, &shares[i]);
    nep_element_exp_g(g, &owners[i].public_key, &shares[i]);
    owners[i].index = i + 1;
  }
  auditors = (nep_trustees){
      .group = g, .owners = owners, .n_owners = AUDITORS, .items = &pedersen, .n_items = 1};
  nep_element_exp_g(g, &auditors.election_key, &polynomial[0]);
}

static void make_keys(void)
{
  nep_error err = {0};
  if (nep_test_key_make("EC", &provider, &provider_set, &err) != NEP_OK ||
      nep_test_key_make("EC", &older, &older_set, &err) != NEP_OK ||
      nep_test_key_make("EC", &stranger, &stranger_set, &err) != NEP_OK)
    abort();
  sets[0] = nep_buf_bytes(&older_set);
  sets[1] = nep_buf_bytes(&provider_set);
  make_auditors();
}

static void free_keys(void)
{
  nep_buf_wipe(&provider);
  nep_buf_wipe(&older);
  nep_buf_wipe(&stranger);
  nep_buf_free(&provider_set);
  nep_buf_free(&older_set);
  nep_buf_free(&stranger_set);
}

/* ---- voters ---- */

/* What a registration is made from; the zero value of each field is the honest one. */
typedef struct voter {
  const char *person, *replaces, *event, *uuid, *possession_nonce, *token_nonce;
  const nep_buf *token_key;
  const nep_scalar *key; /* a random one */
} voter;

typedef struct row {
  char nonce[NEP_NONCE_LENGTH + 1], *replaces, *token;
  nep_buf sealed;
} row;

static char *make_token(const voter *v, const char *nonce)
{
  nep_test_token t = {.issuer = ISSUER,
                      .audiences = {AUDIENCE},
                      .n_audiences = 1,
                      .subject = v->person,
                      .nonce = v->token_nonce != NULL ? v->token_nonce : nonce,
                      .now = NOW,
                      .expires_in = 300};
  nep_buf text = {0};
  nep_error err = {0};
  ck_assert_int_eq(
      nep_test_token_make(nep_buf_bytes(v->token_key ? v->token_key : &provider), &t, &text, &err),
      NEP_OK);
  return nep_buf_take(&text, NULL);
}

static row enrol(voter v)
{
  const nep_group *g = nep_audit_group();
  const char *event = v.event != NULL ? v.event : EVENT, *uuid = v.uuid != NULL ? v.uuid : UUID;
  nep_scalar key;
  nep_element public;
  char salt[65], text[NEP_ELEMENT_TEXT_MAX];
  const char *credential = text;
  row r = {.replaces = v.replaces != NULL ? nep_strdup(v.replaces) : NULL};
  nep_buf proof = {0}, body = {0};
  nep_registration *registration = NULL;
  nep_error err = {0};
  nep_scalar_random(g, &key);
  if (v.key != NULL)
    key = *v.key;
  nep_element_exp_g(g, &public, &key);
  nep_element_text(g, &public, text);
  uint8_t random[32];
  nep_random_bytes(random, sizeof random);
  nep_hex(random, sizeof random, salt);
  nep_registration_nonce(event, salt, v.replaces, &uuid, &credential, 1, r.nonce);
  nep_possession_make(g, &key, uuid, v.possession_nonce ? v.possession_nonce : r.nonce, &proof);
  r.token = make_token(&v, r.nonce);
  const char *proof_text = proof.data;
  nep_registration_write(event, salt, v.replaces, &uuid, &credential, &proof_text, 1, r.token,
                         &body);
  ck_assert_int_eq(nep_registration_parse(nep_buf_bytes(&body), &registration, &err), NEP_OK);
  nep_registration_seal(&auditors.election_key, registration, &r.sealed);
  nep_registration_free(registration);
  nep_buf_free(&body);
  nep_buf_free(&proof);
  return r;
}

static void free_rows(row *rows, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    free(rows[i].replaces);
    free(rows[i].token);
    nep_buf_free(&rows[i].sealed);
  }
}

static int by_nonce(const void *a, const void *b)
{
  return strcmp(((const row *)a)->nonce, ((const row *)b)->nonce);
}

/* ---- the export ---- */

static nep_buf write_export(row *rows, size_t n)
{
  nep_buf out = {0};
  char hash[65];
  nep_sha256_hex(kept_set->data, kept_set->len, hash);
  qsort(rows, n, sizeof *rows, by_nonce);
  nep_registry_open(&out, UUID, EVENT, "Ed25519");
  nep_registry_write_person(&out, "p1", 0);
  nep_registry_write_person(&out, "p2", 0);
  nep_registry_write_person(&out, "p3", 0);
  nep_registry_write_key_sets(&out);
  nep_registry_write_key_set(&out, hash, nep_buf_bytes(kept_set));
  nep_registry_write_registrations(&out);
  for (size_t i = 0; i < n; i++)
    nep_registry_write_registration(&out, rows[i].nonce, rows[i].replaces, rows[i].token, hash,
                                    rows[i].sealed.data);
  nep_registry_close(&out);
  return out;
}

static nep_registry *parse(row *rows, size_t n)
{
  nep_registry *r = NULL;
  nep_error err = {0};
  nep_buf text = write_export(rows, n);
  nep_status status = nep_registry_parse(nep_buf_bytes(&text), &r, &err);
  ck_assert_msg(status == NEP_OK, "%s: %s", err.where, err.reason);
  nep_buf_free(&text);
  return r;
}

static nep_registry_share *give(const nep_registry *r, size_t owner, const nep_scalar *x,
                                nep_error *err)
{
  nep_registry_share *share = NULL;
  nep_buf text = {0};
  *err = (nep_error){0};
  nep_registry_share_make(r, owner, x, &text);
  (void)!nep_registry_share_verify(r, &auditors, nep_buf_bytes(&text), &share, err);
  nep_buf_free(&text);
  return share;
}

/* Opens with the auditors `first` and `second`. */
static nep_status open_boxes(const nep_registry *r, size_t first, size_t second, nep_element *masks,
                             nep_error *err)
{
  nep_registry_share *both[2] = {give(r, first, &shares[first - 1], err),
                                 give(r, second, &shares[second - 1], err)};
  ck_assert_ptr_nonnull(both[0]);
  ck_assert_ptr_nonnull(both[1]);
  nep_status status =
      nep_registry_masks(r, &auditors, (const nep_registry_share *const *)both, 2, masks, err);
  nep_registry_share_free(both[0]);
  nep_registry_share_free(both[1]);
  return status;
}

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
  nep_element masks[MAX];
  nep_registry *r = parse(rows, n);
  ck_assert_int_eq(open_boxes(r, 1, 3, masks, &err), NEP_OK);
  o.status = nep_registry_audit(r, masks, &rules, &o.f, &o.counts, &o.list, &err);
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

/* ---- opening ---- */

START_TEST(any_two_of_three_auditors_open_every_box)
{
  row rows[] = {enrol((voter){.person = "p1"}), enrol((voter){.person = "p2"})};
  static const size_t pairs[][2] = {{1, 2}, {1, 3}, {2, 3}};
  nep_registry *r = parse(rows, 2);
  for (size_t i = 0; i < 3; i++) {
    nep_element masks[2];
    nep_findings f = {0};
    nep_registry_counts counts;
    nep_buf list = {0};
    nep_error err;
    ck_assert_int_eq(open_boxes(r, pairs[i][0], pairs[i][1], masks, &err), NEP_OK);
    ck_assert_int_eq(nep_registry_audit(r, masks, &rules, &f, &counts, &list, &err), NEP_OK);
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
  nep_registry *r = parse(rows, 1);
  nep_element mask;
  nep_error err;
  nep_registry_share *one = give(r, 2, &shares[1], &err);
  const nep_registry_share *twice[] = {one, one};
  ck_assert_ptr_nonnull(one);
  ck_assert_int_eq(nep_registry_masks(r, &auditors, twice, 2, &mask, &err), NEP_E_CHECK);
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
  nep_trustees two = auditors;
  const nep_group *g = nep_audit_group();
  nep_error err;
  nep_element masks[1], expected;
  two.n_owners = 2;
  two.items = singles;
  two.n_items = 2;
  row rows[] = {enrol((voter){.person = "p1"})};
  nep_registry *r = parse(rows, 1);
  nep_registry_share *both[] = {give(r, 1, &shares[0], &err), give(r, 2, &shares[1], &err)};
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
  nep_registry *r = parse(rows, 1), *other = parse(later, 1);
  nep_registry_share *share = NULL;
  nep_buf text = {0};
  nep_error err;
  ck_assert_ptr_null(give(r, 2, &shares[0], &err)); /* another's key */
  ck_assert_str_eq(err.code, "share-proof");
  ck_assert_ptr_nonnull(strstr(err.where, "auditor 2"));
  ck_assert_ptr_nonnull(strstr(err.where, rows[0].nonce));
  nep_registry_share_make(other, 1, &shares[0], &text);
  ck_assert_int_eq(nep_registry_share_verify(r, &auditors, nep_buf_bytes(&text), &share, &err),
                   NEP_E_CHECK);
  ck_assert_str_eq(err.where, "export");
  ck_assert_ptr_null(give(r, 4, &shares[0], &err));
  nep_buf_free(&text);
  nep_registry_free(other);
  nep_registry_free(r);
  free_rows(rows, 1);
  free_rows(later, 1);
}
END_TEST

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
  row forged[] = {enrol((voter){.person = "p1", .token_key = &stranger}),
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
  row rows[] = {enrol((voter){.person = "p1", .token_key = &stranger}),
                enrol((voter){.person = "p2", .token_key = &stranger})};
  kept_set = &stranger_set;
  outcome o = audit(rows, 2);
  ck_assert_uint_eq(o.counts.persons, 0);
  outcome_free(&o);
  expect(rows, 2, "audit-provider", 2, 0);
  kept_set = &provider_set;
}
END_TEST

START_TEST(every_key_set_that_the_provider_had_is_the_providers)
{
  row rows[] = {enrol((voter){.person = "p1", .token_key = &older}),
                enrol((voter){.person = "p2", .token_key = &older})};
  kept_set = &older_set;
  expect(rows, 2, NULL, 0, 2);
  row others[] = {enrol((voter){.person = "p1"})};
  nep_buf set = {0};
  kept_set = &set; /* the same key in other bytes */
  nep_buf_printf(&set, " %s", provider_set.data);
  expect(others, 1, NULL, 0, 1);
  nep_buf_free(&set);
  kept_set = &provider_set;
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
  row rows[] = {enrol((voter){.person = "p1", .token_key = &stranger}),
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
  TCase *opening = tcase_create("opening"), *lies = tcase_create("audit"),
        *forms = tcase_create("forms");
  make_keys();
  tcase_add_test(opening, any_two_of_three_auditors_open_every_box);
  tcase_add_test(opening, one_auditor_alone_opens_nothing);
  tcase_add_test(opening, single_auditors_are_all_needed);
  tcase_add_test(opening, an_auditor_with_a_wrong_share_is_named);
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
  suite_add_tcase(s, opening);
  suite_add_tcase(s, lies);
  suite_add_tcase(s, forms);
  int result = nep_run_suite(s);
  free_keys();
  return result;
}
