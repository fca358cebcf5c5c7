#include "server/service/freeze_request.h"

#include <string.h>

#include "crypto/hash.h"
#include "protocol/credentials.h"
#include "protocol/json.h"
#include "records/freeze_act.h"
#include "records/trust_list.h"
#include "server/service/additions.h"

static nep_status check_verdict(const nep_act_call *c, nep_freeze_request *z, nep_error *err)
{
  nep_buf envelope = {0};
  char hash[65];
  nep_sha256_hex(z->credentials.data, z->credentials.len, hash);
  nep_json_write(&envelope, json_object_get(z->body, "verdict"));
  nep_status st = nep_registry_verdict_check(nep_buf_bytes(&envelope), z->trust, c->uuid, hash,
                                             &z->verdict, err);
  nep_buf_free(&envelope);
  return st == NEP_OK ? st : nep_inside(err, st, "verdict");
}

/* The list by itself, the auditors' counts of it, and what the trustees would refuse after the
 * vote. */
static nep_status check_list(nep_act_call *c, nep_freeze_request *z, nep_error *err)
{
  const nep_group *group = NULL;
  nep_credentials *list = NULL;
  nep_findings findings = {0};
  nep_status st = nep_election_group(c->service->official, c->uuid, &group, err);
  if (st == NEP_OK) {
    nep_credentials_verify(group, z->credentials, 0, &list, &findings);
    st = nep_findings_status(&findings, err);
  }
  z->listed = list != NULL ? nep_credentials_count(list) : 0;
  if (st == NEP_OK && (z->listed != z->verdict.counts.credentials ||
                       z->listed > z->verdict.counts.persons || z->listed == 0))
    st = nep_fail(err, NEP_E_CHECK, "verdict-counts", "verdict.counts",
                  "do not fit the list, which has %llu credentials", (unsigned long long)z->listed);
  if (st == NEP_OK)
    st = nep_trust_list_check(z->trust, list, err);
  nep_findings_free(&findings);
  nep_credentials_free(list);
  return st;
}

typedef struct parts {
  const char *uuid;
  nep_buf definition, trustees;
} parts;

static nep_status read_parts(nep_db *db, void *ctx, nep_error *err)
{
  parts *p = ctx;
  char hash[65];
  nep_buf_clear(&p->definition);
  nep_buf_clear(&p->trustees);
  nep_status st = nep_db_data_get(db, p->uuid, NEP_DATA_ELECTION, &p->definition, hash, err);
  if (st == NEP_OK)
    st = nep_db_data_get(db, p->uuid, NEP_DATA_TRUSTEES, &p->trustees, hash, err);
  return st;
}

/* A25: nobody is shown another election than the one that enough officials have signed. */
static nep_status check_acts(nep_act_call *c, const nep_freeze_request *z, nep_error *err)
{
  parts p = {.uuid = c->uuid};
  nep_freeze_act expected;
  nep_status st = nep_db_transaction(c->service->official, true, read_parts, &p, err);
  if (st == NEP_OK) {
    nep_freeze_act_fill(c->uuid, nep_buf_bytes(&p.definition), nep_buf_bytes(&p.trustees),
                        z->credentials, z->trust->hash, &expected);
    st = nep_freeze_acts_verify(z->acts.texts, z->acts.n, z->trust, &expected, err);
    if (st != NEP_OK)
      nep_advise(err, "officials make freeze acts with nep-tally act freeze, from the published "
                      "definition, the trustees and the auditors' list");
  }
  nep_buf_free(&p.definition);
  nep_buf_free(&p.trustees);
  return st;
}

static nep_status read_request(nep_act_call *c, nep_freeze_request *z, nep_error *err)
{
  nep_status st = nep_json_parse(c->body, &z->body, err);
  if (st == NEP_OK)
    st = nep_json_fields(z->body, "body", err, "credentials", "verdict", "acts", NULL);
  if (st == NEP_OK)
    st = nep_json_string(z->body, "credentials", &z->credentials.data, &z->credentials.len, err);
  return st == NEP_OK ? nep_envelopes_read(z->body, "acts", &z->acts, err) : st;
}

nep_status nep_freeze_request_check(nep_act_call *c, nep_freeze_request *z, nep_error *err)
{
  nep_status st = read_request(c, z, err);
  if (st == NEP_OK)
    st = nep_trust_from(c->service->official, c->uuid, &z->trust, err);
  if (st == NEP_OK)
    st = check_verdict(c, z, err);
  if (st == NEP_OK)
    st = check_list(c, z, err);
  return st == NEP_OK ? check_acts(c, z, err) : st;
}

void nep_freeze_request_free(nep_freeze_request *z)
{
  if (z == NULL)
    return;
  nep_trust_free(z->trust);
  nep_envelopes_free(&z->acts);
  json_decref(z->body);
}
