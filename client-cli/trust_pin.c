#include "client-cli/trust_pin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/confirm.h"
#include "client-cli/folder.h"
#include "client-cli/registration_file.h"
#include "client-cli/say.h"
#include "crypto/hash.h"

/* What the folder keeps of an event's trust file. */
typedef struct pin {
  char *event;    /* path of the whole file; an event's name may hold any character, a path not */
  char *election; /* path of its fingerprint, by the election's uuid */
  bool has_event, has_election;
} pin;

static pin pin_of(const char *dir, const nep_summary *summary)
{
  char hash[65];
  nep_sha256_hex(summary->event, strlen(summary->event), hash);
  char *event = nep_sprintf("trust-%.16s.json", hash);
  char *election = nep_sprintf("trust-%s.txt", summary->uuid);
  pin p = {.event = nep_folder_path(dir, event), .election = nep_folder_path(dir, election)};
  p.has_event = nep_folder_has(dir, event);
  p.has_election = nep_folder_has(dir, election);
  free(election);
  free(event);
  return p;
}

static void pin_free(pin *p)
{
  free(p->election);
  free(p->event);
}

/* The server names the event; what this folder was registered in does not change its name. */
static nep_status check_registered_event(const char *dir, const nep_summary *summary,
                                         nep_error *err)
{
  nep_registration_file r = {0};
  if (!nep_folder_has(dir, "registration.json"))
    return NEP_OK;
  nep_status status = nep_registration_file_load(dir, "", &r, err);
  for (size_t i = 0; status == NEP_OK && i < r.n; i++)
    if (strcmp(r.uuids[i], summary->uuid) == 0 && strcmp(r.event, summary->event) != 0) {
      nep_fail(err, NEP_E_CHECK, "trust-event", "event",
               _("the server now says \"%s\", this folder is registered for the event \"%s\""),
               summary->event, r.event);
      status = nep_advise(err, "%s", _("do not vote with this server; tell the commission"));
    }
  nep_registration_file_free(&r);
  return status;
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

static nep_status compare_with_file(const char *path, nep_bytes shown, const nep_trust *t,
                                    nep_error *err)
{
  nep_buf pinned = {0};
  nep_status status = nep_file_read(path, NEP_TRUST_MAX, &pinned, err);
  if (status == NEP_OK && !nep_bytes_equal(nep_buf_bytes(&pinned), shown)) {
    nep_fail(err, NEP_E_CHECK, "trust-changed", path,
             _("the server now shows another trust file, with the fingerprint %s"), t->fingerprint);
    status = nep_advise(err, "%s",
                        _("ask the election commission; only when it has published this "
                          "fingerprint, run the command again with --trust"));
  }
  nep_buf_free(&pinned);
  return status;
}

static nep_status compare_with_folder(const pin *p, const nep_trust *t, nep_error *err)
{
  nep_status status = NEP_OK;
  if (p->has_event)
    status = compare_with_file(p->event, (nep_bytes){t->text, t->text_len}, t, err);
  if (status == NEP_OK && p->has_election)
    status = compare_with_file(p->election, nep_str_bytes(t->fingerprint), t, err);
  return status;
}

/* Only what is new, unless the person has named the fingerprint. */
static nep_status keep(const pin *p, const nep_trust *t, bool anew, nep_error *err)
{
  nep_status status = NEP_OK;
  if (anew || !p->has_event)
    status = nep_file_write(p->event, t->text, t->text_len, NEP_FILE_SECRET, err);
  if (status == NEP_OK && (anew || !p->has_election))
    status =
        nep_file_write(p->election, t->fingerprint, strlen(t->fingerprint), NEP_FILE_SECRET, err);
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
  pin p = pin_of(dir, summary);
  *out = NULL;
  nep_status status = check_registered_event(dir, summary, err);
  if (status == NEP_OK)
    status = download(h, summary, &t, err);
  if (status == NEP_OK && fingerprint != NULL)
    status = compare_with_option(t, fingerprint, err);
  else if (status == NEP_OK)
    status = p.has_event || p.has_election ? compare_with_folder(&p, t, err) : ask(t, err);
  if (status == NEP_OK)
    status = keep(&p, t, fingerprint != NULL, err);
  if (status == NEP_OK)
    *out = t;
  else
    nep_trust_free(t);
  pin_free(&p);
  return status;
}

nep_status nep_trust_names_key(const nep_trust *t, const char *key, nep_error *err)
{
  if (strcmp(t->receipts, key) == 0)
    return NEP_OK;
  return nep_fail(err, NEP_E_CHECK, "server-key-changed", "/v1/key",
                  _("the server's key is %s, the trust file names %s"), key, t->receipts);
}
