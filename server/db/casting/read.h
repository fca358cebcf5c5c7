/* Inside db/casting/: the two statements of nep_db_casting_read. Each is asked without waiting; its
   rows are read once they have come. */
#ifndef NEP_SERVER_DB_CASTING_READ_H
#define NEP_SERVER_DB_CASTING_READ_H

#include "server/db/casting.h"
#include "server/db/statement.h"

typedef nep_status nep_casting_ask(nep_db *db, const nep_casting_question *q, nep_rows **rows,
                                   nep_error *err);

/* Locks the elections and reads their heads. */
nep_casting_ask nep_casting_heads_ask;
/* Those that are held, and no other: what is known of ballots was asked while others were not. */
NEP_MUST_USE nep_status nep_casting_heads_again(nep_db *db, const nep_rows *held, nep_rows **rows,
                                                nep_error *err);
/* Whether what every head points to was seen, too. Of open elections with ballots from before there
   were statements it never is. */
bool nep_casting_heads_are_whole(const nep_rows *rows);
void nep_casting_heads_take(const nep_rows *rows, int64_t now, const nep_casting_reader *reader);

/* What is known of each ballot, and when. */
nep_casting_ask nep_casts_known_ask;
int64_t nep_casts_known_now(const nep_rows *rows);
void nep_casts_known_take(const nep_rows *rows, const nep_casting_reader *reader);

#endif
