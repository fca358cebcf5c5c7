/* The second chain: the cast statements, which keep the order of each voter's ballots (A23). The
   archive's head was asked for before theirs, so an honest server has a statement for each ballot
   of the copy, and perhaps more. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/mirror.h"
#include "records/countersignature.h"

nep_status nep_mirror_casts_await(nep_mirror *m, const nep_event *event, nep_bytes ballot,
                                  nep_error *err)
{
  nep_mirror_casts *c = &m->casts;
  if (c->order == NULL) /* all of them will be verified at once */
    return NEP_OK;
  if ((c->n_fresh & (c->n_fresh - 1)) == 0)
    c->fresh = nep_realloc(c->fresh, c->n_fresh ? 2 * c->n_fresh : 1, sizeof *c->fresh);
  return nep_cast_ballot_read(m->verified, event, ballot, &c->fresh[c->n_fresh++], err);
}

void nep_mirror_casts_forget(nep_mirror *m)
{
  nep_mirror_casts *c = &m->casts;
  nep_casts_order_free(c->order);
  free(c->marks);
  free(c->fresh);
  c->order = NULL;
  c->marks = NULL;
  c->fresh = NULL;
  c->room = c->n_fresh = 0;
  c->chain = (nep_casts_chain){0};
}

/* A server of an older version has no signed chain of statements, and before the first ballot
   nobody has. Once a head of it was signed there is no way back. */
static nep_status no_head(nep_mirror *m, const nep_kept_head *head, nep_error *err)
{
  const nep_head_list *kept = &m->casts.heads;
  const char *texts[] = {kept->n ? kept->list[kept->n - 1].text : NULL, head->text};
  if (kept->n > 0)
    return nep_mirror_alarm(m, "casts-withheld",
                            _("the server does not give the cast statements any more whose head "
                              "it had signed"),
                            texts, 2, NULL, "", err);
  m->casts.absent = m->ballots > 0 || strcmp(err->code, "casts") != 0;
  *err = (nep_error){0};
  return NEP_OK;
}

static nep_status missing(nep_mirror *m, const nep_kept_head *head, const nep_kept_head *casts,
                          nep_error *err)
{
  const char *texts[] = {head->text, casts->text};
  return nep_mirror_alarm(m, "casts-missing",
                          _("the server signed a head of the cast statements that lacks statements "
                            "of ballots in the archive it had signed before"),
                          texts, 2, NULL, "", err);
}

/* Each chain has countersignatures of its own: who asks for that of the archive gets it unchanged.
 */
static nep_status countersign(nep_mirror *m, nep_error *err)
{
  nep_mirror_casts *c = &m->casts;
  nep_head *h = &c->countersigned;
  nep_buf text = {0};
  nep_status status = NEP_OK;
  *h = (nep_head){.height = c->chain.events - 1, .size = c->marks[c->chain.events - 1].end};
  memcpy(h->uuid, m->uuid, strlen(m->uuid) + 1); /* 64 characters at most */
  memcpy(h->event, c->chain.head, sizeof h->event);
  nep_clock_text(nep_clock_now(), h->time);
  char *name = nep_sprintf("%s-%" PRIu64 ".casts-countersignature.json", m->uuid, h->height);
  char *path = nep_folder_path(m->dir, name);
  if (!nep_folder_has(m->dir, name)) {
    nep_countersign_casts(m->key, h, &text);
    nep_buf_char(&text, '\n');
    status = nep_file_write(path, text.data, text.len, NEP_FILE_PUBLIC, err);
  }
  free(path);
  free(name);
  nep_buf_free(&text);
  return status;
}

nep_status nep_mirror_casts_round(nep_mirror *m, const nep_kept_head *head, nep_error *err)
{
  nep_kept_head *casts = NULL;
  m->casts.absent = false;
  nep_status status = nep_mirror_ask_head(m, &m->casts.heads, &casts, err);
  if (status == NEP_E_NOT_FOUND)
    return no_head(m, head, err);
  if (status == NEP_OK && casts->head.height + 1 < m->ballots)
    return missing(m, head, casts, err);
  if (status != NEP_OK || m->ballots == 0)
    return status;
  status = nep_mirror_casts_fetch(m, head, casts, err);
  return status == NEP_OK ? countersign(m, err) : status;
}
