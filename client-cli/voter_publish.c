/* nep-voter publish: puts a challenge on the public board, where it never counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/choice.h"
#include "client-cli/confirm.h"
#include "client-cli/folder.h"
#include "client-cli/paper.h"
#include "client-cli/voter.h"
#include "records/published_challenge.h"

enum { ANSWER_MAX = 65536, TRIES = 5 };

/* What a device cannot justify is evidence and no example for others: the board does not take it.
 */
static nep_status verify(const nep_election *e, nep_bytes challenge, nep_choice *choices,
                         nep_error *err)
{
  nep_findings f = {0};
  nep_ballot_challenge_verify(e, challenge, NULL, choices, &f);
  nep_status status = nep_findings_status(&f, err);
  nep_findings_free(&f);
  if (status != NEP_OK)
    nep_advise(err, "%s",
               _("keep the file and the code that you wrote down, and let nep-verify dispute judge "
                 "them on another machine"));
  return status;
}

static nep_status consent(const nep_voter *v, const nep_election *e, const nep_choice *choices,
                          nep_error *err)
{
  bool yes = v->yes;
  fprintf(stderr, "%s\n",
          _("These choices, the randomness of their encryption and your public credential become "
            "public, for everybody and for ever:"));
  nep_choices_show(e, choices);
  fprintf(stderr, "%s\n",
          _("Publish only a challenge whose choices are NOT what you vote for: whoever reads it "
            "would know. The ballot in it never counts."));
  nep_status status = yes ? NEP_OK : nep_confirm(_("Publish it? [y/N] "), &yes, err);
  if (status == NEP_OK && !yes)
    status = nep_fail(err, NEP_E_STATE, "not-published", NULL, _("nothing was sent"));
  return status;
}

/* Signed by the credential that was challenged: nobody fills another's places on the board. */
static nep_status make_request(const nep_voter *v, const nep_election *e, nep_bytes challenge,
                               nep_buf *out, nep_error *err)
{
  char credential[NEP_CREDENTIAL_LENGTH + 1] = "";
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_challenge_claims claims;
  nep_scalar key = {0};
  nep_status status = nep_challenge_read(challenge, &claims, err);
  if (status == NEP_OK)
    status = nep_folder_credential_load(v->dir, e->uuid, "", credential, err);
  if (status == NEP_OK)
    status = nep_ballot_credential(e, credential, &key, public, err);
  if (status == NEP_OK && strcmp(public, claims.credential) != 0)
    status = nep_fail(err, NEP_E_INPUT, "challenge-credential", v->challenge,
                      _("is not a challenge of the credential in this folder"));
  if (status == NEP_OK)
    status = nep_published_request(e, &key, challenge, out, err);
  nep_scalar_wipe(&key);
  nep_wipe(credential, sizeof credential);
  return status;
}

static nep_status report(nep_bytes answer, nep_error *err)
{
  json_t *json = NULL;
  nep_status status = nep_json_parse(answer, &json, err);
  const json_t *number = json_object_get(json, "number");
  if (status == NEP_OK && !json_is_integer(number))
    status = nep_fail(err, NEP_E_CHECK, "server-answer", "number", _("is missing"));
  if (status == NEP_OK)
    printf(_("Published as number %lld of the board of challenges. It is no vote: to vote, run "
             "vote.\n"),
           (long long)json_integer_value(number));
  json_decref(json);
  return status;
}

static nep_status send(nep_voter *v, const nep_election *e, const nep_buf *body, nep_error *err)
{
  nep_buf answer = {0};
  char *path = nep_sprintf("/v1/elections/%s/challenges", e->uuid);
  nep_request r = {.path = path,
                   .content_type = "application/json",
                   .body = nep_buf_bytes(body),
                   .max = ANSWER_MAX,
                   .tries = TRIES};
  nep_status status = nep_http_send(v->http, &r, &answer, err);
  if (status == NEP_OK)
    status = report(nep_buf_bytes(&answer), err);
  nep_buf_free(&answer);
  free(path);
  return status;
}

static nep_status publish(nep_voter *v, const nep_election *e, nep_bytes challenge, nep_error *err)
{
  nep_buf body = {0};
  nep_choice *choices = nep_choices_new(e);
  nep_status status = verify(e, challenge, choices, err);
  if (status == NEP_OK)
    status = make_request(v, e, challenge, &body, err);
  if (status == NEP_OK)
    status = consent(v, e, choices, err);
  nep_secret_free(choices);
  if (status == NEP_OK)
    status = send(v, e, &body, err);
  nep_buf_free(&body);
  return status;
}

nep_status nep_voter_publish(nep_voter *v, nep_error *err)
{
  const char *uuid;
  nep_summary summary = {0};
  nep_paper paper = {0};
  nep_buf challenge = {0};
  nep_status status = nep_voter_election(v, &uuid, err);
  if (status == NEP_OK && v->challenge == NULL)
    status = nep_fail(err, NEP_E_INPUT, "usage", "--challenge", _("is needed"));
  if (status == NEP_OK)
    status = nep_file_read_secret(v->challenge, NEP_CHALLENGE_MAX, &challenge, err);
  while (status == NEP_OK && challenge.len > 0 && challenge.data[challenge.len - 1] == '\n')
    challenge.data[--challenge.len] = '\0';
  if (status == NEP_OK)
    status = nep_summary_get(v->http, uuid, &summary, err);
  if (status == NEP_OK)
    status = nep_paper_get(v->http, &summary, &paper, err);
  if (status == NEP_OK)
    status = publish(v, paper.election, nep_buf_bytes(&challenge), err);
  nep_paper_free(&paper);
  nep_summary_free(&summary);
  nep_buf_wipe(&challenge);
  return status;
}
