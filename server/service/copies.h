/* Archive copies in the state folder. Each is a pure function of the election's timestamp and rows;
   it grows when somebody asks for more of it. A copy of an earlier process is not trusted: the
   first request after a start writes it anew. */
#ifndef NEP_SERVER_SERVICE_COPIES_H
#define NEP_SERVER_SERVICE_COPIES_H

#include "server/service/inside.h"

nep_copies *nep_copies_new(void);
void nep_copies_free(nep_copies *all); /* NULL allowed */

/* Makes the copy reach the event at `height`, which exists and ends at `size`. */
NEP_MUST_USE nep_status nep_copy_extend(nep_service *s, const char *uuid, int64_t height,
                                        int64_t size, char path[4096], nep_error *err);

#endif
