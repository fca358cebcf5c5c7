/* nep-tally statement: a voter's cast statement about a ballot, made where the credential is (A23).
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "records/cast_statement.h"
#include "tally/tally_commands.h"
#include "tally/valid_archive.h"

/* The ballot's hash, and that this credential signed it. */
static nep_status read_ballot(const nep_verified *v, const char *path, const char *public_text,
                              char hash[65], nep_error *err)
{
  nep_buf text = {0};
  nep_ballot *b = NULL;
  nep_findings f = {0};
  size_t place;
  nep_status s = nep_cli_text(path, NEP_BALLOT_FILE_MAX, &text, err);
  if (s == NEP_OK) {
    (void)nep_ballot_verify(v->election, v->credentials, nep_buf_bytes(&text), path, &b, &place,
                            &f);
    s = nep_findings_status(&f, err);
  }
  if (s == NEP_OK && strcmp(b->credential, public_text) != 0)
    s = nep_fail(err, NEP_E_CHECK, "cast-statement", path, "is the ballot of another credential");
  nep_sha256_hex(text.data, text.len, hash);
  nep_ballot_free(b);
  nep_findings_free(&f);
  nep_buf_free(&text);
  return s;
}

static nep_status fill(const nep_arguments *a, const nep_verified *v, const char *public_text,
                       nep_cast_statement *out, nep_error *err)
{
  unsigned long number = 1;
  const char *previous = nep_option(a, "previous");
  memset(out, 0, sizeof *out);
  snprintf(out->uuid, sizeof out->uuid, "%s", v->election->uuid);
  memcpy(out->election_hash, v->election->phi, sizeof out->election_hash);
  nep_status s = nep_option_number(a, "number", 1, NEP_CAST_SEQUENCE_MAX, 1, &number, err);
  out->sequence = (int64_t)number;
  if (s == NEP_OK && previous != NULL && number == 1)
    s = nep_fail(err, NEP_E_INPUT, "cast-statement", "--previous",
                 "the first ballot of a credential follows none: give --number");
  if (s == NEP_OK && previous != NULL)
    s = read_ballot(v, previous, public_text, out->previous, err);
  return s == NEP_OK ? read_ballot(v, nep_argument(a, 1), public_text, out->ballot, err) : s;
}

static nep_status make(const nep_arguments *a, const nep_verified *v, nep_error *err)
{
  nep_cast_statement statement;
  nep_buf credential = {0}, text = {0};
  nep_scalar key = {0};
  char public_text[NEP_ELEMENT_TEXT_MAX];
  nep_status s = nep_cli_credential(nep_option(a, "credential-file"), &credential, err);
  if (s == NEP_OK)
    s = nep_ballot_credential(v->election, credential.data, &key, public_text, err);
  if (s == NEP_OK)
    s = fill(a, v, public_text, &statement, err);
  if (s == NEP_OK) {
    nep_cast_statement_make(v->election->group, &key, &statement, &text);
    s = nep_cli_save(nep_option(a, "out"), nep_buf_bytes(&text), false, err);
  }
  nep_scalar_wipe(&key);
  nep_buf_free(&text);
  nep_buf_wipe(&credential);
  return s;
}

int nep_tally_statement_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_verified *v = NULL;
  nep_status s = nep_valid_archive(nep_argument(a, 0), &v, &err);
  if (s == NEP_OK)
    s = make(a, v, &err);
  nep_verified_free(v);
  return nep_cli_end(s, &err);
}
