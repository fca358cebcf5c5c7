/* Configuration of nep-server; nep-server.conf.example documents every setting. */
#ifndef NEP_HTTP_CONFIG_H
#define NEP_HTTP_CONFIG_H

#include "server/http/address.h"
#include "server/log/log.h"
#include "server/service/service.h"
#include "server/settings/settings.h"

enum { NEP_PROXIES_MAX = 64 };

/* Fields are named section_key. */
typedef struct nep_config {
  char *server_listen;
  int64_t server_port, server_threads, server_workers, server_queue, server_stop_ms;
  char *server_tls_certificate, *server_tls_key, *server_tls_priorities;

  char *database_registry, *database_board, *database_official, *database_owner;
  int64_t database_connections;
  char *database_sql_folder;
  char *state_folder;
  char *signer_socket;

  char *identity_issuer, *identity_audience, *identity_roll_claim;
  int64_t identity_leeway, identity_max_age;
  char *identity_jwks_file, *identity_jwks_address, *identity_jwks_ca;

  int64_t casting_threads, casting_queue, casting_batch, casting_list_memory;

  int64_t limits_connections, limits_connections_per_address;
  int64_t limits_requests_per_second, limits_burst;
  int64_t limits_request_ms, limits_idle_seconds;
  int64_t limits_headers, limits_uri_bytes;
  int64_t limits_json_bytes, limits_ballot_bytes, limits_act_bytes, limits_roll_bytes;
  int64_t limits_body_memory, limits_page_ballots;

  nep_text_list proxies_addresses, metrics_addresses;
  char *log_level;

  nep_address listen; /* server_listen, read */
  nep_address_list proxies, metrics;
  nep_log_level level;
} nep_config;

/* Reads and checks; free with nep_config_free in either case. */
NEP_MUST_USE nep_status nep_config_read(const char *file, nep_config *c, nep_error *err);
NEP_MUST_USE nep_status nep_config_parse(nep_bytes text, const char *name, nep_config *c,
                                         nep_error *err);
void nep_config_free(nep_config *c);

/* What the configuration names must exist with the right modes: certificate, key, folders. */
NEP_MUST_USE nep_status nep_config_check_files(const nep_config *c, nep_error *err);

/* [database] owner is optional; these commands need it. */
NEP_MUST_USE nep_status nep_config_need_owner(const nep_config *c, nep_error *err);

/* The part that the services need; borrows from c. */
void nep_config_for_service(const nep_config *c, nep_service_config *out);

#endif
