/* nep-tally casts: joins the voters' cast statements to the file that stands beside an archive. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "protocol/casts.h"
#include "protocol/hash_map.h"
#include "records/cast_statement.h"
#include "records/casts_verify.h"
#include "tally/tally_commands.h"
#include "tally/valid_archive.h"

enum { STATEMENTS_MAX = 256 << 20 };

/* The statements by the hash of their ballot. */
typedef struct statements {
  nep_buf text; /* all files, one a line */
  struct found {
    char ballot[65];
    nep_bytes text;
  } * list;
  size_t n;
} statements;

static int by_ballot(const void *a, const void *b)
{
  const struct found *x = a, *y = b;
  return memcmp(x->ballot, y->ballot, sizeof x->ballot);
}

static nep_status add(statements *all, const nep_group *g, nep_bytes line, nep_error *err)
{
  nep_cast_statement s;
  nep_status st = nep_cast_statement_parse(g, line, &s, err);
  if (st != NEP_OK)
    return nep_inside(err, st, "statement %zu", all->n + 1);
  all->list = nep_realloc(all->list, all->n + 1, sizeof *all->list);
  struct found *found = &all->list[all->n++];
  memcpy(found->ballot, s.ballot, sizeof found->ballot);
  found->text = line;
  return NEP_OK;
}

static nep_status read_all(statements *all, const nep_arguments *a, const nep_group *g,
                           nep_error *err)
{
  const char *paths[NEP_CLI_VALUES_MAX];
  size_t n = 0, at = 0;
  while (nep_argument(a, n + 1) != NULL) {
    paths[n] = nep_argument(a, n + 1);
    n++;
  }
  nep_status st = nep_cli_lines(paths, n, STATEMENTS_MAX, &all->text, err);
  while (st == NEP_OK && at < all->text.len) {
    const char *start = all->text.data + at, *end = memchr(start, '\n', all->text.len - at);
    size_t len = end != NULL ? (size_t)(end - start) : all->text.len - at;
    st = add(all, g, (nep_bytes){start, len}, err);
    at += len + 1;
  }
  if (all->n > 0)
    qsort(all->list, all->n, sizeof *all->list, by_ballot);
  return st;
}

static nep_status put(statements *all, const nep_event *ballot, uint64_t height, int64_t time,
                      char parent[65], nep_buf *out, nep_error *err)
{
  struct found wanted = {.text = {NULL, 0}};
  nep_buf event = {0};
  char hash[65];
  memcpy(wanted.ballot, ballot->payload, sizeof wanted.ballot);
  const struct found *s =
      all->n > 0 ? bsearch(&wanted, all->list, all->n, sizeof *all->list, by_ballot) : NULL;
  if (s == NULL)
    return nep_fail(err, NEP_E_CHECK, "casts-missing", "statements",
                    "none is about the ballot at height %" PRIu64 " of the archive",
                    ballot->height);
  nep_archive_data(out, time, s->text, hash);
  nep_casts_event(height == 0 ? NULL : parent, height, hash, &event, parent);
  nep_archive_event(out, time, nep_buf_bytes(&event), NULL);
  nep_buf_free(&event);
  return NEP_OK;
}

static nep_status build(statements *all, const char *archive, const char *uuid, nep_buf *out,
                        nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  nep_event event;
  char parent[65] = "";
  bool end = false;
  uint64_t height = 0;
  nep_status st = nep_reader_open(archive, &r, err);
  if (st == NEP_OK)
    nep_casts_start(out, nep_reader_timestamp(r), uuid);
  while (st == NEP_OK) {
    st = nep_reader_next(r, &record, &end, err);
    if (st != NEP_OK || end)
      break;
    if (!record.is_event)
      continue;
    st = nep_event_parse(record.body, &event, err);
    if (st == NEP_OK && event.type == NEP_EVENT_BALLOT)
      st = put(all, &event, height++, nep_reader_timestamp(r), parent, out, err);
  }
  nep_reader_close(r);
  return st;
}

/* What was written is held against the archive like any other file; a faulty one does not stay. */
static nep_status save(const nep_arguments *a, const nep_verified *v, const nep_buf *text,
                       nep_error *err)
{
  const char *path = nep_option(a, "out");
  nep_findings f = {0};
  nep_status st = nep_file_create(path, text->data, text->len, NEP_FILE_PUBLIC, err);
  if (st != NEP_OK)
    return st;
  st = nep_casts_beside(path, nep_argument(a, 0), v, 0, &f, err);
  if (st == NEP_OK)
    st = nep_findings_status(&f, err);
  if (st != NEP_OK && unlink(path) != 0)
    (void)nep_advise(err, "%s is not valid and could not be removed: %s", path, strerror(errno));
  nep_findings_free(&f);
  return st;
}

int nep_tally_casts_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  statements all = {.n = 0};
  nep_buf text = {0};
  nep_status st = nep_valid_archive(nep_argument(a, 0), &v, &err);
  if (st == NEP_OK)
    st = read_all(&all, a, v->election->group, &err);
  if (st == NEP_OK)
    st = build(&all, nep_argument(a, 0), v->election->uuid, &text, &err);
  if (st == NEP_OK)
    st = save(a, v, &text, &err);
  if (st == NEP_OK)
    printf("statements of %" PRIu64 " ballots: %s\n", v->ballots, nep_option(a, "out"));
  nep_buf_free(&text);
  nep_buf_free(&all.text);
  free(all.list);
  nep_verified_free(v);
  return nep_cli_end(st, &err);
}
