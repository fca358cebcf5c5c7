#include "client-cli/make_ballot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/terminal.h"
#include "client-cli/choice.h"
#include "client-cli/folder.h"
#include "crypto/hash.h"
#include "records/cast_statement.h"
#include "records/challenge.h"

enum { CHOICE_FILE_MAX = 65536 };

/* What the device must forget unless it is challenged. */
typedef struct secrets {
  uint8_t *seed;
  nep_choice *choices;
} secrets;

static nep_status take_choice(nep_voter *v, const nep_election *e, nep_choice *choices,
                              nep_error *err)
{
  nep_buf text = {0};
  if (v->choice_file == NULL)
    return nep_choices_ask(e, choices, err);
  nep_status status = nep_file_read_secret(v->choice_file, CHOICE_FILE_MAX, &text, err);
  if (status == NEP_OK)
    status = nep_choices_read(e, nep_buf_bytes(&text), choices, err);
  if (status == NEP_OK)
    status = nep_choices_check(e, choices, err);
  nep_buf_wipe(&text);
  return status;
}

static nep_status encrypt(nep_voter *v, const nep_election *e, const char *public, secrets *s,
                          nep_buf *message, nep_error *err)
{
  nep_status status = take_choice(v, e, s->choices, err);
  nep_random_bytes(s->seed, NEP_BALLOT_SEED);
  if (status == NEP_OK)
    status = nep_ballot_prepare(e, public, s->choices, s->seed, message, err);
  return status;
}

static bool is_word(const nep_buf *line, const char *word)
{
  return line->len == strlen(word) && memcmp(line->data, word, line->len) == 0;
}

/* The question comes after the code: a device that cheats must do so before it knows the answer. */
static nep_status cast_or_challenge(nep_voter *v, nep_bytes message, bool *challenged,
                                    nep_error *err)
{
  char code[44];
  nep_buf line = {0};
  nep_ballot_code(message, code);
  printf("%s %s\n", _("Code of your encrypted ballot:"), code);
  fflush(stdout);
  *challenged = false;
  if (v->choice_file != NULL && !v->ask)
    return NEP_OK;
  nep_status status = nep_ask(
      _("Write the code down. Then type \"cast\", or \"challenge\" to have the device show what "
        "the code contains (that ballot is then never cast): "),
      0, 16, &line, err);
  if (status == NEP_OK && is_word(&line, "challenge"))
    *challenged = true;
  else if (status == NEP_OK && !is_word(&line, "cast"))
    status = nep_fail(err, NEP_E_STATE, "not-cast", NULL, _("nothing was sent"));
  nep_buf_free(&line);
  return status;
}

static nep_status reveal(nep_voter *v, const nep_election *e, const char *public, const secrets *s,
                         nep_bytes message, nep_error *err)
{
  nep_buf text = {0};
  unsigned n = nep_folder_casts(v->dir, e->uuid, NEP_CAST_CHALLENGE) + 1;
  nep_ballot_challenge_write(e, public, s->choices, s->seed, message, &text);
  nep_status status =
      nep_folder_cast_save(v->dir, e->uuid, NEP_CAST_CHALLENGE, n, nep_buf_bytes(&text), err);
  if (status == NEP_OK) {
    char *path = nep_folder_cast_path(v->dir, e->uuid, NEP_CAST_CHALLENGE, n);
    printf(_("The device shows what the code contains in %s. Have it checked on another machine:\n"
             "  nep-verify challenge --code CODE FILE ARCHIVE\n"
             "This ballot is not cast and never will be. To vote, run vote again.\n"),
           path);
    free(path);
  }
  nep_buf_wipe(&text);
  return status;
}

/* Stored before the ballot is: whatever ballot lies in the folder has its statement. One that an
   earlier run left behind, before its ballot was stored, was never sent and gives way. */
static nep_status state(nep_voter *v, const nep_election *e, const char *credential, unsigned n,
                        const nep_cast_place *place, const char *ballot, nep_error *err)
{
  nep_cast_statement s = {.sequence = place->sequence};
  nep_scalar key = {0};
  char public[NEP_ELEMENT_TEXT_MAX];
  char *path = nep_folder_cast_path(v->dir, e->uuid, NEP_CAST_STATEMENT, n);
  nep_buf text = {0};
  snprintf(s.uuid, sizeof s.uuid, "%s", e->uuid);
  memcpy(s.election_hash, e->phi, sizeof s.election_hash);
  memcpy(s.ballot, ballot, sizeof s.ballot);
  memcpy(s.previous, place->previous, sizeof s.previous);
  nep_status status = nep_ballot_credential(e, credential, &key, public, err);
  if (status == NEP_OK) {
    nep_cast_statement_make(e->group, &key, &s, &text);
    status = nep_file_write(path, text.data, text.len, NEP_FILE_SECRET, err);
  }
  nep_scalar_wipe(&key);
  nep_buf_free(&text);
  free(path);
  return status;
}

static nep_status sign(nep_voter *v, const nep_election *e, const char *credential, unsigned n,
                       const nep_cast_place *place, nep_bytes message, nep_error *err)
{
  nep_buf ballot = {0};
  char hash[65], tracker[44];
  nep_status status = nep_ballot_sign(e, credential, message, &ballot, err);
  if (status == NEP_OK) {
    nep_sha256_hex(ballot.data, ballot.len, hash);
    status = state(v, e, credential, n, place, hash, err);
  }
  if (status == NEP_OK)
    status = nep_folder_cast_save(v->dir, e->uuid, NEP_CAST_BALLOT, n, nep_buf_bytes(&ballot), err);
  if (status == NEP_OK) {
    if (nep_tracker(hash, tracker))
      printf("%s %s\n", _("Tracker of your ballot:"), tracker);
    fflush(stdout);
  }
  nep_buf_free(&ballot);
  return status;
}

nep_status nep_voter_make_ballot(nep_voter *v, const nep_election *e, const char *credential,
                                 unsigned n, const nep_cast_place *place, bool *made,
                                 nep_error *err)
{
  secrets s = {nep_secret_alloc(NEP_BALLOT_SEED), nep_choices_new(e)};
  nep_buf message = {0};
  nep_scalar key = {0};
  char public[NEP_ELEMENT_TEXT_MAX];
  bool challenged = false;
  nep_status status = nep_ballot_credential(e, credential, &key, public, err);
  nep_scalar_wipe(&key);
  if (status == NEP_OK)
    status = encrypt(v, e, public, &s, &message, err);
  if (status == NEP_OK)
    status = cast_or_challenge(v, nep_buf_bytes(&message), &challenged, err);
  if (status == NEP_OK && challenged)
    status = reveal(v, e, public, &s, nep_buf_bytes(&message), err);
  nep_secret_free(s.choices);
  nep_secret_free(s.seed);
  *made = status == NEP_OK && !challenged;
  if (*made)
    status = sign(v, e, credential, n, place, nep_buf_bytes(&message), err);
  nep_buf_free(&message);
  return status;
}
