/* The archives of a whole event, one for each constituency: which they are, and which of them
   belong to which part when several processes share the work. */
#ifndef NEP_TALLY_EVENT_LIST_H
#define NEP_TALLY_EVENT_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "protocol/file_identity.h"

enum { NEP_SHARDS_MAX = 100000, NEP_EVENT_FILES_MAX = 1000000 };

typedef struct nep_event_file {
  char *name; /* below the folder, or the path as it was given; UTF-8 */
  char *path;
  uint64_t size;
  char tail[65]; /* SHA-256 of the last NEP_TAIL_BYTES, where the record of the last event lies */
  /* The file of cast statements, named .casts in place of .bel, when these are verified as well;
     where there is none its size is 0, and its tail that of no bytes. */
  bool with_casts;
  char *casts_path;
  uint64_t casts_size;
  char casts_tail[65];
} nep_event_file;

typedef struct nep_event_list {
  nep_event_file *files; /* sorted by name, no name twice */
  size_t n;
} nep_event_list; /* zero-initialise; nep_event_list_free */

void nep_event_list_free(nep_event_list *l);

/* Every *.bel below the folder, links followed. NEP_E_INPUT when there is none. */
NEP_MUST_USE nep_status nep_event_list_folder(const char *folder, nep_event_list *out,
                                              nep_error *err);
NEP_MUST_USE nep_status nep_event_list_files(const char *const *paths, size_t n,
                                             nep_event_list *out, nep_error *err);
/* The cast statements beside each archive belong to the event. */
NEP_MUST_USE nep_status nep_event_list_casts(nep_event_list *l, nep_error *err);
/* For lists that come from elsewhere: takes a copy of the name; nep_event_list_sort at the end. The
   second one is about the archive added last. */
void nep_event_list_add(nep_event_list *l, const char *name, uint64_t size, const char tail[65]);
void nep_event_list_add_casts(nep_event_list *l, uint64_t size, const char tail[65]);
/* NEP_E_CHECK, code archive-twice, when a name occurs twice. */
NEP_MUST_USE nep_status nep_event_list_sort(nep_event_list *l, nep_error *err);

uint64_t nep_event_list_bytes(const nep_event_list *l);
/* Hash of all names, sizes and tails, those of cast statements included: two processes with the
 * same one look at the same event. */
void nep_event_list_hash(const nep_event_list *l, char hex[65]);
/* The place of a name, or SIZE_MAX. */
size_t nep_event_list_find(const nep_event_list *l, const char *name);

/* part[i], from 1 to `of`, for each file: the largest archive first to the part that has the fewest
   bytes, so that all processes agree and have about as much to do. free(). */
unsigned *nep_event_list_parts(const nep_event_list *l, unsigned of);

#endif
