#include "client-cli/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/http_download.h"
#include "client-cli/problem.h"

enum {
  CONNECT_SECONDS = 20,
  REQUEST_SECONDS = 120,
  PAUSE_MAX = 30,
  PAUSE_FIRST_MS = 500,
  PROBLEM_MAX = 1 << 20
};

static bool is_plain(const char *text)
{
  for (; *text != '\0'; text++)
    if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 0x7f)
      return false;
  return true;
}

nep_status nep_http_new(const char *server, const char *ca, nep_http **out, nep_error *err)
{
  static const char scheme[] = "https://";
  *out = NULL;
  if (strncmp(server, scheme, strlen(scheme)) != 0 || server[strlen(scheme)] == '\0' ||
      !is_plain(server) || strpbrk(server, "?#@") != NULL) {
    nep_fail(err, NEP_E_INPUT, "server-address", "--server",
             _("must be an address such as https://vote.example.vn"));
    nep_advise(err, "%s", _("other protocols than https are never used"));
    return NEP_E_INPUT;
  }
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return nep_fail(err, NEP_E_INTERNAL, "connection", NULL, "libcurl cannot start");
  nep_http *h = nep_alloc(1, sizeof *h);
  h->server = nep_strdup(server);
  size_t len = strlen(h->server);
  while (h->server[len - 1] == '/')
    h->server[--len] = '\0';
  h->ca = ca == NULL ? NULL : nep_strdup(ca);
  h->curl = curl_easy_init();
  *out = h;
  return h->curl != NULL
             ? NEP_OK
             : nep_fail(err, NEP_E_INTERNAL, "connection", NULL, "libcurl cannot start");
}

void nep_http_free(nep_http *h)
{
  if (h == NULL)
    return;
  curl_easy_cleanup(h->curl);
  free(h->server);
  free(h->ca);
  free(h);
  curl_global_cleanup();
}

/* What holds for every request: https and a checked certificate, whatever the caller asks for. */
void nep_http_prepare(nep_http *h, const char *path)
{
  char *url = nep_sprintf("%s%s", h->server, path);
  curl_easy_reset(h->curl);
  curl_easy_setopt(h->curl, CURLOPT_URL, url);
  curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(h->curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
  curl_easy_setopt(h->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
  curl_easy_setopt(h->curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(h->curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (h->ca != NULL)
    curl_easy_setopt(h->curl, CURLOPT_CAINFO, h->ca);
  curl_easy_setopt(h->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
  curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(h->curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  h->message[0] = '\0';
  curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, h->message);
  free(url);
}

nep_status nep_http_broken(nep_http *h, CURLcode code, nep_error *err)
{
  bool untrusted = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
                   code == CURLE_UNSUPPORTED_PROTOCOL;
  nep_fail(err, NEP_E_IO, untrusted ? "certificate" : "connection", h->server, "%s",
           h->message[0] != '\0' ? h->message : curl_easy_strerror(code));
  if (untrusted)
    nep_advise(err, "%s",
               _("do not go on: check the address and the file of --ca, and ask the commission"));
  else
    nep_advise(err, "%s", _("check the address and the network, then try again"));
  return NEP_E_IO;
}

/* ---- one request ---- */

typedef struct bounded {
  nep_buf *to;
  size_t left;
} bounded;

static size_t receive(char *data, size_t size, size_t n, void *ctx)
{
  bounded *b = ctx;
  size_t len = size * n;
  if (len > b->left)
    return 0; /* libcurl then ends the transfer with CURLE_WRITE_ERROR */
  b->left -= len;
  nep_buf_add(b->to, data, len);
  return len;
}

static struct curl_slist *headers_of(const nep_request *r)
{
  struct curl_slist *list = curl_slist_append(NULL, "Expect:");
  if (r->content_type != NULL) {
    char *type = nep_sprintf("Content-Type: %s", r->content_type);
    list = curl_slist_append(list, type);
    free(type);
  }
  return r->header == NULL ? list : curl_slist_append(list, r->header);
}

/* A session among them is a secret. */
static void wipe_headers(struct curl_slist *list)
{
  for (struct curl_slist *l = list; l != NULL; l = l->next)
    nep_wipe(l->data, strlen(l->data));
  curl_slist_free_all(list);
}

static nep_status send_once(nep_http *h, const nep_request *r, nep_buf *answer, nep_error *err)
{
  size_t before = answer->len;
  size_t max = r->max > PROBLEM_MAX ? r->max : PROBLEM_MAX;
  bounded b = {answer, max};
  struct curl_slist *headers = headers_of(r);
  nep_http_prepare(h, r->path);
  curl_easy_setopt(h->curl, CURLOPT_TIMEOUT, (long)REQUEST_SECONDS);
  curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &b);
  if (r->content_type != NULL) {
    curl_easy_setopt(h->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
    curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, r->body.len > 0 ? r->body.data : "");
  }
  CURLcode code = curl_easy_perform(h->curl);
  long http_status = 0;
  curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &http_status);
  wipe_headers(headers);
  if (r->http_status != NULL)
    *r->http_status = code == CURLE_OK ? http_status : 0;
  nep_bytes body = {answer->data + before, answer->len - before};
  if (code == CURLE_WRITE_ERROR || (code == CURLE_OK && http_status < 400 && body.len > r->max))
    return nep_fail(err, NEP_E_CHECK, "answer-too-long", r->path,
                    "the server's answer is longer than the %zu bytes allowed", r->max);
  if (code != CURLE_OK)
    return nep_http_broken(h, code, err);
  if (http_status >= 200 && http_status < 300)
    return NEP_OK;
  return nep_problem(http_status, body, err);
}

/* What the server asks for, otherwise half a second, a second, two … */
static void pause_before_retry(nep_http *h, unsigned attempt)
{
  curl_off_t seconds = 0;
  curl_easy_getinfo(h->curl, CURLINFO_RETRY_AFTER, &seconds);
  long ms = seconds > 0 ? (long)(seconds < PAUSE_MAX ? seconds : PAUSE_MAX) * 1000
                        : PAUSE_FIRST_MS << attempt;
  struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

nep_status nep_http_send(nep_http *h, const nep_request *r, nep_buf *answer, nep_error *err)
{
  size_t before = answer->len;
  for (unsigned attempt = 0;; attempt++) {
    nep_status status = send_once(h, r, answer, err);
    bool again = status == NEP_E_BUSY ||
                 (status == NEP_E_IO && err != NULL && strcmp(err->code, "connection") == 0);
    if (!again || attempt + 1 >= r->tries)
      return status;
    pause_before_retry(h, attempt);
    answer->len = before;
  }
}

nep_status nep_http_get(nep_http *h, const char *path, size_t max, nep_buf *answer, nep_error *err)
{
  nep_request r = {.path = path, .max = max, .tries = 3};
  return nep_http_send(h, &r, answer, err);
}
