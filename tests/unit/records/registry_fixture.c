#include "tests/unit/records/registry_fixture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "tests/issuer/token.h"

registry_fixture made = {.kept_set = &made.provider_set};
static nep_bytes sets[2];
const nep_registry_rules registry_rules = {{ISSUER, AUDIENCE, "sub", 30, 600}, sets, 2};

/* ---- the auditors ---- */

static nep_owner owners[REGISTRY_AUDITORS];
static nep_trustee_item pedersen = {.pedersen = true, .n = REGISTRY_AUDITORS, .threshold = 2};

static void make_auditors(void)
{
  const nep_group *g = nep_audit_group();
  nep_scalar polynomial[2];
  nep_scalar_random(g, &polynomial[0]);
  nep_scalar_random(g, &polynomial[1]);
  for (size_t i = 0; i < REGISTRY_AUDITORS; i++) {
    nep_share_eval(g, polynomial, 2, i + 1, &made.shares[i]);
    nep_element_exp_g(g, &owners[i].public_key, &made.shares[i]);
    owners[i].index = i + 1;
  }
  made.auditors = (nep_trustees){.group = g,
                                 .owners = owners,
                                 .n_owners = REGISTRY_AUDITORS,
                                 .items = &pedersen,
                                 .n_items = 1};
  nep_element_exp_g(g, &made.auditors.election_key, &polynomial[0]);
}

void registry_begin(void)
{
  nep_error err = {0};
  if (nep_test_key_make("EC", &made.provider, &made.provider_set, &err) != NEP_OK ||
      nep_test_key_make("EC", &made.older, &made.older_set, &err) != NEP_OK ||
      nep_test_key_make("EC", &made.stranger, &made.stranger_set, &err) != NEP_OK)
    abort();
  sets[0] = nep_buf_bytes(&made.older_set);
  sets[1] = nep_buf_bytes(&made.provider_set);
  make_auditors();
}

void registry_end(void)
{
  nep_buf_wipe(&made.provider);
  nep_buf_wipe(&made.older);
  nep_buf_wipe(&made.stranger);
  nep_buf_free(&made.provider_set);
  nep_buf_free(&made.older_set);
  nep_buf_free(&made.stranger_set);
}

/* ---- voters ---- */

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
  ck_assert_int_eq(nep_test_token_make(nep_buf_bytes(v->token_key ? v->token_key : &made.provider),
                                       &t, &text, &err),
                   NEP_OK);
  return nep_buf_take(&text, NULL);
}

row enrol(voter v)
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
  nep_registration_seal(&made.auditors.election_key, registration, &r.sealed);
  nep_registration_free(registration);
  nep_buf_free(&body);
  nep_buf_free(&proof);
  return r;
}

void free_rows(row *rows, size_t n)
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

nep_buf write_export(row *rows, size_t n)
{
  nep_buf out = {0};
  char hash[65];
  nep_sha256_hex(made.kept_set->data, made.kept_set->len, hash);
  qsort(rows, n, sizeof *rows, by_nonce);
  nep_registry_open(&out, UUID, EVENT, "Ed25519");
  nep_registry_write_person(&out, "p1", 0);
  nep_registry_write_person(&out, "p2", 0);
  nep_registry_write_person(&out, "p3", 0);
  nep_registry_write_key_sets(&out);
  nep_registry_write_key_set(&out, hash, nep_buf_bytes(made.kept_set));
  nep_registry_write_registrations(&out);
  for (size_t i = 0; i < n; i++)
    nep_registry_write_registration(&out, rows[i].nonce, rows[i].replaces, rows[i].token, hash,
                                    rows[i].sealed.data);
  nep_registry_close(&out);
  return out;
}

nep_registry *parse_export(row *rows, size_t n)
{
  nep_registry *r = NULL;
  nep_error err = {0};
  nep_buf text = write_export(rows, n);
  nep_status status = nep_registry_parse(nep_buf_bytes(&text), &r, &err);
  ck_assert_msg(status == NEP_OK, "%s: %s", err.where, err.reason);
  nep_buf_free(&text);
  return r;
}

nep_registry_share *give_share(const nep_registry *r, size_t owner, const nep_scalar *x,
                               nep_error *err)
{
  nep_registry_share *share = NULL;
  nep_buf text = {0};
  *err = (nep_error){0};
  nep_registry_share_make(r, owner, x, &text);
  (void)!nep_registry_share_verify(r, &made.auditors, nep_buf_bytes(&text), &share, err);
  nep_buf_free(&text);
  return share;
}

/* Opens with the auditors `first` and `second`. */
nep_status open_boxes(const nep_registry *r, size_t first, size_t second, nep_element *masks,
                      nep_error *err)
{
  nep_registry_share *both[2] = {give_share(r, first, &made.shares[first - 1], err),
                                 give_share(r, second, &made.shares[second - 1], err)};
  ck_assert_ptr_nonnull(both[0]);
  ck_assert_ptr_nonnull(both[1]);
  nep_status status =
      nep_registry_masks(r, &made.auditors, (const nep_registry_share *const *)both, 2, masks, err);
  nep_registry_share_free(both[0]);
  nep_registry_share_free(both[1]);
  return status;
}
