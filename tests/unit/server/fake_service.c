#include "tests/unit/server/fake_service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"

static void pause_ms(int ms)
{
  struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
  nanosleep(&t, NULL);
}

static void note(nep_service *s, nep_bytes body, const char *address)
{
  size_t n = body.len < sizeof s->last_body - 1 ? body.len : sizeof s->last_body - 1;
  memcpy(s->last_body, body.data, n);
  s->last_body[n] = '\0';
  if (address)
    snprintf(s->last_address, sizeof s->last_address, "%s", address);
}

/* Answers {"call":name}, or fails as the test wants. */
static nep_status answer(nep_service *s, const char *name, nep_buf *json, nep_error *err)
{
  atomic_fetch_add(&s->calls, 1);
  pause_ms(s->delay_ms);
  if (s->answer != NEP_OK)
    return nep_fail(err, s->answer, "fake", "fake-field", "inner reason");
  nep_buf_printf(json, "{\"call\":\"%s\"}", name);
  return NEP_OK;
}

nep_status nep_service_start(const nep_service_config *config, nep_service **out, nep_error *err)
{
  (void)config;
  (void)err;
  *out = nep_alloc(1, sizeof **out);
  return NEP_OK;
}

void nep_service_finish(nep_service *s)
{
  (void)s;
}

void nep_service_stop(nep_service *s)
{
  free(s);
}

nep_status nep_service_ready(nep_service *s, nep_error *err)
{
  return s->answer == NEP_OK ? NEP_OK : nep_fail(err, s->answer, "fake", "", "inner reason");
}

void nep_service_metrics(nep_service *s, nep_buf *text)
{
  nep_buf_printf(text, "# HELP fake_calls Calls.\n# TYPE fake_calls gauge\nfake_calls %d\n",
                 atomic_load(&s->calls));
}

nep_status nep_elections_list(nep_service *s, nep_buf *json, nep_error *err)
{
  return answer(s, "elections", json, err);
}

nep_status nep_election_show(nep_service *s, const char *uuid, nep_buf *json, nep_error *err)
{
  return answer(s, uuid, json, err);
}

nep_status nep_document_get(nep_service *s, const char *uuid, nep_document which, nep_buf *bytes,
                            char hash[65], nep_error *err)
{
  static const char *const names[] = {"definition", "trustees", "credentials", "result",
                                      "trust",      "verdict",  "tally-acts",  "countersignatures"};
  (void)uuid;
  memcpy(hash, FAKE_HASH, 65);
  return answer(s, names[which], bytes, err);
}

nep_status nep_ballots_page(nep_service *s, const char *uuid, uint64_t after, unsigned limit,
                            nep_buf *json, nep_error *err)
{
  (void)uuid;
  char name[64];
  snprintf(name, sizeof name, "page %llu %u", (unsigned long long)after, limit);
  return answer(s, name, json, err);
}

nep_status nep_ballot_get(nep_service *s, const char *uuid, const char *tracker, nep_buf *bytes,
                          nep_error *err)
{
  (void)uuid;
  return answer(s, tracker, bytes, err);
}

nep_status nep_archive_get(nep_service *s, const char *uuid, uint64_t *height, char path[4096],
                           uint64_t *size, char event_hash[65], nep_error *err)
{
  (void)uuid;
  atomic_fetch_add(&s->calls, 1);
  if (s->answer != NEP_OK)
    return nep_fail(err, s->answer, "fake", "fake-field", "inner reason");
  if (*height == UINT64_MAX)
    *height = 7;
  snprintf(path, 4096, "%s", s->archive);
  *size = s->archive_size;
  memcpy(event_hash, FAKE_HASH, 65);
  return NEP_OK;
}

nep_status nep_casts_get(nep_service *s, const char *uuid, uint64_t *height, char path[4096],
                         uint64_t *size, char event_hash[65], nep_error *err)
{
  return nep_archive_get(s, uuid, height, path, size, event_hash, err);
}

nep_status nep_head_get(nep_service *s, const char *uuid, nep_buf *json, nep_error *err)
{
  (void)uuid;
  return answer(s, "head", json, err);
}

nep_status nep_casts_head_get(nep_service *s, const char *uuid, nep_buf *json, nep_error *err)
{
  (void)uuid;
  return answer(s, "cast statements", json, err);
}

nep_status nep_signer_key_get(nep_service *s, nep_buf *json, nep_error *err)
{
  return answer(s, "key", json, err);
}

nep_status nep_sign_in_start(nep_service *s, nep_buf *json, nep_error *err)
{
  return answer(s, "sign-in", json, err);
}

nep_status nep_session_open(nep_service *s, nep_bytes body, const char *address, nep_buf *json,
                            nep_error *err)
{
  note(s, body, address);
  return answer(s, "session", json, err);
}

nep_status nep_register(nep_service *s, nep_bytes body, const char *address, nep_buf *json,
                        nep_error *err)
{
  note(s, body, address);
  return answer(s, "register", json, err);
}

nep_status nep_last_cast(nep_service *s, const char *uuid, nep_bytes body, nep_buf *json,
                         nep_error *err)
{
  note(s, body, uuid);
  return answer(s, "last-cast", json, err);
}

nep_status nep_own_registration(nep_service *s, const char *session, const char *address,
                                nep_buf *json, nep_error *err)
{
  (void)address;
  return answer(s, session, json, err);
}

nep_status nep_own_accesses(nep_service *s, const char *session, const char *address, nep_buf *json,
                            nep_error *err)
{
  (void)address;
  return answer(s, session, json, err);
}

size_t nep_cast_length(nep_service *s, const char *uuid)
{
  (void)uuid;
  return s->cast_length;
}

typedef struct cast {
  nep_service *service;
  nep_cast_done *done;
  void *ctx;
} cast;

static void *finish_cast(void *ctx)
{
  cast *c = ctx;
  nep_buf json = {0};
  nep_error err = {0};
  pause_ms(c->service->delay_ms);
  nep_buf_str(&json, "{\"receipt\":1}");
  if (c->service->answer != NEP_OK)
    nep_fail(&err, c->service->answer, "phase", NULL, "the vote is closed");
  bool created = strncmp(c->service->last_body, "again", 5) != 0;
  c->done(c->ctx, c->service->answer, created, &json, &err);
  nep_buf_free(&json);
  free(c);
  return NULL;
}

nep_status nep_cast_submit(nep_service *s, const char *uuid, nep_bytes body, nep_cast_done *done,
                           void *ctx, nep_error *err)
{
  (void)uuid;
  note(s, body, NULL);
  atomic_fetch_add(&s->calls, 1);
  if (s->cast_is_full)
    return nep_fail(err, NEP_E_BUSY, "busy", NULL, "the queue is full");
  cast *c = nep_alloc(1, sizeof *c);
  *c = (cast){s, done, ctx};
  pthread_t thread;
  if (pthread_create(&thread, NULL, finish_cast, c) != 0)
    abort();
  pthread_detach(thread);
  return NEP_OK;
}

size_t nep_challenge_length(nep_service *s, const char *uuid)
{
  return 2 * nep_cast_length(s, uuid);
}

nep_status nep_challenge_submit(nep_service *s, const char *uuid, nep_bytes body,
                                nep_cast_done *done, void *ctx, nep_error *err)
{
  atomic_fetch_add(&s->challenges, 1);
  return nep_cast_submit(s, uuid, body, done, ctx, err);
}

nep_status nep_challenges_page(nep_service *s, const char *uuid, uint64_t from, nep_buf *lines,
                               nep_error *err)
{
  (void)uuid;
  char name[64];
  snprintf(name, sizeof name, "challenges %llu", (unsigned long long)from);
  return answer(s, name, lines, err);
}

nep_status nep_act_perform(nep_service *s, nep_action action, const char *uuid, nep_bytes header,
                           nep_bytes body, nep_buf *json, nep_error *err)
{
  (void)uuid;
  (void)header;
  char name[16];
  note(s, body, NULL);
  snprintf(name, sizeof name, "act %d", (int)action);
  nep_status status = answer(s, name, json, err);
  if (status != NEP_OK && s->extra)
    nep_buf_str(json, s->extra);
  return status;
}

nep_status nep_migrate(const char *conninfo, const char *folder, nep_error *err)
{
  (void)conninfo;
  (void)folder;
  return nep_fail(err, NEP_E_IO, "fake", "", "no database");
}

nep_status nep_official_add(const char *conninfo, const char *name, const char *public_hex,
                            nep_error *err)
{
  (void)name;
  (void)public_hex;
  return nep_migrate(conninfo, "", err);
}

nep_status nep_official_revoke(const char *conninfo, const char *name, nep_error *err)
{
  (void)name;
  return nep_migrate(conninfo, "", err);
}
