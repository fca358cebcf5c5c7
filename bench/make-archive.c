/* Makes an archive with a given number of ballots, for the measurements of bench/run: one trustee,
   one question, every ballot valid. Keys and credentials are thrown away. */
#include <argp.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/exitcode.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "protocol/archive.h"
#include "protocol/ballot.h"
#include "protocol/ceremony.h"

typedef struct plan {
  const char *group;
  const char *out;
  unsigned long ballots;
  unsigned long voters; /* fewer than ballots: some vote again */
  unsigned answers;
  bool no_blank;
} plan;

/* What the ballot makers share; each takes the next number until none is left. */
typedef struct works {
  const nep_election *election;
  char (*credentials)[NEP_CREDENTIAL_LENGTH + 1];
  nep_buf *ballots;
  size_t n_ballots, n_credentials;
  atomic_size_t next;
  atomic_bool failed;
} works;

static nep_status make_definition(const plan *p, const nep_group *g, const nep_element *key,
                                  nep_buf *out, nep_error *err)
{
  nep_buf template = {0};
  char uuid[15];
  nep_random_base58(uuid, 14);
  nep_buf_str(&template, "{\"description\":\"benchmark\",\"name\":\"benchmark\",\"questions\":"
                         "[{\"type\":\"Homomorphic\",\"value\":{\"answers\":[");
  for (unsigned i = 0; i < p->answers; i++)
    nep_buf_printf(&template, "%s\"%u\"", i == 0 ? "" : ",", i + 1);
  nep_buf_printf(&template,
                 "],\"blank\":%s,\"min\":1,\"max\":%u,\"question\":\"?\"}}],"
                 "\"administrator\":\"bench\",\"credential_authority\":[\"Server\"]}",
                 p->no_blank ? "false" : "true", p->answers < 3 ? p->answers : 3);
  nep_status st = nep_election_make(nep_buf_bytes(&template), g, key, uuid, out, err);
  nep_buf_free(&template);
  return st;
}

/* One Single trustee from a fresh seed; its public key is the election's. */
static nep_status make_trustees(const nep_group *g, nep_buf *out, nep_element *key, nep_error *err)
{
  char seed[NEP_SEED_LENGTH + 1], id[9];
  nep_buf single = {0};
  nep_trustees *trustees = NULL;
  nep_findings f = {0};
  nep_random_base58(seed, NEP_SEED_LENGTH);
  nep_single_public_key(g, seed, NULL, &single, id);
  nep_status st = nep_trustees_make(nep_buf_bytes(&single), (nep_bytes){"", 0}, out, err);
  if (st == NEP_OK) {
    nep_trustees_verify(g, nep_buf_bytes(out), &trustees, &f);
    st = nep_findings_status(&f, err);
  }
  if (st == NEP_OK)
    *key = trustees->election_key;
  nep_trustees_free(trustees);
  nep_findings_free(&f);
  nep_buf_free(&single);
  return st;
}

static nep_status make_credentials(const nep_election *e, works *w, nep_buf *out, nep_error *err)
{
  char(*texts)[NEP_ELEMENT_TEXT_MAX] = nep_alloc(w->n_credentials, sizeof *texts);
  const char **list = nep_alloc(w->n_credentials, sizeof *list);
  for (size_t i = 0; i < w->n_credentials; i++) {
    nep_scalar key;
    nep_element public;
    nep_credential_new(w->credentials[i]);
    nep_credential_key(e->group, e->uuid, w->credentials[i], &key);
    nep_element_exp_g(e->group, &public, &key);
    nep_element_text(e->group, &public, texts[i]);
    list[i] = texts[i];
    nep_scalar_wipe(&key);
  }
  nep_status st = nep_credentials_make(e->group, list, NULL, w->n_credentials, out, err);
  free(list);
  free(texts);
  return st;
}

static void *ballot_maker(void *arg)
{
  works *w = arg;
  nep_choice choice = {.chosen = {1}};
  nep_error err;
  for (size_t i; (i = atomic_fetch_add(&w->next, 1)) < w->n_ballots;) {
    if (nep_ballot_make(w->election, w->credentials[i % w->n_credentials], &choice, &w->ballots[i],
                        &err) != NEP_OK) {
      char line[512];
      fprintf(stderr, "%s\n", nep_error_line(&err, line, sizeof line));
      atomic_store(&w->failed, true);
    }
  }
  return NULL;
}

static nep_status make_ballots(works *w, nep_error *err)
{
  enum { MAKERS = 2 };
  pthread_t makers[MAKERS];
  for (int i = 0; i < MAKERS; i++) {
    if (pthread_create(&makers[i], NULL, ballot_maker, w) != 0)
      return nep_fail(err, NEP_E_IO, "thread", NULL, "no thread: %s", strerror(errno));
  }
  for (int i = 0; i < MAKERS; i++)
    pthread_join(makers[i], NULL);
  return atomic_load(&w->failed) ? nep_fail(err, NEP_E_INTERNAL, "ballot", NULL, "not made")
                                 : NEP_OK;
}

static void setup_text(nep_bytes election, nep_bytes trustees, nep_bytes credentials, nep_buf *out)
{
  char hash[3][65];
  nep_sha256_hex(election.data, election.len, hash[0]);
  nep_sha256_hex(trustees.data, trustees.len, hash[1]);
  nep_sha256_hex(credentials.data, credentials.len, hash[2]);
  nep_buf_printf(out, "{\"election\":\"%s\",\"trustees\":\"%s\",\"credentials\":\"%s\"}", hash[0],
                 hash[1], hash[2]);
}

/* The whole file is written at once: no fsync per ballot. */
static nep_status write_archive(const plan *p, nep_bytes election, nep_bytes trustees,
                                nep_bytes credentials, const works *w, nep_error *err)
{
  nep_buf setup = {0}, file = {0}, event = {0};
  int64_t now = (int64_t)time(NULL);
  char payload[65], parent[65], hash[65];
  setup_text(election, trustees, credentials, &setup);
  nep_archive_start(&file, now);
  nep_archive_data(&file, now, election, NULL);
  nep_archive_data(&file, now, trustees, NULL);
  nep_archive_data(&file, now, credentials, NULL);
  nep_archive_data(&file, now, nep_buf_bytes(&setup), payload);
  nep_event_write(NULL, 0, NEP_EVENT_SETUP, payload, &event, parent);
  nep_archive_event(&file, now, nep_buf_bytes(&event), hash);
  for (size_t i = 0; i < w->n_ballots; i++) {
    nep_archive_data(&file, now, nep_buf_bytes(&w->ballots[i]), payload);
    nep_buf_clear(&event);
    nep_event_write(parent, i + 1, NEP_EVENT_BALLOT, payload, &event, hash);
    nep_archive_event(&file, now, nep_buf_bytes(&event), hash);
    memcpy(parent, hash, sizeof parent);
  }
  FILE *f = fopen(p->out, "wb");
  bool good = f != NULL && fwrite(file.data, 1, file.len, f) == file.len;
  if (f != NULL && fclose(f) != 0)
    good = false;
  nep_buf_free(&setup);
  nep_buf_free(&event);
  nep_buf_free(&file);
  return good ? NEP_OK : nep_fail(err, NEP_E_IO, "file", p->out, "%s", strerror(errno));
}

static nep_status make_archive(const plan *p, const nep_group *g, nep_error *err)
{
  nep_buf trustees = {0}, definition = {0}, credentials = {0};
  nep_election *e = NULL;
  nep_element key;
  works w = {.n_ballots = p->ballots, .n_credentials = p->voters};
  w.credentials = nep_alloc(w.n_credentials, sizeof *w.credentials);
  w.ballots = nep_alloc(w.n_ballots + 1, sizeof *w.ballots);
  nep_status st = make_trustees(g, &trustees, &key, err);
  if (st == NEP_OK)
    st = make_definition(p, g, &key, &definition, err);
  if (st == NEP_OK)
    st = nep_election_parse(nep_buf_bytes(&definition), &e, err);
  w.election = e;
  if (st == NEP_OK)
    st = make_credentials(e, &w, &credentials, err);
  if (st == NEP_OK)
    st = make_ballots(&w, err);
  if (st == NEP_OK)
    st = write_archive(p, nep_buf_bytes(&definition), nep_buf_bytes(&trustees),
                       nep_buf_bytes(&credentials), &w, err);
  for (size_t i = 0; i < w.n_ballots; i++)
    nep_buf_free(&w.ballots[i]);
  free(w.ballots);
  free(w.credentials);
  nep_election_free(e);
  nep_buf_free(&credentials);
  nep_buf_free(&definition);
  nep_buf_free(&trustees);
  return st;
}

static const struct argp_option options[] = {
    {"group", 'g', "NAME", 0, "Ed25519 (default), BELENIOS-2048 or RFC-3526-2048", 0},
    {"ballots", 'b', "N", 0, "ballots (100)", 0},
    {"voters", 'v', "N", 0, "credentials (as many as ballots)", 0},
    {"answers", 'a', "N", 0, "answers of the question (5)", 0},
    {"no-blank", 'n', NULL, 0, "no blank vote is allowed", 0},
    {"out", 'o', "FILE", 0, "the archive", 0},
    {0}};

static unsigned long number(struct argp_state *state, const char *name, const char *arg)
{
  char *end;
  errno = 0;
  unsigned long n = strtoul(arg, &end, 10);
  if (errno != 0 || end == arg || *end != '\0' || n == 0 || n > 1000000)
    argp_error(state, "%s: %s is not a number from 1 to 1000000", name, arg);
  return n;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  plan *p = state->input;
  switch (key) {
  case 'g':
    p->group = arg;
    return 0;
  case 'b':
    p->ballots = number(state, "--ballots", arg);
    return 0;
  case 'v':
    p->voters = number(state, "--voters", arg);
    return 0;
  case 'a':
    p->answers = (unsigned)number(state, "--answers", arg);
    if (p->answers > NEP_ANSWERS_MAX)
      argp_error(state, "--answers: at most %d", NEP_ANSWERS_MAX);
    return 0;
  case 'n':
    p->no_blank = true;
    return 0;
  case 'o':
    p->out = arg;
    return 0;
  case ARGP_KEY_END:
    if (p->out == NULL)
      argp_error(state, "--out is needed");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int main(int argc, char **argv)
{
  static const struct argp argp = {options, parse, NULL, "Makes an archive for measurements.",
                                   0,       0,     0};
  plan p = {.group = "Ed25519", .ballots = 100, .answers = 5};
  nep_error err = {0};
  nep_process_start();
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, 0, NULL, &p);
  if (p.voters == 0)
    p.voters = p.ballots;
  const nep_group *g = nep_group_find(p.group, strlen(p.group));
  if (g == NULL) {
    fprintf(stderr, "%s is not a known group\n", p.group);
    return NEP_EXIT_CANNOT;
  }
  if (make_archive(&p, g, &err) != NEP_OK) {
    char line[1024];
    fprintf(stderr, "%s\n", nep_error_line(&err, line, sizeof line));
    return NEP_EXIT_CANNOT;
  }
  return NEP_EXIT_OK;
}
