/* Connections to PostgreSQL, one pool per role, and the one function through which everything is
   read and written. Statements stand in board/, registry/ and official/, one a file. */
#ifndef NEP_SERVER_DB_DB_H
#define NEP_SERVER_DB_DB_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/status.h"

typedef struct nep_pool nep_pool; /* of one role; shared by threads */
typedef struct nep_db nep_db;     /* a connection inside a transaction; of one thread */

/* The newest migration that this program knows; another one in the database is refused. */
enum { NEP_SCHEMA_VERSION = 16 };

/* At most `size` connections, opened when needed. Connects once to check database and schema. */
NEP_MUST_USE nep_status nep_pool_new(const char *conninfo, unsigned size, nep_pool **out,
                                     nep_error *err);
void nep_pool_free(nep_pool *p); /* NULL allowed; no transaction may be running */

/* Work inside a transaction. It may be run again from the start (serialization failure, deadlock,
   lost connection), so it sets every result anew; replies belong after the commit. A status other
   than NEP_OK rolls back. */
typedef nep_status nep_db_work(nep_db *db, void *ctx, nep_error *err);

/* NEP_OK: committed and durable. A connection lost during the commit leaves the outcome unknown:
   the work is run again only when it is `repeatable` (finds what it did before), otherwise code
   "outcome-unknown". NEP_E_BUSY when no connection comes free in time. */
NEP_MUST_USE nep_status nep_db_transaction(nep_pool *p, bool repeatable, nep_db_work *work,
                                           void *ctx, nep_error *err);

/* Name of the constraint that the last failed statement violated; "" for none. */
const char *nep_db_constraint(const nep_db *db);

/* The database's clock: seconds since 1970, read now (not at the start of the transaction). */
NEP_MUST_USE nep_status nep_db_clock(nep_db *db, int64_t *seconds, nep_error *err);

/* Applies the numbered files of `folder` that are not applied yet, each in a transaction, and
   prints their names. Refuses an applied file that has changed or is missing, and a newer database.
 */
NEP_MUST_USE nep_status nep_db_migrate(const char *conninfo, const char *folder, nep_error *err);

#endif
