/* protocol.md §6-§7: making trustees' keys, and liars in the ceremony. */
#include <stdlib.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/tags.h"
#include "protocol/channel.h"
#include "protocol/values.h"
#include "tests/unit/protocol/fixture.h"

enum { N = 3 };

/* A whole ceremony of 3 with 2 needed; lists hold one entry per member. */
typedef struct ceremony {
  const nep_group *group;
  char seed[N][NEP_SEED_LENGTH + 1];
  nep_buf context, cert[N], polynomial[N], vinput[N], voutput[N], dkey[N], threshold;
} ceremony;

static nep_buf lines(const nep_buf list[N])
{
  nep_buf out = {0};
  for (size_t i = 0; i < N; i++) {
    nep_buf_add(&out, list[i].data, list[i].len);
    nep_buf_char(&out, '\n');
  }
  return out;
}

static void must(nep_status status, const nep_error *err)
{
  char line[1024];
  ck_assert_msg(status == NEP_OK, "%s", nep_error_line(err, line, sizeof line));
}

/* Steps 1 to 3. */
static void begin(ceremony *c, const nep_group *g)
{
  static const char *const names[N] = {"Nguyễn Thị A", "B \"b\"", "C"};
  nep_error err = {0};
  char id[65];
  *c = (ceremony){.group = g};
  must(nep_threshold_context(g, names, N, 2, &c->context, &err), &err);
  for (size_t i = 0; i < N; i++) {
    nep_random_base58(c->seed[i], NEP_SEED_LENGTH);
    must(nep_threshold_cert(nep_buf_bytes(&c->context), c->seed[i], i + 1, &c->cert[i], id, &err),
         &err);
  }
  nep_buf certs = lines(c->cert);
  must(nep_threshold_check_certs(nep_buf_bytes(&c->context), nep_buf_bytes(&certs), &err), &err);
  for (size_t i = 0; i < N; i++)
    must(nep_threshold_polynomial(nep_buf_bytes(&c->context), nep_buf_bytes(&certs), c->seed[i],
                                  &c->polynomial[i], &err),
         &err);
  nep_buf_free(&certs);
}

static nep_status vinput(const ceremony *c, size_t i, nep_buf *out, nep_error *err)
{
  nep_buf certs = lines(c->cert), polynomials = lines(c->polynomial);
  nep_status status = nep_threshold_vinput(nep_buf_bytes(&c->context), nep_buf_bytes(&certs),
                                           nep_buf_bytes(&polynomials), i + 1, out, err);
  nep_buf_free(&polynomials);
  nep_buf_free(&certs);
  return status;
}

static nep_status voutput(const ceremony *c, nep_bytes input, size_t i, nep_buf *out,
                          nep_error *err)
{
  nep_buf certs = lines(c->cert);
  nep_status status = nep_threshold_voutput(nep_buf_bytes(&c->context), nep_buf_bytes(&certs),
                                            input, c->seed[i], out, err);
  nep_buf_free(&certs);
  return status;
}

static nep_status parameters(const ceremony *c, nep_buf *out, nep_error *err)
{
  nep_buf certs = lines(c->cert), polynomials = lines(c->polynomial), outputs = lines(c->voutput);
  nep_status status =
      nep_threshold_parameters(nep_buf_bytes(&c->context), nep_buf_bytes(&certs),
                               nep_buf_bytes(&polynomials), nep_buf_bytes(&outputs), out, err);
  nep_buf_free(&outputs);
  nep_buf_free(&polynomials);
  nep_buf_free(&certs);
  return status;
}

/* Steps 4 to 6. */
static void finish(ceremony *c)
{
  nep_error err = {0};
  for (size_t i = 0; i < N; i++) {
    must(vinput(c, i, &c->vinput[i], &err), &err);
    must(voutput(c, nep_buf_bytes(&c->vinput[i]), i, &c->voutput[i], &err), &err);
    must(nep_threshold_dkey(nep_buf_bytes(&c->voutput[i]), &c->dkey[i], &err), &err);
  }
  must(parameters(c, &c->threshold, &err), &err);
}

static void end(ceremony *c)
{
  nep_buf_free(&c->context);
  nep_buf_free(&c->threshold);
  for (size_t i = 0; i < N; i++) {
    nep_buf_free(&c->cert[i]);
    nep_buf_free(&c->polynomial[i]);
    nep_buf_free(&c->vinput[i]);
    nep_buf_free(&c->voutput[i]);
    nep_buf_free(&c->dkey[i]);
  }
}

/* A refusal that names the code, and somewhere the culprit. */
static void refusal(nep_status status, const nep_error *err, const char *code, const char *names)
{
  char line[1024];
  nep_error_line(err, line, sizeof line);
  ck_assert_int_ne(status, NEP_OK);
  ck_assert_msg(strcmp(err->code, code) == 0, "%s: %s", err->code, line);
  ck_assert_msg(strstr(line, names) != NULL, "%s", line);
}

static nep_trustees *verified(const nep_group *g, nep_bytes text)
{
  nep_trustees *t = NULL;
  nep_findings f = {0};
  char codes[256];
  nep_trustees_verify(g, text, &t, &f);
  codes_of(&f, codes);
  ck_assert_str_eq(codes, "");
  nep_findings_free(&f);
  return t;
}

/* Any two members' keys give the power that the election key promises (protocol.md §10). */
static void check_shares(const nep_trustees *t, const nep_scalar x[N], size_t a, size_t b)
{
  const nep_group *g = t->group;
  uint64_t indices[2] = {a + 1, b + 1};
  nep_scalar la, lb, sum;
  nep_element y;
  nep_lagrange_var(g, indices, 2, 0, &la);
  nep_lagrange_var(g, indices, 2, 1, &lb);
  nep_scalar_mul(g, &la, &la, &x[a]);
  nep_scalar_mul(g, &lb, &lb, &x[b]);
  nep_scalar_add(g, &sum, &la, &lb);
  nep_element_exp_g(g, &y, &sum);
  ck_assert(nep_element_equal(g, &y, &t->election_key));
}

START_TEST(a_ceremony_of_2_of_3_verifies_and_its_shares_fit)
{
  ceremony c;
  nep_error err = {0};
  nep_buf text = {0};
  nep_scalar x[N], sk;
  begin(&c, nep_group_at((size_t)_i));
  finish(&c);
  must(nep_trustees_make((nep_bytes){"", 0}, nep_buf_bytes(&c.threshold), &text, &err), &err);
  nep_trustees *t = verified(c.group, nep_buf_bytes(&text));
  for (size_t i = 0; i < N; i++) {
    size_t owner = 0;
    must(nep_trustee_key(t, c.seed[i], nep_buf_bytes(&c.dkey[i]), &x[i], &sk, &owner, &err), &err);
    ck_assert_uint_eq(owner, i + 1);
  }
  check_shares(t, x, 0, 1);
  check_shares(t, x, 0, 2);
  check_shares(t, x, 2, 1);
  nep_trustees_free(t);
  nep_buf_free(&text);
  end(&c);
}
END_TEST

START_TEST(single_keys_and_a_threshold_make_one_list)
{
  const nep_group *g = nep_group_at((size_t)_i);
  ceremony c;
  nep_error err = {0};
  nep_buf singles = {0}, text = {0};
  char seed[2][NEP_SEED_LENGTH + 1], id[2][9];
  nep_scalar x, sk;
  size_t owner;
  bool with_threshold = strcmp(nep_group_name(g), "Ed25519") == 0;
  for (size_t i = 0; i < 2; i++) {
    nep_random_base58(seed[i], NEP_SEED_LENGTH);
    nep_single_public_key(g, seed[i], i ? NULL : "Trần", &singles, id[i]);
    nep_buf_char(&singles, '\n');
  }
  ck_assert_str_ne(id[0], id[1]);
  c = (ceremony){0};
  if (with_threshold) {
    begin(&c, g);
    finish(&c);
  }
  must(nep_trustees_make(nep_buf_bytes(&singles), nep_buf_bytes(&c.threshold), &text, &err), &err);
  nep_trustees *t = verified(g, nep_buf_bytes(&text));
  ck_assert_uint_eq(t->n_owners, with_threshold ? 5 : 2);
  ck_assert_str_eq(t->owners[0].name, "Trần");
  ck_assert_ptr_null(t->owners[1].name);
  for (size_t i = 0; i < 2; i++) {
    must(nep_trustee_key(t, seed[i], (nep_bytes){0}, &x, &sk, &owner, &err), &err);
    ck_assert_uint_eq(owner, i + 1);
  }
  nep_trustees_free(t);
  nep_buf_free(&text);
  nep_buf_free(&singles);
  end(&c);
}
END_TEST

START_TEST(a_trustee_key_that_does_not_fit_is_refused)
{
  ceremony c;
  nep_error err = {0};
  nep_buf text = {0};
  nep_scalar x, sk;
  size_t owner;
  char stranger[NEP_SEED_LENGTH + 1];
  begin(&c, nep_group_find("Ed25519", 7));
  finish(&c);
  must(nep_trustees_make((nep_bytes){"", 0}, nep_buf_bytes(&c.threshold), &text, &err), &err);
  nep_trustees *t = verified(c.group, nep_buf_bytes(&text));
  nep_random_base58(stranger, NEP_SEED_LENGTH);
  refusal(nep_trustee_key(t, stranger, nep_buf_bytes(&c.dkey[0]), &x, &sk, &owner, &err), &err,
          "trustee-unknown", "no trustee");
  refusal(nep_trustee_key(t, "short", nep_buf_bytes(&c.dkey[0]), &x, &sk, &owner, &err), &err,
          "seed", "44");
  refusal(nep_trustee_key(t, c.seed[0], (nep_bytes){0}, &x, &sk, &owner, &err), &err,
          "trustee-dkey", "decryption key file");
  refusal(nep_trustee_key(t, c.seed[0], nep_buf_bytes(&c.dkey[1]), &x, &sk, &owner, &err), &err,
          "channel-seal", "decryption key file");
  ck_assert(nep_scalar_is_zero(&x) && nep_scalar_is_zero(&sk));
  /* a well-made message to oneself that holds another key */
  nep_scalar dk, wrong;
  nep_buf other = {0};
  nep_element ek;
  nep_seed_signing_key(c.group, c.seed[0], &sk);
  nep_seed_decryption_key(c.group, c.seed[0], &dk);
  nep_element_exp_g(c.group, &ek, &dk);
  nep_scalar_random(c.group, &wrong);
  nep_channel_send(c.group, NEP_TAG_PEDERSEN_DECRYPTION_KEY, &sk, &ek, "decryption_key", &wrong,
                   &other);
  refusal(nep_trustee_key(t, c.seed[0], nep_buf_bytes(&other), &x, &sk, &owner, &err), &err,
          "trustee-key", "not that of trustee 1");
  nep_buf_free(&other);
  nep_trustees_free(t);
  nep_buf_free(&text);
  end(&c);
}
END_TEST

START_TEST(contexts_that_make_no_sense_are_refused)
{
  static const char *const names[N] = {"A", "B", "C"};
  static const size_t bad[][2] = {{3, 3}, {3, 0}, {3, 4}, {1, 1}, {0, 0}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    nep_buf out = {0};
    nep_error err = {0};
    refusal(nep_threshold_context(nep_group_at(0), names, bad[i][0], bad[i][1], &out, &err), &err,
            "threshold-context", "threshold");
    ck_assert_uint_eq(out.len, 0);
  }
}
END_TEST

/* ---- liars ---- */

static ceremony liars; /* in Ed25519, steps 1 to 3 done, made anew for each test */

static void setup(void)
{
  begin(&liars, nep_group_find("Ed25519", 7));
}

static void teardown(void)
{
  end(&liars);
}

static void set(nep_buf *text, nep_buf other)
{
  nep_buf_free(text);
  *text = other;
}

START_TEST(swapped_certificates_are_refused)
{
  nep_error err = {0};
  nep_buf first = liars.cert[0];
  liars.cert[0] = liars.cert[1];
  liars.cert[1] = first;
  nep_buf certs = lines(liars.cert), out = {0};
  refusal(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
          &err, "threshold-cert", "member 1 (Nguyễn Thị A)");
  refusal(nep_threshold_polynomial(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs),
                                   liars.seed[0], &out, &err),
          &err, "threshold-cert", "another place");
  ck_assert_uint_eq(out.len, 0);
  nep_buf_free(&certs);
}
END_TEST

START_TEST(a_certificate_for_another_context_is_refused)
{
  nep_error err = {0};
  char id[65];
  nep_buf context = replaced(nep_buf_bytes(&liars.context), "\"C\"]", "\"D\"]"), cert = {0};
  must(nep_threshold_cert(nep_buf_bytes(&context), liars.seed[1], 2, &cert, id, &err), &err);
  set(&liars.cert[1], cert);
  nep_buf certs = lines(liars.cert);
  refusal(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
          &err, "threshold-cert", "member 2 (B \"b\"): the certificate's signature");
  nep_buf_free(&certs);
  nep_buf_free(&context);
}
END_TEST

START_TEST(one_person_on_two_places_is_refused)
{
  nep_error err = {0};
  char id[65];
  nep_buf cert = {0};
  must(nep_threshold_cert(nep_buf_bytes(&liars.context), liars.seed[0], 3, &cert, id, &err), &err);
  set(&liars.cert[2], cert);
  nep_buf certs = lines(liars.cert);
  refusal(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
          &err, "threshold-cert", "the same key");
  nep_buf out = {0};
  refusal(nep_threshold_polynomial(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs),
                                   liars.seed[1], &out, &err),
          &err, "threshold-cert", "the same key");
  refusal(parameters(&liars, &out, &err), &err, "threshold-cert", "the same key");
  ck_assert_uint_eq(out.len, 0);
  nep_buf_free(&certs);
}
END_TEST

/* Who collects the polynomials may lie, too: the member looks at what it gets. */
START_TEST(a_wrong_input_is_refused_by_the_one_who_gets_it)
{
  static const char *const lists[] = {"secrets", "coefexps", "signatures"};
  nep_error err = {0};
  nep_buf in = {0}, out = {0};
  must(vinput(&liars, 0, &in, &err), &err);
  for (size_t i = 0; i < 4; i++) {
    json_t *value = parsed(nep_buf_bytes(&in)), *list;
    if (i < 3) {
      json_array_remove(json_object_get(value, lists[i]), N - 1);
    } else {
      list = json_object_get(value, "signatures");
      json_array_set(list, 1, json_array_get(list, 2));
    }
    nep_buf changed = written(value);
    refusal(voutput(&liars, nep_buf_bytes(&changed), 0, &out, &err), &err,
            i < 3 ? "shape" : "threshold-signature", i < 3 ? lists[i] : "member 2 (B \"b\")");
    nep_buf_free(&changed);
    json_decref(value);
  }
  ck_assert_uint_eq(out.len, 0);
  nep_buf_free(&in);
}
END_TEST

START_TEST(a_polynomial_without_a_share_for_each_member_is_refused)
{
  nep_error err = {0};
  nep_buf out = {0};
  json_t *own = parsed(nep_buf_bytes(&liars.polynomial[1]));
  json_array_remove(json_object_get(own, "secrets"), N - 1);
  set(&liars.polynomial[1], written(own));
  refusal(vinput(&liars, 0, &out, &err), &err, "shape", "line 2");
  ck_assert_uint_eq(out.len, 0);
  json_decref(own);
}
END_TEST

/* Somebody who may open a message seals it again for another. */
START_TEST(a9_a_message_sealed_again_for_another_is_refused)
{
  const nep_group *g = liars.group;
  nep_scalar sk, dk[2], value;
  nep_element ek[2], sender;
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_seed_signing_key(g, liars.seed[1], &sk);
  nep_element_exp_g(g, &sender, &sk);
  for (size_t i = 0; i < 2; i++) {
    nep_seed_decryption_key(g, liars.seed[2 * i], &dk[i]);
    nep_element_exp_g(g, &ek[i], &dk[i]);
  }
  for (size_t i = 0; i < 2; i++) {
    nep_error err = {0};
    nep_sealed sealed = {0};
    nep_buf message = {0}, plaintext = {0}, whole = {0};
    text[nep_element_text(g, &ek[i], text)] = '\0';
    nep_buf_printf(&message, "{\"recipient\":\"%s\",\"message\":{\"secret\":\"5\"}}", text);
    nep_signed_write(g, NEP_TAG_SECRET "-channel_msg_inner", &sk, nep_buf_bytes(&message),
                     &plaintext);
    nep_seal(g, NEP_TAG_SECRET "-channel_msg_inner-channel_msg_outer", &ek[0],
             nep_buf_bytes(&plaintext), &sealed);
    char *hex = nep_alloc(2 * sealed.data.len + 1, 1);
    nep_hex(sealed.data.data, sealed.data.len, hex);
    nep_buf_str(&whole, "{\"alpha\":");
    nep_element_write(g, &whole, &sealed.alpha);
    nep_buf_str(&whole, ",\"beta\":");
    nep_element_write(g, &whole, &sealed.beta);
    nep_buf_printf(&whole, ",\"data\":\"%s\"}", hex);
    json_t *json = parsed(nep_buf_bytes(&whole));
    nep_status status =
        nep_channel_receive(g, NEP_TAG_SECRET, &dk[0], &sender, json, "secret", &value, &err);
    if (i == 0)
      must(status, &err);
    else
      refusal(status, &err, "channel-recipient", "somebody else");
    json_decref(json);
    free(hex);
    nep_buf_free(&whole);
    nep_sealed_free(&sealed);
    nep_buf_free(&plaintext);
    nep_buf_free(&message);
  }
}
END_TEST

START_TEST(missing_certificate_or_polynomial_is_refused)
{
  nep_error err = {0};
  nep_buf certs = {0}, out = {0}, all = lines(liars.cert), polynomials = lines(liars.polynomial);
  nep_buf_printf(&certs, "%s\n%s\n", liars.cert[0].data, liars.cert[1].data);
  refusal(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
          &err, "threshold-context", "number of certificates");
  size_t cut = (size_t)(strchr(polynomials.data, '\n') + 1 - polynomials.data);
  refusal(nep_threshold_vinput(nep_buf_bytes(&liars.context), nep_buf_bytes(&all),
                               slice(nep_buf_bytes(&polynomials), cut, polynomials.len - cut), 1,
                               &out, &err),
          &err, "threshold-context", "2 polynomials");
  ck_assert_uint_eq(out.len, 0);
  nep_buf_free(&polynomials);
  nep_buf_free(&all);
  nep_buf_free(&certs);
}
END_TEST

START_TEST(a_stranger_takes_no_part)
{
  nep_error err = {0};
  char stranger[NEP_SEED_LENGTH + 1];
  nep_buf certs = lines(liars.cert), out = {0};
  nep_random_base58(stranger, NEP_SEED_LENGTH);
  refusal(nep_threshold_polynomial(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), stranger,
                                   &out, &err),
          &err, "trustee-unknown", "certificates");
  nep_buf_free(&certs);
}
END_TEST

/* The polynomial of member 2 with its part `key` replaced by that of member 3. */
static void take_from_third(const char *key)
{
  json_t *own = parsed(nep_buf_bytes(&liars.polynomial[1]));
  json_t *third = parsed(nep_buf_bytes(&liars.polynomial[2]));
  json_object_set(own, key, json_object_get(third, key));
  set(&liars.polynomial[1], written(own));
  json_decref(third);
  json_decref(own);
}

START_TEST(a_wrong_signature_is_refused)
{
  nep_error err = {0};
  nep_buf out = {0};
  take_from_third("signature");
  refusal(vinput(&liars, 0, &out, &err), &err, "threshold-signature", "member 2 (B \"b\")");
}
END_TEST

START_TEST(a_polynomial_changed_after_the_certificate_is_refused)
{
  nep_error err = {0};
  nep_buf out = {0};
  take_from_third("coefexps");
  refusal(vinput(&liars, 0, &out, &err), &err, "threshold-coefexps", "member 2 (B \"b\")");
}
END_TEST

/* Member 2 seals, properly signed, another number for member 1. */
START_TEST(a_wrong_share_is_refused_by_the_one_who_gets_it)
{
  nep_error err = {0};
  nep_scalar sk, dk, wrong;
  nep_element ek;
  nep_buf sealed = {0}, in = {0}, out = {0};
  nep_seed_signing_key(liars.group, liars.seed[1], &sk);
  nep_seed_decryption_key(liars.group, liars.seed[0], &dk);
  nep_element_exp_g(liars.group, &ek, &dk);
  nep_scalar_random(liars.group, &wrong);
  nep_channel_send(liars.group, NEP_TAG_SECRET, &sk, &ek, "secret", &wrong, &sealed);
  json_t *polynomial = parsed(nep_buf_bytes(&liars.polynomial[1]));
  json_array_set_new(json_object_get(polynomial, "secrets"), 0, parsed(nep_buf_bytes(&sealed)));
  set(&liars.polynomial[1], written(polynomial));
  must(vinput(&liars, 0, &in, &err), &err); /* nobody else can see it */
  refusal(voutput(&liars, nep_buf_bytes(&in), 0, &out, &err), &err, "threshold-share",
          "member 2 (B \"b\")");
  ck_assert_uint_eq(out.len, 0);
  nep_buf_clear(&in);
  must(vinput(&liars, 1, &in, &err), &err);
  must(voutput(&liars, nep_buf_bytes(&in), 1, &out, &err), &err);
  json_decref(polynomial);
  nep_buf_free(&sealed);
  nep_buf_free(&in);
  nep_buf_free(&out);
}
END_TEST

/* Messages of the channels at places where they do not belong: A9. */
START_TEST(a9_channel_messages_out_of_place_are_refused)
{
  static const struct {
    size_t to_from, to_place, of, place;
    const char *code;
  } cases[] = {{1, 0, 1, 2, "channel-seal"},       /* a share meant for member 3 */
               {1, 0, 2, 0, "channel-signature"}}; /* the share that member 3 sent */
  for (size_t i = 0; i < 2; i++) {
    nep_error err = {0};
    nep_buf in = {0}, out = {0}, was = copied(nep_buf_bytes(&liars.polynomial[1]));
    json_t *own = parsed(nep_buf_bytes(&was));
    json_t *other = parsed(nep_buf_bytes(&liars.polynomial[cases[i].of]));
    json_array_set(json_object_get(own, "secrets"), cases[i].to_place,
                   json_array_get(json_object_get(other, "secrets"), cases[i].place));
    set(&liars.polynomial[1], written(own));
    must(vinput(&liars, 0, &in, &err), &err);
    refusal(voutput(&liars, nep_buf_bytes(&in), 0, &out, &err), &err, cases[i].code,
            "member 2 (B \"b\")");
    set(&liars.polynomial[1], was);
    json_decref(other);
    json_decref(own);
    nep_buf_free(&in);
  }
}
END_TEST

START_TEST(a7_bad_elements_in_channel_messages_are_refused)
{
  nep_error err = {0};
  nep_buf in = {0}, out = {0};
  must(vinput(&liars, 0, &in, &err), &err);
  json_t *whole = parsed(nep_buf_bytes(&in));
  json_t *message = json_array_get(json_object_get(whole, "secrets"), 1);
  static const char *const keys[] = {"alpha", "beta"};
  for (size_t k = 0; k < 2; k++) {
    char *bad[BAD_ELEMENTS];
    json_t *was = json_incref(json_object_get(message, keys[k]));
    bad_elements(liars.group, json_string_value(was), bad);
    for (size_t i = 0; bad[i]; i++) {
      json_object_set_new(message, keys[k], json_string(bad[i]));
      nep_buf text = written(whole);
      refusal(voutput(&liars, nep_buf_bytes(&text), 0, &out, &err), &err, "channel-membership",
              keys[k]);
      nep_buf_free(&text);
      free(bad[i]);
    }
    json_object_set_new(message, keys[k], was);
  }
  must(voutput(&liars, nep_buf_bytes(&in), 0, &out, &err), &err);
  json_decref(whole);
  nep_buf_free(&in);
  nep_buf_free(&out);
}
END_TEST

START_TEST(every_changed_byte_of_a_channel_message_is_refused)
{
  const nep_group *g = liars.group;
  nep_scalar sk, dk, secret, opened;
  nep_element vk, ek;
  nep_buf sealed = {0};
  nep_seed_signing_key(g, liars.seed[0], &sk);
  nep_seed_decryption_key(g, liars.seed[1], &dk);
  nep_element_exp_g(g, &vk, &sk);
  nep_element_exp_g(g, &ek, &dk);
  nep_scalar_random(g, &secret);
  nep_channel_send(g, NEP_TAG_SECRET, &sk, &ek, "secret", &secret, &sealed);
  json_t *good = parsed(nep_buf_bytes(&sealed));
  ck_assert_int_eq(nep_channel_receive(g, NEP_TAG_SECRET, &dk, &vk, good, "secret", &opened, NULL),
                   NEP_OK);
  ck_assert(nep_scalar_equal(&opened, &secret));
  /* purpose, name and sender are bound */
  ck_assert_int_ne(nep_channel_receive(g, NEP_TAG_PEDERSEN_DECRYPTION_KEY, &dk, &vk, good, "secret",
                                       &opened, NULL),
                   NEP_OK);
  ck_assert_int_ne(
      nep_channel_receive(g, NEP_TAG_SECRET, &dk, &vk, good, "decryption_key", &opened, NULL),
      NEP_OK);
  ck_assert_int_ne(nep_channel_receive(g, NEP_TAG_SECRET, &dk, &ek, good, "secret", &opened, NULL),
                   NEP_OK);
  for (size_t at = 0; at < sealed.len; at++) {
    char was = sealed.data[at];
    json_t *changed = NULL;
    sealed.data[at] = was == '7' ? 'a' : was >= 'a' && was <= 'f' ? '3' : (char)(was ^ 1);
    if (nep_json_parse_canonical(nep_buf_bytes(&sealed), &changed, NULL) == NEP_OK)
      ck_assert_msg(nep_channel_receive(g, NEP_TAG_SECRET, &dk, &vk, changed, "secret", &opened,
                                        NULL) != NEP_OK,
                    "byte %zu", at);
    json_decref(changed);
    sealed.data[at] = was;
  }
  json_decref(good);
  nep_buf_free(&sealed);
}
END_TEST

START_TEST(a_wrong_voutput_is_refused)
{
  nep_error err = {0};
  nep_buf out = {0};
  finish(&liars);
  /* two keys exchanged */
  nep_buf first = liars.voutput[0];
  liars.voutput[0] = liars.voutput[1];
  liars.voutput[1] = first;
  refusal(parameters(&liars, &out, &err), &err, "threshold-context", "member 1 (Nguyễn Thị A)");
  liars.voutput[1] = liars.voutput[0];
  liars.voutput[0] = first;
  /* a key of one's own choice, rightly signed */
  nep_scalar sk, x;
  nep_buf voutput_text = {0}, inner = {0}, message = {0}, key = {0};
  nep_element e;
  nep_seed_signing_key(liars.group, liars.seed[2], &sk);
  nep_scalar_random(liars.group, &x);
  nep_element_exp_g(liars.group, &e, &x);
  nep_buf_str(&message, "{\"public_key\":");
  nep_element_write(liars.group, &message, &e);
  nep_buf_str(&message, ",\"name\":\"C\"}");
  nep_signed_write(liars.group, NEP_TAG_VERIFICATION_KEY, &x, nep_buf_bytes(&message), &inner);
  nep_signed_write(liars.group, NEP_TAG_OUTER_VERIFICATION_KEY, &sk, nep_buf_bytes(&inner), &key);
  nep_buf_printf(&voutput_text, "{\"private_key\":%s,\"public_key\":%s}", liars.dkey[2].data,
                 key.data);
  set(&liars.voutput[2], voutput_text);
  refusal(parameters(&liars, &out, &err), &err, "threshold-verification-key", "member 3 (C)");
  ck_assert_uint_eq(out.len, 0);
  nep_buf_free(&key);
  nep_buf_free(&inner);
  nep_buf_free(&message);
}
END_TEST

START_TEST(malformed_files_are_refused_with_their_line)
{
  nep_error err = {0};
  nep_buf certs = lines(liars.cert), out = {0};
  nep_buf spaced = replaced(nep_buf_bytes(&certs), "\n{\"message\"", "\n{ \"message\"");
  refusal(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&spaced), &err),
          &err, "noncanonical", "certificates, line 2");
  nep_buf_str(&certs, "\n");
  refusal(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
          &err, "json", "certificates, line 4");
  refusal(nep_threshold_dkey(nep_str_bytes("{\"public_key\":1}"), &out, &err), &err, "shape",
          "voutput");
  refusal(nep_trustees_make(nep_str_bytes("{}\n"), (nep_bytes){"", 0}, &out, &err), &err,
          "trustees-parse", "trustees[0]");
  refusal(nep_trustees_make((nep_bytes){"", 0}, (nep_bytes){"", 0}, &out, &err), &err,
          "trustees-parse", "trustees");
  nep_buf_free(&spaced);
  nep_buf_free(&certs);
}
END_TEST

/* ---- ceremonies of others ---- */

static fixture *open_fixture(const char *name)
{
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", name);
  return fixture_open(path);
}

static const char *const thresholds[] = {"Ed25519-threshold", "BELENIOS-2048-threshold",
                                         "Ed25519-revote-weights-two"};

/* protocol.md §7: the seeds of the fixture give its certificates' contents and its polynomials; its
   channel messages open with them; the keys are those published. */
START_TEST(secrets_of_fixtures_open_their_messages_and_derive_their_keys)
{
  const char *name = thresholds[_i];
  fixture *x = open_fixture(name);
  nep_trustees *t = verified(x->election->group, x->trustees_text);
  nep_buf context = read_vector("positive/%s/setup/threshold_context.json", name);
  nep_buf certs = read_vector("positive/%s/setup/certs.jsons", name);
  json_t *list = parsed(x->trustees_text);
  json_t *p = json_array_get(json_array_get(list, json_array_size(list) - 1), 1);
  for (size_t i = 0; i < N; i++) {
    char id[65], made[65];
    nep_error err = {0};
    nep_scalar key, sk;
    size_t owner;
    json_t *message = json_object_get(json_array_get(json_object_get(p, "certs"), i), "message");
    nep_buf text = written(message), cert = {0}, out = {0};
    nep_sha256_hex(text.data, text.len, id);
    nep_buf seed = read_vector("positive/%s/secrets/%s.key", name, id);
    nep_buf dkey = read_vector("positive/%s/secrets/%s.dkey", name, id);
    nep_buf in = read_vector("positive/%s/setup/%s.vinput", name, id);
    nep_buf published = read_vector("positive/%s/setup/%s.voutput", name, id);
    /* the certificate's content, polynomial hash included */
    must(nep_threshold_cert(nep_buf_bytes(&context), seed.data, i + 1, &cert, made, &err), &err);
    ck_assert_str_eq(made, id);
    /* every share opens and fits */
    must(nep_threshold_voutput(nep_buf_bytes(&context), nep_buf_bytes(&certs), nep_buf_bytes(&in),
                               seed.data, &out, &err),
         &err);
    json_t *ours = parsed(nep_buf_bytes(&out)), *theirs = parsed(nep_buf_bytes(&published));
    ck_assert(json_equal(
        json_object_get(
            json_object_get(json_object_get(json_object_get(ours, "public_key"), "message"),
                            "message"),
            "public_key"),
        json_object_get(
            json_object_get(json_object_get(json_object_get(theirs, "public_key"), "message"),
                            "message"),
            "public_key")));
    json_decref(theirs);
    json_decref(ours);
    /* the decryption key opens and is the published one */
    must(nep_trustee_key(t, seed.data, nep_buf_bytes(&dkey), &key, &sk, &owner, &err), &err);
    ck_assert_uint_eq(owner, t->n_owners - N + i + 1);
    nep_buf_free(&published);
    nep_buf_free(&in);
    nep_buf_free(&dkey);
    nep_buf_free(&seed);
    nep_buf_free(&out);
    nep_buf_free(&cert);
    nep_buf_free(&text);
  }
  json_decref(list);
  nep_buf_free(&certs);
  nep_buf_free(&context);
  nep_trustees_free(t);
  fixture_close(x);
}
END_TEST

/* protocol.md §7 step 6: the tool's own parameters from the tool's own files. */
START_TEST(parameters_and_list_are_byte_for_byte_the_tools_own)
{
  const char *name = thresholds[_i];
  fixture *x = open_fixture(name);
  nep_error err = {0};
  nep_buf context = read_vector("positive/%s/setup/threshold_context.json", name);
  nep_buf certs = read_vector("positive/%s/setup/certs.jsons", name);
  nep_buf polynomials = read_vector("positive/%s/setup/polynomials.jsons", name);
  nep_buf expected = read_vector("positive/%s/setup/threshold.json", name);
  nep_buf singles = read_vector("positive/%s/setup/public_keys.jsons", name);
  json_t *p = parsed(nep_buf_bytes(&expected));
  nep_buf outputs = {0}, made = {0}, trustees = {0};
  for (size_t i = 0; i < N; i++) {
    char id[65];
    json_t *message = json_object_get(json_array_get(json_object_get(p, "certs"), i), "message");
    nep_buf text = written(message);
    nep_sha256_hex(text.data, text.len, id);
    nep_buf voutput_text = read_vector("positive/%s/setup/%s.voutput", name, id);
    nep_buf_add(&outputs, voutput_text.data, voutput_text.len);
    nep_buf_char(&outputs, '\n');
    nep_buf_free(&voutput_text);
    nep_buf_free(&text);
  }
  must(nep_threshold_parameters(nep_buf_bytes(&context), nep_buf_bytes(&certs),
                                nep_buf_bytes(&polynomials), nep_buf_bytes(&outputs), &made, &err),
       &err);
  ck_assert_str_eq(made.data, expected.data);
  /* the tool lists single keys in its own order; this fixture has two of them */
  if (singles.len == 0) {
    must(nep_trustees_make(nep_buf_bytes(&singles), nep_buf_bytes(&made), &trustees, &err), &err);
    ck_assert_uint_eq(trustees.len, x->trustees_text.len);
    ck_assert_mem_eq(trustees.data, x->trustees_text.data, trustees.len);
  }
  nep_buf_free(&trustees);
  nep_buf_free(&made);
  nep_buf_free(&outputs);
  json_decref(p);
  nep_buf_free(&singles);
  nep_buf_free(&expected);
  nep_buf_free(&polynomials);
  nep_buf_free(&certs);
  nep_buf_free(&context);
  fixture_close(x);
}
END_TEST

START_TEST(seeds_of_single_trustees_derive_their_keys)
{
  const char *name = fixture_names[_i];
  fixture *x = open_fixture(name);
  nep_trustees *t = verified(x->election->group, x->trustees_text);
  nep_buf order = read_vector("positive/%s/secrets/single-order.txt", name);
  size_t expected = 0;
  char *rest = order.data;
  for (char *file; (file = strtok_r(rest, " \n", &rest)); expected++) {
    nep_error err = {0};
    nep_scalar key, sk;
    size_t owner;
    char id[9];
    nep_buf seed = read_vector("positive/%s/secrets/%s", name, file), text = {0};
    must(nep_trustee_key(t, seed.data, (nep_bytes){0}, &key, &sk, &owner, &err), &err);
    ck_assert_uint_eq(owner, expected + 1);
    nep_single_public_key(x->election->group, seed.data, NULL, &text, id);
    ck_assert_msg(strncmp(file, id, 8) == 0, "%s is named %s", file, id);
    nep_buf_free(&text);
    nep_buf_free(&seed);
  }
  size_t singles = 0;
  for (size_t i = 0; i < t->n_items; i++)
    singles += !t->items[i].pedersen;
  ck_assert_uint_eq(expected, singles);
  nep_buf_free(&order);
  nep_trustees_free(t);
  fixture_close(x);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/ceremony");
  TCase *tc = tcase_create("ceremony");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, a_ceremony_of_2_of_3_verifies_and_its_shares_fit, 0, 2);
  tcase_add_loop_test(tc, single_keys_and_a_threshold_make_one_list, 0, 3);
  tcase_add_test(tc, a_trustee_key_that_does_not_fit_is_refused);
  tcase_add_test(tc, contexts_that_make_no_sense_are_refused);
  tcase_add_loop_test(tc, secrets_of_fixtures_open_their_messages_and_derive_their_keys, 0, 3);
  tcase_add_loop_test(tc, parameters_and_list_are_byte_for_byte_the_tools_own, 0, 3);
  tcase_add_loop_test(tc, seeds_of_single_trustees_derive_their_keys, 0, FIXTURES);
  suite_add_tcase(suite, tc);
  TCase *lies = tcase_create("liars");
  tcase_set_timeout(lies, 60);
  tcase_add_checked_fixture(lies, setup, teardown);
  tcase_add_test(lies, swapped_certificates_are_refused);
  tcase_add_test(lies, a_certificate_for_another_context_is_refused);
  tcase_add_test(lies, one_person_on_two_places_is_refused);
  tcase_add_test(lies, a_wrong_input_is_refused_by_the_one_who_gets_it);
  tcase_add_test(lies, a_polynomial_without_a_share_for_each_member_is_refused);
  tcase_add_test(lies, a9_a_message_sealed_again_for_another_is_refused);
  tcase_add_test(lies, missing_certificate_or_polynomial_is_refused);
  tcase_add_test(lies, a_stranger_takes_no_part);
  tcase_add_test(lies, a_wrong_signature_is_refused);
  tcase_add_test(lies, a_polynomial_changed_after_the_certificate_is_refused);
  tcase_add_test(lies, a_wrong_share_is_refused_by_the_one_who_gets_it);
  tcase_add_test(lies, a9_channel_messages_out_of_place_are_refused);
  tcase_add_test(lies, a7_bad_elements_in_channel_messages_are_refused);
  tcase_add_test(lies, every_changed_byte_of_a_channel_message_is_refused);
  tcase_add_test(lies, a_wrong_voutput_is_refused);
  tcase_add_test(lies, malformed_files_are_refused_with_their_line);
  suite_add_tcase(suite, lies);
  return nep_run_suite(suite);
}
