/* nep-mirror: an observer's copy of an archive, verified as it grows. What the folder holds:
     UUID.bel                          the verified copy
     UUID.heads                        every signed head that came, one a line
     UUID-<height>.countersignature.json
     UUID-closed.countersignature.json of the EndBallots head: what a tally needs
     evidence-<n>-<code>.json          what convicts a server that was caught lying
     evidence-<n>.bel                  the archive that it served then
     server-key                        the key that signs heads and receipts, as first seen */
#ifndef NEP_CLIENT_MIRROR_H
#define NEP_CLIENT_MIRROR_H

#include "client-cli/http.h"
#include "protocol/archive_chain.h"
#include "protocol/verify.h"
#include "records/receipt.h"

enum { NEP_MIRROR_RECEIPTS_MAX = 64 };

typedef struct nep_kept_head {
  nep_head head;
  char *text; /* the envelope */
} nep_kept_head;

typedef struct nep_mirror_receipt {
  nep_cast_receipt receipt;
  char *text;
} nep_mirror_receipt;

typedef struct nep_mirror {
  const char *server, *ca, *dir, *uuid, *expected_key;
  nep_http *http;
  nep_signing_key *key; /* our own */
  char server_key[NEP_PUBLIC_KEY_HEX + 1];
  nep_kept_head *heads; /* heights rise */
  size_t n_heads;
  nep_mirror_receipt receipts[NEP_MIRROR_RECEIPTS_MAX];
  size_t n_receipts;
  /* Of the copy, after it was verified. */
  nep_verified *verified; /* of the last whole verification; NULL before the first */
  nep_chain chain;
  uint64_t size;
  uint64_t ballots;     /* verified one by one since then */
  char (*events)[65];   /* by height */
  char (*payloads)[65]; /* what each commits to, "" for nothing */
  size_t n_events;
} nep_mirror;

/* Opens folder, keys and receipts. */
NEP_MUST_USE nep_status nep_mirror_open(nep_mirror *m, const char *key_file,
                                        const char *const *receipts, size_t n, nep_error *err);
void nep_mirror_close(nep_mirror *m);

/* Asks for the head, fetches and verifies what is new, countersigns. NEP_E_NOT_FOUND "archive"
   while the election is not open yet. When the server is caught lying: NEP_E_CHECK, and evidence is
   in the folder; codes "two-heads", "archive-shrunk", "archive-changed", "archive-invalid",
   "receipt-not-honoured". */
NEP_MUST_USE nep_status nep_mirror_round(nep_mirror *m, nep_head *countersigned, nep_error *err);

/* ---- parts of a round ---- */

NEP_MUST_USE nep_status nep_mirror_load_heads(nep_mirror *m, nep_error *err);
/* The server's head of now: genuine, kept, in agreement with all kept before. */
NEP_MUST_USE nep_status nep_mirror_ask_head(nep_mirror *m, nep_kept_head **out, nep_error *err);

/* Brings the copy up to the head. */
NEP_MUST_USE nep_status nep_mirror_fetch(nep_mirror *m, const nep_kept_head *head, nep_error *err);

NEP_MUST_USE nep_status nep_mirror_check_receipts(nep_mirror *m, const nep_kept_head *head,
                                                  nep_error *err);

/* Writes the evidence: signed texts, and the file of an archive (or NULL) that takes its name.
   Always returns NEP_E_CHECK with `code`. */
NEP_MUST_USE nep_status nep_mirror_alarm(nep_mirror *m, const char *code, const char *why,
                                         const char *const *texts, size_t n, const char *archive,
                                         nep_error *err);

#endif
