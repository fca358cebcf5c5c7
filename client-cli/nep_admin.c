/* nep-admin: what the commission does, each step signed with an official's key. */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "base/exitcode.h"
#include "base/lang.h"
#include "base/process.h"
#include "client-cli/admin.h"
#include "client-cli/problem.h"
#include "client-cli/say.h"
#include "crypto/group.h"

enum option_key {
  OPT_SERVER = 256,
  OPT_CA,
  OPT_KEY,
  OPT_NAME,
  OPT_LANG,
  OPT_JSON,
  OPT_OUT,
  OPT_DEFINITION,
  OPT_UPTO,
  OPT_CASTS,
  OPT_CHALLENGES,
  OPT_CREDENTIALS,
  OPT_VERDICT,
  OPT_ACT,
  OPT_COUNTERSIGNATURE,
  OPT_REGISTRATION_CLOSES,
  OPT_OPENS,
  OPT_CLOSES
};

static const struct argp_option options[] = {
    {"server", OPT_SERVER, "URL", 0, N_("The server's address, https only"), 1},
    {"ca", OPT_CA, "FILE", 0, N_("Certificate authority of the server, instead of the system's"),
     1},
    {"key", OPT_KEY, "FILE", 0, N_("The official's key, mode 0600"), 1},
    {"name", OPT_NAME, "OFFICIAL", 0, N_("The name under which the server knows the key"), 1},
    {"lang", OPT_LANG, "vi|en", 0, N_("Language of the messages, instead of the locale's"), 1},
    {"json", OPT_JSON, NULL, 0, N_("Print the server's answer as it is"), 1},
    {"out", OPT_OUT, "FILE", 0, N_("keygen, export, registry: the file to write"), 2},
    {"definition", OPT_DEFINITION, "FILE", 0,
     N_("create: JSON with event, identifier, group, template, trustees, trust (and uuid)"), 2},
    {"registration-closes", OPT_REGISTRATION_CLOSES, "TIME", 0,
     N_("calendar: such as 2026-11-23T07:00:00Z; all three times are needed"), 2},
    {"opens", OPT_OPENS, "TIME", 0, N_("calendar: when voting opens"), 2},
    {"closes", OPT_CLOSES, "TIME", 0, N_("calendar: when voting closes"), 2},
    {"upto", OPT_UPTO, "HEIGHT", 0, N_("export: up to this event"), 2},
    {"casts", OPT_CASTS, "FILE", 0, N_("export: the file for the cast statements"), 2},
    {"challenges", OPT_CHALLENGES, "FILE", 0, N_("export: the file for the board of challenges"),
     2},
    {"credentials", OPT_CREDENTIALS, "FILE", 0,
     N_("freeze: the list of credentials, from nep-tally registry audit"), 2},
    {"verdict", OPT_VERDICT, "FILE", 0, N_("freeze: the auditors' verdict on that list"), 2},
    {"act", OPT_ACT, "FILE", 0,
     N_("freeze, tally: a signed act, from nep-tally act (once for each)"), 2},
    {"countersignature", OPT_COUNTERSIGNATURE, "FILE", 0,
     N_("tally: a mirror's UUID-closed.countersignature.json (once for each)"), 2},
    {0}};

static nep_status keygen(nep_admin *a, nep_action unused, nep_error *err)
{
  (void)unused;
  return nep_admin_keygen(a, err);
}

static nep_status create(nep_admin *a, nep_action unused, nep_error *err)
{
  (void)unused;
  return nep_admin_create(a, err);
}

static nep_status calendar(nep_admin *a, nep_action unused, nep_error *err)
{
  (void)unused;
  return nep_admin_calendar(a, err);
}

static nep_status show(nep_admin *a, nep_action unused, nep_error *err)
{
  (void)unused;
  return nep_admin_show(a, err);
}

static nep_status export(nep_admin *a, nep_action unused, nep_error *err)
{
  (void)unused;
  return nep_admin_export(a, err);
}

static nep_status registry(nep_admin *a, nep_action unused, nep_error *err)
{
  (void)unused;
  return nep_admin_registry(a, err);
}

static nep_status freeze(nep_admin *a, nep_action unused, nep_error *err)
{
  (void)unused;
  return nep_admin_freeze(a, err);
}

static nep_status tally(nep_admin *a, nep_action unused, nep_error *err)
{
  (void)unused;
  return nep_admin_tally(a, err);
}

static const struct command {
  const char *name;
  nep_status (*run)(nep_admin *a, nep_action action, nep_error *err);
  nep_action action;
  size_t words; /* behind the command, at most */
} commands[] = {
    {"keygen", keygen, NEP_ACTION_COUNT, 0},
    {"create", create, NEP_ACT_CREATE, 0},
    {"roll", nep_admin_upload, NEP_ACT_ROLL, 2},
    {"calendar", calendar, NEP_ACT_CALENDAR, 1},
    {"registration", nep_admin_step, NEP_ACT_REGISTRATION, 1},
    {"registry", registry, NEP_ACTION_COUNT, 1},
    {"freeze", freeze, NEP_ACTION_COUNT, 1},
    {"open", nep_admin_step, NEP_ACT_OPEN, 1},
    {"close", nep_admin_step, NEP_ACT_CLOSE, 1},
    {"tally", tally, NEP_ACTION_COUNT, 2},
    {"decryption", nep_admin_upload, NEP_ACT_DECRYPTION, 2},
    {"result", nep_admin_upload, NEP_ACT_RESULT, 2},
    {"show", show, NEP_ACTION_COUNT, 1},
    {"export", export, NEP_ACTION_COUNT, 1},
};

typedef struct arguments {
  nep_admin admin;
  const struct command *command;
} arguments;

static const struct command *find_command(const char *name)
{
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (strcmp(name, commands[i].name) == 0)
      return &commands[i];
  return NULL;
}

static void take_word(arguments *a, const char *word, struct argp_state *state)
{
  if (a->command == NULL) {
    a->command = find_command(word);
    if (a->command == NULL)
      argp_error(state, _("\"%s\" is not a command"), word);
  } else if (a->admin.n_words == a->command->words)
    argp_error(state, _("\"%s\" is one word too many"), word);
  else
    a->admin.words[a->admin.n_words++] = word;
}

static const char **place_of(nep_admin *a, int key)
{
  switch (key) {
  case OPT_SERVER:
    return &a->server;
  case OPT_CA:
    return &a->ca;
  case OPT_KEY:
    return &a->key;
  case OPT_NAME:
    return &a->name;
  case OPT_OUT:
    return &a->out;
  case OPT_DEFINITION:
    return &a->definition;
  case OPT_UPTO:
    return &a->upto;
  case OPT_CASTS:
    return &a->casts;
  case OPT_CHALLENGES:
    return &a->challenges;
  case OPT_CREDENTIALS:
    return &a->credentials;
  case OPT_VERDICT:
    return &a->verdict;
  case OPT_REGISTRATION_CLOSES:
    return &a->registration_closes;
  case OPT_OPENS:
    return &a->opens;
  case OPT_CLOSES:
    return &a->closes;
  default:
    return NULL;
  }
}

static void add_act(nep_admin *a, const char *file, struct argp_state *state)
{
  if (a->n_acts == NEP_ENVELOPES_MAX)
    argp_error(state, _("--act: at most %d times"), NEP_ENVELOPES_MAX);
  else
    a->acts[a->n_acts++] = file;
}

static void add_countersignature(nep_admin *a, const char *file, struct argp_state *state)
{
  if (a->n_countersignatures == NEP_ENVELOPES_MAX)
    argp_error(state, _("--countersignature: at most %d times"), NEP_ENVELOPES_MAX);
  else
    a->countersignatures[a->n_countersignatures++] = file;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
  arguments *a = state->input;
  const char **place = place_of(&a->admin, key);
  if (place != NULL) {
    *place = arg;
    return 0;
  }
  switch (key) {
  case OPT_LANG:
    if (!nep_lang_choose(arg))
      argp_error(state, "--lang: %s", _("must be vi or en"));
    return 0;
  case OPT_JSON:
    a->admin.json = true;
    return 0;
  case OPT_ACT:
    add_act(&a->admin, arg, state);
    return 0;
  case OPT_COUNTERSIGNATURE:
    add_countersignature(&a->admin, arg, state);
    return 0;
  case ARGP_KEY_ARG:
    take_word(a, arg, state);
    return 0;
  case ARGP_KEY_END:
    if (a->command == NULL)
      argp_error(state, "%s", _("a command is needed"));
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static nep_status run(arguments *a, nep_error *err)
{
  nep_admin *admin = &a->admin;
  nep_status status = NEP_OK;
  if (a->command->run != keygen) {
    if (admin->server == NULL)
      return nep_fail(err, NEP_E_INPUT, "usage", "--server", _("is needed"));
    status = nep_http_new(admin->server, admin->ca, &admin->http, err);
  }
  if (status == NEP_OK)
    status = nep_group_self_test(err);
  if (status == NEP_OK)
    status = a->command->run(admin, a->command->action, err);
  nep_http_free(admin->http);
  return status;
}

/* What stands before and behind the options of --help. */
static void help_text(char *out, size_t size)
{
  snprintf(out, size, "%s\v%s",
           _("Conducts an election as an official of the commission. Every command that changes "
             "something is signed with the official's key."),
           _("Exit status: 0 done, 1 a check failed or the request was refused, 2 could not "
             "run."));
}

int main(int argc, char **argv)
{
  char doc[1024];
  const struct argp argp = {
      .options = options,
      .parser = parse_option,
      .args_doc = "keygen\ncreate\nroll UUID FILE.csv\ncalendar UUID\nregistration|registry|freeze|"
                  "open|close UUID\ntally|decryption|result UUID FILE\nshow [UUID]\nexport UUID",
      .doc = doc};
  arguments a = {0};
  nep_error err = {0};
  nep_process_start();
  help_text(doc, sizeof doc);
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  if (run(&a, &err) != NEP_OK) {
    nep_say_error("nep-admin", &err);
    nep_problem_print_rows(nep_buf_bytes(&a.admin.refusal));
    nep_buf_free(&a.admin.refusal);
    return nep_exit_code(&err);
  }
  return fflush(stdout) == 0 ? NEP_EXIT_OK : NEP_EXIT_CANNOT;
}
