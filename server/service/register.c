/* Registration: a person, by the identity provider's signature, and the credentials that the person
   made (architecture: the token's nonce is the hash of the list). */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "records/receipt.h"
#include "records/sealed_registration.h"
#include "server/db/registry.h"
#include "server/service/additions.h"

typedef struct work {
  nep_service *service;
  nep_registration *registration;
  const char *address;
  nep_buf jwks, sealed;
  char key_set[65];
  bool repeated; /* the same token again: the receipt of the first time */
  int64_t at;
} work;

/* ---- before the transaction ---- */

/* Possession of one credential; costs two exponentiations, so it is not done under a lock. */
static nep_status check_possession(work *w, size_t i, nep_error *err)
{
  const nep_registered_credential *c = &w->registration->credentials[i];
  const nep_group *group = NULL;
  nep_status st = nep_election_group(w->service->board, c->uuid, &group, err);
  if (st == NEP_OK)
    st = nep_possession_verify(group, c->uuid, w->registration->nonce, c, err);
  return st == NEP_OK ? st : nep_inside(err, st, "credentials[%zu]", i);
}

/* For the auditors of the event; all its elections must name the same ones. */
static nep_status seal(work *w, nep_error *err)
{
  const nep_registration *r = w->registration;
  nep_trust *first = NULL;
  nep_status st = nep_trust_from(w->service->board, r->credentials[0].uuid, &first, err);
  for (size_t i = 1; st == NEP_OK && i < r->n_credentials; i++) {
    nep_trust *other = NULL;
    st = nep_trust_from(w->service->board, r->credentials[i].uuid, &other, err);
    if (st == NEP_OK && strcmp(first->hash, other->hash) != 0)
      st = nep_fail(err, NEP_E_STATE, "registration-trust", r->credentials[i].uuid,
                    "the elections of this event publish different trust files");
    nep_trust_free(other);
  }
  if (st == NEP_OK)
    nep_registration_seal(&first->audit->election_key, r, &w->sealed);
  nep_trust_free(first);
  return st;
}

/* ---- inside the transaction ---- */

static nep_status check_election(nep_db *db, const work *w, size_t i, const char *person,
                                 nep_error *err)
{
  const char *uuid = w->registration->credentials[i].uuid;
  nep_held_election held = {0};
  bool on_roll = false;
  int64_t now = 0;
  nep_status st = nep_db_hold_phase(db, uuid, &held, err);
  if (st != NEP_OK)
    return st;
  if (strcmp(held.event, w->registration->event) != 0)
    st = nep_fail(err, NEP_E_INPUT, "registration-event", uuid,
                  "the election belongs to another event");
  if (st == NEP_OK && strcmp(held.phase, "registration") != 0)
    st = nep_fail(err, NEP_E_STATE, "phase", uuid,
                  "the election is in phase %s: it takes no registrations", held.phase);
  if (st == NEP_OK)
    st = nep_db_clock(db, &now, err); /* after the lock */
  if (st == NEP_OK && now >= held.registration_closes)
    st = nep_fail(err, NEP_E_STATE, "registration-closed", uuid, "the deadline has passed");
  if (st == NEP_OK)
    st = nep_db_on_roll(db, uuid, person, &on_roll, err);
  if (st == NEP_OK && !on_roll) {
    (void)nep_fail(err, NEP_E_DENIED, "not-on-roll", uuid, "you are not on this election's roll");
    st = nep_advise(err, "ask the election commission of your place of residence");
  }
  free(held.event);
  return st;
}

/* A new registration takes the place of the whole one before, so it must name all its elections. */
static nep_status keep_election(void *ctx, const char *uuid, nep_error *err)
{
  const nep_registration *r = ctx;
  for (size_t i = 0; i < r->n_credentials; i++)
    if (strcmp(r->credentials[i].uuid, uuid) == 0)
      return NEP_OK;
  return nep_fail(err, NEP_E_INPUT, "registration-elections", "credentials",
                  "you are registered in election %s too: the new registration must list it", uuid);
}

static nep_status check_replaces(nep_db *db, const work *w, const char *person, nep_error *err)
{
  nep_registration *r = w->registration;
  char latest[44];
  bool found = false;
  nep_status st = nep_db_registration_latest(db, r->event, person, &found, latest, err);
  if (st != NEP_OK)
    return st;
  if (found && (r->replaces == NULL || strcmp(r->replaces, latest) != 0)) {
    (void)nep_fail(err, NEP_E_STATE, "registration-replaces", "replaces",
                   "you are registered already; a new registration must name the latest one");
    return nep_advise(err, "its nonce is in your registration's receipt and your own status page");
  }
  if (!found && r->replaces != NULL)
    return nep_fail(err, NEP_E_STATE, "registration-replaces", "replaces",
                    "there is no registration of yours to replace");
  return found ? nep_db_registered(db, latest, keep_election, r, err) : NEP_OK;
}

/* Only for which elections: by which credential is in the box. */
static nep_status insert_elections(nep_db *db, const nep_registration *r, nep_error *err)
{
  nep_status st = NEP_OK;
  for (size_t i = 0; st == NEP_OK && i < r->n_credentials; i++)
    st = nep_db_registered_insert(db, r->credentials[i].uuid, r->nonce, err);
  return st;
}

static nep_status insert(nep_db *db, work *w, const char *person, nep_error *err)
{
  const nep_registration *r = w->registration;
  nep_registration_row row = {
      .nonce = r->nonce,
      .event = r->event,
      .person = person,
      .replaces = r->replaces,
      .token = r->id_token,
      .key_set = w->key_set,
      .sealed = w->sealed.data,
      .at = w->at,
  };
  nep_status st = nep_db_key_set_insert(db, w->key_set, nep_buf_bytes(&w->jwks), err);
  if (st == NEP_OK)
    st = nep_db_registration_insert(db, &row, err);
  if (st == NEP_OK)
    st = insert_elections(db, r, err);
  if (st == NEP_OK)
    st = nep_db_access_insert(db, person, w->at, "registration", w->address, err);
  return st;
}

static nep_status register_person(nep_db *db, work *w, const char *person, nep_error *err)
{
  const nep_registration *r = w->registration;
  nep_status st = nep_db_person_lock(db, r->event, person, err);
  if (st == NEP_OK)
    st = nep_db_registration_at(db, r->nonce, r->event, person, &w->repeated, &w->at, err);
  if (st != NEP_OK || w->repeated)
    return st;
  for (size_t i = 0; st == NEP_OK && i < r->n_credentials; i++)
    st = check_election(db, w, i, person, err);
  if (st == NEP_OK)
    st = check_replaces(db, w, person, err);
  if (st == NEP_OK)
    st = nep_db_clock(db, &w->at, err);
  return st == NEP_OK ? insert(db, w, person, err) : st;
}

static nep_status register_work(nep_db *db, void *ctx, nep_error *err)
{
  work *w = ctx;
  const nep_registration *r = w->registration;
  nep_bytes text = nep_str_bytes(r->id_token);
  nep_idtoken token = {0};
  int64_t now = 0;
  nep_status st = nep_db_clock(db, &now, err);
  if (st == NEP_OK)
    st = nep_idtoken_check(text, nep_buf_bytes(&w->jwks), &w->service->config.id_policy, r->nonce,
                           now, &token, err);
  if (st == NEP_OK)
    st = register_person(db, w, token.person, err);
  nep_idtoken_free(&token);
  return st;
}

/* ---- after the commit ---- */

static nep_status sign_receipt(const work *w, nep_buf *json, nep_error *err)
{
  const nep_registration *r = w->registration;
  const char **uuids = nep_alloc(r->n_credentials, sizeof *uuids);
  nep_buf message = {0};
  char time[21];
  for (size_t i = 0; i < r->n_credentials; i++)
    uuids[i] = r->credentials[i].uuid;
  nep_clock_text(w->at, time);
  nep_registration_receipt_write(r->event, r->nonce, uuids, r->n_credentials, time, &message);
  nep_status st = nep_sign_one(w->service, NEP_SIGN_REGISTRATION_RECEIPT, &message, json, err);
  if (st != NEP_OK)
    nep_advise(err, "the registration is stored: send the same bytes again for its receipt");
  nep_buf_free(&message);
  free(uuids);
  return st;
}

nep_status nep_register(nep_service *s, nep_bytes body, const char *address, nep_buf *json,
                        nep_error *err)
{
  work w = {.service = s, .address = address};
  nep_status st = nep_registration_parse(body, &w.registration, err);
  if (st == NEP_OK)
    st = nep_keys_get(s->keys, &w.jwks, w.key_set, err);
  for (size_t i = 0; st == NEP_OK && i < w.registration->n_credentials; i++)
    st = check_possession(&w, i, err);
  if (st == NEP_OK)
    st = seal(&w, err);
  if (st == NEP_OK)
    st = nep_db_transaction(s->registry, true, register_work, &w, err);
  if (st == NEP_OK && !w.repeated)
    atomic_fetch_add(&s->counters.registrations, 1);
  if (st == NEP_OK)
    st = sign_receipt(&w, json, err);
  nep_buf_free(&w.sealed);
  nep_buf_free(&w.jwks);
  nep_registration_free(w.registration);
  return st;
}
