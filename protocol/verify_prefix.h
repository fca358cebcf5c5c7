/* What a verification has finished of an archive, so that a later one need not prove it again. An
   archive only grows: whoever has verified its first bytes goes on from there. */
#ifndef NEP_PROTOCOL_VERIFY_PREFIX_H
#define NEP_PROTOCOL_VERIFY_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct nep_prefix {
  uint64_t bytes;     /* the archive's first bytes, up to the end of an event */
  uint8_t sha256[32]; /* of these bytes */
  uint64_t ballots;   /* of the ballots in them every check is finished */
  uint64_t *again; /* numbers, from 1 and ascending, of the ballots in which a fault or a warning */
  size_t n_again;  /* was found: they are always verified again */
} nep_prefix;      /* zero-initialise; nep_prefix_free */

void nep_prefix_free(nep_prefix *p);
/* A copy of its own for *to, which held one before or zeroes. */
void nep_prefix_copy(nep_prefix *to, const nep_prefix *from);
/* The ballot's proofs need not be run again. */
bool nep_prefix_covers(const nep_prefix *p, uint64_t ballot);

/* Whether the file begins with these bytes. NEP_E_IO when it cannot be read. progress (may be NULL)
   is told of each piece how many bytes it had. */
NEP_MUST_USE nep_status nep_prefix_holds(const char *path, const nep_prefix *p,
                                         void (*progress)(void *ctx, uint64_t n), void *ctx,
                                         bool *holds, nep_error *err);

#endif
