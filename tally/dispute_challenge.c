/* A challenged ballot against the code that the device showed. The code is the voter's word: it
   convinces whoever wrote it down, and those who believe them. */
#include <string.h>

#include "base/lang.h"
#include "base/memory.h"
#include "records/challenge.h"
#include "records/choices.h"
#include "tally/dispute_rules.h"

static const char *const device_faults[] = {"challenge-choices", "challenge-message",
                                            "challenge-code"};

static bool accuses_device(const nep_findings *f)
{
  for (size_t i = 0; i < f->n_faults; i++)
    for (size_t k = 0; k < sizeof device_faults / sizeof *device_faults; k++)
      if (strcmp(f->faults[i].code, device_faults[k]) == 0)
        return true;
  return false;
}

static void conclude(nep_dispute *d, const nep_paper *p, const nep_branch *b, const nep_findings *f)
{
  if (f->n_faults == 0)
    nep_dispute_say(d, NEP_NOTED, "challenge-held", NULL, p->file, b->file,
                    _("%s: the device had encrypted what it was told; nep-verify challenge shows "
                      "what that was."),
                    p->file);
  else if (accuses_device(f))
    nep_dispute_say(d, NEP_SHOWN, "challenge-failed", "device", p->file, b->file,
                    _("The voter's device cheated, or its program is faulty: for the code %s it "
                      "revealed %s, which does not fit (%s). This convinces whoever wrote the code "
                      "down."),
                    p->code, p->file, f->faults[0].reason);
  else
    nep_dispute_say(d, NEP_OPEN, "challenge-unreadable", NULL, p->file, b->file,
                    _("%s is no evidence: %s."), p->file, f->faults[0].reason);
}

/* The archive of the election that the challenge names. */
static const nep_branch *branch_of(const nep_dispute *d, const nep_paper *p)
{
  json_t *json = NULL;
  const char *uuid = NULL;
  const nep_branch *found = NULL;
  if (nep_json_parse(nep_buf_bytes(&p->text), &json, NULL) == NEP_OK)
    uuid = json_string_value(json_object_get(json, "uuid"));
  for (size_t i = 0; uuid && !found && i < d->n_branches; i++)
    if (strcmp(uuid, d->branches[i].uuid) == 0 && d->branches[i].verified->election)
      found = &d->branches[i];
  json_decref(json);
  return found;
}

static void hold(nep_dispute *d, const nep_paper *p)
{
  nep_findings f = {0};
  const nep_branch *b = branch_of(d, p);
  if (!p->code || !b) {
    nep_dispute_say(d, NEP_OPEN, "challenge-alone", NULL, p->file, NULL,
                    _("%s is no evidence without the code that the device showed (--code) and an "
                      "archive of its election: anybody can write such a file."),
                    p->file);
    return;
  }
  nep_choice *choices = nep_choices_new(b->verified->election);
  nep_ballot_challenge_verify(b->verified->election, nep_buf_bytes(&p->text), p->code, choices, &f);
  conclude(d, p, b, &f);
  nep_secret_free(choices);
  nep_findings_free(&f);
}

void nep_dispute_rule_challenge(nep_dispute *d)
{
  for (size_t i = 0; i < d->n_papers; i++)
    if (d->papers[i].kind == NEP_PAPER_CHALLENGE)
      hold(d, &d->papers[i]);
}
