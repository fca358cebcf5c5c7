/* nep-voter register: credentials are made on this device and stored before anything is sent; the
   identity provider signs a nonce that names them; the server's signed receipt ends it. A run that
   was cut short is taken up again with the same credentials. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/idtoken_command.h"
#include "client-cli/own_registration.h"
#include "client-cli/registration_file.h"
#include "client-cli/registration_make.h"
#include "client-cli/registration_receipt.h"
#include "client-cli/say.h"
#include "client-cli/summary.h"
#include "client-cli/trust_pin.h"
#include "client-cli/voter.h"

enum { RECEIPT_MAX = 65536 };

/* ---- the request ---- */

static nep_status prove_possession(nep_voter *v, const nep_registration_file *r, size_t i,
                                   nep_buf *proof, nep_error *err)
{
  nep_summary summary;
  char private[NEP_CREDENTIAL_LENGTH + 1] = "";
  nep_scalar key;
  nep_status status = nep_summary_get(v->http, r->uuids[i], &summary, err);
  if (status == NEP_OK)
    status = nep_folder_credential_load(v->dir, r->uuids[i], NEP_FOLDER_NEW, private, err);
  if (status == NEP_OK) {
    nep_credential_key(summary.group, r->uuids[i], private, &key);
    nep_possession_make(summary.group, &key, r->uuids[i], r->nonce, proof);
    nep_scalar_wipe(&key);
  }
  nep_wipe(private, sizeof private);
  nep_summary_free(&summary);
  return status;
}

static nep_status make_body(nep_voter *v, const nep_registration_file *r, nep_buf *body,
                            nep_error *err)
{
  nep_buf proofs[NEP_REGISTRATION_ELECTIONS_MAX] = {0}, token = {0};
  const char *uuids[NEP_REGISTRATION_ELECTIONS_MAX], *credentials[NEP_REGISTRATION_ELECTIONS_MAX],
      *texts[NEP_REGISTRATION_ELECTIONS_MAX];
  nep_status status = NEP_OK;
  for (size_t i = 0; i < r->n && status == NEP_OK; i++) {
    status = prove_possession(v, r, i, &proofs[i], err);
    uuids[i] = r->uuids[i];
    credentials[i] = r->credentials[i];
    texts[i] = proofs[i].data;
  }
  if (status == NEP_OK)
    status = nep_idtoken_from_command(v->id_token_command, r->nonce, &token, err);
  nep_buf_room(body,
               NEP_REGISTRATION_TEXT_MAX); /* a buffer that moves leaves a copy of the token */
  if (status == NEP_OK)
    nep_registration_write(r->event, r->salt, r->replaces[0] == '\0' ? NULL : r->replaces, uuids,
                           credentials, texts, r->n, token.data, body);
  nep_buf_wipe(&token);
  for (size_t i = 0; i < NEP_REGISTRATION_ELECTIONS_MAX; i++)
    nep_buf_free(&proofs[i]);
  return status;
}

/* The key of receipts is the one that the published trust file names, when the voter gave its
   fingerprint; otherwise it is held against the trust file after the freeze. */
static nep_status check_key(nep_voter *v, const char *uuid, nep_error *err)
{
  nep_summary summary = {0};
  nep_trust *trust = NULL;
  if (v->trust == NULL)
    return NEP_OK;
  nep_status status = nep_summary_get(v->http, uuid, &summary, err);
  if (status == NEP_OK)
    status = nep_trust_pin(v->http, v->dir, v->trust, &summary, &trust, err);
  if (status == NEP_OK)
    status = nep_trust_names_key(trust, v->key, err);
  nep_trust_free(trust);
  nep_summary_free(&summary);
  return status;
}

/* The server's clear refusal ends this registration; a refused ID token does not: the next sign-in
   takes it up again. Nothing is deleted. */
static void set_aside(nep_voter *v, const nep_registration_file *r, long http_status,
                      const nep_error *why)
{
  nep_error err = {0};
  bool refused = http_status >= 400 && http_status < 500 && http_status != 408 &&
                 http_status != 429 && strcmp(why->code, "id-token") != 0;
  nep_status status = NEP_OK;
  for (size_t i = 0; refused && status == NEP_OK && i < r->n; i++)
    status = nep_folder_credential_refused(v->dir, r->uuids[i], r->nonce, &err);
  if (refused && status == NEP_OK)
    status = nep_registration_file_refused(v->dir, r->nonce, &err);
  if (status != NEP_OK)
    nep_say_error("nep-voter", &err);
}

static nep_status send(nep_voter *v, nep_registration_file *r, nep_error *err)
{
  nep_buf body = {0}, answer = {0};
  long http_status = 0;
  nep_status status = make_body(v, r, &body, err);
  if (status == NEP_OK) {
    nep_request request = {.path = "/v1/registrations",
                           .content_type = "application/json",
                           .body = nep_buf_bytes(&body),
                           .max = RECEIPT_MAX,
                           .http_status = &http_status,
                           .tries = 3};
    status = nep_http_send(v->http, &request, &answer, err);
    if (status != NEP_OK)
      set_aside(v, r, http_status, err);
  }
  while (answer.len > 0 && answer.data[answer.len - 1] == '\n')
    answer.data[--answer.len] = '\0';
  if (status == NEP_OK)
    status = nep_registration_receipt_check(r, nep_buf_bytes(&answer), v->key, err);
  if (status == NEP_OK) {
    r->receipt = nep_buf_take(&answer, NULL);
    status = nep_registration_file_save(v->dir, NEP_FOLDER_NEW, r, err);
  }
  nep_buf_wipe(&body);
  nep_buf_free(&answer);
  return status;
}

/* With the receipt stored, the new files take the place of the old ones; repeated when cut short.
 */
static nep_status confirm(nep_voter *v, const nep_registration_file *r, nep_error *err)
{
  nep_status status = NEP_OK;
  for (size_t i = 0; i < r->n && status == NEP_OK; i++)
    status = nep_folder_credential_confirm(v->dir, r->uuids[i], r->replaces, err);
  if (status != NEP_OK)
    return status;
  char *new = nep_folder_path(v->dir, "registration.json" NEP_FOLDER_NEW);
  status = nep_registration_file_save(v->dir, "", r, err);
  if (status == NEP_OK && remove(new) != 0)
    status = nep_fail(err, NEP_E_IO, "file", new, _("cannot be removed"));
  free(new);
  return status;
}

/* ---- the command ---- */

static void report(const nep_voter *v, const nep_registration_file *r)
{
  printf(ngettext("You are registered for %zu election of the event ",
                  "You are registered for %zu elections of the event ", r->n),
         r->n);
  nep_show(stdout, r->event);
  puts(":");
  for (size_t i = 0; i < r->n; i++)
    printf("  %s\n", r->uuids[i]);
  printf(_("Your secret credentials lie in %s. Keep the folder: who has it can vote for you.\n"),
         v->dir);
}

static nep_status finish(nep_voter *v, nep_registration_file *r, nep_error *err)
{
  nep_status status = check_key(v, r->uuids[0], err);
  if (status == NEP_OK && r->receipt == NULL)
    status = send(v, r, err);
  if (status == NEP_OK)
    status = confirm(v, r, err);
  if (status == NEP_OK)
    report(v, r);
  return status;
}

static nep_status resume(nep_voter *v, nep_error *err)
{
  nep_registration_file r;
  fputs(_("A registration was begun earlier; it is taken up again.\n"), stderr);
  nep_status status = nep_registration_file_load(v->dir, NEP_FOLDER_NEW, &r, err);
  if (status == NEP_OK && strcmp(r.event, v->event) != 0)
    status = nep_fail(err, NEP_E_STATE, "other-event", v->dir,
                      _("a registration for the event \"%s\" was begun here"), r.event);
  if (status == NEP_OK)
    status = finish(v, &r, err);
  nep_registration_file_free(&r);
  return status;
}

static nep_status already(nep_voter *v, nep_registration_file *old, nep_error *err)
{
  nep_status status = nep_registration_file_load(v->dir, "", old, err);
  if (status == NEP_OK && strcmp(old->event, v->event) != 0) {
    status = nep_fail(err, NEP_E_STATE, "other-event", v->dir,
                      _("holds a registration for the event \"%s\""), old->event);
    nep_advise(err, _("use another folder (--dir) for another event"));
  }
  return status;
}

static nep_status start(nep_voter *v, const nep_replaced *replaced, nep_error *err)
{
  nep_registration_file r;
  nep_status status = nep_registration_prepare(v, replaced, &r, err);
  if (status == NEP_OK)
    status = finish(v, &r, err);
  nep_registration_file_free(&r);
  return status;
}

static nep_status report_known(nep_voter *v, const nep_registration_file *old, nep_error *err)
{
  nep_status status = check_key(v, old->uuids[0], err);
  if (status == NEP_OK)
    report(v, old);
  return status;
}

/* The registration to be replaced: of this folder, or, when that is lost, the server's. */
static nep_status replace(nep_voter *v, bool known, const nep_registration_file *old,
                          nep_error *err)
{
  nep_replaced replaced = {0};
  nep_status status = NEP_OK;
  if (known) {
    memcpy(replaced.nonce, old->nonce, sizeof replaced.nonce);
    memcpy(replaced.uuids, old->uuids, sizeof replaced.uuids);
    replaced.n = old->n;
  } else
    status = nep_own_registration(v, v->event, &replaced, err);
  return status == NEP_OK ? start(v, &replaced, err) : status;
}

nep_status nep_voter_register(nep_voter *v, nep_error *err)
{
  nep_registration_file old = {0};
  if (v->event == NULL || !nep_event_is_valid(v->event, strlen(v->event)))
    return nep_fail(err, NEP_E_INPUT, "usage", "--event", _("is needed: the event's name"));
  if (v->id_token_command == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", "--id-token-command", _("is needed"));
  nep_status status = nep_voter_key(v, err);
  if (status != NEP_OK)
    return status;
  if (nep_folder_has(v->dir, "registration.json" NEP_FOLDER_NEW))
    return resume(v, err);
  bool known = nep_folder_has(v->dir, "registration.json");
  if (known)
    status = already(v, &old, err);
  if (status == NEP_OK && v->replace)
    status = replace(v, known, &old, err);
  else if (status == NEP_OK && known)
    status = report_known(v, &old, err);
  else if (status == NEP_OK)
    status = start(v, &(nep_replaced){0}, err);
  nep_registration_file_free(&old);
  return status;
}
