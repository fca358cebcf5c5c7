#include "tally/event_merge.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/progress.h"
#include "tally/shard_report.h"

typedef struct merge {
  nep_event_report *out;
  nep_findings *f;
  const nep_merge_options *options;
  size_t n_reports;
  unsigned of;        /* parts, as the first report says */
  unsigned char *got; /* by part: a report of it was read */
} merge;

static void start(merge *m, const nep_event_report *first)
{
  *m->out = (nep_event_report){.archives = first->archives,
                               .bytes = first->bytes,
                               .faults = json_array(),
                               .entries = json_array()};
  memcpy(m->out->listing, first->listing, sizeof first->listing);
  m->of = first->of;
  m->got = nep_alloc(m->of + 1, 1);
}

/* Each entry remembers its part until the partition was checked. */
static void take(merge *m, const nep_event_report *r)
{
  size_t i;
  json_t *entry, *fault;
  for (i = 0; (entry = json_array_get(r->entries, i)) != NULL; i++) {
    json_object_set_new(entry, "part", json_integer((json_int_t)r->shard));
    json_array_append(m->out->entries, entry);
  }
  for (i = 0; (fault = json_array_get(r->faults, i)) != NULL; i++)
    json_array_append(m->out->faults, fault);
}

static void join(merge *m, const char *path, const nep_event_report *r)
{
  if (m->n_reports++ == 0)
    start(m, r);
  if (r->archives != m->out->archives || r->bytes != m->out->bytes ||
      strcmp(r->listing, m->out->listing) != 0) {
    nep_fault(m->f, "event-differs", path, "it is about another set of archives than the first");
  } else if (r->of != m->of) {
    nep_fault(m->f, "shard-count", path, "it is one of %u parts, the first is one of %u", r->of,
              m->of);
  } else if (m->got[r->shard]) {
    nep_fault(m->f, "shard-twice", path, "part %u was given before", r->shard);
  } else {
    m->got[r->shard] = 1;
    take(m, r);
  }
}

static nep_status add_report(merge *m, const char *path, nep_error *err)
{
  nep_event_report r = {0};
  nep_error why = {0};
  nep_status s = nep_shard_report_read(path, m->options->signers, m->options->n_signers, &r, &why);
  if (s == NEP_OK) {
    join(m, path, &r);
  } else if (s == NEP_E_CHECK) {
    nep_fault(m->f, why.code, path, "%s", why.reason);
    s = NEP_OK;
  } else if (err) {
    *err = why;
  }
  nep_event_report_free(&r);
  return s;
}

static int is_report(const struct dirent *e)
{
  size_t len = strlen(e->d_name);
  return len > 5 && e->d_name[0] != '.' && strcmp(e->d_name + len - 5, ".json") == 0;
}

static nep_status add_path(merge *m, const char *path, nep_error *err)
{
  struct stat st;
  struct dirent **found = NULL;
  if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
    return add_report(m, path, err);
  int n = scandir(path, &found, is_report, alphasort);
  nep_status s = NEP_OK;
  if (n < 0)
    return nep_fail(err, NEP_E_IO, "file", path, "%s", strerror(errno));
  for (int i = 0; i < n; i++) {
    char *name = nep_sprintf("%s/%s", path, found[i]->d_name);
    if (s == NEP_OK)
      s = add_report(m, name, err);
    free(name);
    free(found[i]);
  }
  free(found);
  return s;
}

static void check_parts(const merge *m)
{
  for (unsigned i = 1; i <= m->of; i++)
    if (!m->got[i])
      nep_fault(m->f, "shard-missing", "the reports", "there is none of part %u of %u", i, m->of);
}

static uint64_t part_of(const json_t *entries, size_t i)
{
  return nep_entry_number(json_array_get(entries, i), "part");
}

/* The archives of all parts are those that every process saw, each where it belongs. */
static void check_archives(const merge *m)
{
  const json_t *entries = m->out->entries;
  nep_event_list list = {0};
  nep_error err = {0};
  char hash[65];
  size_t i;
  json_t *entry;
  for (i = 0; (entry = json_array_get(entries, i)) != NULL; i++) {
    const json_t *casts = json_object_get(entry, "casts");
    nep_event_list_add(&list, nep_entry_text(entry, "name"), nep_entry_number(entry, "size"),
                       nep_entry_text(entry, "tail"));
    if (casts != NULL)
      nep_event_list_add_casts(&list, nep_entry_number(casts, "size"),
                               nep_entry_text(casts, "tail"));
  }
  bool once = nep_event_list_sort(&list, &err) == NEP_OK;
  nep_event_list_hash(&list, hash);
  if (!once)
    nep_fault(m->f, err.code, err.where, "%s", "two parts report it");
  else if (list.n < m->out->archives)
    nep_fault(m->f, "archive-missing", "the reports",
              "they are about %zu archives, the event has %zu", list.n, m->out->archives);
  else if (strcmp(hash, m->out->listing) != 0 || nep_event_list_bytes(&list) != m->out->bytes)
    nep_fault(m->f, "event-differs", "the reports",
              "their archives together are not those that each process saw");
  else {
    unsigned *part = nep_event_list_parts(&list, m->of);
    for (i = 0; i < list.n; i++)
      if (part[i] != part_of(entries, i))
        nep_fault(m->f, "archive-shard", list.files[i].name, "it belongs to part %u", part[i]);
    free(part);
  }
  nep_event_list_free(&list);
}

/* The file's bytes are those that were verified; of one that could not be read none was. */
static nep_status check_file(const merge *m, const char *path, const char *name,
                             const char *verified, nep_progress *shown, nep_error *err)
{
  nep_file_identity file;
  if (verified[0] == '\0')
    return NEP_OK;
  nep_status s = nep_file_identify(path, nep_progress_grow, shown, &file, err);
  if (s == NEP_OK && strcmp(file.sha256, verified) != 0)
    nep_fault(m->f, "event-differs", name,
              "its bytes are not, or no longer, those that were verified");
  return s;
}

/* Names, sizes and tails are those of the reports; now every byte. */
static nep_status check_bytes(const merge *m, const nep_event_list *now, nep_error *err)
{
  nep_progress shown;
  nep_status s = NEP_OK;
  nep_progress_start(&shown, "bytes compared", nep_event_list_bytes(now));
  for (size_t i = 0; s == NEP_OK && i < now->n; i++) {
    const json_t *entry = json_array_get(m->out->entries, i);
    const nep_event_file *f = &now->files[i];
    s = check_file(m, f->path, f->name, nep_entry_text(entry, "sha256"), &shown, err);
    if (s == NEP_OK && f->with_casts)
      s = check_file(m, f->casts_path, f->name,
                     nep_entry_text(json_object_get(entry, "casts"), "sha256"), &shown, err);
  }
  nep_progress_end(&shown);
  return s;
}

static nep_status check_event(const merge *m, nep_error *err)
{
  nep_event_list now = {0};
  char hash[65];
  nep_status s = nep_event_list_folder(m->options->event, &now, err);
  if (s == NEP_OK && json_object_get(json_array_get(m->out->entries, 0), "casts") != NULL)
    s = nep_event_list_casts(&now, err);
  nep_event_list_hash(&now, hash);
  if (s == NEP_OK && strcmp(hash, m->out->listing) != 0)
    nep_fault(m->f, "event-differs", m->options->event,
              "its archives are not, or no longer, those that the reports are about");
  else if (s == NEP_OK && m->f->n_faults == 0)
    s = check_bytes(m, &now, err);
  nep_event_list_free(&now);
  return s;
}

static nep_status finish(merge *m, nep_error *err)
{
  nep_status s = NEP_OK;
  nep_event_report_sort(m->out);
  check_parts(m);
  if (m->f->n_faults == 0)
    check_archives(m);
  if (m->options->event)
    s = check_event(m, err);
  for (size_t i = 0; i < json_array_size(m->out->entries); i++)
    json_object_del(json_array_get(m->out->entries, i), "part");
  if (m->f->n_faults == 0)
    nep_event_report_cross_check(m->out);
  return s;
}

nep_status nep_event_merge(const char *const *paths, size_t n, const nep_merge_options *options,
                           nep_event_report *out, nep_findings *f, nep_error *err)
{
  merge m = {.out = out, .f = f, .options = options};
  nep_status s = NEP_OK;
  for (size_t i = 0; s == NEP_OK && i < n; i++)
    s = add_path(&m, paths[i], err);
  if (s == NEP_OK && m.n_reports > 0)
    s = finish(&m, err);
  else if (s == NEP_OK && f->n_faults == 0)
    s = nep_fail(err, NEP_E_INPUT, "usage", paths[0], "no report is there");
  free(m.got);
  return s;
}
