/* Inside server/signer/ only: the memory's file of one chain of one election. */
#ifndef NEP_SIGNER_MEMORY_FILE_H
#define NEP_SIGNER_MEMORY_FILE_H

#include <stdbool.h>

#include "server/signer/memory.h"

enum { NEP_PLACE = 32 };

/* Whether this is the name of a file of that chain, UUID.events or UUID.casts; gives the uuid. */
bool nep_memory_file_is(nep_signed_chain chain, const char *name, char uuid[65]);

typedef struct nep_memory_file {
  int fd; /* -1: there is no file */
  char *path;
  uint64_t places;
} nep_memory_file;

/* With `make`, a missing file is made; otherwise a missing one has no places. Neither its name nor
   what is written is durable before the file and the folder are synced. */
NEP_MUST_USE nep_status nep_memory_file_open(const char *folder, nep_signed_chain chain,
                                             const char *uuid, bool make, nep_memory_file *out,
                                             nep_error *err);
void nep_memory_file_close(nep_memory_file *f);

/* All zero when the place is empty or beyond the end. */
NEP_MUST_USE nep_status nep_memory_file_read(const nep_memory_file *f, uint64_t height,
                                             unsigned char hash[NEP_PLACE], nep_error *err);
NEP_MUST_USE nep_status nep_memory_file_write(nep_memory_file *f, uint64_t height,
                                              const unsigned char hash[NEP_PLACE], nep_error *err);

/* The file must be there. */
NEP_MUST_USE nep_status nep_memory_file_sync(const char *folder, nep_signed_chain chain,
                                             const char *uuid, nep_error *err);
bool nep_place_is_empty(const unsigned char hash[NEP_PLACE]);

#endif
