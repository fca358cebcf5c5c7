/* A memory of nep-signer in a folder of its own, for tests that look at its files. */
#ifndef NEP_TESTS_MEMORY_FOLDER_H
#define NEP_TESTS_MEMORY_FOLDER_H

#include <sys/types.h>

#include "server/signer/memory.h"

#define UUID_A "11111111111111"
#define UUID_B "22222222222222"
#define UUID_C "33333333333333"
enum { RECORD = 128, PLACE = 32 };

extern nep_memory *memory; /* NULL when opening it was refused */
extern nep_error err;      /* of the last call */

/* Fixture. */
void memory_setup(void);
void memory_teardown(void);

/* Everything comes from the files again. */
nep_status memory_reopen(void);

/* The event whose hash is 64 times the digit. */
nep_remembered event_of(nep_signed_chain chain, const char *uuid, uint64_t height, char digit);
nep_status fill(const nep_remembered *events, size_t n);
nep_status fill_one(const char *uuid, uint64_t height, char digit); /* of the archive's chain */
/* What the place holds: the digit, or ' ' when it is empty. */
char held(nep_signed_chain chain, const char *uuid, uint64_t height);

/* Of the file of this name in the folder. The path is good until the next call. */
const char *path_of(const char *name);
off_t size_of(const char *name); /* -1: there is none */
off_t journal_len(void);         /* its records, the last one perhaps torn: what follows is zeros */
void read_file(const char *name, void *out, size_t len);
void write_file(const char *name, const void *data, size_t len); /* in place of what it had */
void lose_file(const char *name); /* as if no page of it had reached the disk */

#endif
