/* Parameters of prepared statements, arrays in PostgreSQL's binary form. */
#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#include "server/db/statement.h"

enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

static int add(nep_params *p, const char *value, size_t len, int format)
{
  assert(p->n < NEP_PARAMS_MAX);
  p->values[p->n] = value;
  p->lengths[p->n] = (int)len;
  p->formats[p->n] = format;
  return p->n++;
}

static void add_owned(nep_params *p, nep_buf *value, int format)
{
  int at = add(p, value->data, value->len, format);
  p->owned[at] = *value;
}

void nep_param_text(nep_params *p, const char *text)
{
  add(p, text, text == NULL ? 0 : strlen(text), 0);
}

void nep_param_bytes(nep_params *p, nep_bytes bytes)
{
  add(p, bytes.data == NULL ? "" : bytes.data, bytes.len, 1);
}

void nep_param_int(nep_params *p, int64_t value)
{
  nep_buf text = {0};
  nep_buf_printf(&text, "%lld", (long long)value);
  add_owned(p, &text, 0);
}

void nep_param_time(nep_params *p, int64_t seconds)
{
  nep_param_int(p, seconds);
}

static void put32(nep_buf *out, uint32_t value)
{
  uint32_t net = htonl(value);
  nep_buf_add(out, &net, sizeof net);
}

/* One dimension, no NULLs, lower bound 1. */
static void start_array(nep_buf *out, uint32_t oid, size_t n)
{
  put32(out, n == 0 ? 0 : 1);
  put32(out, 0);
  put32(out, oid);
  if (n == 0)
    return;
  put32(out, (uint32_t)n);
  put32(out, 1);
}

static void put_entry(nep_buf *out, const void *data, size_t len)
{
  put32(out, (uint32_t)len);
  nep_buf_add(out, data, len);
}

void nep_param_texts(nep_params *p, const char *const *texts, size_t n)
{
  nep_buf array = {0};
  start_array(&array, OID_TEXT, n);
  for (size_t i = 0; i < n; i++)
    put_entry(&array, texts[i], strlen(texts[i]));
  add_owned(p, &array, 1);
}

void nep_param_blobs(nep_params *p, const nep_bytes *blobs, size_t n)
{
  nep_buf array = {0};
  start_array(&array, OID_BYTEA, n);
  for (size_t i = 0; i < n; i++)
    put_entry(&array, blobs[i].data, blobs[i].len);
  add_owned(p, &array, 1);
}

void nep_param_ints(nep_params *p, const int64_t *values, size_t n)
{
  nep_buf array = {0};
  start_array(&array, OID_INT8, n);
  for (size_t i = 0; i < n; i++) {
    uint32_t halves[2] = {htonl((uint32_t)((uint64_t)values[i] >> 32)),
                          htonl((uint32_t)((uint64_t)values[i] & UINT32_MAX))};
    put_entry(&array, halves, sizeof halves);
  }
  add_owned(p, &array, 1);
}
