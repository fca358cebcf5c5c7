#include "client-cli/voter.h"

#include <string.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/idtoken_command.h"
#include "client-cli/server_key.h"
#include "protocol/json.h"
#include "records/sign_in.h"

enum { ANSWER_MAX = 65536 };

nep_status nep_voter_key(nep_voter *v, nep_error *err)
{
  return v->key[0] != '\0' ? NEP_OK
                           : nep_server_key(v->http, v->dir, v->expected_server_key, v->key, err);
}

nep_status nep_voter_election(const nep_voter *v, const char **uuid, nep_error *err)
{
  if (v->n_elections != 1)
    return nep_fail(err, NEP_E_INPUT, "usage", "--election", _("is needed, once"));
  *uuid = v->elections[0];
  return NEP_OK;
}

nep_status nep_voter_credential(const nep_voter *v, const nep_group *g, const char *uuid,
                                char public[NEP_ELEMENT_TEXT_MAX], nep_error *err)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1];
  nep_scalar key;
  nep_element e;
  nep_status status = nep_folder_credential_load(v->dir, uuid, "", credential, err);
  if (status != NEP_OK)
    return status;
  nep_credential_key(g, uuid, credential, &key);
  nep_element_exp_g(g, &e, &key);
  nep_element_text(g, &e, public);
  nep_scalar_wipe(&key);
  nep_wipe(credential, sizeof credential);
  return NEP_OK;
}

/* POSTs a JSON text and gives back one string of the answer. */
static nep_status post_for(nep_voter *v, const char *path, nep_bytes body, const char *key,
                           nep_buf *value, nep_error *err)
{
  nep_buf answer = {0};
  json_t *document = NULL;
  nep_request r = {
      .path = path, .content_type = "application/json", .body = body, .max = ANSWER_MAX};
  nep_buf_room(&answer, ANSWER_MAX); /* a buffer that moves leaves a copy */
  nep_status status = nep_http_send(v->http, &r, &answer, err);
  if (status == NEP_OK)
    status = nep_json_parse(nep_buf_bytes(&answer), &document, err);
  const char *text = json_string_value(json_object_get(document, key));
  if (status == NEP_OK && (text == NULL || strpbrk(text, "\r\n") != NULL))
    status = nep_fail(err, NEP_E_CHECK, "server-answer", key, _("is missing"));
  if (status == NEP_OK)
    nep_buf_secret_add(value, text, strlen(text));
  json_decref(document);
  nep_buf_wipe(&answer);
  return status;
}

/* PROTOCOL-ADDITIONS 2.5: never what the server gave out, which could be the nonce of a
   registration that this person has not asked for (A17). */
static nep_status sign_in_token(nep_voter *v, nep_buf *token, nep_error *err)
{
  nep_buf given = {0};
  char nonce[NEP_NONCE_LENGTH + 1];
  nep_status status = post_for(v, "/v1/sign-in", nep_str_bytes("{}"), "nonce", &given, err);
  if (status == NEP_OK) {
    nep_sign_in_nonce(nep_buf_bytes(&given), nonce);
    status = nep_idtoken_from_command(v->id_token_command, nonce, token, err);
  }
  nep_buf_free(&given);
  return status;
}

nep_status nep_voter_sign_in(nep_voter *v, nep_buf *session, nep_error *err)
{
  static const char bearer[] = "Authorization: Bearer ";
  nep_buf token = {0}, body = {0};
  if (v->id_token_command == NULL)
    return nep_fail(err, NEP_E_INPUT, "usage", "--id-token-command", _("is needed"));
  nep_status status = sign_in_token(v, &token, err);
  if (status == NEP_OK) {
    nep_buf_secret_add(&body, "{\"id_token\":\"", 13);
    nep_buf_secret_add(&body, token.data, token.len);
    nep_buf_secret_add(&body, "\"}", 2);
    nep_buf_secret_add(session, bearer, strlen(bearer));
    status =
        strpbrk(token.data, "\"\\") == NULL
            ? post_for(v, "/v1/sessions", nep_buf_bytes(&body), "session", session, err)
            : nep_fail(err, NEP_E_DENIED, "id-token-command", NULL, _("did not print an ID token"));
  }
  nep_buf_wipe(&body);
  nep_buf_wipe(&token);
  return status;
}
