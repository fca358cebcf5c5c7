/* Trustee, definition and credentials of a made-up event. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/spread.h"
#include "bench/event.h"
#include "bench/seeded.h"

nep_status nep_event_trustee_make(const nep_event_plan *p, nep_event_trustee *out, nep_error *err)
{
  char seed[NEP_SEED_LENGTH + 1], id[9];
  nep_buf single = {0};
  nep_findings f = {0};
  size_t owner;
  *out = (nep_event_trustee){.trustees = NULL};
  nep_seeded_begin("trustee", 0, 0);
  nep_random_base58(seed, NEP_SEED_LENGTH);
  nep_single_public_key(p->group, seed, "Benchmark", &single, id);
  nep_status st = nep_trustees_make(nep_buf_bytes(&single), (nep_bytes){"", 0}, &out->text, err);
  if (st == NEP_OK) {
    nep_trustees_verify(p->group, nep_buf_bytes(&out->text), &out->trustees, &f);
    st = nep_findings_status(&f, err);
  }
  if (st == NEP_OK)
    st = nep_trustee_key(out->trustees, seed, (nep_bytes){NULL, 0}, &out->x, &out->signing_key,
                         &owner, err);
  nep_findings_free(&f);
  nep_buf_free(&single);
  return st;
}

void nep_event_trustee_free(nep_event_trustee *t)
{
  nep_trustees_free(t->trustees);
  nep_buf_free(&t->text);
}

static nep_status make_definition(const nep_event_plan *p, const nep_event_trustee *t, uint64_t c,
                                  nep_buf *out, nep_error *err)
{
  nep_buf template = {0};
  char uuid[15];
  nep_seeded_begin("uuid", c, 0);
  nep_random_base58(uuid, 14);
  nep_buf_printf(&template,
                 "{\"description\":\"Made for measurements.\",\"name\":\"Constituency %llu\","
                 "\"questions\":[{\"type\":\"Homomorphic\",\"value\":{\"answers\":[",
                 (unsigned long long)c);
  for (unsigned i = 0; i < p->candidates; i++)
    nep_buf_printf(&template, "%s\"Candidate %u\"", i == 0 ? "" : ",", i + 1);
  nep_buf_printf(&template,
                 "],\"blank\":%s,\"min\":1,\"max\":%u,\"question\":\"Whom do you elect?\"}}],"
                 "\"administrator\":\"bench\",\"credential_authority\":[\"Server\"]}",
                 p->no_blank ? "false" : "true", p->candidates < 3 ? p->candidates : 3);
  nep_status st = nep_election_make(nep_buf_bytes(&template), p->group, &t->trustees->election_key,
                                    uuid, out, err);
  nep_buf_free(&template);
  return st;
}

typedef struct credentials_work {
  nep_event_setup *setup;
  uint64_t constituency;
  char *texts; /* of the public credentials, `stride` apart */
  size_t stride;
} credentials_work;

static nep_status make_credential(void *ctx, size_t i, nep_error *err)
{
  credentials_work *w = ctx;
  const nep_election *e = w->setup->election;
  nep_scalar key;
  char text[NEP_ELEMENT_TEXT_MAX];
  nep_seeded_begin("credential", w->constituency, i);
  nep_credential_new(w->setup->secrets[i]);
  nep_status st = nep_ballot_credential(e, w->setup->secrets[i], &key, text, err);
  if (st == NEP_OK)
    memcpy(w->texts + i * w->stride, text, strlen(text) + 1);
  return st;
}

static nep_status make_credentials(const nep_event_plan *p, uint64_t c, nep_event_setup *s,
                                   nep_error *err)
{
  credentials_work w = {.setup = s, .constituency = c};
  const char **list = nep_alloc(p->voters, sizeof *list);
  w.stride = nep_element_text_longest(p->group) + 1;
  w.texts = nep_alloc(p->voters, w.stride);
  s->secrets = nep_alloc(p->voters, sizeof *s->secrets);
  nep_status st = nep_spread(p->voters, p->jobs, make_credential, &w, err);
  for (size_t i = 0; i < p->voters; i++)
    list[i] = w.texts + i * w.stride;
  if (st == NEP_OK)
    st = nep_credentials_make(p->group, list, NULL, p->voters, &s->credentials, err);
  free(list);
  free(w.texts);
  return st;
}

nep_status nep_event_setup_make(const nep_event_plan *p, const nep_event_trustee *t, uint64_t c,
                                nep_event_setup *out, nep_error *err)
{
  *out = (nep_event_setup){.election = NULL};
  nep_status st = make_definition(p, t, c, &out->definition, err);
  if (st == NEP_OK)
    st = nep_election_parse(nep_buf_bytes(&out->definition), &out->election, err);
  if (st == NEP_OK)
    st = make_credentials(p, c, out, err);
  return st;
}

void nep_event_setup_free(nep_event_setup *s)
{
  free(s->secrets);
  nep_election_free(s->election);
  nep_buf_free(&s->credentials);
  nep_buf_free(&s->definition);
}
