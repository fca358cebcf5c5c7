#include "server/service/envelopes.h"

#include "crypto/hash.h"
#include "protocol/json.h"

nep_status nep_envelopes_read(const json_t *body, const char *field, nep_envelopes *out,
                              nep_error *err)
{
  nep_status st = nep_envelopes_add_all(out, json_object_get(body, field), err);
  return st == NEP_OK ? st : nep_inside(err, st, "%s", field);
}

static nep_status count_one(void *ctx, nep_bytes body, const char *hash, nep_error *err)
{
  int64_t *n = ctx;
  (void)body;
  (void)hash;
  (void)err;
  (*n)++;
  return NEP_OK;
}

nep_status nep_envelopes_store(nep_db *db, const char *uuid, const char *kind,
                               const nep_envelopes *list, nep_error *err)
{
  int64_t stored = 0;
  nep_status st = nep_db_additions_list(db, uuid, kind, count_one, &stored, err);
  for (size_t i = 0; st == NEP_OK && i < list->n; i++)
    st = nep_db_addition_insert(db, uuid, kind, stored + (int64_t)i, list->texts[i], err);
  return st;
}

typedef struct joined {
  nep_buf *out;
  size_t n;
} joined;

static nep_status join(void *ctx, nep_bytes body, const char *hash, nep_error *err)
{
  joined *j = ctx;
  (void)hash;
  (void)err;
  if (j->n++ > 0)
    nep_buf_char(j->out, ',');
  nep_buf_add(j->out, body.data, body.len);
  return NEP_OK;
}

nep_status nep_envelopes_text(nep_db *db, const char *uuid, const char *kind, nep_buf *out,
                              char hash[65], nep_error *err)
{
  joined j = {.out = out};
  size_t start = out->len;
  nep_buf_char(out, '[');
  nep_status st = nep_db_additions_list(db, uuid, kind, join, &j, err);
  nep_buf_char(out, ']');
  nep_sha256_hex(out->data + start, out->len - start, hash);
  return st;
}
