#include "crypto/pieces.h"

static _Thread_local nep_verify_spread *spread;
static _Thread_local void *spread_with;

void nep_verification_spreads(nep_verify_spread *how, void *with)
{
  spread = how;
  spread_with = with;
}

void nep_verify_pieces(size_t n, nep_verify_piece *piece, void *ctx)
{
  if (spread != NULL) {
    spread(spread_with, n, piece, ctx);
    return;
  }
  for (size_t i = 0; i < n; i++)
    piece(ctx, i);
}
