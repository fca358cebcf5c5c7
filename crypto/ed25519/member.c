/* The curve's group is cyclic of order 8q, so [q]P = 0 exactly when P is 8 times some point. That
   takes three exponentiations in the field instead of 253 doublings: halve P once, then ask whether
   the half is 4 times a point.

   On the Montgomery form v^2 = u(u^2 + Au + 1), A = 486662, with the curve's 2-isogenous partner
   V^2 = U(U^2 - 2AU + A^2 - 4), halving is undoing two isogenies:
     u = s^2                        P is a double exactly when u is a square;
     U = A + 2u + 2v/s, V = 2sU     a point of the partner above P; -s gives the other one, and as
   the product of both U is A^2 - 4, no square, exactly one U is a square; U = r^2, x = (U - A)/2 +
   s r, w = r x a half R = (x, w) of P or of -P, which is as good. P has two halves, R and R +
   (0,0); (0,0) is 4 times a point, so either half decides. R is 4 times a point exactly when its
   Tate pairing with T = (1, m), m^2 = A + 2, of order 4 is trivial: (w - m u)^2 / u = x (r - m)^2
   is a fourth power (4 divides p - 1, and 8 does not, which is why one halving comes first). See
   Koshelev, "Subgroup membership testing on elliptic curves via the Tate pairing" (2022), and
   Pornin, "Point-Halving and Subgroup Membership in Twisted Edwards Curves" (2022). */
#include "crypto/ed25519/member.h"

static const uint64_t A = 486662;

/* c^2 = -(A + 2): v = c u / x with x of the Edwards form. */
static const nep_fe c_montgomery = {
    {0x604aaff457e06, 0x2296fa350598d, 0x7f13dfb16874f, 0x35de93d846e01, 0x0f26edf460a00}};
/* m^2 = A + 2 */
static const nep_fe m_order_4 = {
    {0x248ef9c884415, 0x0e509526c7d34, 0x7d29bbd8d6847, 0x157e10fd3bd6b, 0x6be4f497f9a9c}};
/* k^2 = (A^2 - 4) / i, and (i k)^2 = (A^2 - 4) / -i */
static const nep_fe k_other = {
    {0x71277b3ba5222, 0x2970a394eb516, 0x0b29a3e775c7b, 0x0f75f12ecb490, 0x219fc5bc27acf}};

/* n = U X and rn = r X for the U that is a square, in which sign s stands in it. */
typedef struct half {
  nep_fe n, rn;
} half;

static half undo_isogenies(const nep_point *p, nep_fe s)
{
  /* U X = (A + 2 s^2) X +- 2 c s Z */
  nep_fe a = nep_fe_sqr(s);
  a = nep_fe_mul(nep_fe_add(nep_fe_add(a, a), nep_fe_small(A)), p->x);
  nep_fe b = nep_fe_mul(nep_fe_mul(s, c_montgomery), nep_fe_add(p->z, p->z));
  nep_fe n = nep_fe_carry(nep_fe_add(a, b));
  uint64_t squared, minus;
  nep_fe g = nep_fe_root_candidate(p->x, n, &squared, &minus); /* g^2 = zeta X / n = zeta / U */
  if (squared) {
    if (minus)
      g = nep_fe_mul(g, nep_fe_i);
    return (half){n, nep_fe_mul(g, n)}; /* r = 1/g = g U */
  }
  /* The other U is (A^2 - 4) times 1/this one: its root is g k, with k^2 = (A^2 - 4) / zeta. */
  nep_fe k = minus ? nep_fe_mul(k_other, nep_fe_i) : k_other;
  return (half){nep_fe_carry(nep_fe_sub(a, b)), nep_fe_mul(nep_fe_mul(g, k), p->x)};
}

/* x (r - m)^2 times X^4, a fourth power: (n - A X + 2 s rn)(rn - m X)^2 X / 2. */
static bool half_is_quadruple(const nep_point *p, nep_fe s, half h)
{
  nep_fe ax = nep_fe_mul(nep_fe_small(A), p->x);
  nep_fe two_s_rn = nep_fe_mul(nep_fe_add(s, s), h.rn);
  nep_fe x = nep_fe_carry(nep_fe_add(nep_fe_sub(h.n, ax), two_s_rn));
  nep_fe slope = nep_fe_sqr(nep_fe_sub(h.rn, nep_fe_mul(m_order_4, p->x)));
  /* 8 stands for 1/2: their quotient 16 is a fourth power. */
  nep_fe f = nep_fe_mul(nep_fe_mul(x, slope), nep_fe_mul(p->x, nep_fe_small(8)));
  /* (p-1)/4 = 2 (2^252 - 3) + 1 */
  nep_fe power = nep_fe_mul(nep_fe_sqr(nep_fe_pow22523(f)), f);
  return nep_fe_equal(power, nep_fe_small(1));
}

bool nep_point_is_member_var(const nep_point *p)
{
  /* x = 0: the identity, or the point of order 2. From here on u is neither 0 nor infinite. */
  if (nep_fe_is_zero(p->x))
    return nep_fe_equal(p->y, p->z);
  /* u = (Z + Y) / (Z - Y) */
  uint64_t is_square;
  nep_fe s = nep_fe_root(nep_fe_carry(nep_fe_add(p->z, p->y)), nep_fe_carry(nep_fe_sub(p->z, p->y)),
                         &is_square);
  if (!is_square)
    return false;
  return half_is_quadruple(p, s, undo_isogenies(p, s));
}
