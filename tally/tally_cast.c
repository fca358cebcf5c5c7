/* nep-tally cast: ballots from files into the archive, all or none. */
#include <stdlib.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/hash_map.h"
#include "tally/tally_commands.h"

/* Hashes of all data records: a ballot among them was cast before. */
static nep_status read_hashes(const char *path, nep_hash_map *seen, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_record record;
  bool end = false;
  nep_status s = nep_reader_open(path, &r, err);
  while (s == NEP_OK) {
    uint8_t hash[32];
    bool found;
    s = nep_reader_next(r, &record, &end, err);
    if (s != NEP_OK || end)
      break;
    if (!record.is_event && nep_unhex(record.hash, 64, hash, sizeof hash))
      (void)nep_hash_map_put(seen, hash, &found);
  }
  nep_reader_close(r);
  return s;
}

static nep_status verify_ballot(const nep_verified *v, const char *path, nep_hash_map *seen,
                                nep_buf *text, nep_error *err)
{
  nep_ballot *ballot = NULL;
  nep_findings f = {0};
  size_t place;
  uint8_t hash[32];
  bool found;
  nep_status s = nep_cli_text(path, NEP_BALLOT_FILE_MAX, text, err);
  if (s != NEP_OK)
    return s;
  (void)nep_ballot_verify(v->election, v->credentials, nep_buf_bytes(text), path, &ballot, &place,
                          &f);
  s = nep_findings_status(&f, err);
  nep_sha256_of(text->data, text->len, hash);
  (void)nep_hash_map_put(seen, hash, &found);
  if (s == NEP_OK && found)
    s = nep_fail(err, NEP_E_STATE, "ballot-duplicate", path,
                 "the archive holds this ballot already");
  nep_ballot_free(ballot);
  nep_findings_free(&f);
  return s;
}

static nep_status cast(nep_archive *archive, const nep_verified *v, const nep_arguments *a,
                       nep_buf *texts, size_t n, nep_error *err)
{
  nep_hash_map *seen = nep_hash_map_new(0);
  nep_status s = read_hashes(nep_argument(a, 0), seen, err);
  for (size_t i = 0; s == NEP_OK && i < n; i++)
    s = verify_ballot(v, nep_argument(a, i + 1), seen, &texts[i], err);
  nep_archive_mark(archive);
  for (size_t i = 0; s == NEP_OK && i < n; i++) {
    nep_bytes data = nep_buf_bytes(&texts[i]);
    s = nep_archive_append(archive, NEP_EVENT_BALLOT, &data, 1, err);
    if (s != NEP_OK)
      (void)!nep_archive_rollback(archive, NULL); /* the first error is the one to tell */
  }
  nep_hash_map_free(seen);
  return s;
}

int nep_tally_cast_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_archive *archive = NULL;
  nep_verified *v = NULL;
  nep_buf texts[NEP_CLI_VALUES_MAX] = {{0}};
  size_t n = 0;
  while (nep_argument(a, n + 1))
    n++;
  nep_status s = nep_open_verified(nep_argument(a, 0), NEP_EVENT_BALLOT, &archive, &v, &err);
  if (s == NEP_OK)
    s = cast(archive, v, a, texts, n, &err);
  for (size_t i = 0; i < n; i++)
    nep_buf_free(&texts[i]);
  nep_verified_free(v);
  nep_archive_close(archive);
  return nep_cli_end(s, &err);
}
