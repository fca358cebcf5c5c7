#include "tally/shard_report.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "protocol/json.h"
#include "records/tags.h"
#include "tally/cli.h"

enum { REPORT_MAX = 1 << 30 };

static void hash_of(nep_bytes message, char hex[65])
{
  nep_buf text = {0};
  nep_buf_add(&text, NEP_TAG_UNSIGNED_REPORT, sizeof NEP_TAG_UNSIGNED_REPORT);
  nep_buf_add(&text, message.data, message.len);
  nep_sha256_hex(text.data, text.len, hex);
  nep_buf_free(&text);
}

static json_t *message_of(const nep_event_report *r)
{
  return json_pack("{s:s,s:{s:i,s:i},s:o,s:O,s:O}", "version", PACKAGE_VERSION, "shard", "number",
                   (int)r->shard, "of", (int)r->of, "listing", nep_event_listing_json(r), "faults",
                   r->faults, "archives", r->entries);
}

nep_status nep_shard_report_write(const nep_event_report *r, const nep_signing_key *key,
                                  const char *path, nep_error *err)
{
  json_t *message = message_of(r);
  nep_buf text = {0}, file = {0};
  char hash[65];
  nep_json_write(&text, message);
  if (key) {
    nep_envelope_make(key, NEP_TAG_SHARD_REPORT, nep_buf_bytes(&text), &file);
  } else {
    hash_of(nep_buf_bytes(&text), hash);
    nep_buf_str(&file, "{\"message\":");
    nep_buf_add(&file, text.data, text.len);
    nep_buf_printf(&file, ",\"hash\":\"%s\"}", hash);
  }
  nep_buf_char(&file, '\n');
  nep_status s = nep_file_write(path, file.data, file.len, NEP_FILE_PUBLIC, err);
  nep_buf_free(&file);
  nep_buf_free(&text);
  json_decref(message);
  return s;
}

/* Every report begins like this, and nothing else that these programs write. */
static bool is_report(const char *head, size_t len)
{
  static const char begins[] = "{\"message\":{\"version\":\"",
                    goes_on[] = "\",\"shard\":{\"number\":";
  return len == 0 || (len > sizeof begins && memcmp(head, begins, sizeof begins - 1) == 0 &&
                      memmem(head, len, goes_on, sizeof goes_on - 1) != NULL);
}

/* Up to len bytes; false when it is not there. */
static bool read_head(const char *path, char *head, size_t *len, bool *regular)
{
  struct stat st;
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return errno != ENOENT;
  ssize_t n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? pread(fd, head, *len, 0) : -1;
  *regular = n >= 0;
  *len = n >= 0 ? (size_t)n : 0;
  close(fd);
  return true;
}

nep_status nep_shard_report_remove(const char *path, nep_error *err)
{
  char head[128];
  size_t len = sizeof head;
  bool regular = false;
  if (!read_head(path, head, &len, &regular))
    return NEP_OK;
  if (!regular || !is_report(head, len)) {
    (void)nep_fail(err, NEP_E_IO, "file", path, "is there, and is no report of a part");
    return nep_advise(err, "give --report the name of a new file, or of an older report");
  }
  return unlink(path) == 0
             ? NEP_OK
             : nep_fail(err, NEP_E_IO, "file", path, "cannot be replaced: %s", strerror(errno));
}

static nep_status altered(nep_error *err, const char *path, const char *reason)
{
  return nep_fail(err, NEP_E_CHECK, "report-altered", path, "%s", reason);
}

static nep_status open_unsigned(nep_bytes text, const char *path, json_t **message, nep_error *err)
{
  json_t *file = NULL;
  nep_buf canonical = {0};
  char hash[65], expected[65];
  nep_status s = NEP_OK;
  if (nep_json_parse_canonical(text, &file, NULL) != NEP_OK ||
      nep_json_fields(file, "report", NULL, "message", "hash", NULL) != NEP_OK ||
      nep_json_hash(file, "hash", hash, NULL) != NEP_OK)
    s = altered(err, path, "it is no report of a part, or not the whole of it");
  if (s == NEP_OK) {
    nep_json_write(&canonical, json_object_get(file, "message"));
    hash_of(nep_buf_bytes(&canonical), expected);
    if (strcmp(hash, expected) != 0)
      s = altered(err, path, "its hash is wrong");
    else
      *message = json_incref(json_object_get(file, "message"));
  }
  nep_buf_free(&canonical);
  json_decref(file);
  return s;
}

static nep_status open_signed(nep_bytes text, const char *path, const char *const *signers,
                              size_t n_signers, json_t **message, nep_error *err)
{
  nep_error why = {0};
  char key[NEP_PUBLIC_KEY_HEX + 1];
  nep_status s = nep_envelope_verify(text, NEP_TAG_SHARD_REPORT, NULL, message, key, &why);
  if (s != NEP_OK)
    return n_signers > 0 && strcmp(why.code, "envelope") == 0
               ? nep_fail(err, NEP_E_CHECK, "report-signer", path, "it is not signed")
               : altered(err, path, why.reason);
  for (size_t i = 0; i < n_signers; i++)
    if (strcmp(signers[i], key) == 0)
      return NEP_OK;
  return n_signers == 0 ? NEP_OK
                        : nep_fail(err, NEP_E_CHECK, "report-signer", path,
                                   "signed with the key %s, which --signer does not name", key);
}

static bool is_envelope(nep_bytes text)
{
  json_t *file = NULL;
  bool envelope = nep_json_parse(text, &file, NULL) == NEP_OK && json_object_get(file, "signature");
  json_decref(file);
  return envelope;
}

static nep_status read_listing(const json_t *listing, nep_event_report *out, nep_error *err)
{
  int64_t archives = 0, bytes = 0;
  nep_status s = nep_json_fields(listing, "listing", err, "archives", "bytes", "sha256", NULL);
  if (s == NEP_OK)
    s = nep_json_integer(listing, "archives", 1, NEP_EVENT_FILES_MAX, &archives, err);
  if (s == NEP_OK)
    s = nep_json_integer(listing, "bytes", 0, INT64_MAX, &bytes, err);
  out->archives = (size_t)archives;
  out->bytes = (uint64_t)bytes;
  return s == NEP_OK ? nep_json_hash(listing, "sha256", out->listing, err) : s;
}

static nep_status read_shard(const json_t *shard, nep_event_report *out, nep_error *err)
{
  int64_t number = 0, of = 0;
  nep_status s = nep_json_fields(shard, "shard", err, "number", "of", NULL);
  if (s == NEP_OK)
    s = nep_json_integer(shard, "of", 1, NEP_SHARDS_MAX, &of, err);
  if (s == NEP_OK)
    s = nep_json_integer(shard, "number", 1, of, &number, err);
  out->shard = (unsigned)number;
  out->of = (unsigned)of;
  return s;
}

static nep_status read_message(const json_t *message, nep_event_report *out, nep_error *err)
{
  const json_t *entries = NULL;
  json_t *entry;
  size_t i;
  nep_status s = nep_json_fields(message, "report", err, "version", "shard", "listing", "faults",
                                 "archives", NULL);
  if (s == NEP_OK)
    s = read_shard(json_object_get(message, "shard"), out, err);
  if (s == NEP_OK)
    s = read_listing(json_object_get(message, "listing"), out, err);
  if (s == NEP_OK)
    s = nep_event_faults_check(json_object_get(message, "faults"), err);
  if (s == NEP_OK)
    s = nep_json_array(message, "archives", &entries, err);
  if (s != NEP_OK)
    return s;
  for (i = 0; (entry = json_array_get(entries, i)) != NULL; i++)
    if ((s = nep_event_entry_check(entry, err)) != NEP_OK)
      return s;
  out->faults = json_incref(json_object_get(message, "faults"));
  out->entries = json_incref(json_object_get(message, "archives"));
  return NEP_OK;
}

nep_status nep_shard_report_read(const char *path, const char *const *signers, size_t n_signers,
                                 nep_event_report *out, nep_error *err)
{
  nep_buf text = {0};
  json_t *message = NULL;
  nep_error why = {0};
  *out = (nep_event_report){0};
  nep_status s = nep_cli_text(path, REPORT_MAX, &text, err);
  nep_bytes bytes = nep_buf_bytes(&text);
  if (s == NEP_OK)
    s = n_signers > 0 || is_envelope(bytes)
            ? open_signed(bytes, path, signers, n_signers, &message, err)
            : open_unsigned(bytes, path, &message, err);
  if (s == NEP_OK && strcmp(nep_entry_text(message, "version"), PACKAGE_VERSION) != 0)
    s = nep_fail(err, NEP_E_CHECK, "report-version", path,
                 "another version of nep-verify has made it");
  if (s == NEP_OK && read_message(message, out, &why) != NEP_OK)
    s = nep_fail(err, NEP_E_CHECK, "report-shape", path, "%s: %s", why.where, why.reason);
  if (s != NEP_OK)
    nep_event_report_free(out);
  json_decref(message);
  nep_buf_free(&text);
  return s;
}
