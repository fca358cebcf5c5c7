/* Inside service/ only: what stands beside the archive, and the trust file that says who may sign.
 */
#ifndef NEP_SERVER_SERVICE_ADDITIONS_H
#define NEP_SERVER_SERVICE_ADDITIONS_H

#include "records/trust.h"
#include "server/service/inside.h"

/* The exact text of an addition of which an election has one at most (trust file, verdict);
   NEP_E_NOT_FOUND "document" when it has none. */
NEP_MUST_USE nep_status nep_addition_text(nep_db *db, const char *uuid, const char *kind,
                                          nep_buf *text, char hash[65], nep_error *err);
/* The trust file, parsed: it was checked before it was stored. */
NEP_MUST_USE nep_status nep_trust_of(nep_db *db, const char *uuid, nep_trust **out, nep_error *err);
/* The same in a transaction of its own. */
NEP_MUST_USE nep_status nep_trust_from(nep_pool *pool, const char *uuid, nep_trust **out,
                                       nep_error *err);

#endif
