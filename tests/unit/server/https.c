#include "tests/unit/server/https.h"

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"

struct talk {
  int fd;
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  bool ended;
};

static FILE *open_in(const https *h, const char *name)
{
  char path[64];
  snprintf(path, sizeof path, "%s/%s", h->folder, name);
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  return file;
}

/* A self-signed certificate for 127.0.0.1; what clients check of it is another test's business. */
static void make_certificate(const https *h)
{
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             (const unsigned char *)"127.0.0.1", -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  ck_assert_int_gt(X509_sign(certificate, key, EVP_sha256()), 0);
  umask(077);
  FILE *file = open_in(h, "cert.pem");
  PEM_write_X509(file, certificate);
  fclose(file);
  file = open_in(h, "key.pem");
  PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
  fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

void https_start(https *h, const char *settings)
{
  nep_error err = {0};
  nep_buf text = {0};
  char log_path[64];
  signal(SIGPIPE, SIG_IGN);
  *h = (https){.folder = "/tmp/nep-unit.XXXXXX"};
  ck_assert_ptr_nonnull(mkdtemp(h->folder));
  make_certificate(h);
  nep_buf_printf(&text,
                 "[server]\nport = 0\ntls_certificate = %s/cert.pem\ntls_key = %s/key.pem\n"
                 "stop_ms = 3000\n[database]\nregistry = x\nboard = x\nofficial = x\n[state]\n"
                 "folder = %s\n[signer]\nsocket = /none\n[identity]\nissuer = i\naudience = a\n"
                 "jwks_file = /none\n[limits]\n%s",
                 h->folder, h->folder, h->folder, settings);
  ck_assert_msg(nep_config_parse(nep_buf_bytes(&text), "test", &h->config, &err) == NEP_OK,
                "%s: %s", err.where, err.reason);
  nep_buf_free(&text);
  snprintf(log_path, sizeof log_path, "%s/log", h->folder);
  h->log = open(log_path, O_RDWR | O_CREAT | O_APPEND, 0600);
  nep_log_set_descriptor(h->log);
  nep_log_set_level(NEP_LOG_INFO);
  ck_assert_msg(nep_http_start(&h->config, &h->service, &h->http, &err) == NEP_OK, "%s",
                err.reason);
}

void https_stop(https *h)
{
  static const char *const names[] = {"cert.pem", "key.pem", "log", "archive"};
  if (h->http)
    nep_http_drain(h->http);
  nep_http_stop(h->http);
  nep_config_free(&h->config);
  close(h->log);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char path[64];
    snprintf(path, sizeof path, "%s/%s", h->folder, names[i]);
    unlink(path);
  }
  rmdir(h->folder);
  free((void *)(uintptr_t)h->service.archive);
}

char *https_log(const https *h)
{
  nep_buf text = {0};
  char chunk[4096];
  ssize_t n;
  for (off_t at = 0; (n = pread(h->log, chunk, sizeof chunk, at)) > 0; at += n)
    nep_buf_add(&text, chunk, (size_t)n);
  return nep_buf_take(&text, NULL);
}

void https_archive(https *h, size_t n)
{
  FILE *file = open_in(h, "archive");
  for (size_t i = 0; i < n; i++)
    fputc('a' + (int)(i % 26), file);
  fclose(file);
  h->service.archive = nep_sprintf("%s/archive", h->folder);
  h->service.archive_size = n;
}

static talk *talk_begin(const https *h, const char *priorities)
{
  talk *t = nep_alloc(1, sizeof *t);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(nep_http_port(h->http))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  t->fd = socket(AF_INET, SOCK_STREAM, 0);
  ck_assert_int_eq(connect(t->fd, (const struct sockaddr *)&address, sizeof address), 0);
  struct timeval limit = {.tv_sec = 8};
  setsockopt(t->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  gnutls_certificate_allocate_credentials(&t->credentials);
  gnutls_init(&t->session, GNUTLS_CLIENT);
  ck_assert_int_eq(gnutls_priority_set_direct(t->session, priorities, NULL), GNUTLS_E_SUCCESS);
  gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->credentials);
  gnutls_transport_set_int(t->session, t->fd);
  if (gnutls_handshake(t->session) != GNUTLS_E_SUCCESS)
    t->ended = true; /* refused before TLS: too many connections */
  return t;
}

talk *talk_open(const https *h)
{
  return talk_begin(h, "NORMAL");
}

talk *talk_open_with(const https *h, const char *priorities)
{
  talk *t = talk_begin(h, priorities);
  if (!t->ended)
    return t;
  talk_close(t);
  return NULL;
}

void talk_close(talk *t)
{
  gnutls_deinit(t->session);
  gnutls_certificate_free_credentials(t->credentials);
  close(t->fd);
  free(t);
}

void talk_send(talk *t, const char *text)
{
  size_t len = strlen(text);
  while (len > 0 && !t->ended) {
    ssize_t n = gnutls_record_send(t->session, text, len);
    t->ended = n < 0;
    if (n > 0) {
      text += n;
      len -= (size_t)n;
    }
  }
}

/* Appends what comes; false at the end of the connection or after the time limit. */
static bool receive(talk *t, nep_buf *in)
{
  char chunk[16384];
  ssize_t n;
  do
    n = gnutls_record_recv(t->session, chunk, sizeof chunk);
  while (n == GNUTLS_E_INTERRUPTED);
  if (n > 0)
    nep_buf_add(in, chunk, (size_t)n);
  return n > 0;
}

const char *answer_header(const answer *a, const char *name)
{
  static char value[1024];
  size_t len = strlen(name);
  for (const char *line = a->text; line && line < a->body - 2; line = strstr(line, "\r\n") + 2)
    if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
      const char *start = line + len + 1 + strspn(line + len + 1, " ");
      snprintf(value, sizeof value, "%.*s", (int)strcspn(start, "\r"), start);
      return value;
    }
  return NULL;
}

answer talk_answer(talk *t)
{
  nep_buf in = {0};
  answer a = {0};
  const char *end = NULL;
  while (!(end = in.data ? strstr(in.data, "\r\n\r\n") : NULL))
    if (!receive(t, &in))
      break;
  if (end) {
    size_t head = (size_t)(end - in.data) + 4;
    a.text = in.data;
    a.body = in.data + head;
    a.status = (unsigned)strtoul(in.data + strlen("HTTP/1.1 "), NULL, 10);
    const char *length = answer_header(&a, "Content-Length");
    size_t wanted = head + (length && a.status != 304 ? strtoul(length, NULL, 10) : 0);
    while (in.len < wanted && receive(t, &in))
      ;
    a.body_len = in.len - head;
    a.text = nep_buf_take(&in, NULL);
    a.body = a.text + head;
  }
  nep_buf_free(&in);
  return a;
}

bool talk_is_closed(talk *t)
{
  char byte;
  struct pollfd p = {.fd = t->fd, .events = POLLIN};
  if (t->ended)
    return true;
  if (poll(&p, 1, 5000) != 1)
    return false;
  ssize_t n = gnutls_record_recv(t->session, &byte, 1);
  return n <= 0 && n != GNUTLS_E_AGAIN;
}

void answer_free(answer *a)
{
  free(a->text);
  *a = (answer){0};
}

answer ask(const https *h, const char *text)
{
  talk *t = talk_open(h);
  talk_send(t, text);
  answer a = talk_answer(t);
  talk_close(t);
  return a;
}

answer get(const https *h, const char *path)
{
  char *text = nep_sprintf("GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
  answer a = ask(h, text);
  free(text);
  return a;
}

answer post(const https *h, const char *path, const char *headers, const char *body)
{
  char *text = nep_sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                           "Content-Length: %zu\r\n%s\r\n%s",
                           path, strlen(body), headers, body);
  answer a = ask(h, text);
  free(text);
  return a;
}
