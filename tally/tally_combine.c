/* nep-tally combine: shares of the trustees into the result (protocol.md §10). Each share is
   verified; a missing or invalid one is named, and the tally goes on when the others are enough. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "tally/share.h"
#include "tally/tally_commands.h"

typedef struct share {
  nep_buf object, owned;
  nep_factors *factors;
} share;

typedef struct combination {
  const nep_verified *v;
  share *shares; /* valid ones, to be appended */
  size_t n_shares;
  const nep_factors **factors; /* these and those of the archive */
  size_t n_factors;
} combination;

static void share_free(const nep_election *e, share *s)
{
  nep_factors_free(e, s->factors);
  nep_buf_free(&s->owned);
  nep_buf_free(&s->object);
}

static bool is_present(const combination *c, size_t owner)
{
  for (size_t i = 0; i < c->n_factors; i++)
    if (c->factors[i]->owner == owner)
      return true;
  return false;
}

static nep_status check_share(const combination *c, const char *path, share *s, nep_error *err)
{
  const nep_verified *v = c->v;
  size_t owner = 0;
  char payload[65], hash[65];
  nep_findings f = {0};
  nep_status status = nep_share_read(path, &s->object, &s->owned, err);
  if (status == NEP_OK)
    status = nep_owned_parse(v->trustees, nep_buf_bytes(&s->owned), &owner, payload, err);
  if (status != NEP_OK)
    return status;
  nep_sha256_hex(s->object.data, s->object.len, hash);
  if (strcmp(hash, payload) != 0)
    return nep_fail(err, NEP_E_CHECK, "pd-parse", "owned", "it names another partial decryption");
  if (is_present(c, owner))
    return nep_fail(err, NEP_E_CHECK, "pd-duplicate", "owned", "trustee %zu is there already",
                    owner);
  (void)nep_decryption_verify(v->tally, v->trustees, owner, nep_buf_bytes(&s->object), &s->factors,
                              &f);
  status = nep_findings_status(&f, err);
  nep_findings_free(&f);
  return status;
}

static void take_share(combination *c, const char *path)
{
  share s = {.factors = NULL};
  nep_error err = {0};
  char line[1024];
  if (check_share(c, path, &s, &err) != NEP_OK) {
    printf("refused   %s: %s (%s)\n", path, nep_error_line(&err, line, sizeof line), err.code);
    share_free(c->v->election, &s);
    return;
  }
  printf("accepted  %s: trustee %zu\n", path, s.factors->owner);
  c->shares[c->n_shares++] = s;
  c->factors[c->n_factors++] = s.factors;
}

static int by_owner(const void *a, const void *b)
{
  size_t x = ((const share *)a)->factors->owner, y = ((const share *)b)->factors->owner;
  return (x > y) - (x < y);
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
    nep_bytes data[] = {nep_buf_bytes(&c->shares[i].object), nep_buf_bytes(&c->shares[i].owned)};
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

static nep_status combine(nep_archive *archive, const nep_verified *v, const nep_arguments *a,
                          nep_error *err)
{
  nep_buf result = {0};
  combination c = {.v = v};
  c.shares = nep_alloc(NEP_CLI_VALUES_MAX, sizeof *c.shares);
  c.factors = nep_alloc(NEP_CLI_VALUES_MAX + NEP_OWNERS_MAX, sizeof *c.factors);
  for (size_t i = 0; v->factors && v->factors[i]; i++)
    c.factors[c.n_factors++] = v->factors[i];
  for (size_t i = 1; nep_argument(a, i); i++)
    take_share(&c, nep_argument(a, i));
  name_missing(&c);
  qsort(c.shares, c.n_shares, sizeof *c.shares, by_owner);
  nep_status s = find_result(&c, &result, err);
  if (s == NEP_OK)
    s = append(archive, &c, &result, err);
  for (size_t i = 0; i < c.n_shares; i++)
    share_free(v->election, &c.shares[i]);
  free(c.factors);
  free(c.shares);
  nep_buf_free(&result);
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
