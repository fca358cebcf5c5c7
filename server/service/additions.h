/* Inside service/ only: what stands beside the archive, and the trust file that says who may sign.
 */
#ifndef NEP_SERVER_SERVICE_ADDITIONS_H
#define NEP_SERVER_SERVICE_ADDITIONS_H

#include "records/trust.h"
#include "server/service/inside.h"

/* The trust file's exact text; NEP_E_NOT_FOUND "document" for an election made without one. */
NEP_MUST_USE nep_status nep_trust_text(nep_db *db, const char *uuid, nep_buf *text, char hash[65],
                                       nep_error *err);
/* The same, parsed: it was checked before it was stored. */
NEP_MUST_USE nep_status nep_trust_of(nep_db *db, const char *uuid, nep_trust **out, nep_error *err);
/* The same in a transaction of its own. */
NEP_MUST_USE nep_status nep_trust_from(nep_pool *pool, const char *uuid, nep_trust **out,
                                       nep_error *err);

#endif
