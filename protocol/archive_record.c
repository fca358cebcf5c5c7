/* Records of an archive as bytes: tar header, body, padding (protocol.md §11). */
#include <inttypes.h>
#include <string.h>

#include "crypto/hash.h"
#include "protocol/archive.h"

static void put(char *block, size_t offset, const char *text)
{
  memcpy(block + offset, text, strlen(text));
}

void nep_tar_header(const char *name, uint64_t size, int64_t mtime, char out[NEP_TAR_BLOCK])
{
  char number[32];
  memset(out, 0, NEP_TAR_BLOCK);
  put(out, 0, name);
  put(out, 100, "0000644");
  put(out, 108, "0000000");
  put(out, 116, "0000000");
  snprintf(number, sizeof number, "%011" PRIo64, size);
  put(out, 124, number);
  snprintf(number, sizeof number, "%011" PRIo64, (uint64_t)mtime);
  put(out, 136, number);
  put(out, 148, "        ");
  out[156] = '0';
  unsigned sum = 0;
  for (size_t i = 0; i < NEP_TAR_BLOCK; i++)
    sum += (unsigned char)out[i];
  snprintf(number, sizeof number, "%06o", sum);
  memcpy(out + 148, number, 7); /* the NUL included; the space after it stays */
}

void nep_archive_record(nep_buf *out, const char *name, int64_t timestamp, nep_bytes body)
{
  size_t padding = (NEP_TAR_BLOCK - body.len % NEP_TAR_BLOCK) % NEP_TAR_BLOCK;
  char *at = nep_buf_room(out, NEP_TAR_BLOCK + body.len + padding);
  nep_tar_header(name, body.len, timestamp, at);
  if (body.len > 0)
    memcpy(at + NEP_TAR_BLOCK, body.data, body.len);
  memset(at + NEP_TAR_BLOCK + body.len, 0, padding);
  out->len += NEP_TAR_BLOCK + body.len + padding;
}

static void add_hashed(nep_buf *out, const char *suffix, int64_t timestamp, nep_bytes body,
                       char hash[65])
{
  char hex[65], name[NEP_ARCHIVE_NAME_MAX];
  nep_sha256_hex(body.data, body.len, hex);
  snprintf(name, sizeof name, "%s%s", hex, suffix);
  nep_archive_record(out, name, timestamp, body);
  if (hash)
    memcpy(hash, hex, sizeof hex);
}

void nep_archive_start(nep_buf *out, int64_t timestamp)
{
  char body[64];
  int len = snprintf(body, sizeof body, "{\"version\":1,\"timestamp\":%" PRId64 "}", timestamp);
  nep_archive_record(out, "BELENIOS", timestamp, (nep_bytes){body, (size_t)len});
}

void nep_archive_data(nep_buf *out, int64_t timestamp, nep_bytes body, char hash[65])
{
  add_hashed(out, NEP_DATA_SUFFIX, timestamp, body, hash);
}

void nep_archive_event(nep_buf *out, int64_t timestamp, nep_bytes body, char hash[65])
{
  add_hashed(out, NEP_EVENT_SUFFIX, timestamp, body, hash);
}
