#include "client-cli/paper_signed.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/lang.h"
#include "base/memory.h"
#include "records/envelopes.h"
#include "records/freeze_act.h"

enum { ACTS_TEXT_MAX = NEP_ENVELOPES_MAX * (NEP_ENVELOPE_TEXT_MAX + 1) + 2 };

static nep_status get(nep_http *h, const nep_paper *paper, const char *name, size_t max,
                      nep_buf *text, nep_error *err)
{
  char *path = nep_sprintf("/v1/elections/%s/documents/%s", paper->election->uuid, name);
  nep_status status = nep_http_get(h, path, max, text, err);
  free(path);
  return status;
}

static void expect(const nep_paper *p, const nep_trust *trust, nep_freeze_act *act)
{
  *act = (nep_freeze_act){.time = ""};
  snprintf(act->uuid, sizeof act->uuid, "%s", p->election->uuid);
  snprintf(act->election_hash, sizeof act->election_hash, "%s", p->election->phi);
  snprintf(act->trustees_hash, sizeof act->trustees_hash, "%s", p->trustees_hash);
  snprintf(act->credentials_hash, sizeof act->credentials_hash, "%s", p->credentials_hash);
  snprintf(act->setup_hash, sizeof act->setup_hash, "%s", p->setup_hash);
  snprintf(act->trust, sizeof act->trust, "%s", trust->hash);
}

nep_status nep_paper_acts(nep_http *h, const nep_paper *paper, const nep_trust *trust,
                          nep_error *err)
{
  nep_envelopes acts = {0};
  nep_freeze_act expected;
  nep_buf text = {0};
  nep_status status = get(h, paper, "freeze-acts", ACTS_TEXT_MAX, &text, err);
  bool shown = status == NEP_OK; /* a server that cannot be reached has shown nothing wrong */
  if (status == NEP_OK)
    status = nep_envelopes_add_text(&acts, nep_buf_bytes(&text), err);
  if (status == NEP_OK) {
    expect(paper, trust, &expected);
    status = nep_freeze_acts_verify(acts.texts, acts.n, trust, &expected, err);
  }
  if (status != NEP_OK) {
    status = nep_inside(err, status, "%s", _("freeze acts of the officials"));
    if (shown)
      nep_advise(
          err, "%s",
          _("do not vote with what this server shows: the officials have not signed it; tell "
            "the commission and observers"));
  }
  nep_envelopes_free(&acts);
  nep_buf_free(&text);
  return status;
}

nep_status nep_paper_verdict(nep_http *h, const nep_paper *paper, const nep_trust *trust,
                             nep_registry_verdict *out, nep_error *err)
{
  nep_buf text = {0};
  nep_status status = get(h, paper, "verdict", NEP_ENVELOPE_TEXT_MAX, &text, err);
  if (status == NEP_OK)
    status = nep_registry_verdict_check(nep_buf_bytes(&text), trust, paper->election->uuid,
                                        paper->credentials_hash, out, err);
  if (status == NEP_OK && out->counts.credentials != nep_credentials_count(paper->credentials))
    status = nep_fail(err, NEP_E_CHECK, "verdict-counts", "counts.credentials",
                      _("the auditors counted %llu credentials, the list has %zu"),
                      (unsigned long long)out->counts.credentials,
                      nep_credentials_count(paper->credentials));
  nep_buf_free(&text);
  return status == NEP_OK ? status : nep_inside(err, status, "%s", _("verdict of the auditors"));
}
