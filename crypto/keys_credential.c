#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/tags.h"

/* protocol.md §8: blocks of 5, 6, 5 and 6 characters. */
static const size_t BLOCKS[] = {5, 6, 5, 6};
enum { BLOCK_COUNT = sizeof BLOCKS / sizeof BLOCKS[0] };

bool nep_credential_is_valid(const char *credential, size_t len)
{
  if (len != NEP_CREDENTIAL_LENGTH)
    return false;
  for (size_t i = 0; i < BLOCK_COUNT; i++) {
    if (i > 0 && *credential++ != '-')
      return false;
    if (!nep_is_base58(credential, BLOCKS[i]))
      return false;
    credential += BLOCKS[i];
  }
  return true;
}

void nep_credential_new(char out[NEP_CREDENTIAL_LENGTH + 1])
{
  for (size_t i = 0; i < BLOCK_COUNT; i++) {
    if (i > 0)
      *out++ = '-';
    nep_random_base58(out, BLOCKS[i]);
    out += BLOCKS[i];
  }
}

/* HashToField("BELENIOS-V2-derive_credential", uuid || "|" || credential with its dashes, 1) */
void nep_credential_key(const nep_group *g, const char *uuid, const char *credential,
                        nep_scalar *key)
{
  nep_buf message = {0};
  nep_buf_str(&message, uuid);
  nep_buf_char(&message, '|');
  nep_buf_secret_add(&message, credential, strlen(credential));
  nep_hash_to_field(g, NEP_TAG_DERIVE_CREDENTIAL, nep_buf_bytes(&message), 1, key);
  nep_buf_wipe(&message);
}
