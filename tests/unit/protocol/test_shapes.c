/* Every value of every message, replaced by a value of each other kind, left out, or doubled: the
   reader refuses, and looks at nothing that is not there. */
#include <stdlib.h>

#include "tests/unit/protocol/fixture.h"

static const char *const others[] = {
    "null",  "true", "0",       "-1", "9223372036854775807", "1.5", "\"\"",
    "\"x\"", "[]",   "[[],{}]", "{}", "{\"message\":{}}"};
enum { OTHERS = sizeof others / sizeof *others };

/* What is to be held against each changed text; true when it was refused or is another message. */
typedef bool refuses(nep_bytes text, void *ctx);

static size_t tried;

static void try(const json_t *root, refuses *check, void *ctx, const char *what)
{
  nep_buf text = written(root);
  ck_assert_msg(check(nep_buf_bytes(&text), ctx), "%s accepted: %.2000s", what, text.data);
  tried++;
  nep_buf_free(&text);
}

static void walk(json_t *root, json_t *node, refuses *check, void *ctx);

static void walk_array(json_t *root, json_t *list, refuses *check, void *ctx)
{
  for (size_t i = 0; i < json_array_size(list); i++) {
    json_t *was = json_incref(json_array_get(list, i));
    for (size_t k = 0; k < OTHERS; k++) {
      json_array_set_new(list, i, parsed(nep_str_bytes(others[k])));
      if (!json_equal(json_array_get(list, i), was))
        try(root, check, ctx, others[k]);
    }
    json_array_remove(list, i);
    try(root, check, ctx, "entry left out");
    json_array_insert(list, i, was);
    json_array_insert(list, i, was);
    try(root, check, ctx, "entry doubled");
    json_array_remove(list, i);
    walk(root, was, check, ctx);
    json_decref(was);
  }
}

/* Leaving a field out loses its place, so the whole object is put back from a copy. */
static void try_without(json_t *root, json_t *object, const char *key, refuses *check, void *ctx)
{
  json_t *copy = json_copy(object);
  json_object_del(object, key);
  try(root, check, ctx, "field left out");
  json_object_clear(object);
  json_object_update(object, copy);
  json_decref(copy);
}

static void walk_object(json_t *root, json_t *object, refuses *check, void *ctx)
{
  char *keys[16];
  size_t n = 0;
  for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it))
    keys[n++] = nep_strdup(json_object_iter_key(it));
  for (size_t i = 0; i < n; i++) {
    json_t *was = json_incref(json_object_get(object, keys[i]));
    for (size_t k = 0; k < OTHERS; k++) {
      json_object_set_new(object, keys[i], parsed(nep_str_bytes(others[k])));
      if (!json_equal(json_object_get(object, keys[i]), was))
        try(root, check, ctx, others[k]);
    }
    json_object_set(object, keys[i], was);
    try_without(root, object, keys[i], check, ctx);
    walk(root, was, check, ctx);
    json_decref(was);
    free(keys[i]);
  }
}

static void walk(json_t *root, json_t *node, refuses *check, void *ctx)
{
  if (json_is_array(node))
    walk_array(root, node, check, ctx);
  else if (json_is_object(node))
    walk_object(root, node, check, ctx);
}

static void walk_text(nep_bytes text, refuses *check, void *ctx, size_t at_least)
{
  json_t *root = parsed(text);
  tried = 0;
  walk(root, root, check, ctx);
  nep_buf again = written(root);
  ck_assert_uint_eq(again.len, text.len); /* all was put back */
  ck_assert_mem_eq(again.data, text.data, text.len);
  ck_assert_uint_gt(tried, at_least);
  nep_buf_free(&again);
  json_decref(root);
}

static bool refuses_ballot(nep_bytes text, void *ctx)
{
  fixture *x = ctx;
  char codes[256];
  return !verify_ballot(x->election, x->credentials, text, codes);
}

START_TEST(ballots_with_a_value_of_another_kind_are_refused)
{
  static const char *const names[] = {"Ed25519-blank", "Ed25519-revote-weights-two"};
  char path[128];
  snprintf(path, sizeof path, "positive/%s/election.bel", names[_i]);
  fixture *x = fixture_open(path);
  walk_text(x->ballots[0], refuses_ballot, x, 1000);
  fixture_close(x);
}
END_TEST

static bool refuses_election(nep_bytes text, void *ctx)
{
  nep_election *e = NULL;
  const char *phi = ctx;
  bool refused = nep_election_parse(text, &e, NULL) != NEP_OK || strcmp(e->phi, phi) != 0;
  nep_election_free(e);
  return refused;
}

START_TEST(elections_with_a_value_of_another_kind_are_refused_or_others)
{
  fixture *x = fixture_open("positive/Ed25519-revote-weights-two/election.bel");
  walk_text(x->election_text, refuses_election, x->election->phi, 300);
  fixture_close(x);
}
END_TEST

static bool refuses_trustees(nep_bytes text, void *ctx)
{
  nep_trustees *t = NULL;
  nep_findings f = {0};
  nep_trustees_verify(ctx, text, &t, &f);
  bool refused = f.n_faults > 0;
  nep_trustees_free(t);
  nep_findings_free(&f);
  return refused;
}

static bool refuses_single(nep_bytes text, void *ctx)
{
  nep_buf whole = {0};
  nep_buf_printf(&whole, "[%s]", text.data);
  bool refused = refuses_trustees(nep_buf_bytes(&whole), ctx);
  nep_buf_free(&whole);
  return refused;
}

START_TEST(a_single_trustee_with_a_value_of_another_kind_is_refused)
{
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  json_t *list = parsed(x->trustees_text);
  nep_buf item = written(json_array_get(list, 0));
  walk_text(nep_buf_bytes(&item), refuses_single, (void *)(uintptr_t)x->election->group, 200);
  nep_buf_free(&item);
  json_decref(list);
  fixture_close(x);
}
END_TEST

/* A list of trustees may hold the same Single twice: that is another election key, not a malformed
   list, so only the inside of the threshold is walked. */
static bool refuses_threshold(nep_bytes text, void *ctx)
{
  nep_buf whole = {0};
  nep_buf_printf(&whole, "[[\"Pedersen\",%s]]", text.data);
  bool refused = refuses_trustees(nep_buf_bytes(&whole), ctx);
  nep_buf_free(&whole);
  return refused;
}

START_TEST(a_threshold_with_a_value_of_another_kind_is_refused)
{
  fixture *x = fixture_open("positive/Ed25519-threshold/election.bel");
  nep_buf text = read_vector("positive/Ed25519-threshold/setup/threshold.json");
  walk_text(nep_buf_bytes(&text), refuses_threshold, (void *)(uintptr_t)x->election->group, 700);
  nep_buf_free(&text);
  fixture_close(x);
}
END_TEST

static bool refuses_credentials(nep_bytes text, void *ctx)
{
  fixture *x = ctx;
  nep_credentials *c = NULL;
  nep_findings f = {0};
  nep_credentials_verify(x->election->group, text, 0, &c, &f);
  /* a shorter list, or another weight, is a list: not the one whose hash the Setup has */
  bool refused = f.n_faults > 0 || text.len != x->credentials_text.len;
  nep_credentials_free(c);
  nep_findings_free(&f);
  return refused;
}

START_TEST(credentials_with_a_value_of_another_kind_are_refused_or_others)
{
  fixture *x = fixture_open("positive/Ed25519-single/election.bel");
  walk_text(x->credentials_text, refuses_credentials, x, 300);
  fixture_close(x);
}
END_TEST

struct member {
  nep_buf context, certs, seed;
};

static bool refuses_vinput(nep_bytes text, void *ctx)
{
  struct member *m = ctx;
  nep_buf out = {0};
  nep_error err = {0};
  bool refused = nep_threshold_voutput(nep_buf_bytes(&m->context), nep_buf_bytes(&m->certs), text,
                                       m->seed.data, &out, &err) != NEP_OK;
  ck_assert(!refused || (out.len == 0 && err.reason[0]));
  nep_buf_free(&out);
  return refused;
}

START_TEST(ceremony_input_with_a_value_of_another_kind_is_refused)
{
  static const char id[] = "5065d376c7d5b3e45a0d8d10169389624d9f02ea07d5a9c9663967011cab5650";
  struct member m = {read_vector("positive/Ed25519-threshold/setup/threshold_context.json"),
                     read_vector("positive/Ed25519-threshold/setup/certs.jsons"),
                     read_vector("positive/Ed25519-threshold/secrets/%s.key", id)};
  nep_buf text = read_vector("positive/Ed25519-threshold/setup/%s.vinput", id);
  ck_assert(!refuses_vinput(nep_buf_bytes(&text), &m));
  walk_text(nep_buf_bytes(&text), refuses_vinput, &m, 300);
  nep_buf_free(&text);
  nep_buf_free(&m.seed);
  nep_buf_free(&m.certs);
  nep_buf_free(&m.context);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("protocol/shapes");
  TCase *tc = tcase_create("shapes");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, ballots_with_a_value_of_another_kind_are_refused, 0, 2);
  tcase_add_test(tc, elections_with_a_value_of_another_kind_are_refused_or_others);
  tcase_add_test(tc, a_single_trustee_with_a_value_of_another_kind_is_refused);
  tcase_add_test(tc, a_threshold_with_a_value_of_another_kind_is_refused);
  tcase_add_test(tc, credentials_with_a_value_of_another_kind_are_refused_or_others);
  tcase_add_test(tc, ceremony_input_with_a_value_of_another_kind_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
