#include "server/signer/client_inside.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"
#include "protocol/json.h"
#include "server/signer/frame.h"

enum { TIMEOUT_SECONDS = 5 };

struct nep_signer {
  char *path;
  pthread_mutex_t lock;
  pthread_cond_t freed;
  unsigned size, n_free;
  int *free; /* stack of connections not in use; -1: not connected yet */
};

nep_signer *nep_signer_new(const char *socket_path, unsigned connections)
{
  nep_signer *s = nep_alloc(1, sizeof *s);
  s->path = nep_strdup(socket_path);
  s->size = s->n_free = connections ? connections : 1;
  s->free = nep_alloc(s->size, sizeof *s->free);
  for (unsigned i = 0; i < s->size; i++)
    s->free[i] = -1;
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->freed, NULL);
  return s;
}

void nep_signer_free(nep_signer *s)
{
  if (!s)
    return;
  for (unsigned i = 0; i < s->n_free; i++)
    if (s->free[i] >= 0)
      close(s->free[i]);
  pthread_cond_destroy(&s->freed);
  pthread_mutex_destroy(&s->lock);
  free(s->free);
  free(s->path);
  free(s);
}

static int take(nep_signer *s)
{
  pthread_mutex_lock(&s->lock);
  while (s->n_free == 0)
    pthread_cond_wait(&s->freed, &s->lock);
  int fd = s->free[--s->n_free];
  pthread_mutex_unlock(&s->lock);
  return fd;
}

static void give_back(nep_signer *s, int fd)
{
  pthread_mutex_lock(&s->lock);
  s->free[s->n_free++] = fd;
  pthread_cond_signal(&s->freed);
  pthread_mutex_unlock(&s->lock);
}

static nep_status unreachable(const nep_signer *s, const char *doing, nep_error *err)
{
  int e = errno;
  nep_fail(err, NEP_E_IO, "signer", s->path, "cannot %s nep-signer: %s", doing,
           e == EAGAIN ? "no answer in time" : strerror(e));
  nep_advise(err, "see that nep-signer runs and that its socket admits this user");
  return NEP_E_IO;
}

static int connect_signer(const nep_signer *s)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(s->path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(address.sun_path, s->path, strlen(s->path));
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  struct timeval limit = {.tv_sec = TIMEOUT_SECONDS};
  if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
      connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
    int e = errno;
    close(fd);
    errno = e;
    return -1;
  }
  return fd;
}

static bool send_all(int fd, const nep_buf *frame)
{
  for (size_t at = 0; at < frame->len;) {
    ssize_t n = send(fd, frame->data + at, frame->len - at, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return false;
    at += (size_t)n;
  }
  return true;
}

/* Reads one frame into *in and sets *text inside it; exactly one frame must come. */
static bool receive_frame(int fd, nep_buf *in, nep_bytes *text)
{
  bool bad = false;
  size_t used = 0;
  while (!nep_frame_next(nep_buf_bytes(in), NEP_ANSWER_MAX, text, &used, &bad)) {
    char *room = nep_buf_room(in, 16384);
    ssize_t n = bad ? 0 : recv(fd, room, 16384, 0);
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0)
      errno = ECONNRESET;
    if (n <= 0)
      return false;
    in->len += (size_t)n;
  }
  if (used != in->len)
    errno = EPROTO;
  return used == in->len;
}

/* One round trip. A connection kept from before may be to a signer that has since been restarted,
   so the first failure on it is followed by one more try on a fresh one: signing again does no
   harm. */
static nep_status ask(nep_signer *s, const nep_buf *frame, nep_buf *in, nep_bytes *text,
                      nep_error *err)
{
  int fd = take(s);
  nep_status status = NEP_E_IO;
  for (int fresh = 0; status != NEP_OK && fresh < 2; fresh++) {
    if (fd < 0) {
      fresh = 1;
      fd = connect_signer(s);
      if (fd < 0) {
        status = unreachable(s, "reach", err);
        break;
      }
    }
    nep_buf_clear(in);
    status = send_all(fd, frame) && receive_frame(fd, in, text)
                 ? NEP_OK
                 : unreachable(s, "get an answer from", err);
    if (status != NEP_OK) {
      close(fd);
      fd = -1;
    }
  }
  give_back(s, fd);
  return status;
}

static nep_status make_request(const char *purpose, const nep_bytes *messages, size_t n,
                               nep_buf *frame, nep_error *err)
{
  nep_buf text = {0};
  nep_buf_printf(&text, "{\"purpose\":\"%s\",\"messages\":[", purpose);
  for (size_t i = 0; i < n; i++) {
    if (i > 0)
      nep_buf_char(&text, ',');
    nep_buf_add(&text, messages[i].data, messages[i].len);
  }
  nep_buf_str(&text, "]}");
  nep_status status = NEP_OK;
  if (n > NEP_REQUEST_MESSAGES || text.len > NEP_REQUEST_MAX)
    status = nep_fail(err, NEP_E_INTERNAL, "signer", "messages",
                      "%zu messages of %zu bytes are too many for one request", n, text.len);
  else
    nep_frame_add(frame, nep_buf_bytes(&text));
  nep_buf_free(&text);
  return status;
}

/* The signer contradicts what this server asks for: not our request is wrong, but the board. */
static nep_status as_refused(const json_t *answer, nep_error *err)
{
  const json_t *refused = json_object_get(answer, "refused");
  const char *code = json_string_value(json_object_get(refused, "code"));
  const char *reason = json_string_value(json_object_get(refused, "reason"));
  if (!refused)
    return NEP_OK;
  bool conflict = code && strcmp(code, "signer-conflict") == 0;
  nep_fail(err, NEP_E_STATE, conflict ? "signer-conflict" : "signer-gap", "signer",
           "nep-signer refuses: %s", reason ? reason : "it gives no reason");
  return nep_advise(err, "see that this is the newest database before anything else is done");
}

nep_status nep_signer_ask(nep_signer *s, const char *purpose, const nep_bytes *messages, size_t n,
                          nep_buf *in, nep_bytes *answer, nep_error *err)
{
  nep_buf frame = {0};
  nep_status status = make_request(purpose, messages, n, &frame, err);
  if (status == NEP_OK)
    status = ask(s, &frame, in, answer, err);
  nep_buf_free(&frame);
  return status;
}

nep_status nep_signer_parse(nep_bytes text, json_t **answer, nep_error *err)
{
  nep_status status = nep_json_parse(text, answer, err);
  return status == NEP_OK ? as_refused(*answer, err) : status;
}

nep_status nep_signer_converse(nep_signer *s, const char *purpose, const nep_bytes *messages,
                               size_t n, json_t **answer, nep_error *err)
{
  nep_buf in = {0};
  nep_bytes text = {0};
  nep_status status = nep_signer_ask(s, purpose, messages, n, &in, &text, err);
  if (status == NEP_OK)
    status = nep_signer_parse(text, answer, err);
  nep_buf_free(&in);
  return status;
}

/* What the signer answers is no fault of whoever asked us. */
nep_status nep_signer_our_fault(nep_status status, nep_error *err)
{
  if (status == NEP_OK || status == NEP_E_IO)
    return status;
  if (err)
    err->status = NEP_E_INTERNAL;
  return NEP_E_INTERNAL;
}

nep_status nep_signer_public_key(nep_signer *s, char hex[NEP_PUBLIC_KEY_HEX + 1], nep_error *err)
{
  json_t *answer = NULL;
  nep_status status = nep_signer_converse(s, "public-key", NULL, 0, &answer, err);
  if (status == NEP_OK)
    status = nep_json_fields(answer, "answer", err, "key", NULL);
  if (status == NEP_OK)
    status = nep_json_hash(answer, "key", hex, err);
  json_decref(answer);
  return nep_signer_our_fault(status, err);
}
