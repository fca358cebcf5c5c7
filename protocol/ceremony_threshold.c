/* The steps of the Pedersen key generation (protocol.md §7). Each checks everything that the steps
   before it produced, so a lying member is named at the first step that sees the lie. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "protocol/ceremony.h"
#include "protocol/ceremony_lines.h"
#include "protocol/channel.h"
#include "protocol/threshold.h"
#include "protocol/values.h"

/* What a step works on. */
typedef struct step {
  nep_threshold t;
  nep_findings findings;
  json_t *context, *certs, *lines, *more;
  nep_scalar sk, dk; /* of the member who acts */
  size_t self;       /* its place, from 0 */
} step;

static nep_bytes trimmed(nep_bytes text)
{
  while (text.len > 0 && text.data[text.len - 1] == '\n')
    text.len--;
  return text;
}

static nep_status read_text(nep_bytes text, const char *what, json_t **out, nep_error *err)
{
  nep_status status = nep_json_parse_canonical(trimmed(text), out, err);
  return status ? nep_inside(err, status, "%s", what) : NEP_OK;
}

/* Context and certificates. */
static nep_status start(step *s, nep_bytes context, const nep_bytes *certs, nep_error *err)
{
  *s = (step){0};
  s->t.object = "key ceremony";
  s->t.findings = &s->findings;
  nep_status status = read_text(context, "context", &s->context, err);
  if (status || !nep_threshold_read_context(&s->t, s->context))
    return status ? status : nep_findings_status(&s->findings, err);
  if (!certs)
    return NEP_OK;
  status = nep_lines_parse(*certs, "certificates", &s->certs, err);
  if (status || !nep_threshold_read_certs(&s->t, s->certs))
    return status ? status : nep_findings_status(&s->findings, err);
  return NEP_OK;
}

static void end(step *s)
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

/* Keys of the member with this seed, who must have a certificate. */
static nep_status become(step *s, const char *seed, nep_error *err)
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

nep_status nep_threshold_context(const nep_group *g, const char *const *names, size_t n_names,
                                 size_t threshold, nep_buf *out, nep_error *err)
{
  nep_buf text = {0};
  nep_buf_printf(&text, "{\"algorithm\":\"AES-GCM\",\"group\":\"%s\",\"names\":[",
                 nep_group_name(g));
  for (size_t i = 0; i < n_names; i++) {
    if (i > 0)
      nep_buf_char(&text, ',');
    nep_json_write_string(&text, names[i], strlen(names[i]));
  }
  nep_buf_printf(&text, "],\"threshold\":%zu}", threshold);
  step s;
  nep_status status = start(&s, nep_buf_bytes(&text), NULL, err);
  if (!status)
    nep_buf_add(out, text.data, text.len);
  end(&s);
  nep_buf_free(&text);
  return status;
}

/* {"coefexps":[g^a_0,..]} */
static void write_coefexps(const nep_group *g, const nep_scalar *a, size_t n, nep_buf *out)
{
  nep_buf_str(out, "{\"coefexps\":[");
  for (size_t k = 0; k < n; k++) {
    nep_element e;
    nep_element_exp_g(g, &e, &a[k]);
    if (k > 0)
      nep_buf_char(out, ',');
    nep_element_write(g, out, &e);
  }
  nep_buf_str(out, "]}");
}

static nep_scalar *polynomial_of(const nep_threshold *t, const char *seed)
{
  nep_scalar *a = nep_secret_alloc(t->needed * sizeof *a);
  nep_seed_polynomial(t->group, seed, t->needed, a);
  return a;
}

/* Short form, and the long one that is signed, which differ in the context alone. */
static void write_cert_message(const nep_threshold *t, uint64_t index, bool long_form,
                               const char *hash, const nep_element *vk, const nep_element *ek,
                               nep_buf *out)
{
  nep_buf_str(out, "{\"context\":{\"context\":");
  if (long_form)
    nep_buf_printf(out, "{\"context\":%s,\"index\":%llu}", t->context_text.data,
                   (unsigned long long)index);
  else
    nep_buf_printf(out, "%llu", (unsigned long long)index);
  nep_buf_printf(out, ",\"coefexps\":\"%s\"},\"verification\":", hash);
  nep_element_write(t->group, out, vk);
  nep_buf_str(out, ",\"encryption\":");
  nep_element_write(t->group, out, ek);
  nep_buf_char(out, '}');
}

static void write_cert(step *s, const char *seed, uint64_t index, nep_buf *out, char id[65])
{
  const nep_group *g = s->t.group;
  nep_buf coefexps = {0}, brief = {0}, full = {0};
  nep_element vk, ek;
  nep_proof signature;
  char hash[65];
  nep_scalar *a = polynomial_of(&s->t, seed);
  write_coefexps(g, a, s->t.needed, &coefexps);
  nep_sha256_hex(coefexps.data, coefexps.len, hash);
  nep_seed_signing_key(g, seed, &s->sk);
  nep_seed_decryption_key(g, seed, &s->dk);
  nep_element_exp_g(g, &vk, &s->sk);
  nep_element_exp_g(g, &ek, &s->dk);
  write_cert_message(&s->t, index, false, hash, &vk, &ek, &brief);
  write_cert_message(&s->t, index, true, hash, &vk, &ek, &full);
  nep_sign(g, NEP_TAG_PEDERSEN_CERT, &s->sk, nep_buf_bytes(&full), &signature);
  nep_sha256_hex(brief.data, brief.len, id);
  nep_buf_str(out, "{\"message\":");
  nep_buf_add(out, brief.data, brief.len);
  nep_buf_str(out, ",\"signature\":");
  nep_proof_write(g, out, &signature);
  nep_buf_char(out, '}');
  nep_secret_free(a);
  nep_buf_free(&full);
  nep_buf_free(&brief);
  nep_buf_free(&coefexps);
}

nep_status nep_threshold_cert(nep_bytes context, const char *seed, uint64_t index, nep_buf *out,
                              char id[65], nep_error *err)
{
  step s;
  nep_status status = start(&s, context, NULL, err);
  if (!status && !nep_seed_is_valid(seed, strlen(seed)))
    status = nep_fail(err, NEP_E_INPUT, "seed", NULL, "a private key is 44 Base58 characters");
  if (!status && (index < 1 || index > s.t.n))
    status = nep_fail(err, NEP_E_INPUT, "index", NULL, "the members are numbered 1 to %zu", s.t.n);
  if (!status)
    write_cert(&s, seed, index, out, id);
  end(&s);
  return status;
}

/* Two members with one key would be one person with two shares. */
static nep_status check_distinct(const nep_threshold *t, nep_error *err)
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

nep_status nep_threshold_check_certs(nep_bytes context, nep_bytes certs, nep_error *err)
{
  step s;
  nep_status status = start(&s, context, &certs, err);
  if (!status)
    status = check_distinct(&s.t, err);
  end(&s);
  return status;
}

static void write_polynomial(step *s, const char *seed, nep_buf *out)
{
  const nep_group *g = s->t.group;
  nep_scalar *a = polynomial_of(&s->t, seed);
  nep_proof signature;
  nep_buf_str(out, "{\"secrets\":[");
  for (size_t j = 0; j < s->t.n; j++) {
    nep_scalar share;
    nep_share_eval(g, a, s->t.needed, j + 1, &share);
    if (j > 0)
      nep_buf_char(out, ',');
    nep_channel_send(g, NEP_TAG_SECRET, &s->sk, &s->t.members[j].encryption_key, "secret", &share,
                     out);
    nep_scalar_wipe(&share);
  }
  nep_buf_str(out, "],\"coefexps\":");
  write_coefexps(g, a, s->t.needed, out);
  nep_sign(g, NEP_TAG_PEDERSEN_CERTS, &s->sk, nep_buf_bytes(&s->t.signed_text), &signature);
  nep_buf_str(out, ",\"signature\":");
  nep_proof_write(g, out, &signature);
  nep_buf_char(out, '}');
  nep_secret_free(a);
}

nep_status nep_threshold_polynomial(nep_bytes context, nep_bytes certs, const char *seed,
                                    nep_buf *out, nep_error *err)
{
  step s;
  nep_status status = start(&s, context, &certs, err);
  if (!status)
    status = check_distinct(&s.t, err);
  if (!status)
    status = become(&s, seed, err);
  if (!status)
    write_polynomial(&s, seed, out);
  end(&s);
  return status;
}

/* Public part of every polynomial: the list must be complete and in the members' order. */
static nep_status read_polynomials(step *s, nep_bytes polynomials, nep_error *err)
{
  nep_status status = nep_lines_parse(polynomials, "polynomials", &s->lines, err);
  if (status)
    return status;
  if (json_array_size(s->lines) != s->t.n)
    return nep_fail(err, NEP_E_INPUT, "threshold-context", "polynomials",
                    "%zu polynomials, one for each of the %zu members is expected",
                    json_array_size(s->lines), s->t.n);
  for (size_t i = 0; i < s->t.n; i++) {
    const json_t *p = json_array_get(s->lines, i);
    status = nep_json_fields(p, NULL, err, "secrets", "coefexps", "signature", NULL);
    if (!status && json_array_size(json_object_get(p, "secrets")) != s->t.n)
      status = nep_fail(err, NEP_E_INPUT, "shape", "secrets", "one message a member is expected");
    if (status)
      return nep_inside(err, status, "polynomials, line %zu", i + 1);
    if (!nep_threshold_check_coefexps(&s->t, i, json_object_get(p, "coefexps")) ||
        !nep_threshold_check_signature(&s->t, i, json_object_get(p, "signature")))
      return nep_findings_status(&s->findings, err);
  }
  return NEP_OK;
}

/* ,"<name>":[<part of each line>] */
static void write_parts(const json_t *lines, const char *name, const char *part, nep_buf *out)
{
  nep_buf_printf(out, ",\"%s\":[", name);
  for (size_t i = 0; i < json_array_size(lines); i++) {
    if (i > 0)
      nep_buf_char(out, ',');
    nep_json_write(out, json_object_get(json_array_get(lines, i), part));
  }
  nep_buf_char(out, ']');
}

static void write_vinput(const step *s, size_t place, nep_buf *out)
{
  nep_buf_str(out, "{\"secrets\":[");
  for (size_t i = 0; i < s->t.n; i++) {
    const json_t *secrets = json_object_get(json_array_get(s->lines, i), "secrets");
    if (i > 0)
      nep_buf_char(out, ',');
    nep_json_write(out, json_array_get(secrets, place));
  }
  nep_buf_char(out, ']');
  write_parts(s->lines, "coefexps", "coefexps", out);
  write_parts(s->lines, "signatures", "signature", out);
  nep_buf_char(out, '}');
}

nep_status nep_threshold_vinput(nep_bytes context, nep_bytes certs, nep_bytes polynomials,
                                uint64_t index, nep_buf *out, nep_error *err)
{
  step s;
  nep_status status = start(&s, context, &certs, err);
  if (!status)
    status = read_polynomials(&s, polynomials, err);
  if (!status && (index < 1 || index > s.t.n))
    status = nep_fail(err, NEP_E_INPUT, "index", NULL, "the members are numbered 1 to %zu", s.t.n);
  if (!status)
    write_vinput(&s, (size_t)index - 1, out);
  end(&s);
  return status;
}

static nep_status read_vinput(step *s, nep_bytes text, nep_error *err)
{
  static const char *const lists[] = {"secrets", "coefexps", "signatures"};
  nep_status status = read_text(text, "vinput", &s->more, err);
  if (status)
    return status;
  status = nep_json_fields(s->more, "vinput", err, "secrets", "coefexps", "signatures", NULL);
  for (size_t i = 0; !status && i < 3; i++)
    if (json_array_size(json_object_get(s->more, lists[i])) != s->t.n)
      status = nep_fail(err, NEP_E_INPUT, "shape", lists[i], "one entry a member is expected");
  for (size_t i = 0; !status && i < s->t.n; i++)
    if (!nep_threshold_check_coefexps(&s->t, i,
                                      json_array_get(json_object_get(s->more, "coefexps"), i)) ||
        !nep_threshold_check_signature(&s->t, i,
                                       json_array_get(json_object_get(s->more, "signatures"), i)))
      status = nep_findings_status(&s->findings, err);
  return status;
}

/* protocol.md §7 step 5: the share of member i for us, checked against its polynomial. */
static nep_status receive_share(const step *s, size_t i, nep_scalar *share, nep_error *err)
{
  const nep_threshold *t = &s->t;
  nep_element mine, expected;
  const json_t *message = json_array_get(json_object_get(s->more, "secrets"), i);
  nep_status status =
      nep_channel_receive(t->group, NEP_TAG_SECRET, &s->dk, &t->members[i].verification_key,
                          message, "secret", share, err);
  if (status)
    return nep_inside(err, status, "share of member %zu (%s)", i + 1, t->names[i]);
  nep_element_exp_g(t->group, &mine, share);
  nep_share_public_var(t->group, &t->coefexps[i * t->needed], t->needed, s->self + 1, &expected);
  if (nep_element_equal(t->group, &mine, &expected))
    return NEP_OK;
  status = nep_fail(err, NEP_E_CHECK, "threshold-share", NULL,
                    "the share does not fit the member's polynomial");
  nep_inside(err, status, "share of member %zu (%s)", i + 1, t->names[i]);
  nep_advise(err, "this member sent a wrong share: stop the ceremony and say so publicly");
  return status;
}

static nep_status sum_shares(const step *s, nep_scalar *sum, nep_error *err)
{
  nep_status status = NEP_OK;
  nep_scalar_zero(sum);
  for (size_t i = 0; !status && i < s->t.n; i++) {
    nep_scalar share;
    status = receive_share(s, i, &share, err);
    if (!status)
      nep_scalar_add(s->t.group, sum, sum, &share);
    nep_scalar_wipe(&share);
  }
  return status;
}

nep_status nep_threshold_voutput(nep_bytes context, nep_bytes certs, nep_bytes vinput,
                                 const char *seed, nep_buf *out, nep_error *err)
{
  step s;
  nep_scalar sum;
  nep_status status = start(&s, context, &certs, err);
  if (!status)
    status = become(&s, seed, err);
  if (!status)
    status = read_vinput(&s, vinput, err);
  if (!status)
    status = sum_shares(&s, &sum, err);
  if (!status) {
    nep_buf_str(out, "{\"private_key\":");
    nep_channel_send(s.t.group, NEP_TAG_PEDERSEN_DECRYPTION_KEY, &s.sk,
                     &s.t.members[s.self].encryption_key, "decryption_key", &sum, out);
    nep_buf_str(out, ",\"public_key\":");
    nep_verification_key_write(s.t.group, &sum, &s.sk, s.t.names[s.self], out);
    nep_buf_char(out, '}');
  }
  nep_scalar_wipe(&sum);
  end(&s);
  return status;
}

static nep_status read_voutputs(step *s, nep_bytes voutputs, nep_error *err)
{
  nep_status status = nep_lines_parse(voutputs, "voutputs", &s->more, err);
  if (status)
    return status;
  if (json_array_size(s->more) != s->t.n)
    return nep_fail(err, NEP_E_INPUT, "threshold-context", "voutputs",
                    "%zu voutputs, one for each of the %zu members is expected",
                    json_array_size(s->more), s->t.n);
  for (size_t i = 0; i < s->t.n; i++) {
    nep_element public_key;
    const json_t *v = json_array_get(s->more, i);
    status = nep_json_fields(v, NULL, err, "private_key", "public_key", NULL);
    if (status)
      return nep_inside(err, status, "voutputs, line %zu", i + 1);
    if (!nep_threshold_check_key(&s->t, i, json_object_get(v, "public_key"), &public_key))
      return nep_findings_status(&s->findings, err);
  }
  return NEP_OK;
}

nep_status nep_threshold_parameters(nep_bytes context, nep_bytes certs, nep_bytes polynomials,
                                    nep_bytes voutputs, nep_buf *out, nep_error *err)
{
  step s;
  nep_status status = start(&s, context, &certs, err);
  if (!status)
    status = check_distinct(&s.t, err);
  if (!status)
    status = read_polynomials(&s, polynomials, err);
  if (!status)
    status = read_voutputs(&s, voutputs, err);
  if (!status) {
    nep_buf_str(out, "{\"context\":");
    nep_buf_add(out, s.t.context_text.data, s.t.context_text.len);
    nep_buf_str(out, ",\"certs\":");
    nep_json_write(out, s.certs);
    write_parts(s.lines, "coefexps", "coefexps", out);
    write_parts(s.lines, "signatures", "signature", out);
    write_parts(s.more, "verification_keys", "public_key", out);
    nep_buf_char(out, '}');
  }
  end(&s);
  return status;
}

nep_status nep_threshold_dkey(nep_bytes voutput, nep_buf *out, nep_error *err)
{
  json_t *value = NULL;
  nep_status status = read_text(voutput, "voutput", &value, err);
  if (!status)
    status = nep_json_fields(value, "voutput", err, "private_key", "public_key", NULL);
  if (!status)
    nep_json_write(out, json_object_get(value, "private_key"));
  json_decref(value);
  return status;
}
