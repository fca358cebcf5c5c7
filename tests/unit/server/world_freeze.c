/* What a freeze hands over: list, verdict, acts. */
#include <check.h>
#include <stdio.h>

#include "crypto/hash.h"
#include "protocol/credentials.h"
#include "protocol/json.h"
#include "records/tags.h"
#include "tests/unit/server/world.h"

static void must(nep_status status, const nep_error *err)
{
  ck_assert_msg(status == NEP_OK, "%s: %s %s", err->code, err->where, err->reason);
}

static void make_list(const world_election *e, uint64_t weight, nep_buf *credentials)
{
  char texts[WORLD_VOTERS_MAX][NEP_ELEMENT_TEXT_MAX];
  const char *list[WORLD_VOTERS_MAX];
  uint64_t weights[WORLD_VOTERS_MAX];
  nep_error err = {0};
  for (size_t i = 0; i < e->n; i++) {
    world_public(e, i, texts[i]);
    list[i] = texts[i];
    weights[i] = i == 0 ? weight : 1;
  }
  must(nep_credentials_make(e->election->group, list, weight == 0 ? NULL : weights, e->n,
                            credentials, &err),
       &err);
}

static void add_verdict(const world_election *e, const world_freeze *f, nep_bytes credentials,
                        nep_buf *out)
{
  nep_registry_verdict v = {.counts = {e->n, e->n, 0, 0, e->n}, .time = "2026-11-23T07:00:00Z"};
  nep_buf message = {0};
  snprintf(v.uuid, sizeof v.uuid, "%s", e->uuid);
  snprintf(v.event, sizeof v.event, "%s", e->event);
  snprintf(v.trust, sizeof v.trust, "%s", e->trust.trust->hash);
  snprintf(v.export, sizeof v.export, "%s", e->trust.trust->hash);
  nep_sha256_hex(credentials.data, credentials.len, v.credentials);
  if (f->verdict != NULL)
    f->verdict(&v);
  nep_registry_verdict_write(&v, &message);
  nep_envelope_make(f->auditor != NULL ? f->auditor : e->trust.keys[AUDITOR],
                    NEP_TAG_REGISTRY_VERDICT, nep_buf_bytes(&message), out);
  nep_buf_free(&message);
}

static void add_acts(const world_election *e, const world_freeze *f, nep_bytes credentials,
                     nep_buf *out)
{
  const nep_signing_key *right[] = {e->trust.keys[SECRETARY], e->trust.keys[CHAIR], NULL};
  const nep_signing_key *const *keys = f->officials[0] != NULL ? f->officials : right;
  nep_buf definition = {0}, trustees = {0}, message = {0};
  nep_freeze_act act;
  nep_error err = {0};
  char hash[65];
  must(nep_document_get(world, e->uuid, NEP_DOCUMENT_DEFINITION, &definition, hash, &err), &err);
  must(nep_document_get(world, e->uuid, NEP_DOCUMENT_TRUSTEES, &trustees, hash, &err), &err);
  nep_freeze_act_fill(e->uuid, nep_buf_bytes(&definition), nep_buf_bytes(&trustees), credentials,
                      e->trust.trust->hash, &act);
  if (f->act != NULL)
    f->act(&act);
  nep_freeze_act_write(&act, &message);
  for (size_t i = 0; i < 3 && keys[i] != NULL; i++) {
    if (i > 0)
      nep_buf_char(out, ',');
    nep_envelope_make(keys[i], NEP_TAG_FREEZE, nep_buf_bytes(&message), out);
  }
  nep_buf_free(&message);
  nep_buf_free(&trustees);
  nep_buf_free(&definition);
}

void world_freeze_body(const world_election *e, const world_freeze *f, nep_buf *body)
{
  nep_buf credentials = {0};
  make_list(e, f->weight, &credentials);
  nep_buf_str(body, "{\"credentials\":");
  nep_json_write_string(body, credentials.data, credentials.len);
  nep_buf_str(body, ",\"verdict\":");
  add_verdict(e, f, nep_buf_bytes(&credentials), body);
  nep_buf_str(body, ",\"acts\":[");
  add_acts(e, f, nep_buf_bytes(&credentials), body);
  nep_buf_str(body, "]}");
  nep_buf_free(&credentials);
}
