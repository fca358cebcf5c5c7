/* A growing byte buffer. Zero-initialise (`nep_buf b = {0};`), append, nep_buf_free. */
#ifndef NEP_BASE_BUF_H
#define NEP_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Borrowed bytes: somebody else owns them. Text is not NUL-terminated unless said. */
typedef struct nep_bytes {
  const char *data;
  size_t len;
} nep_bytes;

typedef struct nep_buf {
  char *data; /* NUL-terminated after each append (the NUL is not counted in len) */
  size_t len;
  size_t cap;
} nep_buf;

void nep_buf_add(nep_buf *b, const void *data, size_t len);
void nep_buf_str(nep_buf *b, const char *text);
void nep_buf_char(nep_buf *b, char c);
void nep_buf_printf(nep_buf *b, const char *fmt, ...) NEP_PRINTF(2, 3);

/* Makes room for `more` bytes and returns where they go; then add to b->len what was written. */
char *nep_buf_room(nep_buf *b, size_t more);

/* len = 0, memory kept. */
void nep_buf_clear(nep_buf *b);

/* Frees and zeroes the struct; NULL allowed. _wipe also wipes the bytes (growth wipes old copies
   only when the buffer was filled through nep_buf_secret_add). */
void nep_buf_free(nep_buf *b);
void nep_buf_wipe(nep_buf *b);

/* Like nep_buf_add, for secrets: when the buffer moves, the old copy is wiped. End with
 * nep_buf_wipe. */
void nep_buf_secret_add(nep_buf *b, const void *data, size_t len);

/* Hands the text over to the caller (free()) and zeroes the struct; never NULL. */
char *nep_buf_take(nep_buf *b, size_t *len);

nep_bytes nep_buf_bytes(const nep_buf *b);
nep_bytes nep_str_bytes(const char *text);
bool nep_bytes_equal(nep_bytes a, nep_bytes b); /* of public bytes */

#endif
