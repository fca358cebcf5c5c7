/* An archive that was verified is read a second time, event by event, perhaps from a medium that
   somebody else made: what comes must be what was verified. */
#ifndef NEP_RECORDS_SECOND_READING_H
#define NEP_RECORDS_SECOND_READING_H

#include "protocol/archive.h"

typedef struct nep_second_reading {
  nep_archive_reader *r;
  const char *code; /* of the error when the archive changed */
  nep_event event;  /* the one just read */
  char head[65];    /* its hash, "" before the first */
  nep_buf data;     /* the data record right before it: the text of a Ballot event's ballot */
  char hash[65];    /* that of data, "" when the record does not hash to its name */
} nep_second_reading;

/* `code` stays in use. */
NEP_MUST_USE nep_status nep_second_reading_open(const char *path, const char *code,
                                                nep_second_reading *out, nep_error *err);
/* The next event; *end = true behind the last one. NEP_E_CHECK with the code given when a record
   does not hash to its name, an event does not follow the one before, or a Ballot event does not
   name the ballot before it. So when `head` at the end is the verified archive's, every event and
   every ballot that was read is one that was verified. */
NEP_MUST_USE nep_status nep_second_reading_next(nep_second_reading *s, bool *end, nep_error *err);
void nep_second_reading_close(nep_second_reading *s); /* also one that could not be opened */

#endif
