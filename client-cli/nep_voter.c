/* nep-voter: the voter's own program. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/exitcode.h"
#include "base/lang.h"
#include "base/process.h"
#include "client-cli/folder.h"
#include "client-cli/say.h"
#include "client-cli/voter.h"
#include "crypto/group.h"
#include "protocol/json_memory.h"
#include "records/trust.h"

enum option_key {
  OPT_SERVER = 256,
  OPT_CA,
  OPT_DIR,
  OPT_LANG,
  OPT_SERVER_KEY,
  OPT_JSON,
  OPT_EVENT,
  OPT_ELECTION,
  OPT_ID_TOKEN_COMMAND,
  OPT_REPLACE,
  OPT_CHOICE_FILE,
  OPT_ARCHIVE,
  OPT_CASTS,
  OPT_ASK,
  OPT_CHALLENGE,
  OPT_YES,
  OPT_TRUST,
  OPT_REGISTERED,
  OPT_ANYWAY
};

static const struct argp_option options[] = {
    {"server", OPT_SERVER, "URL", 0, N_("The server's address, https only"), 1},
    {"ca", OPT_CA, "FILE", 0, N_("Certificate authority of the server, instead of the system's"),
     1},
    {"dir", OPT_DIR, "DIR", 0, N_("Your folder: credentials, registration, receipts"), 1},
    {"lang", OPT_LANG, "vi|en", 0, N_("Language of the messages, instead of the locale's"), 1},
    {"server-key", OPT_SERVER_KEY, "HEX", 0,
     N_("The key that signs the server's receipts, as the commission has published it; otherwise "
        "the first one seen is remembered"),
     1},
    {"trust", OPT_TRUST, "FINGERPRINT", 0,
     N_("register, vote, check --registered: the fingerprint of the event's trust file, as the "
        "commission has published it; otherwise vote and check ask you to compare it, once"),
     1},
    {"json", OPT_JSON, NULL, 0, N_("check, list, status: print JSON"), 1},
    {"event", OPT_EVENT, "EVENT", 0, N_("register: the event whose elections are registered for"),
     2},
    {"election", OPT_ELECTION, "UUID", 0,
     N_("vote, publish, check: the election; register: only this one (may be repeated)"), 2},
    {"id-token-command", OPT_ID_TOKEN_COMMAND, "COMMAND", 0,
     N_("register, status: program of the identity provider that prints an ID token; the nonce is "
        "added as its last argument"),
     2},
    {"replace", OPT_REPLACE, NULL, 0, N_("register: make new credentials in place of lost ones"),
     2},
    {"choice-file", OPT_CHOICE_FILE, "FILE", 0,
     N_("vote: the choice as JSON (one list of 0 and 1 for each question, or \"blank\") instead of "
        "a dialogue"),
     2},
    {"ask", OPT_ASK, NULL, 0,
     N_("vote: with --choice-file too, show the ballot's code and ask whether to cast it or to "
        "challenge the device"),
     2},
    {"anyway", OPT_ANYWAY, NULL, 0,
     N_("vote: although the server says that voting is not open; it must accept the ballot or sign "
        "that it refuses it"),
     2},
    {"challenge", OPT_CHALLENGE, "FILE", 0,
     N_("publish: the challenge, a file of your folder; what it reveals becomes public"), 2},
    {"yes", OPT_YES, NULL, 0, N_("publish: do not ask"), 2},
    {"archive", OPT_ARCHIVE, "FILE", 0, N_("check: use this archive instead of downloading one"),
     2},
    {"casts", OPT_CASTS, "FILE", 0, N_("check: the cast statements of the archive's ballots"), 2},
    {"registered", OPT_REGISTERED, NULL, 0,
     N_("check: whether your credential is in the final list, before voting opens"), 2},
    {0}};

static const struct command {
  const char *name;
  nep_status (*run)(nep_voter *v, nep_error *err);
  unsigned needs_server : 1; /* always, whatever the options */
  unsigned may_json : 1;
  unsigned may_trust : 1;
  unsigned locks : 1; /* changes the folder */
} commands[] = {{"register", nep_voter_register, 1, 0, 1, 1},
                {"vote", nep_voter_vote, 1, 0, 1, 1},
                {"publish", nep_voter_publish, 1, 0, 0, 0},
                {"check", nep_voter_check, 0, 1, 0, 1}, /* --trust only with --registered */
                {"list", nep_voter_list, 1, 1, 0, 0},
                {"status", nep_voter_status, 1, 1, 0, 0}};

typedef struct arguments {
  nep_voter voter;
  const struct command *command;
} arguments;

static const struct command *find_command(const char *name)
{
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (strcmp(name, commands[i].name) == 0)
      return &commands[i];
  return NULL;
}

static void add_election(nep_voter *v, const char *uuid, struct argp_state *state)
{
  if (v->n_elections == NEP_REGISTRATION_ELECTIONS_MAX)
    argp_error(state, _("--election: at most %d times"), NEP_REGISTRATION_ELECTIONS_MAX);
  else
    v->elections[v->n_elections++] = uuid;
}

static void set_server_key(nep_voter *v, const char *hex, struct argp_state *state)
{
  unsigned char key[32];
  if (!nep_unhex(hex, strlen(hex), key, sizeof key))
    argp_error(state, "--server-key: %s", _("must be 64 lower-case hex digits"));
  v->expected_server_key = hex;
}

static void set_trust(nep_voter *v, const char *fingerprint, struct argp_state *state)
{
  uint8_t hash[32];
  size_t len = 0;
  if (strlen(fingerprint) != NEP_FINGERPRINT ||
      !nep_unbase64(fingerprint, NEP_FINGERPRINT, hash, sizeof hash, &len))
    argp_error(state, "--trust: %s", _("must be 43 characters of base64"));
  v->trust = fingerprint;
}

static void set_lang(const char *lang, struct argp_state *state)
{
  if (!nep_lang_choose(lang))
    argp_error(state, "--lang: %s", _("must be vi or en"));
}

static error_t parse_more(int key, char *arg, struct argp_state *state, nep_voter *v)
{
  switch (key) {
  case OPT_EVENT:
    v->event = arg;
    return 0;
  case OPT_ELECTION:
    add_election(v, arg, state);
    return 0;
  case OPT_ID_TOKEN_COMMAND:
    v->id_token_command = arg;
    return 0;
  case OPT_REPLACE:
    v->replace = true;
    return 0;
  case OPT_ASK:
    v->ask = true;
    return 0;
  case OPT_ANYWAY:
    v->anyway = true;
    return 0;
  case OPT_CHALLENGE:
    v->challenge = arg;
    return 0;
  case OPT_YES:
    v->yes = true;
    return 0;
  case OPT_REGISTERED:
    v->registered = true;
    return 0;
  case OPT_CHOICE_FILE:
    v->choice_file = arg;
    return 0;
  case OPT_CASTS:
    v->casts = arg;
    return 0;
  case OPT_ARCHIVE:
    v->archive = arg;
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static void take_command(arguments *a, const char *name, struct argp_state *state)
{
  if (a->command != NULL)
    argp_error(state, _("\"%s\" is one word too many"), name);
  a->command = find_command(name);
  if (a->command == NULL)
    argp_error(state, _("\"%s\" is not a command"), name);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
  arguments *a = state->input;
  nep_voter *v = &a->voter;
  switch (key) {
  case OPT_SERVER:
    v->server = arg;
    return 0;
  case OPT_CA:
    v->ca = arg;
    return 0;
  case OPT_DIR:
    v->dir = arg;
    return 0;
  case OPT_LANG:
    set_lang(arg, state);
    return 0;
  case OPT_SERVER_KEY:
    set_server_key(v, arg, state);
    return 0;
  case OPT_TRUST:
    set_trust(v, arg, state);
    return 0;
  case OPT_JSON:
    v->json = true;
    return 0;
  case ARGP_KEY_ARG:
    take_command(a, arg, state);
    return 0;
  case ARGP_KEY_END:
    if (a->command == NULL)
      argp_error(state, "%s",
                 _("a command is needed: register, vote, publish, check, list or status"));
    return 0;
  default:
    return parse_more(key, arg, state, v);
  }
}

/* Options that belong to one command. */
static nep_status check_place(const arguments *a, nep_error *err)
{
  const nep_voter *v = &a->voter;
  const struct {
    const char *option, *command;
    bool given;
  } places[] = {{"--casts", "check", v->casts != NULL},
                {"--archive", "check", v->archive != NULL},
                {"--registered", "check", v->registered},
                {"--choice-file", "vote", v->choice_file != NULL},
                {"--ask", "vote", v->ask},
                {"--anyway", "vote", v->anyway},
                {"--challenge", "publish", v->challenge != NULL},
                {"--yes", "publish", v->yes},
                {"--replace", "register", v->replace}};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    if (places[i].given && strcmp(a->command->name, places[i].command) != 0)
      return nep_fail(err, NEP_E_INPUT, "usage", places[i].option, _("is not an option of %s"),
                      a->command->name);
  if (v->trust != NULL && !a->command->may_trust && !v->registered)
    return nep_fail(err, NEP_E_INPUT, "usage", "--trust", _("is not an option of %s"),
                    a->command->name);
  if (v->registered && (v->archive != NULL || v->casts != NULL))
    return nep_fail(err, NEP_E_INPUT, "usage", "--registered",
                    _("asks about the list, not about an archive"));
  return NEP_OK;
}

static nep_status check_usage(const arguments *a, nep_error *err)
{
  const nep_voter *v = &a->voter;
  bool server = a->command->needs_server || v->archive == NULL;
  if (v->dir == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", "--dir", _("is needed"));
  if (server && v->server == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", "--server", _("is needed"));
  if (v->json && !a->command->may_json)
    return nep_fail(err, NEP_E_INPUT, "usage", "--json", _("is not an option of %s"),
                    a->command->name);
  return check_place(a, err);
}

static nep_status run(arguments *a, nep_error *err)
{
  nep_voter *v = &a->voter;
  nep_status status = check_usage(a, err);
  if (status == NEP_OK)
    status = nep_group_self_test(err);
  if (status == NEP_OK)
    status = nep_folder_open(v->dir, err);
  if (status == NEP_OK && a->command->locks)
    status = nep_folder_lock(v->dir, err);
  if (status == NEP_OK && v->server != NULL)
    status = nep_http_new(v->server, v->ca, &v->http, err);
  if (status == NEP_OK)
    status = a->command->run(v, err);
  nep_http_free(v->http);
  return status;
}

/* What stands before and behind the options of --help. */
static void help_text(char *out, size_t size)
{
  snprintf(out, size, "%s\v%s",
           _("The voter's own program: it makes the secret credential, encrypts the choice and "
             "keeps the receipts on this device."),
           _("Exit status: 0 done, 1 a check failed or the request was refused, 2 could not "
             "run."));
}

int main(int argc, char **argv)
{
  char doc[1024];
  const struct argp argp = {.options = options,
                            .parser = parse_option,
                            .args_doc = "register|vote|publish|check|list|status",
                            .doc = doc};
  arguments a = {0};
  nep_error err = {0};
  nep_process_start();
  nep_json_wipes();
  help_text(doc, sizeof doc);
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  if (run(&a, &err) != NEP_OK) {
    nep_say_error("nep-voter", &err);
    return nep_exit_code(&err);
  }
  return fflush(stdout) == 0 ? NEP_EXIT_OK : NEP_EXIT_CANNOT;
}
