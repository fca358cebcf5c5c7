#include "server/http/config.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

static const char *check_address(const char *value)
{
  nep_address a;
  return nep_address_parse(value, &a) ? NULL : "must hold numeric IPv4 or IPv6 addresses";
}

static const char *check_https(const char *value)
{
  return strncmp(value, "https://", 8) == 0 ? NULL : "must start with https://";
}

#define TEXT(section, key, fallback, needed, check)                                                \
  {                                                                                                \
#section, #key, NEP_SETTING_TEXT, offsetof(nep_config, section##_##key), fallback, needed, 0,  \
        0, check                                                                                   \
  }
#define NUMBER(section, key, fallback, min, max)                                                   \
  {                                                                                                \
#section, #key, NEP_SETTING_NUMBER, offsetof(nep_config, section##_##key), fallback, false,    \
        min, max, NULL                                                                             \
  }
#define LIST(section, key, fallback, check)                                                        \
  {                                                                                                \
#section, #key, NEP_SETTING_LIST, offsetof(nep_config, section##_##key), fallback, false, 0,   \
        0, check                                                                                   \
  }

static const nep_setting table[] = {
    TEXT(server, listen, "127.0.0.1", false, check_address),
    NUMBER(server, port, "8443", 0, 65535),
    NUMBER(server, threads, "2", 1, 256),
    NUMBER(server, workers, "8", 1, 256),
    NUMBER(server, queue, "256", 1, 65536),
    NUMBER(server, stop_ms, "15000", 100, 600000),
    TEXT(server, tls_certificate, NULL, true, nep_settings_check_path),
    TEXT(server, tls_key, NULL, true, nep_settings_check_path),
    TEXT(server, tls_priorities, "NORMAL:-VERS-ALL:+VERS-TLS1.3:%SERVER_PRECEDENCE", false, NULL),
    TEXT(database, registry, NULL, true, NULL),
    TEXT(database, board, NULL, true, NULL),
    TEXT(database, official, NULL, true, NULL),
    TEXT(database, owner, NULL, false, NULL),
    NUMBER(database, connections, "4", 1, 256),
    TEXT(database, sql_folder, NEP_SQLDIR, false, nep_settings_check_path),
    TEXT(state, folder, NULL, true, nep_settings_check_path),
    TEXT(signer, socket, NULL, true, nep_settings_check_path),
    TEXT(identity, issuer, NULL, true, NULL),
    TEXT(identity, audience, NULL, true, NULL),
    TEXT(identity, roll_claim, "sub", false, NULL),
    NUMBER(identity, leeway, "30", 0, 300),
    NUMBER(identity, max_age, "600", 30, 86400),
    TEXT(identity, jwks_file, NULL, false, nep_settings_check_path),
    TEXT(identity, jwks_address, NULL, false, check_https),
    TEXT(identity, jwks_ca, NULL, false, nep_settings_check_path),
    NUMBER(casting, threads, "0", 0, NEP_CAST_THREADS_MAX),
    NUMBER(casting, queue, "4096", 1, 1000000),
    NUMBER(casting, batch, "256", 1, 1024),
    NUMBER(casting, list_memory, "1073741824", 1048576, 1099511627776),
    NUMBER(limits, connections, "1024", 8, 65536),
    NUMBER(limits, connections_per_address, "64", 1, 65536),
    NUMBER(limits, requests_per_second, "100", 1, 1000000),
    NUMBER(limits, burst, "500", 1, 1000000),
    NUMBER(limits, request_ms, "15000", 100, 600000),
    NUMBER(limits, idle_seconds, "30", 1, 600),
    NUMBER(limits, headers, "64", 8, 256),
    NUMBER(limits, uri_bytes, "1024", 256, 8192),
    NUMBER(limits, json_bytes, "65536", 1024, 16777216),
    NUMBER(limits, ballot_bytes, "1048576", 1024, 16777216),
    NUMBER(limits, act_bytes, "16777216", 1024, 268435456),
    NUMBER(limits, roll_bytes, "67108864", 1024, 1073741824),
    NUMBER(limits, body_memory, "268435456", 1048576, 68719476736),
    NUMBER(limits, page_ballots, "1000", 1, 1000),
    LIST(proxies, addresses, NULL, check_address),
    LIST(metrics, addresses, "127.0.0.1 ::1", check_address),
    TEXT(log, level, "info", false, nep_log_level_check),
};
enum { SETTINGS = sizeof table / sizeof *table };

static nep_status read_addresses(const nep_text_list *list, const char *name, const char *setting,
                                 nep_address_list *out, nep_error *err)
{
  if (list->n > NEP_PROXIES_MAX)
    return nep_fail(err, NEP_E_INPUT, "config", name, "%s holds more than %d addresses", setting,
                    NEP_PROXIES_MAX);
  nep_address_list_make((const char *const *)list->items, list->n, out);
  return NEP_OK;
}

/* What a single line cannot show. */
static nep_status check_together(nep_config *c, const char *name, nep_error *err)
{
  if (!c->identity_jwks_file == !c->identity_jwks_address) {
    nep_fail(err, NEP_E_INPUT, "config", name,
             "exactly one of [identity] jwks_file and jwks_address must be set");
    return NEP_E_INPUT;
  }
  if (c->limits_burst < c->limits_requests_per_second)
    return nep_fail(err, NEP_E_INPUT, "config", name,
                    "[limits] burst must not be less than requests_per_second");
  if (!nep_address_parse(c->server_listen, &c->listen) ||
      !nep_log_level_parse(c->log_level, &c->level))
    return nep_fail(err, NEP_E_INTERNAL, "config", name, "a checked value cannot be read");
  nep_status status =
      read_addresses(&c->proxies_addresses, name, "[proxies] addresses", &c->proxies, err);
  if (status == NEP_OK)
    status = read_addresses(&c->metrics_addresses, name, "[metrics] addresses", &c->metrics, err);
  return status;
}

nep_status nep_config_parse(nep_bytes text, const char *name, nep_config *c, nep_error *err)
{
  *c = (nep_config){0};
  nep_status status = nep_settings_parse(text, name, table, SETTINGS, c, err);
  return status == NEP_OK ? check_together(c, name, err) : status;
}

nep_status nep_config_read(const char *file, nep_config *c, nep_error *err)
{
  *c = (nep_config){0};
  nep_status status = nep_settings_read(file, table, SETTINGS, c, err);
  return status == NEP_OK ? check_together(c, file, err) : status;
}

void nep_config_free(nep_config *c)
{
  nep_address_list_free(&c->proxies);
  nep_address_list_free(&c->metrics);
  nep_settings_free(table, SETTINGS, c);
}

static nep_status check_folder(const char *path, const char *setting, mode_t forbidden,
                               nep_error *err)
{
  struct stat st;
  if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
    return nep_fail(err, NEP_E_NOT_FOUND, "config", setting, "there is no folder %s", path);
  if (st.st_mode & forbidden) {
    nep_fail(err, NEP_E_DENIED, "config", setting, "others may enter %s (mode %04o)", path,
             (unsigned)(st.st_mode & 07777));
    nep_advise(err, "run: chmod 700 %s", path);
    return NEP_E_DENIED;
  }
  return NEP_OK;
}

static nep_status check_file(const char *path, const char *setting, bool secret, nep_error *err)
{
  nep_buf content = {0};
  if (!path)
    return NEP_OK;
  nep_status status = secret ? nep_file_read_secret(path, NEP_SETTINGS_FILE_MAX, &content, err)
                             : nep_file_read(path, NEP_SETTINGS_FILE_MAX, &content, err);
  nep_buf_wipe(&content);
  return status == NEP_OK ? status : nep_inside(err, status, "%s", setting);
}

nep_status nep_config_check_files(const nep_config *c, nep_error *err)
{
  nep_status status = check_file(c->server_tls_certificate, "[server] tls_certificate", false, err);
  if (status == NEP_OK)
    status = check_file(c->server_tls_key, "[server] tls_key", true, err);
  if (status == NEP_OK)
    status = check_file(c->identity_jwks_file, "[identity] jwks_file", false, err);
  if (status == NEP_OK)
    status = check_file(c->identity_jwks_ca, "[identity] jwks_ca", false, err);
  if (status == NEP_OK)
    status = check_folder(c->state_folder, "[state] folder", 077, err);
  if (status == NEP_OK)
    status = check_folder(c->database_sql_folder, "[database] sql_folder", 0, err);
  return status;
}

nep_status nep_config_need_owner(const nep_config *c, nep_error *err)
{
  if (c->database_owner)
    return NEP_OK;
  nep_fail(err, NEP_E_INPUT, "config", "[database] owner", "this command needs the setting");
  nep_advise(err, "use a configuration that sets it, apart from the one the service runs with");
  return NEP_E_INPUT;
}

void nep_config_for_service(const nep_config *c, nep_service_config *out)
{
  *out = (nep_service_config){
      .db_registry = c->database_registry,
      .db_board = c->database_board,
      .db_official = c->database_official,
      .db_connections = (unsigned)c->database_connections,
      .state_folder = c->state_folder,
      .signer_socket = c->signer_socket,
      .jwks_file = c->identity_jwks_file,
      .jwks_address = c->identity_jwks_address,
      .jwks_ca = c->identity_jwks_ca,
      .id_policy = {.issuer = c->identity_issuer,
                    .audience = c->identity_audience,
                    .roll_claim = c->identity_roll_claim,
                    .leeway = c->identity_leeway,
                    .max_age = c->identity_max_age},
      .cast_threads = (unsigned)c->casting_threads,
      .cast_queue = (unsigned)c->casting_queue,
      .cast_batch = (unsigned)c->casting_batch,
      .list_memory = (size_t)c->casting_list_memory,
  };
}
