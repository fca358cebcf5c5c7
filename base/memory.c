#include "base/memory.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *need(void *p)
{
  if (!p) {
    fputs("out of memory\n", stderr);
    abort();
  }
  return p;
}

void *nep_alloc(size_t count, size_t size)
{
  return need(calloc(count ? count : 1, size ? size : 1));
}

void *nep_realloc(void *old, size_t count, size_t size)
{
  return need(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *nep_strdup(const char *text)
{
  return need(strdup(text));
}

char *nep_strdup_optional(const char *text)
{
  return text == NULL ? NULL : nep_strdup(text);
}

char *nep_strndup(const char *text, size_t len)
{
  char *copy = nep_alloc(len + 1, 1);
  memcpy(copy, text, len);
  return copy;
}

char *nep_sprintf(const char *fmt, ...)
{
  va_list args;
  char *text = NULL;
  va_start(args, fmt);
  int n = vasprintf(&text, fmt, args);
  va_end(args);
  return need(n < 0 ? NULL : text);
}

void *nep_secret_alloc(size_t size)
{
  void *p = need(sodium_malloc(size ? size : 1));
  memset(p, 0, size);
  return p;
}

void nep_secret_free(void *secret)
{
  sodium_free(secret);
}

void nep_wipe(void *data, size_t size)
{
  if (size)
    sodium_memzero(data, size);
}

void nep_free_string(char *secret)
{
  if (!secret)
    return;
  nep_wipe(secret, strlen(secret));
  free(secret);
}

int nep_equal_secret(const void *a, const void *b, size_t size)
{
  return sodium_memcmp(a, b, size) == 0;
}
