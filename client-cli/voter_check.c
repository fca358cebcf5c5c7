/* nep-voter check: the whole archive is verified, and what this folder has cast is held against it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/memory.h"
#include "base/progress.h"
#include "client-cli/cast.h"
#include "client-cli/check.h"
#include "client-cli/folder.h"
#include "client-cli/say.h"
#include "client-cli/server_key.h"
#include "client-cli/setup_pin.h"

enum { HEAD_MAX = 65536 };

#define ARCHIVE_MAX (UINT64_C(1) << 42)

/* ---- the archive ---- */

/* The head first: what the server has signed must be in the archive that it gives afterwards. */
static nep_status get_head(nep_check_run *c, nep_error *err)
{
  nep_buf *text = &c->head_text;
  char *path = nep_sprintf("/v1/elections/%s/head", c->uuid);
  nep_status status = nep_http_get(c->v->http, path, HEAD_MAX, text, err);
  while (text->len > 0 && text->data[text->len - 1] == '\n')
    text->data[--text->len] = '\0';
  if (status == NEP_OK)
    status = nep_head_verify(nep_buf_bytes(text), c->v->key, &c->head, err);
  if (status == NEP_OK && strcmp(c->head.uuid, c->uuid) != 0)
    status = nep_fail(err, NEP_E_CHECK, "server-answer", "uuid",
                      _("the signed head is of another election"));
  if (status != NEP_OK) /* it shows nothing */
    nep_buf_clear(text);
  free(path);
  return status;
}

static nep_status get_archive(nep_check_run *c, nep_error *err)
{
  nep_voter *v = c->v;
  if (v->archive != NULL) {
    c->archive = nep_strdup(v->archive);
    return nep_server_key_pinned(v->dir, v->expected_server_key, v->key, err);
  }
  nep_status status = nep_voter_key(v, err);
  if (status == NEP_OK)
    status = get_head(c, err);
  if (status != NEP_OK)
    return status;
  c->archive = nep_sprintf("%s/archive-%s.bel", v->dir, c->uuid);
  c->casts_file = nep_sprintf("%s/%s.casts", v->dir, c->uuid);
  c->downloaded = true;
  unlink(c->archive);
  char *path = nep_sprintf("/v1/elections/%s/archive", c->uuid);
  status = nep_http_download(v->http, path, c->archive, ARCHIVE_MAX, err);
  free(path);
  return status;
}

static void step(void *ctx, uint64_t done, uint64_t total)
{
  nep_progress *p = ctx;
  p->total = total;
  nep_progress_step(p, done);
}

static nep_status verify_archive(nep_check_run *c, nep_error *err)
{
  nep_progress progress;
  nep_progress_start(&progress, _("verifying the archive"), 0);
  nep_verify_options options = {.progress = step, .progress_ctx = &progress};
  nep_status status = nep_verify_archive(c->archive, &options, &c->verified, err);
  nep_progress_end(&progress);
  if (status != NEP_OK)
    return status;
  nep_verified *v = c->verified;
  for (size_t i = 0; i < v->findings.n_faults; i++) {
    fprintf(stderr, "  %s: ", v->findings.faults[i].object);
    nep_show(stderr, v->findings.faults[i].reason);
    fprintf(stderr, " [%s]\n", v->findings.faults[i].code);
  }
  if (!nep_verified_is_valid(v) || v->election == NULL)
    return nep_fail(err, NEP_E_CHECK, "archive-invalid", c->archive,
                    _("%zu checks of the archive failed"), v->findings.n_faults);
  if (strcmp(v->election->uuid, c->uuid) != 0)
    return nep_fail(err, NEP_E_CHECK, "other-election", c->archive,
                    _("is the archive of another election (%s)"), v->election->uuid);
  return nep_setup_held(c->v->dir, c->uuid, v->setup_hash, err);
}

/* ---- what this folder has cast ---- */

static nep_status load_receipt(nep_check_run *c, nep_own_cast *cast, nep_error *err)
{
  nep_buf ballot = {0}, receipt = {0};
  nep_cast_file kind = cast->refused ? NEP_CAST_REFUSED : NEP_CAST_BALLOT;
  nep_status status = nep_folder_cast_load(c->v->dir, c->uuid, kind, cast->n, &ballot, err);
  if (status == NEP_OK)
    status = nep_folder_cast_load(c->v->dir, c->uuid, NEP_CAST_RECEIPT, cast->n, &receipt, err);
  if (status == NEP_OK)
    status = nep_cast_receipt_check(nep_buf_bytes(&receipt), c->v->key, c->verified->election,
                                    nep_buf_bytes(&ballot), &cast->receipt, err);
  nep_buf_free(&receipt);
  nep_buf_free(&ballot);
  return status;
}

static nep_status load_casts(nep_check_run *c, const char *public, nep_error *err)
{
  nep_status status = nep_own_casts_read(c->v->dir, c->uuid, public, &c->casts, err);
  if (status == NEP_OK && c->casts.n == 0)
    status = nep_no_receipt(c->v->dir, err);
  for (size_t i = 0; i < c->casts.n && status == NEP_OK; i++)
    if (c->casts.list[i].confirmed)
      status = load_receipt(c, &c->casts.list[i], err);
  return status;
}

/* Whoever typed the credential when voting has it in no file: the ballot names it. */
static nep_status own_credential(nep_check_run *c, char public[NEP_ELEMENT_TEXT_MAX],
                                 nep_error *err)
{
  const nep_election *e = c->verified->election;
  nep_status status = nep_voter_credential(c->v, e->group, c->uuid, public, err);
  return status == NEP_E_NOT_FOUND ? nep_own_casts_credential(c->v->dir, e, public, err) : status;
}

/* The archive is read a second time, for the ballots of this credential. */
static nep_status find_own(nep_check_run *c, const char *public, nep_error *err)
{
  nep_status status = nep_own_ballots_in_archive(c->archive, c->verified->head, public,
                                                 c->head.height, &c->own, err);
  if (status == NEP_OK && c->downloaded && strcmp(c->own.wanted_event, c->head.event) != 0)
    status = nep_fail(err, NEP_E_CHECK, "head-differs", c->archive,
                      _("the archive does not contain the head that the server signed (height "
                        "%" PRIu64 ", event %s)"),
                      c->head.height, c->head.event);
  return status;
}

/* A confirmed ballot whose statement lies here was sent with it. */
static bool statement_owed(const nep_check_run *c)
{
  for (size_t i = 0; i < c->casts.n; i++)
    if (c->casts.list[i].confirmed &&
        nep_folder_has_cast(c->v->dir, c->uuid, NEP_CAST_STATEMENT, c->casts.list[i].n))
      return true;
  return false;
}

/* ---- the command ---- */

/* Something was refused, rather than not to be had. */
static bool is_bad(nep_status status)
{
  return status == NEP_E_CHECK || status == NEP_E_INPUT;
}

/* What is wrong with the own ballots decides, also when something is wrong with the statements. */
static nep_status judge(nep_check_run *c, nep_error *err)
{
  nep_error order = {0};
  nep_status status = nep_check_casts(c->v, c->verified, c->archive, c->casts_file,
                                      statement_owed(c), &c->own, &c->order, &order);
  nep_check_casts_against(&c->own, &c->casts, &c->report);
  bool told = c->report.verdict != NEP_CHECK_NONE &&
              (status == NEP_OK || c->report.verdict != NEP_CHECK_LAST);
  if (told)
    nep_check_tell(c);
  if (told && status != NEP_OK)
    nep_say_error("nep-voter", &order);
  if (told || status == NEP_OK)
    return nep_check_conclude(c, err);
  if (err != NULL)
    *err = order;
  return status;
}

static nep_status run(nep_check_run *c, nep_error *err)
{
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_status status = get_archive(c, err);
  if (status == NEP_OK)
    status = verify_archive(c, err);
  if (status == NEP_OK)
    status = own_credential(c, public, err);
  if (status == NEP_OK)
    status = load_casts(c, public, err);
  if (status == NEP_OK)
    status = find_own(c, public, err);
  return status == NEP_OK ? judge(c, err) : status;
}

static void end(nep_check_run *c)
{
  if (c->downloaded)
    unlink(c->archive);
  if (c->casts_file != NULL)
    unlink(c->casts_file);
  nep_own_ballots_free(&c->own);
  nep_own_casts_free(&c->casts);
  nep_verified_free(c->verified);
  nep_buf_free(&c->head_text);
  free(c->casts_file);
  free(c->archive);
}

nep_status nep_voter_check(nep_voter *v, nep_error *err)
{
  nep_check_run c = {.v = v};
  if (v->registered)
    return nep_voter_registered(v, err);
  nep_status status = nep_voter_election(v, &c.uuid, err);
  if (status == NEP_OK)
    status = run(&c, err);
  if (is_bad(status) && c.downloaded)
    nep_check_keep_evidence(&c);
  end(&c);
  return status;
}
