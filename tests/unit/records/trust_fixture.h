/* A trust file with keys whose secrets the tests have. */
#ifndef NEP_TESTS_RECORDS_TRUST_FIXTURE_H
#define NEP_TESTS_RECORDS_TRUST_FIXTURE_H

#include "records/trust.h"

enum { AUDITOR, SECRETARY, CHAIR, CLERK, OBSERVER, MIRROR, OTHER_MIRROR, STRANGER, FIXTURE_KEYS };

/* One audit signer, three officials of whom two are needed, one observer, two mirrors of whom one
 * is needed. */
typedef struct trust_fixture {
  nep_signing_key *keys[FIXTURE_KEYS];
  char hex[FIXTURE_KEYS][NEP_PUBLIC_KEY_HEX + 1];
  nep_buf text;
  nep_trust *trust;
} trust_fixture;

/* What a trust file says of the server, and asks of it. */
typedef struct trust_fixture_rules {
  const char *issuer, *audience, *claim;
  const char *receipts; /* key of nep-signer, hex */
  int64_t claims_period;
  uint64_t minimum_count;
  bool weights;
} trust_fixture_rules;

void trust_fixture_open_with(trust_fixture *x, const char *event, const trust_fixture_rules *rules);
/* For tests without a server: two voters at least, no weights. */
void trust_fixture_open(trust_fixture *x, const char *event, int64_t claims_period);
void trust_fixture_close(trust_fixture *x);

#endif
