#include "records/registry_verdict.h"

#include <string.h>

#include "records/fields.h"
#include "records/tags.h"

enum { COUNT_MAX = 1 << 30 };

void nep_registry_verdict_write(const nep_registry_verdict *v, nep_buf *message)
{
  const nep_registry_counts *c = &v->counts;
  nep_field_open(message, "uuid", v->uuid);
  nep_field_add(message, "event", v->event);
  nep_field_add(message, "trust", v->trust);
  nep_field_add(message, "export", v->export);
  nep_field_add(message, "credentials", v->credentials);
  nep_buf_printf(message,
                 ",\"counts\":{\"registrations\":%llu,\"persons\":%llu,\"replaced\":%llu,"
                 "\"refused\":%llu,\"credentials\":%llu}",
                 (unsigned long long)c->registrations, (unsigned long long)c->persons,
                 (unsigned long long)c->replaced, (unsigned long long)c->refused,
                 (unsigned long long)c->credentials);
  nep_field_add(message, "time", v->time);
  nep_buf_char(message, '}');
}

static nep_status read_counts(const json_t *j, nep_registry_counts *c, nep_error *err)
{
  static const char *const names[] = {"registrations", "persons", "replaced", "refused",
                                      "credentials"};
  uint64_t *out[] = {&c->registrations, &c->persons, &c->replaced, &c->refused, &c->credentials};
  nep_status status =
      nep_json_fields(j, "counts", err, names[0], names[1], names[2], names[3], names[4], NULL);
  for (size_t i = 0; status == NEP_OK && i < 5; i++) {
    int64_t value = 0;
    status = nep_json_integer(j, names[i], 0, COUNT_MAX, &value, err);
    *out[i] = (uint64_t)value;
  }
  return status;
}

static nep_status read_message(const json_t *j, nep_registry_verdict *v, nep_error *err)
{
  nep_status status = nep_json_fields(j, "verdict", err, "uuid", "event", "trust", "export",
                                      "credentials", "counts", "time", NULL);
  if (status == NEP_OK)
    status = nep_field_uuid(j, "uuid", v->uuid, err);
  if (status == NEP_OK)
    status = nep_field_name(j, "event", NEP_EVENT_MAX, v->event, err);
  if (status == NEP_OK)
    status = nep_json_hash(j, "trust", v->trust, err);
  if (status == NEP_OK)
    status = nep_json_hash(j, "export", v->export, err);
  if (status == NEP_OK)
    status = nep_json_hash(j, "credentials", v->credentials, err);
  if (status == NEP_OK)
    status = read_counts(json_object_get(j, "counts"), &v->counts, err);
  return status == NEP_OK ? nep_field_time(j, "time", v->time, err) : status;
}

nep_status nep_registry_verdict_verify(nep_bytes envelope, nep_registry_verdict *out,
                                       char key[NEP_PUBLIC_KEY_HEX + 1], nep_error *err)
{
  json_t *message = NULL;
  nep_status status =
      nep_envelope_verify(envelope, NEP_TAG_REGISTRY_VERDICT, NULL, &message, key, err);
  if (status == NEP_OK)
    status = read_message(message, out, err);
  json_decref(message);
  return status;
}

static nep_status compare(const nep_registry_verdict *v, const nep_trust *trust, const char *uuid,
                          const char *credentials_hash, nep_error *err)
{
  if (strcmp(v->uuid, uuid) != 0 || strcmp(v->event, trust->event) != 0)
    return nep_fail(err, NEP_E_CHECK, "verdict-election", NULL, "is about another election");
  if (strcmp(v->trust, trust->hash) != 0)
    return nep_fail(err, NEP_E_CHECK, "verdict-trust", "trust", "names another trust file");
  if (strcmp(v->credentials, credentials_hash) != 0)
    return nep_fail(err, NEP_E_CHECK, "verdict-list", "credentials",
                    "is about another list of credentials than this one");
  return NEP_OK;
}

nep_status nep_registry_verdict_check(nep_bytes envelope, const nep_trust *trust, const char *uuid,
                                      const char *credentials_hash, nep_registry_verdict *out,
                                      nep_error *err)
{
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_status s = nep_registry_verdict_verify(envelope, out, key, err);
  if (s == NEP_OK && nep_trust_find(trust, NEP_ROLE_AUDIT_SIGNER, key) == NULL)
    s = nep_fail(err, NEP_E_DENIED, "verdict-signer", "key",
                 "is not the key of an audit signer of the trust file");
  return s == NEP_OK ? compare(out, trust, uuid, credentials_hash, err) : s;
}
