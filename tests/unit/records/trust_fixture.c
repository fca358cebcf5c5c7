#include "tests/unit/records/trust_fixture.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "protocol/ceremony.h"

static const struct person {
  int key;
  nep_role role;
  const char *name;
} persons[] = {
    {AUDITOR, NEP_ROLE_AUDIT_SIGNER, "Kiểm toán"},   {SECRETARY, NEP_ROLE_OFFICIAL, "Thư ký"},
    {CHAIR, NEP_ROLE_OFFICIAL, "Chủ tịch"},          {CLERK, NEP_ROLE_OFFICIAL, "Ủy viên"},
    {OBSERVER, NEP_ROLE_OBSERVER, "Quan sát"},       {MIRROR, NEP_ROLE_MIRROR, "Bản sao"},
    {OTHER_MIRROR, NEP_ROLE_MIRROR, "Bản sao khác"},
};

static void make_audit(nep_buf *out)
{
  nep_buf key = {0};
  nep_error err = {0};
  char seed[NEP_SEED_LENGTH + 1], id[9];
  nep_random_base58(seed, NEP_SEED_LENGTH);
  nep_single_public_key(nep_group_find("Ed25519", 7), seed, "Kiểm toán", &key, id);
  ck_assert_int_eq(nep_trustees_make(nep_buf_bytes(&key), (nep_bytes){NULL, 0}, out, &err), NEP_OK);
  nep_buf_free(&key);
}

void trust_fixture_open_with(trust_fixture *x, const char *event, const trust_fixture_rules *rules)
{
  nep_trust *t = nep_alloc(1, sizeof *t);
  nep_buf audit = {0};
  nep_error err = {0};
  memset(x, 0, sizeof *x);
  for (int i = 0; i < FIXTURE_KEYS; i++) {
    x->keys[i] = nep_signing_key_new();
    nep_signing_key_public(x->keys[i], x->hex[i]);
  }
  snprintf(t->event, sizeof t->event, "%s", event);
  t->issuer = nep_strdup(rules->issuer);
  t->audience = nep_strdup(rules->audience);
  t->claim = nep_strdup(rules->claim);
  for (int r = 0; r < NEP_ROLE_COUNT; r++) {
    t->pinned[r] = nep_alloc(3, sizeof *t->pinned[r]);
    t->needed[r] = r == NEP_ROLE_OFFICIAL ? 2 : 1;
  }
  for (size_t i = 0; i < sizeof persons / sizeof *persons; i++) {
    nep_pinned *p = &t->pinned[persons[i].role][t->n_pinned[persons[i].role]++];
    snprintf(p->name, sizeof p->name, "%s", persons[i].name);
    memcpy(p->key, x->hex[persons[i].key], sizeof p->key);
  }
  snprintf(t->receipts, sizeof t->receipts, "%s", rules->receipts);
  t->claims_period = rules->claims_period;
  t->minimum_count = rules->minimum_count;
  t->weights = rules->weights;
  make_audit(&audit);
  nep_trust_write(t, nep_buf_bytes(&audit), &x->text);
  ck_assert_int_eq(nep_trust_parse(nep_buf_bytes(&x->text), &x->trust, &err), NEP_OK);
  nep_buf_free(&audit);
  nep_trust_free(t);
}

void trust_fixture_open(trust_fixture *x, const char *event, int64_t claims_period)
{
  char receipts[NEP_PUBLIC_KEY_HEX + 1];
  nep_signing_key *key = nep_signing_key_new();
  nep_signing_key_public(key, receipts);
  nep_signing_key_free(key);
  trust_fixture_rules rules = {.issuer = "https://id.example.vn",
                               .audience = "nep",
                               .claim = "sub",
                               .receipts = receipts,
                               .claims_period = claims_period,
                               .minimum_count = 2};
  trust_fixture_open_with(x, event, &rules);
}

void trust_fixture_close(trust_fixture *x)
{
  for (int i = 0; i < FIXTURE_KEYS; i++)
    nep_signing_key_free(x->keys[i]);
  nep_trust_free(x->trust);
  nep_buf_free(&x->text);
}
