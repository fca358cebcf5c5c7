#include "crypto/keys.h"

#include <openssl/evp.h>

#include "base/random.h"
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "tests/unit/crypto/support.h"

#define UUID "11111111111111"
#define CREDENTIAL "11111-222222-33333-444444"
#define SEED "11111111111111111111111111111111111111111111"
#define TAG NEP_TAG_SECRET "-channel_msg_inner-channel_msg_outer"

START_TEST(a_credential_derives_the_private_key_of_the_vectors)
{
  const nep_group *g = group_number(_i);
  char *expected = vector_value(g, "derive_credential");
  nep_scalar key;
  nep_credential_key(g, UUID, CREDENTIAL, &key);
  assert_scalar(g, &key, expected);
  free(expected);
}
END_TEST

START_TEST(a_credential_derives_the_public_key_of_the_vectors)
{
  const nep_group *g = group_number(_i);
  char *expected = vector_value(g, "public"), text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar key;
  nep_element public_key;
  nep_credential_key(g, UUID, CREDENTIAL, &key);
  nep_element_exp_g(g, &public_key, &key);
  (void)nep_element_text(g, &public_key, text);
  ck_assert_str_eq(text, expected);
  free(expected);
}
END_TEST

START_TEST(a_seed_derives_the_keys_of_the_vectors)
{
  const nep_group *g = group_number(_i);
  nep_scalar key, decryption;
  char *expected = vector_value(g, "derive_sk(seed='1'*44)");
  nep_seed_signing_key(g, SEED, &key);
  assert_scalar(g, &key, expected);
  free(expected);
  nep_seed_decryption_key(g, SEED, &decryption);
  ck_assert(!nep_scalar_equal(&key, &decryption));
  expected = vector_value(g, "basic_key(seed='1'*44)");
  nep_seed_single_key(g, SEED, &key);
  assert_scalar(g, &key, expected);
  free(expected);
}
END_TEST

START_TEST(a_seed_derives_the_polynomial_of_the_vectors)
{
  const nep_group *g = group_number(_i);
  char *expected = vector_value(g, "polynomial(seed,2)");
  char first[NEP_SCALAR_TEXT_MAX], second[NEP_SCALAR_TEXT_MAX];
  size_t most = nep_hash_to_field_max(g);
  ck_assert_uint_eq(most, strcmp(nep_group_name(g), "RFC-3526-2048") == 0 ? 30 : 170);
  nep_scalar a[170];
  nep_seed_polynomial(g, SEED, 2, a);
  (void)nep_scalar_text(g, &a[0], first);
  (void)nep_scalar_text(g, &a[1], second);
  char *got = nep_sprintf("[%s, %s]", first, second);
  ck_assert_str_eq(got, expected);
  free(got);
  free(expected);
  nep_seed_polynomial(g, SEED, most, a); /* the largest one that a hash can give */
  ck_assert(!nep_scalar_equal(&a[0], &a[most - 1]));
}
END_TEST

START_TEST(seeds_have_44_base58_characters)
{
  char seed[NEP_SEED_LENGTH + 1];
  nep_random_base58(seed, NEP_SEED_LENGTH);
  ck_assert(nep_seed_is_valid(seed, NEP_SEED_LENGTH));
  ck_assert(!nep_seed_is_valid(seed, NEP_SEED_LENGTH - 1));
  ck_assert(!nep_seed_is_valid(seed, NEP_SEED_LENGTH + 1));
  for (size_t i = 0; i < NEP_SEED_LENGTH; i++) {
    static const char bad[] = {'0', 'O', 'I', 'l', '\n', '\0', '-'};
    char kept = seed[i];
    seed[i] = bad[i % sizeof bad];
    ck_assert(!nep_seed_is_valid(seed, NEP_SEED_LENGTH));
    seed[i] = kept;
  }
}
END_TEST

START_TEST(credentials_have_blocks_of_5_6_5_6)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1], other[NEP_CREDENTIAL_LENGTH + 1];
  nep_credential_new(credential);
  nep_credential_new(other);
  ck_assert_str_ne(credential, other);
  ck_assert_uint_eq(strlen(credential), NEP_CREDENTIAL_LENGTH);
  ck_assert(nep_credential_is_valid(credential, NEP_CREDENTIAL_LENGTH));
  ck_assert(!nep_credential_is_valid(credential, NEP_CREDENTIAL_LENGTH - 1));
  ck_assert(!nep_credential_is_valid("111112-22222-33333-444444", NEP_CREDENTIAL_LENGTH));
  ck_assert(!nep_credential_is_valid("1111122222223333334444444", NEP_CREDENTIAL_LENGTH));
  for (size_t i = 0; i < NEP_CREDENTIAL_LENGTH; i++) {
    char kept = credential[i];
    credential[i] = kept == '-' ? '1' : '0';
    ck_assert(!nep_credential_is_valid(credential, NEP_CREDENTIAL_LENGTH));
    credential[i] = kept;
  }
}
END_TEST

START_TEST(a_credential_gives_another_key_in_another_election)
{
  const nep_group *g = group_number(_i);
  nep_scalar here, there, other;
  nep_credential_key(g, UUID, CREDENTIAL, &here);
  nep_credential_key(g, "11111111111112", CREDENTIAL, &there);
  nep_credential_key(g, UUID, "11111-222222-33333-444445", &other);
  ck_assert(!nep_scalar_equal(&here, &there));
  ck_assert(!nep_scalar_equal(&here, &other));
}
END_TEST

/* A sealed message with the key that opens it. */
typedef struct sealed_case {
  const nep_group *g;
  nep_scalar dk;
  nep_sealed sealed;
} sealed_case;

static const char PLAIN[] = "{\"secret\":\"bí mật\"}";

static sealed_case sealed_new(const nep_group *g)
{
  sealed_case c = {.g = g};
  nep_element encryption_key;
  nep_scalar_random(g, &c.dk);
  nep_element_exp_g(g, &encryption_key, &c.dk);
  nep_seal(g, TAG, &encryption_key, nep_str_bytes(PLAIN), &c.sealed);
  return c;
}

static bool opens(const sealed_case *c, const char *tag, const nep_scalar *dk)
{
  nep_buf plain = {0};
  nep_error err;
  nep_status status = nep_unseal(c->g, tag, dk, &c->sealed, &plain, &err);
  bool same =
      status == NEP_OK && plain.len == strlen(PLAIN) && memcmp(plain.data, PLAIN, plain.len) == 0;
  if (status != NEP_OK) {
    ck_assert_int_eq(status, NEP_E_CHECK);
    ck_assert_uint_eq(plain.len, 0); /* nothing unauthenticated comes out */
  }
  nep_buf_wipe(&plain);
  return same;
}

START_TEST(a_sealed_message_opens_for_its_recipient_only)
{
  sealed_case c = sealed_new(group_number(_i));
  nep_scalar other = c.dk;
  ck_assert(opens(&c, TAG, &c.dk));
  add_one(c.g, &other);
  ck_assert(!opens(&c, TAG, &other));
  ck_assert(!opens(&c, NEP_TAG_SECRET "-channel_msg_outer", &c.dk));
  ck_assert(
      !opens(&c, NEP_TAG_PEDERSEN_DECRYPTION_KEY "-channel_msg_inner-channel_msg_outer", &c.dk));
  nep_sealed_free(&c.sealed);
}
END_TEST

START_TEST(a_sealed_message_with_any_byte_changed_is_refused)
{
  sealed_case c = sealed_new(group_number(_i));
  ck_assert_uint_eq(c.sealed.data.len, strlen(PLAIN) + 16);
  for (size_t i = 0; i < c.sealed.data.len; i++) {
    c.sealed.data.data[i] ^= (char)(1 << (i % 8));
    ck_assert(!opens(&c, TAG, &c.dk));
    c.sealed.data.data[i] ^= (char)(1 << (i % 8));
  }
  times_g(c.g, &c.sealed.alpha);
  ck_assert(!opens(&c, TAG, &c.dk));
  nep_element step;
  nep_element_generator(c.g, &step);
  nep_element_div(c.g, &c.sealed.alpha, &c.sealed.alpha, &step);
  ck_assert(opens(&c, TAG, &c.dk));
  times_g(c.g, &c.sealed.beta);
  ck_assert(!opens(&c, TAG, &c.dk));
  nep_sealed_free(&c.sealed);
}
END_TEST

START_TEST(a_truncated_sealed_message_is_refused)
{
  sealed_case c = sealed_new(group_number(1));
  for (c.sealed.data.len--; c.sealed.data.len > 0; c.sealed.data.len--)
    ck_assert(!opens(&c, TAG, &c.dk));
  ck_assert(!opens(&c, TAG, &c.dk));
  nep_sealed_free(&c.sealed);
}
END_TEST

START_TEST(an_empty_message_seals_and_opens)
{
  const nep_group *g = group_number(_i);
  nep_scalar dk;
  nep_element encryption_key;
  nep_sealed sealed;
  nep_buf plain = {0};
  nep_scalar_random(g, &dk);
  nep_element_exp_g(g, &encryption_key, &dk);
  nep_seal(g, TAG, &encryption_key, nep_str_bytes(""), &sealed);
  ck_assert_uint_eq(sealed.data.len, 16);
  ck_assert_int_eq(nep_unseal(g, TAG, &dk, &sealed, &plain, NULL), NEP_OK);
  ck_assert_uint_eq(plain.len, 0);
  nep_buf_wipe(&plain);
  nep_sealed_free(&sealed);
}
END_TEST

START_TEST(sealing_twice_gives_different_messages)
{
  const nep_group *g = group_number(_i);
  nep_scalar dk;
  nep_element encryption_key;
  nep_sealed first, second;
  nep_scalar_random(g, &dk);
  nep_element_exp_g(g, &encryption_key, &dk);
  nep_seal(g, TAG, &encryption_key, nep_str_bytes(PLAIN), &first);
  nep_seal(g, TAG, &encryption_key, nep_str_bytes(PLAIN), &second);
  ck_assert(!nep_element_equal(g, &first.alpha, &second.alpha));
  ck_assert(memcmp(first.data.data, second.data.data, first.data.len) != 0);
  nep_sealed_free(&first);
  nep_sealed_free(&second);
}
END_TEST

/* protocol.md §6 step 2 done again with other code: the hashes by text, GCM by the one-shot order
   of calls, so that a wrong separator or IV length in both directions would be seen. */
START_TEST(the_box_is_the_one_of_the_protocol)
{
  const nep_group *g = group_number(_i);
  sealed_case c = sealed_new(g);
  nep_element shared;
  uint8_t key[32], iv[32], out[sizeof PLAIN];
  char text[NEP_ELEMENT_TEXT_MAX], *d;
  int len = 0;
  nep_element_exp_var(g, &shared, &c.sealed.alpha, &c.dk);
  nep_element_div(g, &shared, &c.sealed.beta, &shared);
  (void)nep_element_text(g, &shared, text);
  d = nep_sprintf("BELENIOS-V2-secret-channel_msg_inner-channel_msg_outer-key|%s", text);
  nep_sha256_of(d, strlen(d), key);
  free(d);
  (void)nep_element_text(g, &c.sealed.alpha, text);
  d = nep_sprintf("BELENIOS-V2-secret-channel_msg_inner-channel_msg_outer-iv|%s", text);
  nep_sha256_of(d, strlen(d), iv);
  free(d);
  EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
  ck_assert_int_eq(EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, NULL, NULL), 1);
  ck_assert_int_eq(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, 32, NULL), 1);
  ck_assert_int_eq(EVP_DecryptInit_ex(ctx, NULL, NULL, key, iv), 1);
  ck_assert_int_eq(
      EVP_DecryptUpdate(ctx, out, &len, (uint8_t *)c.sealed.data.data, (int)strlen(PLAIN)), 1);
  ck_assert_mem_eq(out, PLAIN, strlen(PLAIN));
  EVP_CIPHER_CTX_free(ctx);
  nep_sealed_free(&c.sealed);
}
END_TEST

enum { THRESHOLD = 3, MEMBERS = 5 };

/* A polynomial of THRESHOLD coefficients with its public form. */
static void polynomial_new(const nep_group *g, nep_scalar *a, nep_element *coefexps)
{
  for (size_t k = 0; k < THRESHOLD; k++) {
    nep_scalar_random(g, &a[k]);
    nep_element_exp_g(g, &coefexps[k], &a[k]);
  }
}

START_TEST(a_share_fits_its_public_form)
{
  const nep_group *g = group_number(_i);
  nep_scalar a[THRESHOLD], share;
  nep_element coefexps[THRESHOLD], expected, got;
  polynomial_new(g, a, coefexps);
  for (uint64_t j = 1; j <= MEMBERS; j++) {
    nep_share_eval(g, a, THRESHOLD, j, &share);
    nep_element_exp_g(g, &expected, &share);
    nep_share_public_var(g, coefexps, THRESHOLD, j, &got);
    ck_assert(nep_element_equal(g, &expected, &got));
    nep_share_public_var(g, coefexps, THRESHOLD - 1, j, &got);
    ck_assert(!nep_element_equal(g, &expected, &got));
  }
}
END_TEST

/* sum over the chosen indices of l_i * f(i) */
static void combine(const nep_group *g, const nep_scalar *a, const uint64_t *indices, size_t n,
                    nep_scalar *out)
{
  nep_scalar_zero(out);
  for (size_t i = 0; i < n; i++) {
    nep_scalar share, coefficient;
    nep_share_eval(g, a, THRESHOLD, indices[i], &share);
    nep_lagrange_var(g, indices, n, i, &coefficient);
    nep_scalar_mul(g, &share, &share, &coefficient);
    nep_scalar_add(g, out, out, &share);
  }
}

START_TEST(any_threshold_of_shares_gives_the_secret_and_fewer_do_not)
{
  const nep_group *g = group_number(_i);
  nep_scalar a[THRESHOLD], got;
  nep_element coefexps[THRESHOLD];
  polynomial_new(g, a, coefexps);
  for (uint64_t i = 1; i <= MEMBERS; i++)
    for (uint64_t j = 1; j <= MEMBERS; j++)
      for (uint64_t k = 1; k <= MEMBERS; k++) {
        const uint64_t indices[THRESHOLD] = {i, j, k};
        if (i == j || j == k || i == k)
          continue;
        combine(g, a, indices, THRESHOLD, &got);
        ck_assert(nep_scalar_equal(&got, &a[0]));
        combine(g, a, indices, THRESHOLD - 1, &got);
        ck_assert(!nep_scalar_equal(&got, &a[0]));
      }
}
END_TEST

START_TEST(lagrange_coefficients_of_a_known_case)
{
  /* indices 1, 2, 3: 2/1 * 3/2 = 3, 1/(1-2) * 3/(3-2) = -3, 1/(1-3) * 2/(2-3) = 1 */
  const nep_group *g = group_number(_i);
  const uint64_t indices[] = {1, 2, 3};
  nep_scalar got, three, zero;
  nep_lagrange_var(g, indices, 3, 0, &got);
  assert_scalar(g, &got, "3");
  nep_lagrange_var(g, indices, 3, 2, &got);
  assert_scalar(g, &got, "1");
  nep_lagrange_var(g, indices, 3, 1, &got);
  nep_scalar_set(g, &three, 3);
  nep_scalar_zero(&zero);
  nep_scalar_add(g, &got, &got, &three);
  ck_assert(nep_scalar_equal(&got, &zero));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("keys");
  TCase *t = tcase_create("keys");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, a_credential_derives_the_private_key_of_the_vectors, 0, GROUPS);
  /* vectors.txt gives the public key in the first two groups */
  tcase_add_loop_test(t, a_credential_derives_the_public_key_of_the_vectors, 0, 2);
  tcase_add_loop_test(t, a_seed_derives_the_keys_of_the_vectors, 0, GROUPS);
  tcase_add_loop_test(t, a_seed_derives_the_polynomial_of_the_vectors, 0, GROUPS);
  tcase_add_test(t, seeds_have_44_base58_characters);
  tcase_add_test(t, credentials_have_blocks_of_5_6_5_6);
  tcase_add_loop_test(t, a_credential_gives_another_key_in_another_election, 0, GROUPS);
  tcase_add_loop_test(t, a_sealed_message_opens_for_its_recipient_only, 0, GROUPS);
  tcase_add_loop_test(t, a_sealed_message_with_any_byte_changed_is_refused, 0, GROUPS);
  tcase_add_test(t, a_truncated_sealed_message_is_refused);
  tcase_add_loop_test(t, an_empty_message_seals_and_opens, 0, GROUPS);
  tcase_add_loop_test(t, sealing_twice_gives_different_messages, 0, GROUPS);
  tcase_add_loop_test(t, the_box_is_the_one_of_the_protocol, 0, GROUPS);
  tcase_add_loop_test(t, a_share_fits_its_public_form, 0, GROUPS);
  tcase_add_loop_test(t, any_threshold_of_shares_gives_the_secret_and_fewer_do_not, 0, GROUPS);
  tcase_add_loop_test(t, lagrange_coefficients_of_a_known_case, 0, GROUPS);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
