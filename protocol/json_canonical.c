#include <string.h>

#include "protocol/json.h"

bool nep_json_is_canonical(const json_t *value, nep_bytes text)
{
  nep_buf canonical = {0};
  nep_json_write(&canonical, value);
  bool same = canonical.len == text.len &&
              (text.len == 0 || memcmp(canonical.data, text.data, text.len) == 0);
  nep_buf_free(&canonical);
  return same;
}
