/* The setup of an election: definition, trustees, credentials (protocol.md, Appendix item 2). */
#include <string.h>

#include "crypto/tags.h"
#include "protocol/values.h"
#include "protocol/verify_state.h"

typedef struct setup_hashes {
  char election[65], trustees[65], credentials[65], certificate[65];
  bool has_certificate;
} setup_hashes;

static nep_status read_setup(const json_t *json, setup_hashes *h, nep_error *err)
{
  nep_status s = nep_json_fields(json, "setup", err, "election", "trustees", "credentials",
                                 "credentials_certificate?", NULL);
  if (s == NEP_OK)
    s = nep_json_hash(json, "election", h->election, err);
  if (s == NEP_OK)
    s = nep_json_hash(json, "trustees", h->trustees, err);
  if (s == NEP_OK)
    s = nep_json_hash(json, "credentials", h->credentials, err);
  h->has_certificate = json_object_get(json, "credentials_certificate") != NULL;
  if (s == NEP_OK && h->has_certificate)
    s = nep_json_hash(json, "credentials_certificate", h->certificate, err);
  return s;
}

static bool parse_setup(nep_verifier *v, const nep_event *e, setup_hashes *h)
{
  nep_error err = {0};
  json_t *json = NULL;
  const nep_pending *payload = nep_chain_find(&v->chain, e->payload);
  if (!payload)
    return false; /* archive-missing-object was reported */
  nep_bytes text = nep_buf_bytes(&payload->body);
  nep_status s = nep_json_parse_short(text, &json, &err);
  if (s == NEP_OK)
    s = read_setup(json, h, &err);
  if (s == NEP_OK && !nep_json_is_canonical(json, text))
    s = nep_fail(&err, NEP_E_CHECK, "noncanonical", "setup", "the text is not in canonical form");
  json_decref(json);
  return nep_check(&v->setup, "setup", s == NEP_OK, err.code, "setup", err.reason);
}

static void check_election_key(nep_verifier *v)
{
  const nep_election *e = v->out->election;
  bool same = nep_element_equal(e->group, &v->out->trustees->election_key, nep_key_element(e->key));
  (void)nep_check(&v->setup, "election key", same, "election-key", "election",
                  "the public key is not the product of the trustees' keys");
}

static nep_status check_certificate_message(const nep_verified *v, const json_t *m,
                                            const char *credentials_hash, nep_element *key,
                                            nep_error *err)
{
  const char *uuid = NULL;
  size_t len = 0;
  int64_t length = 0;
  char hash[65];
  nep_element encryption;
  const nep_group *g = v->election->group;
  nep_status s = nep_json_fields(m, "certificate", err, "uuid", "voter_list_length",
                                 "public_creds_hash", "verification_key", "encryption_key", NULL);
  if (s == NEP_OK)
    s = nep_json_string(m, "uuid", &uuid, &len, err);
  if (s == NEP_OK)
    s = nep_json_integer(m, "voter_list_length", 0, INT64_MAX, &length, err);
  if (s == NEP_OK)
    s = nep_json_hash(m, "public_creds_hash", hash, err);
  if (s == NEP_OK)
    s = nep_element_read(g, m, "verification_key", key, err);
  if (s == NEP_OK)
    s = nep_element_read(g, m, "encryption_key", &encryption, err);
  if (s != NEP_OK)
    return s;
  if (!nep_element_is_member_var(g, key) || nep_element_is_one(g, key) ||
      !nep_element_is_member_var(g, &encryption) || nep_element_is_one(g, &encryption))
    return nep_fail(err, NEP_E_CHECK, "credentials-certificate", NULL, "a key is not in the group");
  if (strcmp(uuid, v->election->uuid) != 0 || strcmp(hash, credentials_hash) != 0 ||
      (uint64_t)length != nep_credentials_count(v->credentials))
    return nep_fail(err, NEP_E_CHECK, "credentials-certificate", NULL,
                    "it is not about this list of this election");
  return NEP_OK;
}

/* protocol.md §11: signed with its own verification key. */
static void check_certificate(nep_verifier *v, nep_bytes text, const char *credentials_hash)
{
  const nep_group *g = v->out->election->group;
  json_t *json = NULL;
  const json_t *message = NULL;
  nep_proof signature;
  nep_element key;
  nep_error err = {0};
  nep_status s = nep_json_parse_canonical(text, &json, &err);
  if (s == NEP_OK)
    s = nep_signed_read(g, json, "certificate", &message, &signature, &err);
  if (s == NEP_OK)
    s = check_certificate_message(v->out, message, credentials_hash, &key, &err);
  if (s == NEP_OK &&
      !nep_signed_verify_var(g, NEP_TAG_CREDENTIALS_CERTIFICATE, &key, message, &signature))
    s = nep_fail(&err, NEP_E_CHECK, "credentials-certificate", NULL, "the signature is wrong");
  bool noncanonical = strcmp(err.code, "noncanonical") == 0;
  (void)nep_check(&v->setup, "certificate of the credentials", s == NEP_OK,
                  noncanonical ? "noncanonical" : "credentials-certificate",
                  "credentials certificate", err.reason);
  json_decref(json);
}

static nep_bytes body_of(const nep_verifier *v, const char *hash)
{
  const nep_pending *p = nep_chain_find(&v->chain, hash);
  return p ? nep_buf_bytes(&p->body) : (nep_bytes){NULL, 0};
}

static bool read_election(nep_verifier *v, nep_bytes text)
{
  nep_error err = {0};
  if (!text.data) {
    nep_not_checked(v->out, "everything but the records: the election is missing");
    return false;
  }
  nep_status s = nep_election_parse(text, &v->out->election, &err);
  const char *object = err.where[0] ? err.where : "election";
  nep_checked(&v->setup, "election", 1);
  if (s == NEP_OK)
    return true;
  if (s == NEP_E_UNSUPPORTED)
    nep_limit(&v->setup, err.code, object, "%s", err.reason);
  else
    nep_fault(&v->setup, err.code, object, "%s", err.reason);
  nep_not_checked(v->out, "everything but the records: the election cannot be read");
  return false;
}

void nep_verify_setup(nep_verifier *v, const nep_event *e, unsigned jobs)
{
  setup_hashes h = {0};
  memcpy(v->out->setup_hash, e->payload, sizeof e->payload);
  if (!parse_setup(v, e, &h)) {
    nep_not_checked(v->out, "everything but the records: the setup cannot be read");
    return;
  }
  memcpy(v->out->trustees_hash, h.trustees, sizeof h.trustees);
  memcpy(v->out->credentials_hash, h.credentials, sizeof h.credentials);
  if (!read_election(v, body_of(v, h.election)))
    return;
  const nep_group *g = v->out->election->group;
  nep_bytes credentials = body_of(v, h.credentials), trustees = body_of(v, h.trustees);
  if (trustees.data)
    nep_trustees_verify(g, trustees, &v->out->trustees, &v->setup);
  if (v->out->trustees)
    check_election_key(v);
  else
    nep_not_checked(v->out, "the election key and decryptions: the trustees cannot be read");
  if (credentials.data)
    nep_credentials_verify(g, credentials, jobs, &v->out->credentials, &v->setup);
  if (!v->out->credentials)
    nep_not_checked(v->out, "ballots: the credentials cannot be read");
  else if (h.has_certificate)
    check_certificate(v, body_of(v, h.certificate), h.credentials);
}
