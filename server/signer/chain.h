/* The chains of an election that nep-signer signs heads of and remembers, each for itself. */
#ifndef NEP_SIGNER_CHAIN_H
#define NEP_SIGNER_CHAIN_H

typedef enum nep_signed_chain {
  NEP_SIGNED_ARCHIVE, /* the events of the archive (protocol/archive.h) */
  NEP_SIGNED_CASTS    /* those of the casts file (protocol/casts.h) */
} nep_signed_chain;
enum { NEP_SIGNED_CHAINS = 2 };

#endif
