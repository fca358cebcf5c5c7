#include "crypto/selftest.h"

#include <string.h>

#include "crypto/engine.h"
#include "crypto/hash.h"
#include "crypto/tags.h"

static const nep_known KNOWN[] = {
    {
        .group = "Ed25519",
        .last_scalar = "1f4e28f645087952dde194a426c436046cfd47f34ab30a5a56489394898ad6c8",
        .generator = "ddb5e07ee92594d94570f7d6cbb098a0d2ddadeda10de80992ad3a0dcb384f99",
        .credential_key = "ce5df23ce99f9ce71faf5e775736e9325567a7a7b57113e1034ee980a38a9c3e",
        .credential = "9cbc402444129bace29cb0112c2f3e317c6199c5cef6ab3b4521cb94ad5ce480",
        .challenge = "c5045e65864ef4eebf23b32659fe19cc06355b10401129b5ace04173146bdc43",
        .outsider = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
    },
    {
        .group = "BELENIOS-2048",
        .last_scalar = "fa888e2ef964fdd6a64bc7e5893d5df0f0e3725181237ec876fe786a7c24937b",
        .generator = "96649bff87fad6b5f819ba03df4f32759730a48fd8795c98d2d70bb84151f3ec",
        .credential_key = "8a6feb0f802bc1ec940efa44e8f2927b763b58f9b324614b20c45d61de6e5987",
        .credential = "940c5cecf874bd5ec6877f09eda8068cd7cc9d12e6e0ad48dade1f3b4ab9181b",
        .challenge = "761e8e1bf651fdd9db6d30529e5f860ec55539b2b09b14d1e1d8b8fc042a1946",
        .outsider = "2",
    },
    {
        .group = "RFC-3526-2048",
        .last_scalar = "3496d4e4c6d6954469f0b9af8b4d793b545f7f624e7f6ec61d4700ca69137804",
        .generator = "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35",
        .credential_key = "a8acccb3286e9ed9aa494c9dfa9668b7abce41244a91e1d55fc909de4322aafe",
        .credential = "a29fce223e5aba88571de9adf39e5751673ee3a4351e2562026ec2998398c4af",
        .challenge = "77ea10ba7beca6782ae5af391f2666e53c6432b8459e49eebd7b75d69f3f680b",
        .outsider = "11",
    },
};

const nep_known *nep_known_at(size_t i)
{
  return i < sizeof KNOWN / sizeof KNOWN[0] ? &KNOWN[i] : NULL;
}

static bool element_matches(const nep_group *g, const nep_element *e, const char *expected)
{
  char text[NEP_ELEMENT_TEXT_MAX], hex[65];
  nep_sha256_hex(text, nep_element_text(g, e, text), hex);
  return strcmp(hex, expected) == 0;
}

static bool scalar_matches(const nep_group *g, const nep_scalar *s, const char *expected)
{
  char text[NEP_SCALAR_TEXT_MAX], hex[65];
  nep_sha256_hex(text, nep_scalar_text(g, s, text), hex);
  return strcmp(hex, expected) == 0;
}

static void last_scalar(const nep_group *g, nep_scalar *s)
{
  nep_scalar one;
  nep_scalar_set(g, &one, 1);
  nep_scalar_zero(s);
  nep_scalar_sub(g, s, s, &one);
}

static bool order_is_right(const nep_group *g, const char *expected)
{
  nep_scalar last;
  last_scalar(g, &last);
  return scalar_matches(g, &last, expected);
}

static bool generator_is_right(const nep_group *g, const char *expected)
{
  nep_element e;
  nep_element_generator(g, &e);
  return element_matches(g, &e, expected) && !nep_element_is_one(g, &e) &&
         nep_element_is_member_var(g, &e);
}

/* g^(q-1) g = 1: the generator's order divides the prime q. */
static bool generator_has_order(const nep_group *g)
{
  nep_scalar last;
  nep_element generator, e;
  last_scalar(g, &last);
  nep_element_generator(g, &generator);
  nep_element_exp_var(g, &e, &generator, &last);
  nep_element_mul(g, &e, &e, &generator);
  return nep_element_is_one(g, &e);
}

static bool credential_is_right(const nep_group *g, const nep_known *known)
{
  nep_scalar key;
  nep_element public_key, generator, again;
  nep_hash_to_field(g, NEP_TAG_DERIVE_CREDENTIAL,
                    nep_str_bytes("11111111111111|11111-222222-33333-444444"), 1, &key);
  nep_element_exp_g(g, &public_key, &key);
  nep_element_generator(g, &generator);
  nep_element_exp_var(g, &again, &generator, &key);
  return scalar_matches(g, &key, known->credential_key) &&
         element_matches(g, &public_key, known->credential) &&
         nep_element_equal(g, &public_key, &again);
}

static bool challenge_is_right(const nep_group *g, const char *expected)
{
  nep_element e[2];
  nep_scalar out;
  nep_element_generator(g, &e[0]);
  nep_element_mul(g, &e[1], &e[0], &e[0]);
  nep_challenge c;
  nep_challenge_start(&c, g, NEP_TAG_PROVE);
  nep_challenge_text(&c, nep_str_bytes("abc|"));
  nep_challenge_elements(&c, e, 2);
  nep_challenge_end(&c, &out);
  return scalar_matches(g, &out, expected);
}

static bool outsider_is_refused(const nep_group *g, const char *text)
{
  nep_element e;
  return nep_element_parse(g, &e, text, strlen(text), NULL) == NEP_OK &&
         !nep_element_is_member_var(g, &e);
}

static nep_status failed(const nep_group *g, const char *what, nep_error *err)
{
  (void)nep_fail(err, NEP_E_INTERNAL, "self-test", nep_group_name(g),
                 "known-answer self-test failed: %s", what);
  return nep_advise(err,
                    "do not use this program on this machine; build it again and run its tests");
}

nep_status nep_group_check(const nep_group *g, const nep_known *known, nep_error *err)
{
  if (strcmp(nep_group_name(g), known->group) != 0)
    return failed(g, "name", err);
  if (!order_is_right(g, known->last_scalar))
    return failed(g, "order", err);
  if (!generator_is_right(g, known->generator))
    return failed(g, "generator", err);
  if (!generator_has_order(g))
    return failed(g, "order of the generator", err);
  if (!credential_is_right(g, known))
    return failed(g, "credential", err);
  if (!challenge_is_right(g, known->challenge))
    return failed(g, "challenge", err);
  if (!outsider_is_refused(g, known->outsider))
    return failed(g, "membership test", err);
  return NEP_OK;
}

nep_status nep_group_self_test(nep_error *err)
{
  for (size_t i = 0; nep_group_at(i); i++) {
    nep_status status = nep_group_check(nep_group_at(i), nep_known_at(i), err);
    if (status != NEP_OK)
      return status;
  }
  const char *engine = nep_engine_at_fault();
  return engine ? failed(nep_group_at(0), engine, err) : NEP_OK;
}
