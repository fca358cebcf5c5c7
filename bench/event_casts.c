/* The statements that the devices of a constituency's voters make with their ballots. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/spread.h"
#include "bench/event.h"
#include "bench/seeded.h"
#include "crypto/hash.h"
#include "protocol/casts.h"
#include "records/cast_statement.h"

struct nep_event_casts {
  const nep_event_plan *plan;
  const nep_event_setup *setup;
  uint64_t constituency;
  char *path;
  FILE *file;
  uint64_t height;
  char head[65];
  char (*last)[65]; /* hash of each voter's last ballot before the block, "" for none */
};

/* The ballots whose statements are made now. */
typedef struct block {
  nep_event_casts *c;
  size_t n;
  char (*hash)[65];
  nep_buf *statement;
} block;

static nep_status write_error(const nep_event_casts *c, nep_error *err)
{
  return nep_fail(err, NEP_E_IO, "file", c->path, "%s", strerror(errno));
}

static nep_status put(nep_event_casts *c, const nep_buf *text, nep_error *err)
{
  return fwrite(text->data, 1, text->len, c->file) == text->len ? NEP_OK : write_error(c, err);
}

nep_status nep_event_casts_open(const nep_event_plan *p, const nep_event_setup *s,
                                uint64_t constituency, const char *path, nep_event_casts **out,
                                nep_error *err)
{
  nep_event_casts *c = *out = nep_alloc(1, sizeof *c);
  nep_buf start = {0};
  *c = (nep_event_casts){.plan = p, .setup = s, .constituency = constituency};
  c->path = nep_strdup(path);
  c->last = nep_alloc(p->voters, sizeof *c->last);
  c->file = fopen(path, "wbx");
  if (!c->file)
    return write_error(c, err);
  nep_casts_start(&start, NEP_EVENT_TIME, s->election->uuid);
  nep_status st = put(c, &start, err);
  nep_buf_free(&start);
  return st;
}

nep_status nep_event_casts_close(nep_event_casts *c, nep_error *err)
{
  nep_status st = c->file && fclose(c->file) != 0 ? write_error(c, err) : NEP_OK;
  free(c->last);
  free(c->path);
  free(c);
  return st;
}

static nep_status make_statement(void *ctx, size_t i, nep_error *err)
{
  block *b = ctx;
  const nep_event_casts *c = b->c;
  const nep_election *e = c->setup->election;
  size_t voters = c->plan->voters, number = c->height + i;
  nep_cast_statement s = {.sequence = (int64_t)(number / voters) + 1};
  nep_scalar key;
  char public[NEP_ELEMENT_TEXT_MAX];
  snprintf(s.uuid, sizeof s.uuid, "%s", e->uuid);
  memcpy(s.election_hash, e->phi, sizeof s.election_hash);
  memcpy(s.ballot, b->hash[i], sizeof s.ballot);
  memcpy(s.previous, i >= voters ? b->hash[i - voters] : c->last[number % voters],
         sizeof s.previous);
  nep_seeded_begin("cast", c->constituency, number);
  nep_status st = nep_ballot_credential(e, c->setup->secrets[number % voters], &key, public, err);
  if (st == NEP_OK)
    nep_cast_statement_make(e->group, &key, &s, &b->statement[i]);
  nep_scalar_wipe(&key);
  return st;
}

static nep_status write_statement(nep_event_casts *c, const nep_buf *statement, nep_error *err)
{
  nep_buf text = {0}, event = {0};
  char payload[65], head[65];
  nep_archive_data(&text, NEP_EVENT_TIME, nep_buf_bytes(statement), payload);
  nep_casts_event(c->height ? c->head : NULL, c->height, payload, &event, head);
  nep_archive_event(&text, NEP_EVENT_TIME, nep_buf_bytes(&event), NULL);
  memcpy(c->head, head, sizeof c->head);
  nep_status st = put(c, &text, err);
  nep_buf_free(&event);
  nep_buf_free(&text);
  return st;
}

/* One after the other; what was written is the voter's last ballot. */
static nep_status write_all(block *b, nep_error *err)
{
  nep_event_casts *c = b->c;
  nep_status st = NEP_OK;
  for (size_t i = 0; st == NEP_OK && i < b->n; i++) {
    st = write_statement(c, &b->statement[i], err);
    memcpy(c->last[c->height++ % c->plan->voters], b->hash[i], sizeof *b->hash);
  }
  return st;
}

nep_status nep_event_casts_add(nep_event_casts *c, const nep_buf *ballots, size_t n, nep_error *err)
{
  block b = {.c = c, .n = n};
  b.hash = nep_alloc(n, sizeof *b.hash);
  b.statement = nep_alloc(n, sizeof *b.statement);
  for (size_t i = 0; i < n; i++)
    nep_sha256_hex(ballots[i].data, ballots[i].len, b.hash[i]);
  nep_status st = nep_spread(n, c->plan->jobs, make_statement, &b, err);
  if (st == NEP_OK)
    st = write_all(&b, err);
  for (size_t i = 0; i < n; i++)
    nep_buf_free(&b.statement[i]);
  free(b.statement);
  free(b.hash);
  return st;
}
