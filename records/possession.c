/* Proof that whoever registers a credential knows its private key: a signature over {uuid, nonce},
   bound to one election and to one ID token. */
#include <string.h>

#include "protocol/values.h"
#include "records/fields.h"
#include "records/registration.h"
#include "records/tags.h"

static nep_buf message(const char *uuid, const char *nonce)
{
  nep_buf b = {0};
  nep_field_open(&b, "uuid", uuid);
  nep_field_add(&b, "nonce", nonce);
  nep_buf_char(&b, '}');
  return b;
}

void nep_possession_make(const nep_group *g, const nep_scalar *key, const char *uuid,
                         const char *nonce, nep_buf *out)
{
  nep_proof proof;
  nep_buf m = message(uuid, nonce);
  nep_sign(g, NEP_TAG_POSSESSION, key, nep_buf_bytes(&m), &proof);
  nep_proof_write(g, out, &proof);
  nep_buf_free(&m);
}

nep_status nep_possession_verify(const nep_group *g, const char *uuid, const char *nonce,
                                 const nep_registered_credential *c, nep_error *err)
{
  nep_element credential;
  nep_proof proof;
  nep_error why = {0};
  if (nep_element_parse_member(g, &credential, c->credential, strlen(c->credential), false, &why) !=
      NEP_OK)
    return nep_fail(err, NEP_E_INPUT, "credential", "credential", "%s", why.reason);
  if (nep_proof_read(g, c->proof, "proof", &proof, &why) != NEP_OK)
    return nep_fail(err, NEP_E_INPUT, "possession", why.where, "%s", why.reason);
  nep_buf m = message(uuid, nonce);
  bool held =
      nep_signature_verify_var(g, NEP_TAG_POSSESSION, &credential, nep_buf_bytes(&m), &proof);
  nep_buf_free(&m);
  return held ? NEP_OK
              : nep_fail(err, NEP_E_CHECK, "possession", "proof",
                         "does not show possession of the credential's private key for this "
                         "election and this registration");
}
