/* The report about an event or a part of it, made of the entries of its archives alone: one process
   over everything and the joined parts of many give the same bytes. */
#ifndef NEP_TALLY_EVENT_REPORT_H
#define NEP_TALLY_EVENT_REPORT_H

#include "tally/event_entry.h"

typedef struct nep_event_report {
  size_t archives; /* of the whole event */
  uint64_t bytes;
  char listing[65];   /* nep_event_list_hash */
  unsigned shard, of; /* 0, 0: the whole event */
  json_t *faults;     /* about the event: {"code","object","reason"}, sorted by object */
  json_t *entries;    /* sorted by name */
} nep_event_report;

void nep_event_report_start(nep_event_report *r, const nep_event_list *l);
void nep_event_report_free(nep_event_report *r);
void nep_event_report_fault(nep_event_report *r, const char *code, const char *object,
                            const char *reason);
/* Entries and faults into their order, a fault that several parts report once. */
void nep_event_report_sort(nep_event_report *r);
/* For the whole event: fault election-twice for an election that several archives are about. */
void nep_event_report_cross_check(nep_event_report *r);

/* {"archives","bytes","sha256"}, new. */
json_t *nep_event_listing_json(const nep_event_report *r);
/* {"version","verdict","codes","listing","shard"?,"totals","taken_over","checks","faults",
   "archives"}; new. The verdict is "valid", "invalid", "incomplete" or, without any archive,
   "nothing". */
json_t *nep_event_report_json(const nep_event_report *r);
void nep_event_report_print(const nep_event_report *r);
/* 0: all valid, or a part that has no archive; 1: a fault was found; 2: none was found, but an
   archive could not be read, or the whole has none. */
int nep_event_report_exit(const nep_event_report *r);

#endif
