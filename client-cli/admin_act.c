/* Signing and sending acts, and the commands that are nothing more than that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/admin.h"
#include "client-cli/say.h"
#include "client-cli/summary.h"
#include "protocol/election.h"
#include "protocol/json.h"

enum { ANSWER_MAX = 4 << 20, REGISTRY_MAX = 1 << 30, UPLOAD_MAX = 512 << 20 };

nep_status nep_admin_uuid(const nep_admin *a, const char **uuid, nep_error *err)
{
  if (a->n_words < 1)
    return nep_fail(err, NEP_E_INPUT, "usage", "UUID", _("is needed: the election's identifier"));
  if (!nep_uuid_is_valid(a->words[0], strlen(a->words[0])) || strlen(a->words[0]) > 64)
    return nep_fail(err, NEP_E_INPUT, "usage", "UUID",
                    _("\"%s\" is not an election's identifier: 14 or more Base58 characters"),
                    a->words[0]);
  *uuid = a->words[0];
  return NEP_OK;
}

static nep_status sign(const nep_admin *a, nep_action action, const char *uuid, nep_bytes body,
                       nep_buf *header, nep_error *err)
{
  nep_signing_key *key = NULL;
  if (a->key == NULL || a->name == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", a->key == NULL ? "--key" : "--name",
                    _("is needed: the request must be signed"));
  nep_status status = nep_signing_key_load(a->key, &key, err);
  if (status == NEP_OK) {
    nep_buf_str(header, "NEP-Act: ");
    nep_act_make(key, a->name, action, uuid, body, header);
  }
  nep_signing_key_free(key);
  return status;
}

nep_status nep_admin_act(nep_admin *a, nep_action action, const char *uuid, nep_bytes body,
                         nep_buf *answer, nep_error *err)
{
  nep_buf header = {0};
  long http_status = 0;
  char *path = action == NEP_ACT_CREATE
                   ? nep_strdup("/v1/elections")
                   : nep_sprintf("/v1/elections/%s/%s", uuid, nep_action_name(action));
  nep_status status = sign(a, action, uuid, body, &header, err);
  if (status == NEP_OK) {
    nep_request r = {.path = path,
                     .content_type = action == NEP_ACT_ROLL ? "text/csv" : "application/json",
                     .body = body,
                     .header = header.data,
                     .max = action == NEP_ACT_REGISTRY ? REGISTRY_MAX : ANSWER_MAX,
                     .http_status = &http_status};
    status = nep_http_send(a->http, &r, answer, err);
  }
  if (http_status >= 400) {
    a->refusal = *answer;
    *answer = (nep_buf){0};
  }
  nep_buf_free(&header);
  free(path);
  return status;
}

void nep_admin_print_answer(const nep_admin *a, nep_bytes answer)
{
  json_t *j = NULL, *value;
  const char *key;
  if (a->json || nep_json_parse(answer, &j, NULL) != NEP_OK) {
    printf("%.*s\n", (int)answer.len, answer.data);
    return;
  }
  json_object_foreach(j, key, value)
  {
    nep_show(stdout, key);
    fputs(": ", stdout);
    if (strcmp(key, "phase") == 0 && json_is_string(value))
      nep_show(stdout, nep_phase_name(json_string_value(value)));
    else if (json_is_string(value))
      nep_show(stdout, json_string_value(value));
    else {
      nep_buf text = {0};
      nep_json_write(&text, value);
      nep_show(stdout, text.data);
      nep_buf_free(&text);
    }
    fputc('\n', stdout);
  }
  json_decref(j);
}

nep_status nep_admin_send(nep_admin *a, nep_action action, nep_bytes body, nep_error *err)
{
  nep_buf answer = {0};
  const char *uuid;
  nep_status status = nep_admin_uuid(a, &uuid, err);
  if (status == NEP_OK)
    status = nep_admin_act(a, action, uuid, body, &answer, err);
  if (status == NEP_OK)
    nep_admin_print_answer(a, nep_buf_bytes(&answer));
  nep_buf_free(&answer);
  return status;
}

nep_status nep_admin_step(nep_admin *a, nep_action action, nep_error *err)
{
  return nep_admin_send(a, action, nep_str_bytes("{}"), err);
}

nep_status nep_admin_upload(nep_admin *a, nep_action action, nep_error *err)
{
  nep_buf body = {0};
  if (a->n_words < 2)
    return nep_fail(err, NEP_E_INPUT, "usage", "FILE", _("is needed behind the UUID"));
  nep_status status = nep_file_read(a->words[1], UPLOAD_MAX, &body, err);
  if (status == NEP_OK)
    status = nep_admin_send(a, action, nep_buf_bytes(&body), err);
  nep_buf_free(&body);
  return status;
}
