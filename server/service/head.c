/* Signed heads and the signer's key. */
#include <string.h>

#include "base/clock.h"
#include "records/receipt.h"
#include "server/service/inside.h"

typedef struct look {
  const char *uuid;
  nep_head_row head;
  int64_t now;
} look;

static nep_status read_head(nep_db *db, void *ctx, nep_error *err)
{
  look *l = ctx;
  nep_status st = nep_db_head_get(db, l->uuid, &l->head, err);
  return st == NEP_OK ? nep_db_clock(db, &l->now, err) : st;
}

nep_status nep_head_get(nep_service *s, const char *uuid, nep_buf *json, nep_error *err)
{
  look l = {.uuid = uuid};
  nep_head head = {0};
  nep_buf message = {0};
  nep_status st = nep_db_transaction(s->board, true, read_head, &l, err);
  if (st == NEP_OK && !l.head.has_event)
    st = nep_fail(err, NEP_E_NOT_FOUND, "archive", "uuid", "the election has not opened yet");
  if (st != NEP_OK)
    return st;
  memcpy(head.uuid, uuid, strlen(uuid) + 1); /* found, so at most 64 characters */
  memcpy(head.event, l.head.event, sizeof head.event);
  head.height = (uint64_t)l.head.height;
  head.size = (uint64_t)l.head.archive_end;
  nep_clock_text(l.now, head.time);
  nep_head_write(&head, &message);
  st = nep_signer_catch_up(s, uuid, l.head.height, err);
  if (st == NEP_OK)
    st = nep_sign_one(s, NEP_SIGN_HEAD, &message, json, err);
  nep_buf_free(&message);
  return st;
}

nep_status nep_signer_key_get(nep_service *s, nep_buf *json, nep_error *err)
{
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_status st = nep_signer_public_key(s->signer, key, err);
  if (st == NEP_OK)
    nep_buf_printf(json, "{\"key\":\"%s\"}", key);
  return st;
}
