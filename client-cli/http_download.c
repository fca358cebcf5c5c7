#include "client-cli/http_download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/progress.h"
#include "client-cli/problem.h"

enum { REDIRECTIONS = 3, PROBLEM_MAX = 65536, SLOW_BYTES = 100, SLOW_SECONDS = 60 };

typedef struct sink {
  CURL *curl;
  int fd;
  uint64_t start, done, max;
  nep_buf problem; /* of a refusal, which never goes into the file */
  bool too_long;
  nep_error err;
  nep_progress progress;
} sink;

/* The answer's first bytes decide: the rest of the file (206), all of it (200), or a refusal. */
static bool begin(sink *s, long http_status)
{
  if (http_status == 200 && s->start > 0 && s->done == 0) {
    s->start = 0;
    if (ftruncate(s->fd, 0) != 0 || lseek(s->fd, 0, SEEK_SET) != 0) {
      nep_fail(&s->err, NEP_E_IO, "file", NULL, "cannot be cut: %s", strerror(errno));
      return false;
    }
  }
  return true;
}

static size_t receive(char *data, size_t size, size_t n, void *ctx)
{
  sink *s = ctx;
  size_t len = size * n;
  long http_status = 0;
  curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &http_status);
  if (http_status >= 400) {
    if (s->problem.len + len > PROBLEM_MAX)
      return 0;
    nep_buf_add(&s->problem, data, len);
    return len;
  }
  if (http_status >= 300)
    return len; /* the body of a redirection */
  if (!begin(s, http_status))
    return 0;
  s->too_long = s->start + s->done + len > s->max;
  if (s->too_long || nep_fd_write(s->fd, data, len, &s->err) != NEP_OK)
    return 0;
  s->done += len;
  nep_progress_step(&s->progress, s->start + s->done);
  return len;
}

static nep_status verdict(nep_http *h, sink *s, CURLcode code, const char *path, nep_error *err)
{
  long http_status = 0;
  curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &http_status);
  if (s->too_long)
    return nep_fail(err, NEP_E_CHECK, "answer-too-long", path,
                    "the server's answer is longer than the %llu bytes allowed",
                    (unsigned long long)s->max);
  if (s->err.status != NEP_OK) {
    if (err != NULL)
      *err = s->err;
    return s->err.status;
  }
  if (code != CURLE_OK)
    return nep_http_broken(h, code, err);
  if (http_status == 416 && s->start > 0) /* nothing behind what the file holds already */
    return NEP_OK;
  if (http_status != 200 && http_status != 206)
    return nep_problem(http_status, nep_buf_bytes(&s->problem), err);
  return fsync(s->fd) == 0
             ? NEP_OK
             : nep_fail(err, NEP_E_IO, "file", NULL, "cannot be written: %s", strerror(errno));
}

static CURLcode perform(nep_http *h, sink *s, const char *path)
{
  nep_http_prepare(h, path);
  curl_easy_setopt(h->curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(h->curl, CURLOPT_MAXREDIRS, (long)REDIRECTIONS);
  curl_easy_setopt(h->curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)s->start);
  curl_easy_setopt(h->curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
  curl_easy_setopt(h->curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
  curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, s);
  nep_progress_start(&s->progress, _("downloading the archive"), 0);
  CURLcode code = curl_easy_perform(h->curl);
  nep_progress_end(&s->progress);
  return code;
}

nep_status nep_http_download(nep_http *h, const char *path, const char *file, uint64_t max,
                             nep_error *err)
{
  sink s = {.curl = h->curl, .max = max};
  struct stat st;
  s.fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, NEP_FILE_PUBLIC);
  if (s.fd < 0 || fstat(s.fd, &st) != 0 || lseek(s.fd, 0, SEEK_END) < 0) {
    nep_status status =
        nep_fail(err, NEP_E_IO, "file", file, "cannot be opened: %s", strerror(errno));
    if (s.fd >= 0)
      close(s.fd);
    return status;
  }
  s.start = (uint64_t)st.st_size;
  nep_status status = verdict(h, &s, perform(h, &s, path), path, err);
  nep_buf_free(&s.problem);
  close(s.fd);
  return status;
}
