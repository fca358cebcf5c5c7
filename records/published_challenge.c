#include "records/published_challenge.h"

#include <string.h>

#include "crypto/hash.h"
#include "protocol/values.h"
#include "records/fields.h"
#include "records/tags.h"

#define CHALLENGE_OPENS "{\"challenge\":"
#define PROOF_OPENS ",\"proof\":"

static const char object[] = "challenge";

size_t nep_published_length(const nep_election *e)
{
  return NEP_PUBLISHED_CASTS * nep_ballot_envelope(e);
}

static void write_message(const nep_election *e, nep_bytes challenge, nep_buf *out)
{
  char hash[65];
  nep_sha256_hex(challenge.data, challenge.len, hash);
  nep_field_open(out, "uuid", e->uuid);
  nep_field_add(out, "election_hash", e->phi);
  nep_field_add(out, "challenge", hash);
  nep_buf_char(out, '}');
}

void nep_published_make(const nep_election *e, const nep_scalar *key, nep_bytes challenge,
                        nep_buf *out)
{
  nep_buf message = {0};
  nep_proof proof;
  write_message(e, challenge, &message);
  nep_sign(e->group, NEP_TAG_CHALLENGE, key, nep_buf_bytes(&message), &proof);
  nep_buf_str(out, CHALLENGE_OPENS);
  nep_buf_add(out, challenge.data, challenge.len);
  nep_buf_str(out, PROOF_OPENS);
  nep_proof_write(e->group, out, &proof);
  nep_buf_char(out, '}');
  nep_buf_free(&message);
}

nep_status nep_published_request(const nep_election *e, const nep_scalar *key, nep_bytes challenge,
                                 nep_buf *out, nep_error *err)
{
  size_t start = out->len, wanted = nep_published_length(e);
  nep_published_make(e, key, challenge, out);
  size_t len = out->len - start;
  if (len > wanted) {
    out->len = start;
    return nep_fail(err, NEP_E_INPUT, "challenge-length", object,
                    "a challenge of %zu bytes does not fit into %zu", len, wanted);
  }
  memset(nep_buf_room(out, wanted - len), ' ', wanted - len);
  out->len += wanted - len;
  return NEP_OK;
}

/* ---- reading ---- */

typedef struct parts {
  nep_bytes challenge, proof;
} parts;

/* The last PROOF_OPENS ends the challenge: the proof itself holds none. */
static bool split(nep_bytes body, parts *p)
{
  size_t opens = strlen(CHALLENGE_OPENS), len = strlen(PROOF_OPENS), at = body.len;
  if (body.len < opens + len || memcmp(body.data, CHALLENGE_OPENS, opens) != 0 ||
      body.data[body.len - 1] != '}')
    return false;
  for (at = body.len - len; at > opens && memcmp(body.data + at, PROOF_OPENS, len) != 0;)
    at--;
  if (at == opens)
    return false;
  p->challenge = (nep_bytes){body.data + opens, at - opens};
  p->proof = (nep_bytes){body.data + at + len, body.len - 1 - at - len};
  return true;
}

static nep_status read_body(const nep_election *e, nep_bytes body, parts *p,
                            nep_challenge_claims *claims, nep_proof *proof, nep_error *err)
{
  json_t *json = NULL;
  if (!split(body, p))
    return nep_fail(err, NEP_E_INPUT, "shape", "body",
                    "is not {\"challenge\":..,\"proof\":..} in canonical form");
  nep_status status = nep_challenge_read(p->challenge, claims, err);
  if (status == NEP_OK)
    status = nep_json_parse_canonical(p->proof, &json, err);
  if (status == NEP_OK)
    status = nep_proof_read(e->group, json, "proof", proof, err);
  json_decref(json);
  return status;
}

static bool proof_holds(const nep_election *e, const char *credential, nep_bytes challenge,
                        const nep_proof *proof)
{
  nep_element key;
  nep_error ignored = {0};
  nep_buf message = {0};
  if (nep_element_parse_member(e->group, &key, credential, strlen(credential), false, &ignored) !=
      NEP_OK)
    return false;
  write_message(e, challenge, &message);
  bool held =
      nep_signature_verify_var(e->group, NEP_TAG_CHALLENGE, &key, nep_buf_bytes(&message), proof);
  nep_buf_free(&message);
  return held;
}

void nep_published_verify(const nep_election *e, const nep_credentials *c, nep_bytes body,
                          nep_challenge_claims *claims, nep_choice *choices, nep_findings *f)
{
  parts p = {0};
  nep_proof proof;
  nep_error err = {0};
  size_t place = 0;
  memset(claims, 0, sizeof *claims);
  nep_status read = read_body(e, body, &p, claims, &proof, &err);
  if (!nep_check(f, "challenge and proof readable", read == NEP_OK, "challenge-parse", object,
                 err.reason))
    return;
  bool ours = strcmp(claims->uuid, e->uuid) == 0 && strcmp(claims->election_hash, e->phi) == 0;
  if (!nep_check(f, "challenge and proof for this election", ours, "challenge-election", object,
                 "it is a challenge of another election"))
    return;
  bool listed = nep_credentials_find(c, claims->credential, strlen(claims->credential), &place);
  if (!nep_check(f, "challenged credential in the list", listed, "challenge-credential", object,
                 "the credential is not in the list of this election"))
    return;
  if (nep_check(f, "proof of the challenged credential",
                proof_holds(e, claims->credential, p.challenge, &proof), "challenge-proof", object,
                "the holder of the credential did not publish this challenge"))
    nep_ballot_challenge_verify(e, p.challenge, NULL, choices, f);
}
