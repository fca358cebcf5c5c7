/* A trustee's decryption key from its seed (protocol.md §6-§7), held against the published one. */
#include <string.h>

#include "crypto/tags.h"
#include "protocol/ceremony.h"
#include "protocol/channel.h"

static bool find_owner(const nep_trustees *t, const nep_scalar *sk, size_t *place)
{
  nep_element vk;
  nep_element_exp_g(t->group, &vk, sk);
  for (size_t i = 0; i < t->n_owners; i++)
    if (nep_element_equal(t->group, &vk, &t->owners[i].verification_key)) {
      *place = i;
      return true;
    }
  return false;
}

static nep_status open_dkey(const nep_trustees *t, const nep_owner *o, const char *seed,
                            nep_bytes dkey, nep_scalar *x, nep_error *err)
{
  json_t *message = NULL;
  nep_scalar dk;
  if (!dkey.data)
    return nep_fail(err, NEP_E_INPUT, "trustee-dkey", NULL,
                    "this trustee is a member of a threshold: its decryption key file is needed");
  while (dkey.len > 0 && dkey.data[dkey.len - 1] == '\n')
    dkey.len--;
  nep_status status = nep_json_parse_canonical(dkey, &message, err);
  if (status)
    return nep_inside(err, status, "decryption key file");
  nep_seed_decryption_key(t->group, seed, &dk);
  status = nep_channel_receive(t->group, NEP_TAG_PEDERSEN_DECRYPTION_KEY, &dk, &o->verification_key,
                               message, "decryption_key", x, err);
  nep_scalar_wipe(&dk);
  json_decref(message);
  return status ? nep_inside(err, status, "decryption key file") : NEP_OK;
}

nep_status nep_trustee_key(const nep_trustees *t, const char *seed, nep_bytes dkey, nep_scalar *x,
                           nep_scalar *signing_key, size_t *owner, nep_error *err)
{
  size_t place = 0;
  nep_element public_key;
  if (!nep_seed_is_valid(seed, strlen(seed)))
    return nep_fail(err, NEP_E_INPUT, "seed", NULL, "a private key is 44 Base58 characters");
  nep_seed_signing_key(t->group, seed, signing_key);
  nep_status status = NEP_OK;
  if (!find_owner(t, signing_key, &place)) {
    status = nep_fail(err, NEP_E_NOT_FOUND, "trustee-unknown", NULL,
                      "this private key belongs to no trustee of this election");
  } else if (t->owners[place].index == 0) {
    nep_seed_single_key(t->group, seed, x);
  } else {
    status = open_dkey(t, &t->owners[place], seed, dkey, x, err);
  }
  if (!status) {
    nep_element_exp_g(t->group, &public_key, x);
    if (!nep_element_equal(t->group, &public_key, &t->owners[place].public_key))
      status = nep_fail(err, NEP_E_CHECK, "trustee-key", NULL,
                        "the decryption key is not that of trustee %zu", place + 1);
  }
  if (status) {
    nep_scalar_wipe(signing_key);
    nep_scalar_wipe(x);
  }
  *owner = place + 1;
  return status;
}
