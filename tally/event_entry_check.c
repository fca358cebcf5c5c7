/* Entries that come from a file. */
#include <string.h>

#include "base/encode.h"
#include "tally/event_entry.h"

static nep_status refuse(nep_error *err, const char *where, const char *reason)
{
  return nep_fail(err, NEP_E_CHECK, "report-shape", where, "%s", reason);
}

/* The sums over all archives and checks of an event stay below 2^63. Results, which are never added
   up, have no such limit: weights may be large. */
static const json_int_t COUNT_MAX = (json_int_t)1 << 36, SIZE_LIMIT = (json_int_t)1 << 43;
enum { CHECKS_MAX = 100 };

static bool is_count(const json_t *value)
{
  return json_is_integer(value) && json_integer_value(value) >= 0 &&
         json_integer_value(value) <= COUNT_MAX;
}

static bool is_text_list(const json_t *list)
{
  size_t i;
  json_t *text;
  if (!json_is_array(list))
    return false;
  for (i = 0; (text = json_array_get(list, i)) != NULL; i++)
    if (!json_is_string(text))
      return false;
  return true;
}

nep_status nep_event_faults_check(const json_t *faults, nep_error *err)
{
  size_t i;
  json_t *fault;
  const char *text;
  size_t len;
  if (!json_is_array(faults))
    return refuse(err, "faults", "a list is expected");
  for (i = 0; (fault = json_array_get(faults, i)) != NULL; i++) {
    nep_status s = nep_json_fields(fault, "faults", err, "code", "object", "reason", NULL);
    static const char *const keys[] = {"code", "object", "reason"};
    for (size_t k = 0; s == NEP_OK && k < 3; k++)
      s = nep_json_string(fault, keys[k], &text, &len, err);
    if (s != NEP_OK)
      return refuse(err, "faults", "each fault has code, object and reason");
  }
  return NEP_OK;
}

/* Each code once, in order, and exactly those of the faults. Who made the report may have put in
   very many of both (A19). */
static bool codes_fit(const json_t *codes, const json_t *faults)
{
  json_t *known = json_object(), *value;
  size_t i;
  const char *before = NULL;
  for (i = 0; (value = json_array_get(faults, i)) != NULL; i++)
    json_object_set_new(known, nep_entry_text(value, "code"), json_true());
  bool fit = json_object_size(known) == json_array_size(codes);
  for (i = 0; fit && (value = json_array_get(codes, i)) != NULL; i++) {
    const char *code = json_string_value(value);
    fit = json_object_get(known, code) != NULL && (before == NULL || strcmp(before, code) < 0);
    before = code;
  }
  json_decref(known);
  return fit;
}

/* Of an archive that is valid with its statements these were verified. */
static bool casts_were_verified(const json_t *entry)
{
  const json_t *casts = json_object_get(entry, "casts");
  return casts == NULL || nep_entry_text(casts, "sha256")[0] != '\0';
}

/* A verdict is computed from finished checks, here as well. */
static bool verdict_fits(const json_t *entry)
{
  bool clean = json_array_size(json_object_get(entry, "faults")) == 0;
  bool all = json_array_size(json_object_get(entry, "not_checked")) == 0;
  bool some = nep_entry_number(entry, "events") > 0;
  const char *verdict = nep_entry_text(entry, "verdict");
  if (strcmp(verdict, "unreadable") == 0)
    return clean && !all && !some && nep_entry_checks(entry) == 0 &&
           nep_entry_text(entry, "sha256")[0] == '\0';
  return strcmp(verdict, clean && all && some ? "valid" : "invalid") == 0 &&
         (strcmp(verdict, "valid") != 0 || casts_were_verified(entry));
}

static bool result_fits(const json_t *result)
{
  size_t i, k;
  json_t *row, *votes;
  if (json_is_null(result))
    return true;
  if (!json_is_array(result))
    return false;
  for (i = 0; (row = json_array_get(result, i)) != NULL; i++) {
    if (!json_is_array(row))
      return false;
    for (k = 0; (votes = json_array_get(row, k)) != NULL; k++)
      if (!json_is_integer(votes) || json_integer_value(votes) < 0)
        return false;
  }
  return true;
}

static bool checks_fit(const json_t *entry)
{
  const json_t *checks = json_object_get(entry, "checks");
  const json_t *taken = json_object_get(entry, "taken_over");
  const char *name;
  json_t *n;
  if (!json_is_object(checks) || json_object_size(checks) > CHECKS_MAX ||
      nep_json_fields(taken, "taken_over", NULL, "ballots", "checks", NULL) != NEP_OK)
    return false;
  json_object_foreach((json_t *)checks, name, n)
  {
    if (!is_count(n))
      return false;
  }
  return is_count(json_object_get(taken, "ballots")) &&
         is_count(json_object_get(taken, "checks")) &&
         nep_entry_number(taken, "ballots") <= nep_entry_number(entry, "ballots") &&
         nep_entry_number(taken, "checks") <= nep_entry_checks(entry);
}

/* A hash, or "" where nothing was verified. */
static bool is_hash_or_none(const json_t *object, const char *key)
{
  char hash[65];
  return nep_json_hash(object, key, hash, NULL) == NEP_OK ||
         (json_is_string(json_object_get(object, key)) && nep_entry_text(object, key)[0] == '\0');
}

static bool casts_fit(const json_t *casts)
{
  int64_t size;
  char hash[65];
  return casts == NULL ||
         (nep_json_fields(casts, "casts", NULL, "size", "sha256", "tail", NULL) == NEP_OK &&
          nep_json_integer(casts, "size", 0, SIZE_LIMIT, &size, NULL) == NEP_OK &&
          nep_json_hash(casts, "tail", hash, NULL) == NEP_OK && is_hash_or_none(casts, "sha256"));
}

static nep_status check_fields(const json_t *entry, nep_error *err)
{
  static const char *const texts[] = {"name", "tail", "sha256", "uuid", "head", "phase", "verdict"};
  static const char *const numbers[] = {"size", "events", "ballots", "credentials", "voted"};
  const char *text;
  char hash[65];
  size_t len;
  int64_t n;
  nep_status s = nep_json_fields(entry, "archive", err, "name", "size", "sha256", "tail", "uuid",
                                 "head", "phase", "events", "ballots", "credentials", "voted",
                                 "casts?", "verdict", "codes", "warnings", "checks", "result",
                                 "faults", "not_checked", "taken_over", NULL);
  for (size_t i = 0; s == NEP_OK && i < sizeof texts / sizeof *texts; i++)
    s = nep_json_string(entry, texts[i], &text, &len, err);
  for (size_t i = 0; s == NEP_OK && i < sizeof numbers / sizeof *numbers; i++)
    s = nep_json_integer(entry, numbers[i], 0, i == 0 ? SIZE_LIMIT : COUNT_MAX, &n, err);
  if (s == NEP_OK && strcmp(nep_entry_text(entry, "verdict"), "unreadable") != 0)
    s = nep_json_hash(entry, "sha256", hash, err);
  return s == NEP_OK ? nep_json_hash(entry, "tail", hash, err) : s;
}

nep_status nep_event_entry_check(const json_t *entry, nep_error *err)
{
  nep_error why = {0};
  if (check_fields(entry, &why) != NEP_OK)
    return refuse(err, why.where, why.reason);
  const char *name = nep_entry_text(entry, "name");
  if (!is_text_list(json_object_get(entry, "codes")) ||
      !is_text_list(json_object_get(entry, "warnings")) ||
      !is_text_list(json_object_get(entry, "not_checked")))
    return refuse(err, name, "codes, warnings and not_checked are lists of texts");
  nep_status s = nep_event_faults_check(json_object_get(entry, "faults"), err);
  if (s != NEP_OK)
    return s;
  if (!checks_fit(entry) || !result_fits(json_object_get(entry, "result")))
    return refuse(err, name, "checks, result or taken_over are not numbers that fit together");
  if (!casts_fit(json_object_get(entry, "casts")))
    return refuse(err, name, "casts is {\"size\",\"sha256\",\"tail\"}");
  if (!codes_fit(json_object_get(entry, "codes"), json_object_get(entry, "faults")))
    return refuse(err, name, "the codes are not those of the faults");
  if (!verdict_fits(entry))
    return refuse(err, name, "the verdict is not the one that the findings give");
  return strcmp(nep_entry_text(entry, "verdict"), "valid") == 0 ? nep_event_entry_valid(entry, err)
                                                                : NEP_OK;
}
