/* nep-tally act freeze: an official signs what an election is, after checking it. */
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "protocol/credentials.h"
#include "records/freeze_act.h"
#include "records/tags.h"
#include "records/trust_list.h"
#include "tally/tally_commands.h"
#include "tally/trust_file.h"

enum { DEFINITION, TRUSTEES, CREDENTIALS, PARTS };

static nep_status read_parts(const nep_arguments *a, nep_buf part[PARTS], nep_error *err)
{
  nep_status s =
      nep_cli_text(nep_option(a, "definition"), NEP_ELECTION_TEXT_MAX, &part[DEFINITION], err);
  if (s == NEP_OK)
    s = nep_cli_text(nep_option(a, "trustees"), NEP_TRUSTEES_TEXT_MAX, &part[TRUSTEES], err);
  if (s == NEP_OK)
    s = nep_cli_text(nep_option(a, "credentials"), NEP_RECORD_MAX, &part[CREDENTIALS], err);
  return s;
}

/* Nobody signs what was not looked at: the parts are well formed, belong together, and trustees
   will decrypt what is voted with them. */
static nep_status check_parts(const nep_election *e, const nep_trust *trust,
                              const nep_buf part[PARTS], nep_error *err)
{
  nep_findings f = {0};
  nep_trustees *trustees = NULL;
  nep_credentials *credentials = NULL;
  nep_trustees_verify(e->group, nep_buf_bytes(&part[TRUSTEES]), &trustees, &f);
  nep_credentials_verify(e->group, nep_buf_bytes(&part[CREDENTIALS]), 0, &credentials, &f);
  nep_status s = nep_findings_status(&f, err);
  if (s == NEP_OK && !nep_element_equal(e->group, &trustees->election_key, nep_key_element(e->key)))
    s = nep_fail(err, NEP_E_CHECK, "election-key", "public_key",
                 "the election's key is not the product of the trustees' keys");
  if (s == NEP_OK)
    s = nep_trust_list_check(trust, credentials, err);
  if (s == NEP_OK) {
    char *name = nep_printable(e->name);
    printf("election %s \"%s\": %zu trustees, %zu credentials\n", e->uuid, name, trustees->n_owners,
           nep_credentials_count(credentials));
    free(name);
  }
  nep_credentials_free(credentials);
  nep_trustees_free(trustees);
  nep_findings_free(&f);
  return s;
}

static nep_status check(const nep_arguments *a, const nep_trust *trust, const nep_buf part[PARTS],
                        nep_error *err)
{
  nep_election *e = NULL;
  nep_status s = nep_election_parse(nep_buf_bytes(&part[DEFINITION]), &e, err);
  if (s == NEP_OK && strcmp(e->uuid, nep_option(a, "uuid")) != 0)
    s = nep_fail(err, NEP_E_CHECK, "uuid", nep_option(a, "definition"),
                 "it is the definition of the election %s", e->uuid);
  if (s == NEP_OK)
    s = check_parts(e, trust, part, err);
  nep_election_free(e);
  return s;
}

static nep_status sign(const nep_arguments *a, const nep_trust *trust, const nep_buf part[PARTS],
                       nep_error *err)
{
  nep_freeze_act act;
  nep_buf message = {0};
  nep_freeze_act_fill(nep_option(a, "uuid"), nep_buf_bytes(&part[DEFINITION]),
                      nep_buf_bytes(&part[TRUSTEES]), nep_buf_bytes(&part[CREDENTIALS]),
                      trust->hash, &act);
  nep_freeze_act_write(&act, &message);
  nep_status s = nep_act_sign(a, trust, NEP_ROLE_OFFICIAL, NEP_ROLE_OFFICIAL, NEP_TAG_FREEZE,
                              nep_buf_bytes(&message), err);
  if (s == NEP_OK)
    printf("signed: setup %s, trust file %s\n", act.setup_hash, trust->fingerprint);
  nep_buf_free(&message);
  return s;
}

int nep_act_freeze_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_buf part[PARTS] = {{0}};
  nep_trust *trust = NULL;
  nep_status s = nep_trust_read(nep_option(a, "trust"), &trust, &err);
  if (s == NEP_OK)
    s = read_parts(a, part, &err);
  if (s == NEP_OK)
    s = check(a, trust, part, &err);
  if (s == NEP_OK)
    s = sign(a, trust, part, &err);
  for (int i = 0; i < PARTS; i++)
    nep_buf_free(&part[i]);
  nep_trust_free(trust);
  return nep_cli_end(s, &err);
}
