/* What is done at the machine, with the owner's connection. */
#include <string.h>

#include "base/encode.h"
#include "server/db/official.h"
#include "server/service/service.h"

nep_status nep_migrate(const char *conninfo, const char *folder, nep_error *err)
{
  return nep_db_migrate(conninfo, folder, err);
}

static nep_status check_name(const char *name, nep_error *err)
{
  size_t len = strlen(name);
  bool plain = len > 0 && len <= 64 && nep_is_utf8(name, len);
  for (size_t i = 0; plain && i < len; i++)
    plain = (unsigned char)name[i] >= 0x20 && name[i] != 0x7f;
  if (plain)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, "official-name", "name",
                  "a name has 1 to 64 bytes of UTF-8 without control characters");
}

nep_status nep_official_add(const char *conninfo, const char *name, const char *public_hex,
                            nep_error *err)
{
  uint8_t key[32];
  nep_status st = check_name(name, err);
  if (st == NEP_OK && !nep_unhex(public_hex, strlen(public_hex), key, sizeof key)) {
    (void)nep_fail(err, NEP_E_INPUT, "official-key", "key",
                   "a public key is 64 lower-case hexadecimal digits");
    st = nep_advise(err, "use what `nep-admin keygen` printed");
  }
  return st == NEP_OK ? nep_db_official_add(conninfo, name, public_hex, err) : st;
}

nep_status nep_official_revoke(const char *conninfo, const char *name, nep_error *err)
{
  return nep_db_official_revoke(conninfo, name, err);
}
