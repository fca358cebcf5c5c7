/* A ballot that an earlier verification has proved (protocol/verify_prefix.h): it is read again,
   because it is counted again, and its proofs are taken over. */
#include <string.h>

#include "protocol/ballot.h"

/* What nep_ballot_verify runs on a sound ballot after reading it, in its order. */
static uint64_t count_proofs(const nep_election *e, nep_findings *f)
{
  uint64_t total = 1;
  nep_checked(f, "ballot signatures", 1);
  for (size_t q = 0; q < e->n_questions; q++) {
    size_t n = nep_question_choices(&e->questions[q]);
    nep_checked(f, "ballot group memberships", 2 * n);
    nep_checked(f, "ballot individual proofs", n);
    if (e->questions[q].blank)
      nep_checked(f, "ballot blank proofs", 1);
    nep_checked(f, "ballot overall proofs", 1);
    total += 3 * n + (e->questions[q].blank ? 2 : 1);
  }
  return total;
}

uint64_t nep_ballot_take_over(const nep_election *e, const nep_credentials *c, nep_bytes text,
                              const char *object, nep_ballot **out, size_t *place, nep_findings *f)
{
  *place = SIZE_MAX;
  nep_ballot_parse(e, text, object, out, f);
  if (f->n_faults > 0 || !*out)
    return 0;
  const char *credential = (*out)->credential;
  if (!nep_check(f, "ballot credentials",
                 nep_credentials_find(c, credential, strlen(credential), place),
                 "ballot-unknown-credential", object, "the credential is not in the list"))
    return 0;
  return count_proofs(e, f);
}
