/* The rules that tie the records of an archive together (protocol.md §11): each event's data
   records stand before it, parents and heights make a chain, the types come in the order of the
   protocol. Fed record by record; memory grows by 33 bytes and a table's slack for each data
   record. */
#ifndef NEP_PROTOCOL_ARCHIVE_CHAIN_H
#define NEP_PROTOCOL_ARCHIVE_CHAIN_H

#include "protocol/archive.h"
#include "protocol/hash_map.h"

enum { NEP_PENDING_MAX = 8 }; /* data records kept before an event; protocol.md §11 needs 5 */

typedef struct nep_pending {
  char hash[65]; /* of its name */
  bool hash_ok;
  uint64_t offset;
  nep_buf body;
} nep_pending;

typedef struct nep_chain {
  uint64_t events;
  char head[65]; /* hash of the last event, "" before the first */
  nep_event_type last;
  bool knows_last; /* false before the first event and after one of unreadable type */
  nep_pending pending[NEP_PENDING_MAX];
  size_t n_pending;
  bool overflow;       /* more data records than any event has */
  nep_hash_map *known; /* names of all data records so far; value: 1 once it was a ballot */
} nep_chain;           /* zero-initialise; nep_chain_free */

void nep_chain_free(nep_chain *c);

/* A data record: kept until its event comes. Fault archive-hash. */
void nep_chain_data(nep_chain *c, const nep_record *r, nep_findings *f);

/* An event: archive-hash, noncanonical, archive-chain, archive-sequence, archive-order,
   archive-missing-object, archive-format. False when it cannot be used at all. The pending bodies
   stay until nep_chain_settle. */
bool nep_chain_event(nep_chain *c, const nep_record *r, nep_event *out, nep_findings *f);
void nep_chain_settle(nep_chain *c);

/* The data record with this hash that stands before the current event; NULL when there is none. */
const nep_pending *nep_chain_find(const nep_chain *c, const char *hash);

/* Notes that the data record with this name is a ballot; false when it was one before. */
bool nep_chain_first_ballot(nep_chain *c, const char *hash);
/* A data record with this name was read before. */
bool nep_chain_knows(const nep_chain *c, const uint8_t hash[32]);

/* After the last record: nothing left over, at least one event. */
void nep_chain_end(nep_chain *c, nep_findings *f);

/* True when an event of type `next` may follow. */
bool nep_chain_may_follow(const nep_chain *c, nep_event_type next);

#endif
