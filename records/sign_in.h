/* Sign-in: what the identity provider signs when a person asks for a session, so that a token of a
   sign-in is no token of a registration (registration.h), whatever the server gave out. */
#ifndef NEP_RECORDS_SIGN_IN_H
#define NEP_RECORDS_SIGN_IN_H

#include "base/buf.h"
#include "records/registration.h"

/* PROTOCOL-ADDITIONS 2.5: base64url(SHA-256("NEP-1-sign-in" || 00 || given)), `given` being the
   bytes that the server gave out. */
void nep_sign_in_nonce(nep_bytes given, char nonce[NEP_NONCE_LENGTH + 1]);

#endif
