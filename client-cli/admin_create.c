/* nep-admin create: a new election from a definition file. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "client-cli/admin.h"
#include "protocol/election.h"
#include "protocol/json.h"

enum { DEFINITION_MAX = 4 << 20, UUID_LENGTH = 14 };

static nep_status choose_uuid(const json_t *definition, char uuid[65], nep_error *err)
{
  const json_t *given = json_object_get(definition, "uuid");
  if (given == NULL) {
    nep_random_base58(uuid, UUID_LENGTH);
    return NEP_OK;
  }
  const char *text = json_string_value(given);
  if (text == NULL || strlen(text) > 64 || !nep_uuid_is_valid(text, strlen(text))) {
    nep_fail(err, NEP_E_INPUT, "definition", "uuid", _("must have 14 to 64 Base58 characters"));
    return nep_advise(err, "%s", _("leave it out and one is made"));
  }
  memcpy(uuid, text, strlen(text) + 1);
  return NEP_OK;
}

nep_status nep_admin_definition(nep_bytes text, nep_buf *body, char uuid[65], nep_error *err)
{
  static const char *const members[] = {"event",    "identifier", "group",
                                        "template", "trustees",   "trust"};
  json_t *definition = NULL, *ordered = json_object();
  nep_status status = nep_json_parse(text, &definition, err);
  if (status == NEP_OK && !json_is_object(definition))
    status = nep_fail(err, NEP_E_INPUT, "definition", NULL, _("is not a JSON object"));
  if (status == NEP_OK)
    status = choose_uuid(definition, uuid, err);
  if (status == NEP_OK)
    json_object_set_new(ordered, "uuid", json_string(uuid));
  for (size_t i = 0; i < sizeof members / sizeof *members && status == NEP_OK; i++) {
    json_t *value = json_object_get(definition, members[i]);
    if (value == NULL)
      status = nep_fail(err, NEP_E_INPUT, "definition", members[i], _("is missing"));
    else
      json_object_set(ordered, members[i], value);
  }
  /* What else stands there goes along: the server names what it does not know. */
  json_object_update_missing(ordered, definition);
  if (status == NEP_OK)
    nep_json_write(body, ordered);
  json_decref(ordered);
  json_decref(definition);
  return status;
}

nep_status nep_admin_create(nep_admin *a, nep_error *err)
{
  nep_buf text = {0}, body = {0}, answer = {0};
  char uuid[65];
  if (a->definition == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", "--definition", _("is needed"));
  nep_status status = nep_file_read(a->definition, DEFINITION_MAX, &text, err);
  if (status == NEP_OK)
    status = nep_admin_definition(nep_buf_bytes(&text), &body, uuid, err);
  if (status == NEP_OK)
    status = nep_admin_act(a, NEP_ACT_CREATE, "", nep_buf_bytes(&body), &answer, err);
  if (status == NEP_OK && a->json)
    nep_admin_print_answer(a, nep_buf_bytes(&answer));
  else if (status == NEP_OK)
    puts(uuid);
  nep_buf_free(&answer);
  nep_buf_free(&body);
  nep_buf_free(&text);
  return status;
}
