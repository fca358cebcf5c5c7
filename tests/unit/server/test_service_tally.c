/* From the closed election to the announced result: what the server recomputes, what must be signed
   for it, and what it then publishes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/ceremony.h"
#include "protocol/json.h"
#include "protocol/verify.h"
#include "records/countersignature.h"
#include "records/decryption_proof.h"
#include "records/tags.h"
#include "records/tally_act.h"
#include "tests/support/lying_trustee.h"
#include "tests/support/run.h"
#include "tests/unit/server/world.h"

static void refused(nep_action action, const char *uuid, const char *body, nep_status status,
                    const char *code)
{
  nep_error err = {0};
  nep_status st = world_act(action, uuid, body, NULL, &err);
  ck_assert_msg(st == status && strcmp(err.code, code) == 0, "%s: wanted %s, got %s %s: %s",
                nep_action_name(action), code, nep_status_name(st), err.code, err.reason);
}

/* ---- an election at its end ---- */

typedef struct ending {
  world_election e;
  nep_verified *v; /* its archive, closed */
  nep_buf tally, sized;
  /* What is signed for it: */
  nep_tally_act act;
  nep_head head;
} ending;

static void cast(const world_election *e, size_t voter, unsigned choice)
{
  nep_buf body = {0};
  world_cast_result r;
  world_ballot(e, voter, choice, &body);
  world_cast(e->uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  nep_buf_free(&r.json);
  nep_buf_free(&body);
}

static void sign_for(ending *x)
{
  const nep_verified *v = x->v;
  x->act = (nep_tally_act){.uuid = ""};
  memcpy(x->act.uuid, x->e.uuid, sizeof x->e.uuid);
  memcpy(x->act.election_hash, v->election->phi, 65);
  memcpy(x->act.setup_hash, v->setup_hash, 65);
  memcpy(x->act.end_ballots, v->end_ballots_head, 65);
  nep_sha256_hex(x->tally.data, x->tally.len, x->act.tally_hash);
  nep_clock_text(x->e.closes, x->act.closes);
  memcpy(x->act.trust, x->e.trust.trust->hash, 65);
  nep_clock_text(nep_clock_now(), x->act.time);
  x->head = (nep_head){.height = v->end_ballots_height, .size = v->end_ballots_size};
  memcpy(x->head.uuid, x->e.uuid, sizeof x->e.uuid);
  memcpy(x->head.event, v->end_ballots_head, 65);
  nep_clock_text(nep_clock_now(), x->head.time);
}

/* Three voters, of whom two vote, one of them twice. */
static void vote(ending *x)
{
  world_open();
  world_opened(&x->e, 3, 3);
  cast(&x->e, 0, 0);
  cast(&x->e, 1, 1);
  cast(&x->e, 0, 1); /* the last one counts */
}

static void end_vote(ending *x)
{
  world_wait_until(x->e.closes);
  refused(NEP_ACT_TALLY, x->e.uuid,
          "{\"encrypted_tally\":\"\",\"sized\":\"\",\"acts\":[],\"countersignatures\":[]}",
          NEP_E_STATE, "phase");
  world_must(NEP_ACT_CLOSE, x->e.uuid, "{}");
  x->v = world_export(x->e.uuid);
  ck_assert(nep_verified_is_valid(x->v));
  nep_tally_write(x->v->tally, &x->tally);
  nep_tally_sized_write(x->v->tally, nep_buf_bytes(&x->tally), &x->sized);
  sign_for(x);
}

static void open_ending(ending *x)
{
  *x = (ending){.v = NULL};
  vote(x);
  end_vote(x);
}

static void close_ending(ending *x)
{
  nep_verified_free(x->v);
  nep_buf_free(&x->sized);
  nep_buf_free(&x->tally);
  world_election_free(&x->e);
  world_close();
}

/* ---- requests ---- */

static void two_texts(nep_buf *body, const char *a, const nep_buf *first, const char *b,
                      const nep_buf *second)
{
  nep_buf_clear(body);
  nep_buf_printf(body, "{\"%s\":", a);
  nep_json_write_string(body, first->data, first->len);
  nep_buf_printf(body, ",\"%s\":", b);
  nep_json_write_string(body, second->data, second->len);
  nep_buf_char(body, '}');
}

/* Lists of keys of the fixture end with -1. */
static const int all_signers[] = {SECRETARY, CHAIR, OBSERVER, -1};
static const int the_mirror[] = {MIRROR, -1};

static void add_acts(const ending *x, const int *signers, nep_buf *body)
{
  nep_buf message = {0};
  nep_tally_act_write(&x->act, &message);
  for (size_t i = 0; signers[i] >= 0; i++) {
    if (i > 0)
      nep_buf_char(body, ',');
    nep_envelope_make(x->e.trust.keys[signers[i]], NEP_TAG_TALLY_ACT, nep_buf_bytes(&message),
                      body);
  }
  nep_buf_free(&message);
}

static void add_countersignatures(const ending *x, const int *mirrors, nep_buf *body)
{
  for (size_t i = 0; mirrors[i] >= 0; i++) {
    if (i > 0)
      nep_buf_char(body, ',');
    nep_countersign(x->e.trust.keys[mirrors[i]], &x->head, body);
  }
}

static void tally_body(const ending *x, const int *signers, const int *mirrors, nep_buf *body)
{
  two_texts(body, "encrypted_tally", &x->tally, "sized", &x->sized);
  body->len--;
  nep_buf_str(body, ",\"acts\":[");
  add_acts(x, signers, body);
  nep_buf_str(body, "],\"countersignatures\":[");
  add_countersignatures(x, mirrors, body);
  nep_buf_str(body, "]}");
}

static void share_body(nep_buf *body, const nep_buf *object, const nep_buf *owned,
                       const nep_buf *proof)
{
  two_texts(body, "decryption", object, "owned", owned);
  body->len--;
  nep_buf_str(body, ",\"proof\":");
  nep_json_write_string(body, proof->data, proof->len);
  nep_buf_char(body, '}');
}

/* The second proof of a decryption that the archive's own rules accept. */
static void second_proof(const ending *x, size_t owner, const nep_scalar *key,
                         const nep_buf *object, nep_buf *out)
{
  nep_factors *f = NULL;
  nep_findings findings = {0};
  nep_buf_clear(out);
  ck_assert(nep_decryption_verify(x->v->tally, x->v->trustees, owner, nep_buf_bytes(object), &f,
                                  &findings));
  nep_decryption_proof_make(x->v->tally, x->v->trustees, f, key, out);
  nep_factors_free(x->v->election, f);
  nep_findings_free(&findings);
}

static void refused_tally(const ending *x, const int *signers, const int *mirrors, const char *code)
{
  nep_buf body = {0};
  tally_body(x, signers, mirrors, &body);
  refused(NEP_ACT_TALLY, x->e.uuid, body.data, NEP_E_CHECK, code);
  nep_buf_free(&body);
}

static void document(const ending *x, nep_document which, nep_buf *out)
{
  char hash[65], own[65];
  nep_error err = {0};
  nep_buf_clear(out);
  ck_assert_int_eq(nep_document_get(world, x->e.uuid, which, out, hash, &err), NEP_OK);
  nep_sha256_hex(out->data, out->len, own);
  ck_assert_str_eq(hash, own);
}

/* ---- tests ---- */

START_TEST(a24_too_few_or_unknown_signers_have_no_tally_published)
{
  static const int none[] = {-1}, no_observer[] = {SECRETARY, CHAIR, CLERK, -1},
                   one_official[] = {SECRETARY, OBSERVER, -1},
                   one_twice[] = {SECRETARY, SECRETARY, OBSERVER, -1},
                   stranger[] = {SECRETARY, CHAIR, OBSERVER, STRANGER, -1},
                   mirror_acts[] = {SECRETARY, CHAIR, OBSERVER, MIRROR, -1},
                   foreign_mirror[] = {MIRROR, STRANGER, -1}, official_mirror[] = {SECRETARY, -1};
  ending x;
  open_ending(&x);
  refused_tally(&x, none, the_mirror, "too-few-acts");
  refused_tally(&x, no_observer, the_mirror, "too-few-acts");
  refused_tally(&x, one_official, the_mirror, "too-few-acts");
  refused_tally(&x, one_twice, the_mirror, "too-few-acts");
  refused_tally(&x, stranger, the_mirror, "not-pinned");
  refused_tally(&x, mirror_acts, the_mirror, "not-pinned");
  refused_tally(&x, all_signers, none, "too-few-countersignatures");
  refused_tally(&x, all_signers, foreign_mirror, "not-pinned");
  refused_tally(&x, all_signers, official_mirror, "not-pinned");
  ck_assert_int_eq(world_count("SELECT count(*) FROM board.additions WHERE kind IN "
                               "('tally', 'countersignature')"),
                   0);
  close_ending(&x);
}
END_TEST

START_TEST(a24_what_was_signed_for_another_tally_or_end_is_refused)
{
  ending x;
  open_ending(&x);
  nep_tally_act act = x.act;
  nep_head head = x.head;
  char *const fields[] = {x.act.uuid,        x.act.election_hash, x.act.setup_hash,
                          x.act.end_ballots, x.act.tally_hash,    x.act.closes,
                          x.act.trust};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    fields[i][3] = fields[i][3] == '2' ? '3' : '2'; /* 2026 becomes 2022 */
    refused_tally(&x, all_signers, the_mirror, "tally-act");
    x.act = act;
  }
  x.head.height--;
  refused_tally(&x, all_signers, the_mirror, "countersignature");
  x.head = head;
  x.head.size -= 512;
  refused_tally(&x, all_signers, the_mirror, "countersignature");
  x.head = head;
  x.head.event[3] = x.head.event[3] == '2' ? '3' : '2';
  refused_tally(&x, all_signers, the_mirror, "countersignature");
  x.head = head;
  x.head.uuid[3] = x.head.uuid[3] == '2' ? '3' : '2';
  refused_tally(&x, all_signers, the_mirror, "countersignature");
  close_ending(&x);
}
END_TEST

START_TEST(a_request_has_every_list_and_genuine_signatures)
{
  ending x;
  nep_buf body = {0};
  open_ending(&x);
  two_texts(&body, "encrypted_tally", &x.tally, "sized", &x.sized);
  refused(NEP_ACT_TALLY, x.e.uuid, body.data, NEP_E_INPUT, "shape");
  body.len--;
  nep_buf_str(&body, ",\"acts\":{},\"countersignatures\":[]}");
  refused(NEP_ACT_TALLY, x.e.uuid, body.data, NEP_E_INPUT, "shape");
  nep_buf_clear(&body);
  tally_body(&x, all_signers, the_mirror, &body);
  char *time = strstr(strstr(body.data, "\"acts\":["), "\"time\":\"20");
  time[strlen("\"time\":\"")] = '3';
  refused(NEP_ACT_TALLY, x.e.uuid, body.data, NEP_E_CHECK, "signature");
  time[strlen("\"time\":\"")] = '2';
  time = strstr(strstr(body.data, "\"countersignatures\":["), "\"time\":\"20");
  time[strlen("\"time\":\"")] = '3';
  refused(NEP_ACT_TALLY, x.e.uuid, body.data, NEP_E_CHECK, "signature");
  nep_buf_free(&body);
  close_ending(&x);
}
END_TEST

START_TEST(what_was_signed_is_published_with_the_tally)
{
  ending x;
  nep_buf body = {0}, served = {0}, whole = {0};
  open_ending(&x);
  document(&x, NEP_DOCUMENT_TALLY_ACTS, &served);
  ck_assert_str_eq(served.data, "[]");
  tally_body(&x, all_signers, the_mirror, &body);
  world_must(NEP_ACT_TALLY, x.e.uuid, body.data);
  /* The lists stand in the request exactly as they are served. */
  document(&x, NEP_DOCUMENT_TALLY_ACTS, &served);
  nep_buf_printf(&whole, "\"acts\":%s,", served.data);
  ck_assert_ptr_nonnull(strstr(body.data, whole.data));
  nep_buf_clear(&whole);
  document(&x, NEP_DOCUMENT_COUNTERSIGNATURES, &served);
  nep_buf_printf(&whole, "\"countersignatures\":%s}", served.data);
  ck_assert_ptr_nonnull(strstr(body.data, whole.data));
  ck_assert_int_eq(world_count("SELECT count(*) FROM board.additions WHERE kind = 'tally'"), 3);
  document(&x, NEP_DOCUMENT_VERDICT, &served);
  ck_assert_ptr_nonnull(strstr(served.data, "\"counts\""));
  nep_buf_free(&whole);
  nep_buf_free(&served);
  nep_buf_free(&body);
  close_ending(&x);
}
END_TEST

/* The right one is taken. */
static void refuse_other_tallies(ending *x, const nep_encrypted_tally *none)
{
  nep_buf right_tally = x->tally, right_sized = x->sized, body = {0};
  x->tally = (nep_buf){0};
  nep_tally_write(none, &x->tally);
  refused_tally(x, all_signers, the_mirror, "tally-mismatch");
  nep_buf_free(&x->tally);
  x->tally = right_tally;
  x->sized = right_tally;
  refused_tally(x, all_signers, the_mirror, "tally-mismatch");
  x->sized = right_sized;
  tally_body(x, all_signers, the_mirror, &body);
  world_must(NEP_ACT_TALLY, x->e.uuid, body.data);
  refused(NEP_ACT_TALLY, x->e.uuid, body.data, NEP_E_STATE, "phase");
  nep_buf_free(&body);
}

/* One of another tally has a valid signature. The right one is taken. */
static void refuse_other_decryptions(ending *x, const nep_encrypted_tally *none)
{
  const nep_verified *v = x->v;
  nep_buf object = {0}, owned = {0}, right = {0}, proof = {0}, body = {0};
  nep_error err = {0};
  nep_scalar key, signing;
  size_t owner = 0;
  ck_assert_int_eq(
      nep_trustee_key(v->trustees, x->e.seed, (nep_bytes){NULL, 0}, &key, &signing, &owner, &err),
      NEP_OK);
  nep_decryption_make(none, v->trustees, owner, &key, &signing, &object, &owned);
  two_texts(&body, "decryption", &object, "owned", &owned);
  refused(NEP_ACT_DECRYPTION, x->e.uuid, body.data, NEP_E_CHECK, "pd-proof");
  nep_buf_clear(&object);
  nep_decryption_make(v->tally, v->trustees, owner, &key, &signing, &object, &right);
  second_proof(x, owner, &key, &object, &proof);
  two_texts(&body, "decryption", &object, "owned", &owned);
  refused(NEP_ACT_DECRYPTION, x->e.uuid, body.data, NEP_E_CHECK, "pd-payload");
  share_body(&body, &object, &right, &proof);
  world_must(NEP_ACT_DECRYPTION, x->e.uuid, body.data);
  refused(NEP_ACT_DECRYPTION, x->e.uuid, body.data, NEP_E_STATE, "pd-repeated");
  nep_buf_free(&body);
  nep_buf_free(&proof);
  nep_buf_free(&right);
  nep_buf_free(&owned);
  nep_buf_free(&object);
}

START_TEST(only_the_tally_decryption_and_result_of_the_stored_ballots_are_taken)
{
  static const char right[] = "{\"result\":[[0,2]]}";
  ending x;
  nep_buf result = {0};
  open_ending(&x);
  nep_encrypted_tally *none = nep_tally_new(x.v->election);
  refuse_other_tallies(&x, none);
  refused(NEP_ACT_RESULT, x.e.uuid, right, NEP_E_CHECK, "pd-missing");
  refuse_other_decryptions(&x, none);
  refused(NEP_ACT_RESULT, x.e.uuid, "{\"result\":[[1,1]]}", NEP_E_CHECK, "result-mismatch");
  refused(NEP_ACT_RESULT, x.e.uuid, "{\"result\":[[0,2]]} ", NEP_E_CHECK, "noncanonical");
  world_must(NEP_ACT_RESULT, x.e.uuid, right);
  refused(NEP_ACT_RESULT, x.e.uuid, right, NEP_E_STATE, "phase");
  document(&x, NEP_DOCUMENT_RESULT, &result);
  ck_assert_str_eq(result.data, right);
  nep_verified *end = world_export(x.e.uuid);
  ck_assert(nep_verified_is_valid(end));
  ck_assert_int_eq(end->phase, NEP_EVENT_RESULT);
  ck_assert_uint_eq(end->result->rows[0][1], 2);
  nep_verified_free(end);
  nep_tally_free(none);
  nep_buf_free(&result);
  close_ending(&x);
}
END_TEST

/* The third voter is the trustee, who casts the last ballot and shifts its factor by one vote. */
static void lying_share(ending *x, liar *l, nep_scalar *key, nep_buf *object, nep_buf *owned)
{
  nep_choice choices[1] = {{.chosen = {0, 1}}};
  nep_scalar signing;
  nep_error err = {0};
  nep_buf ballot = {0}, body = {0};
  world_cast_result r;
  vote(x);
  nep_verified *before = world_export(x->e.uuid);
  liar_commit(before->tally, before->trustees, 1, 0, l);
  liar_ballot(before->election, l, x->e.credentials[2], choices, &ballot);
  world_enclose(&x->e, 2, &ballot, 1, &body);
  world_cast(x->e.uuid, &body, &r);
  ck_assert_int_eq(r.status, NEP_OK);
  end_vote(x);
  ck_assert_int_eq(nep_trustee_key(x->v->trustees, x->e.seed, (nep_bytes){NULL, 0}, key, &signing,
                                   &l->owner, &err),
                   NEP_OK);
  liar_decrypt(x->v->tally, x->v->trustees, l, key, &signing, object, owned);
  nep_verified_free(before);
  nep_buf_free(&r.json);
  nep_buf_free(&body);
  nep_buf_free(&ballot);
}

START_TEST(a2_a_shifted_decryption_that_the_archive_alone_would_accept_is_refused)
{
  ending x = {.v = NULL};
  liar l;
  nep_scalar key;
  nep_buf object = {0}, owned = {0}, body = {0}, proof = {0};
  lying_share(&x, &l, &key, &object, &owned);
  tally_body(&x, all_signers, the_mirror, &body);
  world_must(NEP_ACT_TALLY, x.e.uuid, body.data);
  two_texts(&body, "decryption", &object, "owned", &owned);
  refused(NEP_ACT_DECRYPTION, x.e.uuid, body.data, NEP_E_CHECK, "decryption-proof-missing");
  second_proof(&x, l.owner, &key, &object, &proof); /* the archive's own proof holds */
  share_body(&body, &object, &owned, &proof);
  refused(NEP_ACT_DECRYPTION, x.e.uuid, body.data, NEP_E_CHECK, "decryption-proof");
  nep_buf_clear(&proof);
  nep_buf_str(&proof, "[]");
  share_body(&body, &object, &owned, &proof);
  refused(NEP_ACT_DECRYPTION, x.e.uuid, body.data, NEP_E_INPUT, "decryption-proof-parse");
  char *stored = nep_sprintf("SELECT (SELECT count(*) FROM board.additions WHERE uuid = '%s' AND "
                             "kind = 'decryption-proof') + (SELECT count(*) FROM board.events "
                             "WHERE uuid = '%s' AND type = 'PartialDecryption')",
                             x.e.uuid, x.e.uuid);
  ck_assert_int_eq(world_count(stored), 0);
  free(stored);
  nep_buf_free(&proof);
  nep_buf_free(&body);
  nep_buf_free(&owned);
  nep_buf_free(&object);
  close_ending(&x);
}
END_TEST

START_TEST(the_second_proof_of_a_decryption_is_published)
{
  ending x;
  nep_buf object = {0}, owned = {0}, body = {0}, proof = {0}, served = {0}, expected = {0};
  nep_scalar key, signing;
  size_t owner = 0;
  nep_error err = {0};
  open_ending(&x);
  document(&x, NEP_DOCUMENT_DECRYPTION_PROOFS, &served);
  ck_assert_str_eq(served.data, "[]");
  tally_body(&x, all_signers, the_mirror, &body);
  world_must(NEP_ACT_TALLY, x.e.uuid, body.data);
  ck_assert_int_eq(
      nep_trustee_key(x.v->trustees, x.e.seed, (nep_bytes){NULL, 0}, &key, &signing, &owner, &err),
      NEP_OK);
  /* That of another decryption of the same tally is refused, its own one is stored. */
  nep_buf other = {0}, none = {0};
  nep_decryption_make(x.v->tally, x.v->trustees, owner, &key, &signing, &other, &none);
  nep_decryption_make(x.v->tally, x.v->trustees, owner, &key, &signing, &object, &owned);
  second_proof(&x, owner, &key, &other, &proof);
  share_body(&body, &object, &owned, &proof);
  refused(NEP_ACT_DECRYPTION, x.e.uuid, body.data, NEP_E_CHECK, "decryption-proof-other");
  second_proof(&x, owner, &key, &object, &proof);
  share_body(&body, &object, &owned, &proof);
  world_must(NEP_ACT_DECRYPTION, x.e.uuid, body.data);
  document(&x, NEP_DOCUMENT_DECRYPTION_PROOFS, &served);
  nep_buf_printf(&expected, "[%s]", proof.data);
  ck_assert_str_eq(served.data, expected.data);
  nep_buf_free(&none);
  nep_buf_free(&other);
  nep_buf_free(&expected);
  nep_buf_free(&served);
  nep_buf_free(&proof);
  nep_buf_free(&body);
  nep_buf_free(&owned);
  nep_buf_free(&object);
  close_ending(&x);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: tally");
  TCase *tests = tcase_create("tally");
  nep_random_start();
  world_start();
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, a24_too_few_or_unknown_signers_have_no_tally_published);
  tcase_add_test(tests, a24_what_was_signed_for_another_tally_or_end_is_refused);
  tcase_add_test(tests, a_request_has_every_list_and_genuine_signatures);
  tcase_add_test(tests, what_was_signed_is_published_with_the_tally);
  tcase_add_test(tests, only_the_tally_decryption_and_result_of_the_stored_ballots_are_taken);
  tcase_add_test(tests, a2_a_shifted_decryption_that_the_archive_alone_would_accept_is_refused);
  tcase_add_test(tests, the_second_proof_of_a_decryption_is_published);
  suite_add_tcase(suite, tests);
  int status = nep_run_suite(suite);
  world_stop();
  return status;
}
