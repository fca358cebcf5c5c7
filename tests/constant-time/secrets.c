/* What is done with secrets in crypto/, under valgrind's memcheck, with the secrets marked as
   undefined: every branch and every address that depends on one is reported. What is published is
   marked as defined again when it is put out.

   Scalars, powers, products and keys of credentials are looked at in every group. What is made of
   them is the same code for all groups, and looked at on the curve: in the integer groups the texts
   of a proof's commitments, which whoever has the proof can compute, have no fixed length.

   usage: secrets NAME GROUP, for one of the cases below; each ends with exit code 0, and it is
   valgrind that speaks (secrets.sh). Without valgrind the marks mean nothing. */
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "base/process.h"
#include "base/random.h"
#include "crypto/group_ops.h"
#include "crypto/keys.h"
#include "crypto/tags.h"

static const char STATEMENT[] = "a statement";

static void hide(void *data, size_t len)
{
  (void)VALGRIND_MAKE_MEM_UNDEFINED(data, len);
}

static void publish(void *data, size_t len)
{
  (void)VALGRIND_MAKE_MEM_DEFINED(data, len);
}

static void hidden_scalar(const nep_group *g, nep_scalar *s)
{
  nep_scalar_random(g, s);
  hide(s->limb, g->q_limbs * sizeof s->limb[0]); /* the limbs beyond are 0 in every scalar */
}

static nep_key *some_key(const nep_group *g)
{
  nep_scalar s;
  nep_element y;
  nep_scalar_random(g, &s);
  nep_element_exp_g_var(g, &y, &s);
  return nep_key_new(g, &y);
}

/* A stream as nep_ballot_prepare draws from: its seed is secret. */
static void hidden_stream(nep_stream *s)
{
  uint8_t seed[NEP_STREAM_SEED];
  nep_random_bytes(seed, sizeof seed);
  hide(seed, sizeof seed);
  nep_stream_start(s, NEP_TAG_BALLOT_RANDOMNESS, seed);
}

typedef struct chosen {
  nep_ciphertext c;
  nep_scalar r;
  unsigned value;
} chosen;

static void encrypt(const nep_key *key, nep_stream *random, unsigned value, chosen *out)
{
  hide(&value, sizeof value);
  out->value = value;
  nep_stream_scalar(nep_key_group(key), random, &out->r);
  nep_encrypt(key, &out->c, &out->r, out->value);
  publish(&out->c, sizeof out->c);
}

static void encryption(const nep_group *g)
{
  nep_key *key = some_key(g);
  nep_stream random;
  chosen c;
  char text[NEP_ELEMENT_TEXT_MAX];
  hidden_stream(&random);
  for (unsigned value = 0; value < 2; value++) {
    encrypt(key, &random, value, &c);
    (void)nep_element_text(g, &c.c.beta, text);
  }
  nep_key_free(key);
}

static void interval(const nep_group *g)
{
  nep_key *key = some_key(g);
  nep_stream random;
  nep_proof proofs[2];
  chosen c;
  hidden_stream(&random);
  for (unsigned value = 0; value < 2; value++) {
    encrypt(key, &random, value, &c);
    nep_interval_prove(key, NEP_TAG_PROVE, nep_str_bytes(STATEMENT), &c.c, 0, 1, c.value, &c.r,
                       &random, proofs);
    publish(proofs, sizeof proofs);
    if (!nep_interval_verify_var(key, NEP_TAG_PROVE, nep_str_bytes(STATEMENT), &c.c, 0, 1, proofs))
      fputs("the proof does not hold\n", stderr);
  }
  nep_key_free(key);
}

static void blank(const nep_group *g)
{
  nep_key *key = some_key(g);
  nep_bytes s = nep_str_bytes(STATEMENT);
  nep_stream random;
  nep_proof proofs[2], overall[4];
  chosen bit, sum;
  hidden_stream(&random);
  for (unsigned value = 0; value < 2; value++) {
    encrypt(key, &random, value, &bit);
    encrypt(key, &random, 1 - value, &sum);
    nep_blank_prove(key, s, &bit.c, &sum.c, bit.value, sum.value, &bit.r, &sum.r, &random, proofs);
    nep_blank_overall_prove(key, s, &bit.c, &sum.c, 1, 3, bit.value, sum.value, &bit.r, &sum.r,
                            &random, overall);
    publish(proofs, sizeof proofs);
    publish(overall, sizeof overall);
    if (!nep_blank_verify_var(key, s, &bit.c, &sum.c, proofs) ||
        !nep_blank_overall_verify_var(key, s, &bit.c, &sum.c, 1, 3, overall))
      fputs("the proof does not hold\n", stderr);
  }
  nep_key_free(key);
}

/* The credential's key and its public part, then a signature. */
static void signature(const nep_group *g)
{
  nep_scalar key;
  nep_element public_key;
  nep_proof signature;
  hidden_scalar(g, &key);
  nep_element_exp_g(g, &public_key, &key);
  publish(&public_key, sizeof public_key);
  nep_sign(g, NEP_TAG_BALLOT, &key, nep_str_bytes(STATEMENT), &signature);
  publish(&signature, sizeof signature);
  if (!nep_signature_verify_var(g, NEP_TAG_BALLOT, &public_key, nep_str_bytes(STATEMENT),
                                &signature))
    fputs("the signature does not hold\n", stderr);
}

/* The private key behind a credential, from its 22 characters. */
static void credential(const nep_group *g)
{
  char text[NEP_CREDENTIAL_LENGTH + 1];
  nep_scalar key;
  nep_element public_key;
  nep_credential_new(text);
  hide(text, NEP_CREDENTIAL_LENGTH);
  nep_credential_key(g, "11111111111111", text, &key);
  nep_element_exp_g(g, &public_key, &key);
}

/* What the proofs and the trustees' shares are made of: scalars and powers of secrets, products of
   secret elements. */
static void arithmetic(const nep_group *g)
{
  nep_stream random;
  nep_scalar a[2], c;
  nep_element x, y;
  hidden_stream(&random);
  nep_stream_scalar(g, &random, &a[0]);
  hidden_scalar(g, &a[1]);
  nep_scalar_mul(g, &c, &a[0], &a[1]);
  nep_scalar_sub(g, &c, &a[1], &c);
  nep_scalar_select(&c, &a[0], &c, (unsigned)(a[1].limb[0] & 1));
  nep_share_eval(g, a, 2, 3, &a[0]);
  nep_element_exp_g(g, &x, &c);
  nep_element_exp(g, &y, &x, &a[0]);
  nep_element_mul(g, &y, &x, &y);
  nep_element_div(g, &x, &y, &x);
  nep_element_select(&x, &y, &x, (unsigned)(a[0].limb[0] & 1));
}

/* A trustee's power of a ciphertext. */
static void decryption(const nep_group *g)
{
  nep_scalar x;
  nep_element alpha, factor;
  nep_element_generator(g, &alpha);
  nep_element_mul(g, &alpha, &alpha, &alpha);
  hidden_scalar(g, &x);
  nep_element_exp(g, &factor, &alpha, &x);
}

/* Three that must be reported, or the look at the others means nothing. */
static void planted_branch(const nep_group *g)
{
  nep_scalar s;
  hidden_scalar(g, &s);
  if (s.limb[0] & 1)
    fputs("odd\n", stderr);
}

static void planted_address(const nep_group *g)
{
  static const char table[] = "0123456789abcdef";
  nep_scalar s;
  hidden_scalar(g, &s);
  char digit[2] = {table[s.limb[0] & 15], 0};
  publish(digit, sizeof digit);
  fputs(digit, stderr);
}

/* What the constant-time power is there to replace: its table is read at the secret digit. */
static void planted_power(const nep_group *g)
{
  nep_scalar s;
  nep_element e;
  hidden_scalar(g, &s);
  nep_element_exp_g_var(g, &e, &s);
}

int main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run)(const nep_group *g);
  } cases[] = {{"encryption", encryption},
               {"interval", interval},
               {"blank", blank},
               {"signature", signature},
               {"decryption", decryption},
               {"credential", credential},
               {"arithmetic", arithmetic},
               {"planted-branch", planted_branch},
               {"planted-address", planted_address},
               {"planted-power", planted_power}};
  nep_process_start();
  const nep_group *g = argc == 3 ? nep_group_find(argv[2], strlen(argv[2])) : NULL;
  for (size_t i = 0; g && i < sizeof cases / sizeof cases[0]; i++)
    if (strcmp(argv[1], cases[i].name) == 0) {
      cases[i].run(g);
      return 0;
    }
  fputs("usage: secrets CASE GROUP\n", stderr);
  return 2;
}
