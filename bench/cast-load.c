/* Casts many ballots at once, for bench/run: ballots are made before the clock starts, then sent
   over keep-alive connections; each must come back 201 with a receipt. Prints ballots a second and
   the median and 99th percentile of the answers' time. */
#include <argp.h>
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/exitcode.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "crypto/hash.h"
#include "records/cast_statement.h"

enum { CONNECTIONS_MAX = 256, MAKERS = 2, CREDENTIALS_BYTES = 1 << 20 };

typedef struct load {
  const char *address; /* where ballots are posted */
  const char *ca;
  const char *definition;  /* file */
  const char *credentials; /* file, one a line */
  unsigned long casts;
  unsigned connections;
} load;

typedef struct shot {
  nep_buf body;
  CURL *easy;
  double seconds;
  long status;
} shot;

typedef struct range {
  const nep_election *election;
  char **credentials;
  size_t n_credentials;
  shot *shots;
  size_t n;
  atomic_size_t next;
  atomic_bool failed;
} range;

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Ballot i and its statement; a credential's ballots are numbered in the order of sending. */
static nep_status make_body(const range *r, size_t i, const nep_choice *choices, nep_buf *body,
                            nep_error *err)
{
  const char *credential = r->credentials[i % r->n_credentials];
  const nep_election *e = r->election;
  nep_cast_statement s = {.sequence = (int64_t)(i / r->n_credentials) + 1};
  nep_buf ballot = {0}, statement = {0};
  nep_scalar key;
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_status st = nep_ballot_make(e, credential, choices, &ballot, err);
  if (st == NEP_OK)
    st = nep_ballot_credential(e, credential, &key, public, err);
  if (st == NEP_OK) {
    snprintf(s.uuid, sizeof s.uuid, "%s", e->uuid);
    memcpy(s.election_hash, e->phi, sizeof s.election_hash);
    nep_sha256_hex(ballot.data, ballot.len, s.ballot);
    nep_cast_statement_make(e->group, &key, &s, &statement);
    nep_cast_join(nep_buf_bytes(&ballot), nep_buf_bytes(&statement), body);
  }
  nep_buf_free(&statement);
  nep_buf_free(&ballot);
  return st;
}

static void *ballot_maker(void *arg)
{
  range *r = arg;
  nep_choice choices[NEP_QUESTIONS_MAX] = {0};
  size_t envelope = nep_ballot_envelope(r->election);
  nep_error err;
  for (size_t q = 0; q < r->election->n_questions; q++)
    choices[q].chosen[0] = 1;
  for (size_t i; (i = atomic_fetch_add(&r->next, 1)) < r->n;) {
    nep_buf *body = &r->shots[i].body;
    if (make_body(r, i, choices, body, &err) != NEP_OK) {
      char line[512];
      fprintf(stderr, "%s\n", nep_error_line(&err, line, sizeof line));
      atomic_store(&r->failed, true);
      break;
    }
    while (body->len < envelope)
      nep_buf_char(body, ' ');
  }
  return NULL;
}

static bool make_ballots(range *r)
{
  pthread_t makers[MAKERS];
  int started = 0;
  while (started < MAKERS && pthread_create(&makers[started], NULL, ballot_maker, r) == 0)
    started++;
  for (int i = 0; i < started; i++)
    pthread_join(makers[i], NULL);
  return started > 0 && !atomic_load(&r->failed);
}

static size_t discard(char *data, size_t size, size_t count, void *ctx)
{
  (void)data;
  (void)ctx;
  return size * count;
}

static CURL *prepare(const load *l, shot *s, struct curl_slist *headers)
{
  CURL *easy = curl_easy_init();
  if (easy == NULL)
    abort();
  curl_easy_setopt(easy, CURLOPT_URL, l->address);
  curl_easy_setopt(easy, CURLOPT_CAINFO, l->ca);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, s->body.data);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->body.len);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, s);
  return easy;
}

static void finish(CURLM *multi, CURLMsg *message)
{
  shot *s = NULL;
  CURL *easy = message->easy_handle;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &s);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &s->status);
  curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &s->seconds);
  if (message->data.result != CURLE_OK)
    fprintf(stderr, "%s\n", curl_easy_strerror(message->data.result));
  curl_multi_remove_handle(multi, easy);
  curl_easy_cleanup(easy);
  s->easy = NULL;
}

/* Keeps l->connections casts under way until all are answered. */
static void fire(const load *l, range *r)
{
  CURLM *multi = curl_multi_init();
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  size_t sent = 0, answered = 0;
  curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)l->connections);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)l->connections);
  headers = curl_slist_append(headers, "Expect:");
  while (answered < r->n) {
    while (sent < r->n && sent - answered < l->connections) {
      r->shots[sent].easy = prepare(l, &r->shots[sent], headers);
      curl_multi_add_handle(multi, r->shots[sent++].easy);
    }
    int running, left;
    curl_multi_perform(multi, &running);
    for (CURLMsg *m; (m = curl_multi_info_read(multi, &left)) != NULL;) {
      if (m->msg == CURLMSG_DONE) {
        finish(multi, m);
        answered++;
      }
    }
    if (answered < r->n)
      curl_multi_poll(multi, NULL, 0, 1000, NULL);
  }
  curl_slist_free_all(headers);
  curl_multi_cleanup(multi);
}

static int ascending(const void *a, const void *b)
{
  const shot *x = a, *y = b;
  return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

static bool report(range *r, double seconds)
{
  size_t good = 0;
  for (size_t i = 0; i < r->n; i++)
    good += r->shots[i].status == 201;
  qsort(r->shots, r->n, sizeof *r->shots, ascending);
  printf("  %zu of %zu ballots verified, committed and answered in %.2f s: %.0f a second\n", good,
         r->n, seconds, (double)good / seconds);
  printf("  time to the receipt: median %.0f ms, 99th percentile %.0f ms\n",
         r->shots[r->n / 2].seconds * 1e3, r->shots[r->n * 99 / 100].seconds * 1e3);
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

static nep_status run(const load *l, bool *good, nep_error *err)
{
  nep_buf definition = {0}, credentials = {0};
  nep_election *e = NULL;
  range r = {.n = l->casts};
  *good = false;
  nep_status st = nep_file_read(l->definition, NEP_ELECTION_TEXT_MAX, &definition, err);
  if (st == NEP_OK)
    st = nep_election_parse(nep_buf_bytes(&definition), &e, err);
  if (st == NEP_OK)
    st = nep_file_read_secret(l->credentials, CREDENTIALS_BYTES, &credentials, err);
  if (st == NEP_OK) {
    r.credentials = lines_of(credentials.data, &r.n_credentials);
    if (r.n_credentials == 0)
      st = nep_fail(err, NEP_E_INPUT, "credentials", l->credentials, "holds no credential");
  }
  if (st == NEP_OK) {
    r.election = e;
    r.shots = nep_alloc(r.n, sizeof *r.shots);
    if (make_ballots(&r)) {
      double start = now();
      fire(l, &r);
      *good = report(&r, now() - start);
    }
    for (size_t i = 0; i < r.n; i++)
      nep_buf_free(&r.shots[i].body);
    free(r.shots);
  }
  free(r.credentials);
  nep_election_free(e);
  nep_buf_wipe(&credentials);
  nep_buf_free(&definition);
  return st;
}

static const struct argp_option options[] = {
    {"address", 'u', "URL", 0, "where ballots are posted", 0},
    {"ca", 'c', "FILE", 0, "certificate authority", 0},
    {"definition", 'd', "FILE", 0, "the election's definition", 0},
    {"credentials", 'k', "FILE", 0, "credentials, one a line, mode 0600", 0},
    {"casts", 'n', "N", 0, "ballots (1000)", 0},
    {"connections", 'j', "N", 0, "at a time (64)", 0},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state)
{
  load *l = state->input;
  switch (key) {
  case 'u':
    l->address = arg;
    return 0;
  case 'c':
    l->ca = arg;
    return 0;
  case 'd':
    l->definition = arg;
    return 0;
  case 'k':
    l->credentials = arg;
    return 0;
  case 'n':
    l->casts = strtoul(arg, NULL, 10);
    return 0;
  case 'j':
    l->connections = (unsigned)strtoul(arg, NULL, 10);
    return 0;
  case ARGP_KEY_END:
    if (l->address == NULL || l->ca == NULL || l->definition == NULL || l->credentials == NULL)
      argp_error(state, "--address, --ca, --definition and --credentials are needed");
    if (l->casts == 0 || l->casts > 1000000 || l->connections == 0 ||
        l->connections > CONNECTIONS_MAX)
      argp_error(state, "--casts or --connections is out of range");
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
