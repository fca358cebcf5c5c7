/* Single keys (protocol.md §7). */
#include <string.h>

#include "crypto/hash.h"
#include "crypto/tags.h"
#include "protocol/ceremony.h"
#include "protocol/ceremony_lines.h"
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
