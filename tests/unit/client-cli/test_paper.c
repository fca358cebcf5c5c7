#include "client-cli/paper.h"

#include "tests/unit/client-cli/vectors.h"

#define NAME "Ed25519-threshold"

/* What an honest server would say about the texts. */
static char *summary_of(const vector_texts *t, const nep_election *e)
{
  char election[65], trustees[65], credentials[65], setup[65];
  nep_sha256_hex(t->election.data, t->election.len, election);
  nep_sha256_hex(t->trustees.data, t->trustees.len, trustees);
  nep_sha256_hex(t->credentials.data, t->credentials.len, credentials);
  char *text = nep_sprintf("{\"election\":\"%s\",\"trustees\":\"%s\",\"credentials\":\"%s\"}",
                           election, trustees, credentials);
  nep_sha256_hex(text, strlen(text), setup);
  free(text);
  return nep_sprintf("{\"uuid\":\"%s\",\"event\":\"E\",\"name\":\"N\",\"description\":\"D\","
                     "\"phase\":\"open\",\"group\":\"Ed25519\",\"identifier\":\"text\","
                     "\"election_hash\":\"%s\",\"setup_hash\":\"%s\",\"credentials_hash\":\"%s\","
                     "\"calendar\":null,\"ballot_bytes\":%zu,\"height\":0,\"head\":null}",
                     e->uuid, election, setup, credentials, nep_ballot_envelope(e));
}

typedef struct paper_case {
  vector_texts texts;
  nep_summary summary;
  char uuid[65];
} paper_case;

static paper_case start(void)
{
  paper_case c = {.texts = vector_setup(NAME)};
  nep_election *e = vector_election(NAME);
  nep_error err = {0};
  char *json = summary_of(&c.texts, e);
  memcpy(c.uuid, e->uuid, strlen(e->uuid) + 1);
  ck_assert_int_eq(nep_summary_parse(nep_str_bytes(json), c.uuid, &c.summary, &err), NEP_OK);
  free(json);
  nep_election_free(e);
  return c;
}

static void end(paper_case *c)
{
  nep_summary_free(&c->summary);
  vector_free(&c->texts);
}

static nep_status verify(paper_case *c, nep_error *err)
{
  nep_paper paper;
  *err = (nep_error){0};
  nep_status status = nep_paper_verify(&c->summary, nep_buf_bytes(&c->texts.election),
                                       nep_buf_bytes(&c->texts.trustees),
                                       nep_buf_bytes(&c->texts.credentials), &paper, err);
  ck_assert(status == NEP_OK ? paper.election != NULL : paper.election == NULL);
  nep_paper_free(&paper);
  return status;
}

static void refused(paper_case *c, const char *code)
{
  nep_error err;
  ck_assert_int_ne(verify(c, &err), NEP_OK);
  ck_assert_msg(strcmp(err.code, code) == 0, "%s (%s: %s), expected %s", err.code, err.where,
                err.reason, code);
  end(c);
}

static void replace(nep_buf *b, const char *from, const char *to)
{
  char *at = strstr(b->data, from);
  ck_assert_ptr_nonnull(at);
  char *text = nep_sprintf("%.*s%s%s", (int)(at - b->data), b->data, to, at + strlen(from));
  nep_buf_free(b);
  nep_buf_str(b, text);
  free(text);
}

START_TEST(an_honest_ballot_paper_is_accepted)
{
  paper_case c = start();
  nep_error err;
  nep_status status = verify(&c, &err);
  ck_assert_msg(status == NEP_OK, "%s: %s: %s", err.code, err.where, err.reason);
  end(&c);
}
END_TEST

START_TEST(a25_a_definition_with_another_hash_is_refused)
{
  paper_case c = start();
  replace(&c.texts.election, "\"name\":\"", "\"name\":\"X");
  refused(&c, "paper-hash");
}
END_TEST

/* The attack itself: a definition with a key of the attacker, its hash named as the right one. */
START_TEST(a25_another_key_is_refused_even_when_the_server_names_its_hash)
{
  paper_case c = start();
  nep_election *e = vector_election(NAME), *other = vector_election("Ed25519-single");
  char from[NEP_ELEMENT_TEXT_MAX], to[NEP_ELEMENT_TEXT_MAX];
  nep_element_text(e->group, nep_key_element(e->key), from);
  nep_element_text(e->group, nep_key_element(other->key), to);
  replace(&c.texts.election, from, to);
  nep_sha256_hex(c.texts.election.data, c.texts.election.len, c.summary.election_hash);
  nep_election_free(other);
  nep_election_free(e);
  refused(&c, "paper-key");
}
END_TEST

START_TEST(a25_other_trustees_are_refused)
{
  paper_case c = start();
  vector_texts other = vector_setup("Ed25519-single");
  nep_buf_clear(&c.texts.trustees);
  nep_buf_add(&c.texts.trustees, other.trustees.data, other.trustees.len);
  vector_free(&other);
  refused(&c, "paper-key");
}
END_TEST

START_TEST(trustees_with_a_broken_signature_are_refused)
{
  paper_case c = start();
  nep_error err;
  char *at = strstr(c.texts.trustees.data, "\"response\":\"") + strlen("\"response\":\"");
  *at = *at == '1' ? '2' : '1';
  ck_assert_int_eq(verify(&c, &err), NEP_E_CHECK);
  ck_assert_msg(strncmp(err.code, "threshold-", 10) == 0 || strncmp(err.code, "trustee", 7) == 0,
                "%s", err.code);
  end(&c);
}
END_TEST

START_TEST(another_list_of_credentials_is_refused)
{
  paper_case c = start();
  vector_texts other = vector_setup("Ed25519-single");
  nep_buf_clear(&c.texts.credentials);
  nep_buf_add(&c.texts.credentials, other.credentials.data, other.credentials.len);
  vector_free(&other);
  refused(&c, "paper-hash");
}
END_TEST

START_TEST(a_malformed_list_of_credentials_is_refused)
{
  paper_case c = start();
  nep_error err;
  replace(&c.texts.credentials, "\"}]", "\"}");
  ck_assert_int_eq(verify(&c, &err), NEP_E_CHECK);
  ck_assert_ptr_null(strstr(err.code, "paper"));
  end(&c);
}
END_TEST

START_TEST(a_setup_that_names_something_else_is_refused)
{
  paper_case c = start();
  c.summary.setup_hash[0] = c.summary.setup_hash[0] == '1' ? '2' : '1';
  refused(&c, "paper-hash");
  c = start();
  c.summary.setup_hash[0] = '\0';
  refused(&c, "paper-hash");
}
END_TEST

START_TEST(a16_a_length_that_would_mark_the_ballot_is_refused)
{
  paper_case c = start();
  c.summary.ballot_bytes++;
  refused(&c, "paper-length");
  c = start();
  c.summary.ballot_bytes = -1;
  refused(&c, "paper-length");
}
END_TEST

START_TEST(the_paper_of_another_election_is_refused)
{
  paper_case c = start();
  vector_texts other = vector_setup("Ed25519-single");
  nep_buf_clear(&c.texts.election);
  nep_buf_add(&c.texts.election, other.election.data, other.election.len);
  vector_free(&other);
  refused(&c, "paper-uuid");
}
END_TEST

START_TEST(a_summary_that_makes_no_sense_is_refused)
{
  static const char *const changes[][2] = {
      {"\"group\":\"Ed25519\"", "\"group\":\"Ed448\""},  {"\"phase\":\"open\"", "\"phase\":7"},
      {"\"election_hash\":\"", "\"election_hash\":\"x"}, {"\"uuid\":\"", "\"uuid\":\"1"},
      {"\"setup_hash\":\"", "\"setup_hash\":\"0"},
  };
  vector_texts t = vector_setup(NAME);
  nep_election *e = vector_election(NAME);
  char *json = summary_of(&t, e);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    nep_buf b = {0};
    nep_summary s;
    nep_error err = {0};
    nep_buf_str(&b, json);
    replace(&b, changes[i][0], changes[i][1]);
    ck_assert_msg(nep_summary_parse(nep_buf_bytes(&b), e->uuid, &s, &err) == NEP_E_CHECK, "%s",
                  changes[i][1]);
    nep_summary_free(&s);
    nep_buf_free(&b);
  }
  free(json);
  nep_election_free(e);
  vector_free(&t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client-cli/paper");
  TCase *tc = tcase_create("ballot paper");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, an_honest_ballot_paper_is_accepted);
  tcase_add_test(tc, a25_a_definition_with_another_hash_is_refused);
  tcase_add_test(tc, a25_another_key_is_refused_even_when_the_server_names_its_hash);
  tcase_add_test(tc, a25_other_trustees_are_refused);
  tcase_add_test(tc, trustees_with_a_broken_signature_are_refused);
  tcase_add_test(tc, another_list_of_credentials_is_refused);
  tcase_add_test(tc, a_malformed_list_of_credentials_is_refused);
  tcase_add_test(tc, a_setup_that_names_something_else_is_refused);
  tcase_add_test(tc, a16_a_length_that_would_mark_the_ballot_is_refused);
  tcase_add_test(tc, the_paper_of_another_election_is_refused);
  tcase_add_test(tc, a_summary_that_makes_no_sense_is_refused);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
