/* Whether the voter's last ballot counts: receipts held against the ballots of the credential in a
   verified archive. */
#ifndef NEP_CLIENT_CHECK_VERDICT_H
#define NEP_CLIENT_CHECK_VERDICT_H

#include "client-cli/own_ballots.h"
#include "records/receipt.h"

typedef enum nep_check_verdict {
  NEP_CHECK_LAST,     /* every receipt is kept, and the last ballot is the credential's last one */
  NEP_CHECK_MISSING,  /* a ballot with a receipt is not there, or not where the receipt says */
  NEP_CHECK_REPLACED, /* a later ballot of the credential counts, which this device has not cast */
} nep_check_verdict;

typedef struct nep_check_report {
  nep_check_verdict verdict;
  size_t missing;      /* receipts[missing] is not kept, for NEP_CHECK_MISSING */
  bool too_short;      /* ... because the archive ends before its height */
  size_t strangers;    /* ballots of the credential that no receipt is for */
  nep_own_ballot last; /* the credential's last ballot in the archive */
} nep_check_report;

/* n >= 1 receipts, the last cast last. */
void nep_check_receipts(const nep_own_ballots *own, const nep_cast_receipt *receipts, size_t n,
                        nep_check_report *out);

#endif
