/* nep-verify checkpoint HEAD.json FILE and nep-verify mirror COUNTERSIGNATURE.json FILE: what a
   server or a mirror has signed about the length and last event of an archive or of a casts file.
   Which of the two, the purpose of the signature says. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"
#include "protocol/casts.h"
#include "records/receipt.h"
#include "records/tags.h"
#include "tally/archive_scan.h"
#include "tally/verify_commands.h"

/* Tags of the same signer, by what they are about. */
typedef struct purposes {
  const char *archive, *casts;
} purposes;

typedef struct checkpoint {
  nep_head head;
  bool of_casts;
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_chain chain;
  bool found; /* the event at the head's height was reached */
  nep_findings findings;
} checkpoint;

static nep_status verify_envelope(checkpoint *c, nep_bytes text, const purposes *tags,
                                  const char *key, json_t **message, nep_error *err)
{
  c->of_casts = nep_envelope_verify(text, tags->casts, key, message, c->key, NULL) == NEP_OK;
  return c->of_casts ? NEP_OK : nep_envelope_verify(text, tags->archive, key, message, c->key, err);
}

static nep_status read_head(checkpoint *c, const char *path, const purposes *tags, const char *key,
                            nep_error *err)
{
  nep_buf text = {0};
  json_t *message = NULL;
  nep_status status = nep_cli_text(path, 1 << 16, &text, err);
  if (status == NEP_OK) {
    status = verify_envelope(c, nep_buf_bytes(&text), tags, key, &message, err);
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

static bool election_is(checkpoint *c, bool same)
{
  return nep_check(&c->findings, "checkpoint is for this election", same, "checkpoint-election",
                   "checkpoint", "the file is that of another election");
}

static void check_election(checkpoint *c, const nep_event *e)
{
  char hash[65], uuid[65];
  (void)election_is(c, nep_archive_scan_election(&c->chain, e, hash, uuid) &&
                           strcmp(uuid, c->head.uuid) == 0);
}

static void check_event(checkpoint *c, const char *event, uint64_t end)
{
  c->found = true;
  (void)nep_check(&c->findings, "event at the checkpoint's height",
                  strcmp(event, c->head.event) == 0, "checkpoint-event", "checkpoint",
                  "the event at its height is another one");
  (void)nep_check(&c->findings, "size at the checkpoint", end == c->head.size, "checkpoint-size",
                  "checkpoint", "the file has another size up to the event at its height");
}

static void on_event(void *ctx, const nep_event *e, uint64_t place, uint64_t end)
{
  checkpoint *c = ctx;
  if (place == 0)
    check_election(c, e);
  if (place == c->head.height)
    check_event(c, e->hash, end);
}

static nep_status scan_archive(checkpoint *c, const char *path, nep_error *err)
{
  nep_archive_scan through = {on_event, c, &c->chain, &c->findings};
  return nep_archive_scan_file(&through, path, err);
}

static nep_status scan_casts(checkpoint *c, const char *path, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_cast_entry e = {0};
  nep_casts_chain chain = {0};
  bool end = false;
  nep_status status = nep_casts_reader_open(path, c->head.uuid, &r, err);
  while (status == NEP_OK) {
    status = nep_casts_next(r, &chain, &e, &end, err);
    if (status != NEP_OK || end)
      break;
    (void)nep_check(&c->findings, "hashes of records", e.hash_ok, "casts-hash", "casts",
                    "a record does not hash to its name");
    (void)nep_check(&c->findings, "chain of statements", e.follows, "casts-chain", "casts",
                    "an event does not continue the chain of statements");
    if (chain.events - 1 == c->head.height)
      check_event(c, e.event, nep_reader_position(r));
  }
  nep_reader_close(r);
  nep_cast_entry_free(&e);
  return status;
}

/* A head of the one chain says nothing about the other's file. */
static bool check_kind(checkpoint *c, const char *path)
{
  char uuid[65] = "";
  bool is_casts = nep_casts_uuid(path, uuid);
  bool fits = nep_check(&c->findings, "checkpoint is for this kind of file",
                        is_casts == c->of_casts, "checkpoint-chain", "checkpoint",
                        c->of_casts ? "it is about cast statements, and the file holds none"
                                    : "it is about an archive, and the file holds cast statements");
  return fits && (!is_casts || election_is(c, strcmp(uuid, c->head.uuid) == 0));
}

static nep_status scan(checkpoint *c, const char *path, nep_error *err)
{
  if (access(path, R_OK) != 0)
    return nep_fail(err, NEP_E_IO, "file", path, "cannot be read: %s", strerror(errno));
  if (!check_kind(c, path))
    return NEP_OK;
  nep_status status = c->of_casts ? scan_casts(c, path, err) : scan_archive(c, path, err);
  if (status == NEP_E_CHECK)
    nep_fault(&c->findings, err->code, err->where, "%s", err->reason);
  else if (status != NEP_OK)
    return status;
  (void)nep_check(&c->findings, "the file reaches the checkpoint's height", c->found,
                  "checkpoint-height", "checkpoint", "the file has no event at its height");
  return NEP_OK;
}

static void print_json(const checkpoint *c, const char *verdict)
{
  const nep_findings *f = &c->findings;
  json_t *report =
      json_pack("{s:s,s:o,s:o,s:s,s:s,s:I,s:s,s:I,s:s,s:s}", "verdict", verdict, "codes",
                nep_codes_json(f->faults, f->n_faults), "checks", nep_checks_json(f), "chain",
                c->of_casts ? "casts" : "archive", "uuid", c->head.uuid, "height",
                (json_int_t)c->head.height, "event", c->head.event, "size",
                (json_int_t)c->head.size, "time", c->head.time, "key", c->key);
  nep_print_json(report);
  json_decref(report);
}

static void print(const checkpoint *c, const char *verdict)
{
  printf("election  %s\nchain     %s\nheight    %" PRIu64 "\nevent     %s\nsize      %" PRIu64
         "\ntime      %s\nkey       %s\n",
         c->head.uuid, c->of_casts ? "cast statements" : "archive", c->head.height, c->head.event,
         c->head.size, c->head.time, c->key);
  nep_findings_print_lines(&c->findings);
  printf("verdict: %s\n", verdict);
}

static int verify(const nep_arguments *a, const purposes *tags)
{
  checkpoint c = {.found = false};
  nep_error err = {0};
  int code = NEP_EXIT_CANNOT;
  nep_status status = read_head(&c, nep_argument(a, 0), tags, nep_option(a, "key"), &err);
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
  static const purposes server = {NEP_TAG_HEAD, NEP_TAG_CASTS_HEAD};
  return verify(a, &server);
}

int nep_verify_mirror_command(const nep_arguments *a)
{
  static const purposes mirror = {NEP_TAG_COUNTERSIGNATURE, NEP_TAG_CASTS_COUNTERSIGNATURE};
  return verify(a, &mirror);
}
