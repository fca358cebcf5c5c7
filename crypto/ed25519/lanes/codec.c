#include "crypto/ed25519/lanes/codec.h"

#include <string.h>

#include "crypto/ed25519/lanes/rows.h"

enum { WORDS = 4, ROUNDS = 32 };

/* Word i of the lanes, low limb first, to limbs. The top bit is dropped. */
static nep_fe8 from_words(const __m512i w[WORDS])
{
  nep_fe8 r;
  r.v[0] = w[0];
  r.v[1] = _mm512_or_si512(_mm512_srli_epi64(w[0], 52), _mm512_slli_epi64(w[1], 12));
  r.v[2] = _mm512_or_si512(_mm512_srli_epi64(w[1], 40), _mm512_slli_epi64(w[2], 24));
  r.v[3] = _mm512_or_si512(_mm512_srli_epi64(w[2], 28), _mm512_slli_epi64(w[3], 36));
  r.v[4] = _mm512_and_si512(_mm512_srli_epi64(w[3], 16), nep_lanes_word(NEP_FE8_TOP_MASK));
  return nep_fe8_masked(r);
}

static void to_words(__m512i w[WORDS], nep_fe8 a)
{
  a = nep_fe8_canonical(a);
  w[0] = _mm512_or_si512(a.v[0], _mm512_slli_epi64(a.v[1], 52));
  w[1] = _mm512_or_si512(_mm512_srli_epi64(a.v[1], 12), _mm512_slli_epi64(a.v[2], 40));
  w[2] = _mm512_or_si512(_mm512_srli_epi64(a.v[2], 24), _mm512_slli_epi64(a.v[3], 28));
  w[3] = _mm512_or_si512(_mm512_srli_epi64(a.v[3], 36), _mm512_slli_epi64(a.v[4], 16));
}

/* Bit l: whether the words are those of the value, and so below p. */
static __mmask8 is_canonical(const __m512i w[WORDS], nep_fe8 a)
{
  __m512i again[WORDS];
  __mmask8 same = 0xff;
  to_words(again, a);
  for (int i = 0; i < WORDS; i++) {
    __m512i word = i == 3 ? _mm512_and_si512(w[i], nep_lanes_word(UINT64_MAX >> 1)) : w[i];
    same = (__mmask8)(same & _mm512_cmpeq_epi64_mask(word, again[i]));
  }
  return same;
}

static void words_of(__m512i w[WORDS], nep_point_code *const in[NEP_LANES])
{
  _Alignas(64) uint64_t rows[WORDS][NEP_LANES];
  for (int l = 0; l < NEP_LANES; l++)
    for (int i = 0; i < WORDS; i++)
      memcpy(&rows[i][l], *in[l] + i * (int)sizeof(uint64_t), sizeof(uint64_t));
  for (int i = 0; i < WORDS; i++)
    w[i] = _mm512_load_si512(rows[i]);
}

/* A point between its encoding and its root: x^2 = num / den = (y^2 - 1) / (d y^2 + 1). */
typedef struct half_decoded {
  __m512i w[WORDS];
  nep_fe8 y, num, den, num_den3;
} half_decoded;

/* Gives num den^7, to be raised to the power (p-5)/8. */
static nep_fe8 begin_decoding(half_decoded *h, nep_point_code *const in[NEP_LANES])
{
  const nep_fe8 one = nep_fe8_all(nep_fe_small(1));
  words_of(h->w, in);
  h->y = from_words(h->w);
  nep_fe8 yy = nep_fe8_sqr(h->y);
  h->num = nep_fe8_sub(yy, one);
  h->den = nep_fe8_add(nep_fe8_mul(yy, nep_fe8_all(nep_curve_d)), one);
  nep_fe8 den2 = nep_fe8_sqr(h->den);
  h->num_den3 = nep_fe8_mul(nep_fe8_mul(h->num, den2), h->den);
  return nep_fe8_mul(h->num_den3, nep_fe8_sqr(den2));
}

/* x with den x^2 = num, where there is one; `power` is (num den^7)^((p-5)/8). */
static nep_fe8 root(const half_decoded *h, nep_fe8 power, __mmask8 *is_square)
{
  nep_fe8 x = nep_fe8_mul(h->num_den3, power);
  nep_fe8 check = nep_fe8_mul(h->den, nep_fe8_sqr(x));
  __mmask8 minus = nep_fe8_equal(check, nep_fe8_neg(h->num));
  *is_square = (__mmask8)(minus | nep_fe8_equal(check, h->num));
  return nep_fe8_select(x, nep_fe8_mul(x, nep_fe8_all(nep_fe_i)), minus);
}

static __mmask8 finish_decoding(nep_point8 *p, const half_decoded *h, nep_fe8 power)
{
  __mmask8 sign = _mm512_cmplt_epi64_mask(h->w[3], _mm512_setzero_si512()), on_curve;
  nep_fe8 x = root(h, power, &on_curve);
  __mmask8 minus_zero = (__mmask8)(nep_fe8_is_zero(x) & sign);
  x = nep_fe8_select(x, nep_fe8_neg(x), (__mmask8)(nep_fe8_is_odd(x) ^ sign));
  *p = (nep_point8){x, h->y, nep_fe8_all(nep_fe_small(1)), nep_fe8_mul(x, h->y)};
  return (__mmask8)(is_canonical(h->w, h->y) & on_curve & ~minus_zero);
}

void nep_point8_decode(nep_point8 *p, __mmask8 *valid, nep_point_code *const (*in)[NEP_LANES],
                       size_t n)
{
  half_decoded half[NEP_DECODE_MAX];
  nep_fe8 power[NEP_DECODE_MAX];
  for (size_t k = 0; k < n; k++)
    power[k] = begin_decoding(&half[k], in[k]);
  nep_fe8_pow22523(power, n);
  for (size_t k = 0; k < n; k++)
    valid[k] = finish_decoding(&p[k], &half[k], power[k]);
}

/* The elements of round k, the last one again where there are no more. */
static void load_round(nep_point8 *p, const nep_element *e, size_t n, size_t k)
{
  nep_point point[NEP_LANES];
  const nep_point *row[NEP_LANES];
  for (size_t l = 0; l < NEP_LANES; l++) {
    size_t i = k * NEP_LANES + l;
    point[l] = nep_point_of(&e[i < n ? i : n - 1]);
    row[l] = &point[l];
  }
  nep_point8_load(p, row);
}

static void write_round(uint8_t (*out)[NEP_POINT_BYTES], size_t count, const nep_point8 *p,
                        nep_fe8 inverse)
{
  _Alignas(64) uint64_t rows[WORDS][NEP_LANES];
  __m512i w[WORDS];
  __m512i sign = _mm512_slli_epi64(nep_fe8_canonical(nep_fe8_mul(p->x, inverse)).v[0], 63);
  to_words(w, nep_fe8_mul(p->y, inverse));
  w[3] = _mm512_or_si512(w[3], sign);
  for (int i = 0; i < WORDS; i++)
    _mm512_store_si512(rows[i], w[i]);
  for (size_t l = 0; l < count; l++)
    for (size_t i = 0; i < WORDS; i++)
      memcpy(out[l] + i * sizeof(uint64_t), &rows[i][l], sizeof(uint64_t));
}

/* As nep_fe_invert_many, each lane for itself: inverse[k] first holds the product of all earlier
   z. */
static void encode_rounds(uint8_t (*out)[NEP_POINT_BYTES], const nep_element *e, size_t n)
{
  nep_fe8 inverse[ROUNDS], run = nep_fe8_all(nep_fe_small(1));
  nep_point8 p;
  size_t rounds = (n + NEP_LANES - 1) / NEP_LANES;
  for (size_t k = 0; k < rounds; k++) {
    load_round(&p, e, n, k);
    inverse[k] = run;
    run = nep_fe8_mul(run, p.z);
  }
  run = nep_fe8_invert(run);
  for (size_t k = rounds; k-- > 0;) {
    load_round(&p, e, n, k);
    size_t left = n - k * NEP_LANES;
    write_round(out + k * NEP_LANES, left < NEP_LANES ? left : NEP_LANES, &p,
                nep_fe8_mul(inverse[k], run));
    run = nep_fe8_mul(run, p.z);
  }
}

void nep_lanes_encode(uint8_t (*out)[NEP_POINT_BYTES], const nep_element *e, size_t n)
{
  enum { AT_ONCE = ROUNDS * NEP_LANES };
  for (size_t done = 0; done < n; done += AT_ONCE)
    encode_rounds(out + done, e + done, n - done < AT_ONCE ? n - done : AT_ONCE);
}
