/* What nep-signer remembers, outside the database: for each chain of an election a file
   (UUID.events, UUID.casts) with 32 bytes for each height, the hash of the one event that it stands
   for. A place is filled once, durably, before anything about it is signed, and never changed. So
   whatever the database says later, two events of one height are never both signed. A journal
   beside these files makes all places of a request durable at once (memory_journal.h). One process
   at a time; one thread. */
#ifndef NEP_SIGNER_MEMORY_H
#define NEP_SIGNER_MEMORY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "server/signer/chain.h"

enum { NEP_MEMORY_EVENTS_MAX = 1 << 27 }; /* of one chain: a file of 4 GiB */

typedef struct nep_memory nep_memory;

/* Makes the folder (0700) when it is missing; *made: whether it was. For a new key only, because a
   memory that got lost must not begin anew unseen. */
NEP_MUST_USE nep_status nep_memory_make(const char *folder, bool *made, nep_error *err);
/* The folder must be there, belong to this user alone and be in use by no other process. Fills the
   places that the journal has and a power failure took from their files; afterwards every place
   that is filled is durable. NEP_E_CHECK when journal and files contradict each other. */
NEP_MUST_USE nep_status nep_memory_open(const char *folder, nep_memory **out, nep_error *err);
void nep_memory_free(nep_memory *m); /* NULL allowed */

/* One event of one election. */
typedef struct nep_remembered {
  nep_signed_chain chain;
  char uuid[65];
  uint64_t height;
  char event[65]; /* hash */
} nep_remembered;

/* Fills the places of all n events, with one sync for all; places that hold the same event already
   are left. NEP_E_STATE "signer-conflict" when one holds another event: then no place is filled by
   this or a later event of the list, those of earlier ones are. After a write or sync that failed
   this memory fills, tells and lists nothing any more (NEP_E_IO). */
NEP_MUST_USE nep_status nep_memory_fill(nep_memory *m, const nep_remembered *events, size_t n,
                                        nep_error *err);

/* NEP_E_IO after a write or sync that failed: this process is of no use any more, another one reads
   the memory again. */
NEP_MUST_USE nep_status nep_memory_check(const nep_memory *m, nep_error *err);

/* How many heights from 0 on are known to be one chain: their events were shown since this process
   started. Receipts alone fill places without showing what an event follows from. */
uint64_t nep_memory_chained(const nep_memory *m, nep_signed_chain chain, const char *uuid);
void nep_memory_set_chained(nep_memory *m, nep_signed_chain chain, const char *uuid,
                            uint64_t heights);

/* The event of a height; "" when its place is empty. */
NEP_MUST_USE nep_status nep_memory_event(nep_memory *m, nep_signed_chain chain, const char *uuid,
                                         uint64_t height, char event[65], nep_error *err);

/* The highest filled place of this chain of each election with a uuid after `after`, sorted, at
   most `max`. */
NEP_MUST_USE nep_status nep_memory_list(nep_memory *m, nep_signed_chain chain, const char *after,
                                        nep_remembered *out, size_t max, size_t *n, nep_error *err);

#endif
