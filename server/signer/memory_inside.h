/* Inside server/signer/ only: the state of an open memory. */
#ifndef NEP_SIGNER_MEMORY_INSIDE_H
#define NEP_SIGNER_MEMORY_INSIDE_H

#include "server/signer/memory_journal.h"

/* What is known of a chain of an election since this process started. */
typedef struct nep_progress {
  nep_signed_chain chain;
  char uuid[65];
  uint64_t chained; /* how far its events are known to be one chain */
  bool is_touched;  /* the journal has places of it that its file may not have on disk */
  struct nep_progress *next;
} nep_progress;

struct nep_memory {
  char *folder;
  int lock; /* the folder itself */
  nep_memory_journal journal;
  /* A write or sync failed. The kernel may drop what it could not write and report success the next
     time, so nothing that is read here counts any more. */
  bool is_unsure;
  nep_progress *first;
};

#endif
