/* A trustee's partial decryption, with the second proof that its factors are right (A2): the
   archive gets the one, the additions beside it the other, in one transaction. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/json.h"
#include "records/decryption_proof.h"
#include "server/service/acts.h"
#include "server/service/envelopes.h"
#include "server/service/recount.h"

typedef struct upload {
  json_t *object; /* owns the texts */
  nep_bytes decryption, owned;
  nep_bytes proof;        /* empty: there is none */
  nep_trustees *trustees; /* to read the owners of those stored */
  size_t owner;
} upload;

static nep_status check_once(const nep_tallied *t, size_t owner, nep_error *err)
{
  for (size_t i = 0; i < t->n_factors; i++)
    if (t->factors[i]->owner == owner)
      return nep_fail(err, NEP_E_STATE, "pd-repeated", "owned",
                      "the partial decryption of trustee %zu is stored already", owner);
  return NEP_OK;
}

static nep_status check_proof(const nep_tallied *t, const upload *u, const nep_factors *factors,
                              nep_error *err)
{
  if (u->proof.len == 0)
    return nep_decryption_proof_missing(t->trustees, u->owner, err);
  return nep_decryption_proof_verify(t->tally, t->trustees, factors, u->proof, err);
}

static nep_status check_upload(const nep_tallied *t, upload *u, nep_error *err)
{
  nep_findings findings = {0};
  nep_factors *factors = NULL;
  char payload[65], hash[65];
  nep_status st = nep_owned_parse(t->trustees, u->owned, &u->owner, payload, err);
  nep_sha256_hex(u->decryption.data, u->decryption.len, hash);
  if (st == NEP_OK && strcmp(payload, hash) != 0)
    st = nep_fail(err, NEP_E_CHECK, "pd-payload", "owned",
                  "its payload is not the hash of the decryption");
  if (st == NEP_OK)
    st = check_once(t, u->owner, err);
  if (st == NEP_OK &&
      !nep_decryption_verify(t->tally, t->trustees, u->owner, u->decryption, &factors, &findings))
    st = nep_findings_status(&findings, err);
  if (st == NEP_OK)
    st = check_proof(t, u, factors, err);
  if (factors != NULL)
    nep_factors_free(t->setup->election, factors);
  nep_findings_free(&findings);
  return st;
}

static nep_status read_body(nep_bytes body, upload *u, nep_error *err)
{
  nep_status st = nep_json_parse(body, &u->object, err);
  if (st == NEP_OK)
    st = nep_json_fields(u->object, "body", err, "decryption", "owned", "proof?", NULL);
  if (st == NEP_OK)
    st = nep_json_string(u->object, "decryption", &u->decryption.data, &u->decryption.len, err);
  if (st == NEP_OK)
    st = nep_json_string(u->object, "owned", &u->owned.data, &u->owned.len, err);
  if (st == NEP_OK && json_object_get(u->object, "proof") != NULL)
    st = nep_json_string(u->object, "proof", &u->proof.data, &u->proof.len, err);
  return st;
}

nep_status nep_decryption_prepare(nep_act_call *c, nep_error *err)
{
  upload *u = nep_alloc(1, sizeof *u);
  nep_tallied t = {0};
  c->prepared = u;
  nep_status st = read_body(c->body, u, err);
  if (st == NEP_OK)
    st = nep_look_phase(c, NEP_PHASE_TALLIED, err);
  if (st != NEP_OK)
    return st;
  st = nep_tallied_read(c->service, c->uuid, &t, err);
  if (st == NEP_OK)
    st = check_upload(&t, u, err);
  u->trustees = t.trustees;
  t.trustees = NULL;
  nep_tallied_free(c->service, &t);
  return st;
}

typedef struct owners {
  const nep_trustees *trustees;
  size_t wanted;
} owners;

static nep_status differs(void *ctx, nep_bytes body, const char *hash, nep_error *err)
{
  const owners *o = ctx;
  size_t owner = 0;
  char payload[65];
  (void)hash;
  nep_status st = nep_owned_parse(o->trustees, body, &owner, payload, err);
  if (st == NEP_OK && owner == o->wanted)
    st = nep_fail(err, NEP_E_STATE, "pd-repeated", "owned",
                  "the partial decryption of trustee %zu is stored already", owner);
  return st;
}

nep_status nep_decryption_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  const upload *u = c->prepared;
  const nep_envelopes proof = {.texts = {u->proof}, .n = 1};
  owners stored = {u->trustees, u->owner};
  char hash[65];
  int64_t size = 0;
  nep_status st = nep_require_phase(&c->head, NEP_PHASE_TALLIED, err);
  if (st == NEP_OK)
    st = nep_db_data_list(db, c->uuid, NEP_DATA_OWNED, differs, &stored, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_DECRYPTION, u->decryption, hash, &size, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_OWNED, u->owned, hash, &size, err);
  if (st == NEP_OK)
    st = nep_envelopes_store(db, c->uuid, NEP_ADDITION_DECRYPTION_PROOF, &proof, err);
  if (st != NEP_OK)
    return st;
  nep_buf_printf(c->json, ",\"owner\":%zu", u->owner);
  return nep_append_event(c, db, NEP_EVENT_PARTIAL_DECRYPTION, hash, size, NEP_PHASE_TALLIED, err);
}

void nep_decryption_dispose(nep_act_call *c)
{
  upload *u = c->prepared;
  if (u == NULL)
    return;
  nep_trustees_free(u->trustees);
  json_decref(u->object);
  free(u);
}
