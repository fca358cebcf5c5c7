/* Sealed registrations: after a registration was checked, salt and credentials are kept on line
   only in a box that the auditors open together, offline, at the freeze. Group Ed25519. */
#ifndef NEP_RECORDS_SEALED_REGISTRATION_H
#define NEP_RECORDS_SEALED_REGISTRATION_H

#include "crypto/keys.h"
#include "records/registration.h"

enum { NEP_SEALED_REGISTRATION_MAX = 2 * NEP_REGISTRATION_TEXT_MAX + 512 }; /* bytes of the text */

/* The group of all audit keys. */
const nep_group *nep_audit_group(void);

/* Appends {"alpha","beta","data":hex}: nep_seal with the tag NEP-1-registry-seal of the canonical
   text {"salt","replaces","credentials":[{"uuid","credential","proof"}..]}. */
void nep_registration_seal(const nep_element *audit_key, const nep_registration *r, nep_buf *out);

/* Reads such a value. Codes "shape", "sealed". Free with nep_sealed_free in either case. */
NEP_MUST_USE nep_status nep_sealed_registration_read(const json_t *value, nep_sealed *out,
                                                     nep_error *err);

/* Opens a box with `mask` = alpha^dk and reads what is inside as the registration of `event` with
   this token: its nonce is computed anew. Code "sealed" when it does not open, "registration" when
   its content has not the right form. */
NEP_MUST_USE nep_status nep_registration_unseal(const nep_sealed *sealed, const nep_element *mask,
                                                const char *event, const char *token,
                                                nep_registration **out, nep_error *err);

#endif
