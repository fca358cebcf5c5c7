/* Which bytes a verdict is about: their number, their hash, and the hash of the last of them. */
#ifndef NEP_PROTOCOL_FILE_IDENTITY_H
#define NEP_PROTOCOL_FILE_IDENTITY_H

#include <stdint.h>

#include "base/status.h"
#include "crypto/hash.h"

enum { NEP_TAIL_BYTES = 1024 }; /* the record of an archive's last event lies in them */

typedef struct nep_file_identity {
  uint64_t size;
  char sha256[65]; /* of all bytes */
  char tail[65];   /* SHA-256 of the last NEP_TAIL_BYTES, or of all when there are fewer */
} nep_file_identity;

/* The bytes of a file as they are read, in order. */
typedef struct nep_bytes_read {
  nep_sha256 hash; /* of all so far */
  uint64_t n;
  char end[NEP_TAIL_BYTES]; /* the last ones, right-aligned */
} nep_bytes_read;

void nep_bytes_read_start(nep_bytes_read *b);
void nep_bytes_read_add(nep_bytes_read *b, const char *data, size_t len);
void nep_bytes_read_identity(const nep_bytes_read *b, nep_file_identity *out);

/* Reads the whole file. `progress`, which may be NULL, is told how many bytes were read. NEP_E_IO
 */
NEP_MUST_USE nep_status nep_file_identify(const char *path, void (*progress)(void *ctx, uint64_t n),
                                          void *ctx, nep_file_identity *out, nep_error *err);

#endif
