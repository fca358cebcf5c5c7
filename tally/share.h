/* The file in which a partial decryption travels: {"decryption":"<object>","owned":"<owned>",
   "proof":"<second proof>"}, all texts as strings, so that their bytes stay as they are. It is also
   the body of an upload. Without "proof" it is a share of an older version: what the second proof
   (records/decryption_proof.h) rules out is then not ruled out. */
#ifndef NEP_TALLY_SHARE_H
#define NEP_TALLY_SHARE_H

#include "protocol/json.h"

enum { NEP_SHARE_MAX = 64 << 20 };

typedef struct nep_share {
  nep_buf object, owned;
  nep_buf proof; /* empty: there is none */
} nep_share;

void nep_share_write(nep_bytes object, nep_bytes owned, nep_bytes proof, nep_buf *out);
/* *out is to be freed in either case. */
NEP_MUST_USE nep_status nep_share_read(const char *path, nep_share *out, nep_error *err);
void nep_share_free(nep_share *s);

#endif
