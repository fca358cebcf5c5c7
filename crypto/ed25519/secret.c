#include "crypto/ed25519/secret.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/ed25519/encoding.h"

/* libsodium answers -1 for a zero exponent although it has written the identity, which is right:
   its verdict depends on the secret and is not looked at. It answers -1 and writes nothing for a
   base outside the subgroup: then the bytes set before, which encode no point, are still there. Not
   inlined, so that tests/constant-time can name the one branch. */
__attribute__((noinline)) static void adopt(nep_element *r, uint8_t bytes[NEP_POINT_BYTES])
{
  nep_point p;
  if (!nep_point_from_bytes(&p, bytes))
    abort(); /* the caller broke the rule that elements are checked for membership first */
  nep_point_store(r, &p);
  nep_wipe(&p, sizeof p);
  nep_wipe(bytes, NEP_POINT_BYTES);
}

/* libsodium refuses the identity as a base. The generator stands in for it, and the identity is
   chosen as the result, without a branch, so that nothing shows even when the base is a secret. */
void nep_secret_exp(const nep_group *g, nep_element *r, const nep_element *base,
                    const nep_scalar *s)
{
  (void)g;
  nep_point b = nep_point_of(base);
  uint64_t is_one = nep_point_equal(&b, &nep_point_identity);
  nep_scalar exponent, zero = {{0}};
  nep_scalar_select(&exponent, s, &zero, (unsigned)is_one);
  nep_element stand_in;
  nep_point_store(&stand_in, &(nep_point){
                                 nep_fe_select(b.x, nep_point_generator.x, is_one),
                                 nep_fe_select(b.y, nep_point_generator.y, is_one),
                                 nep_fe_select(b.z, nep_point_generator.z, is_one),
                                 nep_fe_select(b.t, nep_point_generator.t, is_one),
                             });
  uint8_t in[1][NEP_POINT_BYTES], out[NEP_POINT_BYTES];
  nep_point_bytes_many(in, &stand_in, 1);
  memset(out, 0xff, sizeof out);
  (void)!crypto_scalarmult_ed25519_noclamp(out, (const uint8_t *)exponent.limb, in[0]);
  adopt(r, out);
  nep_scalar_wipe(&exponent);
  nep_wipe(&b, sizeof b);
  nep_wipe(&stand_in, sizeof stand_in);
  nep_wipe(in, sizeof in);
}
