#include "client-cli/registration_make.h"

#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "client-cli/folder.h"
#include "client-cli/summary.h"

/* ---- which elections ---- */

static int by_text(const void *a, const void *b)
{
  return strcmp(a, b);
}

static nep_status add_election(nep_registration_file *r, const char *uuid, nep_error *err)
{
  for (size_t i = 0; i < r->n; i++)
    if (strcmp(r->uuids[i], uuid) == 0)
      return NEP_OK;
  if (r->n == NEP_REGISTRATION_ELECTIONS_MAX)
    return nep_fail(err, NEP_E_INPUT, "usage", "--election",
                    _("at most %d elections can be registered for at once"),
                    NEP_REGISTRATION_ELECTIONS_MAX);
  memcpy(r->uuids[r->n++], uuid, strlen(uuid) + 1);
  return NEP_OK;
}

static nep_status elections_of_event(nep_voter *v, nep_registration_file *r, nep_error *err)
{
  json_t *list = NULL;
  size_t i;
  const json_t *e;
  nep_status status = nep_elections_get(v->http, &list, err);
  json_array_foreach(list, i, e)
  {
    const char *uuid = json_string_value(json_object_get(e, "uuid"));
    const char *event = json_string_value(json_object_get(e, "event"));
    const char *phase = json_string_value(json_object_get(e, "phase"));
    if (status == NEP_OK && uuid != NULL && strlen(uuid) <= 64 && event != NULL && phase != NULL &&
        strcmp(event, v->event) == 0 && strcmp(phase, "registration") == 0)
      status = add_election(r, uuid, err);
  }
  json_decref(list);
  if (status == NEP_OK && r->n == 0)
    status = nep_fail(err, NEP_E_NOT_FOUND, "no-election", v->event,
                      _("this event has no election whose registration is open"));
  return status;
}

/* Those named on the command line, else those of the registration to be replaced, else all of the
   event. */
static nep_status choose_elections(nep_voter *v, const nep_replaced *replaced,
                                   nep_registration_file *r, nep_error *err)
{
  nep_status status = NEP_OK;
  for (size_t i = 0; i < v->n_elections && status == NEP_OK; i++)
    status = strlen(v->elections[i]) > 64
                 ? nep_fail(err, NEP_E_INPUT, "usage", "--election", _("is too long"))
                 : add_election(r, v->elections[i], err);
  for (size_t i = 0; i < replaced->n && v->n_elections == 0 && status == NEP_OK; i++)
    status = add_election(r, replaced->uuids[i], err);
  if (status == NEP_OK && r->n == 0)
    status = elections_of_event(v, r, err);
  qsort(r->uuids, r->n, sizeof *r->uuids, by_text);
  return status;
}

/* ---- credentials ---- */

static nep_status new_credential(nep_voter *v, nep_registration_file *r, size_t i, nep_error *err)
{
  nep_summary summary;
  char private[NEP_CREDENTIAL_LENGTH + 1], public[NEP_ELEMENT_TEXT_MAX];
  nep_scalar key;
  nep_element e;
  nep_status status = nep_summary_get(v->http, r->uuids[i], &summary, err);
  if (status == NEP_OK && strcmp(summary.event, r->event) != 0)
    status = nep_fail(err, NEP_E_INPUT, "usage", r->uuids[i],
                      _("belongs to the event \"%s\", not to \"%s\""), summary.event, r->event);
  if (status == NEP_OK) {
    nep_credential_new(private);
    nep_credential_key(summary.group, r->uuids[i], private, &key);
    nep_element_exp_g(summary.group, &e, &key);
    nep_element_text(summary.group, &e, public);
    nep_scalar_wipe(&key);
    r->credentials[i] = nep_strdup(public);
    status = nep_folder_credential_save(v->dir, r->uuids[i], NEP_FOLDER_NEW, private, err);
    nep_wipe(private, sizeof private);
  }
  nep_summary_free(&summary);
  return status;
}

nep_status nep_registration_prepare(nep_voter *v, const nep_replaced *replaced,
                                    nep_registration_file *r, nep_error *err)
{
  uint8_t salt[32];
  memset(r, 0, sizeof *r);
  memcpy(r->event, v->event, strlen(v->event) + 1);
  memcpy(r->replaces, replaced->nonce, sizeof r->replaces);
  nep_random_bytes(salt, sizeof salt);
  nep_hex(salt, sizeof salt, r->salt);
  nep_status status = choose_elections(v, replaced, r, err);
  for (size_t i = 0; i < r->n && status == NEP_OK; i++)
    status = new_credential(v, r, i, err);
  if (status != NEP_OK)
    return status;
  nep_registration_file_nonce(r);
  return nep_registration_file_save(v->dir, NEP_FOLDER_NEW, r, err);
}
