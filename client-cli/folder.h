/* The voter's folder (mode 0700), the state of one voter's device:
     server-key                    the key that signs the server's receipts, as first seen
     credentials-<uuid>.txt        the private credential, mode 0600
     registration.json             what was registered, with the server's receipt
     *.new                         the same before the server has confirmed a registration
     *.refused.<nonce>             the same after the server has refused it; each has its own nonce
     credentials-<uuid>.<nonce>.txt  a credential that was replaced
     ballot-<uuid>-<n>.json        the text of the n-th ballot, stored before it is sent
     statement-<uuid>-<n>.json     the cast statement that goes with it, numbered for all devices
     receipt-<uuid>-<n>.json       the server's receipt for it
     refused-<uuid>-<n>.json       the text of a ballot that the server refused
     refusal-<uuid>-<n>.json       the server's signed refusal of it, when it gave one
     challenge-<uuid>-<n>.json     what a challenged ballot contained; it was never cast
     trust-<event>.json            the event's trust file that the voter has confirmed; the event by
                                   16 hex digits of the SHA-256 of its name
     trust-<uuid>.txt              fingerprint of the trust file that it was confirmed with
     setup-<uuid>.txt              hash of the setup that the voter has voted under
     evidence-<uuid>-<n>.*         archive, cast statements and signed head that a check refused
   Neither the choice nor the randomness of a ballot that is cast is ever stored. */
#ifndef NEP_CLIENT_FOLDER_H
#define NEP_CLIENT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"
#include "crypto/keys.h"

enum { NEP_CASTS_MAX = 9999 };

#define NEP_FOLDER_NEW ".new"
#define NEP_FOLDER_REFUSED ".refused"

/* Makes the folder when it is not there; refuses one that others may enter. */
NEP_MUST_USE nep_status nep_folder_open(const char *dir, nep_error *err);
/* Locks the folder until the program ends: two programs never work on one device's state. */
NEP_MUST_USE nep_status nep_folder_lock(const char *dir, nep_error *err);

char *nep_folder_path(const char *dir, const char *name); /* free() */
bool nep_folder_has(const char *dir, const char *name);

/* ---- the private credential of an election; `suffix` is "" or ".new" ---- */

NEP_MUST_USE nep_status nep_folder_credential_save(const char *dir, const char *uuid,
                                                   const char *suffix, const char *credential,
                                                   nep_error *err);
/* NEP_E_NOT_FOUND when there is none. The credential is to be wiped by the caller. */
NEP_MUST_USE nep_status nep_folder_credential_load(const char *dir, const char *uuid,
                                                   const char *suffix,
                                                   char credential[NEP_CREDENTIAL_LENGTH + 1],
                                                   nep_error *err);
/* Puts the new credential in the place of the old one, which keeps its name with `nonce` added. */
NEP_MUST_USE nep_status nep_folder_credential_confirm(const char *dir, const char *uuid,
                                                      const char *nonce, nep_error *err);

/* Renames the new credential to the refused one of the registration with this nonce: an earlier
   refused one keeps its own. */
NEP_MUST_USE nep_status nep_folder_credential_refused(const char *dir, const char *uuid,
                                                      const char *nonce, nep_error *err);

/* ---- ballots and receipts; n counts from 1 ---- */

typedef enum nep_cast_file {
  NEP_CAST_BALLOT,
  NEP_CAST_RECEIPT,
  NEP_CAST_REFUSED,
  NEP_CAST_REFUSAL,
  NEP_CAST_CHALLENGE,
  NEP_CAST_STATEMENT
} nep_cast_file;

/* The highest n of the election's files of this kind, 0 when there is none. */
unsigned nep_folder_casts(const char *dir, const char *uuid, nep_cast_file kind);
bool nep_folder_has_cast(const char *dir, const char *uuid, nep_cast_file kind, unsigned n);
NEP_MUST_USE nep_status nep_folder_cast_save(const char *dir, const char *uuid, nep_cast_file kind,
                                             unsigned n, nep_bytes text, nep_error *err);
NEP_MUST_USE nep_status nep_folder_cast_load(const char *dir, const char *uuid, nep_cast_file kind,
                                             unsigned n, nep_buf *text, nep_error *err);
/* Renames the ballot to a refused one. */
NEP_MUST_USE nep_status nep_folder_cast_refused(const char *dir, const char *uuid, unsigned n,
                                                nep_error *err);
char *nep_folder_cast_path(const char *dir, const char *uuid, nep_cast_file kind, unsigned n);

#endif
