#include "tally/tally_evidence.h"

#include <stdio.h>
#include <string.h>

#include "tally/valid_archive.h"

enum { LIST_MAX = NEP_ENVELOPES_MAX * (NEP_ENVELOPE_TEXT_MAX + 1) + 2 };

nep_status nep_envelopes_file(const char *path, nep_envelopes *list, nep_error *err)
{
  nep_buf text = {0};
  nep_status s = nep_cli_text(path, LIST_MAX, &text, err);
  if (s == NEP_OK) {
    s = nep_envelopes_add_text(list, nep_buf_bytes(&text), err);
    if (s != NEP_OK)
      s = nep_inside(err, s, "%s", path);
  }
  nep_buf_free(&text);
  return s;
}

nep_status nep_envelopes_option(const nep_arguments *a, const char *option, nep_envelopes *list,
                                nep_error *err)
{
  const char *paths[NEP_CLI_VALUES_MAX];
  size_t n = nep_options(a, option, paths);
  nep_status s = NEP_OK;
  for (size_t i = 0; s == NEP_OK && i < n; i++)
    s = nep_envelopes_file(paths[i], list, err);
  return s;
}

nep_status nep_casts_demanded(const nep_arguments *a, const char *archive, const nep_verified *v,
                              nep_error *err)
{
  nep_findings f = {0};
  nep_status s = nep_casts_beside(nep_option(a, "casts"), archive, v, 0, &f, err);
  if (s == NEP_OK)
    s = nep_findings_status(&f, err);
  nep_findings_free(&f);
  if (s == NEP_E_CHECK)
    return nep_advise(err, "the cast statements do not hold; nep-verify casts lists every fault");
  return s;
}

void nep_end_ballots_head(const nep_verified *v, nep_head *out)
{
  memset(out, 0, sizeof *out);
  snprintf(out->uuid, sizeof out->uuid, "%s", v->election->uuid);
  memcpy(out->event, v->end_ballots_head, sizeof out->event);
  out->height = v->end_ballots_height;
  out->size = v->end_ballots_size;
}

nep_status nep_mirrors_demanded(const nep_arguments *a, const nep_verified *v,
                                const nep_trust *trust, nep_error *err)
{
  nep_envelopes list = {0};
  nep_head head;
  nep_end_ballots_head(v, &head);
  nep_status s = nep_envelopes_option(a, "countersignature", &list, err);
  if (s == NEP_OK)
    s = nep_countersignatures_verify(list.texts, list.n, trust, &head, err);
  nep_envelopes_free(&list);
  if (s == NEP_E_CHECK)
    return nep_advise(err, "a mirror that has followed the election countersigns the EndBallots "
                           "head: nep-mirror, file UUID-closed.countersignature.json");
  return s;
}
