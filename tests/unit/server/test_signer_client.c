/* What the client takes from whoever answers in the place of nep-signer. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "records/signed.h"
#include "records/tags.h"
#include "server/signer/client.h"
#include "server/signer/frame.h"
#include "tests/support/run.h"
#include "tests/unit/server/signer_receipt.h"

static char folder[] = "/tmp/nep-signer.XXXXXX";
static nep_signing_key *key;

static void setup(void)
{
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  ck_assert_ptr_nonnull(mkdtemp(folder));
  key = nep_signing_key_new();
}

static void teardown(void)
{
  rmdir(folder);
  nep_signing_key_free(key);
}

/* What another signer answers to the first request, whatever it was. */
typedef struct liar {
  int socket;
  const char *answer;
} liar;

static void *lie(void *ctx)
{
  const liar *l = ctx;
  int fd = accept(l->socket, NULL, NULL);
  char request[4096];
  nep_buf frame = {0};
  nep_frame_add(&frame, nep_str_bytes(l->answer));
  if (fd < 0 || recv(fd, request, sizeof request, 0) <= 0 ||
      send(fd, frame.data, frame.len, MSG_NOSIGNAL) != (ssize_t)frame.len)
    abort();
  close(fd);
  nep_buf_free(&frame);
  return NULL;
}

/* Asks for signatures of two receipts; out[0] holds a text before. */
static nep_status ask_liar(const char *answer, nep_buf out[2], nep_error *err)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s/liar", folder);
  liar l = {socket(AF_UNIX, SOCK_STREAM, 0), answer};
  pthread_t lying;
  nep_bytes messages[2] = {nep_str_bytes(RECEIPT(1)), nep_str_bytes(RECEIPT(2))};
  ck_assert_int_eq(bind(l.socket, (const struct sockaddr *)&address, sizeof address), 0);
  ck_assert_int_eq(listen(l.socket, 1), 0);
  ck_assert_int_eq(pthread_create(&lying, NULL, lie, &l), 0);
  nep_signer *s = nep_signer_new(address.sun_path, 1);
  nep_status status = nep_signer_sign(s, NEP_SIGN_CAST_RECEIPT, messages, 2, out, err);
  pthread_join(lying, NULL);
  nep_signer_free(s);
  close(l.socket);
  unlink(address.sun_path);
  return status;
}

/* A piece of the true answer and what stands in its place. */
static const struct lie {
  const char *truth, *lie;
  size_t before, behind; /* so many characters beside the piece go, too */
} lies[] = {
    {"\"height\":1", "\"height\":2", 0, 0},          /* about another message */
    {"\"height\":2", "\"height\":1", 0, 0},          /* in the second place, too */
    {"{\"envelopes\":[", "{\"envelope\":[", 0, 0},   /* another answer */
    {"},{", "}{", 0, 0},                             /* nothing between two */
    {"]}", "]}\n", 0, 0},                            /* more behind it */
    {"]}", "", 0, 0},                                /* no end */
    {"]}", ",{}]}", 0, 0},                           /* more envelopes than messages */
    {"{\"message\":", "{ \"message\":", 0, 0},       /* not canonical */
    {"\"key\":", "\"Key\":", 0, 0},                  /* another name */
    {"\"key\":\"", "\"key\":\"A", 0, 1},             /* a key in capitals */
    {"\",\"signature\"", "\",\"signature\"", 2, 0},  /* a short key */
    {",\"signature\":", ",\"Signature\":", 0, 0},    /* another name */
    {"\"signature\":\"", "\"signature\":\"-", 0, 1}, /* a signature in another alphabet */
    {"\"},{", "\"},{", 2, 0},                        /* a short signature */
    {"\"},{", "B\"},{", 1, 0},                       /* one with bits that mean nothing */
    {"\"},{", "==\"},{", 0, 0},                      /* padded */
    {"\"},{", "\",\"more\":1},{", 0, 0},             /* another field */
};

/* The answer that nep-signer gives, with the first `truth` in it replaced. */
static void tell(const struct lie *lie, nep_buf *answer)
{
  nep_buf first = {0}, second = {0}, whole = {0};
  nep_envelope_make(key, NEP_TAG_CAST_RECEIPT, nep_str_bytes(RECEIPT(1)), &first);
  nep_envelope_make(key, NEP_TAG_CAST_RECEIPT, nep_str_bytes(RECEIPT(2)), &second);
  nep_buf_printf(&whole, "{\"envelopes\":[%s,%s]}", first.data, second.data);
  const char *at = lie == NULL ? NULL : strstr(whole.data, lie->truth);
  ck_assert(lie == NULL || at != NULL);
  if (lie == NULL)
    nep_buf_add(answer, whole.data, whole.len);
  else
    nep_buf_printf(answer, "%.*s%s%s", (int)(at - whole.data - (ptrdiff_t)lie->before), whole.data,
                   lie->lie, at + strlen(lie->truth) + lie->behind);
  nep_buf_free(&whole);
  nep_buf_free(&second);
  nep_buf_free(&first);
}

START_TEST(an_answer_in_any_other_shape_reaches_nobody)
{
  nep_error err = {0};
  nep_buf answer = {0}, out[2] = {{0}, {0}};
  nep_buf_str(&out[0], "before");
  tell(&lies[_i], &answer);
  ck_assert_int_eq(ask_liar(answer.data, out, &err), NEP_E_INTERNAL);
  ck_assert_str_eq(out[0].data, "before");
  ck_assert_uint_eq(out[1].len, 0);
  nep_buf_free(&out[0]);
  nep_buf_free(&answer);
}
END_TEST

START_TEST(the_true_answer_is_taken_from_anybody)
{
  nep_error err = {0};
  nep_buf answer = {0}, out[2] = {{0}, {0}};
  nep_buf_str(&out[0], "before");
  tell(NULL, &answer);
  ck_assert_msg(ask_liar(answer.data, out, &err) == NEP_OK, "%s", err.reason);
  ck_assert(strncmp(out[0].data, "before{\"message\":", 17) == 0);
  ck_assert_ptr_nonnull(strstr(answer.data, out[0].data + strlen("before")));
  ck_assert_ptr_nonnull(strstr(answer.data, out[1].data));
  nep_buf_free(&out[1]);
  nep_buf_free(&out[0]);
  nep_buf_free(&answer);
}
END_TEST

START_TEST(a_refusal_by_memory_is_told)
{
  nep_error err = {0};
  nep_buf out[2] = {{0}, {0}};
  ck_assert_int_eq(
      ask_liar("{\"refused\":{\"code\":\"signer-conflict\",\"reason\":\"why\"}}", out, &err),
      NEP_E_INTERNAL);
  ck_assert_str_eq(err.code, "signer-conflict");
  ck_assert_ptr_nonnull(strstr(err.reason, "why"));
  ck_assert_uint_eq(out[0].len + out[1].len, 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("signer-client");
  TCase *tc = tcase_create("answers");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_loop_test(tc, an_answer_in_any_other_shape_reaches_nobody, 0,
                      sizeof lies / sizeof *lies);
  tcase_add_test(tc, the_true_answer_is_taken_from_anybody);
  tcase_add_test(tc, a_refusal_by_memory_is_told);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
