/* libcurl's multi interface on epoll, so that what waits for an answer costs nothing: the clients
   share their processors with the server that is measured. */
#include "bench/cast_all.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

/* Casts on their way, each client's one after the other. */
typedef struct volley {
  cast_shot *shots;
  size_t n;
  CURLM *multi;
  int epoll;
  int timeout_ms;         /* -1 for none */
  size_t first, answered; /* all before the first are sent */
  CURL *idle[CAST_CONNECTIONS_MAX];
  unsigned n_idle;
  size_t before; /* answers until each connection is there */
  double start;  /* when it was */
  bool said;
} volley;

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- what libcurl waits for ---- */

static int watch(CURL *easy, curl_socket_t socket, int what, void *ctx, void *known)
{
  volley *v = ctx;
  struct epoll_event event = {.data.fd = socket};
  (void)easy;
  if (what == CURL_POLL_REMOVE)
    return epoll_ctl(v->epoll, EPOLL_CTL_DEL, socket, NULL);
  event.events = ((what & CURL_POLL_IN) != 0 ? (unsigned)EPOLLIN : 0U) |
                 ((what & CURL_POLL_OUT) != 0 ? (unsigned)EPOLLOUT : 0U);
  if (known == NULL)
    curl_multi_assign(v->multi, socket, v);
  return epoll_ctl(v->epoll, known == NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
}

static int set_timeout(CURLM *multi, long ms, void *ctx)
{
  volley *v = ctx;
  (void)multi;
  v->timeout_ms = (int)ms;
  return 0;
}

static void wait_and_act(volley *v)
{
  struct epoll_event events[CAST_CONNECTIONS_MAX];
  int running, n = epoll_wait(v->epoll, events, CAST_CONNECTIONS_MAX, v->timeout_ms);
  if (n <= 0 || v->timeout_ms == 0)
    curl_multi_socket_action(v->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  for (int i = 0; i < n; i++) {
    int ready = ((events[i].events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                ((events[i].events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                ((events[i].events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(v->multi, events[i].data.fd, ready, &running);
  }
}

/* ---- clients ---- */

static size_t discard(char *data, size_t size, size_t count, void *ctx)
{
  (void)data;
  (void)ctx;
  return size * count;
}

static CURL *open_client(const char *ca, struct curl_slist *headers)
{
  CURL *easy = curl_easy_init();
  if (easy == NULL)
    abort();
  curl_easy_setopt(easy, CURLOPT_CAINFO, ca);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L);
  return easy;
}

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

static void send_shot(const volley *v, CURL *easy, cast_shot *s)
{
  s->sent = *s->casting = true;
  curl_easy_setopt(easy, CURLOPT_URL, s->url);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, s->body.data);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->body.len);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, s);
  curl_multi_add_handle(v->multi, easy);
}

/* The first failure is told. */
static void finish(volley *v, const CURLMsg *message)
{
  cast_shot *s = NULL;
  CURL *easy = message->easy_handle;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &s);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &s->status);
  curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &s->seconds);
  *s->casting = false;
  if (message->data.result != CURLE_OK && !v->said)
    fprintf(stderr, "%s\n", curl_easy_strerror(message->data.result));
  v->said = v->said || message->data.result != CURLE_OK;
  curl_multi_remove_handle(v->multi, easy);
  v->idle[v->n_idle++] = easy;
  if (++v->answered == v->before)
    v->start = now();
}

static void take_answers(volley *v)
{
  int left;
  for (CURLMsg *m; (m = curl_multi_info_read(v->multi, &left)) != NULL;)
    if (m->msg == CURLMSG_DONE)
      finish(v, m);
}

static void send_shots(volley *v)
{
  for (cast_shot *s; v->n_idle > 0 && (s = next_shot(v)) != NULL;)
    send_shot(v, v->idle[--v->n_idle], s);
}

static void volley_new(volley *v, cast_shot *shots, size_t n, unsigned clients)
{
  *v = (volley){.shots = shots,
                .n = n,
                .multi = curl_multi_init(),
                .epoll = epoll_create1(EPOLL_CLOEXEC),
                .before = n > 2UL * clients ? clients : 0,
                .start = now()};
  if (v->multi == NULL || v->epoll < 0)
    abort();
  curl_multi_setopt(v->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)clients);
  curl_multi_setopt(v->multi, CURLMOPT_MAXCONNECTS, (long)clients);
  curl_multi_setopt(v->multi, CURLMOPT_SOCKETFUNCTION, watch);
  curl_multi_setopt(v->multi, CURLMOPT_SOCKETDATA, v);
  curl_multi_setopt(v->multi, CURLMOPT_TIMERFUNCTION, set_timeout);
  curl_multi_setopt(v->multi, CURLMOPT_TIMERDATA, v);
}

double cast_all(const char *ca, unsigned clients, cast_shot *shots, size_t n)
{
  volley v;
  CURL *easy[CAST_CONNECTIONS_MAX];
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Expect:");
  clients = clients < n ? clients : (unsigned)n;
  volley_new(&v, shots, n, clients);
  for (unsigned i = 0; i < clients; i++)
    v.idle[v.n_idle++] = easy[i] = open_client(ca, headers);
  for (send_shots(&v); v.answered < n; send_shots(&v)) {
    wait_and_act(&v);
    take_answers(&v);
  }
  double took = now() - v.start;
  for (unsigned i = 0; i < clients; i++)
    curl_easy_cleanup(easy[i]);
  curl_multi_cleanup(v.multi);
  close(v.epoll);
  curl_slist_free_all(headers);
  return (double)(n - v.before) / took;
}
