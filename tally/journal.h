/* A trustee's journal: which tally of which election was decrypted, one line of JSON each, on the
   disk before any share leaves (A24). Lines are added, and none is ever changed. The trustee keeps
   it for life beside the key. */
#ifndef NEP_TALLY_JOURNAL_H
#define NEP_TALLY_JOURNAL_H

#include "records/tally_act.h"

/* Refuses another tally of an election that is in the journal (code "second-tally") and a journal
   that cannot be read whole, that belongs to another user or is open to others; "-" is none. The
   same tally again is no further knowledge: it is allowed, so that a share that was lost can be
   made again; what was read is then written once more, as a run before may have failed to sync it.
   Otherwise appends {"uuid","election_hash","setup_hash",
   "end_ballots","tally_hash","time"} and returns when it is on the disk. A missing file is made,
   mode 0600. Two at the same time wait for each other. */
NEP_MUST_USE nep_status nep_journal_enter(const char *path, const nep_tally_act *tally,
                                          nep_error *err);

#endif
