#include "tally/event_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/exitcode.h"
#include "base/memory.h"
#include "tally/verify_commands.h"

void nep_event_report_start(nep_event_report *r, const nep_event_list *l)
{
  *r = (nep_event_report){.archives = l->n,
                          .bytes = nep_event_list_bytes(l),
                          .faults = json_array(),
                          .entries = json_array()};
  nep_event_list_hash(l, r->listing);
}

void nep_event_report_free(nep_event_report *r)
{
  json_decref(r->entries);
  json_decref(r->faults);
  *r = (nep_event_report){0};
}

void nep_event_report_fault(nep_event_report *r, const char *code, const char *object,
                            const char *reason)
{
  json_t *fault = json_object();
  json_object_set_new(fault, "code", json_string(code));
  json_object_set_new(fault, "object", json_string(object));
  json_object_set_new(fault, "reason", json_string(reason));
  json_array_append_new(r->faults, fault);
}

static int by_name(const void *a, const void *b)
{
  return strcmp(nep_entry_text(*(json_t *const *)a, "name"),
                nep_entry_text(*(json_t *const *)b, "name"));
}

static int by_object(const void *a, const void *b)
{
  const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
  int order = strcmp(nep_entry_text(x, "object"), nep_entry_text(y, "object"));
  return order != 0 ? order : strcmp(nep_entry_text(x, "reason"), nep_entry_text(y, "reason"));
}

static json_t *sorted(json_t *list, int (*order)(const void *, const void *))
{
  size_t n = json_array_size(list);
  json_t **items = nep_alloc(n + 1, sizeof(json_t *)), *out = json_array();
  for (size_t i = 0; i < n; i++)
    items[i] = json_array_get(list, i);
  qsort(items, n, sizeof(json_t *), order);
  for (size_t i = 0; i < n; i++)
    json_array_append(out, items[i]);
  free(items);
  json_decref(list);
  return out;
}

/* Of a sorted list. */
static json_t *each_once(json_t *list)
{
  json_t *out = json_array(), *value;
  size_t i;
  for (i = 0; (value = json_array_get(list, i)) != NULL; i++)
    if (i == 0 || !json_equal(value, json_array_get(list, i - 1)))
      json_array_append(out, value);
  json_decref(list);
  return out;
}

void nep_event_report_sort(nep_event_report *r)
{
  r->entries = sorted(r->entries, by_name);
  r->faults = each_once(sorted(r->faults, by_object)); /* every part says it */
}

static size_t count(const nep_event_report *r, const char *verdict)
{
  size_t i, n = 0;
  json_t *entry;
  for (i = 0; (entry = json_array_get(r->entries, i)) != NULL; i++)
    n += strcmp(nep_entry_text(entry, "verdict"), verdict) == 0;
  return n;
}

/* "valid" only when every archive is, and nothing is wrong with the event. "nothing" where no
   archive was looked at: what was not checked is not valid. */
static const char *verdict(const nep_event_report *r)
{
  size_t n = json_array_size(r->entries), valid = count(r, "valid");
  if (json_array_size(r->faults) > 0 || count(r, "invalid") > 0)
    return "invalid";
  if (n == 0)
    return "nothing";
  return valid == n ? "valid" : "incomplete";
}

int nep_event_report_exit(const nep_event_report *r)
{
  const char *v = verdict(r);
  bool idle_part = r->of > 0 && strcmp(v, "nothing") == 0; /* its work is done */
  return strcmp(v, "valid") == 0 || idle_part ? NEP_EXIT_OK
         : strcmp(v, "invalid") == 0          ? NEP_EXIT_REFUSED
                                              : NEP_EXIT_CANNOT;
}

static void add_number(json_t *sums, const char *key, uint64_t n)
{
  json_object_set_new(sums, key, json_integer((json_int_t)(nep_entry_number(sums, key) + n)));
}

static json_t *totals(const nep_event_report *r)
{
  static const char *const keys[] = {"events", "ballots", "credentials", "voted"};
  json_t *sums = json_object(), *entry;
  size_t i;
  add_number(sums, "archives", json_array_size(r->entries));
  add_number(sums, "valid", count(r, "valid"));
  add_number(sums, "invalid", count(r, "invalid"));
  add_number(sums, "unreadable", count(r, "unreadable"));
  for (size_t k = 0; k < 4; k++)
    add_number(sums, keys[k], 0);
  add_number(sums, "checks", 0);
  add_number(sums, "faults", json_array_size(r->faults));
  for (i = 0; (entry = json_array_get(r->entries, i)) != NULL; i++) {
    for (size_t k = 0; k < 4; k++)
      add_number(sums, keys[k], nep_entry_number(entry, keys[k]));
    add_number(sums, "checks", nep_entry_checks(entry));
    add_number(sums, "faults", json_array_size(json_object_get(entry, "faults")));
  }
  return sums;
}

static json_t *taken_over(const nep_event_report *r)
{
  uint64_t ballots = 0, checks = 0;
  size_t i;
  json_t *entry;
  for (i = 0; (entry = json_array_get(r->entries, i)) != NULL; i++) {
    const json_t *taken = json_object_get(entry, "taken_over");
    ballots += nep_entry_number(taken, "ballots");
    checks += nep_entry_number(taken, "checks");
  }
  return nep_taken_over_json(ballots, checks);
}

static json_t *checks_by_name(const nep_event_report *r)
{
  json_t *sums = json_object(), *entry, *n;
  const char *name;
  size_t i;
  for (i = 0; (entry = json_array_get(r->entries, i)) != NULL; i++) {
    json_object_foreach(json_object_get(entry, "checks"), name, n)
    {
      add_number(sums, name, (uint64_t)json_integer_value(n));
    }
  }
  return sums;
}

static int by_text(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void collect(const json_t *faults, const char ***codes, size_t *n)
{
  size_t i;
  json_t *fault;
  for (i = 0; (fault = json_array_get(faults, i)) != NULL; i++) {
    *codes = nep_realloc(*codes, *n + 1, sizeof **codes);
    (*codes)[(*n)++] = nep_entry_text(fault, "code");
  }
}

/* The codes that occur, each once, sorted. */
static json_t *codes(const nep_event_report *r)
{
  const char **all = NULL;
  size_t n = 0, i;
  json_t *out = json_array(), *entry;
  collect(r->faults, &all, &n);
  for (i = 0; (entry = json_array_get(r->entries, i)) != NULL; i++)
    collect(json_object_get(entry, "faults"), &all, &n);
  if (n > 0)
    qsort(all, n, sizeof *all, by_text);
  for (i = 0; i < n; i++)
    if (i == 0 || strcmp(all[i], all[i - 1]) != 0)
      json_array_append_new(out, json_string(all[i]));
  free(all);
  return out;
}

json_t *nep_event_listing_json(const nep_event_report *r)
{
  json_t *listing = json_object();
  add_number(listing, "archives", r->archives);
  add_number(listing, "bytes", r->bytes);
  json_object_set_new(listing, "sha256", json_string(r->listing));
  return listing;
}

json_t *nep_event_report_json(const nep_event_report *r)
{
  json_t *out = json_object();
  json_object_set_new(out, "version", json_string(PACKAGE_VERSION));
  json_object_set_new(out, "verdict", json_string(verdict(r)));
  json_object_set_new(out, "codes", codes(r));
  json_object_set_new(out, "listing", nep_event_listing_json(r));
  if (r->of > 0) {
    json_t *shard = json_object();
    add_number(shard, "number", r->shard);
    add_number(shard, "of", r->of);
    json_object_set_new(out, "shard", shard);
  }
  json_object_set_new(out, "totals", totals(r));
  json_object_set_new(out, "taken_over", taken_over(r));
  json_object_set_new(out, "checks", checks_by_name(r));
  json_object_set(out, "faults", r->faults);
  json_object_set(out, "archives", r->entries);
  return out;
}
