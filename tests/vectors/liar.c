/* A trustee who lies (A2), for a2_lying_trustee.py; what it does is in
   tests/support/lying_trustee.h. liar ballot ARCHIVE CREDENTIAL OWNER ANSWER STATE: prints the
   ballot that must be the last one; the liar has not voted before. Choices: the first answer of
   each question. liar decrypt ARCHIVE KEY STATE: prints its share, {"decryption","owned","proof"},
   the second proof made with its true key for the factors that it claims. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "protocol/ceremony.h"
#include "protocol/verify.h"
#include "records/decryption_proof.h"
#include "tests/support/lying_trustee.h"

static void must(nep_status status, const nep_error *err)
{
  if (status == NEP_OK)
    return;
  fprintf(stderr, "liar: %s: %s\n", err->where, err->reason);
  exit(2);
}

static nep_verified *look(const char *path)
{
  nep_verify_options options = {.jobs = 1};
  nep_verified *v = NULL;
  nep_error err = {0};
  must(nep_verify_archive(path, &options, &v, &err), &err);
  if (!nep_verified_is_valid(v))
    exit(2);
  return v;
}

static nep_buf line_of(const char *path)
{
  nep_buf text = {0};
  nep_error err = {0};
  must(nep_file_read(path, 4096, &text, &err), &err);
  text.len = strcspn(text.data, "\n");
  text.data[text.len] = '\0';
  return text;
}

/* "w b challenge owner answer" */
static void keep(const nep_group *g, const char *path, const liar *l)
{
  char text[3][NEP_SCALAR_TEXT_MAX];
  nep_buf line = {0};
  nep_error err = {0};
  nep_scalar_text(g, &l->w, text[0]);
  nep_scalar_text(g, &l->b, text[1]);
  nep_scalar_text(g, &l->challenge, text[2]);
  nep_buf_printf(&line, "%s %s %s %zu %zu\n", text[0], text[1], text[2], l->owner, l->answer);
  must(nep_file_create(path, line.data, line.len, NEP_FILE_SECRET, &err), &err);
  nep_buf_free(&line);
}

static void recall(const nep_group *g, const char *path, liar *l)
{
  nep_scalar *const scalars[] = {&l->w, &l->b, &l->challenge};
  nep_buf line = line_of(path);
  nep_error err = {0};
  char *rest = NULL, *word = strtok_r(line.data, " ", &rest);
  for (size_t i = 0; i < 3; i++, word = strtok_r(NULL, " ", &rest))
    must(nep_scalar_parse(g, scalars[i], word, strlen(word), &err), &err);
  l->owner = strtoul(word, NULL, 10);
  l->answer = strtoul(strtok_r(NULL, " ", &rest), NULL, 10);
  nep_buf_free(&line);
}

static void ballot(char **a)
{
  nep_verified *v = look(a[0]);
  nep_buf credential = line_of(a[1]), out = {0};
  nep_choice *choices = nep_alloc(v->election->n_questions, sizeof *choices);
  liar l;
  for (size_t q = 0; q < v->election->n_questions; q++)
    choices[q].chosen[0] = 1;
  liar_commit(v->tally, v->trustees, strtoul(a[2], NULL, 10), strtoul(a[3], NULL, 10), &l);
  keep(v->election->group, a[4], &l);
  liar_ballot(v->election, &l, credential.data, choices, &out);
  puts(out.data);
  free(choices);
  nep_buf_free(&out);
  nep_buf_free(&credential);
  nep_verified_free(v);
}

static void print_member(const char *name, const nep_buf *text)
{
  nep_buf out = {0};
  nep_json_write_string(&out, text->data, text->len);
  printf("%s\"%s\":%s", strcmp(name, "decryption") == 0 ? "{" : ",", name, out.data);
  nep_buf_free(&out);
}

static void decrypt(char **a)
{
  nep_verified *v = look(a[0]);
  nep_buf seed = line_of(a[1]), object = {0}, owned = {0}, proof = {0};
  nep_scalar x, signing;
  nep_factors *f = NULL;
  nep_findings findings = {0};
  nep_error err = {0};
  size_t owner = 0;
  liar l;
  must(nep_trustee_key(v->trustees, seed.data, (nep_bytes){NULL, 0}, &x, &signing, &owner, &err),
       &err);
  recall(v->election->group, a[2], &l);
  liar_decrypt(v->tally, v->trustees, &l, &x, &signing, &object, &owned);
  /* The archive's own proof must hold, or it would not be the attack. */
  if (!nep_decryption_verify(v->tally, v->trustees, owner, nep_buf_bytes(&object), &f, &findings))
    exit(2);
  nep_decryption_proof_make(v->tally, v->trustees, f, &x, &proof);
  print_member("decryption", &object);
  print_member("owned", &owned);
  print_member("proof", &proof);
  puts("}");
  nep_factors_free(v->election, f);
  nep_findings_free(&findings);
  nep_buf_free(&proof);
  nep_buf_free(&owned);
  nep_buf_free(&object);
  nep_buf_free(&seed);
  nep_verified_free(v);
}

int main(int argc, char **argv)
{
  nep_process_start();
  if (argc == 7 && strcmp(argv[1], "ballot") == 0)
    ballot(&argv[2]);
  else if (argc == 5 && strcmp(argv[1], "decrypt") == 0)
    decrypt(&argv[2]);
  else
    return 2;
  return 0;
}
