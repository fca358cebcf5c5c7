#include "tests/unit/server/world.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "protocol/ceremony.h"
#include "protocol/credentials.h"
#include "records/registration.h"
#include "records/tags.h"
#include "server/signer/serve.h"
#include "tests/issuer/token.h"

#define SCRIPT NEP_SOURCE "/tests/support/postgres.sh"
#define ISSUER "https://issuer.test"
#define AUDIENCE "nep-test"
#define ROLL_CLAIM "sub"
enum { LIST_MEMORY = 1 << 28 };

nep_service *world;

static struct {
  char folder[32], signer_socket[48];
  char database[5][200];
  nep_signing_key *official;
  nep_buf private_jwk, jwks;
  char receipts[NEP_PUBLIC_KEY_HEX + 1]; /* public key of the signer */
  int alive; /* write end: closed when this program and all its tests have ended */
  pid_t signer, guardian;
} made;

static const char *const roles[] = {"owner", "registry", "board", "official", "admin"};

const char *world_database(const char *role)
{
  for (size_t i = 0; i < 5; i++)
    if (strcmp(roles[i], role) == 0)
      return made.database[i];
  abort();
}

const char *world_folder(void)
{
  return made.folder;
}
const char *world_signer(void)
{
  return made.signer_socket;
}
const nep_signing_key *world_official(void)
{
  return made.official;
}

static void must(nep_status st, const nep_error *err)
{
  char line[1024];
  if (st == NEP_OK)
    return;
  fprintf(stderr, "world: %s\n", nep_error_line(err, line, sizeof line));
  abort();
}

/* ---- processes ---- */

static int run(const char *command)
{
  return system(command); /* fixed commands of this file */
}

static void start_guardian(int alive[2])
{
  made.guardian = fork();
  if (made.guardian != 0)
    return;
  char byte, command[400];
  setsid();
  close(alive[1]);
  while (read(alive[0], &byte, 1) > 0)
    ;
  snprintf(command, sizeof command, "%s remove %s/pg; rm -rf %s", SCRIPT, made.folder, made.folder);
  _exit(run(command) == 0 ? 0 : 1);
}

static void start_signer(const int alive[2])
{
  static char mode[] = "0600";
  nep_signer_config config = {.socket = made.signer_socket,
                              .socket_mode = mode,
                              .connections = 8,
                              .mode = 0600,
                              .group = (gid_t)-1,
                              .allowed = {getuid()},
                              .n_allowed = 1};
  nep_error err = {0};
  int listener = -1;
  snprintf(made.signer_socket, sizeof made.signer_socket, "%s/signer.sock", made.folder);
  nep_signing_key *key = nep_signing_key_new();
  nep_signing_key_public(key, made.receipts);
  must(nep_signer_listen(&config, &listener, &err), &err);
  made.signer = fork();
  if (made.signer == 0) {
    nep_memory *memory = NULL;
    char *folder = nep_sprintf("%s/memory", made.folder);
    close(alive[1]);
    must(nep_memory_make(folder, &(bool){false}, &err), &err);
    must(nep_memory_open(folder, &memory, &err), &err);
    must(nep_signer_serve(&config, key, memory, listener, alive[0], &err), &err);
    nep_memory_free(memory);
    free(folder);
    nep_signing_key_free(key);
    _exit(0);
  }
  nep_signing_key_free(key);
  close(listener);
}

static void start_database(void)
{
  char line[400];
  char *command = nep_sprintf("%s start %s/pg --fast", SCRIPT, made.folder);
  FILE *out = popen(command, "r");
  if (out == NULL)
    abort();
  while (fgets(line, sizeof line, out) != NULL)
    for (size_t i = 0; i < 5; i++) {
      char name[24];
      size_t n = (size_t)snprintf(name, sizeof name, "NEP_DB_%s=", roles[i]);
      if (strncasecmp(line, name, n) == 0)
        snprintf(made.database[i], sizeof made.database[i], "%.*s", (int)strcspn(line + n + 1, "'"),
                 line + n + 1);
    }
  if (pclose(out) != 0)
    abort();
  free(command);
}

static void write_file(const char *name, const char *text)
{
  char *path = nep_sprintf("%s/%s", made.folder, name);
  nep_error err = {0};
  must(nep_file_write(path, text, strlen(text), NEP_FILE_SECRET, &err), &err);
  free(path);
}

void world_key_set_replace(const char *jwks)
{
  write_file("jwks.json", jwks);
}

void world_start(void)
{
  nep_error err = {0};
  int alive[2];
  char hex[NEP_PUBLIC_KEY_HEX + 1];
  snprintf(made.folder, sizeof made.folder, "/tmp/nept.XXXXXX");
  if (mkdtemp(made.folder) == NULL || pipe2(alive, O_CLOEXEC) != 0)
    abort();
  start_guardian(alive);
  start_database();
  start_signer(alive);
  close(alive[0]);
  made.alive = alive[1];
  char *state = nep_sprintf("%s/state", made.folder);
  if (mkdir(state, 0700) != 0)
    abort();
  free(state);
  must(nep_test_key_make("EC", &made.private_jwk, &made.jwks, &err), &err);
  world_key_set_replace(made.jwks.data);
  must(nep_migrate(world_database("owner"), NEP_SOURCE "/sql/migrations", &err), &err);
  made.official = nep_signing_key_new();
  nep_signing_key_public(made.official, hex);
  must(nep_official_add(world_database("owner"), "chair", hex, &err), &err);
}

void world_stop(void)
{
  int status = 0;
  close(made.alive);
  waitpid(made.signer, &status, 0);
  waitpid(made.guardian, &status, 0);
  nep_signing_key_free(made.official);
  nep_buf_free(&made.private_jwk);
  nep_buf_free(&made.jwks);
}

/* ---- the service ---- */

static nep_status open_with(const nep_service_config *change, nep_error *err)
{
  char *state = nep_sprintf("%s/state", made.folder);
  char *jwks = nep_sprintf("%s/jwks.json", made.folder);
  const char *audience = change->id_policy.audience;
  nep_service_config config = {
      .db_registry = world_database("registry"),
      .db_board = world_database("board"),
      .db_official = world_database("official"),
      .db_connections = 4,
      .state_folder = state,
      .signer_socket = change->signer_socket != NULL ? change->signer_socket : made.signer_socket,
      .jwks_file = jwks,
      .id_policy = {ISSUER, audience != NULL ? audience : AUDIENCE, ROLL_CLAIM, 5, 600},
      .cast_threads = change->cast_threads,
      .cast_queue = change->cast_queue,
      .cast_batch = change->cast_batch,
      .list_memory = change->list_memory != 0 ? change->list_memory : LIST_MEMORY,
  };
  nep_status status = nep_service_start(&config, &world, err);
  free(jwks);
  free(state);
  return status;
}

void world_open_with(const nep_service_config *change)
{
  nep_error err = {0};
  must(open_with(change, &err), &err);
}

static const nep_service_config usual = {.cast_threads = 2, .cast_queue = 1000, .cast_batch = 64};

nep_status world_try_open(nep_error *err)
{
  return open_with(&usual, err);
}

void world_open(void)
{
  world_open_with(&usual);
}

void world_close(void)
{
  nep_service_stop(world);
  world = NULL;
}

nep_status world_act(nep_action action, const char *uuid, const char *body, nep_buf *json,
                     nep_error *err)
{
  nep_buf header = {0}, own = {0};
  nep_bytes bytes = nep_str_bytes(body);
  nep_act_make(made.official, "chair", action, uuid, bytes, &header);
  nep_status st = nep_act_perform(world, action, uuid, nep_buf_bytes(&header), bytes,
                                  json == NULL ? &own : json, err);
  nep_buf_free(&own);
  nep_buf_free(&header);
  return st;
}

void world_must(nep_action action, const char *uuid, const char *body)
{
  nep_error err = {0};
  must(world_act(action, uuid, body, NULL, &err), &err);
}

/* ---- elections ---- */

const char *world_group = "Ed25519";

static void make_trustees(world_election *e)
{
  nep_error err = {0};
  nep_buf single = {0};
  char id[9];
  nep_random_base58(e->seed, NEP_SEED_LENGTH);
  nep_single_public_key(nep_group_find(world_group, strlen(world_group)), e->seed, NULL, &single,
                        id);
  nep_buf_char(&single, '\n');
  must(nep_trustees_make(nep_buf_bytes(&single), (nep_bytes){NULL, 0}, &e->trustees, &err), &err);
  nep_buf_free(&single);
}

trust_fixture_rules world_trust = {.issuer = ISSUER,
                                   .audience = AUDIENCE,
                                   .claim = ROLL_CLAIM,
                                   .receipts = made.receipts,
                                   .minimum_count = 1};

const char *world_event;

void world_creation(world_election *e, nep_buf *body)
{
  *e = (world_election){0};
  nep_random_base58(e->uuid, 14);
  if (world_event != NULL)
    snprintf(e->event, sizeof e->event, "%s", world_event);
  else
    snprintf(e->event, sizeof e->event, "event-%s", e->uuid);
  make_trustees(e);
  trust_fixture_open_with(&e->trust, e->event, &world_trust);
  nep_buf_printf(body,
                 "{\"uuid\":\"%s\",\"event\":\"%s\",\"identifier\":\"text\",\"group\":\"%s\","
                 "\"template\":{\"description\":\"d\",\"name\":\"Bầu cử\",\"questions\":[{\"type\":"
                 "\"Homomorphic\",\"value\":{\"answers\":[\"A\",\"B\"],\"blank\":false,\"min\":0,"
                 "\"max\":1,\"question\":\"Q\"}}],\"administrator\":\"nep\","
                 "\"credential_authority\":[\"Server\"]},\"trustees\":%s,\"trust\":%s}",
                 e->uuid, e->event, world_group, e->trustees.data, e->trust.text.data);
}

static void import_roll(const world_election *e)
{
  nep_buf csv = {0};
  nep_buf_str(&csv, "identifier,name\n");
  for (size_t i = 0; i < e->n; i++)
    nep_buf_printf(&csv, "voter-%zu,Nguyễn Văn %zu\n", i, i);
  world_must(NEP_ACT_ROLL, e->uuid, csv.data);
  nep_buf_free(&csv);
}

void world_calendar(world_election *e, int registration, int open)
{
  char ends[21], opens[21], closes[21], body[200];
  e->registration_closes = nep_clock_now() + registration;
  e->opens = e->registration_closes;
  e->closes = e->opens + open;
  nep_clock_text(e->registration_closes, ends);
  nep_clock_text(e->opens, opens);
  nep_clock_text(e->closes, closes);
  snprintf(body, sizeof body, "{\"registration_closes\":\"%s\",\"opens\":\"%s\",\"closes\":\"%s\"}",
           ends, opens, closes);
  world_must(NEP_ACT_CALENDAR, e->uuid, body);
}

static void read_election(world_election *e)
{
  nep_buf text = {0};
  nep_error err = {0};
  char hash[65];
  must(nep_document_get(world, e->uuid, NEP_DOCUMENT_DEFINITION, &text, hash, &err), &err);
  must(nep_election_parse(nep_buf_bytes(&text), &e->election, &err), &err);
  nep_buf_free(&text);
}

void world_created(world_election *e)
{
  nep_buf body = {0};
  world_creation(e, &body);
  world_must(NEP_ACT_CREATE, "", body.data);
  nep_buf_free(&body);
  read_election(e);
}

void world_draft(world_election *e, size_t n, int registration, int open)
{
  world_created(e);
  e->n = n;
  import_roll(e);
  world_calendar(e, registration, open);
}

void world_registration(world_election *e, size_t n, int registration, int open)
{
  world_draft(e, n, registration, open);
  world_must(NEP_ACT_REGISTRATION, e->uuid, "{}");
}

static void register_voter(world_election *e, size_t i)
{
  char person[32];
  nep_buf body = {0}, json = {0};
  nep_error err = {0};
  nep_credential_new(e->credentials[i]);
  snprintf(person, sizeof person, "voter-%zu", i);
  world_registration_request r = {.person = person, .credential = e->credentials[i]};
  world_registration_body(e, &r, &body, e->nonces[i]);
  must(nep_register(world, nep_buf_bytes(&body), "192.0.2.1", &json, &err), &err);
  nep_buf_free(&json);
  nep_buf_free(&body);
}

void world_wait_until(int64_t seconds)
{
  struct timespec pause = {0, 20000000};
  while (nep_clock_now() < seconds)
    nanosleep(&pause, NULL);
}

static void public_credential(const world_election *e, const char *credential, nep_scalar *key,
                              char text[NEP_ELEMENT_TEXT_MAX])
{
  const nep_group *g = e->election->group;
  nep_element element;
  nep_credential_key(g, e->uuid, credential, key);
  nep_element_exp_g(g, &element, key);
  nep_element_text(g, &element, text);
}

static void freeze(const world_election *e)
{
  nep_buf body = {0};
  world_freeze_body(e, &(world_freeze){0}, &body);
  world_must(NEP_ACT_FREEZE, e->uuid, body.data);
  nep_buf_free(&body);
}

void world_register_all(world_election *e)
{
  for (size_t i = 0; i < e->n; i++)
    register_voter(e, i);
}

void world_registered(world_election *e, size_t n, int registration, int open)
{
  world_registration(e, n, registration, open);
  world_register_all(e);
  world_wait_until(e->registration_closes);
}

void world_public(const world_election *e, size_t voter, char text[NEP_ELEMENT_TEXT_MAX])
{
  nep_scalar key;
  public_credential(e, e->credentials[voter], &key, text);
}

void world_frozen(world_election *e, size_t n, int registration, int open)
{
  world_registered(e, n, registration, open);
  freeze(e);
}

void world_opened(world_election *e, size_t n, int open)
{
  world_frozen(e, n, 3, open);
  world_must(NEP_ACT_OPEN, e->uuid, "{}");
}

void world_election_free(world_election *e)
{
  nep_election_free(e->election);
  trust_fixture_close(&e->trust);
  nep_buf_free(&e->trustees);
}

/* ---- registrations ---- */

static void token(const char *person, const char *audience, const char *nonce, long expires_in,
                  nep_buf *out)
{
  nep_error err = {0};
  nep_test_token t = {.issuer = ISSUER,
                      .subject = person,
                      .nonce = nonce,
                      .audiences = {audience},
                      .n_audiences = 1,
                      .now = nep_clock_now(),
                      .expires_in = expires_in};
  must(nep_test_token_make(nep_buf_bytes(&made.private_jwk), &t, out, &err), &err);
}

void world_token(const char *person, const char *nonce, nep_buf *out)
{
  token(person, AUDIENCE, nonce, 300, out);
}

/* The public credential's text; the key stays in *key. */
static void quoted_or_null(nep_buf *out, const char *text)
{
  if (text == NULL)
    nep_buf_str(out, "null");
  else
    nep_buf_printf(out, "\"%s\"", text);
}

void world_registration_body(const world_election *e, const world_registration_request *r,
                             nep_buf *body, char nonce[44])
{
  char credential[26], text[NEP_ELEMENT_TEXT_MAX], salt[65];
  const char *uuid = e->uuid, *list = text, *event = r->event == NULL ? e->event : r->event;
  uint8_t raw[32];
  nep_scalar key;
  nep_buf proof = {0}, id_token = {0};
  nep_credential_new(credential);
  public_credential(e, r->credential == NULL ? credential : r->credential, &key, text);
  nep_random_bytes(raw, sizeof raw);
  nep_hex(raw, sizeof raw, salt);
  nep_registration_nonce(event, salt, r->replaces, &uuid, &list, 1, nonce);
  nep_possession_make(e->election->group, &key, uuid,
                      r->proof_nonce == NULL ? nonce : r->proof_nonce, &proof);
  token(r->person, r->audience == NULL ? AUDIENCE : r->audience,
        r->token_nonce == NULL ? nonce : r->token_nonce, r->expires_in == 0 ? 300 : r->expires_in,
        &id_token);
  nep_buf_printf(body, "{\"event\":\"%s\",\"salt\":\"%s\",\"replaces\":", event, salt);
  quoted_or_null(body, r->replaces);
  nep_buf_printf(body,
                 ",\"credentials\":[{\"uuid\":\"%s\",\"credential\":\"%s\",\"proof\":%s}],"
                 "\"id_token\":\"%s\"}",
                 uuid, text, proof.data, id_token.data);
  nep_buf_free(&id_token);
  nep_buf_free(&proof);
}

/* ---- looking behind the service ---- */

int64_t world_count(const char *sql)
{
  char *command = nep_sprintf("psql -X -At '%s' -c \"%s\"", world_database("admin"), sql);
  char line[64] = "";
  FILE *out = popen(command, "r");
  ck_assert_ptr_nonnull(out);
  ck_assert_ptr_nonnull(fgets(line, sizeof line, out));
  ck_assert_int_eq(pclose(out), 0);
  free(command);
  return strtoll(line, NULL, 10);
}

bool world_sql(const char *role, const char *sql)
{
  char *command = nep_sprintf("psql -X -q -v ON_ERROR_STOP=1 '%s' -c \"%s\" >/dev/null 2>&1",
                              world_database(role), sql);
  int status = run(command);
  free(command);
  return status == 0;
}

void world_commit_fails_once(const char *table, bool lost)
{
  char *sql = nep_sprintf(
      "CREATE SEQUENCE public.commits; GRANT USAGE ON SEQUENCE public.commits TO PUBLIC; "
      "CREATE FUNCTION public.fail_once() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN IF nextval(''public.commits'') = 1 THEN %s; END IF; RETURN NULL; END'; "
      "CREATE CONSTRAINT TRIGGER fails_once AFTER INSERT ON %s DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION public.fail_once()",
      lost ? "PERFORM pg_terminate_backend(pg_backend_pid())"
           : "RAISE EXCEPTION ''again'' USING ERRCODE = ''40001''",
      table);
  ck_assert(world_sql("admin", sql));
  free(sql);
}

void world_commits_hold(const char *table)
{
  char *sql = nep_sprintf("DROP TRIGGER fails_once ON %s; DROP FUNCTION public.fail_once; "
                          "DROP SEQUENCE public.commits",
                          table);
  ck_assert(world_sql("admin", sql));
  free(sql);
}
