#include "server/signer/frame.h"

void nep_frame_add(nep_buf *out, nep_bytes text)
{
  const uint8_t header[NEP_FRAME_HEADER] = {(uint8_t)(text.len >> 24), (uint8_t)(text.len >> 16),
                                            (uint8_t)(text.len >> 8), (uint8_t)text.len};
  nep_buf_add(out, header, sizeof header);
  nep_buf_add(out, text.data, text.len);
}

bool nep_frame_next(nep_bytes in, uint32_t max, nep_bytes *text, size_t *used, bool *bad)
{
  *bad = false;
  if (in.len < NEP_FRAME_HEADER)
    return false;
  const uint8_t *h = (const uint8_t *)in.data;
  uint32_t len = (uint32_t)h[0] << 24 | (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3];
  *bad = len == 0 || len > max;
  if (*bad || in.len - NEP_FRAME_HEADER < len)
    return false;
  *text = (nep_bytes){in.data + NEP_FRAME_HEADER, len};
  *used = NEP_FRAME_HEADER + (size_t)len;
  return true;
}
