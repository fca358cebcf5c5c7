/* nep-tally setup: a new archive with the Setup event. Everything is verified before it is written.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "tally/tally_commands.h"
#include "tally/valid_archive.h"

enum { ELECTION, TRUSTEES, CREDENTIALS, SETUP, PARTS };

static nep_status make_election(const nep_arguments *a, nep_buf part[PARTS], nep_error *err)
{
  const char *group = nep_option(a, "group");
  const nep_group *g = nep_group_find(group, strlen(group));
  nep_findings f = {0};
  nep_trustees *trustees = NULL;
  nep_credentials *credentials = NULL;
  nep_buf template = {0};
  if (!g)
    return nep_fail(err, NEP_E_INPUT, "group", "--group", "%s is no group", group);
  nep_trustees_verify(g, nep_buf_bytes(&part[TRUSTEES]), &trustees, &f);
  nep_credentials_verify(g, nep_buf_bytes(&part[CREDENTIALS]), 0, &credentials, &f);
  nep_status s = nep_findings_status(&f, err);
  if (s == NEP_OK)
    s = nep_cli_text(nep_option(a, "definition"), NEP_ELECTION_TEXT_MAX, &template, err);
  if (s == NEP_OK)
    s = nep_election_make(nep_buf_bytes(&template), g, &trustees->election_key,
                          nep_option(a, "uuid"), &part[ELECTION], err);
  nep_buf_free(&template);
  nep_credentials_free(credentials);
  nep_trustees_free(trustees);
  nep_findings_free(&f);
  return s;
}

static void write_setup(nep_buf part[PARTS])
{
  static const char *const names[] = {"election", "trustees", "credentials"};
  for (int i = ELECTION; i < SETUP; i++) {
    char hash[65];
    nep_sha256_hex(part[i].data, part[i].len, hash);
    nep_buf_printf(&part[SETUP], "%s\"%s\":\"%s\"", i == ELECTION ? "{" : ",", names[i], hash);
  }
  nep_buf_char(&part[SETUP], '}');
}

static nep_status write_archive(const char *path, const nep_buf part[PARTS], nep_error *err)
{
  nep_archive *archive = NULL;
  nep_verified *v = NULL;
  nep_bytes data[PARTS];
  for (int i = 0; i < PARTS; i++)
    data[i] = nep_buf_bytes(&part[i]);
  nep_status s = nep_archive_create(path, nep_clock_now(), &archive, err);
  if (s != NEP_OK)
    return s;
  s = nep_archive_append(archive, NEP_EVENT_SETUP, data, PARTS, err);
  if (s == NEP_OK)
    s = nep_valid_archive(path, &v, err);
  nep_archive_close(archive);
  nep_verified_free(v);
  if (s != NEP_OK)
    unlink(path);
  return s;
}

int nep_tally_setup_command(const nep_arguments *a)
{
  nep_error err = {0};
  nep_buf part[PARTS] = {{0}};
  nep_status s =
      nep_cli_text(nep_option(a, "trustees"), NEP_TRUSTEES_TEXT_MAX, &part[TRUSTEES], &err);
  if (s == NEP_OK)
    s = nep_cli_text(nep_option(a, "credentials"), NEP_RECORD_MAX, &part[CREDENTIALS], &err);
  if (s == NEP_OK)
    s = make_election(a, part, &err);
  if (s == NEP_OK) {
    write_setup(part);
    s = write_archive(nep_option(a, "out"), part, &err);
  }
  for (int i = 0; i < PARTS; i++)
    nep_buf_free(&part[i]);
  return nep_cli_end(s, &err);
}
