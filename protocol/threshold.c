#include "protocol/threshold.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/tags.h"
#include "protocol/values.h"

static bool malformed(nep_threshold *t, const char *part, size_t i, const nep_error *err)
{
  nep_fault(t->findings, "trustees-parse", t->object, "%s[%zu]%s%s: %s", part, i,
            err->where[0] ? "." : "", err->where, err->reason);
  return false;
}

static bool expect(nep_threshold *t, const char *check, bool held, const char *code, size_t i,
                   const char *reason)
{
  nep_checked(t->findings, check, 1);
  if (!held)
    nep_fault(t->findings, code, t->object, "member %zu (%s): %s", i + 1, t->names[i], reason);
  return held;
}

void nep_threshold_end(nep_threshold *t)
{
  free(t->coefexps);
  free(t->members);
  free(t->names);
  nep_buf_free(&t->signed_text);
  nep_buf_free(&t->context_text);
}

static const char *context_refusal(nep_threshold *t, const char *algorithm, const char *group,
                                   const json_t *names, int64_t needed)
{
  if (strcmp(algorithm, "AES-GCM") != 0)
    return "the algorithm is not AES-GCM";
  if (!t->group)
    t->group = nep_group_find(group, strlen(group));
  if (!t->group || strcmp(nep_group_name(t->group), group) != 0)
    return "the group is unknown or not that of the election";
  size_t n = json_array_size(names);
  if (needed < 1 || n > NEP_OWNERS_MAX || (size_t)needed >= n)
    return "the threshold is not between 1 and the number of members less one";
  for (size_t i = 0; i < n; i++)
    if (!json_is_string(json_array_get(names, i)))
      return "a name is not a string";
  return NULL;
}

bool nep_threshold_read_context(nep_threshold *t, const json_t *context)
{
  nep_error err = {0};
  const char *algorithm, *group;
  const json_t *names;
  int64_t needed;
  if (nep_json_fields(context, "context", &err, "algorithm", "group", "names", "threshold", NULL) ||
      nep_json_string(context, "algorithm", &algorithm, NULL, &err) ||
      nep_json_string(context, "group", &group, NULL, &err) ||
      nep_json_array(context, "names", &names, &err) ||
      nep_json_integer(context, "threshold", INT64_MIN, INT64_MAX, &needed, &err)) {
    nep_fault(t->findings, "trustees-parse", t->object, "%s: %s", err.where, err.reason);
    return false;
  }
  const char *refusal = context_refusal(t, algorithm, group, names, needed);
  nep_check(t->findings, "threshold contexts", !refusal, "threshold-context", t->object,
            refusal ? refusal : "");
  if (refusal)
    return false;
  t->context = context;
  t->n = json_array_size(names);
  t->needed = (size_t)needed;
  t->names = nep_alloc(t->n, sizeof *t->names);
  for (size_t i = 0; i < t->n; i++)
    t->names[i] = json_string_value(json_array_get(names, i));
  t->members = nep_alloc(t->n, sizeof *t->members);
  t->coefexps = nep_alloc(t->n * t->needed, sizeof *t->coefexps);
  nep_json_write(&t->context_text, context);
  return true;
}

/* protocol.md §7 step 1: the long form, over which the signature is made. */
static void write_long_form(nep_threshold *t, size_t i, const json_t *message, nep_buf *out)
{
  nep_buf_str(out, "{\"context\":{\"context\":{\"context\":");
  nep_buf_add(out, t->context_text.data, t->context_text.len);
  nep_buf_printf(out, ",\"index\":%zu},\"coefexps\":\"%s\"},\"verification\":", i + 1,
                 t->members[i].coefexps_hash);
  nep_json_write(out, json_object_get(message, "verification"));
  nep_buf_str(out, ",\"encryption\":");
  nep_json_write(out, json_object_get(message, "encryption"));
  nep_buf_char(out, '}');
}

static bool read_cert(nep_threshold *t, size_t i, const json_t *cert)
{
  nep_error err = {0};
  nep_member *m = &t->members[i];
  const json_t *message = NULL;
  nep_proof signature;
  int64_t index;
  char hash[65];
  nep_status status = nep_signed_read(t->group, cert, NULL, &message, &signature, &err);
  if (!status)
    status =
        nep_json_fields(message, "message", &err, "context", "verification", "encryption", NULL);
  const json_t *context = json_object_get(message, "context");
  if (!status)
    status = nep_json_fields(context, "message.context", &err, "context", "coefexps", NULL);
  if (!status)
    status = nep_json_integer(context, "context", INT64_MIN, INT64_MAX, &index, &err);
  if (!status)
    status = nep_json_hash(context, "coefexps", hash, &err);
  if (status)
    return malformed(t, "certs", i, &err);
  m->coefexps_hash = json_string_value(json_object_get(context, "coefexps"));
  if (!expect(t, "trustee certificates", index == (int64_t)i + 1, "threshold-cert", i,
              "the certificate is for another place") ||
      !nep_key_read(t->findings, t->object, t->group, message, "verification", "threshold-cert",
                    &m->verification_key) ||
      !nep_key_read(t->findings, t->object, t->group, message, "encryption", "threshold-cert",
                    &m->encryption_key))
    return false;
  nep_buf text = {0};
  write_long_form(t, i, message, &text);
  bool held = nep_signature_verify_var(t->group, NEP_TAG_PEDERSEN_CERT, &m->verification_key,
                                       nep_buf_bytes(&text), &signature);
  nep_buf_free(&text);
  return expect(t, "trustee certificates", held, "threshold-cert", i,
                "the certificate's signature does not hold");
}

bool nep_threshold_read_certs(nep_threshold *t, const json_t *certs)
{
  if (!nep_check(t->findings, "threshold lengths",
                 json_is_array(certs) && json_array_size(certs) == t->n, "threshold-context",
                 t->object, "the number of certificates is not the number of members"))
    return false;
  for (size_t i = 0; i < t->n; i++)
    if (!read_cert(t, i, json_array_get(certs, i)))
      return false;
  nep_buf_str(&t->signed_text, "{\"context\":");
  nep_buf_add(&t->signed_text, t->context_text.data, t->context_text.len);
  nep_buf_str(&t->signed_text, ",\"certs\":");
  nep_json_write(&t->signed_text, certs);
  nep_buf_char(&t->signed_text, '}');
  return true;
}

static bool has_hash(const json_t *value, const char *hash)
{
  char own[65];
  nep_buf text = {0};
  nep_json_write(&text, value);
  nep_sha256_hex(text.data, text.len, own);
  nep_buf_free(&text);
  return strcmp(own, hash) == 0;
}

bool nep_threshold_check_coefexps(nep_threshold *t, size_t i, const json_t *coefexps)
{
  nep_error err = {0};
  const json_t *list;
  if (nep_json_fields(coefexps, NULL, &err, "coefexps", NULL) ||
      nep_json_array(coefexps, "coefexps", &list, &err))
    return malformed(t, "coefexps", i, &err);
  if (!expect(t, "threshold polynomials", has_hash(coefexps, t->members[i].coefexps_hash),
              "threshold-coefexps", i, "the polynomial is not the one of the certificate") ||
      !expect(t, "threshold polynomials", json_array_size(list) == t->needed, "threshold-coefexps",
              i, "the polynomial does not have as many coefficients as the threshold"))
    return false;
  for (size_t k = 0; k < t->needed; k++) {
    const json_t *text = json_array_get(list, k);
    nep_element *a = &t->coefexps[i * t->needed + k];
    if (!json_is_string(text) ||
        nep_element_parse(t->group, a, json_string_value(text), json_string_length(text), &err))
      return malformed(t, "coefexps", i, &err);
    if (!expect(t, "threshold polynomials",
                nep_element_is_member_var(t->group, a) && !nep_element_is_one(t->group, a),
                "threshold-coefexps", i, "a coefficient is not in the group, or its identity"))
      return false;
  }
  return true;
}

bool nep_threshold_check_signature(nep_threshold *t, size_t i, const json_t *signature)
{
  nep_error err = {0};
  nep_proof proof;
  if (nep_proof_read(t->group, signature, NULL, &proof, &err))
    return malformed(t, "signatures", i, &err);
  return expect(t, "threshold signatures",
                nep_signature_verify_var(t->group, NEP_TAG_PEDERSEN_CERTS,
                                         &t->members[i].verification_key,
                                         nep_buf_bytes(&t->signed_text), &proof),
                "threshold-signature", i, "the signature over all certificates does not hold");
}

void nep_threshold_public_key(const nep_threshold *t, uint64_t j, nep_element *out)
{
  nep_element_one(t->group, out);
  for (size_t i = 0; i < t->n; i++) {
    nep_element part;
    nep_share_public_var(t->group, &t->coefexps[i * t->needed], t->needed, j, &part);
    nep_element_mul(t->group, out, out, &part);
  }
}

bool nep_threshold_check_key(nep_threshold *t, size_t i, const json_t *key, nep_element *public_key)
{
  nep_error err = {0};
  if (nep_json_fields(key, NULL, &err, "message", "signature", NULL))
    return malformed(t, "verification_keys", i, &err);
  const json_t *inner = json_object_get(key, "message");
  if (!nep_trustee_pok_check(t->findings, t->object, t->group, inner, public_key))
    return false;
  const json_t *name = json_object_get(json_object_get(inner, "message"), "name");
  nep_element expected;
  nep_threshold_public_key(t, i + 1, &expected);
  return expect(t, "trustee names",
                json_is_string(name) && strcmp(json_string_value(name), t->names[i]) == 0,
                "threshold-context", i, "the key bears another name") &&
         expect(t, "threshold verification keys",
                nep_element_equal(t->group, public_key, &expected), "threshold-verification-key", i,
                "the key is not the one that the polynomials give") &&
         nep_trustee_outer_check(t->findings, t->object, t->group, key,
                                 &t->members[i].verification_key);
}
