/* nep-tally export-upload: what follows the vote, as bodies for nep-admin. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "protocol/archive_chain.h"
#include "records/decryption_proof.h"
#include "tally/proofs_file.h"
#include "tally/share.h"
#include "tally/tally_commands.h"
#include "tally/valid_archive.h"

typedef struct upload {
  const char *folder;
  nep_chain chain;
  nep_findings findings;
  const nep_verified *v;
  json_t *proofs; /* what stands beside the archive */
} upload;

static nep_status save(const upload *u, const char *name, nep_bytes text, nep_error *err)
{
  char *path = NULL;
  nep_status s = nep_cli_path(u->folder, name, ".json", &path, err);
  if (s == NEP_OK)
    s = nep_file_write(path, text.data, text.len, NEP_FILE_PUBLIC, err);
  if (s == NEP_OK)
    printf("%s\n", path);
  free(path);
  return s;
}

static nep_bytes pending(const upload *u, size_t i)
{
  return nep_buf_bytes(&u->chain.pending[i].body);
}

static nep_status save_tally(const upload *u, nep_error *err)
{
  nep_buf text = {0};
  nep_bytes tally = pending(u, 0), sized = pending(u, 1);
  nep_buf_str(&text, "{\"encrypted_tally\":");
  nep_json_write_string(&text, tally.data, tally.len);
  nep_buf_str(&text, ",\"sized\":");
  nep_json_write_string(&text, sized.data, sized.len);
  nep_buf_char(&text, '}');
  nep_status s = save(u, "tally", nep_buf_bytes(&text), err);
  nep_buf_free(&text);
  return s;
}

/* With its second proof, without which a server takes none. */
static nep_status save_decryption(const upload *u, nep_error *err)
{
  nep_buf text = {0}, proof = {0};
  size_t owner;
  char payload[65], name[48];
  nep_status s = nep_owned_parse(u->v->trustees, pending(u, 1), &owner, payload, err);
  const nep_factors *f = NULL;
  for (size_t i = 0; s == NEP_OK && u->v->factors[i] != NULL; i++)
    f = u->v->factors[i]->owner == owner ? u->v->factors[i] : f;
  if (s == NEP_OK)
    s = f != NULL ? nep_proofs_check(u->v, u->proofs, f, &proof, err)
                  : nep_decryption_proof_missing(u->v->trustees, owner, err);
  if (s == NEP_OK) {
    snprintf(name, sizeof name, "decryption-%zu", owner);
    nep_share_write(pending(u, 0), pending(u, 1), nep_buf_bytes(&proof), &text);
    s = save(u, name, nep_buf_bytes(&text), err);
  }
  nep_buf_free(&proof);
  nep_buf_free(&text);
  return s;
}

static nep_status on_event(upload *u, const nep_record *r, nep_error *err)
{
  nep_event e;
  nep_status s = NEP_OK;
  if (!nep_chain_event(&u->chain, r, &e, &u->findings))
    return nep_findings_status(&u->findings, err);
  if (e.type == NEP_EVENT_ENCRYPTED_TALLY)
    s = save_tally(u, err);
  else if (e.type == NEP_EVENT_PARTIAL_DECRYPTION)
    s = save_decryption(u, err);
  else if (e.type == NEP_EVENT_RESULT)
    s = save(u, "result", pending(u, 0), err);
  nep_chain_settle(&u->chain);
  return s;
}

static nep_status scan(upload *u, const char *path, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  bool end = false;
  nep_status s = nep_reader_open(path, &r, err);
  while (s == NEP_OK) {
    s = nep_reader_next(r, &record, &end, err);
    if (s != NEP_OK || end)
      break;
    if (record.is_event)
      s = on_event(u, &record, err);
    else
      nep_chain_data(&u->chain, &record, &u->findings);
  }
  nep_reader_close(r);
  return s;
}

int nep_tally_export_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  upload u = {.folder = nep_option(a, "out")};
  nep_status s = nep_valid_archive(nep_argument(a, 0), &v, &err);
  u.v = v;
  u.proofs = json_array();
  if (s == NEP_OK)
    s = nep_proofs_read(a, nep_argument(a, 0), v->election, u.proofs, &err);
  if (s == NEP_OK)
    s = scan(&u, nep_argument(a, 0), &err);
  json_decref(u.proofs);
  nep_chain_free(&u.chain);
  nep_findings_free(&u.findings);
  nep_verified_free(v);
  return nep_cli_end(s, &err);
}
