/* Reading a tallied election back from its stored records. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/service/recount.h"

typedef struct texts {
  const char *uuid;
  nep_buf trustees, tally, sized;
  nep_buf *objects; /* the partial decryptions */
  nep_buf *owned;
  size_t n_objects, n_owned;
} texts;

static void append_copy(nep_buf **list, size_t *n, nep_bytes body)
{
  *list = nep_realloc(*list, *n + 1, sizeof **list);
  (*list)[*n] = (nep_buf){0};
  nep_buf_add(&(*list)[(*n)++], body.data, body.len);
}

static nep_status add_object(void *ctx, nep_bytes body, const char *hash, nep_error *err)
{
  texts *t = ctx;
  (void)hash;
  (void)err;
  append_copy(&t->objects, &t->n_objects, body);
  return NEP_OK;
}

static nep_status add_owned(void *ctx, nep_bytes body, const char *hash, nep_error *err)
{
  texts *t = ctx;
  (void)hash;
  (void)err;
  append_copy(&t->owned, &t->n_owned, body);
  return NEP_OK;
}

static void clear(texts *t)
{
  for (size_t i = 0; i < t->n_objects; i++)
    nep_buf_free(&t->objects[i]);
  for (size_t i = 0; i < t->n_owned; i++)
    nep_buf_free(&t->owned[i]);
  free(t->objects);
  free(t->owned);
  t->objects = t->owned = NULL;
  t->n_objects = t->n_owned = 0;
  nep_buf_free(&t->trustees);
  nep_buf_free(&t->tally);
  nep_buf_free(&t->sized);
}

static nep_status read_texts(nep_db *db, void *ctx, nep_error *err)
{
  texts *t = ctx;
  char hash[65];
  clear(t);
  nep_status st = nep_db_data_get(db, t->uuid, NEP_DATA_TRUSTEES, &t->trustees, hash, err);
  if (st == NEP_OK)
    st = nep_db_data_get(db, t->uuid, NEP_DATA_TALLY, &t->tally, hash, err);
  if (st == NEP_OK)
    st = nep_db_data_get(db, t->uuid, NEP_DATA_SIZED, &t->sized, hash, err);
  if (st == NEP_OK)
    st = nep_db_data_list(db, t->uuid, NEP_DATA_DECRYPTION, add_object, t, err);
  if (st == NEP_OK)
    st = nep_db_data_list(db, t->uuid, NEP_DATA_OWNED, add_owned, t, err);
  return st;
}

/* Verified before they were stored, and once more: a result rests on nothing unverified. */
static nep_status parse_factors(const texts *x, nep_tallied *t, nep_error *err)
{
  nep_findings findings = {0};
  nep_status st = NEP_OK;
  t->factors = nep_alloc(x->n_objects + 1, sizeof(nep_factors *));
  for (size_t i = 0; st == NEP_OK && i < x->n_objects && i < x->n_owned; i++) {
    size_t owner = 0;
    char payload[65];
    st = nep_owned_parse(t->trustees, nep_buf_bytes(&x->owned[i]), &owner, payload, err);
    if (st != NEP_OK)
      break;
    if (!nep_decryption_verify(t->tally, t->trustees, owner, nep_buf_bytes(&x->objects[i]),
                               &t->factors[i], &findings))
      st = nep_findings_status(&findings, err);
    t->n_factors = i + 1;
  }
  nep_findings_free(&findings);
  return st;
}

static nep_status parse(const texts *x, nep_tallied *t, nep_error *err)
{
  nep_findings findings = {0};
  uint64_t num = 0;
  char hash[65];
  const nep_election *e = t->setup->election;
  nep_trustees_verify(e->group, nep_buf_bytes(&x->trustees), &t->trustees, &findings);
  nep_status st = nep_findings_status(&findings, err);
  nep_findings_free(&findings);
  if (st == NEP_OK)
    st = nep_tally_parse(e, nep_buf_bytes(&x->tally), &t->tally, err);
  if (st == NEP_OK)
    st = nep_sized_parse(nep_buf_bytes(&x->sized), &num, &t->total_weight, hash, err);
  if (st == NEP_OK)
    st = parse_factors(x, t, err);
  return st == NEP_OK ? st : nep_inside(err, NEP_E_INTERNAL, "stored tally");
}

nep_status nep_tallied_read(nep_service *s, const char *uuid, nep_tallied *t, nep_error *err)
{
  texts x = {.uuid = uuid};
  *t = (nep_tallied){0};
  nep_status st = nep_setup_take(s, uuid, &t->setup, err);
  if (st == NEP_OK)
    st = nep_db_transaction(s->board, true, read_texts, &x, err);
  if (st == NEP_OK)
    st = parse(&x, t, err);
  clear(&x);
  return st;
}

void nep_tallied_free(nep_service *s, nep_tallied *t)
{
  for (size_t i = 0; i < t->n_factors; i++)
    if (t->factors[i] != NULL)
      nep_factors_free(t->setup->election, t->factors[i]);
  free(t->factors);
  nep_tally_free(t->tally);
  nep_trustees_free(t->trustees);
  nep_setup_give(s, t->setup);
}
