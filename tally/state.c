#include "tally/state.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "records/tags.h"
#include "tally/event_entry.h"

/* Writing takes at most one part in WRITE_SHARE of the time. */
enum { STATE_MAX = 1 << 30, PAUSE_MS = 1000, WRITE_SHARE = 20 };

struct nep_state {
  char *path, *scope;
  pthread_mutex_t lock; /* guards the rest */
  json_t *archives;     /* name: {"bytes","sha256","ballots","again","report"} */
  int64_t next_write;
  nep_error first; /* of writing; status NEP_OK: none */
};

/* ---- the file: {"state":{"version","scope","archives"},"hash":..} ---- */

static void hash_of(nep_bytes message, char hex[65])
{
  nep_buf text = {0};
  nep_buf_add(&text, NEP_TAG_VERIFY_STATE, sizeof NEP_TAG_VERIFY_STATE);
  nep_buf_add(&text, message.data, message.len);
  nep_sha256_hex(text.data, text.len, hex);
  nep_buf_free(&text);
}

static nep_status write_file(const nep_state *s, nep_error *err)
{
  json_t *state = json_pack("{s:s,s:s,s:O}", "version", PACKAGE_VERSION, "scope", s->scope,
                            "archives", s->archives);
  nep_buf message = {0}, file = {0};
  char hash[65];
  nep_json_write(&message, state);
  hash_of(nep_buf_bytes(&message), hash);
  nep_buf_printf(&file, "{\"state\":");
  nep_buf_add(&file, message.data, message.len);
  nep_buf_printf(&file, ",\"hash\":\"%s\"}\n", hash);
  nep_status status = nep_file_write(s->path, file.data, file.len, NEP_FILE_SECRET, err);
  nep_buf_free(&file);
  nep_buf_free(&message);
  json_decref(state);
  return status;
}

static nep_status refuse(nep_error *err, const char *path, const char *reason)
{
  (void)nep_fail(err, NEP_E_INPUT, "state", path, "%s", reason);
  return nep_advise(err, "to verify everything anew, give the name of a new file");
}

static nep_status check_archive(const json_t *a, nep_error *err)
{
  int64_t n = 0, ballots = 0;
  char hash[65];
  size_t i;
  json_t *number;
  const json_t *again = NULL, *report = json_object_get(a, "report");
  nep_status s =
      nep_json_fields(a, "archives", err, "bytes", "sha256", "ballots", "again", "report?", NULL);
  if (s == NEP_OK)
    s = nep_json_integer(a, "bytes", 1, INT64_MAX, &n, err);
  if (s == NEP_OK)
    s = nep_json_hash(a, "sha256", hash, err);
  if (s == NEP_OK)
    s = nep_json_integer(a, "ballots", 0, INT64_MAX, &ballots, err);
  if (s == NEP_OK)
    s = nep_json_array(a, "again", &again, err);
  if (s != NEP_OK)
    return s;
  int64_t before = 0;
  for (i = 0; (number = json_array_get(again, i)) != NULL; i++) {
    if (!json_is_integer(number) || json_integer_value(number) <= before ||
        json_integer_value(number) > ballots)
      return nep_fail(err, NEP_E_INPUT, "shape", "again", "ascending numbers of ballots expected");
    before = json_integer_value(number);
  }
  return report ? nep_event_entry_check(report, err) : NEP_OK;
}

static nep_status check_state(nep_state *s, const json_t *state, nep_error *err)
{
  const char *version = NULL, *scope = NULL, *name;
  size_t len;
  json_t *archive, *archives = json_object_get(state, "archives");
  nep_error why = {0};
  nep_status status = nep_json_fields(state, "state", &why, "version", "scope", "archives", NULL);
  if (status == NEP_OK)
    status = nep_json_string(state, "version", &version, &len, &why);
  if (status == NEP_OK)
    status = nep_json_string(state, "scope", &scope, &len, &why);
  if (status != NEP_OK || !json_is_object(archives))
    return refuse(err, s->path, "it is no state of a verifier");
  if (strcmp(version, PACKAGE_VERSION) != 0)
    return refuse(err, s->path, "another version of the verifier has written it");
  if (strcmp(scope, s->scope) != 0)
    return refuse(err, s->path,
                  "it is of another kind of run: one archive, an event, or another part");
  json_object_foreach(archives, name, archive)
  {
    if (check_archive(archive, &why) != NEP_OK)
      return refuse(err, s->path, "what it says about an archive has not the right shape");
  }
  s->archives = json_incref(archives);
  return NEP_OK;
}

static nep_status read_file(nep_state *s, nep_error *err)
{
  nep_buf text = {0}, message = {0};
  json_t *file = NULL;
  char hash[65], expected[65];
  nep_status status = nep_file_read_own(s->path, STATE_MAX, &text, err);
  if (status == NEP_E_NOT_FOUND) {
    s->archives = json_object();
    return write_file(s, err); /* who cannot write it is told before the work, not after */
  }
  if (status == NEP_OK && (nep_json_parse(nep_buf_bytes(&text), &file, NULL) != NEP_OK ||
                           nep_json_fields(file, "file", NULL, "state", "hash", NULL) != NEP_OK ||
                           nep_json_hash(file, "hash", hash, NULL) != NEP_OK))
    status = refuse(err, s->path, "it is no state of a verifier, or not the whole of it");
  if (status == NEP_OK) {
    nep_json_write(&message, json_object_get(file, "state"));
    hash_of(nep_buf_bytes(&message), expected);
    status = strcmp(hash, expected) == 0
                 ? check_state(s, json_object_get(file, "state"), err)
                 : refuse(err, s->path, "it was altered: its hash is wrong");
  }
  json_decref(file);
  nep_buf_free(&message);
  nep_buf_free(&text);
  return status;
}

nep_status nep_state_open(const char *path, const char *scope, nep_state **out, nep_error *err)
{
  nep_state *s = nep_alloc(1, sizeof *s);
  s->path = nep_strdup(path);
  s->scope = nep_strdup(scope);
  pthread_mutex_init(&s->lock, NULL);
  nep_status status = read_file(s, err);
  *out = status == NEP_OK ? s : NULL;
  if (status != NEP_OK)
    nep_state_free(s);
  return status;
}

void nep_state_free(nep_state *s)
{
  if (!s)
    return;
  json_decref(s->archives);
  pthread_mutex_destroy(&s->lock);
  free(s->scope);
  free(s->path);
  free(s);
}

/* ---- notes ---- */

static json_t *prefix_json(const nep_prefix *p, const json_t *report)
{
  json_t *again = json_array();
  char hex[65];
  for (size_t i = 0; i < p->n_again; i++)
    json_array_append_new(again, json_integer((json_int_t)p->again[i]));
  nep_hex(p->sha256, sizeof p->sha256, hex);
  json_t *out = json_pack("{s:I,s:s,s:I,s:o}", "bytes", (json_int_t)p->bytes, "sha256", hex,
                          "ballots", (json_int_t)p->ballots, "again", again);
  if (report)
    json_object_set_new(out, "report", json_deep_copy(report));
  return out;
}

bool nep_state_prefix(nep_state *s, const char *name, nep_prefix *out)
{
  if (!s)
    return false;
  pthread_mutex_lock(&s->lock);
  const json_t *a = json_object_get(s->archives, name);
  if (a) {
    const json_t *again = json_object_get(a, "again");
    const char *hex = nep_entry_text(a, "sha256");
    nep_prefix p = {.bytes = nep_entry_number(a, "bytes"),
                    .ballots = nep_entry_number(a, "ballots")};
    p.n_again = json_array_size(again);
    p.again = nep_alloc(p.n_again + 1, sizeof *p.again);
    for (size_t i = 0; i < p.n_again; i++)
      p.again[i] = (uint64_t)json_integer_value(json_array_get(again, i));
    if (!nep_unhex(hex, strlen(hex), p.sha256, sizeof p.sha256))
      abort(); /* was checked on reading */
    *out = p;
  }
  pthread_mutex_unlock(&s->lock);
  return a != NULL;
}

json_t *nep_state_report(nep_state *s, const char *name)
{
  if (!s)
    return NULL;
  pthread_mutex_lock(&s->lock);
  json_t *report = json_deep_copy(json_object_get(json_object_get(s->archives, name), "report"));
  pthread_mutex_unlock(&s->lock);
  return report;
}

/* Under the lock. */
static void write_now(nep_state *s)
{
  nep_error err = {0};
  int64_t start = nep_clock_ms();
  if (write_file(s, &err) != NEP_OK && s->first.status == NEP_OK)
    s->first = err;
  int64_t end = nep_clock_ms(), pause = (end - start) * WRITE_SHARE;
  s->next_write = end + (pause > PAUSE_MS ? pause : PAUSE_MS);
}

void nep_state_note(nep_state *s, const char *name, const nep_prefix *finished,
                    const json_t *report)
{
  if (!s)
    return;
  json_t *archive = prefix_json(finished, report);
  pthread_mutex_lock(&s->lock);
  json_object_set_new(s->archives, name, archive);
  if (nep_clock_ms() >= s->next_write)
    write_now(s);
  pthread_mutex_unlock(&s->lock);
}

const char *nep_state_name(nep_state *s, void **cursor)
{
  if (!s)
    return NULL;
  *cursor = *cursor ? json_object_iter_next(s->archives, *cursor) : json_object_iter(s->archives);
  return json_object_iter_key(*cursor);
}

nep_status nep_state_end(nep_state *s, nep_error *err)
{
  if (!s)
    return NEP_OK;
  pthread_mutex_lock(&s->lock);
  write_now(s);
  pthread_mutex_unlock(&s->lock);
  if (s->first.status != NEP_OK && err)
    *err = s->first;
  return s->first.status;
}
