/* nep-mirror: an observer's copy of an archive and of its cast statements, verified as they grow.
   What the folder holds:
     UUID.bel, UUID.casts              the verified copies
     UUID.heads, UUID.casts-heads      every signed head that came, one a line
     UUID-<height>.countersignature.json, UUID-<height>.casts-countersignature.json
     UUID-closed.countersignature.json of the EndBallots head: what a tally needs
     evidence-<n>-<code>.json          what convicts a server that was caught lying
     evidence-<n>.bel, .casts          the file that it served then
     server-key                        the key that signs heads and receipts, as first seen */
#ifndef NEP_CLIENT_MIRROR_H
#define NEP_CLIENT_MIRROR_H

#include "client-cli/http.h"
#include "protocol/archive_chain.h"
#include "protocol/verify.h"
#include "records/casts_verify.h"
#include "records/receipt.h"

enum { NEP_MIRROR_RECEIPTS_MAX = 64, NEP_MIRROR_PART_MAX = 64 << 20 };

typedef struct nep_kept_head {
  nep_head head;
  char *text; /* the envelope */
} nep_kept_head;

/* What differs between the server's two chains. */
typedef struct nep_head_kind {
  const char *page; /* of the server, after the election: "head", "casts/head" */
  const char *file; /* what the name of the file of heads ends with */
  nep_status (*verify)(nep_bytes envelope, const char *public_hex, nep_head *out, nep_error *err);
  const char *two_heads, *shrunk; /* codes of alarms */
} nep_head_kind;
extern const nep_head_kind nep_heads_of_archive, nep_heads_of_casts;

typedef struct nep_head_list {
  const nep_head_kind *kind;
  nep_kept_head *list; /* heights rise */
  size_t n;
  size_t n_before; /* of them were kept before this round asked */
} nep_head_list;

typedef struct nep_mirror_receipt {
  nep_cast_receipt receipt;
  char *text;
} nep_mirror_receipt;

/* The copy of the cast statements: one for each ballot of the archive's copy. */
typedef struct nep_mirror_casts {
  nep_head_list heads;
  bool absent;            /* the server has no signed chain of statements */
  nep_casts_order *order; /* NULL before the copy was verified as a whole; uses mirror.verified */
  nep_casts_chain chain;  /* as far as the copy goes */
  struct nep_cast_mark {
    char event[65];
    uint64_t end; /* of its record in the file */
  } * marks;      /* by height; chain.events of them */
  size_t room;
  /* Ballots that came into the archive's copy after that: their statements are to come. */
  nep_cast_ballot *fresh;
  size_t n_fresh;
  nep_head countersigned; /* height and event of the last time; "" before */
} nep_mirror_casts;

typedef struct nep_mirror {
  const char *server, *ca, *dir, *uuid, *expected_key;
  nep_http *http;
  nep_signing_key *key; /* our own */
  char server_key[NEP_PUBLIC_KEY_HEX + 1];
  nep_head_list heads;
  nep_mirror_receipt receipts[NEP_MIRROR_RECEIPTS_MAX];
  size_t n_receipts;
  /* Of the copy, after it was verified. */
  nep_verified *verified; /* of the last whole verification; NULL before the first */
  nep_chain chain;
  uint64_t size;
  uint64_t ballots;     /* Ballot events */
  char (*events)[65];   /* by height */
  char (*payloads)[65]; /* what each commits to, "" for nothing */
  size_t n_events;
  nep_mirror_casts casts;
} nep_mirror;

/* Opens folder, keys and receipts. */
NEP_MUST_USE nep_status nep_mirror_open(nep_mirror *m, const char *key_file,
                                        const char *const *receipts, size_t n, nep_error *err);
void nep_mirror_close(nep_mirror *m);

/* Asks for the heads, fetches and verifies what is new, countersigns; m->casts says how far the
   statements went. NEP_E_NOT_FOUND "archive" while the election is not open yet. When the server is
   caught lying: NEP_E_CHECK, and evidence is in the folder; codes "two-heads", "archive-shrunk",
   "archive-changed", "archive-invalid", "receipt-not-honoured", and of the statements
   "casts-two-heads", "casts-shrunk", "casts-changed", "casts-invalid", "casts-order" (A23),
   "casts-missing", "casts-withheld". */
NEP_MUST_USE nep_status nep_mirror_round(nep_mirror *m, nep_head *countersigned, nep_error *err);

/* ---- parts of a round ---- */

NEP_MUST_USE nep_status nep_mirror_load_heads(nep_mirror *m, nep_head_list *heads, nep_error *err);
void nep_mirror_free_heads(nep_head_list *heads);
/* The server's head of now: genuine, kept, in agreement with all kept before. */
NEP_MUST_USE nep_status nep_mirror_ask_head(nep_mirror *m, nep_head_list *heads,
                                            nep_kept_head **out, nep_error *err);

/* Brings the copy up to the head. */
NEP_MUST_USE nep_status nep_mirror_fetch(nep_mirror *m, const nep_kept_head *head, nep_error *err);

NEP_MUST_USE nep_status nep_mirror_check_receipts(nep_mirror *m, const nep_kept_head *head,
                                                  nep_error *err);

/* Asks for the head of the statements, brings their copy up to that of the archive and countersigns
   it. `head` is the archive's, asked for before. */
NEP_MUST_USE nep_status nep_mirror_casts_round(nep_mirror *m, const nep_kept_head *head,
                                               nep_error *err);
/* Brings the copy up to that of the archive; `casts` is at least as high. */
NEP_MUST_USE nep_status nep_mirror_casts_fetch(nep_mirror *m, const nep_kept_head *head,
                                               const nep_kept_head *casts, nep_error *err);
/* The archive has a new ballot, which was verified. */
NEP_MUST_USE nep_status nep_mirror_casts_await(nep_mirror *m, const nep_event *event,
                                               nep_bytes ballot, nep_error *err);
/* The archive is verified anew, so the statements are, too. */
void nep_mirror_casts_forget(nep_mirror *m);

/* ---- files ---- */

/* Bytes up to `size`; whatever the file held is gone. */
NEP_MUST_USE nep_status nep_mirror_download(nep_mirror *m, const char *path, const char *file,
                                            uint64_t size, nep_error *err);
/* Appends the bytes from `from` up to `size`. */
NEP_MUST_USE nep_status nep_mirror_part(nep_mirror *m, const char *path, uint64_t from,
                                        uint64_t size, nep_buf *out, nep_error *err);
NEP_MUST_USE nep_status nep_mirror_append(const char *copy, uint64_t at, nep_bytes part,
                                          nep_error *err);

/* Writes the evidence: signed texts, and the file that the server gave (or NULL), which takes its
   name; `suffix` is "bel" or "casts". Always returns NEP_E_CHECK with `code`. */
NEP_MUST_USE nep_status nep_mirror_alarm(nep_mirror *m, const char *code, const char *why,
                                         const char *const *texts, size_t n, const char *file,
                                         const char *suffix, nep_error *err);

#endif
