/* The check that comes before every step of the offline tools. */
#ifndef NEP_TALLY_VALID_ARCHIVE_H
#define NEP_TALLY_VALID_ARCHIVE_H

#include "protocol/verify.h"

/* Verifies the whole archive; NEP_E_CHECK with the first fault when it is not valid. *out is new.
 */
NEP_MUST_USE nep_status nep_valid_archive(const char *path, nep_verified **out, nep_error *err);

#endif
