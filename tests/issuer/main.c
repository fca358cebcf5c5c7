/* A small local identity provider for the demonstration and the tests. It signs what it is asked
   to; it belongs to no real election. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/exitcode.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "tests/issuer/token.h"

enum { KEY_MAX = 16384 };

enum option_key {
  OPT_OUT = 256,
  OPT_TYPE,
  OPT_KEY,
  OPT_ISSUER,
  OPT_AUDIENCE,
  OPT_AZP,
  OPT_SUBJECT,
  OPT_EXPIRES_IN,
  OPT_ISSUED_IN,
  OPT_NOT_BEFORE_IN,
  OPT_ALGORITHM,
  OPT_KID,
  OPT_CLAIM
};

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "keygen:", 1},
    {"out", OPT_OUT, "DIR", 0, "Folder for private.jwk (mode 0600) and jwks.json", 0},
    {"type", OPT_TYPE, "RSA|EC", 0, "Kind of key (RSA)", 0},
    {NULL, 0, NULL, 0, "token:", 2},
    {"key", OPT_KEY, "FILE", 0, "private.jwk", 0},
    {"issuer", OPT_ISSUER, "URL", 0, "Claim iss", 0},
    {"audience", OPT_AUDIENCE, "NAME", 0, "Claim aud; up to four times", 0},
    {"azp", OPT_AZP, "NAME", 0, "Claim azp", 0},
    {"subject", OPT_SUBJECT, "ID", 0, "Claim sub", 0},
    {"claim", OPT_CLAIM, "NAME=VALUE", 0, "One more claim", 0},
    {"expires-in", OPT_EXPIRES_IN, "SECONDS", 0, "Claim exp, from now (300); may be negative", 0},
    {"issued-in", OPT_ISSUED_IN, "SECONDS", 0, "Claim iat, from now (0); may be negative", 0},
    {"not-before-in", OPT_NOT_BEFORE_IN, "SECONDS", 0, "Claim nbf, from now (left out)", 0},
    {"algorithm", OPT_ALGORITHM, "ALG", 0,
     "RS256, PS256, ES256; none or HS256 (with the public key) make tokens that must be refused",
     0},
    {"kid", OPT_KID, "NAME", 0, "Name of the key in the header (the key's own)", 0},
    {0}};

typedef struct arguments {
  const char *command, *out, *type, *key;
  nep_test_token token;
} arguments;

static int64_t seconds(struct argp_state *state, const char *name, const char *text)
{
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno != 0 || *end != '\0' || end == text || labs(value) > 1000000000L)
    argp_error(state, "--%s: \"%s\" is not a number of seconds", name, text);
  return value;
}

static void read_claim(struct argp_state *state, nep_test_token *t, char *arg)
{
  char *equals = strchr(arg, '=');
  if (equals == NULL)
    argp_error(state, "--claim: NAME=VALUE is expected");
  else {
    *equals = '\0';
    t->claim = arg;
    t->claim_value = equals + 1;
  }
}

static error_t parse_token_option(int key, char *arg, struct argp_state *state, nep_test_token *t)
{
  switch (key) {
  case OPT_ISSUER:
    t->issuer = arg;
    return 0;
  case OPT_AUDIENCE:
    if (t->n_audiences == sizeof t->audiences / sizeof *t->audiences)
      argp_error(state, "--audience: at most four");
    t->audiences[t->n_audiences++] = arg;
    return 0;
  case OPT_AZP:
    t->azp = arg;
    return 0;
  case OPT_SUBJECT:
    t->subject = arg;
    return 0;
  case OPT_CLAIM:
    read_claim(state, t, arg);
    return 0;
  case OPT_EXPIRES_IN:
    t->expires_in = seconds(state, "expires-in", arg);
    return 0;
  case OPT_ISSUED_IN:
    t->issued_in = seconds(state, "issued-in", arg);
    return 0;
  case OPT_NOT_BEFORE_IN:
    t->has_not_before = true;
    t->not_before_in = seconds(state, "not-before-in", arg);
    return 0;
  case OPT_ALGORITHM:
    t->algorithm = arg;
    return 0;
  case OPT_KID:
    t->kid = arg;
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
  arguments *a = state->input;
  switch (key) {
  case OPT_OUT:
    a->out = arg;
    return 0;
  case OPT_TYPE:
    a->type = arg;
    return 0;
  case OPT_KEY:
    a->key = arg;
    return 0;
  case ARGP_KEY_ARG:
    if (state->arg_num == 0)
      a->command = arg;
    else if (state->arg_num == 1)
      a->token.nonce = arg;
    else
      argp_error(state, "too many arguments");
    return 0;
  case ARGP_KEY_END:
    if (a->command == NULL)
      argp_error(state, "a command is needed: keygen or token");
    return 0;
  default:
    return parse_token_option(key, arg, state, &a->token);
  }
}

static nep_status keygen(const arguments *a, nep_error *err)
{
  nep_buf private_jwk = {0}, jwks = {0};
  if (a->out == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", "--out", "is needed");
  char *private_path = nep_sprintf("%s/private.jwk", a->out);
  char *jwks_path = nep_sprintf("%s/jwks.json", a->out);
  nep_status status = NEP_OK;
  if (mkdir(a->out, 0700) != 0 && errno != EEXIST)
    status = nep_fail(err, NEP_E_IO, "file", a->out, "cannot be made: %s", strerror(errno));
  if (status == NEP_OK)
    status = nep_test_key_make(a->type, &private_jwk, &jwks, err);
  if (status == NEP_OK)
    status = nep_file_create(private_path, private_jwk.data, private_jwk.len, NEP_FILE_SECRET, err);
  if (status == NEP_OK)
    status = nep_file_create(jwks_path, jwks.data, jwks.len, NEP_FILE_PUBLIC, err);
  nep_buf_wipe(&private_jwk);
  nep_buf_free(&jwks);
  free(private_path);
  free(jwks_path);
  return status;
}

static nep_status token(arguments *a, nep_error *err)
{
  nep_buf key = {0}, text = {0};
  if (a->key == NULL || a->token.nonce == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", a->key == NULL ? "--key" : "NONCE", "is needed");
  a->token.now = nep_clock_now();
  nep_status status = nep_file_read_secret(a->key, KEY_MAX, &key, err);
  if (status == NEP_OK)
    status = nep_test_token_make(nep_buf_bytes(&key), &a->token, &text, err);
  if (status == NEP_OK)
    puts(text.data);
  nep_buf_wipe(&key);
  nep_buf_free(&text);
  return status;
}

int main(int argc, char **argv)
{
  static const struct argp argp = {
      options,
      parse_option,
      "keygen --out DIR\ntoken --key FILE --issuer URL --audience NAME "
      "--subject ID NONCE",
      "A small local identity provider for demonstrations and tests.\v"
      "Exit status: 0 done, 2 could not run.",
      NULL,
      NULL,
      NULL};
  nep_process_start();
  arguments a = {.type = "RSA", .token = {.expires_in = 300}};
  argp_err_exit_status = NEP_EXIT_CANNOT;
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  nep_error err = {0};
  nep_status status;
  if (strcmp(a.command, "keygen") == 0)
    status = keygen(&a, &err);
  else if (strcmp(a.command, "token") == 0)
    status = token(&a, &err);
  else
    status = nep_fail(&err, NEP_E_INPUT, "usage", a.command, "is not a command");
  if (status == NEP_OK)
    return fflush(stdout) == 0 ? NEP_EXIT_OK : NEP_EXIT_CANNOT;
  char line[1024];
  fprintf(stderr, "nep-test-issuer: %s\n", nep_error_line(&err, line, sizeof line));
  return NEP_EXIT_CANNOT;
}
