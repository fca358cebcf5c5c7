/* nep-tally ballot: a voter's ballot, made where the credential is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "records/choices.h"
#include "tally/tally_commands.h"
#include "tally/valid_archive.h"

/* The ballot is held against every check before it leaves the machine. */
static nep_status verify(const nep_verified *v, nep_bytes text, nep_error *err)
{
  nep_ballot *b = NULL;
  nep_findings f = {0};
  size_t place;
  (void)nep_ballot_verify(v->election, v->credentials, text, "ballot", &b, &place, &f);
  nep_status s = nep_findings_status(&f, err);
  if (s == NEP_OK)
    printf("tracker  %s\n", b->tracker);
  nep_ballot_free(b);
  nep_findings_free(&f);
  return s;
}

static nep_status make(const nep_arguments *a, const nep_verified *v, nep_error *err)
{
  nep_buf credential = {0}, text = {0}, out = {0};
  nep_choice *choices = nep_choices_new(v->election);
  nep_status s = nep_cli_credential(nep_option(a, "credential-file"), &credential, err);
  if (s == NEP_OK)
    s = nep_file_read_secret(nep_option(a, "choice-file"), 1 << 20, &text, err);
  if (s == NEP_OK)
    s = nep_choices_read(v->election, nep_buf_bytes(&text), choices, err);
  if (s == NEP_OK)
    s = nep_ballot_make(v->election, credential.data, choices, &out, err);
  if (s == NEP_OK)
    s = verify(v, nep_buf_bytes(&out), err);
  if (s == NEP_OK)
    s = nep_file_create(nep_option(a, "out"), out.data, out.len, NEP_FILE_PUBLIC, err);
  nep_buf_free(&out);
  nep_secret_free(choices);
  nep_buf_wipe(&text);
  nep_buf_wipe(&credential);
  return s;
}

int nep_tally_ballot_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_status s = nep_valid_archive(nep_argument(a, 0), &v, &err);
  if (s == NEP_OK)
    s = make(a, v, &err);
  nep_verified_free(v);
  return nep_cli_end(s, &err);
}
