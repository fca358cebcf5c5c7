/* The server's receipt for a registration of this folder. */
#ifndef NEP_CLIENT_REGISTRATION_RECEIPT_H
#define NEP_CLIENT_REGISTRATION_RECEIPT_H

#include "client-cli/registration_file.h"
#include "records/trust.h"

/* The envelope must be signed with the key and be about exactly this registration: "signature",
   "receipt-content" and those of its form. */
NEP_MUST_USE nep_status nep_registration_receipt_check(const nep_registration_file *r,
                                                       nep_bytes envelope, const char *key,
                                                       nep_error *err);

/* What the folder holds to show that a credential was registered for an election. */
typedef enum nep_receipt_kept {
  NEP_RECEIPT_NONE,
  NEP_RECEIPT_HOLDS,    /* signed with the key that the trust file names for receipts */
  NEP_RECEIPT_WORTHLESS /* it is not: code "receipt-unpinned" in *err */
} nep_receipt_kept;

/* NEP_E_CHECK with NEP_RECEIPT_WORTHLESS; other failures are those of reading the folder. */
NEP_MUST_USE nep_status nep_registration_receipt_kept(const char *dir, const char *uuid,
                                                      const char *credential,
                                                      const nep_trust *trust, nep_receipt_kept *out,
                                                      nep_error *err);

#endif
