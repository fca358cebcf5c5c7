/* Pedersen key generation, steps 4 to 6 (protocol.md §7): the shares go to their members, who check
   them and put out their keys. A lying member is named at the first step that sees the lie. */
#include "crypto/keys.h"
#include "crypto/tags.h"
#include "protocol/ceremony.h"
#include "protocol/ceremony_lines.h"
#include "protocol/ceremony_step.h"
#include "protocol/channel.h"
#include "protocol/values.h"

/* Public part of every polynomial: the list must be complete and in the members' order. */
static nep_status read_polynomials(nep_step *s, nep_bytes polynomials, nep_error *err)
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

static void write_vinput(const nep_step *s, size_t place, nep_buf *out)
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
  nep_step s;
  nep_status status = nep_step_start(&s, context, &certs, err);
  if (!status)
    status = read_polynomials(&s, polynomials, err);
  if (!status && (index < 1 || index > s.t.n))
    status = nep_fail(err, NEP_E_INPUT, "index", NULL, "the members are numbered 1 to %zu", s.t.n);
  if (!status)
    write_vinput(&s, (size_t)index - 1, out);
  nep_step_end(&s);
  return status;
}

static nep_status read_vinput(nep_step *s, nep_bytes text, nep_error *err)
{
  static const char *const lists[] = {"secrets", "coefexps", "signatures"};
  nep_status status = nep_step_read_text(text, "vinput", &s->more, err);
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
static nep_status receive_share(const nep_step *s, size_t i, nep_scalar *share, nep_error *err)
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

static nep_status sum_shares(const nep_step *s, nep_scalar *sum, nep_error *err)
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
  nep_step s;
  nep_scalar sum;
  nep_status status = nep_step_start(&s, context, &certs, err);
  if (!status)
    status = nep_step_become(&s, seed, err);
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
  nep_step_end(&s);
  return status;
}

static nep_status read_voutputs(nep_step *s, nep_bytes voutputs, nep_error *err)
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
  nep_step s;
  nep_status status = nep_step_start(&s, context, &certs, err);
  if (!status)
    status = nep_step_check_distinct(&s.t, err);
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
  nep_step_end(&s);
  return status;
}

nep_status nep_threshold_dkey(nep_bytes voutput, nep_buf *out, nep_error *err)
{
  json_t *value = NULL;
  nep_status status = nep_step_read_text(voutput, "voutput", &value, err);
  if (!status)
    status = nep_json_fields(value, "voutput", err, "private_key", "public_key", NULL);
  if (!status)
    nep_json_write(out, json_object_get(value, "private_key"));
  json_decref(value);
  return status;
}
