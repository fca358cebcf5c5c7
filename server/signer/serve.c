#include "server/signer/serve.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "protocol/json.h"
#include "server/log/log.h"
#include "server/signer/answer.h"
#include "server/signer/frame.h"

enum { STALL_MS = 5000, CHUNK = 65536 };

/* One client. While an answer waits to be sent no further request is read. */
typedef struct client {
  int fd;
  nep_buf in, out;
  size_t sent;
  int64_t since; /* when the frame or answer under way began; 0: none */
} client;

typedef struct signer {
  const nep_signer_config *config;
  const nep_signing_key *key;
  nep_memory *memory;
  int listener;
  client *clients;
  size_t n, max;
} signer;

static void drop(client *c)
{
  close(c->fd);
  nep_buf_free(&c->in);
  nep_buf_free(&c->out);
  c->fd = -1;
}

static bool is_allowed(const nep_signer_config *config, int fd)
{
  struct ucred peer;
  socklen_t len = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0 || len != sizeof peer)
    return false;
  for (size_t i = 0; i < config->n_allowed; i++)
    if (config->allowed[i] == peer.uid)
      return true;
  return false;
}

static void accept_one(signer *s)
{
  int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0)
    return;
  if (!is_allowed(s->config, fd)) {
    nep_log_line l = nep_log_begin(NEP_LOG_WARNING, "connection-refused");
    nep_log_text(&l, "reason", "the user of the other side is not in [signer] users");
    nep_log_end(&l);
    close(fd);
    return;
  }
  s->clients[s->n++] = (client){.fd = fd};
}

/* What contradicts the memory: the server has to know why. */
static void write_refusal(const nep_error *err, nep_buf *answer)
{
  nep_buf_str(answer, "{\"refused\":{\"code\":");
  nep_json_write_string(answer, err->code, strlen(err->code));
  nep_buf_str(answer, ",\"reason\":");
  nep_json_write_string(answer, err->reason, strlen(err->reason));
  nep_buf_str(answer, "}}");
}

/* Answers the requests that are complete, one at a time. False: the connection is to be closed. */
static bool answer_request(signer *s, client *c)
{
  nep_bytes request;
  size_t used;
  bool bad;
  if (!nep_frame_next(nep_buf_bytes(&c->in), NEP_REQUEST_MAX, &request, &used, &bad)) {
    if (c->in.len > 0 && c->since == 0)
      c->since = nep_clock_ms();
    return !bad;
  }
  nep_error err = {0};
  nep_buf answer = {0};
  nep_status status = nep_signer_answer(s->key, s->memory, request, &answer, &err);
  if (status != NEP_OK)
    nep_log_error(NEP_LOG_ERROR, "request-refused", &err);
  if (status == NEP_E_STATE) {
    write_refusal(&err, &answer);
  } else if (status != NEP_OK) {
    nep_buf_free(&answer);
    return false;
  }
  nep_frame_add(&c->out, nep_buf_bytes(&answer));
  nep_buf_free(&answer);
  c->in.len -= used;
  memmove(c->in.data, c->in.data + used, c->in.len);
  c->since = nep_clock_ms();
  return true;
}

static bool receive(signer *s, client *c)
{
  char *room = nep_buf_room(&c->in, CHUNK);
  ssize_t n = recv(c->fd, room, CHUNK, 0);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  if (n == 0)
    return false;
  c->in.len += (size_t)n;
  return answer_request(s, c);
}

static bool transmit(signer *s, client *c)
{
  ssize_t n = send(c->fd, c->out.data + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  c->sent += (size_t)n;
  if (c->sent < c->out.len)
    return true;
  nep_buf_clear(&c->out);
  c->sent = 0;
  c->since = 0;
  return answer_request(s, c);
}

/* False: the client is done with, went away, sent what is refused, or stalls. */
static bool serve_client(signer *s, client *c, short events)
{
  if (events & (POLLERR | POLLNVAL))
    return false;
  if (c->since != 0 && nep_clock_ms() - c->since > STALL_MS)
    return false;
  if (c->out.len > 0)
    return events & (POLLOUT | POLLHUP) ? transmit(s, c) : true;
  return events & (POLLIN | POLLHUP) ? receive(s, c) : true;
}

static void fill_polls(const signer *s, struct pollfd *polls, int stop)
{
  polls[0] = (struct pollfd){.fd = stop, .events = POLLIN};
  polls[1] = (struct pollfd){.fd = s->n < s->max ? s->listener : -1, .events = POLLIN};
  for (size_t i = 0; i < s->n; i++)
    polls[2 + i] = (struct pollfd){.fd = s->clients[i].fd,
                                   .events = s->clients[i].out.len > 0 ? POLLOUT : POLLIN};
}

static void forget_dropped(signer *s)
{
  size_t kept = 0;
  for (size_t i = 0; i < s->n; i++)
    if (s->clients[i].fd >= 0)
      s->clients[kept++] = s->clients[i];
  s->n = kept;
}

nep_status nep_signer_serve(const nep_signer_config *config, const nep_signing_key *key,
                            nep_memory *memory, int listener, int stop, nep_error *err)
{
  signer s = {.config = config,
              .key = key,
              .memory = memory,
              .listener = listener,
              .max = (size_t)config->connections};
  s.clients = nep_alloc(s.max, sizeof *s.clients);
  struct pollfd *polls = nep_alloc(s.max + 2, sizeof *polls);
  nep_status status = NEP_OK;
  for (;;) {
    fill_polls(&s, polls, stop);
    size_t n = s.n;
    if (poll(polls, (nfds_t)(n + 2), 1000) < 0 && errno != EINTR) {
      status =
          nep_fail(err, NEP_E_IO, "poll", NULL, "cannot wait for requests: %s", strerror(errno));
      break;
    }
    if (polls[0].revents)
      break;
    for (size_t i = 0; i < n; i++)
      if (!serve_client(&s, &s.clients[i], polls[2 + i].revents))
        drop(&s.clients[i]);
    forget_dropped(&s);
    status = nep_memory_check(memory, err);
    if (status != NEP_OK)
      break;
    if (polls[1].revents && s.n < s.max)
      accept_one(&s);
  }
  for (size_t i = 0; i < s.n; i++)
    drop(&s.clients[i]);
  free(polls);
  free(s.clients);
  return status;
}
