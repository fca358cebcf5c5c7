/* The statement that fixes the order of a voter's ballots (A23). */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/keys.h"
#include "protocol/values.h"
#include "records/cast_statement_read.h"
#include "records/tags.h"
#include "tests/support/run.h"

#define UUID "11111111111111"
#define HEX16 "0123456789abcdef"
#define BALLOT HEX16 HEX16 HEX16 HEX16
#define EARLIER "f" HEX16 HEX16 HEX16 "0123456789abcde"
#define PHI "e" HEX16 HEX16 HEX16 "0123456789abcde"

typedef struct made {
  nep_election election;
  nep_scalar key;
  char credential[NEP_ELEMENT_TEXT_MAX];
  nep_cast_statement said;
  nep_buf text;
} made;

static void make(size_t group, int64_t sequence, const char *previous, made *m)
{
  char private[NEP_CREDENTIAL_LENGTH + 1];
  nep_error err = {0};
  memset(m, 0, sizeof *m);
  m->election.group = nep_group_at(group);
  m->election.uuid = nep_strdup(UUID);
  memcpy(m->election.phi, PHI, sizeof PHI);
  nep_credential_new(private);
  ck_assert_int_eq(nep_ballot_credential(&m->election, private, &m->key, m->credential, &err),
                   NEP_OK);
  m->said = (nep_cast_statement){
      .uuid = UUID, .election_hash = PHI, .ballot = BALLOT, .sequence = sequence};
  memcpy(m->said.previous, previous, strlen(previous) + 1);
  nep_cast_statement_make(m->election.group, &m->key, &m->said, &m->text);
  nep_element generator; /* any key: statements are not encrypted */
  nep_element_generator(m->election.group, &generator);
  m->election.key = nep_key_new(m->election.group, &generator);
}

static void unmake(made *m)
{
  nep_buf_free(&m->text);
  nep_key_free(m->election.key);
  free(m->election.uuid);
}

/* What is said of a statement whose signature is checked with its ballot's. */
static nep_status as_part_of_its_ballot(const made *m, const nep_cast_statement *s,
                                        const char *credential, const char *ballot, nep_error *err)
{
  const nep_group *g = m->election.group;
  nep_signed_beside beside;
  nep_buf message = {0};
  nep_element key;
  nep_cast_statement_beside(s, &message, &beside);
  ck_assert_str_eq(beside.tag, NEP_TAG_CAST);
  ck_assert_int_eq(nep_element_parse(g, &key, credential, strlen(credential), NULL), NEP_OK);
  beside.holds = nep_signature_verify_var(g, beside.tag, &key, beside.text, &beside.signature);
  nep_status st = nep_cast_statement_decide(&m->election, ballot, s, &beside, err);
  nep_buf_free(&message);
  return st;
}

/* Parses and verifies; "" or the error's code. */
static const char *verdict_about(const made *m, nep_bytes text, const char *credential,
                                 const char *ballot, nep_error *err)
{
  nep_cast_statement s;
  *err = (nep_error){0};
  nep_status st = nep_cast_statement_parse(m->election.group, text, &s, err);
  if (st == NEP_OK) {
    nep_error other = {0};
    st = nep_cast_statement_verify(&m->election, credential, ballot, &s, err);
    if (strcmp(err->where, "credential") != 0) { /* a ballot's has been read by then */
      ck_assert_int_eq(as_part_of_its_ballot(m, &s, credential, ballot, &other), st);
      ck_assert_str_eq(other.code, err->code);
      ck_assert_str_eq(other.where, err->where);
    }
  }
  return st == NEP_OK ? "" : err->code;
}

static const char *verdict(const made *m, nep_bytes text, nep_error *err)
{
  return verdict_about(m, text, m->credential, BALLOT, err);
}

static nep_buf replaced(const nep_buf *text, const char *from, const char *to)
{
  nep_buf out = {0};
  const char *at = strstr(text->data, from);
  ck_assert_ptr_nonnull(at);
  nep_buf_add(&out, text->data, (size_t)(at - text->data));
  nep_buf_str(&out, to);
  nep_buf_str(&out, at + strlen(from));
  return out;
}

START_TEST(a_statement_holds_in_every_group_and_fits_the_envelope)
{
  made m;
  nep_error err;
  make((size_t)_i, NEP_CAST_SEQUENCE_MAX, EARLIER, &m);
  ck_assert_str_eq(verdict(&m, nep_buf_bytes(&m.text), &err), "");
  ck_assert_uint_le(m.text.len, nep_cast_statement_longest(&m.election));
  /* A scalar's text is short by more than ten digits once in ten thousand million times. */
  ck_assert_uint_ge(m.text.len + 20, nep_cast_statement_longest(&m.election));
  unmake(&m);
}
END_TEST

/* Both readings of one text: what the fast one takes, the general one takes, and it is the same. */
static bool read_twice(const nep_group *g, nep_bytes text)
{
  nep_cast_statement fast = {.sequence = 0}, general = {.sequence = 0};
  if (!nep_cast_statement_scan(g, text, &fast))
    return false;
  ck_assert_int_eq(nep_cast_statement_read(g, text, &general, NULL), NEP_OK);
  ck_assert_str_eq(fast.uuid, general.uuid);
  ck_assert_str_eq(fast.election_hash, general.election_hash);
  ck_assert_str_eq(fast.ballot, general.ballot);
  ck_assert_int_eq(fast.sequence, general.sequence);
  ck_assert_str_eq(fast.previous, general.previous);
  ck_assert_mem_eq(&fast.signature, &general.signature, sizeof fast.signature);
  return true;
}

/* Each byte replaced, left out and put in before. Only digits, and letters of hashes and
   identifiers, can be replaced by others. */
START_TEST(both_readings_of_a_changed_statement_agree)
{
  static const char others[] = "0159afAzlO\"\\{}:, -.n";
  made m;
  size_t taken = 0, refused = 0;
  make((size_t)_i % 3, _i < 3 ? 7 : 1, _i < 3 ? EARLIER : "", &m);
  ck_assert(read_twice(m.election.group, nep_buf_bytes(&m.text)));
  for (size_t at = 0; at < m.text.len; at++)
    for (size_t k = 0; k < 3 * (sizeof others - 1); k++) {
      nep_buf text = {0};
      size_t next = at + (k % 3 != 2);
      nep_buf_add(&text, m.text.data, at);
      if (k % 3 != 1)
        nep_buf_char(&text, others[k / 3]);
      nep_buf_add(&text, m.text.data + next, m.text.len - next);
      if (read_twice(m.election.group, nep_buf_bytes(&text)))
        taken++;
      else
        refused++;
      nep_buf_free(&text);
    }
  ck_assert_uint_gt(taken, 0);
  ck_assert_uint_gt(refused, taken);
  unmake(&m);
}
END_TEST

START_TEST(what_was_said_is_what_is_read)
{
  made m;
  nep_error err;
  nep_cast_statement s;
  make(0, 7, EARLIER, &m);
  ck_assert_int_eq(nep_cast_statement_parse(m.election.group, nep_buf_bytes(&m.text), &s, &err),
                   NEP_OK);
  ck_assert_str_eq(s.uuid, UUID);
  ck_assert_str_eq(s.election_hash, PHI);
  ck_assert_str_eq(s.ballot, BALLOT);
  ck_assert_int_eq(s.sequence, 7);
  ck_assert_str_eq(s.previous, EARLIER);
  unmake(&m);
}
END_TEST

/* Well formed, but not what the credential signed. */
static const struct {
  const char *from, *to, *code, *where;
} altered[] = {
    {UUID, "21111111111111", "cast-statement", "uuid"},
    {PHI, BALLOT, "cast-statement", "election_hash"},
    {BALLOT, EARLIER, "cast-statement", "ballot"},
    {"\"sequence\":7", "\"sequence\":8", "cast-signature", "signature"},
    {EARLIER, BALLOT, "cast-signature", "signature"},
    {"\"" EARLIER "\"", "null", "cast-signature", "signature"},
    {"\"challenge\":\"", "\"challenge\":\"1", "cast-signature", "signature"},
    {"\"response\":\"", "\"response\":\"1", "cast-signature", "signature"},
};

START_TEST(a23_every_field_altered_is_refused)
{
  made m;
  nep_error err;
  make(0, 7, EARLIER, &m);
  nep_buf changed = replaced(&m.text, altered[_i].from, altered[_i].to);
  const char *found = verdict(&m, nep_buf_bytes(&changed), &err);
  if (_i >= 6) /* a number that grew may also be above the group's order */
    ck_assert(strcmp(found, "cast-signature") == 0 || strcmp(found, "cast-statement") == 0);
  else {
    ck_assert_str_eq(found, altered[_i].code);
    ck_assert_str_eq(err.where, altered[_i].where);
  }
  nep_buf_free(&changed);
  unmake(&m);
}
END_TEST

/* Not well formed: refused before any signature is looked at. */
static const struct {
  const char *from, *to;
} malformed[] = {
    {"\"sequence\":7", "\"sequence\":0"},
    {"\"sequence\":7", "\"sequence\":-1"},
    {"\"sequence\":7", "\"sequence\":1000000000"},
    {"\"sequence\":7", "\"sequence\":\"7\""},
    {"\"sequence\":7", "\"sequence\":7.0"},
    {"\"sequence\":7", "\"sequence\":07"},
    {"\"sequence\":7,", ""},
    {"\"sequence\":7,", "\"sequence\":7,\"sequence\":7,"},
    {"\"sequence\":7,", "\"sequence\":7,\"more\":1,"},
    {"\"sequence\":7", "\"sequence\":1"}, /* the first one names none before it */
    {"\"previous\":\"f", "\"previous\":\"F"},
    {"\"previous\":\"f", "\"previous\":\""},
    {"\"ballot\":\"0", "\"ballot\":\"g"},
    {"\"ballot\":\"0", "\"ballot\":\"00"},
    {"\"uuid\":\"1", "\"uuid\":\"0"},
    {"\"election_hash\":\"e", "\"election_hash\":\"E"},
    {"\"challenge\":\"", "\"challenge\":\"0"},
    {"\"response\":\"", "\"response\":\"-"},
    {"{\"message\":", "{ \"message\":"},
    {"\"signature\":{", "\"signature\":{\"a\":1,"},
};

START_TEST(a_malformed_statement_is_refused)
{
  made m;
  nep_error err;
  make(0, 7, EARLIER, &m);
  nep_buf changed = replaced(&m.text, malformed[_i].from, malformed[_i].to);
  ck_assert_str_eq(verdict(&m, nep_buf_bytes(&changed), &err), "cast-statement");
  nep_buf_free(&changed);
  unmake(&m);
}
END_TEST

START_TEST(another_credentials_statement_is_refused)
{
  made m, other;
  nep_error err;
  make(0, 1, "", &m);
  make(0, 1, "", &other);
  ck_assert_str_eq(verdict_about(&m, nep_buf_bytes(&m.text), other.credential, BALLOT, &err),
                   "cast-signature");
  ck_assert_str_eq(verdict_about(&m, nep_buf_bytes(&m.text), m.credential, EARLIER, &err),
                   "cast-statement");
  unmake(&other);
  unmake(&m);
}
END_TEST

START_TEST(a_signature_for_another_purpose_is_refused)
{
  made m;
  nep_error err;
  nep_buf text = {0};
  make(0, 1, "", &m);
  nep_bytes all = nep_buf_bytes(&m.text);
  const char *end = strstr(all.data, ",\"signature\"");
  size_t start = strlen("{\"message\":");
  nep_bytes message = {all.data + start, (size_t)(end - all.data) - start};
  nep_signed_write(m.election.group, NEP_TAG_CAST, &m.key, message, &text);
  ck_assert_str_eq(verdict(&m, nep_buf_bytes(&text), &err), "");
  nep_buf_clear(&text);
  nep_signed_write(m.election.group, NEP_TAG_POSSESSION, &m.key, message, &text);
  ck_assert_str_eq(verdict(&m, nep_buf_bytes(&text), &err), "cast-signature");
  nep_buf_free(&text);
  unmake(&m);
}
END_TEST

START_TEST(a_body_is_taken_apart_as_it_was_joined)
{
  nep_buf body = {0};
  nep_bytes ballot, statement;
  nep_error err = {0};
  nep_cast_join(nep_str_bytes("{\"b\":1}"), nep_str_bytes("{\"s\":2}"), &body);
  ck_assert_str_eq(body.data, "{\"ballot\":{\"b\":1},\"statement\":{\"s\":2}}");
  ck_assert_int_eq(nep_cast_split(nep_buf_bytes(&body), &ballot, &statement, &err), NEP_OK);
  ck_assert_int_eq((int)ballot.len, 7);
  ck_assert_mem_eq(ballot.data, "{\"b\":1}", 7);
  ck_assert_int_eq((int)statement.len, 7);
  ck_assert_mem_eq(statement.data, "{\"s\":2}", 7);
  nep_buf_free(&body);
}
END_TEST

static const char *const bodies[] = {
    "",
    "}",
    "{\"ballot\":{}}",
    "{\"statement\":{}}",
    ",\"statement\":{}}",
    "{\"ballot\":,\"statement\"",
    "{\"ballot\":{},\"statement\":{",
    " {\"ballot\":{},\"statement\":{}}",
    "{\"statement\":{},\"ballot\":{}}",
    "{\"message\":{},\"signature\":{}}",
};

START_TEST(a_body_of_another_form_is_refused)
{
  nep_bytes ballot, statement;
  nep_error err = {0};
  ck_assert_int_eq(nep_cast_split(nep_str_bytes(bodies[_i]), &ballot, &statement, &err),
                   NEP_E_INPUT);
  ck_assert_str_eq(err.code, "cast-body");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("cast statements");
  TCase *tests = tcase_create("statements");
  nep_random_start();
  tcase_add_loop_test(tests, a_statement_holds_in_every_group_and_fits_the_envelope, 0, 3);
  tcase_add_loop_test(tests, both_readings_of_a_changed_statement_agree, 0, 6);
  tcase_add_test(tests, what_was_said_is_what_is_read);
  tcase_add_loop_test(tests, a23_every_field_altered_is_refused, 0,
                      (int)(sizeof altered / sizeof *altered));
  tcase_add_loop_test(tests, a_malformed_statement_is_refused, 0,
                      (int)(sizeof malformed / sizeof *malformed));
  tcase_add_test(tests, another_credentials_statement_is_refused);
  tcase_add_test(tests, a_signature_for_another_purpose_is_refused);
  tcase_add_test(tests, a_body_is_taken_apart_as_it_was_joined);
  tcase_add_loop_test(tests, a_body_of_another_form_is_refused, 0,
                      (int)(sizeof bodies / sizeof *bodies));
  suite_add_tcase(suite, tests);
  return nep_run_suite(suite);
}
