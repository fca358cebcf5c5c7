#include "server/service/additions.h"

#include <string.h>

typedef struct found {
  nep_buf *text;
  char *hash;
  size_t n;
} found;

static nep_status keep(void *ctx, nep_bytes body, const char *hash, nep_error *err)
{
  found *f = ctx;
  (void)err;
  nep_buf_add(f->text, body.data, body.len);
  memcpy(f->hash, hash, 65);
  f->n++;
  return NEP_OK;
}

nep_status nep_addition_text(nep_db *db, const char *uuid, const char *kind, nep_buf *text,
                             char hash[65], nep_error *err)
{
  found f = {.text = text, .hash = hash};
  nep_status st = nep_db_additions_list(db, uuid, kind, keep, &f, err);
  if (st == NEP_OK && f.n != 1)
    st = nep_fail(err, NEP_E_NOT_FOUND, "document", kind, "the election has none");
  return st;
}

nep_status nep_trust_of(nep_db *db, const char *uuid, nep_trust **out, nep_error *err)
{
  nep_buf text = {0};
  char hash[65];
  *out = NULL;
  nep_status st = nep_addition_text(db, uuid, NEP_ADDITION_TRUST, &text, hash, err);
  if (st == NEP_OK) {
    st = nep_trust_parse(nep_buf_bytes(&text), out, err);
    if (st != NEP_OK)
      st = nep_inside(err, NEP_E_INTERNAL, "stored trust file of %s", uuid);
  }
  nep_buf_free(&text);
  return st;
}

typedef struct wanted {
  const char *uuid;
  nep_trust *trust;
} wanted;

static nep_status read_one(nep_db *db, void *ctx, nep_error *err)
{
  wanted *w = ctx;
  nep_trust_free(w->trust);
  return nep_trust_of(db, w->uuid, &w->trust, err);
}

nep_status nep_trust_from(nep_pool *pool, const char *uuid, nep_trust **out, nep_error *err)
{
  wanted w = {.uuid = uuid};
  nep_status st = nep_db_transaction(pool, true, read_one, &w, err);
  *out = w.trust;
  return st;
}
