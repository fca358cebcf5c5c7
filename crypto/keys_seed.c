#include "base/encode.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/tags.h"

bool nep_seed_is_valid(const char *seed, size_t len)
{
  return len == NEP_SEED_LENGTH && nep_is_base58(seed, len);
}

static nep_bytes seed_bytes(const char *seed)
{
  return (nep_bytes){seed, NEP_SEED_LENGTH};
}

/* protocol.md §6: sk = HashToField("BELENIOS-V2-derive_sk", s, 1), dk likewise. */
void nep_seed_signing_key(const nep_group *g, const char *seed, nep_scalar *sk)
{
  nep_hash_to_field(g, NEP_TAG_DERIVE_SK, seed_bytes(seed), 1, sk);
}

void nep_seed_decryption_key(const nep_group *g, const char *seed, nep_scalar *dk)
{
  nep_hash_to_field(g, NEP_TAG_DERIVE_DK, seed_bytes(seed), 1, dk);
}

/* protocol.md §7, Single: x = HashGroup("BELENIOS-V2-basic_key", s, ()). */
void nep_seed_single_key(const nep_group *g, const char *seed, nep_scalar *x)
{
  nep_challenge hash;
  nep_challenge_start(&hash, g, NEP_TAG_BASIC_KEY);
  nep_challenge_text(&hash, seed_bytes(seed));
  nep_challenge_end(&hash, x);
}

/* protocol.md §7, Pedersen step 1; the one tag that gets no "-SHA256". */
void nep_seed_polynomial(const nep_group *g, const char *seed, size_t threshold, nep_scalar *a)
{
  nep_hash_to_field_raw(g, NEP_TAG_PEDERSEN_POLYNOMIAL, seed_bytes(seed), threshold, a);
}
