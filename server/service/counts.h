/* Inside service/ only: how many persons are on the roll of an election and how many registered.
   Counting reads all of them, and anybody may ask, so what was counted is kept: for ever once the
   election is frozen, before that for twenty times as long as counting took, at most 10 seconds. */
#ifndef NEP_SERVER_SERVICE_COUNTS_H
#define NEP_SERVER_SERVICE_COUNTS_H

#include "server/service/inside.h"

nep_counts *nep_counts_new(void);
void nep_counts_free(nep_counts *all); /* NULL allowed */

/* Of an election that exists; `frozen`: whether its numbers are final. One thread counts at a time;
   others take what was counted last, if anything was. */
NEP_MUST_USE nep_status nep_counts_get(nep_service *s, const char *uuid, bool frozen, int64_t *roll,
                                       int64_t *registered, nep_error *err);

#endif
