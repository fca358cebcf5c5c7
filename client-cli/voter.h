/* nep-voter: what its commands share. One command per file. */
#ifndef NEP_CLIENT_VOTER_H
#define NEP_CLIENT_VOTER_H

#include <stdbool.h>

#include "client-cli/http.h"
#include "records/registration.h"
#include "records/signed.h"

typedef struct nep_voter {
  const char *server, *ca, *dir; /* options as given; NULL when they were not */
  const char *expected_server_key;
  const char *trust; /* fingerprint of the trust file, as published */
  const char *event, *id_token_command, *choice_file, *archive, *casts, *challenge;
  const char *elections[NEP_REGISTRATION_ELECTIONS_MAX];
  size_t n_elections;
  bool json, replace, ask, yes, registered, anyway;
  nep_http *http;
  char key[NEP_PUBLIC_KEY_HEX + 1]; /* of the server, pinned; "" until nep_voter_key */
} nep_voter;

/* Finds out and pins the server's key (server_key.h) into v->key. */
NEP_MUST_USE nep_status nep_voter_key(nep_voter *v, nep_error *err);
/* The one election that a command is about. */
NEP_MUST_USE nep_status nep_voter_election(const nep_voter *v, const char **uuid, nep_error *err);
/* Own public credential in an election, from the folder; NEP_E_NOT_FOUND without a credential. */
NEP_MUST_USE nep_status nep_voter_credential(const nep_voter *v, const nep_group *g,
                                             const char *uuid, char public[NEP_ELEMENT_TEXT_MAX],
                                             nep_error *err);
/* Signs in with a nonce made from one of the server; *session is the header "Authorization: Bearer
   ..", to be wiped. */
NEP_MUST_USE nep_status nep_voter_sign_in(nep_voter *v, nep_buf *session, nep_error *err);

/* The commands. They print their own results; NEP_E_CHECK means that what was asked is not so. */
NEP_MUST_USE nep_status nep_voter_register(nep_voter *v, nep_error *err);
NEP_MUST_USE nep_status nep_voter_vote(nep_voter *v, nep_error *err);
NEP_MUST_USE nep_status nep_voter_check(nep_voter *v, nep_error *err);
/* check --registered */
NEP_MUST_USE nep_status nep_voter_registered(nep_voter *v, nep_error *err);
NEP_MUST_USE nep_status nep_voter_list(nep_voter *v, nep_error *err);
NEP_MUST_USE nep_status nep_voter_publish(nep_voter *v, nep_error *err);
NEP_MUST_USE nep_status nep_voter_status(nep_voter *v, nep_error *err);

#endif
