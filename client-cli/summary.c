#include "client-cli/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "protocol/election.h"

enum { SUMMARY_MAX = 1 << 20, LIST_MAX = 16 << 20 };

static nep_status copy_string(const json_t *j, const char *key, size_t size, char *out,
                              nep_error *err)
{
  const char *text = json_string_value(json_object_get(j, key));
  if (text == NULL || strlen(text) >= size)
    return nep_fail(err, NEP_E_CHECK, "server-answer", key, _("is missing or too long"));
  memcpy(out, text, strlen(text) + 1);
  return NEP_OK;
}

static nep_status copy_hash(const json_t *j, const char *key, bool may_be_null, char out[65],
                            nep_error *err)
{
  unsigned char hash[32];
  out[0] = '\0';
  if (may_be_null && (json_object_get(j, key) == NULL || json_is_null(json_object_get(j, key))))
    return NEP_OK;
  nep_status status = copy_string(j, key, 65, out, err);
  if (status == NEP_OK && !nep_unhex(out, strlen(out), hash, sizeof hash))
    status = nep_fail(err, NEP_E_CHECK, "server-answer", key, _("is not a hash"));
  return status;
}

static nep_status read_fields(const json_t *j, nep_summary *s, nep_error *err)
{
  char group[32];
  nep_status status = copy_string(j, "uuid", sizeof s->uuid, s->uuid, err);
  if (status == NEP_OK)
    status = copy_string(j, "event", sizeof s->event, s->event, err);
  if (status == NEP_OK)
    status = copy_string(j, "phase", sizeof s->phase, s->phase, err);
  if (status == NEP_OK)
    status = copy_string(j, "group", sizeof group, group, err);
  if (status == NEP_OK)
    status = copy_hash(j, "election_hash", false, s->election_hash, err);
  if (status == NEP_OK)
    status = copy_hash(j, "setup_hash", true, s->setup_hash, err);
  if (status == NEP_OK)
    status = copy_hash(j, "credentials_hash", true, s->credentials_hash, err);
  if (status != NEP_OK)
    return status;
  s->ballot_bytes = json_integer_value(json_object_get(j, "ballot_bytes"));
  s->group = nep_group_find(group, strlen(group));
  if (s->group == NULL)
    return nep_fail(err, NEP_E_CHECK, "group-unknown", "group",
                    _("\"%s\" is not one of the groups built into this program"), group);
  return NEP_OK;
}

nep_status nep_summary_parse(nep_bytes text, const char *uuid, nep_summary *out, nep_error *err)
{
  memset(out, 0, sizeof *out);
  nep_status status = nep_json_parse(text, &out->json, err);
  if (status == NEP_OK)
    status = read_fields(out->json, out, err);
  if (status == NEP_OK && strcmp(out->uuid, uuid) != 0)
    status = nep_fail(err, NEP_E_CHECK, "server-answer", "uuid",
                      _("the server answered for another election (%s)"), out->uuid);
  return status;
}

nep_status nep_summary_get(nep_http *h, const char *uuid, nep_summary *out, nep_error *err)
{
  nep_buf answer = {0};
  memset(out, 0, sizeof *out);
  if (!nep_uuid_is_valid(uuid, strlen(uuid)))
    return nep_fail(err, NEP_E_INPUT, "usage", "UUID",
                    _("\"%s\" is not an election's identifier: 14 or more Base58 characters"),
                    uuid);
  char *path = nep_sprintf("/v1/elections/%s", uuid);
  nep_status status = nep_http_get(h, path, SUMMARY_MAX, &answer, err);
  if (status == NEP_OK)
    status = nep_summary_parse(nep_buf_bytes(&answer), uuid, out, err);
  free(path);
  nep_buf_free(&answer);
  return status;
}

void nep_summary_free(nep_summary *s)
{
  json_decref(s->json);
  s->json = NULL;
}

nep_status nep_elections_get(nep_http *h, json_t **out, nep_error *err)
{
  nep_buf answer = {0};
  json_t *document = NULL;
  *out = NULL;
  nep_status status = nep_http_get(h, "/v1/elections", LIST_MAX, &answer, err);
  if (status == NEP_OK)
    status = nep_json_parse(nep_buf_bytes(&answer), &document, err);
  if (status == NEP_OK && !json_is_array(json_object_get(document, "elections")))
    status = nep_fail(err, NEP_E_CHECK, "server-answer", "elections", _("is not a list"));
  if (status == NEP_OK)
    *out = json_incref(json_object_get(document, "elections"));
  json_decref(document);
  nep_buf_free(&answer);
  return status;
}

const char *nep_phase_name(const char *phase)
{
  static const char *const names[][2] = {
      {"draft", N_("in preparation")},          {"registration", N_("registration is open")},
      {"frozen", N_("registration has ended")}, {"open", N_("voting is open")},
      {"closed", N_("voting is closed")},       {"tallied", N_("being counted")},
      {"announced", N_("result announced")},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(phase, names[i][0]) == 0)
      return _(names[i][1]);
  return phase;
}
