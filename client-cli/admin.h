/* nep-admin: what its commands share. One command, or one kind of command, per file. */
#ifndef NEP_CLIENT_ADMIN_H
#define NEP_CLIENT_ADMIN_H

#include <stdbool.h>

#include "client-cli/http.h"
#include "records/act.h"
#include "records/envelopes.h"

typedef struct nep_admin {
  const char *server, *ca, *key, *name; /* options as given; NULL when they were not */
  const char *out, *definition, *upto, *casts, *challenges, *credentials, *verdict;
  const char *registration_closes, *opens, *closes;
  const char *acts[NEP_ENVELOPES_MAX]; /* files of --act */
  size_t n_acts;
  const char *countersignatures[NEP_ENVELOPES_MAX]; /* files of --countersignature */
  size_t n_countersignatures;
  const char *words[2]; /* behind the command: UUID, FILE */
  size_t n_words;
  bool json;
  nep_http *http;
  nep_buf refusal; /* the problem document of a refused act: its rows are printed after the error */
} nep_admin;

/* Signs and sends an act; uuid is "" for NEP_ACT_CREATE. */
NEP_MUST_USE nep_status nep_admin_act(nep_admin *a, nep_action action, const char *uuid,
                                      nep_bytes body, nep_buf *answer, nep_error *err);
/* The same about the election of the command's first word, and prints the answer. */
NEP_MUST_USE nep_status nep_admin_send(nep_admin *a, nep_action action, nep_bytes body,
                                       nep_error *err);
/* Prints the server's answer to an act: the election's new phase, and counts. */
void nep_admin_print_answer(const nep_admin *a, nep_bytes answer);
/* Reads the envelopes of the files of --act; at least one is needed. */
NEP_MUST_USE nep_status nep_admin_acts(const nep_admin *a, nep_envelopes *out, nep_error *err);
/* The same of --countersignature. */
NEP_MUST_USE nep_status nep_admin_countersignatures(const nep_admin *a, nep_envelopes *out,
                                                    nep_error *err);
/* The election named as the command's first word. */
NEP_MUST_USE nep_status nep_admin_uuid(const nep_admin *a, const char **uuid, nep_error *err);

/* Makes the request body of `create` from a definition file's text: a uuid is put in when it has
   none. uuid gets the election's. */
NEP_MUST_USE nep_status nep_admin_definition(nep_bytes text, nep_buf *body, char uuid[65],
                                             nep_error *err);
/* Makes the body of `calendar` from the options, all of which are needed: the official signs no
   time that only the server named. */
NEP_MUST_USE nep_status nep_admin_calendar_body(const nep_admin *a, nep_buf *body, nep_error *err);

NEP_MUST_USE nep_status nep_admin_keygen(nep_admin *a, nep_error *err);
NEP_MUST_USE nep_status nep_admin_create(nep_admin *a, nep_error *err);
NEP_MUST_USE nep_status nep_admin_calendar(nep_admin *a, nep_error *err);
NEP_MUST_USE nep_status nep_admin_show(nep_admin *a, nep_error *err);
NEP_MUST_USE nep_status nep_admin_export(nep_admin *a, nep_error *err);
/* The board of challenges into the file that the option names. */
NEP_MUST_USE nep_status nep_admin_export_board(nep_admin *a, const char *uuid, nep_error *err);
NEP_MUST_USE nep_status nep_admin_registry(nep_admin *a, nep_error *err);
NEP_MUST_USE nep_status nep_admin_freeze(nep_admin *a, nep_error *err);
NEP_MUST_USE nep_status nep_admin_tally(nep_admin *a, nep_error *err);
/* registration, open, close: an act without content. */
NEP_MUST_USE nep_status nep_admin_step(nep_admin *a, nep_action action, nep_error *err);
/* roll, decryption, result: an act whose body is a file. */
NEP_MUST_USE nep_status nep_admin_upload(nep_admin *a, nep_action action, nep_error *err);

#endif
