/* The client and the poll loop over a real unix socket. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "records/receipt.h"
#include "records/signed.h"
#include "records/tags.h"
#include "server/log/log.h"
#include "server/signer/client.h"
#include "server/signer/frame.h"
#include "server/signer/serve.h"
#include "tests/support/run.h"
#include "tests/unit/server/signer_receipt.h"

static char folder[] = "/tmp/nep-signer.XXXXXX", path[64];
static char memory_folder[64];
static nep_signing_key *key;
static nep_memory *memory;
static nep_signer_config config;
static int listener, stop[2];
static pthread_t thread;

static void *serve(void *ctx)
{
  nep_error err = {0};
  (void)ctx;
  if (nep_signer_serve(&config, key, memory, listener, stop[0], &err) != NEP_OK)
    abort();
  return NULL;
}

static void signer_start(void)
{
  nep_error err = {0};
  ck_assert_int_eq(pipe(stop), 0);
  ck_assert_msg(nep_signer_listen(&config, &listener, &err) == NEP_OK, "%s", err.reason);
  ck_assert_int_eq(pthread_create(&thread, NULL, serve, NULL), 0);
}

static void signer_stop(void)
{
  ck_assert_int_eq(write(stop[1], "x", 1), 1);
  pthread_join(thread, NULL);
  close(listener);
  close(stop[0]);
  close(stop[1]);
}

static void setup(void)
{
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/socket", folder);
  key = nep_signing_key_new();
  config = (nep_signer_config){.socket = path,
                               .mode = 0600,
                               .group = (gid_t)-1,
                               .allowed = {geteuid()},
                               .n_allowed = 1,
                               .connections = 4};
  nep_log_set_descriptor(open("/dev/null", O_WRONLY));
  nep_error err = {0};
  snprintf(memory_folder, sizeof memory_folder, "%s/memory", folder);
  bool made;
  ck_assert_int_eq(nep_memory_make(memory_folder, &made, &err), NEP_OK);
  ck_assert(made);
  ck_assert_int_eq(nep_memory_open(memory_folder, &memory, &err), NEP_OK);
  signer_start();
}

static void teardown(void)
{
  char file[128];
  signer_stop();
  nep_memory_free(memory);
  snprintf(file, sizeof file, "%s/11111111111111.events", memory_folder);
  unlink(file);
  snprintf(file, sizeof file, "%s/journal", memory_folder);
  unlink(file);
  rmdir(memory_folder);
  unlink(path);
  rmdir(folder);
  nep_signing_key_free(key);
}

static nep_status sign_receipt(nep_signer *s, nep_buf *out)
{
  nep_error err = {0};
  nep_bytes message = nep_str_bytes(RECEIPT(1));
  return nep_signer_sign(s, NEP_SIGN_CAST_RECEIPT, &message, 1, out, &err);
}

START_TEST(many_messages_come_back_signed_in_order)
{
  enum { MANY = 256 };
  static nep_bytes messages[MANY];
  static nep_buf texts[MANY], out[MANY];
  char hex[NEP_PUBLIC_KEY_HEX + 1], mine[NEP_PUBLIC_KEY_HEX + 1];
  nep_error err = {0};
  nep_signer *s = nep_signer_new(path, 2);
  for (int i = 0; i < MANY; i++) {
    nep_cast_receipt r = {.uuid = "11111111111111",
                          .election_hash = HASH,
                          .tracker = TRACKER,
                          .height = (uint64_t)i,
                          .event = HASH,
                          .time = "2026-11-23T07:00:00Z"};
    nep_cast_receipt_write(&r, &texts[i]);
    messages[i] = nep_buf_bytes(&texts[i]);
  }
  ck_assert_int_eq(nep_signer_public_key(s, hex, &err), NEP_OK);
  nep_signing_key_public(key, mine);
  ck_assert_str_eq(hex, mine);
  ck_assert_msg(nep_signer_sign(s, NEP_SIGN_CAST_RECEIPT, messages, MANY, out, &err) == NEP_OK,
                "%s", err.reason);
  for (int i = 0; i < MANY; i++) {
    nep_cast_receipt r;
    ck_assert_int_eq(nep_cast_receipt_verify(nep_buf_bytes(&out[i]), hex, &r, &err), NEP_OK);
    ck_assert_uint_eq(r.height, (uint64_t)i);
    nep_buf_free(&texts[i]);
    nep_buf_free(&out[i]);
  }
  nep_signer_free(s);
}
END_TEST

START_TEST(a_signer_that_is_restarted_is_found_again)
{
  nep_buf out = {0};
  nep_signer *s = nep_signer_new(path, 1);
  ck_assert_int_eq(sign_receipt(s, &out), NEP_OK);
  signer_stop();
  unlink(path);
  nep_buf_clear(&out);
  ck_assert_int_eq(sign_receipt(s, &out), NEP_E_IO);
  ck_assert_int_eq(sign_receipt(s, &out), NEP_E_IO);
  ck_assert_uint_eq(out.len, 0);
  signer_start();
  ck_assert_int_eq(sign_receipt(s, &out), NEP_OK);
  signer_stop(); /* the kept connection is to the one before */
  signer_start();
  ck_assert_int_eq(sign_receipt(s, &out), NEP_OK);
  nep_signer_free(s);
  nep_buf_free(&out);
}
END_TEST

START_TEST(what_the_signer_refuses_is_an_error_and_leaves_nothing)
{
  nep_error err = {0};
  nep_buf out[2] = {{0}, {0}};
  nep_bytes messages[2] = {nep_str_bytes(RECEIPT(1)), nep_str_bytes("{\"uuid\":1}")};
  nep_signer *s = nep_signer_new(path, 1);
  ck_assert_int_eq(nep_signer_sign(s, NEP_SIGN_CAST_RECEIPT, messages, 2, out, &err), NEP_E_IO);
  ck_assert_uint_eq(out[0].len + out[1].len, 0);
  ck_assert_int_eq(sign_receipt(s, &out[0]), NEP_OK);
  nep_buf_free(&out[0]);
  nep_signer_free(s);
}
END_TEST

static int raw_connection(void)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  struct timeval limit = {.tv_sec = 3};
  memcpy(address.sun_path, path, strlen(path));
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ck_assert_int_eq(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

START_TEST(bad_frames_close_the_connection_and_nobody_elses)
{
  static const char *const bad[] = {"\xff\xff\xff\xff", "\0\0\0\0", "\0\0\0\2{}"};
  static const size_t lengths[] = {4, 4, 6};
  nep_buf out = {0};
  nep_signer *s = nep_signer_new(path, 1);
  ck_assert_int_eq(sign_receipt(s, &out), NEP_OK);
  for (size_t i = 0; i < 3; i++) {
    char byte;
    int fd = raw_connection();
    ck_assert_int_eq(send(fd, bad[i], lengths[i], MSG_NOSIGNAL), (ssize_t)lengths[i]);
    ck_assert_int_eq(recv(fd, &byte, 1, 0), 0);
    close(fd);
  }
  ck_assert_int_eq(sign_receipt(s, &out), NEP_OK);
  nep_signer_free(s);
  nep_buf_free(&out);
}
END_TEST

START_TEST(requests_may_come_in_pieces_and_one_after_the_other)
{
  nep_buf frames = {0}, in = {0};
  int fd = raw_connection();
  for (int i = 0; i < 2; i++)
    nep_frame_add(&frames, nep_str_bytes("{\"purpose\":\"public-key\",\"messages\":[]}"));
  for (size_t i = 0; i < frames.len; i++)
    ck_assert_int_eq(send(fd, frames.data + i, 1, MSG_NOSIGNAL), 1);
  size_t answers = 0;
  while (answers < 2) {
    nep_bytes text;
    size_t used;
    bool bad;
    ssize_t n = recv(fd, nep_buf_room(&in, 1000), 1000, 0);
    ck_assert_int_gt(n, 0);
    in.len += (size_t)n;
    while (nep_frame_next(nep_buf_bytes(&in), 1000, &text, &used, &bad)) {
      answers++;
      in.len -= used;
      memmove(in.data, in.data + used, in.len);
    }
  }
  close(fd);
  nep_buf_free(&frames);
  nep_buf_free(&in);
}
END_TEST

static void ask_for_key(int fd)
{
  nep_buf frame = {0};
  nep_frame_add(&frame, nep_str_bytes("{\"purpose\":\"public-key\",\"messages\":[]}"));
  ck_assert_int_eq(send(fd, frame.data, frame.len, MSG_NOSIGNAL), (ssize_t)frame.len);
  nep_buf_free(&frame);
}

static bool has_answer(int fd, int wait_ms)
{
  struct pollfd p = {.fd = fd, .events = POLLIN};
  char answer[256];
  return poll(&p, 1, wait_ms) == 1 && recv(fd, answer, sizeof answer, 0) > 0;
}

START_TEST(one_connection_too_many_waits_until_another_ends)
{
  enum { LIMIT = 4, LONG = 20000 };
  int fds[LIMIT + 1];
  ck_assert_int_eq(config.connections, LIMIT);
  for (int i = 0; i < LIMIT; i++) {
    fds[i] = raw_connection();
    ask_for_key(fds[i]);
    ck_assert(has_answer(fds[i], LONG));
  }
  fds[LIMIT] = raw_connection();
  ask_for_key(fds[LIMIT]);
  ck_assert(!has_answer(fds[LIMIT], 300));
  ask_for_key(fds[1]); /* the others go on */
  ck_assert(has_answer(fds[1], LONG));
  close(fds[0]);
  ck_assert(has_answer(fds[LIMIT], LONG));
  for (int i = 1; i <= LIMIT; i++)
    close(fds[i]);
}
END_TEST

static void restart_for(uid_t user)
{
  signer_stop();
  unlink(path);
  config.allowed[0] = user;
  signer_start();
}

START_TEST(other_users_are_turned_away)
{
  nep_buf out = {0};
  nep_signer *s = nep_signer_new(path, 1);
  restart_for(geteuid() + 1);
  ck_assert_int_eq(sign_receipt(s, &out), NEP_E_IO);
  restart_for(geteuid());
  ck_assert_int_eq(sign_receipt(s, &out), NEP_OK);
  nep_signer_free(s);
  nep_buf_free(&out);
}
END_TEST

START_TEST(the_socket_has_its_mode_and_is_not_taken_from_a_living_signer)
{
  struct stat st;
  nep_error err = {0};
  int other;
  ck_assert_int_eq(stat(path, &st), 0);
  ck_assert_uint_eq(st.st_mode & 0777, 0600);
  ck_assert_int_eq(nep_signer_listen(&config, &other, &err), NEP_E_STATE);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("signer-socket");
  TCase *tc = tcase_create("socket");
  tcase_set_timeout(tc, 30);
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, many_messages_come_back_signed_in_order);
  tcase_add_test(tc, a_signer_that_is_restarted_is_found_again);
  tcase_add_test(tc, what_the_signer_refuses_is_an_error_and_leaves_nothing);
  tcase_add_test(tc, bad_frames_close_the_connection_and_nobody_elses);
  tcase_add_test(tc, requests_may_come_in_pieces_and_one_after_the_other);
  tcase_add_test(tc, one_connection_too_many_waits_until_another_ends);
  tcase_add_test(tc, other_users_are_turned_away);
  tcase_add_test(tc, the_socket_has_its_mode_and_is_not_taken_from_a_living_signer);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
