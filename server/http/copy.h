/* Files of the state folder as answers: an archive, the statements beside it. */
#ifndef NEP_HTTP_COPY_H
#define NEP_HTTP_COPY_H

#include "server/http/request.h"

/* nep_archive_get or nep_casts_get (server/service/service.h). */
typedef nep_status nep_copy_get(nep_service *s, const char *uuid, uint64_t *height, char path[4096],
                                uint64_t *size, char event_hash[65], nep_error *err);

/* The file up to `upto`, whose bytes never change. Without upto a redirect to the address that
   names the head's height; `what` is the last part of that address. */
NEP_MUST_USE nep_status nep_get_copy(nep_request *r, const char *what, nep_copy_get *get_it,
                                     nep_error *err);

#endif
