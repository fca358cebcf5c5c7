/* Registration: what binds a person, by the identity provider's signature, to credentials. */
#ifndef NEP_RECORDS_REGISTRATION_H
#define NEP_RECORDS_REGISTRATION_H

#include "crypto/proof.h"
#include "records/signed.h"

enum {
  NEP_NONCE_LENGTH = 43, /* base64url of 32 bytes */
  NEP_REGISTRATION_ELECTIONS_MAX = 16,
  NEP_EVENT_MAX = 128, /* bytes of an event's name */
  NEP_REGISTRATION_TEXT_MAX = 65536
};

/* 1..NEP_EVENT_MAX bytes of UTF-8 without control characters. */
bool nep_event_is_valid(const char *event, size_t len);

typedef struct nep_registered_credential {
  char *uuid;
  char *credential; /* element text */
  json_t *proof; /* {"challenge","response"}: possession, tag NEP-1-possession over {uuid, nonce} */
} nep_registered_credential;

/* Body of POST /v1/registrations: {"event","salt","replaces":nonce|null,"credentials":[{"uuid",
   "credential","proof"}..],"id_token"}; credentials sorted by uuid, each uuid once. */
typedef struct nep_registration {
  char *event;
  char salt[65];  /* 32 bytes, hex */
  char *replaces; /* nonce or NULL */
  nep_registered_credential *credentials;
  size_t n_credentials;
  char *id_token;
  char nonce[NEP_NONCE_LENGTH + 1]; /* computed */
} nep_registration;

/* Checks the form of every field (code "registration"), not yet the proofs nor the ID token. */
NEP_MUST_USE nep_status nep_registration_parse(nep_bytes text, nep_registration **out,
                                               nep_error *err);
void nep_registration_free(nep_registration *r); /* NULL allowed */

/* PROTOCOL-ADDITIONS 2.1: base64url(SHA-256("NEP-1-registration" || 00 || canonical JSON {event,
   salt, replaces, credentials:[{uuid, credential}..]})). Both lists are sorted by uuid. */
void nep_registration_nonce(const char *event, const char *salt, const char *replaces,
                            const char *const *uuids, const char *const *credentials, size_t n,
                            char nonce[NEP_NONCE_LENGTH + 1]);

/* Appends the body itself. `proofs` are the texts of nep_possession_make. */
void nep_registration_write(const char *event, const char *salt, const char *replaces,
                            const char *const *uuids, const char *const *credentials,
                            const char *const *proofs, size_t n, const char *id_token,
                            nep_buf *out);

/* Appends {"challenge","response"} made with the credential's private key. */
void nep_possession_make(const nep_group *g, const nep_scalar *key, const char *uuid,
                         const char *nonce, nep_buf *out);
/* Checks that the credential is a member, not the identity, and the proof. Codes "credential",
   "possession". */
NEP_MUST_USE nep_status nep_possession_verify(const nep_group *g, const char *uuid,
                                              const char *nonce, const nep_registered_credential *c,
                                              nep_error *err);

#endif
