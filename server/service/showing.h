/* Inside service/ only: showing nep-signer what is new of the board's two chains. It signs a head
   only when it was shown every event below; after its restart that is the whole chain, which takes
   a while. A chain is shown by one thread at a time, and few long ones at once: whoever else asks
   for such a head is refused in the meantime, and the other threads have voters to answer. */
#ifndef NEP_SERVER_SERVICE_SHOWING_H
#define NEP_SERVER_SERVICE_SHOWING_H

#include "server/service/inside.h"

nep_showings *nep_showings_new(void);
void nep_showings_free(nep_showings *all); /* NULL allowed; nothing is being shown */

/* Shows nep-signer the events of an election's chain up to a height that it has not seen yet.
   NEP_E_BUSY "signer-behind" when that would be long and is under way, or too many others are. */
NEP_MUST_USE nep_status nep_signer_catch_up(nep_service *s, nep_signed_chain chain,
                                            const char *uuid, int64_t height, nep_error *err);

#endif
