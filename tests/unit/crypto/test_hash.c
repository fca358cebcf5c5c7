#include "crypto/hash.h"

#include "base/encode.h"
#include "crypto/tags.h"
#include "tests/unit/crypto/support.h"

/* RFC 9380, appendix K.1. */
typedef struct expand_vector {
  const char *prefix;
  char fill;
  size_t fill_count;
  size_t len;
  const char *expected;
} expand_vector;

static const expand_vector EXPAND[] = {
    {"", 0, 0, 0x20, "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235"},
    {"abc", 0, 0, 0x20, "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615"},
    {"abcdef0123456789", 0, 0, 0x20,
     "eff31487c770a893cfb36f912fbfcbff40d5661771ca4b2cb4eafe524333f5c1"},
    {"q128_", 'q', 128, 0x20, "b23a1d2b4d97b2ef7785562a7e8bac7eed54ed6e97e29aa51bfe3f12ddad1ff9"},
    {"a512_", 'a', 512, 0x20, "4623227bcc01293b8c130bf771da8c298dede7383243dc0993d2d94823958c4c"},
    {"", 0, 0, 0x80,
     "af84c27ccfd45d41914fdff5df25293e221afc53d8ad2ac06d5e3e29485dadbee0d121587713a3e0dd4d5e69e93eb"
     "7"
     "cd4f5df4cd103e188cf60cb02edc3edf18eda8576c412b18ffb658e3dd6ec849469b979d444cf7b26911a08e63cf3"
     "1"
     "f9dcc541708d3491184472c2c29bb749d4286b004ceb5ee6b9a7fa5b646c993f0ced"},
    {"abc", 0, 0, 0x80,
     "abba86a6129e366fc877aab32fc4ffc70120d8996c88aee2fe4b32d6c7b6437a647e6c3163d40b76a73cf6a5674ef"
     "1"
     "d890f95b664ee0afa5359a5c4e07985635bbecbac65d747d3d2da7ec2b8221b17b0ca9dc8a1ac1c07ea6a1e60583e"
     "2"
     "cb00058e77b7b72a298425cd1b941ad4ec65e8afc50303a22c0f99b0509b4c895f40"},
    {"abcdef0123456789", 0, 0, 0x80,
     "ef904a29bffc4cf9ee82832451c946ac3c8f8058ae97d8d629831a74c6572bd9ebd0df635cd1f208e2038e760c499"
     "4"
     "984ce73f0d55ea9f22af83ba4734569d4bc95e18350f740c07eef653cbb9f87910d833751825f0ebefa1abe5420bb"
     "5"
     "2be14cf489b37fe1a72f7de2d10be453b2c9d9eb20c7e3f6edc5a60629178d9478df"},
    {"q128_", 'q', 128, 0x80,
     "80be107d0884f0d881bb460322f0443d38bd222db8bd0b0a5312a6fedb49c1bbd88fd75d8b9a09486c60123dfa1d7"
     "3"
     "c1cc3169761b17476d3c6b7cbbd727acd0e2c942f4dd96ae3da5de368d26b32286e32de7e5a8cb2949f866a0b80c5"
     "8"
     "116b29fa7fabb3ea7d520ee603e0c25bcaf0b9a5e92ec6a1fe4e0391d1cdbce8c68a"},
    {"a512_", 'a', 512, 0x80,
     "546aff5444b5b79aa6148bd81728704c32decb73a3ba76e9e75885cad9def1d06d6792f8a7d12794e90efed817d96"
     "9"
     "20d728896a4510864370c207f99bd4a608ea121700ef01ed879745ee3e4ceef777eda6d9e5e38b90c86ea6fb0b365"
     "0"
     "4ba4a45d22e86f6db5dd43d98a294bebb9125d5b794e9d2a81181066eb954966a487"},
};

START_TEST(expand_message_gives_the_vectors_of_rfc_9380)
{
  const expand_vector *v = &EXPAND[_i];
  nep_buf message = {0};
  uint8_t out[0x80];
  char hex[2 * sizeof out + 1];
  nep_buf_str(&message, v->prefix);
  for (size_t i = 0; i < v->fill_count; i++)
    nep_buf_char(&message, v->fill);
  nep_bytes bytes = message.data ? nep_buf_bytes(&message) : nep_str_bytes("");
  nep_expand_message(nep_str_bytes("QUUX-V01-CS02-with-expander-SHA256-128"), bytes, out, v->len);
  nep_hex(out, v->len, hex);
  ck_assert_str_eq(hex, v->expected);
  nep_buf_free(&message);
}
END_TEST

START_TEST(sha256_in_pieces_is_sha256_at_once)
{
  uint8_t whole[32], pieces[32];
  char hex[65];
  nep_sha256 h;
  nep_sha256_of("abc", 3, whole);
  nep_sha256_start(&h);
  nep_sha256_add(&h, "a", 1);
  nep_sha256_add(&h, "", 0);
  nep_sha256_add(&h, "bc", 2);
  nep_sha256_end(&h, pieces);
  ck_assert_mem_eq(whole, pieces, sizeof whole);
  nep_sha256_hex("abc", 3, hex); /* FIPS 180-2, appendix B.1 */
  ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(hash_group_gives_the_vector)
{
  const nep_group *g = group_number(_i);
  char *expected = vector_value(g, "HashGroup(prove,'abc|',(g,g*g))");
  nep_element e[2];
  nep_challenge c;
  nep_scalar s;
  nep_element_generator(g, &e[0]);
  nep_element_mul(g, &e[1], &e[0], &e[0]);
  nep_challenge_start(&c, g, NEP_TAG_PROVE);
  nep_challenge_text(&c, nep_str_bytes("abc|"));
  nep_challenge_elements(&c, e, 2);
  nep_challenge_end(&c, &s);
  assert_scalar(g, &s, expected);
  free(expected);
}
END_TEST

START_TEST(a_challenge_does_not_depend_on_how_it_was_fed)
{
  const nep_group *g = group_number(_i);
  enum { MANY = 70 };
  nep_element e[MANY];
  nep_challenge c;
  nep_scalar whole, pieces;
  nep_element_generator(g, &e[0]);
  for (size_t i = 1; i < MANY; i++)
    nep_element_mul(g, &e[i], &e[i - 1], &e[0]);
  nep_challenge_start(&c, g, NEP_TAG_DECRYPT);
  nep_challenge_text(&c, nep_str_bytes("one two"));
  nep_challenge_elements(&c, e, MANY);
  nep_challenge_end(&c, &whole);
  nep_challenge_start(&c, g, NEP_TAG_DECRYPT);
  nep_challenge_text(&c, nep_str_bytes("one "));
  nep_challenge_text(&c, nep_str_bytes("two"));
  for (size_t i = 0; i < MANY; i++)
    nep_challenge_elements(&c, &e[i], 1);
  nep_challenge_end(&c, &pieces);
  ck_assert(nep_scalar_equal(&whole, &pieces));
}
END_TEST

static void challenge_of(const nep_group *g, const char *tag, const char *text,
                         const nep_element *e, size_t n, nep_scalar *out)
{
  nep_challenge c;
  nep_challenge_start(&c, g, tag);
  nep_challenge_text(&c, nep_str_bytes(text));
  nep_challenge_elements(&c, e, n);
  nep_challenge_end(&c, out);
}

START_TEST(tag_message_elements_and_their_order_all_change_the_challenge)
{
  const nep_group *g = group_number(_i);
  nep_element e[2], swapped[2];
  nep_scalar base, other;
  nep_element_generator(g, &e[0]);
  nep_element_mul(g, &e[1], &e[0], &e[0]);
  swapped[0] = e[1];
  swapped[1] = e[0];
  challenge_of(g, NEP_TAG_PROVE, "m|", e, 2, &base);
  challenge_of(g, NEP_TAG_PROVE, "m|", e, 2, &other);
  ck_assert(nep_scalar_equal(&base, &other));
  challenge_of(g, NEP_TAG_DECRYPT, "m|", e, 2, &other);
  ck_assert(!nep_scalar_equal(&base, &other));
  challenge_of(g, NEP_TAG_PROVE, "m", e, 2, &other);
  ck_assert(!nep_scalar_equal(&base, &other));
  challenge_of(g, NEP_TAG_PROVE, "m|", e, 1, &other);
  ck_assert(!nep_scalar_equal(&base, &other));
  challenge_of(g, NEP_TAG_PROVE, "m|", swapped, 2, &other);
  ck_assert(!nep_scalar_equal(&base, &other));
}
END_TEST

START_TEST(the_same_text_hashes_differently_in_each_group)
{
  nep_scalar first, second;
  char a[NEP_SCALAR_TEXT_MAX], b[NEP_SCALAR_TEXT_MAX];
  challenge_of(group_number(1), NEP_TAG_PROVE, "m", NULL, 0, &first);
  challenge_of(group_number(2), NEP_TAG_PROVE, "m", NULL, 0, &second);
  (void)nep_scalar_text(group_number(1), &first, a);
  (void)nep_scalar_text(group_number(2), &second, b);
  ck_assert_str_ne(a, b);
}
END_TEST

START_TEST(only_the_raw_hash_leaves_the_tag_alone)
{
  const nep_group *g = group_number(_i);
  nep_scalar plain[2], raw[2];
  nep_hash_to_field(g, "tag", nep_str_bytes("m"), 2, plain);
  nep_hash_to_field_raw(g, "tag-SHA256", nep_str_bytes("m"), 2, raw);
  ck_assert(nep_scalar_equal(&plain[0], &raw[0]) && nep_scalar_equal(&plain[1], &raw[1]));
  nep_hash_to_field_raw(g, "tag", nep_str_bytes("m"), 2, raw);
  ck_assert(!nep_scalar_equal(&plain[0], &raw[0]));
  ck_assert(!nep_scalar_equal(&raw[0], &raw[1]));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("hash");
  TCase *t = tcase_create("hash");
  tcase_add_loop_test(t, expand_message_gives_the_vectors_of_rfc_9380, 0,
                      sizeof EXPAND / sizeof EXPAND[0]);
  tcase_add_test(t, sha256_in_pieces_is_sha256_at_once);
  tcase_add_loop_test(t, hash_group_gives_the_vector, 0, GROUPS);
  tcase_add_loop_test(t, a_challenge_does_not_depend_on_how_it_was_fed, 0, GROUPS);
  tcase_add_loop_test(t, tag_message_elements_and_their_order_all_change_the_challenge, 0, GROUPS);
  tcase_add_test(t, the_same_text_hashes_differently_in_each_group);
  tcase_add_loop_test(t, only_the_raw_hash_leaves_the_tag_alone, 0, GROUPS);
  suite_add_tcase(suite, t);
  return nep_run_suite(suite);
}
