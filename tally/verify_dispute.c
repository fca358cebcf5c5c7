/* nep-verify dispute FILE...: who is shown to have done what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/printable.h"
#include "crypto/keys.h"
#include "tally/dispute_rules.h"
#include "tally/trust_file.h"
#include "tally/verify_commands.h"

enum { CREDENTIAL_FILE_MAX = 256 };

/* ---- reading ---- */

/* The key that the server's signatures must have: of the trust file, or given. */
static nep_status find_key(nep_dispute *d, const nep_arguments *a, nep_trust **trust,
                           nep_error *err)
{
  uint8_t bytes[32];
  const char *path = nep_option(a, "trust");
  nep_status s = path ? nep_trust_read(path, trust, err) : NEP_OK;
  d->key = nep_option(a, "key");
  d->trust = *trust;
  if (s == NEP_OK && *trust && !d->key)
    d->key = (*trust)->receipts;
  if (s == NEP_OK && d->key && !nep_unhex(d->key, strlen(d->key), bytes, sizeof bytes))
    s = nep_fail(err, NEP_E_INPUT, "usage", "--key", "must be 64 lower-case hex digits");
  return s;
}

/* The n-th code belongs to the n-th challenge. */
static nep_status give_codes(nep_dispute *d, const nep_arguments *a, nep_error *err)
{
  const char *codes[NEP_CLI_VALUES_MAX];
  size_t n = nep_options(a, "code", codes), used = 0;
  for (size_t i = 0; i < d->n_papers && used < n; i++)
    if (d->papers[i].kind == NEP_PAPER_CHALLENGE)
      d->papers[i].code = codes[used++];
  return used == n ? NEP_OK
                   : nep_fail(err, NEP_E_INPUT, "usage", "--code",
                              "is given more often than there are challenges");
}

static nep_status read_all(nep_dispute *d, const nep_arguments *a, nep_error *err)
{
  const char *published[NEP_CLI_VALUES_MAX];
  size_t n = nep_options(a, "published", published);
  nep_status s = n > 0 || nep_argument(a, 0)
                     ? NEP_OK
                     : nep_fail(err, NEP_E_INPUT, "usage", "FILE", "at least one file is needed");
  for (size_t i = 0; i < n && s == NEP_OK; i++)
    s = nep_dispute_add(d, published[i], true, err);
  for (size_t i = 0; nep_argument(a, i) && s == NEP_OK; i++)
    s = nep_dispute_add(d, nep_argument(a, i), false, err);
  return s == NEP_OK ? give_codes(d, a, err) : s;
}

static nep_status look_for_credential(nep_dispute *d, const nep_arguments *a, nep_error *err)
{
  const char *path = nep_option(a, "credential-file"), *public_text = nep_option(a, "credential");
  nep_buf secret = {0};
  nep_status s = NEP_OK;
  if (path) {
    s = nep_file_read_secret(path, CREDENTIAL_FILE_MAX, &secret, err);
    while (s == NEP_OK && secret.len > 0 && secret.data[secret.len - 1] == '\n')
      secret.data[--secret.len] = '\0';
    if (s == NEP_OK && !nep_credential_is_valid(secret.data, secret.len))
      s = nep_fail(err, NEP_E_INPUT, "credential-form", path,
                   "does not hold a credential of the form XXXXX-XXXXXX-XXXXX-XXXXXX");
    if (s == NEP_OK)
      s = nep_dispute_credential(d, NULL, secret.data, err);
  }
  if (s == NEP_OK && public_text)
    s = nep_dispute_credential(d, public_text, NULL, err);
  nep_buf_wipe(&secret);
  return s;
}

/* ---- saying ---- */

static size_t count(const nep_dispute *d, nep_saying_level level)
{
  size_t n = 0;
  for (size_t i = 0; i < d->n_sayings; i++)
    n += d->sayings[i].level == level;
  return n;
}

static void print_level(const nep_dispute *d, nep_saying_level level, const char *title)
{
  if (count(d, level) > 0)
    printf("%s\n", title);
  for (size_t i = 0; i < d->n_sayings; i++) {
    if (d->sayings[i].level != level)
      continue;
    char *text = nep_printable(d->sayings[i].text);
    printf("  - %s\n", text);
    free(text);
  }
}

static void print(const nep_dispute *d)
{
  print_level(d, NEP_SHOWN, _("Shown:"));
  print_level(d, NEP_OPEN, _("Not decided:"));
  print_level(d, NEP_NOTED, _("In order:"));
  printf("%s\n", count(d, NEP_SHOWN) > 0  ? _("Verdict: somebody is shown to have cheated.")
                 : count(d, NEP_OPEN) > 0 ? _("Verdict: the evidence does not decide it.")
                                          : _("Verdict: nothing is shown against anybody."));
}

static json_t *printable(const char *text)
{
  char *shown = nep_printable(text);
  json_t *value = json_string(shown);
  free(shown);
  return value;
}

static json_t *list(const nep_dispute *d, nep_saying_level level)
{
  json_t *out = json_array();
  for (size_t i = 0; i < d->n_sayings; i++) {
    const nep_saying *s = &d->sayings[i];
    if (s->level != level)
      continue;
    json_t *files = json_array();
    for (size_t k = 0; k < 2; k++)
      if (s->files[k])
        json_array_append_new(files, printable(s->files[k]));
    json_array_append_new(out, json_pack("{s:s,s:s?,s:o,s:o}", "code", s->code, "who", s->who,
                                         "files", files, "text", printable(s->text)));
  }
  return out;
}

static void print_json(const nep_dispute *d)
{
  const char *verdict = count(d, NEP_SHOWN) > 0  ? "shown"
                        : count(d, NEP_OPEN) > 0 ? "undecided"
                                                 : "nothing-shown";
  json_t *report = json_pack("{s:s,s:o,s:o,s:o}", "verdict", verdict, "shown", list(d, NEP_SHOWN),
                             "undecided", list(d, NEP_OPEN), "in_order", list(d, NEP_NOTED));
  nep_buf out = {0};
  nep_json_write(&out, report);
  nep_buf_char(&out, '\n');
  fwrite(out.data, 1, out.len, stdout);
  nep_buf_free(&out);
  json_decref(report);
}

int nep_verify_dispute_command(const nep_arguments *a)
{
  nep_dispute d = {0};
  nep_trust *trust = NULL;
  nep_error err = {0};
  int code = NEP_EXIT_CANNOT;
  nep_status s = find_key(&d, a, &trust, &err);
  if (s == NEP_OK)
    s = read_all(&d, a, &err);
  if (s == NEP_OK) {
    nep_dispute_judge(&d);
    s = look_for_credential(&d, a, &err);
  }
  if (s != NEP_OK) {
    (void)nep_cli_end(s, &err); /* exit code 1 is for a proof and nothing else */
  } else {
    if (nep_option(a, "json"))
      print_json(&d);
    else
      print(&d);
    code = count(&d, NEP_SHOWN) > 0 ? NEP_EXIT_REFUSED : NEP_EXIT_OK;
  }
  nep_dispute_free(&d);
  nep_trust_free(trust);
  return code;
}
