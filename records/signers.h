/* Inside records/ only: who of the pinned persons signed, each counted once. */
#ifndef NEP_RECORDS_SIGNERS_H
#define NEP_RECORDS_SIGNERS_H

#include "records/trust.h"

typedef struct nep_signers {
  const nep_trust *trust;
  bool signed_by[NEP_ROLE_COUNT][NEP_TRUST_PERSONS_MAX];
} nep_signers;

/* Counts the signature of a person that nep_trust_find gave. */
void nep_signers_add(nep_signers *s, nep_role role, const nep_pinned *person);
/* Code "too-few-acts", of mirrors "too-few-countersignatures", when fewer of the role signed than
 * the trust file asks for. */
NEP_MUST_USE nep_status nep_signers_enough(const nep_signers *s, nep_role role, nep_error *err);

/* A field of an act or countersignature that must be the expected one; `code` as the act's. */
NEP_MUST_USE nep_status nep_act_field(const char *code, const char *field, const char *found,
                                      const char *expected, nep_error *err);

#endif
