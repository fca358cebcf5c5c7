/* Verification in units of one library call that is timed in the same run, because machines differ:
   minima over repetitions. bench/verify.sh makes the archives. */
#include <argp.h>
#include <gmp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/exitcode.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/random.h"
#include "crypto/batch.h"
#include "crypto/dlog.h"
#include "crypto/engine.h"
#include "crypto/tags.h"
#include "protocol/archive.h"
#include "protocol/ballot_read.h"
#include "protocol/verify.h"

/* Pieces of work are short, so that some run undisturbed on a machine with other work, and go on
   for seconds, because the speed of shared processors changes every few. */
enum { ROUNDS = 100, SECONDS = 4, VOTES = 100000000 };
enum { SELECTIONS = 16, PORTABLE_SELECTIONS = 4, MODP_SELECTIONS = 2 };

typedef struct archives {
  const char *few, *many; /* ballots */
} archives;

enum { KINDS = 2 };

typedef struct arguments {
  archives of[KINDS]; /* without a blank vote, and with one */
  bool check;
} arguments;

static double clock_of(clockid_t id)
{
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double run(void (*work)(void *), void *context, clockid_t id)
{
  double start = clock_of(id);
  work(context);
  return clock_of(id) - start;
}

/* Shortest of several runs, in seconds. */
static double shortest(void (*work)(void *), void *context, int rounds, clockid_t id)
{
  double best = run(work, context, id);
  for (int i = 1; i < rounds; i++) {
    double took = run(work, context, id);
    best = took < best ? took : best;
  }
  return best;
}

/* A baseline and the work measured against it, in turns: both see the same processor speeds. By the
   clock on the wall: a virtual machine's account of processor time errs by more than such pieces
   take, and the shortest of many pieces was not interrupted. */
typedef struct pair {
  double unit, work;
} pair;

static pair in_turns(void (*unit)(void *), void *unit_context, void (*work)(void *), void *context)
{
  pair best = {1e9, 1e9};
  double end = clock_of(CLOCK_MONOTONIC) + SECONDS;
  for (int i = 0; i < ROUNDS || clock_of(CLOCK_MONOTONIC) < end; i++) {
    double u = shortest(unit, unit_context, 4, CLOCK_MONOTONIC);
    double w = run(work, context, CLOCK_MONOTONIC);
    best.unit = u < best.unit ? u : best.unit;
    best.work = w < best.work ? w : best.work;
  }
  return best;
}

static void require(bool holds, const char *what)
{
  if (holds)
    return;
  fprintf(stderr, "bench/verify: %s\n", what);
  exit(NEP_EXIT_CANNOT);
}

/* ---- baselines ---- */

static unsigned char point[32], scalar[32], ristretto[32];

static void one_ristretto(void *context)
{
  (void)context;
  require(crypto_scalarmult_ristretto255(ristretto, scalar, ristretto) == 0, "ristretto255");
}

static void one_noclamp(void *context)
{
  (void)context;
  require(crypto_scalarmult_ed25519_noclamp(point, scalar, point) == 0, "noclamp");
}

typedef struct powm {
  mpz_t base, exponent, modulus;
} powm;

static void one_powm(void *context)
{
  powm *p = context;
  mpz_powm(p->base, p->base, p->exponent, p->modulus);
}

/* Any 2048-bit odd modulus and 256-bit exponent take the same time. */
static void powm_start(powm *p)
{
  unsigned char bytes[256];
  nep_random_bytes(bytes, sizeof bytes);
  bytes[0] |= 0x80;
  bytes[255] |= 1;
  mpz_inits(p->base, p->exponent, p->modulus, NULL);
  mpz_import(p->modulus, 256, 1, 1, 1, 0, bytes);
  mpz_import(p->exponent, 32, 1, 1, 1, 0, bytes);
  mpz_import(p->base, 255, 1, 1, 1, 0, bytes + 1);
}

static void powm_end(powm *p)
{
  mpz_clears(p->base, p->exponent, p->modulus, NULL);
}

/* ---- selections ---- */

typedef struct selection {
  char text[2][NEP_ELEMENT_TEXT_MAX];
  nep_proof proofs[2];
} selection;

typedef struct selections {
  nep_key *key;
  selection *list;
  size_t n;
} selections;

static const char STATEMENT[] = "5de3f0ed4de3c8f1b1f8c3a6c7b7d1f5a4c6d2e7f8091a2b3c4d5e6f708192a3|"
                                "9cbc402444129bace29cb0112c2f3e317c6199c5cef6ab3b4521cb94ad5ce480";

static selections make_selections(const nep_group *g, size_t n)
{
  selections s = {.n = n, .list = nep_alloc(n, sizeof *s.list)};
  nep_scalar r;
  nep_element y;
  nep_scalar_random(g, &r);
  nep_element_exp_g(g, &y, &r);
  s.key = nep_key_new(g, &y);
  for (size_t i = 0; i < n; i++) {
    nep_ciphertext c;
    unsigned chosen = i % 2;
    nep_scalar_random(g, &r);
    nep_encrypt(s.key, &c, &r, chosen);
    nep_interval_prove(s.key, NEP_TAG_PROVE, nep_str_bytes(STATEMENT), &c, 0, 1, chosen, &r, NULL,
                       s.list[i].proofs);
    nep_element_text(g, &c.alpha, s.list[i].text[0]);
    nep_element_text(g, &c.beta, s.list[i].text[1]);
  }
  return s;
}

static void free_selections(selections *s)
{
  nep_key_free(s->key);
  free(s->list);
}

/* Decoding, membership, proof and hash of all. */
static void verify_selections(void *context)
{
  const selections *s = context;
  const nep_group *g = nep_key_group(s->key);
  nep_bytes text[2 * SELECTIONS];
  const char *refusal[2 * SELECTIONS];
  static nep_element e[2 * SELECTIONS];
  static nep_ciphertext c[SELECTIONS];
  size_t number[SELECTIONS], proof[SELECTIONS];
  nep_batch *b = nep_batch_new(s->key);
  for (size_t i = 0; i < 2 * s->n; i++)
    text[i] = nep_str_bytes(s->list[i / 2].text[i % 2]);
  nep_element_parse_many_var(g, e, text, 2 * s->n, refusal);
  for (size_t i = 0; i < s->n; i++) {
    c[i] = (nep_ciphertext){e[2 * i], e[2 * i + 1]};
    number[i] = nep_batch_ciphertext(b, &c[i], true);
    proof[i] = nep_batch_interval(b, NEP_TAG_PROVE, nep_str_bytes(STATEMENT), number[i], 0, 1,
                                  s->list[i].proofs);
  }
  nep_batch_run_var(b);
  for (size_t i = 0; i < s->n; i++)
    require(!refusal[2 * i] && !refusal[2 * i + 1] && nep_batch_holds(b, proof[i]) &&
                nep_batch_alpha_is_member(b, number[i]) && nep_batch_beta_is_member(b, number[i]),
            "a valid selection was refused");
  nep_batch_free(b);
}

/* ---- archives ---- */

typedef struct archive_run {
  const char *path;
  unsigned jobs;
  uint64_t ballots;
} archive_run;

static void verify_archive(void *context)
{
  archive_run *a = context;
  nep_verify_options options = {.jobs = a->jobs};
  nep_verified *v = NULL;
  nep_error err = {0};
  require(nep_verify_archive(a->path, &options, &v, &err) == NEP_OK, "the archive cannot be read");
  require(v->findings.n_faults == 0, "the archive has faults");
  a->ballots = v->ballots;
  nep_verified_free(v);
}

/* Seconds for each ballot, what is spent once for an archive taken off. */
static double ballot_time(const archives *a, unsigned jobs, clockid_t id)
{
  archive_run few = {.path = a->few, .jobs = jobs}, many = {.path = a->many, .jobs = jobs};
  double one = shortest(verify_archive, &few, 5, id);
  double other = shortest(verify_archive, &many, 5, id);
  require(many.ballots > few.ballots, "the second archive must have more ballots");
  return (other - one) / (double)(many.ballots - few.ballots);
}

/* The definition and the ballots of an archive of open voting, in memory. */
typedef struct contents {
  nep_election *election;
  nep_buf *ballot;
  size_t n;
} contents;

static void keep_record(contents *c, size_t number, const nep_record *r)
{
  nep_error err = {0};
  if (number == 0)
    require(nep_election_parse(r->body, &c->election, &err) == NEP_OK, "no definition");
  if (number < 4) /* definition, trustees, credentials, setup */
    return;
  c->ballot = nep_realloc(c->ballot, c->n + 1, sizeof *c->ballot);
  c->ballot[c->n] = (nep_buf){0};
  nep_buf_add(&c->ballot[c->n++], r->body.data, r->body.len);
}

static contents read_contents(const char *path)
{
  contents c = {.n = 0};
  nep_archive_reader *reader = NULL;
  nep_record r;
  nep_error err = {0};
  bool end = false;
  size_t number = 0;
  require(nep_reader_open(path, &reader, &err) == NEP_OK, "the archive cannot be read");
  while (nep_reader_next(reader, &r, &end, &err) == NEP_OK && !end)
    if (!r.is_event)
      keep_record(&c, number++, &r);
  nep_reader_close(reader);
  require(c.n > 0, "the archive has no ballots");
  return c;
}

static void free_contents(contents *c)
{
  for (size_t i = 0; i < c->n; i++)
    nep_buf_free(&c->ballot[i]);
  free(c->ballot);
  nep_election_free(c->election);
}

/* The reading of each ballot down to its last proof, and its hash. */
static void parse_ballots(void *context)
{
  const contents *c = context;
  for (size_t i = 0; i < c->n; i++) {
    nep_findings found = {0};
    nep_ballot_reading r = {.election = c->election,
                            .text = nep_buf_bytes(&c->ballot[i]),
                            .object = "ballot",
                            .findings = &found};
    require(nep_ballot_read_envelope(&r) && r.scanned, "a ballot could not be read");
    nep_ballot_free(nep_ballot_read_end(&r, true));
    nep_findings_free(&found);
  }
}

/* ---- a voter's ballot ---- */

static const char CREDENTIAL[] = "11111-222222-33333-444444";

/* What nep-voter does with a definition it was given: the key's tables, then the ballot. */
static void make_ballot(void *context)
{
  const contents *c = context;
  nep_bytes definition = {c->election->text, c->election->text_len};
  nep_election *e = NULL;
  nep_buf message = {0}, ballot = {0};
  nep_choice choice = {.chosen = {1}};
  uint8_t seed[NEP_BALLOT_SEED] = {1};
  nep_scalar key;
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_error err = {0};
  require(nep_election_parse(definition, &e, &err) == NEP_OK &&
              nep_ballot_credential(e, CREDENTIAL, &key, public, &err) == NEP_OK &&
              nep_ballot_prepare(e, public, &choice, seed, &message, &err) == NEP_OK &&
              nep_ballot_sign(e, CREDENTIAL, nep_buf_bytes(&message), &ballot, &err) == NEP_OK,
          "a ballot could not be made");
  nep_buf_free(&ballot);
  nep_buf_free(&message);
  nep_election_free(e);
}

/* ---- discrete logarithm ---- */

static void expect_logarithm(const nep_group *g, uint64_t exponent, bool found)
{
  uint64_t v;
  nep_element e;
  nep_element_of_number_var(g, &e, exponent);
  nep_dlog *d = nep_dlog_new(g, VOTES);
  require(nep_dlog_solve_var(d, &e, &v) == found && (!found || v == exponent),
          "discrete logarithm");
  nep_dlog_free(d);
}

/* The longest search is the one that ends without a result. */
static void solve(void *group)
{
  expect_logarithm(group, UINT64_C(3) * VOTES, false);
}

static double dlog_milliseconds(const char *group)
{
  void *g = (void *)nep_group_find(group, strlen(group));
  double best = 1e9, end = clock_of(CLOCK_MONOTONIC) + SECONDS;
  expect_logarithm(g, VOTES - 12345, true);
  while (clock_of(CLOCK_MONOTONIC) < end) {
    double took = run(solve, g, CLOCK_MONOTONIC);
    best = took < best ? took : best;
  }
  return 1e3 * best;
}

/* ---- report ---- */

static bool all_met = true;

static void report(const char *what, double value, const char *unit, double goal, bool at_least)
{
  bool met = at_least ? value >= goal : value <= goal;
  all_met = all_met && met;
  printf("%-46s %7.3f %-12s goal %s %-6g %s\n", what, value, unit, at_least ? ">=" : "<=", goal,
         met ? "met" : "MISSED");
}

static void choose(const char *engine)
{
  nep_error err;
  require(nep_engine_choose(engine, &err) == NEP_OK, "engine");
}

static bool has_ifma(void)
{
  return strcmp(nep_engine_at(0), "ifma") == 0;
}

static void report_selection(const char *engine, const char *group, size_t n, void (*unit)(void *),
                             void *unit_context, double goal)
{
  char name[80];
  choose(engine);
  selections s = make_selections(nep_group_find(group, strlen(group)), n);
  pair took = in_turns(unit, unit_context, verify_selections, &s);
  free_selections(&s);
  snprintf(name, sizeof name, "selection, %s, %s", group, engine);
  printf("%-46s %7.1f us, one %.1f us\n", name, took.work * 1e6 / (double)n, took.unit * 1e6);
  report(name, took.work / (double)n / took.unit, "of one", goal, false);
  choose("auto");
}

static void report_selections(void)
{
  powm p;
  printf("one: crypto_scalarmult_ristretto255\n");
  if (!has_ifma())
    printf("%-46s not measured: this machine has no AVX-512 IFMA\n", "selection, Ed25519, ifma");
  else
    report_selection("ifma", "Ed25519", SELECTIONS, one_ristretto, NULL, 0.60);
  report_selection("portable", "Ed25519", PORTABLE_SELECTIONS, one_ristretto, NULL, 2.8);
  printf("one: mpz_powm, 2048-bit modulus, 256-bit exponent\n");
  powm_start(&p);
  report_selection("auto", "BELENIOS-2048", MODP_SELECTIONS, one_powm, &p, 4);
  powm_end(&p);
}

static void report_parser(const contents *c, double ballot)
{
  double parser = shortest(parse_ballots, (void *)c, 20, CLOCK_MONOTONIC) / (double)c->n;
  printf("%-46s %7.1f us, verification %.1f us\n", "parser, a ballot", parser * 1e6, ballot * 1e6);
  report("parser, a ballot", parser / ballot, "of verification", 0.10, false);
}

static void report_threads(const arguments *a)
{
  archive_run one = {.path = a->of[0].many, .jobs = 1}, two = one;
  two.jobs = 2;
  double alone = 1e9, both = 1e9;
  for (int i = 0; i < 60; i++) { /* in turns, see above; two processors are rarely quiet at once */
    double t1 = run(verify_archive, &one, CLOCK_MONOTONIC);
    double t2 = run(verify_archive, &two, CLOCK_MONOTONIC);
    alone = t1 < alone ? t1 : alone;
    both = t2 < both ? t2 : both;
  }
  printf("%-46s %7.1f ms, one thread %.1f ms\n", "2 threads against 1", both * 1e3, alone * 1e3);
  report("2 threads against 1", alone / both, "times", 1.85, true);
}

/* Seconds; the goal, if there is one, is for eight lanes. */
static double report_ballot(const archives *a, const char *what, double goal)
{
  double unit = shortest(one_noclamp, NULL, 4 * ROUNDS, CLOCK_MONOTONIC);
  double took = ballot_time(a, 1, CLOCK_THREAD_CPUTIME_ID);
  double again = shortest(one_noclamp, NULL, 4 * ROUNDS, CLOCK_MONOTONIC);
  char name[80];
  unit = again < unit ? again : unit;
  snprintf(name, sizeof name, "%s, %s", what, nep_engine_name());
  printf("%-46s %7.1f us, one %.1f us\n", name, took * 1e6, unit * 1e6);
  if (goal > 0 && has_ifma())
    report(name, took / unit, "of one", goal, false);
  else
    printf("%-46s %7.3f of one       no goal%s\n", name, took / unit,
           goal > 0 ? ": it is for eight lanes" : "");
  return took;
}

static void report_archives(const arguments *a, const contents *c)
{
  printf("one: crypto_scalarmult_ed25519_noclamp\n");
  double took = report_ballot(&a->of[0], "ballot from the file", 3.2);
  (void)report_ballot(&a->of[1], "the same with a blank vote", 0);
  report_parser(c, took);
  report_threads(a);
}

static void report_voter(const contents *c)
{
  pair took = in_turns(one_noclamp, NULL, make_ballot, (void *)c);
  printf("%-46s %7.1f of one, %.1f us\n", "ballot of a voter, key's tables included",
         took.work / took.unit, took.unit * 1e6);
  report("ballot of a voter, key's tables included", took.work * 1e3, "ms", 4, false);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  arguments *a = state->input;
  switch (key) {
  case 'c':
    a->check = true;
    return 0;
  case ARGP_KEY_ARG:
    if (state->arg_num >= 2 * KINDS)
      argp_usage(state);
    archives *kind = &a->of[state->arg_num / 2];
    *(state->arg_num % 2 == 0 ? &kind->few : &kind->many) = arg;
    return 0;
  case ARGP_KEY_END:
    if (state->arg_num != 2 * KINDS)
      argp_usage(state);
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int main(int argc, char **argv)
{
  static const struct argp_option options[] = {
      {"check", 'c', NULL, 0, "exit code 1 when a goal is missed", 0}, {0}};
  static const struct argp argp = {
      options,
      parse,
      "FEW.bel MANY.bel FEW-BLANK.bel MANY-BLANK.bel",
      "Times verification, each figure beside its baseline of the same run.\vThe archives of a "
      "pair "
      "differ in their number of ballots; of the second pair the question allows a blank vote. "
      "bench/verify.sh makes them.",
      0,
      0,
      0};
  arguments a = {0};
  nep_process_start();
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  scalar[0] = 7;
  nep_random_bytes(scalar + 1, 30);
  require(crypto_scalarmult_ristretto255_base(ristretto, scalar) == 0 &&
              crypto_scalarmult_ed25519_base_noclamp(point, scalar) == 0,
          "libsodium");
  contents c = read_contents(a.of[0].many);
  report_selections();
  report_archives(&a, &c);
  report_voter(&c);
  free_contents(&c);
  report("logarithm of 10^8 votes, Ed25519", dlog_milliseconds("Ed25519"), "ms", 5, false);
  report("logarithm of 10^8 votes, BELENIOS-2048", dlog_milliseconds("BELENIOS-2048"), "ms", 50,
         false);
  return a.check && !all_met ? NEP_EXIT_REFUSED : NEP_EXIT_OK;
}
