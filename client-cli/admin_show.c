/* nep-admin show: one election, or all. */
#include <stdio.h>
#include <string.h>

#include "base/lang.h"
#include "client-cli/admin.h"
#include "client-cli/say.h"
#include "client-cli/summary.h"
#include "protocol/json.h"

static void print_json(const json_t *j)
{
  nep_buf text = {0};
  nep_json_write(&text, j);
  puts(text.data);
  nep_buf_free(&text);
}

static void print_field(const json_t *e, const char *key)
{
  const char *text = json_string_value(json_object_get(e, key));
  nep_show(stdout, text == NULL ? "-" : text);
}

static void print_line(const json_t *e)
{
  const char *phase = json_string_value(json_object_get(e, "phase"));
  print_field(e, "uuid");
  fputs("  ", stdout);
  print_field(e, "event");
  fputs("  ", stdout);
  print_field(e, "name");
  fputs("  ", stdout);
  nep_show(stdout, phase == NULL ? "-" : nep_phase_name(phase));
  fputc('\n', stdout);
}

static nep_status show_all(nep_admin *a, nep_error *err)
{
  json_t *list = NULL, *e;
  size_t i;
  nep_status status = nep_elections_get(a->http, &list, err);
  if (status == NEP_OK && a->json)
    print_json(list);
  else if (status == NEP_OK && json_array_size(list) == 0)
    puts(_("The server has no elections."));
  else
    json_array_foreach(list, i, e) print_line(e);
  json_decref(list);
  return status;
}

static void print_times(const json_t *calendar)
{
  static const char *const rows[][2] = {{"registration_closes", N_("registration closes")},
                                        {"opens", N_("voting opens")},
                                        {"closes", N_("voting closes")}};
  if (!json_is_object(calendar)) {
    printf("  %s\n", _("no calendar yet"));
    return;
  }
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    printf("  %s: ", _(rows[i][1]));
    print_field(calendar, rows[i][0]);
    fputc('\n', stdout);
  }
}

static void print_counts(const json_t *counts)
{
  static const char *const rows[][2] = {{"roll", N_("on the roll")},
                                        {"registered", N_("registered")},
                                        {"ballots", N_("ballots in the record")},
                                        {"voted", N_("voters who cast")}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const json_t *n = json_object_get(counts, rows[i][0]);
    if (json_is_integer(n))
      printf("  %s: %lld\n", _(rows[i][1]), (long long)json_integer_value(n));
  }
}

static nep_status show_one(nep_admin *a, nep_error *err)
{
  nep_summary s = {0};
  const char *uuid;
  nep_status status = nep_admin_uuid(a, &uuid, err);
  if (status == NEP_OK)
    status = nep_summary_get(a->http, uuid, &s, err);
  if (status == NEP_OK && a->json)
    print_json(s.json);
  else if (status == NEP_OK) {
    print_line(s.json);
    print_times(json_object_get(s.json, "calendar"));
    print_counts(json_object_get(s.json, "counts"));
    printf("  %s: %s\n", _("definition"), s.election_hash);
    if (s.setup_hash[0] != '\0')
      printf("  %s: %s\n", _("setup"), s.setup_hash);
    if (s.credentials_hash[0] != '\0')
      printf("  %s: %s\n", _("list of credentials"), s.credentials_hash);
  }
  nep_summary_free(&s);
  return status;
}

nep_status nep_admin_show(nep_admin *a, nep_error *err)
{
  return a->n_words == 0 ? show_all(a, err) : show_one(a, err);
}
