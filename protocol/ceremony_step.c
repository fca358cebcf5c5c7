#include "protocol/ceremony_step.h"

#include <string.h>

#include "crypto/hash.h"
#include "crypto/keys.h"
#include "protocol/ceremony_lines.h"

static nep_bytes trimmed(nep_bytes text)
{
  while (text.len > 0 && text.data[text.len - 1] == '\n')
    text.len--;
  return text;
}

nep_status nep_step_read_text(nep_bytes text, const char *what, json_t **out, nep_error *err)
{
  nep_status status = nep_json_parse_canonical(trimmed(text), out, err);
  return status ? nep_inside(err, status, "%s", what) : NEP_OK;
}

nep_status nep_step_start(nep_step *s, nep_bytes context, const nep_bytes *certs, nep_error *err)
{
  *s = (nep_step){0};
  s->t.object = "key ceremony";
  s->t.findings = &s->findings;
  nep_status status = nep_step_read_text(context, "context", &s->context, err);
  if (status || !nep_threshold_read_context(&s->t, s->context))
    return status ? status : nep_findings_status(&s->findings, err);
  size_t most = nep_hash_to_field_max(s->t.group);
  if (s->t.needed > most) /* a member's polynomial comes from one hash */
    return nep_fail(err, NEP_E_UNSUPPORTED, "threshold-context", "threshold",
                    "%zu is too many: at most %zu in this group", s->t.needed, most);
  if (!certs)
    return NEP_OK;
  status = nep_lines_parse(*certs, "certificates", &s->certs, err);
  if (status || !nep_threshold_read_certs(&s->t, s->certs))
    return status ? status : nep_findings_status(&s->findings, err);
  return NEP_OK;
}

void nep_step_end(nep_step *s)
{
  nep_scalar_wipe(&s->dk);
  nep_scalar_wipe(&s->sk);
  nep_threshold_end(&s->t);
  nep_findings_free(&s->findings);
  json_decref(s->more);
  json_decref(s->lines);
  json_decref(s->certs);
  json_decref(s->context);
}

nep_status nep_step_become(nep_step *s, const char *seed, nep_error *err)
{
  nep_element vk, ek;
  if (!nep_seed_is_valid(seed, strlen(seed)))
    return nep_fail(err, NEP_E_INPUT, "seed", NULL, "a private key is 44 Base58 characters");
  nep_seed_signing_key(s->t.group, seed, &s->sk);
  nep_seed_decryption_key(s->t.group, seed, &s->dk);
  nep_element_exp_g(s->t.group, &vk, &s->sk);
  nep_element_exp_g(s->t.group, &ek, &s->dk);
  for (s->self = 0; s->self < s->t.n; s->self++)
    if (nep_element_equal(s->t.group, &vk, &s->t.members[s->self].verification_key) &&
        nep_element_equal(s->t.group, &ek, &s->t.members[s->self].encryption_key))
      return NEP_OK;
  return nep_fail(err, NEP_E_NOT_FOUND, "trustee-unknown", NULL,
                  "none of the certificates is that of this private key");
}

nep_status nep_step_check_distinct(const nep_threshold *t, nep_error *err)
{
  for (size_t i = 0; i < t->n; i++)
    for (size_t j = 0; j < i; j++)
      if (nep_element_equal(t->group, &t->members[i].verification_key,
                            &t->members[j].verification_key))
        return nep_fail(err, NEP_E_CHECK, "threshold-cert", "key ceremony",
                        "members %zu (%s) and %zu (%s) have the same key", j + 1, t->names[j],
                        i + 1, t->names[i]);
  return NEP_OK;
}
