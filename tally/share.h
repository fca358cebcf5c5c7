/* The file in which a partial decryption travels: {"decryption":"<object>","owned":"<owned>"}, both
   texts as strings, so that their bytes stay as they are. It is also the body of an upload. */
#ifndef NEP_TALLY_SHARE_H
#define NEP_TALLY_SHARE_H

#include "protocol/json.h"

enum { NEP_SHARE_MAX = 64 << 20 };

void nep_share_write(nep_bytes object, nep_bytes owned, nep_buf *out);
NEP_MUST_USE nep_status nep_share_read(const char *path, nep_buf *object, nep_buf *owned,
                                       nep_error *err);

#endif
