/* Copies of archives and of their casts files (protocol/casts.h) in the state folder. Each is a
   pure function of the election's timestamp and rows; it grows when somebody asks for more of it. A
   copy of an earlier process is not trusted: the first request after a start writes it anew, which
   takes a while where there are many ballots, so threads take turns (turns.h). */
#ifndef NEP_SERVER_SERVICE_COPIES_H
#define NEP_SERVER_SERVICE_COPIES_H

#include "server/service/inside.h"

nep_copies *nep_copies_new(unsigned long_at_once);
void nep_copies_free(nep_copies *all); /* NULL allowed */

typedef enum nep_copy_kind { NEP_COPY_ARCHIVE, NEP_COPY_CASTS } nep_copy_kind;

/* Makes the copy reach the event at `height` of the archive, which exists and ends at `size` in
   this kind of file. NEP_E_BUSY "archive-behind" when that would be long and is under way, or too
   many others are. */
NEP_MUST_USE nep_status nep_copy_extend(nep_service *s, nep_copy_kind kind, const char *uuid,
                                        int64_t height, int64_t size, char path[4096],
                                        nep_error *err);

#endif
