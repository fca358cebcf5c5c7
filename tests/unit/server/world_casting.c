/* Ballots, and waiting for their answers. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "protocol/verify.h"
#include "records/cast_statement.h"
#include "tests/unit/server/world.h"

static void must(nep_status status, const nep_error *err)
{
  ck_assert_msg(status == NEP_OK, "%s: %s %s", err->code, err->where, err->reason);
}

void world_ballot_text(const world_election *e, size_t voter, unsigned choice, nep_buf *ballot)
{
  nep_choice choices[1] = {{.chosen = {choice == 0, choice == 1}}};
  nep_error err = {0};
  must(nep_ballot_make(e->election, e->credentials[voter], choices, ballot, &err), &err);
}

void world_enclose(const world_election *e, size_t voter, const nep_buf *ballot, int64_t sequence,
                   nep_buf *body)
{
  nep_cast_statement s = {.sequence = sequence};
  nep_buf statement = {0};
  nep_scalar key;
  nep_error err = {0};
  char public[NEP_ELEMENT_TEXT_MAX];
  must(nep_ballot_credential(e->election, e->credentials[voter], &key, public, &err), &err);
  memcpy(s.uuid, e->uuid, sizeof s.uuid);
  memcpy(s.election_hash, e->election->phi, sizeof s.election_hash);
  nep_sha256_hex(ballot->data, ballot->len, s.ballot);
  nep_cast_statement_make(e->election->group, &key, &s, &statement);
  nep_cast_join(nep_buf_bytes(ballot), nep_buf_bytes(&statement), body);
  nep_buf_free(&statement);
  while (body->len < nep_ballot_envelope(e->election))
    nep_buf_char(body, ' ');
}

void world_ballot(const world_election *e, size_t voter, unsigned choice, nep_buf *body)
{
  static int64_t last_number;
  nep_buf ballot = {0};
  world_ballot_text(e, voter, choice, &ballot);
  world_enclose(e, voter, &ballot, ++last_number, body);
  nep_buf_free(&ballot);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;

void world_cast_done(void *ctx, nep_status status, bool created, const nep_buf *json,
                     const nep_error *err)
{
  world_cast_result *r = ctx;
  pthread_mutex_lock(&lock);
  ck_assert(!r->done); /* each is answered once */
  r->status = status;
  r->created = created;
  nep_buf_add(&r->json, json->data, json->len);
  if (status != NEP_OK)
    r->err = *err;
  r->done = true;
  pthread_cond_broadcast(&answered);
  pthread_mutex_unlock(&lock);
}

nep_status world_cast_send(const char *uuid, const nep_buf *body, world_cast_result *out,
                           nep_error *err)
{
  *out = (world_cast_result){0};
  return nep_cast_submit(world, uuid, nep_buf_bytes(body), world_cast_done, out, err);
}

void world_cast_wait(world_cast_result *results, size_t n)
{
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < n; i++)
    while (!results[i].done)
      pthread_cond_wait(&answered, &lock);
  pthread_mutex_unlock(&lock);
}

void world_cast_all(const char *uuid, const nep_buf *bodies, world_cast_result *results, size_t n)
{
  nep_error err = {0};
  for (size_t i = 0; i < n; i++)
    must(world_cast_send(uuid, &bodies[i], &results[i], &err), &err);
  world_cast_wait(results, n);
}

void world_cast(const char *uuid, const nep_buf *body, world_cast_result *out)
{
  nep_error err = {0};
  must(world_cast_send(uuid, body, out, &err), &err);
  world_cast_wait(out, 1);
}

nep_status world_challenge_send(const char *uuid, const nep_buf *body, world_cast_result *out,
                                nep_error *err)
{
  *out = (world_cast_result){0};
  return nep_challenge_submit(world, uuid, nep_buf_bytes(body), world_cast_done, out, err);
}

void world_challenge(const char *uuid, const nep_buf *body, world_cast_result *out)
{
  nep_error err = {0};
  must(world_challenge_send(uuid, body, out, &err), &err);
  world_cast_wait(out, 1);
}

nep_cast *world_received(const world_election *e, const nep_buf *body, world_cast_result *r)
{
  nep_cast *cast = nep_alloc(1, sizeof *cast);
  memcpy(cast->uuid, e->uuid, sizeof e->uuid);
  nep_buf_add(&cast->body, body->data, body->len);
  nep_error err = {0};
  ck_assert_int_eq(nep_setup_take(world, e->uuid, &cast->setup, &err), NEP_OK);
  cast->done = world_cast_done;
  cast->ctx = r;
  if (r != NULL)
    *r = (world_cast_result){0};
  return cast;
}

nep_cast *world_verified_body(const world_election *e, const nep_buf *body, world_cast_result *r)
{
  nep_cast *cast = world_received(e, body, r);
  nep_cast_verdict verdict = {.status = NEP_OK};
  nep_cast_verify(world, &cast, 1, &verdict);
  ck_assert_msg(verdict.status == NEP_OK, "%s", verdict.err.reason);
  return cast;
}

nep_cast *world_verified(const world_election *e, size_t voter, world_cast_result *r)
{
  nep_buf body = {0};
  world_ballot(e, voter, 1, &body);
  nep_cast *cast = world_verified_body(e, &body, r);
  nep_buf_free(&body);
  return cast;
}

void world_casts_free(nep_cast **casts, size_t n)
{
  for (size_t i = 0; i < n; i++)
    nep_cast_free(world, casts[i]);
}

void world_signer_key(char hex[NEP_PUBLIC_KEY_HEX + 1])
{
  nep_buf json = {0};
  nep_error err = {0};
  must(nep_signer_key_get(world, &json, &err), &err);
  memcpy(hex, json.data + strlen("{\"key\":\""), NEP_PUBLIC_KEY_HEX);
  hex[NEP_PUBLIC_KEY_HEX] = 0;
  nep_buf_free(&json);
}

void world_read_receipt(const world_cast_result *r, nep_cast_receipt *out)
{
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_error err = {0};
  world_signer_key(key);
  must(nep_cast_receipt_verify(nep_buf_bytes(&r->json), key, out, &err), &err);
}

int64_t world_head_number(const world_election *e, const char *column)
{
  char *sql = nep_sprintf("SELECT %s FROM board.heads WHERE uuid = '%s'", column, e->uuid);
  int64_t n = world_count(sql);
  free(sql);
  return n;
}

nep_verified *world_export(const char *uuid)
{
  char path[4096], hash[65];
  uint64_t height = UINT64_MAX, size = 0;
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_verify_options options = {.jobs = 1};
  must(nep_archive_get(world, uuid, &height, path, &size, hash, &err), &err);
  must(nep_verify_archive(path, &options, &v, &err), &err);
  ck_assert_str_eq(v->head, hash);
  ck_assert_uint_eq(v->events, height + 1);
  return v;
}

void world_check_archive(const world_election *e)
{
  char path[4096], hash[65];
  uint64_t height = UINT64_MAX, size = 0;
  nep_error err = {0};
  nep_verified *v = world_export(e->uuid);
  ck_assert(nep_verified_is_valid(v));
  ck_assert_int_eq((int64_t)v->ballots, world_head_number(e, "ballots"));
  ck_assert_int_eq((int64_t)v->credentials_voted, world_head_number(e, "voted"));
  nep_verified_free(v);
  must(nep_casts_get(world, e->uuid, &height, path, &size, hash, &err), &err);
}
