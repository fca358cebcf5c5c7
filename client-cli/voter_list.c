/* nep-voter list: the server's elections, and every ballot of the voter's own credential on the
   public board, so that a ballot which the voter has not cast is seen (A20). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/own_ballots.h"
#include "client-cli/own_casts.h"
#include "client-cli/say.h"
#include "client-cli/summary.h"
#include "client-cli/voter.h"
#include "protocol/election.h"

/* What is known of an election in which this folder has a credential. */
typedef struct mine {
  bool registered;
  nep_own_ballots own; /* on the board */
  nep_own_casts casts; /* of this folder */
} mine;

static bool has_credential(const nep_voter *v, const char *uuid)
{
  char *name = nep_sprintf("credentials-%s.txt", uuid);
  bool found = nep_uuid_is_valid(uuid, strlen(uuid)) && nep_folder_has(v->dir, name);
  free(name);
  return found;
}

static nep_status find_mine(nep_voter *v, const char *uuid, mine *m, nep_error *err)
{
  nep_summary summary = {0};
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_status status = nep_summary_get(v->http, uuid, &summary, err);
  if (status == NEP_OK)
    status = nep_voter_credential(v, summary.group, uuid, public, err);
  bool begun = status == NEP_OK && strcmp(summary.phase, "draft") != 0 &&
               strcmp(summary.phase, "registration") != 0 && strcmp(summary.phase, "frozen") != 0;
  if (begun)
    status = nep_own_ballots_on_board(v->http, uuid, public, &m->own, err);
  if (begun && status == NEP_OK)
    status = nep_own_casts_read(v->dir, uuid, public, &m->casts, err);
  nep_summary_free(&summary);
  return status;
}

static const char *text(const json_t *e, const char *key)
{
  const char *value = json_string_value(json_object_get(e, key));
  return value == NULL ? "-" : value;
}

static const char *remark(const nep_own_cast *cast)
{
  if (cast == NULL)
    return _(" - NOT CAST WITH THIS FOLDER: if not with another device of yours, tell the "
             "commission");
  return cast->refused ? _(" - THE SERVER HAD REFUSED IT: keep this folder, run check and tell the "
                           "commission")
                       : "";
}

static void print_election(const json_t *e, const mine *m)
{
  nep_show(stdout, text(e, "uuid"));
  fputs("  ", stdout);
  nep_show(stdout, text(e, "name"));
  fputs("  (", stdout);
  nep_show(stdout, text(e, "event"));
  fputs(")  ", stdout);
  nep_show(stdout, nep_phase_name(text(e, "phase")));
  fputc('\n', stdout);
  if (m->registered)
    printf("    %s\n", _("this folder holds your credential"));
  for (size_t i = 0; i < m->own.n; i++) {
    const nep_own_ballot *b = &m->own.list[i];
    printf(_("    ballot %s at height %" PRIu64 "%s%s\n"), b->tracker, b->height,
           i + 1 == m->own.n ? _(" (the last one: it counts)") : "",
           remark(nep_own_casts_find(&m->casts, b->tracker)));
  }
}

static json_t *election_json(const json_t *e, const mine *m)
{
  json_t *ballots = json_array();
  for (size_t i = 0; i < m->own.n; i++) {
    const nep_own_ballot *b = &m->own.list[i];
    const nep_own_cast *cast = nep_own_casts_find(&m->casts, b->tracker);
    json_array_append_new(ballots,
                          json_pack("{s:s,s:I,s:b,s:b}", "tracker", b->tracker, "height",
                                    (json_int_t)b->height, "cast_here", (int)(cast != NULL),
                                    "refused", (int)(cast != NULL && cast->refused)));
  }
  return json_pack("{s:s,s:s,s:s,s:s,s:b,s:o}", "uuid", text(e, "uuid"), "name", text(e, "name"),
                   "event", text(e, "event"), "phase", text(e, "phase"), "registered",
                   (int)m->registered, "ballots", ballots);
}

static nep_status show_election(nep_voter *v, const json_t *e, json_t *result, nep_error *err)
{
  const char *uuid = text(e, "uuid");
  mine m = {.registered = has_credential(v, uuid)};
  nep_status status = m.registered ? find_mine(v, uuid, &m, err) : NEP_OK;
  if (status == NEP_OK && v->json)
    json_array_append_new(result, election_json(e, &m));
  else if (status == NEP_OK)
    print_election(e, &m);
  nep_own_casts_free(&m.casts);
  nep_own_ballots_free(&m.own);
  return status;
}

nep_status nep_voter_list(nep_voter *v, nep_error *err)
{
  json_t *list = NULL, *result = json_array(), *e;
  size_t i;
  nep_status status = nep_elections_get(v->http, &list, err);
  json_array_foreach(list, i, e) if (status == NEP_OK) status = show_election(v, e, result, err);
  if (status == NEP_OK && json_array_size(list) == 0 && !v->json)
    puts(_("The server has no elections."));
  if (status == NEP_OK && v->json) {
    nep_buf all = {0};
    nep_json_write(&all, result);
    printf("{\"elections\":%s}\n", all.data);
    nep_buf_free(&all);
  }
  json_decref(result);
  json_decref(list);
  return status;
}
