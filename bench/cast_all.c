/* The clients wait together on epoll, so that what waits for an answer costs nothing: they share
   their processors with the server that is measured. */
#include "bench/cast_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "bench/cast_client.h"

enum { PATIENCE_MS = 60000 };

/* A client, with the cast that it has on its way. */
typedef struct thrower {
  cast_client *client;
  cast_shot *shot; /* NULL for none */
  double since;
} thrower;

/* Casts on their way, each client's one after the other. */
typedef struct volley {
  cast_shot *shots;
  size_t n, first; /* all before the first are sent */
  size_t answered;
  thrower throwers[CAST_CONNECTIONS_MAX];
  thrower *idle[CAST_CONNECTIONS_MAX];
  unsigned n_throwers, n_idle, n_waiting;
  int epoll;
} volley;

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- clients ---- */

static bool connect_all(volley *v, const char *ca, const char *url, unsigned clients)
{
  v->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (v->epoll < 0)
    abort();
  for (unsigned i = 0; i < clients; i++) {
    thrower *t = &v->throwers[v->n_throwers];
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = t};
    t->client = cast_client_open(ca, url);
    if (t->client == NULL)
      return false;
    v->n_throwers++;
    v->idle[v->n_idle++] = t;
    if (epoll_ctl(v->epoll, EPOLL_CTL_ADD, cast_client_socket(t->client), &event) != 0)
      abort();
  }
  return true;
}

static void disconnect_all(volley *v)
{
  for (unsigned i = 0; i < v->n_throwers; i++)
    cast_client_close(v->throwers[i].client);
  close(v->epoll);
}

/* ---- casts ---- */

/* The next one that nothing hinders; NULL for none. */
static cast_shot *next_shot(volley *v)
{
  while (v->first < v->n && v->shots[v->first].sent)
    v->first++;
  for (size_t i = v->first; i < v->n; i++)
    if (!v->shots[i].sent && !*v->shots[i].casting)
      return &v->shots[i];
  return NULL;
}

/* One whose client failed never becomes idle again. */
static void finish(volley *v, thrower *t, cast_progress progress)
{
  t->shot->seconds = now() - t->since;
  *t->shot->casting = false;
  t->shot = NULL;
  v->n_waiting--;
  if (progress == CAST_ANSWERED) {
    v->answered++;
    v->idle[v->n_idle++] = t;
  }
}

static void go_on(volley *v, thrower *t)
{
  if (t->shot == NULL) /* what TLS says between two requests is read with the next answer */
    return;
  cast_progress progress = cast_client_go_on(t->client, &t->shot->status);
  if (progress != CAST_WAITS)
    finish(v, t, progress);
}

static void send_shots(volley *v)
{
  for (cast_shot *s; v->n_idle > 0 && (s = next_shot(v)) != NULL;) {
    thrower *t = v->idle[--v->n_idle];
    s->sent = *s->casting = true;
    t->shot = s;
    t->since = now();
    v->n_waiting++;
    if (cast_client_post(t->client, s->url, nep_buf_bytes(&s->body)) == CAST_FAILED)
      finish(v, t, CAST_FAILED);
    else
      go_on(v, t);
  }
}

static bool wait_and_go_on(volley *v)
{
  struct epoll_event events[CAST_CONNECTIONS_MAX];
  int n = epoll_wait(v->epoll, events, CAST_CONNECTIONS_MAX, PATIENCE_MS);
  if (n < 0 && errno == EINTR) /* stopped, and continued */
    return true;
  if (n <= 0)
    fprintf(stderr, "no answer to any of %u casts for a minute\n", v->n_waiting);
  for (int i = 0; i < n; i++)
    go_on(v, events[i].data.ptr);
  return n > 0;
}

double cast_all(const char *ca, unsigned clients, cast_shot *shots, size_t n)
{
  volley v = {.shots = shots, .n = n};
  bool good = connect_all(&v, ca, shots[0].url, clients < n ? clients : (unsigned)n);
  double start = now();
  if (good)
    send_shots(&v);
  while (v.n_waiting > 0 && wait_and_go_on(&v))
    send_shots(&v);
  double took = now() - start;
  disconnect_all(&v);
  return (double)v.answered / took;
}
