/* nep-tally combine: shares of the trustees into the result (protocol.md §10). Each share is
   verified, with its second proof (A2); a missing or invalid one is named, and the tally goes on
   when the others are enough. The second proofs go to the file beside the archive, before the
   archive itself grows: there is no moment at which it holds a decryption without its proof. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/printable.h"
#include "crypto/hash.h"
#include "records/decryption_proof.h"
#include "tally/proofs_file.h"
#include "tally/share.h"
#include "tally/tally_commands.h"

typedef struct share {
  nep_share text;
  nep_factors *factors;
} share;

typedef struct combination {
  const nep_verified *v;
  bool unproven; /* shares and decryptions without a second proof are taken, and named */
  share *shares; /* valid ones, to be appended */
  size_t n_shares;
  const nep_factors **factors; /* these and those of the archive */
  size_t n_factors;
  nep_buf proofs[NEP_OWNERS_MAX]; /* by owner from 0: texts of verified second proofs */
} combination;

static void share_free(const nep_election *e, share *s)
{
  nep_factors_free(e, s->factors);
  nep_share_free(&s->text);
}

static bool is_present(const combination *c, size_t owner)
{
  for (size_t i = 0; i < c->n_factors; i++)
    if (c->factors[i]->owner == owner)
      return true;
  return false;
}

/* ---- shares ---- */

static nep_status check_proof(const combination *c, const share *s, nep_error *err)
{
  nep_bytes proof = nep_buf_bytes(&s->text.proof);
  if (proof.len > 0)
    return nep_decryption_proof_verify(c->v->tally, c->v->trustees, s->factors, proof, err);
  if (c->unproven)
    return NEP_OK;
  return nep_decryption_proof_missing(c->v->trustees, s->factors->owner, err);
}

static nep_status check_share(const combination *c, const char *path, share *s, nep_error *err)
{
  const nep_verified *v = c->v;
  size_t owner = 0;
  char payload[65], hash[65];
  nep_findings f = {0};
  nep_status status = nep_share_read(path, &s->text, err);
  if (status == NEP_OK)
    status = nep_owned_parse(v->trustees, nep_buf_bytes(&s->text.owned), &owner, payload, err);
  if (status != NEP_OK)
    return status;
  nep_sha256_hex(s->text.object.data, s->text.object.len, hash);
  if (strcmp(hash, payload) != 0)
    return nep_fail(err, NEP_E_CHECK, "pd-parse", "owned", "it names another partial decryption");
  if (is_present(c, owner))
    return nep_fail(err, NEP_E_CHECK, "pd-duplicate", "owned", "trustee %zu is there already",
                    owner);
  (void)nep_decryption_verify(v->tally, v->trustees, owner, nep_buf_bytes(&s->text.object),
                              &s->factors, &f);
  status = nep_findings_status(&f, err);
  nep_findings_free(&f);
  return status == NEP_OK ? check_proof(c, s, err) : status;
}

static void take_share(combination *c, const char *path)
{
  share s = {.factors = NULL};
  nep_error err = {0};
  char line[1024];
  if (check_share(c, path, &s, &err) != NEP_OK) {
    char *shown = nep_printable(nep_error_line(&err, line, sizeof line));
    printf("refused   %s: %s (%s)\n", path, shown, err.code);
    free(shown);
    share_free(c->v->election, &s);
    return;
  }
  printf("accepted  %s: trustee %zu\n", path, s.factors->owner);
  nep_buf_add(&c->proofs[s.factors->owner - 1], s.text.proof.data, s.text.proof.len);
  c->shares[c->n_shares++] = s;
  c->factors[c->n_factors++] = s.factors;
}

/* ---- what is there already ---- */

static nep_status take_present(combination *c, const json_t *all, nep_error *err)
{
  const nep_verified *v = c->v;
  for (size_t i = 0; v->factors && v->factors[i]; i++) {
    nep_buf *proof = &c->proofs[v->factors[i]->owner - 1];
    nep_status s = nep_proofs_check(v, all, v->factors[i], proof, err);
    if (s != NEP_OK && !(c->unproven && strcmp(err->code, "decryption-proof-missing") == 0))
      return nep_advise(err, "give the proofs that stand beside this archive with --proofs");
    c->factors[c->n_factors++] = v->factors[i];
  }
  *err = (nep_error){0};
  return NEP_OK;
}

static nep_status read_present(combination *c, const nep_arguments *a, nep_error *err)
{
  json_t *all = json_array();
  nep_status s = nep_proofs_read(a, nep_argument(a, 0), c->v->election, all, err);
  if (s == NEP_OK)
    s = take_present(c, all, err);
  json_decref(all);
  return s;
}

/* Proofs of exactly the decryptions that the archive will hold; others that the file had are of
   decryptions that were never appended, and go. Without any proof the file stays as it is. */
static nep_status write_proofs(const combination *c, const nep_arguments *a, nep_error *err)
{
  nep_buf text = {0};
  size_t n = 0;
  nep_buf_char(&text, '[');
  for (size_t i = 0; i < c->v->trustees->n_owners; i++) {
    if (c->proofs[i].len == 0)
      continue;
    nep_buf_str(&text, n++ > 0 ? "," : "");
    nep_buf_add(&text, c->proofs[i].data, c->proofs[i].len);
  }
  nep_buf_str(&text, "]\n");
  char *path = nep_proofs_path(a, nep_argument(a, 0));
  nep_status s = n == 0 ? NEP_OK : nep_file_write(path, text.data, text.len, NEP_FILE_PUBLIC, err);
  free(path);
  nep_buf_free(&text);
  return s;
}

/* ---- the result ---- */

static int by_owner(const void *a, const void *b)
{
  size_t x = ((const share *)a)->factors->owner, y = ((const share *)b)->factors->owner;
  return (x > y) - (x < y);
}

static void name_unproven(const combination *c)
{
  for (size_t i = 0; i < c->n_factors; i++)
    if (c->proofs[c->factors[i]->owner - 1].len == 0)
      printf(
          "unproven  trustee %zu: without a second proof it could have shifted the result with a "
          "last ballot of its own\n",
          c->factors[i]->owner);
}

static void name_missing(const combination *c)
{
  const nep_trustees *t = c->v->trustees;
  for (size_t owner = 1; owner <= t->n_owners; owner++) {
    const char *name = t->owners[owner - 1].name;
    char *shown = nep_printable(name ? name : "without a name");
    if (!is_present(c, owner))
      printf("missing   trustee %zu (%s)\n", owner, shown);
    free(shown);
  }
}

/* The result text; what was found is verified like a stranger's. */
static nep_status find_result(const combination *c, nep_buf *text, nep_error *err)
{
  const nep_verified *v = c->v;
  nep_element **products = NULL;
  nep_result *result = NULL;
  nep_findings f = {0};
  nep_status s =
      nep_factors_combine(v->trustees, v->election, c->factors, c->n_factors, &products, err);
  if (s == NEP_OK)
    s = nep_result_compute(v->tally, products, v->tally->total_weight, &result, err);
  if (s == NEP_OK) {
    nep_result_verify(v->tally, products, v->tally->total_weight, result, &f);
    s = nep_findings_status(&f, err);
  }
  if (s == NEP_OK)
    nep_result_write(v->election, result, text);
  nep_findings_free(&f);
  nep_result_free(v->election, result);
  nep_products_free(v->election, products);
  return s;
}

static nep_status append(nep_archive *archive, const combination *c, const nep_buf *result,
                         nep_error *err)
{
  nep_status s = NEP_OK;
  nep_archive_mark(archive);
  for (size_t i = 0; s == NEP_OK && i < c->n_shares; i++) {
    nep_bytes data[] = {nep_buf_bytes(&c->shares[i].text.object),
                        nep_buf_bytes(&c->shares[i].text.owned)};
    s = nep_archive_append(archive, NEP_EVENT_PARTIAL_DECRYPTION, data, 2, err);
  }
  nep_bytes data = nep_buf_bytes(result);
  if (s == NEP_OK)
    s = nep_archive_append(archive, NEP_EVENT_RESULT, &data, 1, err);
  if (s == NEP_OK)
    printf("%s\n", result->data);
  else
    (void)!nep_archive_rollback(archive, NULL); /* the first error is the one to tell */
  return s;
}

static nep_status combine_all(nep_archive *archive, combination *c, const nep_arguments *a,
                              nep_error *err)
{
  nep_buf result = {0};
  nep_status s = read_present(c, a, err);
  if (s != NEP_OK)
    return s;
  for (size_t i = 1; nep_argument(a, i); i++)
    take_share(c, nep_argument(a, i));
  name_missing(c);
  name_unproven(c);
  qsort(c->shares, c->n_shares, sizeof *c->shares, by_owner);
  s = find_result(c, &result, err);
  if (s == NEP_OK)
    s = write_proofs(c, a, err);
  if (s == NEP_OK)
    s = append(archive, c, &result, err);
  nep_buf_free(&result);
  return s;
}

static nep_status combine(nep_archive *archive, const nep_verified *v, const nep_arguments *a,
                          nep_error *err)
{
  combination *c = nep_alloc(1, sizeof *c);
  c->v = v;
  c->unproven = nep_option(a, "accept-unproven") != NULL;
  c->shares = nep_alloc(NEP_CLI_VALUES_MAX, sizeof *c->shares);
  c->factors = nep_alloc(NEP_CLI_VALUES_MAX + NEP_OWNERS_MAX, sizeof *c->factors);
  nep_status s = combine_all(archive, c, a, err);
  for (size_t i = 0; i < c->n_shares; i++)
    share_free(v->election, &c->shares[i]);
  for (size_t i = 0; i < NEP_OWNERS_MAX; i++)
    nep_buf_free(&c->proofs[i]);
  free(c->factors);
  free(c->shares);
  free(c);
  return s;
}

int nep_tally_combine_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_archive *archive = NULL;
  nep_verified *v = NULL;
  nep_status s =
      nep_open_verified(nep_argument(a, 0), NEP_EVENT_PARTIAL_DECRYPTION, &archive, &v, &err);
  if (s == NEP_OK)
    s = combine(archive, v, a, &err);
  nep_verified_free(v);
  nep_archive_close(archive);
  return nep_cli_end(s, &err);
}
