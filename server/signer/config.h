/* Configuration of nep-signer; nep-signer.conf.example documents every setting. */
#ifndef NEP_SIGNER_CONFIG_H
#define NEP_SIGNER_CONFIG_H

#include <sys/types.h>

#include "server/settings/settings.h"

enum { NEP_SIGNER_USERS_MAX = 16 };

typedef struct nep_signer_config {
  char *socket;
  char *socket_mode; /* octal text */
  char *socket_group;
  char *key;
  char *memory; /* folder */
  char *log_level;
  nep_text_list users;
  int64_t connections;

  mode_t mode;                         /* of the socket */
  gid_t group;                         /* of the socket; (gid_t)-1: unchanged */
  uid_t allowed[NEP_SIGNER_USERS_MAX]; /* who may ask; at least one */
  size_t n_allowed;
} nep_signer_config;

NEP_MUST_USE nep_status nep_signer_config_read(const char *file, nep_signer_config *c,
                                               nep_error *err);
void nep_signer_config_free(nep_signer_config *c);

#endif
