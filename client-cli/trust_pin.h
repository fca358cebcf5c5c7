/* The event's trust file on the voter's device: who may sign for the commission, the auditors and
   the server. The voter compares its fingerprint once with what the commission has published on
   paper; from then on the folder holds it, and no other one is accepted (A25). */
#ifndef NEP_CLIENT_TRUST_PIN_H
#define NEP_CLIENT_TRUST_PIN_H

#include "client-cli/http.h"
#include "client-cli/summary.h"
#include "records/trust.h"

/* Downloads the election's trust file and holds it against the folder's, which keeps it for the
   event and for the election, so that an event of another name brings no other trust file. An
   election that this folder is registered for must be of the event that it was registered in.
   `fingerprint` is what the user knows from elsewhere (an option, or NULL): it must be that of the
   file, and it replaces what the folder has. Without option and without a file in the folder the
   person is asked to compare. Codes "trust-differs" (from the option), "trust-changed" (from the
   folder), "trust-event" and "trust-unconfirmed". *out is new (nep_trust_free). */
NEP_MUST_USE nep_status nep_trust_pin(nep_http *h, const char *dir, const char *fingerprint,
                                      const nep_summary *summary, nep_trust **out, nep_error *err);

/* The server's key of receipts is the one that the trust file names: "server-key-changed". */
NEP_MUST_USE nep_status nep_trust_names_key(const nep_trust *t, const char *key, nep_error *err);

#endif
