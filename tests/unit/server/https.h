/* A nep_http over the fake service on a port of 127.0.0.1, and a client that sends raw bytes over
 * TLS. */
#ifndef NEP_TESTS_HTTPS_H
#define NEP_TESTS_HTTPS_H

#include "server/http/server.h"
#include "tests/unit/server/fake_service.h"

#define UUID "11111111111111"

typedef struct https {
  char folder[32];
  nep_config config;
  nep_service service;
  nep_http *http;
  int log; /* descriptor of the log file */
} https;

/* Starts it; `settings` are lines of the [limits] section. */
void https_start(https *h, const char *settings);
/* Drains, stops and removes the files. */
void https_stop(https *h);
/* The log so far; free(). */
char *https_log(const https *h);
/* Writes a file of n bytes 'a', 'b', .. 'z', 'a' .. and names it as the archive. */
void https_archive(https *h, size_t n);

typedef struct talk talk; /* one connection */
talk *talk_open(const https *h);
/* With a GnuTLS priority string; NULL when the handshake fails. */
talk *talk_open_with(const https *h, const char *priorities);
void talk_close(talk *t);
void talk_send(talk *t, const char *text);

typedef struct answer {
  unsigned status; /* 0: closed without an answer */
  char *text;      /* all of it */
  const char *body;
  size_t body_len;
} answer;

/* Reads one answer (by its Content-Length). */
answer talk_answer(talk *t);
/* Is the connection closed by the server within 5 seconds? */
bool talk_is_closed(talk *t);
void answer_free(answer *a);
/* Value of a header (one line), or NULL; borrowed until the next call. */
const char *answer_header(const answer *a, const char *name);

/* One connection, one request, one answer. */
answer ask(const https *h, const char *text);
answer get(const https *h, const char *path);
/* POST with a JSON body; `headers` are further lines ended by CR LF. */
answer post(const https *h, const char *path, const char *headers, const char *body);

#endif
