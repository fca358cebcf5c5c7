/* Single keys, and the list of trustees (protocol.md §7). */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "protocol/ceremony.h"
#include "protocol/ceremony_lines.h"
#include "protocol/channel.h"
#include "protocol/values.h"

static void write_public_key(const nep_group *g, const nep_scalar *secret, const char *name,
                             nep_buf *out)
{
  nep_element public_key;
  nep_element_exp_g(g, &public_key, secret);
  nep_buf_str(out, "{\"public_key\":");
  nep_element_write(g, out, &public_key);
  if (name) {
    nep_buf_str(out, ",\"name\":");
    nep_json_write_string(out, name, strlen(name));
  }
  nep_buf_char(out, '}');
}

void nep_verification_key_write(const nep_group *g, const nep_scalar *key, const nep_scalar *sk,
                                const char *name, nep_buf *out)
{
  nep_buf message = {0}, inner = {0};
  write_public_key(g, key, name, &message);
  nep_signed_write(g, NEP_TAG_VERIFICATION_KEY, key, nep_buf_bytes(&message), &inner);
  nep_signed_write(g, NEP_TAG_OUTER_VERIFICATION_KEY, sk, nep_buf_bytes(&inner), out);
  nep_buf_free(&inner);
  nep_buf_free(&message);
}

void nep_single_public_key(const nep_group *g, const char *seed, const char *name, nep_buf *out,
                           char file_id[9])
{
  nep_scalar sk, dk, x;
  nep_element verification, encryption;
  char text[NEP_ELEMENT_TEXT_MAX], hash[65];
  nep_buf message = {0};
  nep_seed_signing_key(g, seed, &sk);
  nep_seed_decryption_key(g, seed, &dk);
  nep_seed_single_key(g, seed, &x);
  nep_element_exp_g(g, &verification, &sk);
  nep_element_exp_g(g, &encryption, &dk);
  nep_buf_str(&message, "{\"context\":null,\"verification\":");
  nep_element_write(g, &message, &verification);
  nep_buf_str(&message, ",\"encryption\":");
  nep_element_write(g, &message, &encryption);
  nep_buf_char(&message, '}');
  nep_buf_str(out, "{\"cert\":");
  nep_signed_write(g, NEP_TAG_BASIC_CERT, &sk, nep_buf_bytes(&message), out);
  nep_buf_str(out, ",\"verification_key\":");
  nep_verification_key_write(g, &x, &sk, name, out);
  nep_buf_char(out, '}');
  nep_sha256_hex(text, nep_element_text(g, &verification, text), hash);
  for (size_t i = 0; i < 8; i++) /* protocol.md §7: upper case */
    file_id[i] = hash[i] >= 'a' ? (char)(hash[i] - 'a' + 'A') : hash[i];
  file_id[8] = '\0';
  nep_buf_free(&message);
  nep_scalar_wipe(&x);
  nep_scalar_wipe(&dk);
  nep_scalar_wipe(&sk);
}

/* The group in which the list holds: a threshold names it; single keys are tried in each. */
static nep_status check_list(nep_bytes text, nep_error *err)
{
  nep_findings nearest = {0};
  nep_status status = NEP_E_CHECK;
  bool readable = false;
  const nep_group *g;
  for (size_t i = 0; status && (g = nep_group_at(i)); i++) {
    nep_findings f = {0};
    nep_trustees *t;
    nep_trustees_verify(g, text, &t, &f);
    if (f.n_faults == 0)
      status = NEP_OK;
    /* report what is wrong in the group whose elements these are */
    if (i == 0 || (t && (!readable || f.n_faults < nearest.n_faults))) {
      nep_findings_free(&nearest);
      nearest = f;
      f = (nep_findings){0};
      readable = t != NULL;
    }
    nep_trustees_free(t);
    nep_findings_free(&f);
  }
  if (status)
    status = nep_findings_status(&nearest, err);
  nep_findings_free(&nearest);
  return status;
}

nep_status nep_trustees_make(nep_bytes singles, nep_bytes threshold, nep_buf *out, nep_error *err)
{
  nep_buf text = {0};
  json_t *lines = NULL;
  nep_status status = nep_lines_parse(singles, "single trustees", &lines, err);
  nep_buf_char(&text, '[');
  for (size_t i = 0; i < json_array_size(lines); i++) {
    nep_buf_str(&text, i ? ",[\"Single\"," : "[\"Single\",");
    nep_json_write(&text, json_array_get(lines, i));
    nep_buf_char(&text, ']');
  }
  while (threshold.len > 0 && threshold.data[threshold.len - 1] == '\n')
    threshold.len--;
  if (threshold.len > 0) {
    nep_buf_str(&text, text.len > 1 ? ",[\"Pedersen\"," : "[\"Pedersen\",");
    nep_buf_add(&text, threshold.data, threshold.len);
    nep_buf_char(&text, ']');
  }
  nep_buf_char(&text, ']');
  if (!status)
    status = check_list(nep_buf_bytes(&text), err);
  if (!status)
    nep_buf_add(out, text.data, text.len);
  json_decref(lines);
  nep_buf_free(&text);
  return status;
}

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
