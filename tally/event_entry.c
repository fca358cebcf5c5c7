#include "tally/event_entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "tally/verify_commands.h"

uint64_t nep_entry_number(const json_t *object, const char *key)
{
  return (uint64_t)json_integer_value(json_object_get(object, key));
}

const char *nep_entry_text(const json_t *object, const char *key)
{
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

uint64_t nep_entry_checks(const json_t *entry)
{
  uint64_t sum = 0;
  const char *name;
  json_t *n;
  json_object_foreach(json_object_get(entry, "checks"), name, n)
  {
    sum += (uint64_t)json_integer_value(n);
  }
  return sum;
}

static void set_number(json_t *object, const char *key, uint64_t n)
{
  json_object_set_new(object, key, json_integer((json_int_t)n));
}

static json_t *casts_of(const nep_event_file *f, const char *sha256)
{
  json_t *casts = json_object();
  set_number(casts, "size", f->casts_size);
  json_object_set_new(casts, "sha256", json_string(sha256));
  json_object_set_new(casts, "tail", json_string(f->casts_tail));
  return casts;
}

static json_t *start(const nep_event_file *f, const nep_verified *v)
{
  json_t *entry = json_object();
  bool phase = v && v->events > 0;
  json_object_set_new(entry, "name", json_string(f->name));
  set_number(entry, "size", f->size);
  json_object_set_new(entry, "sha256", json_string(v ? v->read.sha256 : ""));
  json_object_set_new(entry, "tail", json_string(f->tail));
  json_object_set_new(entry, "uuid", json_string(v && v->election ? v->election->uuid : ""));
  json_object_set_new(entry, "head", json_string(v ? v->head : ""));
  json_object_set_new(entry, "phase", json_string(phase ? nep_event_name(v->phase) : ""));
  set_number(entry, "events", v ? v->events : 0);
  set_number(entry, "ballots", v ? v->ballots : 0);
  set_number(entry, "credentials", v && v->credentials ? nep_credentials_count(v->credentials) : 0);
  set_number(entry, "voted", v ? v->credentials_voted : 0);
  return entry;
}

json_t *nep_event_entry(const nep_event_file *f, const nep_verified *v, const char *casts)
{
  json_t *entry = start(f, v), *report = nep_verified_json(v);
  if (f->with_casts)
    json_object_set_new(entry, "casts", casts_of(f, casts));
  json_object_update(entry, report);
  json_decref(report);
  return entry;
}

json_t *nep_event_entry_unreadable(const nep_event_file *f, const nep_error *why)
{
  char line[1024];
  char *shown = nep_printable(nep_error_line(why, line, sizeof line));
  nep_verified nothing = {.events = 0};
  char *reasons[] = {shown};
  nothing.not_checked = reasons;
  nothing.n_not_checked = 1;
  json_t *entry = nep_event_entry(f, &nothing, "");
  json_object_set_new(entry, "verdict", json_string("unreadable"));
  free(shown);
  return entry;
}

json_t *nep_event_entry_taken(const json_t *entry)
{
  json_t *copy = json_deep_copy(entry);
  json_object_set_new(
      copy, "taken_over",
      nep_taken_over_json(nep_entry_number(entry, "ballots"), nep_entry_checks(entry)));
  return copy;
}
