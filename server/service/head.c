/* Signed heads of both chains and the signer's key. */
#include <string.h>

#include "base/clock.h"
#include "records/receipt.h"
#include "server/service/showing.h"

typedef struct look {
  const char *uuid;
  nep_head_row head;
  nep_casts_head casts;
  int64_t now;
} look;

static nep_status read_head(nep_db *db, void *ctx, nep_error *err)
{
  look *l = ctx;
  nep_status st = nep_db_head_get(db, l->uuid, &l->head, err);
  if (st == NEP_OK)
    st = nep_db_casts_head(db, l->uuid, l->head.height, &l->casts, err);
  if (st == NEP_OK)
    st = nep_db_clock(db, &l->now, err);
  /* A clock that was set back never makes a head older than its last event. */
  if (l->now < l->head.event_time)
    l->now = l->head.event_time;
  return st;
}

static nep_status read_both(nep_service *s, look *l, nep_error *err)
{
  nep_status st = nep_db_transaction(s->board, true, read_head, l, err);
  if (st == NEP_OK && !l->head.has_event)
    st = nep_fail(err, NEP_E_NOT_FOUND, "archive", "uuid", "the election has not opened yet");
  return st;
}

static nep_status sign_head(nep_service *s, nep_signed_chain chain, const look *l, nep_head *head,
                            nep_buf *json, nep_error *err)
{
  nep_buf message = {0};
  memcpy(head->uuid, l->uuid, strlen(l->uuid) + 1); /* found, so at most 64 characters */
  nep_clock_text(l->now, head->time);
  nep_head_write(head, &message);
  nep_status st = nep_signer_catch_up(s, chain, l->uuid, (int64_t)head->height, err);
  if (st == NEP_OK)
    st = nep_sign_one(s, chain == NEP_SIGNED_CASTS ? NEP_SIGN_CASTS_HEAD : NEP_SIGN_HEAD, &message,
                      json, err);
  nep_buf_free(&message);
  return st;
}

nep_status nep_head_get(nep_service *s, const char *uuid, nep_buf *json, nep_error *err)
{
  look l = {.uuid = uuid};
  nep_status st = read_both(s, &l, err);
  if (st != NEP_OK)
    return st;
  nep_head head = {.height = (uint64_t)l.head.height, .size = (uint64_t)l.head.archive_end};
  memcpy(head.event, l.head.event, sizeof head.event);
  return sign_head(s, NEP_SIGNED_ARCHIVE, &l, &head, json, err);
}

nep_status nep_casts_head_get(nep_service *s, const char *uuid, nep_buf *json, nep_error *err)
{
  look l = {.uuid = uuid};
  nep_status st = read_both(s, &l, err);
  if (st == NEP_OK && l.casts.height == 0)
    st = nep_fail(err, NEP_E_NOT_FOUND, "casts", "uuid", "no cast statement has come yet");
  if (st != NEP_OK)
    return st;
  nep_head head = {.height = (uint64_t)l.casts.height - 1, .size = (uint64_t)l.casts.casts_end};
  memcpy(head.event, l.casts.event, sizeof head.event);
  return sign_head(s, NEP_SIGNED_CASTS, &l, &head, json, err);
}

nep_status nep_signer_key_get(nep_service *s, nep_buf *json, nep_error *err)
{
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_status st = nep_signer_public_key(s->signer, key, err);
  if (st == NEP_OK)
    nep_buf_printf(json, "{\"key\":\"%s\"}", key);
  return st;
}
