#include "tally/cli.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "base/process.h"
#include "crypto/group.h"

struct nep_arguments {
  const nep_cli_command *command;
  const char *values[NEP_CLI_OPTIONS_MAX][NEP_CLI_VALUES_MAX];
  size_t n_values[NEP_CLI_OPTIONS_MAX];
  const char *rest[NEP_CLI_VALUES_MAX];
  size_t n_rest;
};

enum { FIRST_KEY = 512 };

static const char *program_name = "";

static void add_value(struct argp_state *state, nep_arguments *a, size_t i, const char *value)
{
  const nep_cli_option *option = &a->command->options[i];
  if (a->n_values[i] == (option->need == NEP_REPEATED ? NEP_CLI_VALUES_MAX : 1))
    argp_error(state, "--%s is given too often", option->name);
  a->values[i][a->n_values[i]++] = value ? value : "";
}

static void check_complete(struct argp_state *state, const nep_arguments *a)
{
  for (size_t i = 0; a->command->options && a->command->options[i].name; i++)
    if (a->command->options[i].need == NEP_REQUIRED && a->n_values[i] == 0)
      argp_error(state, "--%s is missing", a->command->options[i].name);
  if (a->n_rest < a->command->min_args)
    argp_error(state, "too few arguments, %s is needed", a->command->args);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
  nep_arguments *a = state->input;
  if (key >= FIRST_KEY && key < FIRST_KEY + NEP_CLI_OPTIONS_MAX) {
    add_value(state, a, (size_t)(key - FIRST_KEY), value);
  } else if (key == ARGP_KEY_ARG) {
    if (a->n_rest == a->command->max_args || a->n_rest == NEP_CLI_VALUES_MAX)
      argp_error(state, "too many arguments: %s", value);
    a->rest[a->n_rest++] = value;
  } else if (key == ARGP_KEY_END) {
    check_complete(state, a);
  } else {
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

/* argp's view of a command; `options` has room for NEP_CLI_OPTIONS_MAX and an end. */
static struct argp describe(const nep_cli_command *c, struct argp_option *options)
{
  memset(options, 0, (NEP_CLI_OPTIONS_MAX + 1) * sizeof *options);
  for (size_t i = 0; c->options && c->options[i].name && i < NEP_CLI_OPTIONS_MAX; i++)
    options[i] = (struct argp_option){.name = c->options[i].name,
                                      .key = FIRST_KEY + (int)i,
                                      .arg = c->options[i].value,
                                      .doc = c->options[i].doc};
  /* glibc leaks an empty list of options */
  return (struct argp){
      .options = c->options ? options : NULL, .parser = parse, .args_doc = c->args, .doc = c->doc};
}

static void help(const char *doc, const nep_cli_command *commands)
{
  printf("Usage: %s COMMAND [OPTION...] [ARGUMENT...]\n%s\n\n", program_name, doc);
  for (const nep_cli_command *c = commands; c->name; c++) {
    struct argp_option options[NEP_CLI_OPTIONS_MAX + 1];
    struct argp argp = describe(c, options);
    char name[96];
    snprintf(name, sizeof name, "%s %s", program_name, c->name);
    argp_help(&argp, stdout, ARGP_HELP_USAGE | ARGP_HELP_DOC | ARGP_HELP_LONG, name);
    printf("\n");
  }
  printf("With --version alone, %s prints its version.\n", program_name);
  printf("Exit codes: 0 done, 1 a check failed or the request was refused, 2 could not run.\n");
}

/* A command's name is one word or two; *words says how many it took. */
static const nep_cli_command *find(const nep_cli_command *commands, int argc, char **argv,
                                   int *words)
{
  char two[64] = "";
  if (argc > 2)
    snprintf(two, sizeof two, "%s %s", argv[1], argv[2]);
  for (const nep_cli_command *c = commands; c->name; c++) {
    *words = strchr(c->name, ' ') ? 2 : 1;
    if (strcmp(c->name, *words == 2 ? two : argv[1]) == 0)
      return c;
  }
  return NULL;
}

static int run(const nep_cli_command *c, int words, int argc, char **argv)
{
  static nep_arguments arguments;
  struct argp_option options[NEP_CLI_OPTIONS_MAX + 1];
  struct argp argp = describe(c, options);
  char name[96];
  nep_error err = {0};
  arguments.command = c;
  snprintf(name, sizeof name, "%s %s", program_name, c->name);
  argv[words] = name;
  if (argp_parse(&argp, argc - words, argv + words, 0, NULL, &arguments) != 0)
    return NEP_EXIT_CANNOT;
  nep_status s = nep_group_self_test(&err);
  return s == NEP_OK ? c->run(&arguments) : nep_cli_end(s, &err);
}

/* The exit code, unless what was printed did not arrive. */
static int end_of_output(int code)
{
  if (fflush(stdout) == 0 && !ferror(stdout))
    return code;
  fprintf(stderr, "%s: standard output: %s\n", program_name, strerror(errno));
  return NEP_EXIT_CANNOT;
}

int nep_cli_main(const char *program, const char *doc, const nep_cli_command *commands, int argc,
                 char **argv)
{
  int words = 1;
  nep_process_start();
  program_name = program;
  argp_err_exit_status = NEP_EXIT_CANNOT;
  if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0)) {
    help(doc, commands);
    return end_of_output(NEP_EXIT_OK);
  }
  if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
    puts(argp_program_version);
    return end_of_output(NEP_EXIT_OK);
  }
  const nep_cli_command *c = argc > 1 ? find(commands, argc, argv, &words) : NULL;
  if (!c) {
    fprintf(stderr, "%s: %s; see %s --help\n", program,
            argc > 1 ? "no such command" : "a command is needed", program);
    return NEP_EXIT_CANNOT;
  }
  return end_of_output(run(c, words, argc, argv));
}

static size_t index_of(const nep_arguments *a, const char *name)
{
  for (size_t i = 0; a->command->options[i].name; i++)
    if (strcmp(a->command->options[i].name, name) == 0)
      return i;
  abort(); /* a command asks for an option that its own table does not have */
}

const char *nep_option(const nep_arguments *a, const char *name)
{
  size_t i = index_of(a, name);
  return a->n_values[i] > 0 ? a->values[i][a->n_values[i] - 1] : NULL;
}

size_t nep_options(const nep_arguments *a, const char *name,
                   const char *out[static NEP_CLI_VALUES_MAX])
{
  size_t i = index_of(a, name);
  memcpy(out, a->values[i], a->n_values[i] * sizeof *out);
  return a->n_values[i];
}

nep_status nep_option_number(const nep_arguments *a, const char *name, unsigned long min,
                             unsigned long max, unsigned long fallback, unsigned long *out,
                             nep_error *err)
{
  const char *text = nep_option(a, name);
  char option[64], *end = NULL;
  *out = fallback;
  if (!text)
    return NEP_OK;
  snprintf(option, sizeof option, "--%s", name);
  errno = 0;
  *out = strtoul(text, &end, 10);
  bool digits = text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
  if (digits && *out >= min && *out <= max)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, "usage", option, "expected a number from %lu to %lu", min, max);
}

const char *nep_argument(const nep_arguments *a, size_t i)
{
  return i < a->n_rest ? a->rest[i] : NULL;
}

int nep_cli_end(nep_status status, const nep_error *err)
{
  char line[1024];
  if (status == NEP_OK)
    return NEP_EXIT_OK;
  char *shown = nep_printable(nep_error_line(err, line, sizeof line));
  fprintf(stderr, "%s: %s [%s]\n", program_name, shown, err->code);
  free(shown);
  bool missing_file = status == NEP_E_NOT_FOUND && strcmp(err->code, "file") == 0;
  bool could_not_run = missing_file || strcmp(err->code, "usage") == 0 || status == NEP_E_IO ||
                       status == NEP_E_BUSY || status == NEP_E_INTERNAL;
  return could_not_run ? NEP_EXIT_CANNOT : NEP_EXIT_REFUSED;
}
