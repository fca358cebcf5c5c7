/* The identity provider's keys over https: whom we believe, and for how long. */
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "server/service/keys.h"
#include "tests/support/run.h"

/* The service's clock goes ahead of this machine's. */
int64_t __real_nep_clock_ms(void);
int64_t __wrap_nep_clock_ms(void);
static atomic_int_fast64_t later_ms;
int64_t __wrap_nep_clock_ms(void)
{
  return __real_nep_clock_ms() + atomic_load(&later_ms);
}

static char folder[32];
static int port;
static pid_t provider;

static void free_port(void)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t len = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
  ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
  port = ntohs(address.sin_port);
  close(fd);
}

static void write_file(const char *name, const char *text)
{
  char *path = nep_sprintf("%s/%s", folder, name);
  nep_error err = {0};
  ck_assert_int_eq(nep_file_write(path, text, strlen(text), NEP_FILE_PUBLIC, &err), NEP_OK);
  free(path);
}

/* openssl's own small file server, with a certificate for 127.0.0.1 that only our CA file knows. */
static void provider_start(void)
{
  snprintf(folder, sizeof folder, "/tmp/nepk.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  char *command = nep_sprintf(
      "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
      "key.pem "
      "-out ca.pem -days 1 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 2>openssl.log",
      folder);
  ck_assert_int_eq(system(command), 0);
  free(command);
  write_file("jwks.json", "HTTP/1.0 200 OK\r\n\r\n{\"keys\":[]}");
  write_file("page.json", "HTTP/1.0 200 OK\r\n\r\n<html>log in</html>");
  write_file("gone.json", "HTTP/1.0 404 Not Found\r\n\r\n{\"keys\":[]}");
  write_file("moved.json", "HTTP/1.0 302 Found\r\nLocation: /jwks.json\r\n\r\n");
  free_port();
  provider = fork();
  if (provider == 0) {
    char accept[32];
    snprintf(accept, sizeof accept, "127.0.0.1:%d", port);
    if (chdir(folder) != 0 || freopen("server.log", "w", stdout) == NULL ||
        freopen("server.log", "a", stderr) == NULL)
      _exit(1);
    execlp("openssl", "openssl", "s_server", "-accept", accept, "-cert", "ca.pem", "-key",
           "key.pem", "-HTTP", "-quiet", (char *)NULL);
    _exit(1);
  }
}

static void provider_stop(void)
{
  char *command = nep_sprintf("rm -rf %s", folder);
  kill(provider, SIGKILL); /* before its exec it would still run the handler of Check for SIGTERM */
  waitpid(provider, NULL, 0);
  ck_assert_int_eq(system(command), 0);
  free(command);
}

static nep_status fetch(const char *name, const char *ca, size_t max, nep_buf *out, nep_error *err)
{
  char *address = nep_sprintf("https://127.0.0.1:%d/%s", port, name);
  char *path = nep_sprintf("%s/ca.pem", folder);
  nep_status st = NEP_E_IO;
  struct timespec pause = {0, 50000000};
  for (int i = 0; i < 60; i++) { /* the provider may still be starting */
    nep_buf_clear(out);
    st = nep_keys_fetch(address, ca == NULL ? path : ca, max, out, err);
    if (st == NEP_OK || strstr(err->reason, "connect") == NULL)
      break;
    nanosleep(&pause, NULL);
  }
  free(path);
  free(address);
  return st;
}

START_TEST(keys_come_from_the_provider_that_our_ca_vouches_for)
{
  nep_buf out = {0};
  nep_error err = {0};
  ck_assert_int_eq(fetch("jwks.json", NULL, 1000, &out, &err), NEP_OK);
  ck_assert_str_eq(out.data, "{\"keys\":[]}");
  ck_assert_int_eq(fetch("jwks.json", "/etc/ssl/certs/ca-certificates.crt", 1000, &out, &err),
                   NEP_E_IO);
  ck_assert_ptr_nonnull(strstr(err.reason, "certificate"));
  ck_assert_int_eq(fetch("jwks.json", NULL, 10, &out, &err), NEP_E_IO); /* one byte too many */
  ck_assert_int_eq(fetch("gone.json", NULL, 1000, &out, &err), NEP_E_IO);
  ck_assert_ptr_nonnull(strstr(err.reason, "404"));
  ck_assert_int_eq(fetch("moved.json", NULL, 1000, &out, &err), NEP_E_IO);
  ck_assert_ptr_nonnull(strstr(err.reason, "302"));
  nep_buf_free(&out);
}
END_TEST

/* Keys from a page of the provider, which is there. */
static nep_keys *keys_from(const char *page)
{
  nep_keys *keys = NULL;
  nep_buf out = {0};
  nep_error err = {0};
  char *address = nep_sprintf("https://127.0.0.1:%d/%s", port, page);
  char *ca = nep_sprintf("%s/ca.pem", folder);
  ck_assert_int_eq(fetch(page, NULL, 1000, &out, &err), NEP_OK);
  ck_assert_int_eq(nep_keys_new(NULL, address, ca, &keys, &err), NEP_OK);
  free(ca);
  free(address);
  nep_buf_free(&out);
  return keys;
}

START_TEST(a_fresh_copy_is_used_while_the_provider_is_silent)
{
  nep_keys *keys = keys_from("jwks.json");
  nep_buf out = {0};
  nep_error err = {0};
  char hash[65];
  ck_assert_int_eq(nep_keys_get(keys, &out, hash, &err), NEP_OK);
  kill(provider, SIGSTOP);
  nep_buf_clear(&out);
  ck_assert_int_eq(nep_keys_get(keys, &out, hash, &err), NEP_OK);
  ck_assert_str_eq(out.data, "{\"keys\":[]}");
  kill(provider, SIGCONT);
  nep_keys_free(keys);
  nep_buf_free(&out);
}
END_TEST

typedef struct asking {
  nep_keys *keys;
  nep_status status;
  int64_t took_ms;
} asking;

static void *ask(void *ctx)
{
  asking *a = ctx;
  nep_buf out = {0};
  nep_error err = {0};
  char hash[65];
  int64_t before = nep_clock_ms();
  a->status = nep_keys_get(a->keys, &out, hash, &err);
  a->took_ms = nep_clock_ms() - before;
  nep_buf_free(&out);
  return NULL;
}

START_TEST(while_one_waits_for_a_silent_provider_others_use_the_copy_that_is_there)
{
  nep_keys *keys = keys_from("jwks.json");
  pthread_t thread;
  asking first = {.keys = keys}, other = {.keys = keys};
  ask(&first);
  ck_assert_int_eq(first.status, NEP_OK);
  kill(provider, SIGSTOP);
  atomic_fetch_add(&later_ms, 1000 * (NEP_KEYS_FRESH_SECONDS + 1));
  ck_assert_int_eq(pthread_create(&thread, NULL, ask, &first), 0);
  sleep(1); /* by then it fetches */
  ask(&other);
  ck_assert_int_eq(other.status, NEP_OK);
  ck_assert_int_lt(other.took_ms, 1000);
  pthread_join(thread, NULL);
  ck_assert_int_ge(first.took_ms, 1000 * (NEP_KEYS_FETCH_SECONDS - 1));
  ck_assert_int_eq(first.status, NEP_OK); /* the copy is not that old */
  atomic_fetch_add(&later_ms, 1000 * NEP_KEYS_STALE_SECONDS);
  ask(&other);
  ck_assert_int_eq(other.status, NEP_E_IO);
  kill(provider, SIGCONT);
  nep_keys_free(keys);
}
END_TEST

START_TEST(a_page_that_is_no_key_set_is_refused)
{
  nep_keys *keys = keys_from("page.json");
  nep_error err = {0};
  nep_buf out = {0};
  char hash[65];
  ck_assert_int_eq(nep_keys_get(keys, &out, hash, &err), NEP_E_IO);
  ck_assert_str_eq(err.code, "identity-keys");
  ck_assert_uint_eq(out.len, 0);
  nep_keys_free(keys);
  nep_buf_free(&out);
}
END_TEST

START_TEST(a_provider_that_hangs_stops_neither_the_start_nor_everyone_after)
{
  nep_keys *keys = NULL;
  nep_error err = {0};
  nep_buf out = {0};
  char hash[65];
  char *address = nep_sprintf("https://127.0.0.1:%d/jwks.json", port);
  char *ca = nep_sprintf("%s/ca.pem", folder);
  ck_assert_int_eq(fetch("jwks.json", NULL, 1000, &out, &err), NEP_OK);
  kill(provider, SIGSTOP);
  int64_t before = nep_clock_ms();
  ck_assert_int_eq(nep_keys_new(NULL, address, ca, &keys, &err), NEP_OK);
  ck_assert_int_lt(nep_clock_ms() - before, 1000);
  nep_buf_clear(&out);
  ck_assert_int_eq(nep_keys_get(keys, &out, hash, &err), NEP_E_IO);
  before = nep_clock_ms();
  for (int i = 0; i < 20; i++)
    ck_assert_int_eq(nep_keys_get(keys, &out, hash, &err), NEP_E_IO);
  ck_assert_int_lt(nep_clock_ms() - before, 2000);
  kill(provider, SIGCONT);
  nep_keys_free(keys);
  free(ca);
  free(address);
  nep_buf_free(&out);
}
END_TEST

START_TEST(neither_or_both_or_plain_http_is_refused)
{
  nep_keys *keys = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_keys_new(NULL, NULL, NULL, &keys, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_keys_new("a", "https://b", NULL, &keys, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_keys_new(NULL, "http://127.0.0.1/", NULL, &keys, &err), NEP_E_INPUT);
  ck_assert_int_eq(nep_keys_new("/nowhere/jwks.json", NULL, NULL, &keys, &err), NEP_E_IO);
  ck_assert_str_eq(err.code, "identity-keys");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("service: identity keys");
  TCase *tests = tcase_create("keys");
  tcase_add_checked_fixture(tests, provider_start, provider_stop);
  tcase_set_timeout(tests, 30);
  tcase_add_test(tests, keys_come_from_the_provider_that_our_ca_vouches_for);
  tcase_add_test(tests, a_fresh_copy_is_used_while_the_provider_is_silent);
  tcase_add_test(tests, while_one_waits_for_a_silent_provider_others_use_the_copy_that_is_there);
  tcase_add_test(tests, a_page_that_is_no_key_set_is_refused);
  tcase_add_test(tests, a_provider_that_hangs_stops_neither_the_start_nor_everyone_after);
  tcase_add_test(tests, neither_or_both_or_plain_http_is_refused);
  suite_add_tcase(suite, tests);
  return nep_run_suite(suite);
}
