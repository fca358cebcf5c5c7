/* The heads that a server has signed, all of them kept: each must fit all the others. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/mirror.h"

enum { HEAD_MAX = 4096, HEADS_MAX = 256 << 20 };

const nep_head_kind nep_heads_of_archive = {.page = "head",
                                            .file = "heads",
                                            .verify = nep_head_verify,
                                            .two_heads = "two-heads",
                                            .shrunk = "archive-shrunk"};
const nep_head_kind nep_heads_of_casts = {.page = "casts/head",
                                          .file = "casts-heads",
                                          .verify = nep_casts_head_verify,
                                          .two_heads = "casts-two-heads",
                                          .shrunk = "casts-shrunk"};

static nep_kept_head *add(nep_head_list *l, const nep_head *head, nep_bytes text)
{
  l->list = nep_realloc(l->list, l->n + 1, sizeof *l->list);
  nep_kept_head *kept = &l->list[l->n++];
  kept->head = *head;
  kept->text = nep_strndup(text.data, text.len);
  return kept;
}

static char *heads_path(const nep_mirror *m, const nep_head_list *l)
{
  return nep_sprintf("%s/%s.%s", m->dir, m->uuid, l->kind->file);
}

nep_status nep_mirror_load_heads(nep_mirror *m, nep_head_list *l, nep_error *err)
{
  nep_buf all = {0};
  char *path = heads_path(m, l);
  nep_status status = NEP_OK;
  if (access(path, F_OK) == 0)
    status = nep_file_read(path, HEADS_MAX, &all, err);
  for (size_t at = 0; status == NEP_OK && at < all.len;) {
    const char *end = memchr(all.data + at, '\n', all.len - at);
    nep_bytes line = {all.data + at, end ? (size_t)(end - all.data) - at : all.len - at};
    nep_head head;
    if (!end) /* a crash while it was written: the server is asked again */
      break;
    status = l->kind->verify(line, m->server_key, &head, err);
    if (status == NEP_OK)
      add(l, &head, line);
    at += line.len + 1;
  }
  free(path);
  nep_buf_free(&all);
  return status;
}

void nep_mirror_free_heads(nep_head_list *l)
{
  for (size_t i = 0; i < l->n; i++)
    free(l->list[i].text);
  free(l->list);
}

static nep_status keep(const nep_mirror *m, const nep_head_list *l, const nep_kept_head *head,
                       nep_error *err)
{
  char *path = heads_path(m, l);
  nep_status status = NEP_OK;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, NEP_FILE_PUBLIC);
  off_t end = 0;
  for (size_t i = 0; i + 1 < l->n; i++)
    end += (off_t)strlen(l->list[i].text) + 1;
  if (fd < 0 || ftruncate(fd, end) != 0 || lseek(fd, end, SEEK_SET) != end)
    status = nep_fail(err, NEP_E_IO, "file", path, _("cannot be written: %s"), strerror(errno));
  if (status == NEP_OK)
    status = nep_fd_write(fd, head->text, strlen(head->text), err);
  if (status == NEP_OK)
    status = nep_fd_write(fd, "\n", 1, err);
  if (status == NEP_OK && fsync(fd) != 0)
    status = nep_fail(err, NEP_E_IO, "file", path, _("cannot be written: %s"), strerror(errno));
  if (status == NEP_OK && l->n == 1) /* a new file, which a power failure must not take */
    status = nep_folder_sync(path, err);
  if (fd >= 0)
    close(fd);
  free(path);
  return status;
}

static nep_status two_texts(nep_mirror *m, const char *code, const char *why, const char *a,
                            const char *b, nep_error *err)
{
  const char *texts[] = {a, b};
  return nep_mirror_alarm(m, code, why, texts, 2, NULL, "", err);
}

static nep_status hold_against_kept(nep_mirror *m, const nep_head_list *l, const nep_head *h,
                                    const char *text, nep_error *err)
{
  for (size_t i = 0; i < l->n; i++) {
    const nep_head *k = &l->list[i].head;
    if (k->height == h->height && (strcmp(k->event, h->event) != 0 || k->size != h->size))
      return two_texts(m, l->kind->two_heads,
                       _("the server signed two different heads of one height"), l->list[i].text,
                       text, err);
  }
  const nep_kept_head *last = l->n ? &l->list[l->n - 1] : NULL;
  if (last && (h->height < last->head.height ||
               (h->height > last->head.height && h->size <= last->head.size)))
    return two_texts(m, l->kind->shrunk,
                     _("the server signed a head below one that it had signed before"), last->text,
                     text, err);
  return NEP_OK;
}

nep_status nep_mirror_ask_head(nep_mirror *m, nep_head_list *l, nep_kept_head **out, nep_error *err)
{
  nep_buf answer = {0};
  nep_head head;
  char *path = nep_sprintf("/v1/elections/%s/%s", m->uuid, l->kind->page);
  l->n_before = l->n;
  nep_status status = nep_http_get(m->http, path, HEAD_MAX, &answer, err);
  if (status == NEP_OK)
    status = l->kind->verify(nep_buf_bytes(&answer), m->server_key, &head, err);
  if (status == NEP_OK && strcmp(head.uuid, m->uuid) != 0)
    status = nep_fail(err, NEP_E_CHECK, "head-differs", m->uuid,
                      _("the signed head is of another election"));
  if (status == NEP_OK)
    status = hold_against_kept(m, l, &head, answer.data, err);
  bool is_new = l->n == 0 || l->list[l->n - 1].head.height != head.height;
  if (status == NEP_OK && is_new)
    status = keep(m, l, add(l, &head, nep_buf_bytes(&answer)), err);
  *out = l->n ? &l->list[l->n - 1] : NULL;
  free(path);
  nep_buf_free(&answer);
  return status;
}
