/* Inside service/ only: showing nep-signer what is new of the board's two chains. It signs a head
   only when it was shown every event below; after its restart that is the whole chain, which takes
   a while, so threads take turns (turns.h): whoever else asks for such a head is refused in the
   meantime. */
#ifndef NEP_SERVER_SERVICE_SHOWING_H
#define NEP_SERVER_SERVICE_SHOWING_H

#include "server/service/inside.h"

/* Shows nep-signer the events of an election's chain up to a height that it has not seen yet.
   NEP_E_BUSY "signer-behind" when that would be long and is under way, or too many others are. */
NEP_MUST_USE nep_status nep_signer_catch_up(nep_service *s, nep_signed_chain chain,
                                            const char *uuid, int64_t height, nep_error *err);

#endif
