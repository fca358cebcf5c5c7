#include "protocol/file_identity.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"

enum { CHUNK = 1 << 16 };

void nep_bytes_read_start(nep_bytes_read *b)
{
  memset(b, 0, sizeof *b);
  nep_sha256_start(&b->hash);
}

void nep_bytes_read_add(nep_bytes_read *b, const char *data, size_t len)
{
  nep_sha256_add(&b->hash, data, len);
  b->n += len;
  size_t last = len < NEP_TAIL_BYTES ? len : NEP_TAIL_BYTES;
  memmove(b->end, b->end + last, NEP_TAIL_BYTES - last);
  memcpy(b->end + NEP_TAIL_BYTES - last, data + len - last, last);
}

void nep_bytes_read_identity(const nep_bytes_read *b, nep_file_identity *out)
{
  uint8_t sha256[32];
  nep_sha256 all = b->hash;
  size_t last = b->n < NEP_TAIL_BYTES ? (size_t)b->n : NEP_TAIL_BYTES;
  out->size = b->n;
  nep_sha256_end(&all, sha256);
  nep_hex(sha256, sizeof sha256, out->sha256);
  nep_sha256_hex(b->end + NEP_TAIL_BYTES - last, last, out->tail);
}

nep_status nep_file_identify(const char *path, void (*progress)(void *ctx, uint64_t n), void *ctx,
                             nep_file_identity *out, nep_error *err)
{
  char *chunk = nep_alloc(1, CHUNK);
  nep_bytes_read read;
  nep_status s = NEP_OK;
  FILE *file = fopen(path, "rbe");
  nep_bytes_read_start(&read);
  for (size_t n; file && (n = fread(chunk, 1, CHUNK, file)) > 0;) {
    nep_bytes_read_add(&read, chunk, n);
    if (progress)
      progress(ctx, n);
  }
  if (!file || ferror(file))
    s = nep_fail(err, NEP_E_IO, "read", path, "%s", strerror(errno));
  nep_bytes_read_identity(&read, out);
  if (file)
    fclose(file);
  free(chunk);
  return s;
}
