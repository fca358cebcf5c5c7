/* protocol.md §7: liars in the key ceremony; what they hand in is refused and they are named. */
#include "base/encode.h"
#include "base/memory.h"
#include "crypto/tags.h"
#include "protocol/channel.h"
#include "protocol/values.h"
#include "tests/unit/protocol/ceremony_steps.h"

static ceremony liars; /* in Ed25519, steps 1 to 3 done, made anew for each test */

static void setup(void)
{
  ceremony_begin(&liars, nep_group_find("Ed25519", 7));
}

static void teardown(void)
{
  ceremony_end(&liars);
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
  nep_buf certs = ceremony_lines(liars.cert), out = {0};
  must_refuse(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
              &err, "threshold-cert", "member 1 (Nguyễn Thị A)");
  must_refuse(nep_threshold_polynomial(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs),
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
  must_succeed(nep_threshold_cert(nep_buf_bytes(&context), liars.seed[1], 2, &cert, id, &err),
               &err);
  set(&liars.cert[1], cert);
  nep_buf certs = ceremony_lines(liars.cert);
  must_refuse(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
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
  must_succeed(nep_threshold_cert(nep_buf_bytes(&liars.context), liars.seed[0], 3, &cert, id, &err),
               &err);
  set(&liars.cert[2], cert);
  nep_buf certs = ceremony_lines(liars.cert);
  must_refuse(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
              &err, "threshold-cert", "the same key");
  nep_buf out = {0};
  must_refuse(nep_threshold_polynomial(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs),
                                       liars.seed[1], &out, &err),
              &err, "threshold-cert", "the same key");
  must_refuse(ceremony_parameters(&liars, &out, &err), &err, "threshold-cert", "the same key");
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
  must_succeed(ceremony_vinput(&liars, 0, &in, &err), &err);
  for (size_t i = 0; i < 4; i++) {
    json_t *value = parsed(nep_buf_bytes(&in)), *list;
    if (i < 3) {
      json_array_remove(json_object_get(value, lists[i]), CEREMONY_MEMBERS - 1);
    } else {
      list = json_object_get(value, "signatures");
      json_array_set(list, 1, json_array_get(list, 2));
    }
    nep_buf changed = written(value);
    must_refuse(ceremony_voutput(&liars, nep_buf_bytes(&changed), 0, &out, &err), &err,
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
  json_array_remove(json_object_get(own, "secrets"), CEREMONY_MEMBERS - 1);
  set(&liars.polynomial[1], written(own));
  must_refuse(ceremony_vinput(&liars, 0, &out, &err), &err, "shape", "line 2");
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
      must_succeed(status, &err);
    else
      must_refuse(status, &err, "channel-recipient", "somebody else");
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
  nep_buf certs = {0}, out = {0}, all = ceremony_lines(liars.cert),
          polynomials = ceremony_lines(liars.polynomial);
  nep_buf_printf(&certs, "%s\n%s\n", liars.cert[0].data, liars.cert[1].data);
  must_refuse(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
              &err, "threshold-context", "number of certificates");
  size_t cut = (size_t)(strchr(polynomials.data, '\n') + 1 - polynomials.data);
  must_refuse(nep_threshold_vinput(nep_buf_bytes(&liars.context), nep_buf_bytes(&all),
                                   slice(nep_buf_bytes(&polynomials), cut, polynomials.len - cut),
                                   1, &out, &err),
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
  nep_buf certs = ceremony_lines(liars.cert), out = {0};
  nep_random_base58(stranger, NEP_SEED_LENGTH);
  must_refuse(nep_threshold_polynomial(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs),
                                       stranger, &out, &err),
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
  must_refuse(ceremony_vinput(&liars, 0, &out, &err), &err, "threshold-signature",
              "member 2 (B \"b\")");
}
END_TEST

START_TEST(a_polynomial_changed_after_the_certificate_is_refused)
{
  nep_error err = {0};
  nep_buf out = {0};
  take_from_third("coefexps");
  must_refuse(ceremony_vinput(&liars, 0, &out, &err), &err, "threshold-coefexps",
              "member 2 (B \"b\")");
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
  must_succeed(ceremony_vinput(&liars, 0, &in, &err), &err); /* nobody else can see it */
  must_refuse(ceremony_voutput(&liars, nep_buf_bytes(&in), 0, &out, &err), &err, "threshold-share",
              "member 2 (B \"b\")");
  ck_assert_uint_eq(out.len, 0);
  nep_buf_clear(&in);
  must_succeed(ceremony_vinput(&liars, 1, &in, &err), &err);
  must_succeed(ceremony_voutput(&liars, nep_buf_bytes(&in), 1, &out, &err), &err);
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
    must_succeed(ceremony_vinput(&liars, 0, &in, &err), &err);
    must_refuse(ceremony_voutput(&liars, nep_buf_bytes(&in), 0, &out, &err), &err, cases[i].code,
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
  must_succeed(ceremony_vinput(&liars, 0, &in, &err), &err);
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
      must_refuse(ceremony_voutput(&liars, nep_buf_bytes(&text), 0, &out, &err), &err,
                  "channel-membership", keys[k]);
      nep_buf_free(&text);
      free(bad[i]);
    }
    json_object_set_new(message, keys[k], was);
  }
  must_succeed(ceremony_voutput(&liars, nep_buf_bytes(&in), 0, &out, &err), &err);
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
  ceremony_finish(&liars);
  /* two keys exchanged */
  nep_buf first = liars.voutput[0];
  liars.voutput[0] = liars.voutput[1];
  liars.voutput[1] = first;
  must_refuse(ceremony_parameters(&liars, &out, &err), &err, "threshold-context",
              "member 1 (Nguyễn Thị A)");
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
  must_refuse(ceremony_parameters(&liars, &out, &err), &err, "threshold-verification-key",
              "member 3 (C)");
  ck_assert_uint_eq(out.len, 0);
  nep_buf_free(&key);
  nep_buf_free(&inner);
  nep_buf_free(&message);
}
END_TEST

START_TEST(malformed_files_are_refused_with_their_line)
{
  nep_error err = {0};
  nep_buf certs = ceremony_lines(liars.cert), out = {0};
  nep_buf spaced = replaced(nep_buf_bytes(&certs), "\n{\"message\"", "\n{ \"message\"");
  must_refuse(
      nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&spaced), &err), &err,
      "noncanonical", "certificates, line 2");
  nep_buf_str(&certs, "\n");
  must_refuse(nep_threshold_check_certs(nep_buf_bytes(&liars.context), nep_buf_bytes(&certs), &err),
              &err, "json", "certificates, line 4");
  must_refuse(nep_threshold_dkey(nep_str_bytes("{\"public_key\":1}"), &out, &err), &err, "shape",
              "voutput");
  must_refuse(nep_trustees_make(nep_str_bytes("{}\n"), (nep_bytes){"", 0}, &out, &err), &err,
              "trustees-parse", "trustees[0]");
  must_refuse(nep_trustees_make((nep_bytes){"", 0}, (nep_bytes){"", 0}, &out, &err), &err,
              "trustees-parse", "trustees");
  nep_buf_free(&spaced);
  nep_buf_free(&certs);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/ceremony-liars");
  TCase *tc = tcase_create("liars");
  tcase_set_timeout(tc, 60);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, swapped_certificates_are_refused);
  tcase_add_test(tc, a_certificate_for_another_context_is_refused);
  tcase_add_test(tc, one_person_on_two_places_is_refused);
  tcase_add_test(tc, a_wrong_input_is_refused_by_the_one_who_gets_it);
  tcase_add_test(tc, a_polynomial_without_a_share_for_each_member_is_refused);
  tcase_add_test(tc, a9_a_message_sealed_again_for_another_is_refused);
  tcase_add_test(tc, missing_certificate_or_polynomial_is_refused);
  tcase_add_test(tc, a_stranger_takes_no_part);
  tcase_add_test(tc, a_wrong_signature_is_refused);
  tcase_add_test(tc, a_polynomial_changed_after_the_certificate_is_refused);
  tcase_add_test(tc, a_wrong_share_is_refused_by_the_one_who_gets_it);
  tcase_add_test(tc, a9_channel_messages_out_of_place_are_refused);
  tcase_add_test(tc, a7_bad_elements_in_channel_messages_are_refused);
  tcase_add_test(tc, every_changed_byte_of_a_channel_message_is_refused);
  tcase_add_test(tc, a_wrong_voutput_is_refused);
  tcase_add_test(tc, malformed_files_are_refused_with_their_line);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
