#include "client-cli/own_casts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/own_ballots.h"
#include "crypto/hash.h"
#include "protocol/ballot.h"

static unsigned last_number(const char *dir, const char *uuid)
{
  unsigned sent = nep_folder_casts(dir, uuid, NEP_CAST_BALLOT);
  unsigned refused = nep_folder_casts(dir, uuid, NEP_CAST_REFUSED);
  return sent > refused ? sent : refused;
}

static bool kind_of(const char *dir, const char *uuid, unsigned n, nep_cast_file *kind)
{
  *kind = nep_folder_has_cast(dir, uuid, NEP_CAST_BALLOT, n) ? NEP_CAST_BALLOT : NEP_CAST_REFUSED;
  return nep_folder_has_cast(dir, uuid, *kind, n);
}

static nep_own_cast *append(nep_own_casts *c)
{
  if ((c->n & (c->n - 1)) == 0)
    c->list = nep_realloc(c->list, c->n == 0 ? 1 : 2 * c->n, sizeof *c->list);
  memset(&c->list[c->n], 0, sizeof *c->list);
  return &c->list[c->n++];
}

static nep_status add(const char *dir, const char *uuid, unsigned n, nep_cast_file kind,
                      const char *credential, nep_own_casts *out, nep_error *err)
{
  nep_buf text = {0};
  nep_status status = nep_folder_cast_load(dir, uuid, kind, n, &text, err);
  if (status == NEP_OK && nep_ballot_is_of(nep_buf_bytes(&text), credential)) {
    nep_own_cast *cast = append(out);
    cast->n = n;
    cast->refused = kind == NEP_CAST_REFUSED;
    cast->confirmed = nep_folder_has_cast(dir, uuid, NEP_CAST_RECEIPT, n);
    nep_sha256_hex(text.data, text.len, cast->hash);
    if (!nep_tracker(cast->hash, cast->tracker))
      status = nep_fail(err, NEP_E_INTERNAL, "hash", NULL, "a hash is malformed");
  }
  nep_buf_free(&text);
  return status;
}

nep_status nep_own_casts_read(const char *dir, const char *uuid, const char *credential,
                              nep_own_casts *out, nep_error *err)
{
  unsigned last = last_number(dir, uuid);
  nep_status status = NEP_OK;
  nep_cast_file kind;
  memset(out, 0, sizeof *out);
  for (unsigned n = 1; n <= last && status == NEP_OK; n++)
    if (kind_of(dir, uuid, n, &kind))
      status = add(dir, uuid, n, kind, credential, out, err);
  return status;
}

const nep_own_cast *nep_own_casts_find(const nep_own_casts *c, const char *tracker)
{
  for (size_t i = 0; i < c->n; i++)
    if (strcmp(c->list[i].tracker, tracker) == 0)
      return &c->list[i];
  return NULL;
}

void nep_own_casts_free(nep_own_casts *c)
{
  free(c->list);
  memset(c, 0, sizeof *c);
}

nep_status nep_no_receipt(const char *dir, nep_error *err)
{
  (void)nep_fail(err, NEP_E_NOT_FOUND, "no-receipt", dir,
                 _("holds no receipt of a ballot in this election"));
  return nep_advise(err, "%s",
                    _("vote first, or give the folder of the device that you voted with"));
}

nep_status nep_own_casts_credential(const char *dir, const nep_election *e,
                                    char credential[NEP_ELEMENT_TEXT_MAX], nep_error *err)
{
  nep_buf text = {0};
  nep_ballot *ballot = NULL;
  nep_findings ignored = {0};
  nep_cast_file kind;
  unsigned last = last_number(dir, e->uuid);
  if (!kind_of(dir, e->uuid, last, &kind))
    return nep_no_receipt(dir, err);
  nep_status status = nep_folder_cast_load(dir, e->uuid, kind, last, &text, err);
  if (status == NEP_OK)
    nep_ballot_parse(e, nep_buf_bytes(&text), "ballot", &ballot, &ignored);
  if (status == NEP_OK && ballot == NULL)
    status = nep_fail(err, NEP_E_INPUT, "ballot-file", dir, _("the ballot is damaged"));
  if (status == NEP_OK)
    snprintf(credential, NEP_ELEMENT_TEXT_MAX, "%s", ballot->credential);
  nep_ballot_free(ballot);
  nep_findings_free(&ignored);
  nep_buf_free(&text);
  return status;
}
