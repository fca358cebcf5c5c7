#include "client-cli/paper.h"

#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "base/memory.h"
#include "crypto/hash.h"

enum { CREDENTIALS_TEXT_MAX = 512 << 20 };

static nep_status expect_hash(const char *what, const char *named, const char *computed,
                              nep_error *err)
{
  return strcmp(named, computed) == 0 ? NEP_OK
                                      : nep_fail(err, NEP_E_CHECK, "paper-hash", what,
                                                 _("has the hash %s, the server names %s"),
                                                 computed, named[0] == '\0' ? _("none") : named);
}

static nep_status verify_definition(const nep_summary *s, nep_bytes text, nep_paper *p,
                                    nep_error *err)
{
  nep_status status = nep_election_parse(text, &p->election, err);
  if (status != NEP_OK)
    return nep_inside(err, status, "%s", _("definition of the election"));
  if (strcmp(p->election->uuid, s->uuid) != 0)
    return nep_fail(err, NEP_E_CHECK, "paper-uuid", "uuid",
                    _("the definition is of another election (%s)"), p->election->uuid);
  if (p->election->group != s->group)
    return nep_fail(err, NEP_E_CHECK, "paper-hash", "group",
                    _("the definition names another group than the server"));
  status = expect_hash(_("definition of the election"), s->election_hash, p->election->phi, err);
  if (status == NEP_OK && (uint64_t)s->ballot_bytes != nep_ballot_envelope(p->election))
    status = nep_fail(err, NEP_E_CHECK, "paper-length", "ballot_bytes",
                      _("the server asks for ballots of %lld bytes, all ballots of this election "
                        "must have %zu"),
                      (long long)s->ballot_bytes, nep_ballot_envelope(p->election));
  return status;
}

static nep_status verify_trustees(nep_bytes text, nep_paper *p, nep_error *err)
{
  nep_findings findings = {0};
  const nep_group *g = p->election->group;
  nep_trustees_verify(g, text, &p->trustees, &findings);
  nep_status status = nep_findings_status(&findings, err);
  nep_findings_free(&findings);
  if (status != NEP_OK)
    return nep_inside(err, status, "%s", _("trustees"));
  if (p->trustees == NULL ||
      !nep_element_equal(g, &p->trustees->election_key, nep_key_element(p->election->key)))
    return nep_fail(err, NEP_E_CHECK, "paper-key", "public_key",
                    _("the election's key is not the product of the trustees' keys: somebody else "
                      "could read the votes"));
  return NEP_OK;
}

static nep_status verify_credentials(nep_bytes text, nep_paper *p, nep_error *err)
{
  nep_findings findings = {0};
  nep_credentials_verify(p->election->group, text, 0, &p->credentials, &findings);
  nep_status status = nep_findings_status(&findings, err);
  nep_findings_free(&findings);
  return nep_inside(err, status, "%s", _("list of credentials"));
}

/* protocol.md §11: what the Setup event names. */
static nep_status verify_setup(const nep_summary *s, nep_bytes trustees, nep_bytes credentials,
                               nep_paper *p, nep_error *err)
{
  nep_sha256_hex(trustees.data, trustees.len, p->trustees_hash);
  nep_sha256_hex(credentials.data, credentials.len, p->credentials_hash);
  char *setup = nep_sprintf("{\"election\":\"%s\",\"trustees\":\"%s\",\"credentials\":\"%s\"}",
                            p->election->phi, p->trustees_hash, p->credentials_hash);
  nep_sha256_hex(setup, strlen(setup), p->setup_hash);
  free(setup);
  nep_status status =
      expect_hash(_("list of credentials"), s->credentials_hash, p->credentials_hash, err);
  return status == NEP_OK ? expect_hash(_("setup"), s->setup_hash, p->setup_hash, err) : status;
}

nep_status nep_paper_verify(const nep_summary *summary, nep_bytes definition, nep_bytes trustees,
                            nep_bytes credentials, nep_paper *out, nep_error *err)
{
  memset(out, 0, sizeof *out);
  nep_status status = verify_definition(summary, definition, out, err);
  if (status == NEP_OK)
    status = verify_trustees(trustees, out, err);
  if (status == NEP_OK)
    status = verify_credentials(credentials, out, err);
  if (status == NEP_OK)
    status = verify_setup(summary, trustees, credentials, out, err);
  if (status != NEP_OK)
    nep_paper_free(out);
  return status;
}

static nep_status get(nep_http *h, const char *uuid, const char *name, size_t max, nep_buf *text,
                      nep_error *err)
{
  char *path = nep_sprintf("/v1/elections/%s/%s", uuid, name);
  nep_status status = nep_http_get(h, path, max, text, err);
  free(path);
  return status;
}

nep_status nep_paper_get(nep_http *h, const nep_summary *summary, nep_paper *out, nep_error *err)
{
  nep_buf definition = {0}, trustees = {0}, credentials = {0};
  memset(out, 0, sizeof *out);
  nep_status status = get(h, summary->uuid, "definition", NEP_ELECTION_TEXT_MAX, &definition, err);
  if (status == NEP_OK)
    status = get(h, summary->uuid, "trustees", NEP_TRUSTEES_TEXT_MAX, &trustees, err);
  if (status == NEP_OK)
    status = get(h, summary->uuid, "credentials", CREDENTIALS_TEXT_MAX, &credentials, err);
  if (status == NEP_OK)
    status = nep_paper_verify(summary, nep_buf_bytes(&definition), nep_buf_bytes(&trustees),
                              nep_buf_bytes(&credentials), out, err);
  nep_buf_free(&definition);
  nep_buf_free(&trustees);
  nep_buf_free(&credentials);
  return status;
}

void nep_paper_free(nep_paper *p)
{
  nep_credentials_free(p->credentials);
  nep_trustees_free(p->trustees);
  nep_election_free(p->election);
  memset(p, 0, sizeof *p);
}
