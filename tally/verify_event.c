/* nep-verify archive for a whole event or a part of it. */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "tally/event_run.h"
#include "tally/shard_report.h"
#include "tally/verify_commands.h"

typedef struct event_options {
  bool folder; /* the only argument is one */
  unsigned shard, of;
  const char *report, *state, *earlier;
} event_options;

static bool is_folder(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static nep_status usage(nep_error *err, const char *option, const char *reason)
{
  return nep_fail(err, NEP_E_INPUT, "usage", option, "%s", reason);
}

/* "K/N" */
static nep_status read_shard(const char *text, event_options *o, nep_error *err)
{
  int end = 0;
  if (text[0] >= '1' && text[0] <= '9' && sscanf(text, "%6u/%6u%n", &o->shard, &o->of, &end) == 2 &&
      text[end] == '\0' && strchr(text, '/')[1] >= '1' && strchr(text, '/')[1] <= '9' &&
      o->shard <= o->of && o->of <= NEP_SHARDS_MAX)
    return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, "usage", "--shard",
                  "K/N is expected: part K, from 1, of N, at most %d", NEP_SHARDS_MAX);
}

static nep_status read_options(const nep_arguments *a, event_options *o, nep_error *err)
{
  const char *shard = nep_option(a, "shard");
  *o = (event_options){.folder = !nep_argument(a, 1) && is_folder(nep_argument(a, 0)),
                       .report = nep_option(a, "report"),
                       .state = nep_option(a, "state"),
                       .earlier = nep_option(a, "earlier")};
  for (size_t i = 0; nep_argument(a, 1) && nep_argument(a, i); i++)
    if (is_folder(nep_argument(a, i)))
      return usage(err, nep_argument(a, i), "one folder, or several archives");
  if (shard && !o->report)
    return usage(err, "--shard", "the report of a part needs a file, --report");
  if (nep_option(a, "key") && !o->report)
    return usage(err, "--key", "there is no report to sign without --report");
  if (o->earlier && (!o->folder || !is_folder(o->earlier) || shard))
    return usage(err, "--earlier", "for an event: two folders, and no part of them");
  if (o->report && o->state && strcmp(o->report, o->state) == 0)
    return usage(err, "--report", "and --state need a file each");
  if (o->report)
    o->shard = o->of = 1;
  return shard ? read_shard(shard, o, err) : NEP_OK;
}

static nep_status make_list(const nep_arguments *a, const event_options *o, nep_event_list *list,
                            nep_error *err)
{
  const char *paths[NEP_CLI_VALUES_MAX];
  size_t n = 0;
  nep_status s;
  while (n < NEP_CLI_VALUES_MAX && nep_argument(a, n)) {
    paths[n] = nep_argument(a, n);
    n++;
  }
  s = o->folder ? nep_event_list_folder(paths[0], list, err)
                : nep_event_list_files(paths, n, list, err);
  return s == NEP_OK && nep_option(a, "casts") ? nep_event_list_casts(list, err) : s;
}

/* An archive of the earlier copy that is gone. */
static nep_status check_earlier(const char *folder, const nep_event_list *now, nep_event_report *r,
                                nep_error *err)
{
  nep_event_list before = {0};
  nep_status s = nep_event_list_folder(folder, &before, err);
  for (size_t i = 0; s == NEP_OK && i < before.n; i++)
    if (nep_event_list_find(now, before.files[i].name) == SIZE_MAX)
      nep_event_report_fault(r, "archive-missing", before.files[i].name,
                             "the earlier copy of the event has it");
  nep_event_list_free(&before);
  nep_event_report_sort(r);
  return s;
}

static nep_status open_state(const event_options *o, nep_state **out, nep_error *err)
{
  char scope[48] = "event";
  *out = NULL;
  if (o->of > 0)
    snprintf(scope, sizeof scope, "shard %u/%u", o->shard, o->of);
  return o->state ? nep_state_open(o->state, scope, out, err) : NEP_OK;
}

/* Who cannot write the report is told before the work, not after. */
static nep_status check_writable(const char *path, nep_error *err)
{
  char *copy = nep_strdup(path);
  bool writable = access(dirname(copy), W_OK | X_OK) == 0 && !is_folder(path);
  free(copy);
  return writable ? NEP_OK
                  : nep_fail(err, NEP_E_IO, "file", path, "no report can be written there");
}

/* What was finished is kept, whatever happens afterwards. */
static nep_status verify(const nep_event_run *event, nep_event_report *r, nep_error *err)
{
  nep_status s = nep_event_run_all(event, r, err);
  nep_status kept = nep_state_end(event->state, s == NEP_OK ? err : NULL);
  return s == NEP_OK ? kept : s;
}

static nep_status run(const nep_arguments *a, unsigned jobs, const event_options *o,
                      nep_event_report *r, nep_error *err)
{
  nep_event_list list = {0};
  nep_state *state = NULL;
  nep_signing_key *key = NULL;
  nep_status s = NEP_OK;
  if (nep_option(a, "key"))
    s = nep_signing_key_load(nep_option(a, "key"), &key, err);
  if (s == NEP_OK && o->report)
    s = check_writable(o->report, err);
  if (s == NEP_OK && o->report)
    s = nep_shard_report_remove(o->report, err);
  if (s == NEP_OK)
    s = make_list(a, o, &list, err);
  if (s == NEP_OK)
    s = open_state(o, &state, err);
  if (s == NEP_OK) {
    nep_event_run event = {&list, o->shard, o->of, jobs, o->earlier, state};
    s = verify(&event, r, err);
  }
  if (s == NEP_OK && o->earlier)
    s = check_earlier(o->earlier, &list, r, err);
  if (s == NEP_OK && o->report)
    s = nep_shard_report_write(r, key, o->report, err);
  nep_state_free(state);
  nep_event_list_free(&list);
  nep_signing_key_free(key);
  return s;
}

int nep_verify_event(const nep_arguments *a, unsigned jobs)
{
  event_options o;
  nep_event_report r = {0};
  nep_error err = {0};
  nep_status s = read_options(a, &o, &err);
  if (s == NEP_OK)
    s = run(a, jobs, &o, &r, &err);
  int code = NEP_EXIT_CANNOT;
  if (s != NEP_OK) {
    (void)nep_cli_end(s, &err);
  } else {
    code = nep_event_report_exit(&r);
    json_t *report = nep_event_report_json(&r);
    if (nep_option(a, "json"))
      nep_print_json(report);
    else
      nep_event_report_print(&r);
    json_decref(report);
  }
  nep_event_report_free(&r);
  return code;
}
