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

static nep_kept_head *add(nep_mirror *m, const nep_head *head, nep_bytes text)
{
  m->heads = nep_realloc(m->heads, m->n_heads + 1, sizeof *m->heads);
  nep_kept_head *kept = &m->heads[m->n_heads++];
  kept->head = *head;
  kept->text = nep_strndup(text.data, text.len);
  return kept;
}

static char *heads_path(const nep_mirror *m)
{
  return nep_sprintf("%s/%s.heads", m->dir, m->uuid);
}

nep_status nep_mirror_load_heads(nep_mirror *m, nep_error *err)
{
  nep_buf all = {0};
  char *path = heads_path(m);
  nep_status status = NEP_OK;
  if (access(path, F_OK) == 0)
    status = nep_file_read(path, HEADS_MAX, &all, err);
  for (size_t at = 0; status == NEP_OK && at < all.len;) {
    const char *end = memchr(all.data + at, '\n', all.len - at);
    nep_bytes line = {all.data + at, end ? (size_t)(end - all.data) - at : all.len - at};
    nep_head head;
    if (!end) /* a crash while it was written: the server is asked again */
      break;
    status = nep_head_verify(line, m->server_key, &head, err);
    if (status == NEP_OK)
      add(m, &head, line);
    at += line.len + 1;
  }
  free(path);
  nep_buf_free(&all);
  return status;
}

static nep_status keep(nep_mirror *m, const nep_kept_head *head, nep_error *err)
{
  char *path = heads_path(m);
  nep_status status = NEP_OK;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, NEP_FILE_PUBLIC);
  off_t end = 0;
  for (size_t i = 0; i + 1 < m->n_heads; i++)
    end += (off_t)strlen(m->heads[i].text) + 1;
  if (fd < 0 || ftruncate(fd, end) != 0 || lseek(fd, end, SEEK_SET) != end)
    status = nep_fail(err, NEP_E_IO, "file", path, _("cannot be written: %s"), strerror(errno));
  if (status == NEP_OK)
    status = nep_fd_write(fd, head->text, strlen(head->text), err);
  if (status == NEP_OK)
    status = nep_fd_write(fd, "\n", 1, err);
  if (status == NEP_OK && fsync(fd) != 0)
    status = nep_fail(err, NEP_E_IO, "file", path, _("cannot be written: %s"), strerror(errno));
  if (fd >= 0)
    close(fd);
  free(path);
  return status;
}

static nep_status two_texts(nep_mirror *m, const char *code, const char *why, const char *a,
                            const char *b, nep_error *err)
{
  const char *texts[] = {a, b};
  return nep_mirror_alarm(m, code, why, texts, 2, NULL, err);
}

static nep_status hold_against_kept(nep_mirror *m, const nep_head *h, const char *text,
                                    nep_error *err)
{
  for (size_t i = 0; i < m->n_heads; i++) {
    const nep_head *k = &m->heads[i].head;
    if (k->height == h->height && (strcmp(k->event, h->event) != 0 || k->size != h->size))
      return two_texts(m, "two-heads", _("the server signed two different heads of one height"),
                       m->heads[i].text, text, err);
  }
  const nep_kept_head *last = m->n_heads ? &m->heads[m->n_heads - 1] : NULL;
  if (last && (h->height < last->head.height ||
               (h->height > last->head.height && h->size <= last->head.size)))
    return two_texts(m, "archive-shrunk",
                     _("the server signed a head below one that it had signed before"), last->text,
                     text, err);
  return NEP_OK;
}

nep_status nep_mirror_ask_head(nep_mirror *m, nep_kept_head **out, nep_error *err)
{
  nep_buf answer = {0};
  nep_head head;
  char *path = nep_sprintf("/v1/elections/%s/head", m->uuid);
  nep_status status = nep_http_get(m->http, path, HEAD_MAX, &answer, err);
  if (status == NEP_OK)
    status = nep_head_verify(nep_buf_bytes(&answer), m->server_key, &head, err);
  if (status == NEP_OK && strcmp(head.uuid, m->uuid) != 0)
    status = nep_fail(err, NEP_E_CHECK, "head-differs", m->uuid,
                      _("the signed head is of another election"));
  if (status == NEP_OK)
    status = hold_against_kept(m, &head, answer.data, err);
  bool is_new = m->n_heads == 0 || m->heads[m->n_heads - 1].head.height != head.height;
  if (status == NEP_OK && is_new)
    status = keep(m, add(m, &head, nep_buf_bytes(&answer)), err);
  *out = m->n_heads ? &m->heads[m->n_heads - 1] : NULL;
  free(path);
  nep_buf_free(&answer);
  return status;
}
