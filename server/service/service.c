/* Starting and stopping the services. */
#include <stdlib.h>

#include "base/memory.h"
#include "server/service/caster.h"
#include "server/service/challenge.h"
#include "server/service/copies.h"
#include "server/service/counts.h"
#include "server/service/inside.h"
#include "server/service/setups.h"
#include "server/service/turns.h"

/* Threads that show nep-signer a long chain, and that write a long copy of an archive. */
enum { LONG_AT_ONCE = 2 };
/* Connections to nep-signer, which takes 32 and answers one after the other. */
enum { SIGNER_CLIENTS = 16 };

static void copy_config(nep_service_config *own, const nep_service_config *c)
{
  *own = *c;
  own->db_registry = nep_strdup_optional(c->db_registry);
  own->db_board = nep_strdup_optional(c->db_board);
  own->db_official = nep_strdup_optional(c->db_official);
  own->state_folder = nep_strdup_optional(c->state_folder);
  own->signer_socket = nep_strdup_optional(c->signer_socket);
  own->jwks_file = nep_strdup_optional(c->jwks_file);
  own->jwks_address = nep_strdup_optional(c->jwks_address);
  own->jwks_ca = nep_strdup_optional(c->jwks_ca);
  own->id_policy.issuer = nep_strdup_optional(c->id_policy.issuer);
  own->id_policy.audience = nep_strdup_optional(c->id_policy.audience);
  own->id_policy.roll_claim = nep_strdup_optional(c->id_policy.roll_claim);
}

static void free_config(nep_service_config *own)
{
  const char *texts[] = {
      own->db_registry,      own->db_board,           own->db_official,         own->state_folder,
      own->signer_socket,    own->jwks_file,          own->jwks_address,        own->jwks_ca,
      own->id_policy.issuer, own->id_policy.audience, own->id_policy.roll_claim};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    free((char *)(uintptr_t)texts[i]);
}

static nep_status connect_all(nep_service *s, nep_error *err)
{
  unsigned size = s->config.db_connections;
  nep_status st = nep_pool_new(s->config.db_registry, size, &s->registry, err);
  if (st == NEP_OK)
    st = nep_pool_new(s->config.db_board, size, &s->board, err);
  if (st == NEP_OK)
    st = nep_pool_new(s->config.db_board, NEP_COMMITTERS, &s->casting, err);
  if (st == NEP_OK)
    st = nep_pool_new(s->config.db_official, size, &s->official, err);
  return st;
}

nep_status nep_service_start(const nep_service_config *config, nep_service **out, nep_error *err)
{
  nep_service *s = nep_alloc(1, sizeof *s);
  copy_config(&s->config, config);
  *out = NULL;
  nep_status st =
      nep_keys_new(config->jwks_file, config->jwks_address, config->jwks_ca, &s->keys, err);
  if (st == NEP_OK)
    st = connect_all(s, err);
  unsigned clients =
      s->config.db_connections < SIGNER_CLIENTS ? s->config.db_connections : SIGNER_CLIENTS;
  s->signer = nep_signer_new(s->config.signer_socket, clients);
  if (st == NEP_OK)
    st = nep_board_compare(s, err);
  if (st != NEP_OK) {
    nep_service_stop(s);
    return st;
  }
  s->setups = nep_setups_new(s->config.list_memory);
  s->copies = nep_copies_new(LONG_AT_ONCE);
  s->counts = nep_counts_new();
  s->showings = nep_turns_new(LONG_AT_ONCE);
  s->caster = nep_caster_start(s);
  s->challenger = nep_challenger_start(s);
  *out = s;
  return NEP_OK;
}

void nep_service_finish(nep_service *s)
{
  nep_challenger_stop(s->challenger);
  nep_caster_stop(s->caster);
}

void nep_service_stop(nep_service *s)
{
  if (s == NULL)
    return;
  nep_service_finish(s);
  nep_challenger_free(s->challenger);
  nep_caster_free(s->caster);
  nep_turns_free(s->showings);
  nep_counts_free(s->counts);
  nep_copies_free(s->copies);
  nep_setups_free(s->setups);
  nep_signer_free(s->signer);
  nep_keys_free(s->keys);
  nep_pool_free(s->official);
  nep_pool_free(s->casting);
  nep_pool_free(s->board);
  nep_pool_free(s->registry);
  free_config(&s->config);
  free(s);
}

static nep_status look_at_clock(nep_db *db, void *ctx, nep_error *err)
{
  return nep_db_clock(db, ctx, err);
}

nep_status nep_service_ready(nep_service *s, nep_error *err)
{
  nep_pool *const pools[] = {s->registry, s->board, s->official};
  char key[NEP_PUBLIC_KEY_HEX + 1];
  int64_t now = 0;
  nep_status st = NEP_OK;
  for (size_t i = 0; st == NEP_OK && i < 3; i++)
    st = nep_db_transaction(pools[i], true, look_at_clock, &now, err);
  return st == NEP_OK ? nep_signer_public_key(s->signer, key, err) : st;
}
