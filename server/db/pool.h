/* Inside db/ only: lending connections. */
#ifndef NEP_SERVER_DB_POOL_H
#define NEP_SERVER_DB_POOL_H

#include "server/db/statement.h"

enum { NEP_POOL_WAIT_MS = 5000 };

/* Waits for a free connection at most NEP_POOL_WAIT_MS, then NEP_E_BUSY. */
NEP_MUST_USE nep_status nep_pool_take(nep_pool *p, nep_db **out, nep_error *err);
/* A broken connection is closed, its place becomes free. */
void nep_pool_give(nep_pool *p, nep_db *db);

#endif
