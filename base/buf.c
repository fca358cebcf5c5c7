#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void grow(nep_buf *b, size_t more, int secret)
{
  if (more > SIZE_MAX / 4 - b->len)
    abort();
  size_t need = b->len + more + 1;
  if (need <= b->cap)
    return;
  size_t cap = b->cap ? b->cap : 64;
  while (cap < need)
    cap *= 2;
  if (secret && b->data) {
    char *fresh = nep_alloc(cap, 1);
    memcpy(fresh, b->data, b->len);
    nep_wipe(b->data, b->cap);
    free(b->data);
    b->data = fresh;
  } else {
    b->data = nep_realloc(b->data, cap, 1);
  }
  b->cap = cap;
}

static void append(nep_buf *b, const void *data, size_t len, int secret)
{
  grow(b, len, secret);
  if (len)
    memcpy(b->data + b->len, data, len);
  b->len += len;
  b->data[b->len] = '\0';
}

void nep_buf_add(nep_buf *b, const void *data, size_t len)
{
  append(b, data, len, 0);
}

void nep_buf_secret_add(nep_buf *b, const void *data, size_t len)
{
  append(b, data, len, 1);
}

void nep_buf_str(nep_buf *b, const char *text)
{
  append(b, text, strlen(text), 0);
}

void nep_buf_char(nep_buf *b, char c)
{
  append(b, &c, 1, 0);
}

void nep_buf_printf(nep_buf *b, const char *fmt, ...)
{
  va_list args, again;
  va_start(args, fmt);
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, fmt, args);
  va_end(args);
  if (n < 0)
    abort();
  char *to = nep_buf_room(b, (size_t)n);
  vsnprintf(to, (size_t)n + 1, fmt, again);
  va_end(again);
  b->len += (size_t)n;
}

char *nep_buf_room(nep_buf *b, size_t more)
{
  grow(b, more, 0);
  return b->data + b->len;
}

void nep_buf_clear(nep_buf *b)
{
  b->len = 0;
  if (b->data)
    b->data[0] = '\0';
}

void nep_buf_free(nep_buf *b)
{
  if (!b)
    return;
  free(b->data);
  *b = (nep_buf){0};
}

void nep_buf_wipe(nep_buf *b)
{
  if (!b)
    return;
  if (b->data)
    nep_wipe(b->data, b->cap);
  nep_buf_free(b);
}

char *nep_buf_take(nep_buf *b, size_t *len)
{
  grow(b, 0, 0);
  b->data[b->len] = '\0';
  char *data = b->data;
  if (len)
    *len = b->len;
  *b = (nep_buf){0};
  return data;
}

nep_bytes nep_buf_bytes(const nep_buf *b)
{
  return (nep_bytes){b->data ? b->data : "", b->len};
}

nep_bytes nep_str_bytes(const char *text)
{
  return (nep_bytes){text, strlen(text)};
}

bool nep_bytes_equal(nep_bytes a, nep_bytes b)
{
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
