/* Pedersen key generation, steps 1 to 3 (protocol.md §7): each member makes a certificate, checks
   all, and deals its shares. */
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/tags.h"
#include "protocol/ceremony.h"
#include "protocol/ceremony_step.h"
#include "protocol/channel.h"
#include "protocol/values.h"

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
  nep_step s;
  nep_status status = nep_step_start(&s, nep_buf_bytes(&text), NULL, err);
  if (!status)
    nep_buf_add(out, text.data, text.len);
  nep_step_end(&s);
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

static void write_cert(nep_step *s, const char *seed, uint64_t index, nep_buf *out, char id[65])
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
  nep_step s;
  nep_status status = nep_step_start(&s, context, NULL, err);
  if (!status && !nep_seed_is_valid(seed, strlen(seed)))
    status = nep_fail(err, NEP_E_INPUT, "seed", NULL, "a private key is 44 Base58 characters");
  if (!status && (index < 1 || index > s.t.n))
    status = nep_fail(err, NEP_E_INPUT, "index", NULL, "the members are numbered 1 to %zu", s.t.n);
  if (!status)
    write_cert(&s, seed, index, out, id);
  nep_step_end(&s);
  return status;
}

nep_status nep_threshold_check_certs(nep_bytes context, nep_bytes certs, nep_error *err)
{
  nep_step s;
  nep_status status = nep_step_start(&s, context, &certs, err);
  if (!status)
    status = nep_step_check_distinct(&s.t, err);
  nep_step_end(&s);
  return status;
}

static void write_polynomial(nep_step *s, const char *seed, nep_buf *out)
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
  nep_step s;
  nep_status status = nep_step_start(&s, context, &certs, err);
  if (!status)
    status = nep_step_check_distinct(&s.t, err);
  if (!status)
    status = nep_step_become(&s, seed, err);
  if (!status)
    write_polynomial(&s, seed, out);
  nep_step_end(&s);
  return status;
}
