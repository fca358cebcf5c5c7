/* Official acts: requests signed with an official's key. The HTTP header "NEP-Act" carries
   base64url(envelope); the envelope's message is
   {"action","uuid","body","nonce","time","official"}: body = SHA-256 hex of the request body, nonce
   = 32 hex digits, time RFC 3339, official = the name under which the key is known. */
#ifndef NEP_RECORDS_ACT_H
#define NEP_RECORDS_ACT_H

#include "records/signed.h"

enum {
  NEP_ACT_WINDOW = 300,     /* seconds that `time` may differ from the server's clock */
  NEP_ACT_HEADER_MAX = 2048 /* characters of the header */
};

/* The actions, each with its path: POST /v1/elections for create, else
 * /v1/elections/{uuid}/<action>. */
typedef enum nep_action {
  NEP_ACT_CREATE,   /* body: {"uuid","event","identifier","group","template","trustees","trust"} */
  NEP_ACT_ROLL,     /* body: CSV */
  NEP_ACT_CALENDAR, /* body: {"registration_closes","opens","closes"} */
  NEP_ACT_REGISTRATION, /* draft -> registration; body: {} as for the next ones */
  NEP_ACT_REGISTRY,     /* the export for the auditors */
  NEP_ACT_FREEZE,       /* body: {"credentials":<text as
                           string>,"verdict":<envelope>,"acts":[<envelope>..]} */
  NEP_ACT_OPEN,
  NEP_ACT_CLOSE,
  NEP_ACT_TALLY,      /* body: {"encrypted_tally":<text as string>,"sized":<text as
                         string>,"acts":[<envelope>..],"countersignatures":[<envelope>..]} */
  NEP_ACT_DECRYPTION, /* body: {"decryption":<text as string>,"owned":<text as
                         string>,"proof":<text as string>} */
  NEP_ACT_RESULT,     /* body: result text */
  NEP_ACTION_COUNT
} nep_action;
const char *nep_action_name(nep_action a); /* "create", "roll", … */

typedef struct nep_act {
  char action[32];
  char uuid[65]; /* "" for create */
  char body[65];
  char nonce[33];
  char time[21];
  char official[65];
  char key[NEP_PUBLIC_KEY_HEX + 1]; /* that signed it */
} nep_act;

/* The header value for a request body; uuid is "" for NEP_ACT_CREATE. */
void nep_act_make(const nep_signing_key *k, const char *official, nep_action action,
                  const char *uuid, nep_bytes body, nep_buf *header);
/* Checks form, signature (by the key it names: the caller looks the key up), action, uuid, body
   hash and time window; NEP_E_DENIED when one does not fit. Replay is the caller's business. */
NEP_MUST_USE nep_status nep_act_verify(nep_bytes header, nep_action action, const char *uuid,
                                       nep_bytes body, int64_t now, nep_act *out, nep_error *err);

#endif
