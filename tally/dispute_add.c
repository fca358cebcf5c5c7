/* The files of a dispute, recognised by their content. */
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "base/memory.h"
#include "records/challenge.h"
#include "records/countersignature.h"
#include "tally/cli.h"
#include "tally/dispute.h"

typedef enum shape {
  SHAPE_NONE,
  SHAPE_RECEIPT,
  SHAPE_REFUSAL,
  SHAPE_HEAD,
  SHAPE_REGISTRATION,
  SHAPE_CHALLENGE,
  SHAPE_STATEMENT,
  SHAPE_BALLOT
} shape;

static bool has(const json_t *object, const char *key)
{
  return json_object_get(object, key) != NULL;
}

/* Only a guess: the readers of the records decide. */
static shape guess(const json_t *json)
{
  const json_t *m = json_object_get(json, "message");
  if (has(json, "seed") && has(json, "choices"))
    return SHAPE_CHALLENGE;
  if (has(json, "signature") && !has(json, "key"))
    return has(m, "sequence") && has(m, "ballot")      ? SHAPE_STATEMENT
           : has(m, "answers") && has(m, "credential") ? SHAPE_BALLOT
                                                       : SHAPE_NONE;
  if (!has(json, "signature") || !has(json, "key") || !json_is_object(m))
    return SHAPE_NONE;
  if (has(m, "nonce") && has(m, "elections"))
    return SHAPE_REGISTRATION;
  if (has(m, "tracker"))
    return has(m, "height") ? SHAPE_RECEIPT : SHAPE_REFUSAL;
  return has(m, "height") && has(m, "event") ? SHAPE_HEAD : SHAPE_NONE;
}

static void keep(nep_dispute *d, const nep_paper *p)
{
  d->papers = nep_realloc(d->papers, d->n_papers + 1, sizeof *d->papers);
  d->papers[d->n_papers++] = *p;
}

static void use_head(const nep_head *head, nep_paper *p)
{
  memcpy(p->receipt.uuid, head->uuid, sizeof head->uuid);
  memcpy(p->receipt.event, head->event, sizeof head->event);
  memcpy(p->receipt.time, head->time, sizeof head->time);
  p->receipt.height = head->height;
}

/* A mirror that the trust file names; false for any other signer. */
static bool add_countersignature(nep_dispute *d, const char *path, nep_bytes text)
{
  nep_paper p = {.kind = NEP_PAPER_COUNTERSIGNATURE, .file = path};
  nep_head head;
  for (size_t i = 0; d->trust && i < d->trust->n_pinned[NEP_ROLE_MIRROR]; i++) {
    const nep_pinned *mirror = &d->trust->pinned[NEP_ROLE_MIRROR][i];
    if (nep_countersignature_verify(text, mirror->key, &head, NULL) != NEP_OK)
      continue;
    use_head(&head, &p);
    p.mirror = mirror->name;
    keep(d, &p);
    return true;
  }
  return false;
}

static nep_status read_head(nep_bytes text, const char *key, nep_paper *p, nep_error *err)
{
  nep_head head;
  nep_status s = nep_head_verify(text, key, &head, err);
  if (s == NEP_OK)
    use_head(&head, p);
  return s;
}

static nep_status read_registration(nep_bytes text, const char *key, nep_error *err)
{
  nep_registration_receipt *r = nep_alloc(1, sizeof *r);
  nep_status s = nep_registration_receipt_verify(text, key, r, err);
  free(r);
  return s;
}

/* Held against an archive later. */
static void add_text(nep_dispute *d, const char *path, shape s, const nep_buf *text)
{
  nep_paper p = {.kind = s == SHAPE_CHALLENGE   ? NEP_PAPER_CHALLENGE
                         : s == SHAPE_STATEMENT ? NEP_PAPER_STATEMENT
                                                : NEP_PAPER_BALLOT,
                 .file = path};
  nep_buf_add(&p.text, text->data, text->len);
  keep(d, &p);
}

static void add_signed(nep_dispute *d, const char *path, shape s, nep_bytes text)
{
  nep_paper p = {.file = path};
  nep_error err = {0};
  nep_status status = NEP_OK;
  if (s == SHAPE_HEAD && add_countersignature(d, path, text))
    return;
  if (!d->key) {
    nep_dispute_say(d, NEP_OPEN, "key-unknown", NULL, path, NULL,
                    _("%s is no evidence without the key of the server's signer, for anybody can "
                      "sign with a key of their own: give --key or --trust."),
                    path);
    return;
  }
  if (s == SHAPE_RECEIPT) {
    p.kind = NEP_PAPER_RECEIPT;
    status = nep_cast_receipt_verify(text, d->key, &p.receipt, &err);
  } else if (s == SHAPE_REFUSAL) {
    p.kind = NEP_PAPER_REFUSAL;
    status = nep_refusal_verify(text, d->key, &p.refusal, &err);
  } else if (s == SHAPE_HEAD) {
    p.kind = NEP_PAPER_HEAD;
    status = read_head(text, d->key, &p, &err);
  } else {
    status = read_registration(text, d->key, &err);
  }
  if (status != NEP_OK)
    nep_dispute_say(d, NEP_OPEN, "not-signed", NULL, path, NULL,
                    _("%s is no evidence: the server did not sign it (%s)."), path, err.reason);
  else if (s == SHAPE_REGISTRATION)
    nep_dispute_say(d, NEP_NOTED, "registration", NULL, path, NULL,
                    _("%s: the server confirmed a registration. It says nothing about ballots."),
                    path);
  else
    keep(d, &p);
}

static bool is_archive(const nep_buf *text)
{
  return text->len >= NEP_TAR_BLOCK && memcmp(text->data, "BELENIOS", 9) == 0;
}

static nep_status unknown(const char *path, nep_error *err)
{
  nep_fail(err, NEP_E_IO, "unknown-file", path, "is nothing that this command knows");
  return nep_advise(err,
                    "give receipts, refusals, heads, countersignatures, challenges, ballots, cast "
                    "statements, archives and casts files");
}

nep_status nep_dispute_add(nep_dispute *d, const char *path, bool published, nep_error *err)
{
  char start[NEP_DISPUTE_START];
  nep_buf text = {0};
  json_t *json = NULL;
  FILE *f = fopen(path, "rb");
  if (!f)
    return nep_fail(err, NEP_E_IO, "file", path, "cannot be opened");
  nep_buf_add(&text, start, fread(start, 1, sizeof start, f));
  fclose(f);
  if (is_archive(&text) || published || nep_dispute_is_casts(nep_buf_bytes(&text))) {
    nep_status s = nep_dispute_is_casts(nep_buf_bytes(&text))
                       ? nep_dispute_add_casts(d, path, published, nep_buf_bytes(&text), err)
                       : nep_dispute_add_archive(d, path, published, err);
    nep_buf_free(&text);
    return s;
  }
  nep_buf_clear(&text);
  nep_status s = nep_cli_text(path, NEP_CHALLENGE_MAX, &text, err);
  if (s == NEP_OK && nep_json_parse(nep_buf_bytes(&text), &json, NULL) != NEP_OK)
    s = unknown(path, err);
  if (s == NEP_OK) {
    shape found = guess(json);
    if (found == SHAPE_NONE)
      s = unknown(path, err);
    else if (found >= SHAPE_CHALLENGE)
      add_text(d, path, found, &text);
    else
      add_signed(d, path, found, nep_buf_bytes(&text));
  }
  json_decref(json);
  nep_buf_free(&text);
  return s;
}
