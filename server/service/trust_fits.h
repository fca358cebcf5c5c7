/* Inside service/ only: whether a trust file can be kept with what this server is set up with. */
#ifndef NEP_SERVER_SERVICE_TRUST_FITS_H
#define NEP_SERVER_SERVICE_TRUST_FITS_H

#include "records/trust.h"
#include "server/service/inside.h"

/* Voters take receipts of the pinned key only, and auditors tokens of the pinned provider only:
   code "trust", with the field that says something else than nep-signer's key or [identity]. */
NEP_MUST_USE nep_status nep_trust_fits(nep_service *s, const nep_trust *trust, nep_error *err);

#endif
