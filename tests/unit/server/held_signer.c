#include "tests/unit/server/held_signer.h"

#include <check.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "server/signer/frame.h"

enum { PURPOSES = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct {
  char name[32];
  unsigned n;
} counts[PURPOSES];
static const char *held;
static int listener;
static struct sockaddr_un real;

static unsigned *count_of(const char *purpose)
{
  size_t i = 0;
  while (counts[i].name[0] != 0 && strcmp(counts[i].name, purpose) != 0)
    ck_assert_uint_lt(++i, PURPOSES);
  snprintf(counts[i].name, sizeof counts[i].name, "%s", purpose);
  return &counts[i].n;
}

static void note(nep_bytes request)
{
  static const char start[] = "{\"purpose\":\"";
  char purpose[32] = "";
  if (request.len > sizeof start)
    sscanf(request.data + strlen(start), "%31[a-z-]", purpose);
  pthread_mutex_lock(&lock);
  ++*count_of(purpose);
  pthread_cond_broadcast(&changed);
  while (held != NULL && strcmp(held, purpose) == 0)
    pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

/* One whole frame into *frame, which is empty; false at the end of the connection. */
static bool receive(int fd, nep_buf *frame, nep_bytes *text)
{
  size_t used = 0;
  bool bad = false;
  while (!nep_frame_next(nep_buf_bytes(frame), NEP_ANSWER_MAX, text, &used, &bad)) {
    ssize_t n = read(fd, nep_buf_room(frame, 65536), 65536);
    if (n <= 0)
      return false;
    frame->len += (size_t)n;
  }
  return true;
}

static bool hand_on(int fd, const nep_buf *frame)
{
  for (size_t at = 0; at < frame->len;) {
    ssize_t n = send(fd, frame->data + at, frame->len - at, MSG_NOSIGNAL);
    if (n <= 0)
      return false;
    at += (size_t)n;
  }
  return true;
}

static void *converse(void *ctx)
{
  int client = (int)(intptr_t)ctx, signer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  nep_buf request = {0}, answer = {0};
  nep_bytes text;
  bool goes_on = connect(signer, (const struct sockaddr *)&real, sizeof real) == 0;
  while (goes_on && receive(client, &request, &text)) {
    note(text);
    goes_on =
        hand_on(signer, &request) && receive(signer, &answer, &text) && hand_on(client, &answer);
    nep_buf_clear(&request);
    nep_buf_clear(&answer);
  }
  nep_buf_free(&request);
  nep_buf_free(&answer);
  close(signer);
  close(client);
  return NULL;
}

static void *serve(void *ctx)
{
  int client;
  while ((client = accept(listener, NULL, NULL)) >= 0) {
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, converse, (void *)(intptr_t)client), 0);
    pthread_detach(thread);
  }
  return ctx;
}

void held_signer_start(const char *path, const char *signer)
{
  pthread_t thread;
  struct sockaddr_un own = {.sun_family = AF_UNIX};
  real.sun_family = AF_UNIX;
  snprintf(own.sun_path, sizeof own.sun_path, "%s", path);
  snprintf(real.sun_path, sizeof real.sun_path, "%s", signer);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ck_assert_int_eq(bind(listener, (const struct sockaddr *)&own, sizeof own), 0);
  ck_assert_int_eq(listen(listener, 8), 0);
  ck_assert_int_eq(pthread_create(&thread, NULL, serve, NULL), 0);
  pthread_detach(thread);
}

void held_signer_hold(const char *purpose)
{
  pthread_mutex_lock(&lock);
  held = purpose;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

unsigned held_signer_count(const char *purpose)
{
  pthread_mutex_lock(&lock);
  unsigned n = *count_of(purpose);
  pthread_mutex_unlock(&lock);
  return n;
}

void held_signer_await(const char *purpose, unsigned count)
{
  pthread_mutex_lock(&lock);
  while (*count_of(purpose) < count)
    pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}
