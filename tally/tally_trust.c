/* nep-tally trust: makes the trust file of an event from named public keys, or shows one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/printable.h"
#include "tally/tally_commands.h"
#include "tally/trust_file.h"

static const char *const lists[NEP_ROLE_COUNT] = {"audit-signer", "official", "observer", "mirror"};
static const char *const numbers[NEP_ROLE_COUNT] = {NULL, "officials-needed", "observers-needed",
                                                    "mirrors-needed"};

/* A file with 64 hex digits: what keygen printed. nep_trust_parse checks the key. */
static nep_status read_key(const char *path, char key[65], nep_error *err)
{
  nep_buf text = {0};
  nep_status s = nep_cli_text(path, 256, &text, err);
  if (s == NEP_OK && text.len != 64)
    s = nep_fail(err, NEP_E_INPUT, "key", path, "64 hex digits are expected: a public key");
  if (s == NEP_OK)
    memcpy(key, text.data, 65);
  nep_buf_free(&text);
  return s;
}

/* NAME=FILE */
static nep_status read_person(const char *value, nep_pinned *out, nep_error *err)
{
  const char *equals = strrchr(value, '=');
  size_t len = equals == NULL ? 0 : (size_t)(equals - value);
  if (len == 0 || len > NEP_TRUST_NAME_MAX)
    return nep_fail(err, NEP_E_INPUT, "usage", value, "NAME=FILE is expected");
  memcpy(out->name, value, len);
  out->name[len] = '\0';
  return read_key(equals + 1, out->key, err);
}

static nep_status read_role(const nep_arguments *a, int role, nep_trust *t, nep_error *err)
{
  const char *values[NEP_CLI_VALUES_MAX];
  size_t n = nep_options(a, lists[role], values);
  unsigned long needed = 1;
  nep_status s = NEP_OK;
  t->pinned[role] = nep_alloc(n + 1, sizeof *t->pinned[role]);
  for (size_t i = 0; s == NEP_OK && i < n; i++)
    s = read_person(values[i], &t->pinned[role][t->n_pinned[role]++], err);
  if (s == NEP_OK && numbers[role] != NULL)
    s = nep_option_number(a, numbers[role], 1, NEP_TRUST_PERSONS_MAX, 1, &needed, err);
  t->needed[role] = needed;
  return s;
}

static nep_status check_given(const nep_arguments *a, nep_error *err)
{
  static const char *const needed[] = {"event",        "issuer",   "audience", "audit",
                                       "audit-signer", "official", "observer", "mirror",
                                       "receipts",     "out"};
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
    if (nep_option(a, needed[i]) == NULL)
      return nep_fail(err, NEP_E_INPUT, "usage", "trust", "--%s is missing", needed[i]);
  return NEP_OK;
}

static nep_status read_names(const nep_arguments *a, nep_trust *t, nep_error *err)
{
  const char *event = nep_option(a, "event"), *claim = nep_option(a, "claim");
  if (strlen(event) > NEP_EVENT_MAX)
    return nep_fail(err, NEP_E_INPUT, "usage", "--event", "is longer than %d bytes", NEP_EVENT_MAX);
  memcpy(t->event, event, strlen(event) + 1);
  t->issuer = nep_strdup(nep_option(a, "issuer"));
  t->audience = nep_strdup(nep_option(a, "audience"));
  t->claim = nep_strdup(claim == NULL ? "sub" : claim);
  return read_key(nep_option(a, "receipts"), t->receipts, err);
}

static nep_status read_limits(const nep_arguments *a, nep_trust *t, nep_error *err)
{
  unsigned long period = 0, minimum = 0;
  nep_status s = nep_option_number(a, "claims-period", 0, INT32_MAX, 7 * 24 * 3600, &period, err);
  if (s == NEP_OK)
    s = nep_option_number(a, "minimum-count", 1, INT32_MAX, 10, &minimum, err);
  t->claims_period = (int64_t)period;
  t->minimum_count = minimum;
  t->weights = nep_option(a, "weights") != NULL;
  return s;
}

static void show_line(const char *what, const char *value)
{
  printf("%-12s ", what);
  nep_show(stdout, value);
  putchar('\n');
}

static void show_pinned(const char *role, const nep_pinned *p)
{
  printf("%-12s %s ", role, p->key);
  nep_show(stdout, p->name);
  putchar('\n');
}

static void show(const nep_trust *t)
{
  show_line("event", t->event);
  show_line("identity", t->issuer);
  show_line("  audience", t->audience);
  show_line("  claim", t->claim);
  printf("audit key    %zu auditors\n", t->audit->n_owners);
  for (int r = 0; r < NEP_ROLE_COUNT; r++)
    for (size_t i = 0; i < t->n_pinned[r]; i++)
      show_pinned(nep_role_name((nep_role)r), &t->pinned[r][i]);
  printf("needed       %zu officials, %zu observers, %zu mirrors\n", t->needed[NEP_ROLE_OFFICIAL],
         t->needed[NEP_ROLE_OBSERVER], t->needed[NEP_ROLE_MIRROR]);
  printf("receipts     %s\n", t->receipts);
  printf("claims       %" PRId64 " seconds between freeze and opening\n", t->claims_period);
  printf("tally        of %" PRIu64 " voters at least, %s\n", t->minimum_count,
         t->weights ? "with weights" : "every vote counts once");
  printf("fingerprint  %s\n", t->fingerprint);
}

static nep_status make(const nep_arguments *a, nep_error *err)
{
  nep_trust *t = nep_alloc(1, sizeof *t), *checked = NULL;
  nep_buf audit = {0}, text = {0};
  nep_status s = check_given(a, err);
  if (s == NEP_OK)
    s = nep_cli_text(nep_option(a, "audit"), NEP_TRUSTEES_TEXT_MAX, &audit, err);
  if (s == NEP_OK)
    s = read_names(a, t, err);
  for (int r = 0; s == NEP_OK && r < NEP_ROLE_COUNT; r++)
    s = read_role(a, r, t, err);
  if (s == NEP_OK)
    s = read_limits(a, t, err);
  if (s == NEP_OK) {
    nep_trust_write(t, nep_buf_bytes(&audit), &text);
    s = nep_trust_parse(nep_buf_bytes(&text), &checked, err);
  }
  if (s == NEP_OK)
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&text), false, err);
  if (s == NEP_OK)
    show(checked);
  nep_buf_free(&text);
  nep_buf_free(&audit);
  nep_trust_free(checked);
  nep_trust_free(t);
  return s;
}

int nep_tally_trust_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_trust *t = NULL;
  nep_status s = NEP_OK;
  if (nep_option(a, "show") == NULL)
    return nep_cli_end(make(a, &err), &err);
  s = nep_trust_read(nep_option(a, "show"), &t, &err);
  if (s == NEP_OK)
    show(t);
  nep_trust_free(t);
  return nep_cli_end(s, &err);
}
