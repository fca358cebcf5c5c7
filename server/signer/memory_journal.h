/* Inside server/signer/ only: the memory's journal. A request fills places in several files; each
   filled place is also a record here, and one sync of this file makes them all durable. The files
   themselves are synced when the journal is opened and when it is full, and then it is emptied.

   The file is a list of records of 128 bytes, numbers with the most significant byte first:
     64 uuid, filled up with zeros     32 hash of the event     8 height
      4 how many records before this one were synced when it was written     4 chain
     16 first bytes of SHA-256(NEP-1-signer-journal || 00 || the 112 bytes above)
   What follows them, up to the length of a full journal, is zeros, which are no record. */
#ifndef NEP_SIGNER_MEMORY_JOURNAL_H
#define NEP_SIGNER_MEMORY_JOURNAL_H

#include <stdbool.h>

#include "server/signer/memory.h"
#include "server/signer/memory_file.h"

enum {
  NEP_JOURNAL_RECORD = 128,  /* bytes */
  NEP_JOURNAL_RECORDS = 8192 /* that many, and it is full: 1 MiB */
};

typedef struct nep_memory_journal {
  int fd; /* -1: not open */
  char *path;
  uint64_t synced; /* records */
  nep_buf added;   /* records that wait for the sync */
} nep_memory_journal;

/* Makes the file when it is missing (its name is durable after _empty only); it must belong to this
   user alone. */
NEP_MUST_USE nep_status nep_memory_journal_open(const char *folder, nep_memory_journal *out,
                                                nep_error *err);
void nep_memory_journal_close(nep_memory_journal *j);

/* Gives each record to `each`, in order, up to the first that is not whole: what a power failure
   left of a request that was never synced, so nothing about it was signed. NEP_E_CHECK when a later
   record shows that this one had been synced, or a whole one says what no record can. */
typedef nep_status nep_journal_each(void *ctx, const nep_remembered *e,
                                    const unsigned char hash[NEP_PLACE], nep_error *err);
NEP_MUST_USE nep_status nep_memory_journal_replay(const nep_memory_journal *j,
                                                  nep_journal_each *each, void *ctx,
                                                  nep_error *err);

/* In memory only, until _sync. */
void nep_memory_journal_add(nep_memory_journal *j, const nep_remembered *e,
                            const unsigned char hash[NEP_PLACE]);
/* One write and one sync of all that was added; neither when nothing was. After an error nobody
   knows what the disk has. */
NEP_MUST_USE nep_status nep_memory_journal_sync(nep_memory_journal *j, nep_error *err);
bool nep_memory_journal_is_full(const nep_memory_journal *j);

/* Every place that it tells of is durable in its file. Syncs the open folder, where the names of
   these files stand, before the records go. */
NEP_MUST_USE nep_status nep_memory_journal_empty(nep_memory_journal *j, int folder, nep_error *err);

#endif
