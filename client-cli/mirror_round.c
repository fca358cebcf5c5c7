#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/mirror.h"
#include "client-cli/server_key.h"
#include "records/countersignature.h"

enum { RECEIPT_MAX = 65536 };

/* ---- receipts ---- */

static nep_status load_receipt(nep_mirror *m, const char *path, nep_error *err)
{
  nep_mirror_receipt *r = &m->receipts[m->n_receipts];
  nep_buf text = {0};
  nep_status status = nep_file_read(path, RECEIPT_MAX, &text, err);
  while (text.len > 0 && text.data[text.len - 1] == '\n')
    text.data[--text.len] = '\0';
  if (status == NEP_OK)
    status = nep_cast_receipt_verify(nep_buf_bytes(&text), m->server_key, &r->receipt, err);
  if (status == NEP_OK && strcmp(r->receipt.uuid, m->uuid) != 0)
    status = nep_fail(err, NEP_E_INPUT, "receipt-content", path, _("is of another election"));
  if (status == NEP_OK) {
    r->text = nep_strdup(text.data);
    m->n_receipts++;
  }
  nep_buf_free(&text);
  return status;
}

static bool is_honoured(const nep_mirror *m, const nep_cast_receipt *r)
{
  char tracker[44];
  return strcmp(m->events[r->height], r->event) == 0 &&
         nep_tracker(m->payloads[r->height], tracker) && strcmp(tracker, r->tracker) == 0;
}

/* A receipt is given when its ballot is stored, so a head signed later reaches its height. */
nep_status nep_mirror_check_receipts(nep_mirror *m, const nep_kept_head *head, nep_error *err)
{
  for (size_t i = 0; i < m->n_receipts; i++) {
    const nep_cast_receipt *r = &m->receipts[i].receipt;
    const char *texts[] = {m->receipts[i].text, head->text};
    bool reached = r->height < m->n_events;
    if (reached ? !is_honoured(m, r) : strcmp(head->head.time, r->time) > 0)
      return nep_mirror_alarm(m, "receipt-not-honoured",
                              _("the ballot of a receipt is not where the receipt says"), texts, 2,
                              NULL, err);
  }
  return NEP_OK;
}

/* ---- opening ---- */

nep_status nep_mirror_open(nep_mirror *m, const char *key_file, const char *const *receipts,
                           size_t n, nep_error *err)
{
  nep_status status = nep_folder_open(m->dir, err);
  if (status == NEP_OK)
    status = nep_folder_lock(m->dir, err);
  if (status == NEP_OK)
    status = nep_signing_key_load(key_file, &m->key, err);
  if (status == NEP_OK)
    status = nep_http_new(m->server, m->ca, &m->http, err);
  if (status == NEP_OK)
    status = nep_server_key(m->http, m->dir, m->expected_key, m->server_key, err);
  if (status == NEP_OK)
    status = nep_mirror_load_heads(m, err);
  for (size_t i = 0; status == NEP_OK && i < n; i++)
    status = load_receipt(m, receipts[i], err);
  return status;
}

void nep_mirror_close(nep_mirror *m)
{
  for (size_t i = 0; i < m->n_heads; i++)
    free(m->heads[i].text);
  for (size_t i = 0; i < m->n_receipts; i++)
    free(m->receipts[i].text);
  free(m->heads);
  free(m->events);
  free(m->payloads);
  nep_chain_free(&m->chain);
  nep_verified_free(m->verified);
  nep_http_free(m->http);
  nep_signing_key_free(m->key);
}

/* ---- a round ---- */

static nep_status countersign(nep_mirror *m, const char *name, const nep_head *head, nep_error *err)
{
  nep_buf text = {0};
  char *path = nep_folder_path(m->dir, name);
  nep_status status = NEP_OK;
  if (!nep_folder_has(m->dir, name)) {
    nep_countersign(m->key, head, &text);
    nep_buf_char(&text, '\n');
    status = nep_file_write(path, text.data, text.len, NEP_FILE_PUBLIC, err);
  }
  free(path);
  nep_buf_free(&text);
  return status;
}

static nep_status countersign_head(nep_mirror *m, const nep_head *head, nep_error *err)
{
  char *name = nep_sprintf("%s-%" PRIu64 ".countersignature.json", m->uuid, head->height);
  nep_status status = countersign(m, name, head, err);
  free(name);
  return status;
}

/* Officials, trustees and the server ask for the countersignature of the end of the vote. It is
   made whenever the copy reaches there, also when the record has grown on since the last look. */
static nep_status countersign_end(nep_mirror *m, const char *time, nep_error *err)
{
  const nep_verified *v = m->verified;
  nep_head head = {.height = v->end_ballots_height, .size = v->end_ballots_size};
  if (v->end_ballots_head[0] == '\0')
    return NEP_OK;
  snprintf(head.uuid, sizeof head.uuid, "%s", m->uuid);
  memcpy(head.event, v->end_ballots_head, sizeof head.event);
  memcpy(head.time, time, sizeof head.time);
  char *name = nep_sprintf("%s-closed.countersignature.json", m->uuid);
  nep_status status = countersign(m, name, &head, err);
  free(name);
  return status;
}

nep_status nep_mirror_round(nep_mirror *m, nep_head *countersigned, nep_error *err)
{
  nep_kept_head *head = NULL;
  nep_status status = nep_mirror_ask_head(m, &head, err);
  if (status == NEP_OK)
    status = nep_mirror_fetch(m, head, err);
  if (status == NEP_OK)
    status = nep_mirror_check_receipts(m, head, err);
  if (status != NEP_OK)
    return status;
  *countersigned = head->head;
  nep_clock_text(nep_clock_now(), countersigned->time);
  status = countersign_end(m, countersigned->time, err);
  return status == NEP_OK ? countersign_head(m, countersigned, err) : status;
}
