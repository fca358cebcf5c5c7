/* Every engine against libsodium and against the plain path, on random and on edge inputs.
   A long run (NEP_TEST_LONG) has a hundred times as many cases; ten times where sanitizers look,
   which take several times as long and watch the way of computing, not its numbers. */
#include "crypto/ed25519/engine.h"
#include "crypto/ed25519/engine_check.h"
#include "crypto/engine.h"
#include "tests/unit/crypto/curve.h"
#include "tests/unit/crypto/lanes_bounds.h"
#include "tests/unit/crypto/lanes_formulas.h"

enum { JOBS = 29, BRANCHES = 3, POOL = 40 };
#ifdef __SANITIZE_ADDRESS__
enum { LONG_RUN = 100000 };
#else
enum { LONG_RUN = 1000000 };
#endif
static size_t cases = 10000;

/* A pool of bases: the small-order points, members, and members with a small-order part. */
static nep_element pool[POOL];

static void fill_pool(void)
{
  const nep_group *g = test_curve();
  for (unsigned i = 0; i < POOL; i++) {
    pool[i] = test_torsion(i % TEST_TORSION);
    if (i >= TEST_TORSION)
      pool[i] = test_mul(g, pool[i], test_element(g, i / TEST_TORSION));
  }
}

/* Scalars at the extremes of the recodings, beside those of test_scalar. */
static nep_scalar scalar_at(size_t i)
{
  static const uint64_t pattern[] = {0x8888888888888888, 0x7777777777777777, 0x8080808080808080,
                                     0x7f7f7f7f7f7f7f7f, 0x8787878787878787, 0x7878787878787878,
                                     0xffffffffffffffff, 0x0f0f0f0f0f0f0f0f};
  const nep_group *g = test_curve();
  enum { PATTERNS = sizeof pattern / sizeof pattern[0], EDGES = 2 * PATTERNS + NEP_TEST_SCALARS };
  size_t k = i % (2 * EDGES); /* half of all are random */
  if (k >= EDGES)
    return test_random_scalar(g);
  if (k >= 2 * PATTERNS)
    return test_scalar(g, k - 2 * PATTERNS);
  nep_scalar s = {{0}};
  for (size_t w = 0; w < 4; w++)
    s.limb[w] = pattern[k / 2];
  s.limb[3] &= k & 1 ? 0x07ffffffffffffff : 0x0fffffffffffffff;
  return s;
}

typedef struct batch {
  nep_commit_job job[JOBS];
  nep_element base[JOBS];
  nep_proof proof[JOBS][BRANCHES];
  nep_commit_branch branch[JOBS][BRANCHES];
  nep_element out[JOBS][BRANCHES];
} batch;

static void fill(batch *b, const nep_base *const fixed[2], unsigned shifts, size_t *seed)
{
  for (size_t i = 0; i < JOBS; i++) {
    size_t s = (*seed)++;
    b->base[i] = s % 3 == 0 ? pool[s / 3 % POOL] : pool[nep_random_below(POOL)];
    for (size_t k = 0; k < BRANCHES; k++) {
      b->proof[i][k] = (nep_proof){scalar_at(s * BRANCHES + k), scalar_at(nep_random_below(1000))};
      b->branch[i][k] = (nep_commit_branch){.proof = &b->proof[i][k],
                                            .shift = s % 5 < 2 ? nep_random_below(shifts) : 0,
                                            .out = &b->out[i][k]};
    }
    b->job[i] = (nep_commit_job){.fixed = fixed[s % 2],
                                 .e = &b->base[i],
                                 .branches = b->branch[i],
                                 .n = nep_random_below(BRANCHES + 1),
                                 .test_member = s % 7 > 0};
  }
}

/* One commitment by the plain path. */
static void plain(const nep_commit_job *job, size_t k, nep_element *out)
{
  const nep_group *g = test_curve();
  const nep_commit_branch *b = &job->branches[k];
  nep_scalar shift = test_small(g, b->shift);
  nep_commit_var(job->fixed, job->e, 1, &b->proof->response, &b->proof->challenge, &shift, out);
}

static size_t check(const batch *b)
{
  const nep_group *g = test_curve();
  size_t compared = 0;
  for (size_t i = 0; i < JOBS; i++) {
    const nep_commit_job *job = &b->job[i];
    if (job->test_member)
      ck_assert_int_eq(job->is_member, nep_element_is_member_var(g, job->e));
    for (size_t k = 0; k < job->n; k++, compared++) {
      nep_element want;
      plain(job, k, &want);
      ck_assert(nep_element_equal(g, job->branches[k].out, &want));
      ck_assert(!nep_fe_is_zero(nep_point_of(job->branches[k].out).z)); /* no point equals all */
    }
  }
  return compared;
}

static void choose(const char *name)
{
  nep_error err;
  ck_assert_int_eq(nep_engine_choose(name, &err), NEP_OK);
  ck_assert_str_eq(nep_engine_name(), name);
}

START_TEST(commitments_and_memberships_equal_the_plain_path)
{
  const nep_group *g = test_curve();
  nep_element y = test_random_element(g);
  nep_base *fixed_y = nep_base_new(g, &y);
  const nep_base *const fixed[2] = {nep_base_generator(g), fixed_y};
  batch *b = calloc(1, sizeof *b);
  ck_assert_ptr_nonnull(b);
  choose(nep_engine_at((size_t)_i));
  fill_pool();
  for (size_t compared = 0, seed = 0; compared < cases;) {
    fill(b, fixed, 4, &seed);
    size_t jobs = 1 + nep_random_below(JOBS);
    for (size_t i = jobs; i < JOBS; i++)
      b->job[i].n = 0, b->job[i].test_member = false;
    nep_commit_many_var(g, b->job, jobs);
    compared += check(b);
  }
  free(b);
  nep_base_free(fixed_y);
}
END_TEST

/* ---- the eight points of small order, exhaustively ---- */

/* Challenges 0..63 have every digit of the recodings; those below q are as long as can be. Each has
   every shift and every response, as branches of one job; the jobs of a challenge are side by side,
   so that the eight bases share a group of lanes. */
enum { LOW = 64, BELOW_Q = 8, CHALLENGES = LOW + BELOW_Q, SHIFTS = 4, RESPONSES = 3 };
enum { SMALL_BRANCHES = SHIFTS * RESPONSES };

typedef struct small_order {
  nep_commit_job job[CHALLENGES][TEST_TORSION];
  nep_element base[TEST_TORSION];
  nep_proof proof[CHALLENGES][RESPONSES];
  nep_commit_branch branch[CHALLENGES][TEST_TORSION][SMALL_BRANCHES];
  nep_element out[CHALLENGES][TEST_TORSION][SMALL_BRANCHES];
} small_order;

static nep_scalar small_challenge(unsigned c)
{
  return c < LOW ? test_small(test_curve(), c) : test_minus(test_curve(), c - LOW + 1);
}

static void fill_small_order(small_order *x)
{
  const nep_group *g = test_curve();
  for (unsigned t = 0; t < TEST_TORSION; t++)
    x->base[t] = test_torsion(t);
  for (unsigned c = 0; c < CHALLENGES; c++) {
    for (unsigned r = 0; r < RESPONSES; r++)
      x->proof[c][r] = (nep_proof){small_challenge(c), test_scalar(g, r)}; /* 0, 1, q - 1 */
    for (unsigned t = 0; t < TEST_TORSION; t++) {
      for (unsigned k = 0; k < SMALL_BRANCHES; k++)
        x->branch[c][t][k] = (nep_commit_branch){
            .proof = &x->proof[c][k % RESPONSES], .shift = k / RESPONSES, .out = &x->out[c][t][k]};
      x->job[c][t] = (nep_commit_job){.fixed = nep_base_generator(g),
                                      .e = &x->base[t],
                                      .branches = x->branch[c][t],
                                      .n = SMALL_BRANCHES,
                                      .test_member = true};
    }
  }
}

/* g^(r - shift c), times a point that counting to eight tells. */
static nep_element counted(const nep_commit_branch *b, unsigned t)
{
  const nep_group *g = test_curve();
  const nep_scalar *c = &b->proof->challenge;
  nep_scalar exponent = test_small(g, b->shift);
  nep_element e;
  nep_scalar_mul(g, &exponent, &exponent, c);
  nep_scalar_sub(g, &exponent, &b->proof->response, &exponent);
  nep_element_exp_g(g, &e, &exponent);
  return test_mul(g, e, test_torsion((unsigned)(t * (c->limb[0] % TEST_TORSION)) % TEST_TORSION));
}

START_TEST(all_small_powers_of_all_points_of_small_order)
{
  const nep_group *g = test_curve();
  small_order *x = calloc(1, sizeof *x);
  ck_assert_ptr_nonnull(x);
  choose(nep_engine_at((size_t)_i));
  fill_small_order(x);
  nep_commit_many_var(g, x->job[0], (size_t)CHALLENGES * TEST_TORSION);
  for (unsigned c = 0; c < CHALLENGES; c++)
    for (unsigned t = 0; t < TEST_TORSION; t++) {
      const nep_commit_job *job = &x->job[c][t];
      ck_assert_int_eq(job->is_member, t == 0);
      ck_assert_int_eq(nep_element_is_member_var(g, job->e), t == 0);
      for (unsigned k = 0; k < SMALL_BRANCHES; k++) {
        nep_element want, other = counted(&job->branches[k], t);
        plain(job, k, &want);
        ck_assert_msg(nep_element_equal(g, job->branches[k].out, &want) &&
                          nep_element_equal(g, &want, &other),
                      "point %u, challenge %u, branch %u", t, c, k);
        ck_assert(!nep_fe_is_zero(nep_point_of(job->branches[k].out).z));
      }
    }
  free(x);
}
END_TEST

/* g^r e^c by libsodium, for e in the subgroup. */
static void sodium_commitment(uint8_t out[32], const nep_commit_job *job, size_t k)
{
  uint8_t base[32], a[32], b[32];
  test_to_bytes(job->e, base);
  (void)!crypto_scalarmult_ed25519_noclamp(
      a, (const uint8_t *)job->branches[k].proof->challenge.limb, base);
  (void)!crypto_scalarmult_ed25519_base_noclamp(
      b, (const uint8_t *)job->branches[k].proof->response.limb);
  ck_assert_int_eq(crypto_core_ed25519_add(out, a, b), 0);
}

START_TEST(commitments_equal_libsodium)
{
  const nep_group *g = test_curve();
  const nep_base *const fixed[2] = {nep_base_generator(g), nep_base_generator(g)};
  batch *b = calloc(1, sizeof *b);
  ck_assert_ptr_nonnull(b);
  choose(nep_engine_at((size_t)_i));
  for (size_t i = 0; i < POOL; i++)
    pool[i] = test_element(g, 1 + i);
  for (size_t compared = 0, seed = 0; compared < cases;) {
    fill(b, fixed, 1, &seed);
    nep_commit_many_var(g, b->job, JOBS);
    for (size_t i = 0; i < JOBS; i++)
      for (size_t k = 0; k < b->job[i].n; k++, compared++) {
        uint8_t want[32], got[32];
        sodium_commitment(want, &b->job[i], k);
        test_to_bytes(&b->out[i][k], got);
        ck_assert_mem_eq(got, want, 32);
      }
  }
  free(b);
}
END_TEST

/* Random strings, a point of every kind, y on both sides of p, both signs, each bit changed. */
static void code_at(uint8_t out[32], size_t i)
{
  nep_random_bytes(out, 32);
  if (i % 2 == 0)
    return;
  if (i % 4 == 1) {
    test_to_bytes(&pool[i / 4 % POOL], out);
    if (i % 8 == 5)
      out[nep_random_below(32)] ^= (uint8_t)(1u << nep_random_below(8));
    return;
  }
  memset(out, 0xff, 32);
  out[31] = i % 8 == 3 ? 0x7f : 0xff;
  out[0] = (uint8_t)(i / 8); /* 2^255 - 256 .. 2^255 - 1, p being 2^255 - 19 */
  if (i % 16 == 7) {         /* 0 .. 255, each with both signs */
    out[0] = (uint8_t)(i / 32);
    memset(out + 1, 0, 31);
    out[31] = i % 32 == 7 ? 0x80 : 0;
  }
}

START_TEST(decoding_equals_the_plain_path)
{
  enum { AT_ONCE = 70 };
  choose(nep_engine_at((size_t)_i));
  fill_pool();
  size_t valid_ones = 0;
  for (size_t done = 0, n = 1; done < cases; done += n, n = 1 + nep_random_below(AT_ONCE)) {
    uint8_t code[AT_ONCE][32], again[AT_ONCE][32];
    nep_element e[AT_ONCE];
    bool valid[AT_ONCE];
    for (size_t i = 0; i < n; i++)
      code_at(code[i], done + i);
    nep_engine_in_use()->decode_many_var(e, valid, code, n);
    for (size_t i = 0; i < n; i++) {
      nep_point want;
      ck_assert_int_eq(valid[i], nep_point_from_bytes(&want, code[i]) != 0);
      if (!valid[i]) {
        nep_element_one(test_curve(), &e[i]);
        continue;
      }
      nep_point got = nep_point_of(&e[i]);
      ck_assert(nep_point_equal(&got, &want));
      ck_assert(nep_fe_equal(got.t, want.t) && nep_fe_equal(got.z, nep_fe_small(1)));
      valid_ones++;
    }
    nep_engine_in_use()->encode_many_var(again, e, n);
    for (size_t i = 0; i < n; i++)
      if (valid[i])
        ck_assert_mem_eq(again[i], code[i], 32);
  }
  ck_assert_uint_gt(valid_ones, cases / 8);
}
END_TEST

START_TEST(texts_of_many_equal_texts_of_one)
{
  enum { MANY = 600 };
  const nep_group *g = test_curve();
  static nep_element e[MANY], back[MANY];
  static char text[MANY][NEP_ELEMENT_TEXT_MAX];
  static nep_bytes bytes[MANY];
  static const char *refusal[MANY];
  choose(nep_engine_at((size_t)_i));
  fill_pool();
  for (size_t i = 0; i < MANY; i++)
    e[i] = i == 0 ? pool[1] : test_mul(g, e[i - 1], pool[i % POOL]);
  nep_element_text_many_var(g, e, MANY, text[0], sizeof text[0]);
  for (size_t i = 0; i < MANY; i++) {
    char one[NEP_ELEMENT_TEXT_MAX];
    bytes[i] = (nep_bytes){text[i], nep_element_text(g, &e[i], one)};
    ck_assert_str_eq(one, text[i]);
  }
  bytes[7].len = 63;
  text[300][5] = 'G';
  nep_element_parse_many_var(g, back, bytes, MANY, refusal);
  for (size_t i = 0; i < MANY; i++) {
    ck_assert_int_eq(refusal[i] != NULL, i == 7 || i == 300);
    ck_assert(refusal[i] ? nep_element_is_one(g, &back[i]) : nep_element_equal(g, &back[i], &e[i]));
  }
}
END_TEST

#ifdef NEP_HAVE_IFMA
/* As test_lanes_model, on the processor's own instructions. */
START_TEST(limbs_at_their_bounds_give_what_the_portable_field_gives)
{
  const char *fault = lanes_bounds_fault();
  ck_assert_msg(!fault, "%s", fault);
}
END_TEST

START_TEST(points_at_their_bounds_give_what_the_portable_formulas_give)
{
  const char *fault = lanes_formulas_fault();
  ck_assert_msg(!fault, "%s", fault);
}
END_TEST
#endif

START_TEST(engines_are_chosen_by_name)
{
  nep_error err;
  ck_assert_int_eq(nep_engine_choose("portable", &err), NEP_OK);
  ck_assert_str_eq(nep_engine_name(), "portable");
  ck_assert_int_eq(nep_engine_choose("auto", &err), NEP_OK);
  ck_assert_str_eq(nep_engine_name(), nep_engine_at(0));
  ck_assert_int_eq(nep_engine_choose("Portable", &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_engine_choose("", &err), NEP_E_INPUT);
  bool has_ifma = strcmp(nep_engine_at(0), "ifma") == 0;
  ck_assert_int_eq(nep_engine_choose("ifma", &err), has_ifma ? NEP_OK : NEP_E_UNSUPPORTED);
}
END_TEST

START_TEST(the_environment_takes_the_lanes_away)
{
  nep_error err;
  ck_assert_int_eq(setenv("NEP_ENGINE", "portable", 1), 0);
  ck_assert_str_eq(nep_engine_at(0), "portable");
  ck_assert_ptr_null(nep_engine_at(1));
  ck_assert_str_eq(nep_engine_name(), "portable");
  ck_assert_int_eq(nep_engine_choose("ifma", &err), NEP_E_UNSUPPORTED);
  ck_assert_int_eq(nep_engine_choose("auto", &err), NEP_OK);
  ck_assert_str_eq(nep_engine_name(), "portable");
}
END_TEST

/* Engines that are wrong in one thing each. */
static nep_engine broken;

static void one_commitment_off(nep_commit_job *jobs, size_t n)
{
  nep_engine_portable.commit_many_var(jobs, n);
  nep_element_inv(test_curve(), jobs[n - 1].branches[0].out, jobs[n - 1].branches[0].out);
}

static void no_points(nep_commit_job *jobs, size_t n)
{
  nep_engine_portable.commit_many_var(jobs, n);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < jobs[i].n; k++)
      memset(jobs[i].branches[k].out, 0, sizeof *jobs[i].branches[k].out);
}

static void all_are_members(nep_commit_job *jobs, size_t n)
{
  nep_engine_portable.commit_many_var(jobs, n);
  for (size_t i = 0; i < n; i++)
    jobs[i].is_member = true;
}

static void last_bit_off(uint8_t (*out)[32], const nep_element *e, size_t n)
{
  nep_engine_portable.encode_many_var(out, e, n);
  out[n - 1][31] ^= 0x80;
}

static void all_are_valid(nep_element *e, bool *valid, uint8_t (*in)[32], size_t n)
{
  nep_engine_portable.decode_many_var(e, valid, in, n);
  for (size_t i = 0; i < n; i++)
    valid[i] = true;
}

START_TEST(the_start_up_test_finds_an_engine_at_fault)
{
  ck_assert_ptr_null(nep_engine_at_fault());
  broken = nep_engine_portable;
  ck_assert(nep_engine_check(&broken));
  broken.commit_many_var = one_commitment_off;
  ck_assert(!nep_engine_check(&broken));
  broken.commit_many_var = no_points;
  ck_assert(!nep_engine_check(&broken));
  broken.commit_many_var = all_are_members;
  ck_assert(!nep_engine_check(&broken));
  broken = nep_engine_portable;
  broken.encode_many_var = last_bit_off;
  ck_assert(!nep_engine_check(&broken));
  broken = nep_engine_portable;
  broken.decode_many_var = all_are_valid;
  ck_assert(!nep_engine_check(&broken));
}
END_TEST

int main(void)
{
  int engines = 0;
  while (nep_engine_at((size_t)engines))
    engines++;
  if (nep_test_long())
    cases = LONG_RUN;
  Suite *suite = suite_create("engine");
  TCase *tc = tcase_create("engine");
  tcase_set_timeout(tc, 3600);
  tcase_add_loop_test(tc, commitments_and_memberships_equal_the_plain_path, 0, engines);
  tcase_add_loop_test(tc, all_small_powers_of_all_points_of_small_order, 0, engines);
  tcase_add_loop_test(tc, commitments_equal_libsodium, 0, engines);
  tcase_add_loop_test(tc, decoding_equals_the_plain_path, 0, engines);
  tcase_add_loop_test(tc, texts_of_many_equal_texts_of_one, 0, engines);
#ifdef NEP_HAVE_IFMA
  int has_ifma = strcmp(nep_engine_at(0), "ifma") == 0;
  tcase_add_loop_test(tc, limbs_at_their_bounds_give_what_the_portable_field_gives, 0, has_ifma);
  tcase_add_loop_test(tc, points_at_their_bounds_give_what_the_portable_formulas_give, 0, has_ifma);
#endif
  tcase_add_test(tc, engines_are_chosen_by_name);
  tcase_add_test(tc, the_environment_takes_the_lanes_away);
  tcase_add_test(tc, the_start_up_test_finds_an_engine_at_fault);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
