/* nep-voter status: the voter's registrations and who asked for them, as the server has it. */
#include <stdio.h>
#include <string.h>

#include "base/lang.h"
#include "client-cli/folder.h"
#include "client-cli/own_registration.h"
#include "client-cli/registration_file.h"
#include "client-cli/say.h"
#include "client-cli/voter.h"
#include "protocol/json.h"

static void show_field(const json_t *object, const char *key)
{
  const char *text = json_string_value(json_object_get(object, key));
  nep_show(stdout, text == NULL ? "-" : text);
}

/* What this device knows of a registration: whether its credentials are here. */
static const char *where_is(const nep_voter *v, const char *nonce)
{
  nep_registration_file r;
  nep_error ignored = {0};
  bool here = nonce != NULL && nep_folder_has(v->dir, "registration.json") &&
              nep_registration_file_load(v->dir, "", &r, &ignored) == NEP_OK;
  if (!here)
    return _("made on another device");
  bool same = strcmp(r.nonce, nonce) == 0;
  nep_registration_file_free(&r);
  return same ? _("made on this device") : _("made on another device");
}

static void print_registrations(const nep_voter *v, const json_t *list)
{
  size_t i;
  const json_t *r;
  puts(json_array_size(list) == 0 ? _("You are not registered.") : _("Your registrations:"));
  json_array_foreach(list, i, r)
  {
    const char *nonce = json_string_value(json_object_get(r, "nonce"));
    bool latest = nonce != NULL && nep_registration_is_latest(list, nonce);
    fputs("  ", stdout);
    show_field(r, "time");
    fputs("  ", stdout);
    show_field(r, "event");
    printf("  %s, %s\n", latest ? _("in force") : _("replaced"), where_is(v, nonce));
  }
}

static void print_accesses(const json_t *list)
{
  size_t i;
  const json_t *a;
  puts(_("Accesses in your name (tell the commission when one was not yours):"));
  json_array_foreach(list, i, a)
  {
    fputs("  ", stdout);
    show_field(a, "time");
    fputs("  ", stdout);
    show_field(a, "action");
    fputs("  ", stdout);
    show_field(a, "address");
    fputc('\n', stdout);
  }
}

static void print_json(json_t *registrations, json_t *accesses)
{
  nep_buf text = {0};
  json_t *both = json_pack("{s:O,s:O}", "registrations", registrations, "accesses", accesses);
  nep_json_write(&text, both);
  puts(text.data);
  nep_buf_free(&text);
  json_decref(both);
}

nep_status nep_voter_status(nep_voter *v, nep_error *err)
{
  nep_buf session = {0};
  json_t *registrations = NULL, *accesses = NULL;
  nep_status status = nep_voter_sign_in(v, &session, err);
  if (status == NEP_OK)
    status = nep_own_document(v, session.data, "/v1/me/registration", "registrations",
                              &registrations, err);
  if (status == NEP_OK)
    status = nep_own_document(v, session.data, "/v1/me/accesses", "accesses", &accesses, err);
  if (status == NEP_OK && v->json)
    print_json(registrations, accesses);
  else if (status == NEP_OK) {
    print_registrations(v, registrations);
    print_accesses(accesses);
  }
  json_decref(registrations);
  json_decref(accesses);
  nep_buf_wipe(&session);
  return status;
}
