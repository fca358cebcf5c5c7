/* nep-verify receipt RECEIPT.json FILE.bel: a voter's receipt against the archive. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/printable.h"
#include "records/receipt.h"
#include "records/tags.h"
#include "tally/archive_scan.h"
#include "tally/verify_commands.h"

typedef struct search {
  nep_cast_receipt receipt;
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_chain chain;
  bool found;           /* the event at the receipt's height was reached */
  char *credential;     /* of the receipt's ballot */
  uint64_t replaced_at; /* height of the credential's last later ballot, 0: none */
  nep_findings findings;
} search;

static bool read_receipt(search *s, const char *path, const char *key, nep_error *err)
{
  nep_buf text = {0};
  json_t *message = NULL;
  nep_status status = nep_cli_text(path, 1 << 16, &text, err);
  if (status == NEP_OK)
    status =
        nep_envelope_verify(nep_buf_bytes(&text), NEP_TAG_CAST_RECEIPT, key, &message, s->key, err);
  if (status == NEP_OK)
    status = nep_cast_receipt_read(message, &s->receipt, err);
  json_decref(message);
  nep_buf_free(&text);
  if (status == NEP_E_IO || status == NEP_E_NOT_FOUND)
    return false;
  (void)nep_check(&s->findings, "receipt signature", status == NEP_OK, err->code, "receipt",
                  err->reason);
  return true;
}

/* The receipt is for this election: uuid and hash of the definition. */
static void check_election(search *s, const nep_event *e)
{
  char hash[65], uuid[65];
  bool same = nep_archive_scan_election(&s->chain, e, hash, uuid) &&
              strcmp(uuid, s->receipt.uuid) == 0 && strcmp(hash, s->receipt.election_hash) == 0;
  (void)nep_check(&s->findings, "receipt is for this election", same, "receipt-election", "receipt",
                  "the archive is that of another election");
}

static char *credential_of(nep_bytes ballot)
{
  nep_error err;
  json_t *json = NULL;
  const char *text = NULL;
  size_t len = 0;
  char *credential = NULL;
  if (nep_json_parse(ballot, &json, &err) == NEP_OK &&
      nep_json_string(json_object_get(json, "message"), "credential", &text, &len, &err) == NEP_OK)
    credential = nep_strndup(text, len);
  json_decref(json);
  return credential;
}

static void check_event(search *s, const nep_event *e)
{
  char tracker[44] = "";
  const nep_pending *ballot = nep_chain_find(&s->chain, e->payload);
  s->found = true;
  (void)nep_check(&s->findings, "event at the receipt's height",
                  strcmp(e->hash, s->receipt.event) == 0, "receipt-event", "receipt",
                  "the event at its height is another one");
  bool same = e->type == NEP_EVENT_BALLOT && ballot && nep_tracker(e->payload, tracker) &&
              strcmp(tracker, s->receipt.tracker) == 0;
  (void)nep_check(&s->findings, "ballot of the receipt", same, "receipt-ballot", "receipt",
                  "the ballot at its height has another tracker");
  if (ballot)
    s->credential = credential_of(nep_buf_bytes(&ballot->body));
}

static void check_later(search *s, const nep_event *e)
{
  const nep_pending *ballot = nep_chain_find(&s->chain, e->payload);
  char *credential = ballot ? credential_of(nep_buf_bytes(&ballot->body)) : NULL;
  if (credential && s->credential && strcmp(credential, s->credential) == 0)
    s->replaced_at = e->height;
  free(credential);
}

static void on_event(void *ctx, const nep_event *e, uint64_t place, uint64_t end)
{
  search *s = ctx;
  (void)end;
  if (place == 0)
    check_election(s, e);
  if (place == s->receipt.height)
    check_event(s, e);
  else if (s->found && e->type == NEP_EVENT_BALLOT)
    check_later(s, e);
}

static nep_status scan(search *s, const char *path, nep_error *err)
{
  nep_archive_scan through = {on_event, s, &s->chain, &s->findings};
  nep_status status = nep_archive_scan_file(&through, path, err);
  if (status == NEP_OK)
    (void)nep_check(&s->findings, "the archive reaches the receipt's height", s->found,
                    "receipt-height", "receipt", "the archive has no event at its height");
  return status;
}

static const char *verdict_of(const search *s)
{
  return s->findings.n_faults == 0 ? "valid" : "invalid";
}

static void print_json(const search *s)
{
  const nep_cast_receipt *r = &s->receipt;
  const nep_findings *f = &s->findings;
  json_t *report =
      json_pack("{s:s,s:o,s:o,s:b,s:s,s:I,s:s,s:s,s:s}", "verdict", verdict_of(s), "codes",
                nep_codes_json(f->faults, f->n_faults), "checks", nep_checks_json(f), "last",
                f->n_faults == 0 && s->replaced_at == 0, "tracker", r->tracker, "height",
                (json_int_t)r->height, "event", r->event, "time", r->time, "key", s->key);
  nep_print_json(report);
  json_decref(report);
}

/* Whether the last one is in the tally is for nep-verify archive to say, which computes it. */
static void print(const search *s)
{
  const nep_cast_receipt *r = &s->receipt;
  printf("tracker   %s\nheight    %" PRIu64 "\ntime      %s\nkey       %s\n", r->tracker, r->height,
         r->time, s->key);
  nep_findings_print_lines(&s->findings);
  if (s->findings.n_faults == 0 && s->replaced_at > 0)
    printf("replaced  the same credential cast a later ballot at height %" PRIu64 "\n",
           s->replaced_at);
  else if (s->findings.n_faults == 0)
    printf(
        "last      of its credential in this archive; whether the archive is valid and counts it, "
        "nep-verify archive says\n");
  printf("verdict: %s\n", verdict_of(s));
}

int nep_verify_receipt_command(const nep_arguments *a)
{
  search s = {.found = false};
  nep_error err = {0};
  int code = NEP_EXIT_CANNOT;
  bool readable = read_receipt(&s, nep_argument(a, 0), nep_option(a, "key"), &err);
  nep_status status = readable ? NEP_OK : NEP_E_IO;
  if (readable && s.findings.n_faults == 0)
    status = scan(&s, nep_argument(a, 1), &err);
  if (status == NEP_OK) {
    if (nep_option(a, "json"))
      print_json(&s);
    else
      print(&s);
    code = s.findings.n_faults == 0 ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
  } else {
    (void)nep_cli_end(status, &err);
  }
  free(s.credential);
  nep_chain_free(&s.chain);
  nep_findings_free(&s.findings);
  return code;
}
