#include "crypto/ed25519/encoding.h"

#include "base/encode.h"
#include "base/memory.h"

enum { BATCH = 32 };

static void encode(uint8_t out[NEP_POINT_BYTES], nep_fe x, nep_fe y)
{
  nep_fe_bytes(out, y);
  out[31] = (uint8_t)(out[31] | nep_fe_is_odd(x) << 7);
}

static void encode_batch(uint8_t (*out)[NEP_POINT_BYTES], const nep_element *e, size_t n)
{
  nep_fe z[BATCH], inverse[BATCH];
  for (size_t i = 0; i < n; i++)
    z[i] = nep_point_of(&e[i]).z;
  nep_fe_invert_many(inverse, z, n);
  for (size_t i = 0; i < n; i++) {
    nep_point p = nep_point_of(&e[i]);
    encode(out[i], nep_fe_mul(p.x, inverse[i]), nep_fe_mul(p.y, inverse[i]));
  }
  nep_wipe(z, n * sizeof z[0]);
  nep_wipe(inverse, n * sizeof inverse[0]);
}

void nep_point_bytes_many(uint8_t (*out)[NEP_POINT_BYTES], const nep_element *e, size_t n)
{
  for (size_t done = 0; done < n; done += BATCH)
    encode_batch(out + done, e + done, n - done < BATCH ? n - done : BATCH);
}

/* x^2 = (y^2 - 1) / (d y^2 + 1); the denominator is never 0 because -1/d is not a square. */
uint64_t nep_point_from_bytes(nep_point *p, const uint8_t in[NEP_POINT_BYTES])
{
  uint64_t sign = in[31] >> 7;
  nep_fe y = nep_fe_from_bytes(in);
  uint8_t again[NEP_POINT_BYTES];
  nep_fe_bytes(again, y);
  again[31] = (uint8_t)(again[31] | sign << 7);
  uint64_t below_p = (uint64_t)nep_equal_secret(again, in, NEP_POINT_BYTES) & 1;

  nep_fe one = nep_fe_small(1);
  nep_fe yy = nep_fe_sqr(y);
  nep_fe num = nep_fe_carry(nep_fe_sub(yy, one));
  nep_fe den = nep_fe_carry(nep_fe_add(nep_fe_mul(yy, nep_curve_d), one));
  uint64_t on_curve;
  nep_fe x = nep_fe_root(num, den, &on_curve);
  uint64_t minus_zero = nep_fe_is_zero(x) & sign;
  x = nep_fe_select(x, nep_fe_neg(x), nep_fe_is_odd(x) ^ sign);
  *p = (nep_point){x, y, one, nep_fe_mul(x, y)};
  return below_p & on_curve & (minus_zero ^ 1);
}

const char nep_point_refusal[] =
    "not the canonical encoding of a point of the curve (y below p, no negative zero)";

const char *nep_point_unhex(uint8_t out[NEP_POINT_BYTES], const void *text, size_t len)
{
  uint8_t be[NEP_POINT_BYTES] = {0};
  bool read = len == NEP_POINT_HEX && nep_unhex(text, len, be, sizeof be);
  for (size_t i = 0; i < NEP_POINT_BYTES; i++)
    out[i] = read ? be[NEP_POINT_BYTES - 1 - i] : i == 0;
  return read ? NULL : "expected 64 lower-case hex digits";
}

const char *nep_point_parse(nep_point *p, const char *text, size_t len)
{
  uint8_t bytes[NEP_POINT_BYTES];
  const char *refusal = nep_point_unhex(bytes, text, len);
  if (refusal)
    return refusal;
  return nep_point_from_bytes(p, bytes) ? NULL : nep_point_refusal;
}
