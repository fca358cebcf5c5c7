/* Casts many ballots at once, for bench/cast: ballots are made before the clock starts, then sent
   over keep-alive connections; each must come back 201 with a receipt. Prints ballots a second and
   the median and 99th percentile of the answers' time; or, with --verify, how many of these ballots
   a second all processors verify. */
#include <argp.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/exitcode.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/spread.h"
#include "bench/cast_all.h"
#include "crypto/hash.h"
#include "records/cast_statement.h"

enum { TARGETS_MAX = 64, CREDENTIALS_BYTES = 1 << 20 };

/* An election that ballots are cast in: a folder with the files `url` (where ballots are posted),
   `definition` and `credentials` (one a line, mode 0600). */
typedef struct target {
  nep_buf url, definition, secrets;
  nep_election *election;
  char **credentials;
  bool *casting; /* for each */
  size_t n_credentials;
  nep_credentials *list; /* public, for --verify */
} target;

typedef struct load {
  const char *folder[TARGETS_MAX];
  size_t n_targets;
  const char *ca;
  unsigned long casts, round;
  unsigned connections;
  bool verify, print;
} load;

typedef struct range {
  target targets[TARGETS_MAX];
  size_t n_targets;
  unsigned long round;
  cast_shot *shots;
  size_t n;
} range;

static double now(clockid_t id)
{
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Ballot k of an election and its statement; a credential's ballots are numbered in the order of
   sending, those of a later round above those of an earlier one. */
static nep_status make_body(const range *r, const target *t, size_t k, nep_buf *body,
                            nep_error *err)
{
  const char *credential = t->credentials[k % t->n_credentials];
  const nep_election *e = t->election;
  nep_cast_statement s = {.sequence = (int64_t)(r->round * 10000 + k / t->n_credentials) + 1};
  nep_choice choices[NEP_QUESTIONS_MAX] = {0};
  nep_buf ballot = {0}, statement = {0};
  nep_scalar key;
  char public[NEP_ELEMENT_TEXT_MAX];
  for (size_t q = 0; q < e->n_questions; q++)
    choices[q].chosen[0] = 1;
  nep_status st = nep_ballot_make(e, credential, choices, &ballot, err);
  if (st == NEP_OK)
    st = nep_ballot_credential(e, credential, &key, public, err);
  if (st == NEP_OK) {
    snprintf(s.uuid, sizeof s.uuid, "%s", e->uuid);
    memcpy(s.election_hash, e->phi, sizeof s.election_hash);
    nep_sha256_hex(ballot.data, ballot.len, s.ballot);
    nep_cast_statement_make(e->group, &key, &s, &statement);
    nep_cast_join(nep_buf_bytes(&ballot), nep_buf_bytes(&statement), body);
    while (body->len < nep_ballot_envelope(e))
      nep_buf_char(body, ' ');
  }
  nep_buf_free(&statement);
  nep_buf_free(&ballot);
  return st;
}

static bool fail(const nep_error *err)
{
  char line[512];
  fprintf(stderr, "%s\n", nep_error_line(err, line, sizeof line));
  return false;
}

/* The elections take turns. */
static nep_status make_shot(void *ctx, size_t i, nep_error *err)
{
  range *r = ctx;
  cast_shot *s = &r->shots[i];
  const target *t = &r->targets[i % r->n_targets];
  s->url = t->url.data;
  s->casting = &t->casting[i / r->n_targets % t->n_credentials];
  return make_body(r, t, i / r->n_targets, &s->body, err);
}

enum { TOGETHER = 16 };

/* A body on its way through the checks that it gets when it is cast. */
typedef struct checking {
  nep_findings findings;
  nep_cast_statement statement;
  nep_buf message;
} checking;

static bool ask(const target *t, nep_bytes body, checking *c, nep_ballot_check *check)
{
  nep_bytes statement;
  nep_error err = {0};
  while (body.data[body.len - 1] == ' ')
    body.len--;
  *check = (nep_ballot_check){.election = t->election,
                              .credentials = t->list,
                              .object = "ballot",
                              .findings = &c->findings};
  if (nep_cast_split(body, &check->text, &statement, &err) != NEP_OK ||
      nep_cast_statement_parse(t->election->group, statement, &c->statement, &err) != NEP_OK)
    return false;
  nep_cast_statement_beside(&c->statement, &c->message, &check->beside);
  return true;
}

static bool decide(const target *t, checking *c, const nep_ballot_check *check)
{
  nep_error err = {0};
  bool good =
      check->sound && nep_cast_statement_decide(t->election, check->ballot->hash, &c->statement,
                                                &check->beside, &err) == NEP_OK;
  nep_ballot_free(check->ballot);
  nep_findings_free(&c->findings);
  nep_buf_free(&c->message);
  return good;
}

/* The bodies of one election from shot `first` on, as many as are verified together. */
static bool verify_some(range *r, size_t first)
{
  const target *t = &r->targets[first % r->n_targets];
  nep_ballot_check checks[TOGETHER];
  checking each[TOGETHER] = {{.message = {0}}};
  bool good = true;
  size_t n = 0;
  for (size_t i = first; good && i < r->n && n < TOGETHER; i += r->n_targets, n++)
    good = ask(t, nep_buf_bytes(&r->shots[i].body), &each[n], &checks[n]);
  nep_ballots_verify(checks, good ? n : 0);
  for (size_t k = 0; good && k < n; k++)
    good = decide(t, &each[k], &checks[k]);
  return good;
}

/* Pieces of 16 ballots of one election: piece p begins at shot first_of(p). */
static size_t first_of(const range *r, size_t piece)
{
  return piece / r->n_targets * 16 * r->n_targets + piece % r->n_targets;
}

static nep_status check_piece(void *ctx, size_t piece, nep_error *err)
{
  range *r = ctx;
  if (verify_some(r, first_of(r, piece)))
    return NEP_OK;
  return nep_fail(err, NEP_E_CHECK, "ballot", "ballot", "a ballot of the measurement was refused");
}

/* Ballots a second that the machine verifies when it does nothing else; twice, which takes about as
   long as to cast them. */
static bool report_verification(range *r)
{
  nep_error err = {0};
  nep_status st = NEP_OK;
  size_t pieces = 0;
  while (first_of(r, pieces) < r->n)
    pieces++;
  double start = now(CLOCK_MONOTONIC);
  for (int i = 0; i < 2 && st == NEP_OK; i++)
    st = nep_spread(pieces, 0, check_piece, r, &err);
  if (st != NEP_OK)
    return fail(&err);
  printf("verified %.1f\n", 2 * (double)r->n / (now(CLOCK_MONOTONIC) - start));
  return true;
}

static int ascending(const void *a, const void *b)
{
  const cast_shot *x = a, *y = b;
  return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

static bool report(range *r, double rate)
{
  size_t good = 0;
  for (size_t i = 0; i < r->n; i++)
    good += r->shots[i].status == 201;
  qsort(r->shots, r->n, sizeof *r->shots, ascending);
  printf("cast %.1f\n", rate);
  printf("answered: %zu of %zu; time to the receipt: median %.0f ms, 99th percentile %.0f ms\n",
         good, r->n, r->shots[r->n / 2].seconds * 1e3, r->shots[r->n * 99 / 100].seconds * 1e3);
  return good == r->n;
}

/* Splits the text into lines in place. */
static char **lines_of(char *text, size_t *n)
{
  char **lines = NULL, *rest = NULL;
  *n = 0;
  for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
    lines = nep_realloc(lines, *n + 1, sizeof *lines);
    lines[(*n)++] = line;
  }
  return lines;
}

/* ---- an election's folder ---- */

static nep_status read_file(const char *folder, const char *name, size_t max, nep_buf *out,
                            nep_error *err)
{
  char *path = nep_sprintf("%s/%s", folder, name);
  nep_status st = nep_file_read(path, max, out, err);
  free(path);
  return st;
}

/* The public list of these credentials. */
static nep_status make_list(target *t, nep_error *err)
{
  const nep_group *g = t->election->group;
  const char **texts = nep_alloc(t->n_credentials, sizeof *texts);
  char(*room)[NEP_ELEMENT_TEXT_MAX] = nep_alloc(t->n_credentials, sizeof *room);
  nep_buf text = {0};
  nep_findings f = {0};
  nep_status st = NEP_OK;
  for (size_t i = 0; st == NEP_OK && i < t->n_credentials; i++) {
    nep_scalar key;
    st = nep_ballot_credential(t->election, t->credentials[i], &key, room[i], err);
    texts[i] = room[i];
  }
  if (st == NEP_OK)
    st = nep_credentials_make(g, texts, NULL, t->n_credentials, &text, err);
  if (st == NEP_OK) {
    nep_credentials_verify(g, nep_buf_bytes(&text), 0, &t->list, &f);
    st = nep_findings_status(&f, err);
  }
  nep_findings_free(&f);
  nep_buf_free(&text);
  free(room);
  free(texts);
  return st;
}

static nep_status open_target(const char *folder, target *t, nep_error *err)
{
  nep_status st = read_file(folder, "url", 4096, &t->url, err);
  if (st == NEP_OK)
    st = read_file(folder, "definition", NEP_ELECTION_TEXT_MAX, &t->definition, err);
  if (st == NEP_OK)
    st = nep_election_parse(nep_buf_bytes(&t->definition), &t->election, err);
  if (st == NEP_OK)
    st = read_file(folder, "credentials", CREDENTIALS_BYTES, &t->secrets, err);
  if (st != NEP_OK)
    return st;
  t->url.data[strcspn(t->url.data, "\n")] = 0;
  t->credentials = lines_of(t->secrets.data, &t->n_credentials);
  if (t->n_credentials == 0)
    return nep_fail(err, NEP_E_INPUT, "credentials", folder, "holds no credential");
  t->casting = nep_alloc(t->n_credentials, sizeof *t->casting);
  return make_list(t, err);
}

static void close_target(target *t)
{
  nep_credentials_free(t->list);
  free(t->casting);
  free(t->credentials);
  nep_election_free(t->election);
  nep_buf_wipe(&t->secrets);
  nep_buf_free(&t->definition);
  nep_buf_free(&t->url);
}

static bool send_all(const load *l, range *r)
{
  double before = now(CLOCK_PROCESS_CPUTIME_ID);
  double rate = cast_all(l->ca, l->connections, r->shots, r->n);
  printf("clients %.3f\n", 1e3 * (now(CLOCK_PROCESS_CPUTIME_ID) - before) / (double)r->n);
  return report(r, rate);
}

static bool measure(const load *l, range *r)
{
  nep_error err = {0};
  if (nep_spread(r->n, 0, make_shot, r, &err) != NEP_OK)
    return fail(&err);
  if (l->verify)
    return report_verification(r);
  if (l->print)
    return fwrite(r->shots[0].body.data, 1, r->shots[0].body.len, stdout) > 0;
  return send_all(l, r);
}

static nep_status run(const load *l, bool *good, nep_error *err)
{
  nep_status st = NEP_OK;
  range *r = nep_alloc(1, sizeof *r);
  *good = false;
  r->n = l->casts;
  r->round = l->round;
  r->n_targets = l->n_targets;
  for (size_t i = 0; st == NEP_OK && i < l->n_targets; i++)
    st = open_target(l->folder[i], &r->targets[i], err);
  r->shots = nep_alloc(r->n, sizeof *r->shots);
  if (st == NEP_OK)
    *good = measure(l, r);
  for (size_t i = 0; i < r->n; i++)
    nep_buf_free(&r->shots[i].body);
  for (size_t i = 0; i < l->n_targets; i++)
    close_target(&r->targets[i]);
  free(r->shots);
  free(r);
  return st;
}

static const struct argp_option options[] = {
    {"election", 'e', "FOLDER", 0,
     "an election: files url, definition, credentials; may be repeated, they take turns", 0},
    {"ca", 'c', "FILE", 0, "certificate authority", 0},
    {"casts", 'n', "N", 0, "ballots (1000)", 0},
    {"connections", 'j', "N", 0, "at a time (64)", 0},
    {"round", 'r', "N", 0, "how often these elections were cast in before (0)", 0},
    {"verify", 'v', NULL, 0, "send nothing: verify the ballots on all processors", 0},
    {"print", 'p', NULL, 0, "send nothing: print one ballot", 0},
    {0}};

static unsigned long number(struct argp_state *state, const char *arg, unsigned long max)
{
  char *end;
  unsigned long n = strtoul(arg, &end, 10);
  if (end == arg || *end != 0 || n > max)
    argp_error(state, "%s is not a number up to %lu", arg, max);
  return n;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  load *l = state->input;
  switch (key) {
  case 'e':
    if (l->n_targets == TARGETS_MAX)
      argp_error(state, "--election: at most %d", TARGETS_MAX);
    l->folder[l->n_targets++] = arg;
    return 0;
  case 'c':
    l->ca = arg;
    return 0;
  case 'n':
    l->casts = number(state, arg, 1000000);
    return 0;
  case 'j':
    l->connections = (unsigned)number(state, arg, CAST_CONNECTIONS_MAX);
    return 0;
  case 'r':
    l->round = number(state, arg, 1000);
    return 0;
  case 'v':
    l->verify = true;
    return 0;
  case 'p':
    l->print = true;
    return 0;
  case ARGP_KEY_END:
    if (l->n_targets == 0 || (l->ca == NULL && !l->verify && !l->print))
      argp_error(state, "--election and --ca are needed");
    if (l->casts == 0 || l->connections == 0)
      argp_error(state, "--casts or --connections is 0");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int main(int argc, char **argv)
{
  static const struct argp argp = {options, parse, NULL, "Casts ballots for a measurement.",
                                   0,       0,     0};
  load l = {.casts = 1000, .connections = 64};
  nep_error err = {0};
  bool good;
  nep_process_start();
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, 0, NULL, &l);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  nep_status st = run(&l, &good, &err);
  curl_global_cleanup();
  if (st != NEP_OK) {
    char line[1024];
    fprintf(stderr, "%s\n", nep_error_line(&err, line, sizeof line));
    return NEP_EXIT_CANNOT;
  }
  return good ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
}
