/* Inside db/casting/: the three statements of nep_db_casting_read. Each is asked without waiting;
   its rows are read once they have come. */
#ifndef NEP_SERVER_DB_CASTING_READ_H
#define NEP_SERVER_DB_CASTING_READ_H

#include "server/db/casting.h"
#include "server/db/statement.h"

typedef nep_status nep_casting_ask(nep_db *db, const nep_casting_question *q, nep_rows **rows,
                                   nep_error *err);
typedef void nep_casting_take(const nep_rows *rows, const nep_casting_reader *reader);

nep_casting_ask nep_heads_lock_ask, nep_casting_heads_ask, nep_casts_known_ask;
nep_casting_take nep_heads_lock_take, nep_casting_heads_take, nep_casts_known_take;

#endif
