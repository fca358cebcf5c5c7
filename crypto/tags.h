/* Purpose tags of protocol.md §3, all in one place. Each hash and signature has its own. */
#ifndef NEP_CRYPTO_TAGS_H
#define NEP_CRYPTO_TAGS_H

#define NEP_TAG_DERIVE_CREDENTIAL "BELENIOS-V2-derive_credential"
#define NEP_TAG_DERIVE_SK "BELENIOS-V2-derive_sk"
#define NEP_TAG_DERIVE_DK "BELENIOS-V2-derive_dk"
#define NEP_TAG_PEDERSEN_POLYNOMIAL "BELENIOS-V2-pedersen-polynomial"
#define NEP_TAG_BASIC_KEY "BELENIOS-V2-basic_key"

#define NEP_TAG_PROVE "BELENIOS-V2-prove"
#define NEP_TAG_BLANK_PROOF "BELENIOS-V2-bproof0"
#define NEP_TAG_BLANK_OVERALL "BELENIOS-V2-bproof1"
#define NEP_TAG_DECRYPT "BELENIOS-V2-decrypt"

#define NEP_TAG_BALLOT "BELENIOS-V2-ballot"
#define NEP_TAG_VERIFICATION_KEY "BELENIOS-V2-verification_key"
#define NEP_TAG_OUTER_VERIFICATION_KEY "BELENIOS-V2-outer-verification_key"
#define NEP_TAG_BASIC_CERT "BELENIOS-V2-basic-cert"
#define NEP_TAG_PEDERSEN_CERT "BELENIOS-V2-pedersen-cert"
#define NEP_TAG_PEDERSEN_CERTS "BELENIOS-V2-pedersen-certs"
#define NEP_TAG_PARTIAL_DECRYPTION "BELENIOS-V2-partial_decryption"
#define NEP_TAG_CREDENTIALS_CERTIFICATE "BELENIOS-V2-credentials_certificate"

/* Channels append "-channel_msg_inner" and "-channel_msg_inner-channel_msg_outer" to these. */
#define NEP_TAG_SECRET "BELENIOS-V2-secret"
#define NEP_TAG_PEDERSEN_DECRYPTION_KEY "BELENIOS-V2-pedersen-decryption_key"

/* Our own, of what lies below records/: a ballot's randomness from its seed, the code of a ballot.
 */
#define NEP_TAG_BALLOT_RANDOMNESS "NEP-1-ballot-randomness"
#define NEP_TAG_BALLOT_CODE "NEP-1-ballot-code"

#endif
