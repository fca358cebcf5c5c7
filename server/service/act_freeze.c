/* The freeze: the credential list that the auditors have judged becomes final and the setup is
   published. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/credentials.h"
#include "protocol/json.h"
#include "records/registry_verdict.h"
#include "server/db/registry.h"
#include "server/service/acts.h"
#include "server/service/additions.h"

typedef struct freeze {
  json_t *body;
  nep_bytes credentials; /* borrowed from the body */
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_registry_verdict verdict;
  uint64_t listed;
} freeze;

/* ---- before the transaction: what the verdict and the list are by themselves ---- */

static nep_status read_verdict(freeze *z, nep_error *err)
{
  nep_buf envelope = {0};
  nep_json_write(&envelope, json_object_get(z->body, "verdict"));
  nep_status st = nep_registry_verdict_verify(nep_buf_bytes(&envelope), &z->verdict, z->key, err);
  nep_buf_free(&envelope);
  return st == NEP_OK ? st : nep_inside(err, st, "verdict");
}

static nep_status check_signer(nep_act_call *c, const freeze *z, nep_error *err)
{
  const nep_registry_verdict *v = &z->verdict;
  nep_trust *trust = NULL;
  nep_status st = nep_trust_from(c->service->official, c->uuid, &trust, err);
  if (st == NEP_OK && nep_trust_find(trust, NEP_ROLE_AUDIT_SIGNER, z->key) == NULL)
    st = nep_fail(err, NEP_E_DENIED, "verdict-signer", "verdict.key",
                  "is not the key of an audit signer of this event's trust file");
  if (st == NEP_OK && (strcmp(v->uuid, c->uuid) != 0 || strcmp(v->event, trust->event) != 0))
    st = nep_fail(err, NEP_E_CHECK, "verdict-election", "verdict", "is about another election");
  if (st == NEP_OK && strcmp(v->trust, trust->hash) != 0)
    st = nep_fail(err, NEP_E_CHECK, "verdict-trust", "verdict.trust",
                  "names another trust file than the one that is published");
  nep_trust_free(trust);
  return st;
}

typedef struct group_of {
  const char *uuid;
  const nep_group *group;
} group_of;

static nep_status find_group(nep_db *db, void *ctx, nep_error *err)
{
  group_of *x = ctx;
  nep_election_row election = {0};
  nep_status st = nep_db_election_get(db, x->uuid, &election, err);
  if (st == NEP_OK && (x->group = nep_group_find(election.group, strlen(election.group))) == NULL)
    st = nep_fail(err, NEP_E_INTERNAL, "stored-group", x->uuid, "unknown group");
  nep_election_row_free(&election);
  return st;
}

/* The list by itself, and that it is the one that the verdict is about. */
static nep_status check_list(nep_act_call *c, freeze *z, nep_error *err)
{
  group_of x = {.uuid = c->uuid};
  char hash[65];
  nep_credentials *list = NULL;
  nep_findings findings = {0};
  nep_sha256_hex(z->credentials.data, z->credentials.len, hash);
  if (strcmp(hash, z->verdict.credentials) != 0)
    return nep_fail(err, NEP_E_CHECK, "verdict-list", "credentials",
                    "is another list than the one that the verdict is about");
  nep_status st = nep_db_transaction(c->service->official, true, find_group, &x, err);
  if (st == NEP_OK) {
    nep_credentials_verify(x.group, z->credentials, &list, &findings);
    st = nep_findings_status(&findings, err);
  }
  z->listed = list != NULL ? nep_credentials_count(list) : 0;
  if (st == NEP_OK && (z->listed != z->verdict.counts.credentials ||
                       z->listed > z->verdict.counts.persons || z->listed == 0))
    st = nep_fail(err, NEP_E_CHECK, "verdict-counts", "verdict.counts",
                  "do not fit the list, which has %llu credentials", (unsigned long long)z->listed);
  nep_findings_free(&findings);
  nep_credentials_free(list);
  return st;
}

nep_status nep_freeze_prepare(nep_act_call *c, nep_error *err)
{
  freeze *z = nep_alloc(1, sizeof *z);
  c->prepared = z;
  nep_status st = nep_look_phase(c, NEP_PHASE_REGISTRATION, err);
  if (st == NEP_OK)
    st = nep_require_registration_over(c, err);
  if (st == NEP_OK)
    st = nep_json_parse(c->body, &z->body, err);
  if (st == NEP_OK)
    st = nep_json_fields(z->body, "body", err, "credentials", "verdict", NULL);
  if (st == NEP_OK)
    st = nep_json_string(z->body, "credentials", &z->credentials.data, &z->credentials.len, err);
  if (st == NEP_OK)
    st = read_verdict(z, err);
  if (st == NEP_OK)
    st = check_signer(c, z, err);
  return st == NEP_OK ? check_list(c, z, err) : st;
}

/* ---- in the transaction ---- */

/* Everybody who has registered here was judged; the verdict may refuse some, never leave one out.
 */
static nep_status check_persons(nep_act_call *c, nep_db *db, const freeze *z, nep_error *err)
{
  int64_t roll = 0, registered = 0;
  nep_status st = nep_db_counts(db, c->uuid, &roll, &registered, err);
  if (st == NEP_OK && z->verdict.counts.persons != (uint64_t)registered) {
    (void)nep_fail(err, NEP_E_CHECK, "verdict-persons", "verdict.counts.persons",
                   "the auditors have judged %llu persons, %lld are registered",
                   (unsigned long long)z->verdict.counts.persons, (long long)registered);
    st = nep_advise(err, "export the registry again and have it audited");
  }
  return st;
}

/* protocol.md §11: {"election":h,"trustees":h,"credentials":h} */
static nep_status write_setup(nep_act_call *c, nep_db *db, const char *credentials, nep_buf *out,
                              nep_error *err)
{
  char election[65], trustees[65];
  nep_status st = nep_db_data_hash(db, c->uuid, NEP_DATA_ELECTION, election, err);
  if (st == NEP_OK)
    st = nep_db_data_hash(db, c->uuid, NEP_DATA_TRUSTEES, trustees, err);
  if (st != NEP_OK)
    return st;
  nep_buf_char(out, '{');
  nep_member_string(out, "election", election);
  nep_member_string(out, "trustees", trustees);
  nep_member_string(out, "credentials", credentials);
  nep_buf_char(out, '}');
  return NEP_OK;
}

/* Published beside the archive. */
static nep_status write_verdict(nep_act_call *c, nep_db *db, const freeze *z, nep_error *err)
{
  nep_buf text = {0};
  nep_json_write(&text, json_object_get(z->body, "verdict"));
  nep_status st =
      nep_db_addition_insert(db, c->uuid, NEP_ADDITION_VERDICT, 0, nep_buf_bytes(&text), err);
  nep_buf_free(&text);
  return st;
}

static nep_status publish(nep_act_call *c, nep_db *db, const freeze *z, nep_error *err)
{
  nep_buf setup = {0};
  char list_hash[65], setup_hash[65];
  int64_t size = 0;
  nep_status st =
      nep_append_data(c, db, NEP_DATA_CREDENTIALS, z->credentials, list_hash, &size, err);
  if (st == NEP_OK)
    st = write_verdict(c, db, z, err);
  if (st == NEP_OK)
    st = write_setup(c, db, list_hash, &setup, err);
  if (st == NEP_OK)
    st = nep_append_data(c, db, NEP_DATA_SETUP, nep_buf_bytes(&setup), setup_hash, &size, err);
  if (st == NEP_OK) {
    nep_member_string(c->json, "credentials_hash", list_hash);
    nep_member_string(c->json, "setup_hash", setup_hash);
    nep_buf_printf(c->json, ",\"credentials\":%llu", (unsigned long long)z->listed);
  }
  nep_buf_free(&setup);
  return st;
}

nep_status nep_freeze_effect(nep_act_call *c, nep_db *db, nep_error *err)
{
  const freeze *z = c->prepared;
  nep_status st = nep_require_phase(&c->head, NEP_PHASE_REGISTRATION, err);
  if (st == NEP_OK)
    st = nep_require_registration_over(c, err);
  if (st == NEP_OK)
    st = check_persons(c, db, z, err);
  if (st == NEP_OK)
    st = publish(c, db, z, err);
  if (st != NEP_OK)
    return st;
  c->head.phase = NEP_PHASE_FROZEN;
  return nep_db_head_act(db, c->uuid, &c->head, err);
}

void nep_freeze_dispose(nep_act_call *c)
{
  freeze *z = c->prepared;
  if (z == NULL)
    return;
  json_decref(z->body);
  free(z);
}
