/* registration.json of the voter's folder: what was registered. Written before the request is sent,
   completed with the server's receipt afterwards. */
#ifndef NEP_CLIENT_REGISTRATION_FILE_H
#define NEP_CLIENT_REGISTRATION_FILE_H

#include "records/registration.h"

typedef struct nep_registration_file {
  char event[NEP_EVENT_MAX + 1];
  char salt[65];
  char replaces[NEP_NONCE_LENGTH + 1]; /* "" when it replaces none */
  char uuids[NEP_REGISTRATION_ELECTIONS_MAX][65];
  char *credentials[NEP_REGISTRATION_ELECTIONS_MAX]; /* public */
  size_t n;
  char nonce[NEP_NONCE_LENGTH + 1];
  char *receipt; /* the server's envelope, NULL until it has come */
} nep_registration_file;

/* `suffix` is "" or ".new". Loading recomputes the nonce and refuses a file whose nonce differs. */
NEP_MUST_USE nep_status nep_registration_file_save(const char *dir, const char *suffix,
                                                   const nep_registration_file *r, nep_error *err);
NEP_MUST_USE nep_status nep_registration_file_load(const char *dir, const char *suffix,
                                                   nep_registration_file *out, nep_error *err);
/* Renames the new one, which has this nonce and which the server has refused. */
NEP_MUST_USE nep_status nep_registration_file_refused(const char *dir, const char *nonce,
                                                      nep_error *err);
void nep_registration_file_free(nep_registration_file *r);

/* Computes r->nonce from the other fields. */
void nep_registration_file_nonce(nep_registration_file *r);

#endif
