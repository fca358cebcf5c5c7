/* Purpose tags of our own signatures and hashes, all in one place: tag || 00 || canonical JSON. */
#ifndef NEP_RECORDS_TAGS_H
#define NEP_RECORDS_TAGS_H

#define NEP_TAG_REGISTRATION "NEP-1-registration" /* nonce of the ID token */
#define NEP_TAG_SIGN_IN "NEP-1-sign-in"           /* nonce of the ID token of a session */
#define NEP_TAG_POSSESSION "NEP-1-possession"     /* by the credential's key */
#define NEP_TAG_REGISTRATION_RECEIPT "NEP-1-registration-receipt"     /* by nep-signer */
#define NEP_TAG_CAST_RECEIPT "NEP-1-cast-receipt"                     /* by nep-signer */
#define NEP_TAG_REFUSAL "NEP-1-refusal"                               /* by nep-signer */
#define NEP_TAG_CAST "NEP-1-cast"                                     /* by the credential's key */
#define NEP_TAG_CHALLENGE "NEP-1-challenge"                           /* by the credential's key */
#define NEP_TAG_HEAD "NEP-1-head"                                     /* by nep-signer */
#define NEP_TAG_CASTS_HEAD "NEP-1-casts-head"                         /* by nep-signer */
#define NEP_TAG_COUNTERSIGNATURE "NEP-1-countersignature"             /* by a mirror */
#define NEP_TAG_CASTS_COUNTERSIGNATURE "NEP-1-casts-countersignature" /* by a mirror */
#define NEP_TAG_ACT "NEP-1-act"                                       /* by an official */
#define NEP_TAG_TRUST "NEP-1-trust"                       /* fingerprint of a trust file */
#define NEP_TAG_FREEZE "NEP-1-freeze"                     /* by officials */
#define NEP_TAG_TALLY_ACT "NEP-1-tally-act"               /* by officials and observers */
#define NEP_TAG_DECRYPTION "NEP-1-decryption"             /* a trustee's factors */
#define NEP_TAG_REGISTRY_SEAL "NEP-1-registry-seal"       /* box of a registration */
#define NEP_TAG_REGISTRY_OPEN "NEP-1-registry-open"       /* an auditor's factors */
#define NEP_TAG_REGISTRY_VERDICT "NEP-1-registry-verdict" /* by an audit signer */
#define NEP_TAG_EVENT_LISTING "NEP-1-event-listing"       /* hash: which archives an event has */
#define NEP_TAG_SHARD_REPORT "NEP-1-shard-report"         /* by who verified a part of an event */
#define NEP_TAG_UNSIGNED_REPORT "NEP-1-unsigned-report"   /* hash, in place of that signature */
#define NEP_TAG_VERIFY_STATE "NEP-1-verify-state"         /* hash of a verifier's own notes */
#define NEP_TAG_SIGNER_JOURNAL "NEP-1-signer-journal"     /* hash in nep-signer's own notes */

#endif
