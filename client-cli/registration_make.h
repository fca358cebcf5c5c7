/* A new registration: which elections it is for, and fresh credentials for them. */
#ifndef NEP_CLIENT_REGISTRATION_MAKE_H
#define NEP_CLIENT_REGISTRATION_MAKE_H

#include "client-cli/registration_file.h"
#include "client-cli/voter.h"

/* The registration that a new one takes the place of; all zero for none. */
typedef struct nep_replaced {
  char nonce[NEP_NONCE_LENGTH + 1];
  char uuids[NEP_REGISTRATION_ELECTIONS_MAX][65];
  size_t n;
} nep_replaced;

/* Makes the credentials and stores them, then the file that names them all (without that file they
   are not used). Nothing is sent. */
NEP_MUST_USE nep_status nep_registration_prepare(nep_voter *v, const nep_replaced *replaced,
                                                 nep_registration_file *r, nep_error *err);

#endif
