/* What was cast with one credential: a registered person who did not vote can show that nothing was
   cast for it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "base/memory.h"
#include "protocol/ballot.h"
#include "tally/dispute_rules.h"

static void nothing(nep_dispute *d, const nep_branch *b)
{
  const char *voucher = nep_branch_voucher(d, b, b->n_events - 1);
  if (!voucher)
    nep_dispute_say(d, NEP_NOTED, "nothing-cast-copy", NULL, b->file, NULL,
                    _("The credential is registered, and no ballot in %s is cast with it. But "
                      "nothing shows that this copy is the server's record: add a head that the "
                      "server signed for it, or name it with --published if you fetched it "
                      "yourself."),
                    b->file);
  else if (!b->closed)
    nep_dispute_say(
        d, NEP_NOTED, "nothing-cast-yet", NULL, b->file, voucher,
        _("The credential is registered, and so far nobody has voted with it: %s (shown "
          "by %s) has no ballot of it. Voting has not ended in this copy; look again "
          "when it has."),
        b->file, voucher);
  else
    nep_dispute_say(d, NEP_NOTED, "nothing-cast", NULL, b->file, voucher,
                    _("Nobody voted with this credential. It is registered, voting has ended, and "
                      "the whole record %s (shown by %s) has no ballot of it: no vote was counted "
                      "in the name of the person who holds it."),
                    b->file, voucher);
}

static void some(nep_dispute *d, const nep_branch *b, const nep_placed_list *own)
{
  const nep_placed *last = &own->list[own->n - 1];
  nep_dispute_say(
      d, NEP_OPEN, "ballots-cast", NULL, b->file, NULL,
      _("%s holds ballots of the credential: %zu. The last one is %s, number %" PRIu64
        " of the record; only it counts. Each is signed with the credential's private key, so by "
        "its holder or by somebody who got hold of it, and the server could not have made it: the "
        "record cannot tell who. A holder who did not vote should tell the commission."),
      b->file, own->n, last->tracker, last->height);
}

static void conclude(nep_dispute *d, const nep_branch *b, const char *credential,
                     const nep_placed_list *own)
{
  size_t place;
  bool listed =
      b->verified->credentials &&
      nep_credentials_find(b->verified->credentials, credential, strlen(credential), &place);
  if (!listed)
    nep_dispute_say(d, NEP_OPEN, "credential-unlisted", NULL, b->file, NULL,
                    _("The credential is not in the list of registered credentials of %s."),
                    b->file);
  else if (own->n == 0)
    nothing(d, b);
  else
    some(d, b, own);
}

static nep_status look(nep_dispute *d, const nep_branch *b, const char *public_text,
                       const char *private_text, nep_error *err)
{
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_scalar key;
  nep_placed_list own;
  nep_status s = NEP_OK;
  if (!b->verified->election)
    return NEP_OK;
  if (private_text) {
    s = nep_ballot_credential(b->verified->election, private_text, &key, text, err);
    nep_wipe(&key, sizeof key);
    public_text = text;
  }
  if (s == NEP_OK && !nep_branch_ballots(b, public_text, &own))
    s = nep_fail(err, NEP_E_IO, "file", b->file, "cannot be read again");
  if (s == NEP_OK) {
    conclude(d, b, public_text, &own);
    free(own.list);
  }
  return s;
}

nep_status nep_dispute_credential(nep_dispute *d, const char *public_text, const char *private_text,
                                  nep_error *err)
{
  nep_status s = NEP_OK;
  for (size_t i = 0; i < d->n_branches && s == NEP_OK; i++)
    s = look(d, &d->branches[i], public_text, private_text, err);
  return s;
}
