#include "tally/event_list.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/json.h"
#include "records/tags.h"

void nep_event_list_free(nep_event_list *l)
{
  for (size_t i = 0; i < l->n; i++) {
    free(l->files[i].casts_path);
    free(l->files[i].path);
    free(l->files[i].name);
  }
  free(l->files);
  *l = (nep_event_list){0};
}

/* Room for one more: the list's capacity is the power of two at or above its length. */
static nep_event_file *grow(nep_event_list *l)
{
  if ((l->n & (l->n - 1)) == 0)
    l->files = nep_realloc(l->files, l->n ? 2 * l->n : 1, sizeof *l->files);
  nep_event_file *f = &l->files[l->n++];
  memset(f, 0, sizeof *f);
  return f;
}

void nep_event_list_add(nep_event_list *l, const char *name, uint64_t size, const char tail[65])
{
  nep_event_file *f = grow(l);
  f->name = nep_strdup(name);
  f->size = size;
  memcpy(f->tail, tail, sizeof f->tail);
}

void nep_event_list_add_casts(nep_event_list *l, uint64_t size, const char tail[65])
{
  nep_event_file *f = &l->files[l->n - 1];
  f->with_casts = true;
  f->casts_size = size;
  memcpy(f->casts_tail, tail, sizeof f->casts_tail);
}

static nep_status read_tail(const char *path, uint64_t *size, char tail[65], nep_error *err)
{
  char bytes[NEP_TAIL_BYTES];
  struct stat st;
  size_t n = 0, want = 0;
  int fd =
      open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY); /* nobody may write to a FIFO */
  FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;
  bool read = file && fstat(fd, &st) == 0;
  if (read && !S_ISREG(st.st_mode)) {
    fclose(file);
    return nep_fail(err, NEP_E_IO, "open", path, "not a regular file");
  }
  if (read) {
    *size = (uint64_t)st.st_size;
    want = *size < sizeof bytes ? (size_t)*size : sizeof bytes;
    read = fseeko(file, (off_t)(*size - want), SEEK_SET) == 0;
    n = read ? fread(bytes, 1, want, file) : 0;
  }
  nep_status s =
      read && n == want ? NEP_OK : nep_fail(err, NEP_E_IO, "read", path, "%s", strerror(errno));
  nep_sha256_hex(bytes, n, tail);
  if (file)
    fclose(file);
  return s;
}

static nep_status add_file(nep_event_list *l, const char *path, const char *name, nep_error *err)
{
  if (l->n == NEP_EVENT_FILES_MAX)
    return nep_fail(err, NEP_E_INPUT, "event", path, "more than %d archives", NEP_EVENT_FILES_MAX);
  if (!nep_is_utf8(name, strlen(name)))
    return nep_fail(err, NEP_E_INPUT, "event", path, "the name is not UTF-8");
  nep_event_file *f = grow(l);
  f->path = nep_strdup(path);
  f->name = nep_strdup(name);
  return read_tail(path, &f->size, f->tail, err);
}

static int by_name(const void *a, const void *b)
{
  return strcmp(((const nep_event_file *)a)->name, ((const nep_event_file *)b)->name);
}

nep_status nep_event_list_sort(nep_event_list *l, nep_error *err)
{
  if (l->n > 0)
    qsort(l->files, l->n, sizeof *l->files, by_name);
  for (size_t i = 1; i < l->n; i++)
    if (strcmp(l->files[i].name, l->files[i - 1].name) == 0)
      return nep_fail(err, NEP_E_CHECK, "archive-twice", l->files[i].name, "it is there twice");
  return NEP_OK;
}

static bool is_archive(const char *name)
{
  size_t len = strlen(name);
  return len > 4 && strcmp(name + len - 4, ".bel") == 0;
}

static nep_status find_casts(nep_event_file *f, nep_error *err)
{
  size_t stem = strlen(f->path) - (is_archive(f->path) ? strlen(".bel") : 0);
  f->with_casts = true;
  f->casts_path = nep_sprintf("%.*s.casts", (int)stem, f->path);
  if (access(f->casts_path, F_OK) == 0)
    return read_tail(f->casts_path, &f->casts_size, f->casts_tail, err);
  nep_sha256_hex("", 0, f->casts_tail);
  return NEP_OK;
}

nep_status nep_event_list_casts(nep_event_list *l, nep_error *err)
{
  nep_status s = NEP_OK;
  for (size_t i = 0; s == NEP_OK && i < l->n; i++)
    s = find_casts(&l->files[i], err);
  return s;
}

static nep_status visit(nep_event_list *l, const FTSENT *e, size_t skip, nep_error *err)
{
  switch (e->fts_info) {
  case FTS_F:
    return is_archive(e->fts_name) ? add_file(l, e->fts_path, e->fts_path + skip, err) : NEP_OK;
  case FTS_D:
  case FTS_DP:
    return NEP_OK;
  case FTS_DNR:
  case FTS_ERR:
  case FTS_NS:
    return nep_fail(err, NEP_E_IO, "read", e->fts_path, "%s", strerror(e->fts_errno));
  case FTS_DC:
    return nep_fail(err, NEP_E_INPUT, "event", e->fts_path, "the folder is inside itself");
  default: /* a link to nowhere, a socket */
    return is_archive(e->fts_name)
               ? nep_fail(err, NEP_E_IO, "open", e->fts_path, "not a regular file")
               : NEP_OK;
  }
}

nep_status nep_event_list_folder(const char *folder, nep_event_list *out, nep_error *err)
{
  char *root = nep_strdup(folder);
  size_t len = strlen(root);
  while (len > 1 && root[len - 1] == '/')
    root[--len] = '\0';
  char *const roots[] = {root, NULL};
  nep_status s = NEP_OK;
  FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
  if (!tree)
    s = nep_fail(err, NEP_E_IO, "read", folder, "%s", strerror(errno));
  while (s == NEP_OK) {
    errno = 0;
    FTSENT *e = fts_read(tree);
    if (e)
      s = visit(out, e, strcmp(root, "/") == 0 ? 1 : len + 1, err);
    else if (errno != 0)
      s = nep_fail(err, NEP_E_IO, "read", folder, "%s", strerror(errno));
    else
      break;
  }
  if (tree)
    fts_close(tree);
  free(root);
  if (s == NEP_OK && out->n == 0)
    s = nep_fail(err, NEP_E_INPUT, "event", folder, "no *.bel is below this folder");
  return s == NEP_OK ? nep_event_list_sort(out, err) : s;
}

nep_status nep_event_list_files(const char *const *paths, size_t n, nep_event_list *out,
                                nep_error *err)
{
  nep_status s = NEP_OK;
  for (size_t i = 0; s == NEP_OK && i < n; i++)
    s = add_file(out, paths[i], paths[i], err);
  return s == NEP_OK ? nep_event_list_sort(out, err) : s;
}

uint64_t nep_event_list_bytes(const nep_event_list *l)
{
  uint64_t sum = 0;
  for (size_t i = 0; i < l->n; i++)
    sum += l->files[i].size;
  return sum;
}

void nep_event_list_hash(const nep_event_list *l, char hex[65])
{
  nep_buf text = {0};
  nep_buf_add(&text, NEP_TAG_EVENT_LISTING, sizeof NEP_TAG_EVENT_LISTING);
  for (size_t i = 0; i < l->n; i++) {
    nep_buf_char(&text, i == 0 ? '[' : ',');
    nep_buf_str(&text, "{\"name\":");
    nep_json_write_string(&text, l->files[i].name, strlen(l->files[i].name));
    nep_buf_printf(&text, ",\"size\":%" PRIu64 ",\"tail\":\"%s\"", l->files[i].size,
                   l->files[i].tail);
    if (l->files[i].with_casts)
      nep_buf_printf(&text, ",\"casts\":{\"size\":%" PRIu64 ",\"tail\":\"%s\"}",
                     l->files[i].casts_size, l->files[i].casts_tail);
    nep_buf_char(&text, '}');
  }
  nep_buf_char(&text, ']');
  nep_sha256_hex(text.data, text.len, hex);
  nep_buf_free(&text);
}

size_t nep_event_list_find(const nep_event_list *l, const char *name)
{
  nep_event_file key = {.name = nep_strdup(name)};
  const nep_event_file *f =
      l->n > 0 ? bsearch(&key, l->files, l->n, sizeof *l->files, by_name) : NULL;
  free(key.name);
  return f ? (size_t)(f - l->files) : SIZE_MAX;
}
