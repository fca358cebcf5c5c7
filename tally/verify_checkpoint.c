/* nep-verify checkpoint HEAD.json FILE.bel and nep-verify mirror COUNTERSIGNATURE.json FILE.bel:
   what a server or a mirror has signed about the archive's length and last event. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/archive_chain.h"
#include "records/receipt.h"
#include "records/tags.h"
#include "tally/verify_commands.h"

typedef struct checkpoint {
  nep_head head;
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_chain chain;
  bool found; /* the event at the head's height was reached */
  nep_findings findings;
} checkpoint;

static nep_status read_head(checkpoint *c, const char *path, const char *tag, const char *key,
                            nep_error *err)
{
  nep_buf text = {0};
  json_t *message = NULL;
  nep_status status = nep_cli_text(path, 1 << 16, &text, err);
  if (status == NEP_OK) {
    status = nep_envelope_verify(nep_buf_bytes(&text), tag, key, &message, c->key, err);
    if (status == NEP_OK)
      status = nep_head_read(message, &c->head, err);
    (void)nep_check(&c->findings, "checkpoint signature", status == NEP_OK, err->code, "checkpoint",
                    err->reason);
    status = NEP_OK;
  }
  json_decref(message);
  nep_buf_free(&text);
  return status;
}

/* The definition stands before the first event; its name is in the setup. */
static void check_election(checkpoint *c, const nep_event *e)
{
  json_t *setup = NULL, *election = NULL;
  char hash[65] = "";
  const char *uuid = "";
  size_t len;
  const nep_pending *payload = nep_chain_find(&c->chain, e->payload), *definition = NULL;
  if (payload && nep_json_parse(nep_buf_bytes(&payload->body), &setup, NULL) == NEP_OK &&
      nep_json_hash(setup, "election", hash, NULL) == NEP_OK)
    definition = nep_chain_find(&c->chain, hash);
  bool same = definition &&
              nep_json_parse(nep_buf_bytes(&definition->body), &election, NULL) == NEP_OK &&
              nep_json_string(election, "uuid", &uuid, &len, NULL) == NEP_OK &&
              strcmp(uuid, c->head.uuid) == 0;
  (void)nep_check(&c->findings, "checkpoint is for this election", same, "checkpoint-election",
                  "checkpoint", "the archive is that of another election");
  json_decref(election);
  json_decref(setup);
}

static void check_event(checkpoint *c, const nep_event *e, uint64_t end)
{
  c->found = true;
  (void)nep_check(&c->findings, "event at the checkpoint's height",
                  strcmp(e->hash, c->head.event) == 0, "checkpoint-event", "checkpoint",
                  "the event at its height is another one");
  (void)nep_check(&c->findings, "archive's size at the checkpoint", end == c->head.size,
                  "checkpoint-size", "checkpoint",
                  "the archive has another size up to the event at its height");
}

static void on_event(checkpoint *c, const nep_record *r, uint64_t end)
{
  nep_event e;
  uint64_t height = c->chain.events;
  if (nep_chain_event(&c->chain, r, &e, &c->findings)) {
    if (height == 0)
      check_election(c, &e);
    if (height == c->head.height)
      check_event(c, &e, end);
  }
  nep_chain_settle(&c->chain);
}

static nep_status scan(checkpoint *c, const char *path, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  bool end = false;
  nep_status status = nep_reader_open(path, &r, err);
  while (status == NEP_OK) {
    status = nep_reader_next(r, &record, &end, err);
    if (status != NEP_OK || end)
      break;
    if (record.is_event)
      on_event(c, &record, nep_reader_position(r));
    else
      nep_chain_data(&c->chain, &record, &c->findings);
  }
  nep_reader_close(r);
  if (status == NEP_E_CHECK)
    nep_fault(&c->findings, err->code, err->where, "%s", err->reason);
  else if (status != NEP_OK)
    return status;
  nep_chain_end(&c->chain, &c->findings);
  (void)nep_check(&c->findings, "the archive reaches the checkpoint's height", c->found,
                  "checkpoint-height", "checkpoint", "the archive has no event at its height");
  return NEP_OK;
}

static void print_json(const checkpoint *c, const char *verdict)
{
  const nep_findings *f = &c->findings;
  json_t *codes = json_array();
  for (size_t i = 0; i < f->n_faults; i++)
    json_array_append_new(codes, json_string(f->faults[i].code));
  json_t *report =
      json_pack("{s:s,s:o,s:s,s:I,s:s,s:I,s:s,s:s}", "verdict", verdict, "codes", codes, "uuid",
                c->head.uuid, "height", (json_int_t)c->head.height, "event", c->head.event, "size",
                (json_int_t)c->head.size, "time", c->head.time, "key", c->key);
  char *text = json_dumps(report, JSON_COMPACT);
  puts(text ? text : "{}");
  free(text);
  json_decref(report);
}

static void print(const checkpoint *c, const char *verdict)
{
  const nep_findings *f = &c->findings;
  printf("election  %s\nheight    %" PRIu64 "\nevent     %s\nsize      %" PRIu64
         "\ntime      %s\nkey       %s\n",
         c->head.uuid, c->head.height, c->head.event, c->head.size, c->head.time, c->key);
  for (size_t i = 0; i < f->n_checks; i++)
    printf("check     %s: %" PRIu64 "\n", f->checks[i].name, f->checks[i].run);
  for (size_t i = 0; i < f->n_faults; i++) {
    char *object = nep_printable(f->faults[i].object), *why = nep_printable(f->faults[i].reason);
    printf("fault     %s  %s: %s\n", f->faults[i].code, object, why);
    free(why);
    free(object);
  }
  printf("verdict: %s\n", verdict);
}

static int verify(const nep_arguments *a, const char *tag)
{
  checkpoint c = {.found = false};
  nep_error err = {0};
  int code = NEP_EXIT_CANNOT;
  nep_status status = read_head(&c, nep_argument(a, 0), tag, nep_option(a, "key"), &err);
  if (status == NEP_OK && c.findings.n_faults == 0)
    status = scan(&c, nep_argument(a, 1), &err);
  if (status == NEP_OK) {
    const char *verdict = c.findings.n_faults == 0 ? "valid" : "invalid";
    if (nep_option(a, "json"))
      print_json(&c, verdict);
    else
      print(&c, verdict);
    code = c.findings.n_faults == 0 ? NEP_EXIT_OK : NEP_EXIT_REFUSED;
  } else {
    (void)nep_cli_end(status, &err);
  }
  nep_chain_free(&c.chain);
  nep_findings_free(&c.findings);
  return code;
}

int nep_verify_checkpoint_command(const nep_arguments *a)
{
  return verify(a, NEP_TAG_HEAD);
}

int nep_verify_mirror_command(const nep_arguments *a)
{
  return verify(a, NEP_TAG_COUNTERSIGNATURE);
}
