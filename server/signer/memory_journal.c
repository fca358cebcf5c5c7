#include "server/signer/memory_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/election.h"
#include "records/tags.h"

/* Where the parts of a record begin. */
enum { UUID = 0, HASH = 64, HEIGHT = 96, SYNCED = 104, CHAIN = 108, CHECKSUM = 112 };
enum { CHECKSUM_LEN = NEP_JOURNAL_RECORD - CHECKSUM };

static nep_status failed(const nep_memory_journal *j, const char *doing, nep_error *err)
{
  return nep_fail(err, NEP_E_IO, "signer-memory", j->path, "cannot %s: %s", doing, strerror(errno));
}

/* ---- the file ---- */

nep_status nep_memory_journal_open(const char *folder, nep_memory_journal *out, nep_error *err)
{
  *out = (nep_memory_journal){.path = nep_sprintf("%s/journal", folder)};
  out->fd = open(out->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  nep_status status =
      out->fd >= 0 ? nep_fd_check_own(out->fd, out->path, err) : failed(out, "open", err);
  if (status != NEP_OK)
    nep_memory_journal_close(out);
  return status;
}

void nep_memory_journal_close(nep_memory_journal *j)
{
  if (j->fd >= 0)
    close(j->fd);
  free(j->path);
  nep_buf_free(&j->added);
  *j = (nep_memory_journal){.fd = -1};
}

static nep_status write_whole(const nep_memory_journal *j, const void *data, size_t len,
                              uint64_t record, nep_error *err)
{
  ssize_t n = pwrite(j->fd, data, len, (off_t)(record * NEP_JOURNAL_RECORD));
  if (n < 0)
    return failed(j, "write", err);
  if ((size_t)n != len)
    return nep_fail(err, NEP_E_IO, "signer-memory", j->path, "was written in part only");
  return NEP_OK;
}

nep_status nep_memory_journal_sync(nep_memory_journal *j, nep_error *err)
{
  size_t len = j->added.len;
  if (len == 0)
    return NEP_OK;
  nep_status status = write_whole(j, j->added.data, len, j->synced, err);
  nep_buf_clear(&j->added);
  if (status != NEP_OK)
    return status;
  if (fdatasync(j->fd) != 0)
    return failed(j, "sync", err);
  j->synced += len / NEP_JOURNAL_RECORD;
  return NEP_OK;
}

bool nep_memory_journal_is_full(const nep_memory_journal *j)
{
  return j->synced >= NEP_JOURNAL_RECORDS;
}

/* A record that goes where zeros are durable already needs one write of the disk to be durable; at
   the end of a file that grows, the new length is a second one. */
static nep_status fill_with_zeros(const nep_memory_journal *j, nep_error *err)
{
  static const char zeros[NEP_JOURNAL_RECORDS * NEP_JOURNAL_RECORD];
  nep_status status = write_whole(j, zeros, sizeof zeros, 0, err);
  return status != NEP_OK || fsync(j->fd) == 0 ? status : failed(j, "sync", err);
}

/* It is cut at once and then filled, as a power failure amid zeros would leave the later records
   without the earlier ones. fsync, not fdatasync: the new length is all there is to it. */
nep_status nep_memory_journal_empty(nep_memory_journal *j, int folder, nep_error *err)
{
  if (fsync(folder) != 0)
    return failed(j, "sync the folder of", err);
  if (ftruncate(j->fd, 0) != 0 || fsync(j->fd) != 0)
    return failed(j, "empty", err);
  j->synced = 0;
  return fill_with_zeros(j, err);
}

/* ---- records ---- */

static void put_number(unsigned char *out, size_t len, uint64_t value)
{
  for (size_t i = len; i-- > 0; value >>= 8)
    out[i] = (unsigned char)value;
}

static uint64_t get_number(const unsigned char *in, size_t len)
{
  uint64_t value = 0;
  for (size_t i = 0; i < len; i++)
    value = value << 8 | in[i];
  return value;
}

static void sum(const unsigned char record[NEP_JOURNAL_RECORD], unsigned char out[CHECKSUM_LEN])
{
  nep_sha256 h;
  unsigned char hash[32];
  nep_sha256_start(&h);
  nep_sha256_add(&h, NEP_TAG_SIGNER_JOURNAL, sizeof NEP_TAG_SIGNER_JOURNAL); /* with its NUL */
  nep_sha256_add(&h, record, CHECKSUM);
  nep_sha256_end(&h, hash);
  memcpy(out, hash, CHECKSUM_LEN);
}

void nep_memory_journal_add(nep_memory_journal *j, const nep_remembered *e,
                            const unsigned char hash[NEP_PLACE])
{
  unsigned char record[NEP_JOURNAL_RECORD] = {0};
  memcpy(record + UUID, e->uuid, strnlen(e->uuid, HASH));
  memcpy(record + HASH, hash, NEP_PLACE);
  put_number(record + HEIGHT, SYNCED - HEIGHT, e->height);
  put_number(record + SYNCED, CHAIN - SYNCED, j->synced);
  put_number(record + CHAIN, CHECKSUM - CHAIN, (uint64_t)e->chain);
  sum(record, record + CHECKSUM);
  nep_buf_add(&j->added, record, sizeof record);
}

static bool is_whole(const unsigned char record[NEP_JOURNAL_RECORD])
{
  unsigned char expected[CHECKSUM_LEN];
  sum(record, expected);
  return memcmp(record + CHECKSUM, expected, sizeof expected) == 0;
}

/* False: nobody writes such a record. */
static bool read_record(const unsigned char record[NEP_JOURNAL_RECORD], nep_remembered *out)
{
  static const unsigned char zeros[HASH];
  const char *uuid = (const char *)record + UUID;
  size_t len = strnlen(uuid, HASH);
  *out = (nep_remembered){.height = get_number(record + HEIGHT, SYNCED - HEIGHT)};
  uint64_t chain = get_number(record + CHAIN, CHECKSUM - CHAIN);
  if (chain >= NEP_SIGNED_CHAINS || out->height >= NEP_MEMORY_EVENTS_MAX ||
      !nep_uuid_is_valid(uuid, len) || memcmp(record + UUID + len, zeros, HASH - len) != 0 ||
      nep_place_is_empty(record + HASH))
    return false;
  out->chain = (nep_signed_chain)chain;
  memcpy(out->uuid, uuid, len);
  nep_hex(record + HASH, NEP_PLACE, out->event);
  return true;
}

/* ---- replay ---- */

static nep_status damaged(const nep_memory_journal *j, uint64_t at, const char *how, nep_error *err)
{
  nep_fail(err, NEP_E_CHECK, "signer-memory", j->path, "is damaged: record %" PRIu64 " %s", at,
           how);
  return nep_advise(err, "do not delete it: restore the folder from the newest copy");
}

/* False in *more: the end, or what is left of a record at the end. */
static nep_status fetch(const nep_memory_journal *j, uint64_t at,
                        unsigned char record[NEP_JOURNAL_RECORD], bool *more, nep_error *err)
{
  ssize_t n = pread(j->fd, record, NEP_JOURNAL_RECORD, (off_t)(at * NEP_JOURNAL_RECORD));
  *more = n == NEP_JOURNAL_RECORD;
  return n < 0 ? failed(j, "read", err) : NEP_OK;
}

static nep_status replay_record(const nep_memory_journal *j, uint64_t at,
                                const unsigned char record[NEP_JOURNAL_RECORD],
                                nep_journal_each *each, void *ctx, nep_error *err)
{
  nep_remembered e;
  if (!read_record(record, &e) || get_number(record + SYNCED, CHAIN - SYNCED) > at)
    return damaged(j, at, "says what cannot be", err);
  return each(ctx, &e, record + HASH, err);
}

nep_status nep_memory_journal_replay(const nep_memory_journal *j, nep_journal_each *each, void *ctx,
                                     nep_error *err)
{
  unsigned char record[NEP_JOURNAL_RECORD];
  bool more = true, ended = false;
  uint64_t end = 0; /* the first record that is not whole */
  nep_status status = NEP_OK;
  for (uint64_t at = 0; status == NEP_OK; at++) {
    status = fetch(j, at, record, &more, err);
    if (status != NEP_OK || !more)
      break;
    if (!is_whole(record)) {
      end = ended ? end : at;
      ended = true;
    } else if (!ended) {
      status = replay_record(j, at, record, each, ctx, err);
    } else if (get_number(record + SYNCED, CHAIN - SYNCED) > end) {
      status = damaged(j, end, "was synced and is not whole", err);
    }
  }
  return status;
}
