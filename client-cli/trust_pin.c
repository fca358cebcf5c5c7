#include "client-cli/trust_pin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/confirm.h"
#include "client-cli/folder.h"
#include "client-cli/say.h"
#include "crypto/hash.h"

/* An event's name may hold any character, a file's name not. */
static char *pin_name(const char *event)
{
  char hash[65];
  nep_sha256_hex(event, strlen(event), hash);
  return nep_sprintf("trust-%.16s.json", hash);
}

static nep_status download(nep_http *h, const nep_summary *summary, nep_trust **out, nep_error *err)
{
  nep_buf text = {0};
  char *path = nep_sprintf("/v1/elections/%s/trust", summary->uuid);
  nep_status status = nep_http_get(h, path, NEP_TRUST_MAX, &text, err);
  if (status == NEP_OK)
    status = nep_trust_parse(nep_buf_bytes(&text), out, err);
  if (status != NEP_OK)
    status = nep_inside(err, status, "%s", _("trust file"));
  else if (strcmp((*out)->event, summary->event) != 0)
    status = nep_fail(err, NEP_E_CHECK, "trust-event", "event",
                      _("the server's trust file is that of another event (%s)"), (*out)->event);
  free(path);
  nep_buf_free(&text);
  return status;
}

static nep_status compare_with_option(const nep_trust *t, const char *fingerprint, nep_error *err)
{
  if (strcmp(t->fingerprint, fingerprint) == 0)
    return NEP_OK;
  nep_fail(err, NEP_E_CHECK, "trust-differs", "--trust",
           _("the server's trust file has the fingerprint %s, expected was %s"), t->fingerprint,
           fingerprint);
  return nep_advise(err, "%s",
                    _("do not vote with this server before the election commission has told you "
                      "which fingerprint is right"));
}

static nep_status compare_with_folder(const char *path, const nep_trust *t, nep_error *err)
{
  nep_buf pinned = {0};
  nep_status status = nep_file_read(path, NEP_TRUST_MAX, &pinned, err);
  if (status == NEP_OK &&
      (pinned.len != t->text_len || memcmp(pinned.data, t->text, t->text_len) != 0)) {
    nep_fail(err, NEP_E_CHECK, "trust-changed", path,
             _("the server now shows another trust file, with the fingerprint %s"), t->fingerprint);
    status = nep_advise(err, "%s",
                        _("ask the election commission; only when it has published this "
                          "fingerprint, run the command again with --trust"));
  }
  nep_buf_free(&pinned);
  return status;
}

static nep_status ask(const nep_trust *t, nep_error *err)
{
  bool yes = false;
  fputs(_("The trust file of the event "), stderr);
  nep_show(stderr, t->event);
  fprintf(stderr,
          _(" says who may sign for the commission, the auditors and this server. Its fingerprint:"
            "\n  %s\nCompare it, character by character, with the one on your voter card or in the "
            "commission's announcement.\n"),
          t->fingerprint);
  nep_status status = nep_confirm(_("Are they the same? [y/N] "), &yes, err);
  if (status == NEP_OK && !yes)
    status = nep_fail(err, NEP_E_CHECK, "trust-unconfirmed", t->fingerprint,
                      _("was not confirmed: nothing was done"));
  if (status != NEP_OK)
    nep_advise(err, "%s",
               _("give the published fingerprint with --trust, or answer the question at a "
                 "terminal"));
  return status;
}

nep_status nep_trust_pin(nep_http *h, const char *dir, const char *fingerprint,
                         const nep_summary *summary, nep_trust **out, nep_error *err)
{
  nep_trust *t = NULL;
  *out = NULL;
  char *name = pin_name(summary->event);
  char *path = nep_folder_path(dir, name);
  bool pinned = nep_folder_has(dir, name);
  nep_status status = download(h, summary, &t, err);
  if (status == NEP_OK && fingerprint != NULL)
    status = compare_with_option(t, fingerprint, err);
  else if (status == NEP_OK)
    status = pinned ? compare_with_folder(path, t, err) : ask(t, err);
  if (status == NEP_OK && (fingerprint != NULL || !pinned))
    status = nep_file_write(path, t->text, t->text_len, NEP_FILE_SECRET, err);
  if (status == NEP_OK)
    *out = t;
  else
    nep_trust_free(t);
  free(path);
  free(name);
  return status;
}
