/* Inside crypto/: verification in pieces, of which others may do some (crypto/engine.h). */
#ifndef NEP_CRYPTO_PIECES_H
#define NEP_CRYPTO_PIECES_H

#include "crypto/engine.h"

/* piece(ctx, i) for each i < n, as this thread's nep_verification_spreads says; one after the other
   if it says nothing. */
void nep_verify_pieces(size_t n, nep_verify_piece *piece, void *ctx);

#endif
