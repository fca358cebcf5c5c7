/* protocol.md §6-§7: ceremonies and trustees of upstream's tool, with their secrets. */
#include <stdlib.h>

#include "crypto/hash.h"
#include "tests/unit/protocol/ceremony_steps.h"

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
  nep_trustees *t = verified_trustees(x->election->group, x->trustees_text);
  nep_buf context = read_vector("positive/%s/setup/threshold_context.json", name);
  nep_buf certs = read_vector("positive/%s/setup/certs.jsons", name);
  json_t *list = parsed(x->trustees_text);
  json_t *p = json_array_get(json_array_get(list, json_array_size(list) - 1), 1);
  for (size_t i = 0; i < CEREMONY_MEMBERS; i++) {
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
    must_succeed(nep_threshold_cert(nep_buf_bytes(&context), seed.data, i + 1, &cert, made, &err),
                 &err);
    ck_assert_str_eq(made, id);
    /* every share opens and fits */
    must_succeed(nep_threshold_voutput(nep_buf_bytes(&context), nep_buf_bytes(&certs),
                                       nep_buf_bytes(&in), seed.data, &out, &err),
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
    must_succeed(nep_trustee_key(t, seed.data, nep_buf_bytes(&dkey), &key, &sk, &owner, &err),
                 &err);
    ck_assert_uint_eq(owner, t->n_owners - CEREMONY_MEMBERS + i + 1);
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
  for (size_t i = 0; i < CEREMONY_MEMBERS; i++) {
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
  must_succeed(nep_threshold_parameters(nep_buf_bytes(&context), nep_buf_bytes(&certs),
                                        nep_buf_bytes(&polynomials), nep_buf_bytes(&outputs), &made,
                                        &err),
               &err);
  ck_assert_str_eq(made.data, expected.data);
  /* the tool lists single keys in its own order; this fixture has two of them */
  if (singles.len == 0) {
    must_succeed(nep_trustees_make(nep_buf_bytes(&singles), nep_buf_bytes(&made), &trustees, &err),
                 &err);
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
  nep_trustees *t = verified_trustees(x->election->group, x->trustees_text);
  nep_buf order = read_vector("positive/%s/secrets/single-order.txt", name);
  size_t expected = 0;
  char *rest = order.data;
  for (char *file; (file = strtok_r(rest, " \n", &rest)); expected++) {
    nep_error err = {0};
    nep_scalar key, sk;
    size_t owner;
    char id[9];
    nep_buf seed = read_vector("positive/%s/secrets/%s", name, file), text = {0};
    must_succeed(nep_trustee_key(t, seed.data, (nep_bytes){0}, &key, &sk, &owner, &err), &err);
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
  Suite *suite = suite_create("protocol/ceremony-vectors");
  TCase *tc = tcase_create("vectors");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, secrets_of_fixtures_open_their_messages_and_derive_their_keys, 0, 3);
  tcase_add_loop_test(tc, parameters_and_list_are_byte_for_byte_the_tools_own, 0, 3);
  tcase_add_loop_test(tc, seeds_of_single_trustees_derive_their_keys, 0, FIXTURES);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
