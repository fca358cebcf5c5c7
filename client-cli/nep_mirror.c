/* nep-mirror: an observer's own copy of an election's public record, verified as it grows. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/encode.h"
#include "base/exitcode.h"
#include "base/lang.h"
#include "base/process.h"
#include "client-cli/mirror.h"
#include "client-cli/say.h"
#include "crypto/group.h"
#include "protocol/election.h"

enum option_key {
  OPT_SERVER = 256,
  OPT_CA,
  OPT_DIR,
  OPT_KEY,
  OPT_SERVER_KEY,
  OPT_RECEIPT,
  OPT_ONCE,
  OPT_INTERVAL,
  OPT_JSON,
  OPT_LANG
};
enum { INTERVAL = 30, INTERVAL_MAX = 86400 };

static const struct argp_option options[] = {
    {"server", OPT_SERVER, "URL", 0, N_("The server's address, https only"), 1},
    {"ca", OPT_CA, "FILE", 0, N_("Certificate authority of the server, instead of the system's"),
     1},
    {"dir", OPT_DIR, "DIR", 0,
     N_("The mirror's folder: copies, heads, countersignatures, evidence"), 1},
    {"key", OPT_KEY, "FILE", 0, N_("The mirror's own key, as nep-admin keygen makes one"), 1},
    {"server-key", OPT_SERVER_KEY, "HEX", 0,
     N_("The key that signs the server's receipts, as the commission has published it; otherwise "
        "the first one seen is remembered"),
     1},
    {"receipt", OPT_RECEIPT, "FILE", 0,
     N_("Hold the server to this cast receipt, too (may be repeated)"), 2},
    {"once", OPT_ONCE, NULL, 0, N_("Look once and end"), 2},
    {"interval", OPT_INTERVAL, "SECONDS", 0, N_("Pause between two looks (30)"), 2},
    {"json", OPT_JSON, NULL, 0, N_("Print one JSON object for each head countersigned"), 2},
    {"lang", OPT_LANG, "vi|en", 0, N_("Language of the messages, instead of the locale's"), 2},
    {0}};

typedef struct arguments {
  nep_mirror mirror;
  const char *key, *receipts[NEP_MIRROR_RECEIPTS_MAX];
  size_t n_receipts;
  bool once, json;
  unsigned interval;
} arguments;

static unsigned seconds_of(const char *text, struct argp_state *state)
{
  char *end;
  unsigned long value = strtoul(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || value < 1 || value > INTERVAL_MAX)
    argp_error(state, "--interval: %s", _("must be a number of seconds, 1 to 86400"));
  return (unsigned)value;
}

static void set_server_key(nep_mirror *m, const char *hex, struct argp_state *state)
{
  unsigned char key[32];
  if (!nep_unhex(hex, strlen(hex), key, sizeof key))
    argp_error(state, "--server-key: %s", _("must be 64 lower-case hex digits"));
  m->expected_key = hex;
}

static error_t parse_words(int key, char *arg, struct argp_state *state, arguments *a)
{
  nep_mirror *m = &a->mirror;
  switch (key) {
  case ARGP_KEY_ARG:
    if (m->uuid != NULL || !nep_uuid_is_valid(arg, strlen(arg)) || strlen(arg) > 64)
      argp_error(state, "%s", _("one election's identifier is needed"));
    m->uuid = arg;
    return 0;
  case ARGP_KEY_END:
    if (m->uuid == NULL || m->server == NULL || m->dir == NULL || a->key == NULL)
      argp_error(state, "%s", _("--server, --dir, --key and an election are needed"));
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static void add_receipt(arguments *a, const char *file, struct argp_state *state)
{
  if (a->n_receipts == NEP_MIRROR_RECEIPTS_MAX)
    argp_error(state, _("--receipt: at most %d times"), NEP_MIRROR_RECEIPTS_MAX);
  else
    a->receipts[a->n_receipts++] = file;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  arguments *a = state->input;
  switch (key) {
  case OPT_SERVER:
    a->mirror.server = arg;
    return 0;
  case OPT_CA:
    a->mirror.ca = arg;
    return 0;
  case OPT_DIR:
    a->mirror.dir = arg;
    return 0;
  case OPT_KEY:
    a->key = arg;
    return 0;
  case OPT_SERVER_KEY:
    set_server_key(&a->mirror, arg, state);
    return 0;
  case OPT_RECEIPT:
    add_receipt(a, arg, state);
    return 0;
  case OPT_ONCE:
    a->once = true;
    return 0;
  case OPT_INTERVAL:
    a->interval = seconds_of(arg, state);
    return 0;
  case OPT_JSON:
    a->json = true;
    return 0;
  case OPT_LANG:
    if (!nep_lang_choose(arg))
      argp_error(state, "--lang: %s", _("must be vi or en"));
    return 0;
  default:
    return parse_words(key, arg, state, a);
  }
}

static void tell_json(const nep_mirror *m, const nep_head *h)
{
  const nep_head *c = &m->casts.countersigned;
  printf("{\"uuid\":\"%s\",\"height\":%" PRIu64 ",\"event\":\"%s\",\"size\":%" PRIu64
         ",\"time\":\"%s\",\"receipts\":%zu,\"casts\":",
         h->uuid, h->height, h->event, h->size, h->time, m->n_receipts);
  if (c->event[0] != '\0')
    printf("{\"height\":%" PRIu64 ",\"event\":\"%s\",\"size\":%" PRIu64 "}}\n", c->height, c->event,
           c->size);
  else
    puts("null}");
}

static void tell(const arguments *a, const nep_head *h)
{
  const nep_head *c = &a->mirror.casts.countersigned;
  if (a->json)
    tell_json(&a->mirror, h);
  else if (c->event[0] != '\0')
    printf(_("%s  height %" PRIu64 ", %" PRIu64 " bytes and %" PRIu64
             " cast statements verified and countersigned\n"),
           h->time, h->height, h->size, c->height + 1);
  else
    printf(_("%s  height %" PRIu64 ", %" PRIu64 " bytes verified and countersigned\n"), h->time,
           h->height, h->size);
  fflush(stdout);
}

/* Once: it stays so with a server of an older version. */
static void warn_of_casts(const nep_mirror *m, bool *warned)
{
  if (m->casts.absent && !*warned)
    fprintf(stderr, "nep-mirror: %s\n",
            _("the server signs no chain of cast statements: whether the order of a voter's "
              "ballots was changed is not checked"));
  *warned = *warned || m->casts.absent;
}

/* True when a signal to stop came meanwhile. */
static bool pause_for(unsigned seconds)
{
  sigset_t stop;
  struct timespec time = {.tv_sec = seconds};
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  return sigtimedwait(&stop, NULL, &time) > 0;
}

static void block_stop_signals(void)
{
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  sigprocmask(SIG_BLOCK, &stop, NULL);
}

/* It may be otherwise in a while, and nothing was found wrong. */
static bool is_passing(nep_status status)
{
  return status == NEP_E_IO || status == NEP_E_BUSY || status == NEP_E_NOT_FOUND;
}

/* A server that does not answer is asked again; one that lies ends the mirror. */
static nep_status follow(arguments *a, nep_error *err)
{
  uint64_t told = UINT64_MAX;
  bool warned = false;
  block_stop_signals();
  for (;;) {
    nep_head head;
    nep_status status = nep_mirror_round(&a->mirror, &head, err);
    if (status == NEP_OK)
      warn_of_casts(&a->mirror, &warned);
    if (status == NEP_OK && head.height != told) {
      tell(a, &head);
      told = head.height;
    }
    if (a->once || (status != NEP_OK && !is_passing(status)))
      return status;
    if (status != NEP_OK)
      nep_say_error("nep-mirror", err);
    if (pause_for(a->interval))
      return NEP_OK;
  }
}

static void help_text(char *out, size_t size)
{
  snprintf(
      out, size, "%s\v%s",
      _("Follows an election's public record, archive and cast statements, with a copy of its own: "
        "verifies every new ballot and statement and, when a phase ends, everything; keeps what "
        "the "
        "server signs; countersigns what it has verified. A server that is caught lying is "
        "convicted by the evidence that is "
        "then in the folder."),
      _("Exit status: 0 done, 1 alarm (see evidence-*.json in the folder) or refused, 2 could "
        "not run."));
}

int main(int argc, char **argv)
{
  char doc[1024];
  const struct argp argp = {.options = options, .parser = parse, .args_doc = "UUID", .doc = doc};
  arguments a = {.interval = INTERVAL};
  nep_error err = {0};
  nep_process_start();
  help_text(doc, sizeof doc);
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  nep_status status = nep_group_self_test(&err);
  if (status == NEP_OK)
    status = nep_mirror_open(&a.mirror, a.key, a.receipts, a.n_receipts, &err);
  if (status == NEP_OK)
    status = follow(&a, &err);
  nep_mirror_close(&a.mirror);
  if (status == NEP_OK)
    return fflush(stdout) == 0 ? NEP_EXIT_OK : NEP_EXIT_CANNOT;
  nep_say_error("nep-mirror", &err);
  return is_passing(status) ? NEP_EXIT_CANNOT : nep_exit_code(&err);
}
