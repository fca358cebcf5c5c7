/* Whether the voter's last ballot counts: what this folder has cast, held against the ballots of
   the credential in a verified archive. */
#ifndef NEP_CLIENT_CHECK_VERDICT_H
#define NEP_CLIENT_CHECK_VERDICT_H

#include "client-cli/own_ballots.h"
#include "client-cli/own_casts.h"

typedef enum nep_check_verdict {
  NEP_CHECK_LAST,     /* every receipt is kept, and the credential's last ballot is this folder's */
  NEP_CHECK_MISSING,  /* a ballot with a receipt is not there, or not where the receipt says */
  NEP_CHECK_REFUSED,  /* a ballot that the server refused is there */
  NEP_CHECK_ORDER,    /* an older ballot of this folder stands after a newer one */
  NEP_CHECK_REPLACED, /* the credential's last ballot was not made with this folder */
  NEP_CHECK_NONE,     /* no receipt, and no ballot of the credential is there */
} nep_check_verdict;

typedef struct nep_check_report {
  nep_check_verdict verdict;
  const nep_own_cast *cast;     /* what it is about; NULL for NEP_CHECK_NONE and _REPLACED */
  const nep_own_ballot *ballot; /* where it stands, for NEP_CHECK_REPLACED the one in its place;
                                   NULL for NEP_CHECK_NONE and _MISSING */
  bool too_short;   /* NEP_CHECK_MISSING because the archive ends before the receipt's height */
  size_t strangers; /* ballots of the credential that this folder has not made */
} nep_check_report;

/* The casts of the credential, with the receipts of those that are confirmed. The report points
   into both. */
void nep_check_casts_against(const nep_own_ballots *own, const nep_own_casts *casts,
                             nep_check_report *out);

/* A ballot that was sent and has no receipt. Whether it stands in the archive: */
bool nep_check_stands(const nep_own_ballots *own, const nep_own_cast *cast);

#endif
