/* nep-voter list: the server's elections, and every ballot of the voter's own credential on the
   public board, so that a ballot which the voter has not cast is seen (A20). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "client-cli/own_ballots.h"
#include "client-cli/say.h"
#include "client-cli/summary.h"
#include "client-cli/voter.h"
#include "crypto/hash.h"
#include "protocol/election.h"

/* True when a ballot with this tracker was made with this folder. */
static bool cast_here(const nep_voter *v, const char *uuid, const char *tracker)
{
  unsigned last = nep_folder_casts(v->dir, uuid, NEP_CAST_BALLOT);
  for (unsigned n = 1; n <= last; n++) {
    nep_buf ballot = {0};
    nep_error ignored = {0};
    char hash[65], own[44];
    bool same = nep_folder_has_cast(v->dir, uuid, NEP_CAST_BALLOT, n) &&
                nep_folder_cast_load(v->dir, uuid, NEP_CAST_BALLOT, n, &ballot, &ignored) == NEP_OK;
    if (same)
      nep_sha256_hex(ballot.data, ballot.len, hash);
    same = same && nep_tracker(hash, own) && strcmp(own, tracker) == 0;
    nep_buf_free(&ballot);
    if (same)
      return true;
  }
  return false;
}

static bool has_credential(const nep_voter *v, const char *uuid)
{
  char *name = nep_sprintf("credentials-%s.txt", uuid);
  bool found = nep_uuid_is_valid(uuid, strlen(uuid)) && nep_folder_has(v->dir, name);
  free(name);
  return found;
}

static nep_status own_ballots(nep_voter *v, const char *uuid, nep_own_ballots *own, nep_error *err)
{
  nep_summary summary = {0};
  char public[NEP_ELEMENT_TEXT_MAX];
  nep_status status = nep_summary_get(v->http, uuid, &summary, err);
  if (status == NEP_OK)
    status = nep_voter_credential(v, summary.group, uuid, public, err);
  bool begun = status == NEP_OK && strcmp(summary.phase, "draft") != 0 &&
               strcmp(summary.phase, "registration") != 0 && strcmp(summary.phase, "frozen") != 0;
  if (begun)
    status = nep_own_ballots_on_board(v->http, uuid, public, own, err);
  nep_summary_free(&summary);
  return status;
}

static const char *text(const json_t *e, const char *key)
{
  const char *value = json_string_value(json_object_get(e, key));
  return value == NULL ? "-" : value;
}

static void print_election(const nep_voter *v, const json_t *e, bool registered,
                           const nep_own_ballots *own)
{
  const char *uuid = text(e, "uuid");
  nep_show(stdout, uuid);
  fputs("  ", stdout);
  nep_show(stdout, text(e, "name"));
  fputs("  (", stdout);
  nep_show(stdout, text(e, "event"));
  fputs(")  ", stdout);
  nep_show(stdout, nep_phase_name(text(e, "phase")));
  fputc('\n', stdout);
  if (registered)
    printf("    %s\n", _("this folder holds your credential"));
  for (size_t i = 0; i < own->n; i++)
    printf(_("    ballot %s at height %" PRIu64 "%s%s\n"), own->list[i].tracker,
           own->list[i].height, i + 1 == own->n ? _(" (the last one: it counts)") : "",
           cast_here(v, uuid, own->list[i].tracker)
               ? ""
               : _(" - NOT CAST WITH THIS FOLDER: if not with another device of yours, tell the "
                   "commission"));
}

static json_t *election_json(const nep_voter *v, json_t *e, bool registered,
                             const nep_own_ballots *own)
{
  json_t *ballots = json_array();
  for (size_t i = 0; i < own->n; i++)
    json_array_append_new(ballots,
                          json_pack("{s:s,s:I,s:b}", "tracker", own->list[i].tracker, "height",
                                    (json_int_t)own->list[i].height, "cast_here",
                                    (int)cast_here(v, text(e, "uuid"), own->list[i].tracker)));
  return json_pack("{s:s,s:s,s:s,s:s,s:b,s:o}", "uuid", text(e, "uuid"), "name", text(e, "name"),
                   "event", text(e, "event"), "phase", text(e, "phase"), "registered",
                   (int)registered, "ballots", ballots);
}

static nep_status show_election(nep_voter *v, json_t *e, json_t *result, nep_error *err)
{
  nep_own_ballots own = {0};
  const char *uuid = text(e, "uuid");
  bool registered = has_credential(v, uuid);
  nep_status status = registered ? own_ballots(v, uuid, &own, err) : NEP_OK;
  if (status != NEP_OK) {
    nep_own_ballots_free(&own);
    return status;
  }
  if (v->json)
    json_array_append_new(result, election_json(v, e, registered, &own));
  else
    print_election(v, e, registered, &own);
  nep_own_ballots_free(&own);
  return NEP_OK;
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
