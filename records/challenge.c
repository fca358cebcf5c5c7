#include "records/challenge.h"

#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "records/choices.h"

static const char object[] = "challenge";

void nep_ballot_challenge_write(const nep_election *e, const char *credential,
                                const nep_choice *choices, const uint8_t seed[NEP_BALLOT_SEED],
                                nep_bytes message, nep_buf *out)
{
  char code[44], seed_hex[2 * NEP_BALLOT_SEED + 1];
  nep_ballot_code(message, code);
  nep_hex(seed, NEP_BALLOT_SEED, seed_hex);
  nep_buf_printf(out,
                 "{\"version\":1,\"uuid\":\"%s\",\"election_hash\":\"%s\",\"credential\":\"%s\","
                 "\"code\":\"%s\",\"choices\":",
                 e->uuid, e->phi, credential, code);
  nep_choices_write(e, choices, out);
  nep_buf_printf(out, ",\"seed\":\"%s\",\"message\":", seed_hex);
  nep_buf_add(out, message.data, message.len);
  nep_buf_char(out, '}');
}

typedef struct revealed {
  const char *uuid, *hash, *credential, *code;
  uint8_t seed[NEP_BALLOT_SEED];
  nep_buf choices, message; /* canonical texts */
} revealed;

/* A tree keeps each value in memory of its own. */
static void wipe_values(json_t *value)
{
  switch (json_typeof(value)) {
  case JSON_OBJECT:
    for (void *it = json_object_iter(value); it != NULL; it = json_object_iter_next(value, it))
      wipe_values(json_object_iter_value(it));
    break;
  case JSON_ARRAY:
    for (size_t i = 0; i < json_array_size(value); i++)
      wipe_values(json_array_get(value, i));
    break;
  case JSON_STRING:
    nep_wipe((char *)(uintptr_t)json_string_value(value), json_string_length(value));
    break;
  case JSON_INTEGER:
    json_integer_set(value, 0);
    break;
  default:
    break;
  }
}

/* What is refused is not public: it may be what a ballot contains that counts. */
static void forget(revealed *r, json_t *json)
{
  nep_buf_wipe(&r->choices);
  nep_buf_wipe(&r->message);
  nep_wipe(r->seed, sizeof r->seed);
  if (json != NULL)
    wipe_values(json);
  json_decref(json);
}

static nep_status read_texts(const json_t *json, revealed *r, nep_error *err)
{
  int64_t version;
  size_t len;
  nep_status status = nep_json_fields(json, object, err, "version", "uuid", "election_hash",
                                      "credential", "code", "choices", "seed", "message", NULL);
  if (status == NEP_OK)
    status = nep_json_integer(json, "version", 1, 1, &version, err);
  if (status == NEP_OK)
    status = nep_json_string(json, "uuid", &r->uuid, &len, err);
  if (status == NEP_OK)
    status = nep_json_string(json, "election_hash", &r->hash, &len, err);
  if (status == NEP_OK)
    status = nep_json_string(json, "credential", &r->credential, &len, err);
  if (status == NEP_OK)
    status = nep_json_string(json, "code", &r->code, &len, err);
  return status;
}

/* `most` bytes hold each text, so that none leaves a copy behind by growing. */
static nep_status read_revealed(const json_t *json, size_t most, revealed *r, nep_error *err)
{
  const char *seed;
  size_t len;
  nep_status status = read_texts(json, r, err);
  nep_buf_room(&r->choices, most);
  nep_buf_room(&r->message, most);
  if (status == NEP_OK)
    status = nep_json_string(json, "seed", &seed, &len, err);
  if (status == NEP_OK && !nep_unhex(seed, len, r->seed, sizeof r->seed))
    status = nep_fail(err, NEP_E_INPUT, "shape", "seed", "must be 64 lower-case hex digits");
  if (status == NEP_OK) {
    nep_json_write(&r->choices, json_object_get(json, "choices"));
    nep_json_write(&r->message, json_object_get(json, "message"));
  }
  return status;
}

/* The message that the revealed choices and seed give; NULL data when they give none. */
static void recompute(const nep_election *e, const revealed *r, nep_choice *choices,
                      nep_buf *message, nep_findings *f)
{
  nep_error err = {0};
  nep_status status = nep_choices_read(e, nep_buf_bytes(&r->choices), choices, &err);
  if (status == NEP_OK)
    status = nep_ballot_prepare(e, r->credential, choices, r->seed, message, &err);
  (void)nep_check(f, "revealed choices", status == NEP_OK, "challenge-choices", object, err.reason);
}

static void check_message(const nep_election *e, const revealed *r, const char *code_seen,
                          nep_choice *choices, nep_findings *f)
{
  nep_buf message = {0};
  char code[44];
  recompute(e, r, choices, &message, f);
  bool same = message.len == r->message.len && message.len > 0 &&
              memcmp(message.data, r->message.data, message.len) == 0;
  (void)nep_check(f, "message recomputed", same, "challenge-message", object,
                  "the message is not what the revealed choices and seed give: the device did not "
                  "encrypt what it says");
  nep_ballot_code(nep_buf_bytes(&r->message), code);
  (void)nep_check(f, "code in the file", strcmp(code, r->code) == 0, "challenge-code", object,
                  "the code in the file is not that of its message");
  if (code_seen != NULL)
    (void)nep_check(f, "code seen by the voter", strcmp(code, code_seen) == 0, "challenge-code",
                    object,
                    "the code that the device showed is not that of this message: it had committed "
                    "to another ballot");
  nep_buf_free(&message);
}

void nep_ballot_challenge_verify(const nep_election *e, nep_bytes text, const char *code_seen,
                                 nep_choice *choices, nep_findings *f)
{
  revealed r = {0};
  nep_error err = {0};
  json_t *json = NULL;
  nep_status status = nep_json_parse_canonical(text, &json, &err);
  if (status == NEP_OK)
    status = read_revealed(json, text.len, &r, &err);
  if (nep_check(f, "challenge readable", status == NEP_OK, "challenge-parse", object, err.reason)) {
    bool ours = strcmp(r.uuid, e->uuid) == 0 && strcmp(r.hash, e->phi) == 0;
    if (nep_check(f, "challenge is for this election", ours, "challenge-election", object,
                  "the archive is that of another election"))
      check_message(e, &r, code_seen, choices, f);
  }
  forget(&r, json);
}

static nep_status read_claims(const revealed *r, nep_challenge_claims *out, nep_error *err)
{
  const struct {
    const char *from;
    char *to;
    size_t size;
    const char *name;
  } texts[] = {{r->uuid, out->uuid, sizeof out->uuid, "uuid"},
               {r->hash, out->election_hash, sizeof out->election_hash, "election_hash"},
               {r->credential, out->credential, sizeof out->credential, "credential"}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    size_t len = strlen(texts[i].from);
    if (len >= texts[i].size)
      return nep_fail(err, NEP_E_INPUT, "shape", texts[i].name, "is too long");
    memcpy(texts[i].to, texts[i].from, len + 1);
  }
  nep_sha256_hex(r->message.data, r->message.len, out->message);
  return NEP_OK;
}

nep_status nep_challenge_read(nep_bytes text, nep_challenge_claims *out, nep_error *err)
{
  revealed r = {0};
  json_t *json = NULL;
  nep_status status = nep_json_parse_canonical(text, &json, err);
  if (status == NEP_OK)
    status = read_revealed(json, text.len, &r, err);
  if (status == NEP_OK)
    status = read_claims(&r, out, err);
  forget(&r, json);
  return status;
}

void nep_ballot_message_hash(nep_bytes ballot, char hash[65])
{
  static const char opens[] = "{\"message\":", closes[] = ",\"signature\":";
  size_t start = strlen(opens);
  const char *end = memmem(ballot.data, ballot.len, closes, strlen(closes));
  size_t at = end == NULL ? 0 : (size_t)(end - ballot.data);
  nep_sha256_hex(ballot.data + (at < start ? 0 : start), at < start ? 0 : at - start, hash);
}
