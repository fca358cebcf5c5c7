#include "bench/cast_client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { ANSWER_MAX = 1 << 16, PIECE = 1 << 14, CONNECT_SECONDS = 60 };

struct cast_client {
  CURL *easy;
  char *origin; /* https://host:port, with which all its addresses begin */
  nep_buf request, answer;
  size_t sent; /* of the request */
};

static cast_progress failed(const char *why)
{
  fprintf(stderr, "a client's connection: %s\n", why);
  return CAST_FAILED;
}

/* ---- connection ---- */

static char *origin_of(const char *url)
{
  const char *host = strstr(url, "://");
  return nep_strndup(url, host == NULL ? 0 : (size_t)(host - url) + 3 + strcspn(host + 3, "/"));
}

cast_client *cast_client_open(const char *ca, const char *url)
{
  cast_client *c = nep_alloc(1, sizeof *c);
  c->origin = origin_of(url);
  c->easy = curl_easy_init();
  if (c->easy == NULL)
    abort();
  curl_easy_setopt(c->easy, CURLOPT_URL, c->origin);
  curl_easy_setopt(c->easy, CURLOPT_CAINFO, ca);
  curl_easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(c->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* what is said */
  curl_easy_setopt(c->easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
  curl_easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
  CURLcode code = curl_easy_perform(c->easy);
  if (code == CURLE_OK)
    return c;
  failed(curl_easy_strerror(code));
  cast_client_close(c);
  return NULL;
}

void cast_client_close(cast_client *c)
{
  if (c == NULL)
    return;
  curl_easy_cleanup(c->easy);
  nep_buf_free(&c->request);
  nep_buf_free(&c->answer);
  free(c->origin);
  free(c);
}

int cast_client_socket(const cast_client *c)
{
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &socket);
  return socket;
}

/* ---- request ---- */

cast_progress cast_client_post(cast_client *c, const char *url, nep_bytes body)
{
  const char *host = strstr(c->origin, "://") + 3;
  size_t len = strlen(c->origin);
  if (strncmp(url, c->origin, len) != 0 || url[len] != '/')
    return failed("an address that is not on its server");
  nep_buf_clear(&c->request);
  nep_buf_clear(&c->answer);
  c->sent = 0;
  nep_buf_printf(&c->request,
                 "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n",
                 url + len, host, body.len);
  nep_buf_add(&c->request, body.data, body.len);
  return CAST_WAITS;
}

static cast_progress send_more(cast_client *c)
{
  while (c->sent < c->request.len) {
    size_t n = 0;
    CURLcode code =
        curl_easy_send(c->easy, c->request.data + c->sent, c->request.len - c->sent, &n);
    if (code == CURLE_AGAIN)
      return CAST_WAITS;
    if (code != CURLE_OK)
      return failed(curl_easy_strerror(code));
    c->sent += n;
  }
  return CAST_ANSWERED;
}

/* ---- answer ---- */

/* The value of a header line; NULL when there is none. */
static const char *header(const char *head, const char *name)
{
  size_t len = strlen(name);
  for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n"))
    if (strncasecmp(line + 2, name, len) == 0 && line[2 + len] == ':')
      return line + 2 + len + 1;
  return NULL;
}

/* An answer that came whole so far; the server tells each one's length. */
static cast_progress read_answer(const cast_client *c, long *status)
{
  static const char version[] = "HTTP/1.1 ";
  const char *end = strstr(c->answer.data, "\r\n\r\n");
  if (end == NULL)
    return c->answer.len < ANSWER_MAX ? CAST_WAITS : failed("an answer without end");
  const char *length = header(c->answer.data, "Content-Length");
  if (strncmp(c->answer.data, version, sizeof version - 1) != 0 || length == NULL || length > end)
    return failed("an answer without version or length");
  size_t whole = (size_t)(end - c->answer.data) + 4 + strtoul(length, NULL, 10);
  if (whole > ANSWER_MAX || c->answer.len > whole)
    return failed("an answer that is too long");
  if (c->answer.len < whole)
    return CAST_WAITS;
  *status = strtol(c->answer.data + sizeof version - 1, NULL, 10);
  return CAST_ANSWERED;
}

cast_progress cast_client_go_on(cast_client *c, long *status)
{
  char piece[PIECE];
  cast_progress progress = send_more(c);
  if (progress != CAST_ANSWERED)
    return progress;
  do {
    size_t n = 0;
    CURLcode code = curl_easy_recv(c->easy, piece, sizeof piece, &n);
    if (code == CURLE_AGAIN)
      return CAST_WAITS;
    if (code != CURLE_OK || n == 0)
      return failed(code == CURLE_OK ? "closed by the server" : curl_easy_strerror(code));
    nep_buf_add(&c->answer, piece, n);
    progress = read_answer(c, status);
  } while (progress == CAST_WAITS);
  return progress;
}
