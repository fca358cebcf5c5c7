/* nep-trustee check: the rehearsal. Shows, at any time of an election, that this key opens its
   part: decrypts a test ciphertext made for it and verifies the proof, publishing nothing (A11). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/printable.h"
#include "tally/trustee_commands.h"

/* A tally of the election's shape that holds no ballot: an encryption of 1 with fresh randomness.
 */
static nep_encrypted_tally *test_tally(const nep_election *e)
{
  nep_encrypted_tally *t = nep_tally_new(e);
  for (size_t q = 0; q < e->n_questions; q++) {
    for (size_t i = 0; i < nep_question_choices(&e->questions[q]); i++) {
      nep_scalar r;
      nep_scalar_random(e->group, &r);
      nep_encrypt(e->key, &t->rows[q][i], &r, 1);
      nep_scalar_wipe(&r);
    }
  }
  return t;
}

static nep_status rehearse(const nep_verified *v, const nep_trustee_secret *key, nep_error *err)
{
  nep_buf object = {0}, owned = {0};
  nep_findings f = {0};
  nep_factors *factors = NULL;
  nep_encrypted_tally *t = test_tally(v->election);
  nep_decryption_make(t, v->trustees, key->owner, &key->x, &key->signing_key, &object, &owned);
  (void)nep_decryption_verify(t, v->trustees, key->owner, nep_buf_bytes(&object), &factors, &f);
  nep_status s = nep_findings_status(&f, err);
  nep_factors_free(v->election, factors);
  nep_tally_free(t);
  nep_findings_free(&f);
  nep_buf_wipe(&owned);
  nep_buf_wipe(&object);
  return s;
}

static void say(const nep_verified *v, const nep_trustee_secret *key)
{
  const char *name = v->trustees->owners[key->owner - 1].name;
  char *shown = nep_printable(name ? name : "without a name");
  printf("the archive is valid; this is the key of trustee %zu (%s), and it decrypts\n", key->owner,
         shown);
  free(shown);
}

int nep_trustee_check_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_trustee_secret key = {.owner = 0};
  nep_status s = nep_valid_archive(nep_option(a, "archive"), &v, &err);
  if (s == NEP_OK)
    s = nep_trustee_secret_read(a, v->trustees, &key, &err);
  if (s == NEP_OK)
    s = rehearse(v, &key, &err);
  if (s == NEP_OK)
    say(v, &key);
  nep_wipe(&key, sizeof key);
  nep_verified_free(v);
  return nep_cli_end(s, &err);
}
