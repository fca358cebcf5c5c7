/* nep-verify dispute: what the files of a dispute show, and against whom. Somebody is accused only
   by what that party signed itself, or by what the reader saw with own eyes and says so:
   - a *paper* is a receipt, refusal or head that verifies with the server's pinned key;
   - a *branch* is an archive whose hash chain holds. It is the server's own up to a height when a
     paper names the event that it has there, for that event's hash covers all before it; or as a
     whole when the reader vouches for it;
   - a *casts file* whose chain holds is the server's when a head of the statements names its last
     event, or when the reader vouches for it;
   - a cast statement is the word of its ballot's credential, at whatever time it was signed:
   whoever holds the credential can sign any number of them afterwards. So it accuses nobody else;
   - everything else is no evidence, whatever it says. */
#ifndef NEP_TALLY_DISPUTE_H
#define NEP_TALLY_DISPUTE_H

#include "protocol/verify.h"
#include "records/receipt.h"
#include "records/trust.h"

typedef enum nep_paper_kind {
  NEP_PAPER_RECEIPT,
  NEP_PAPER_REFUSAL,
  NEP_PAPER_HEAD,
  NEP_PAPER_CASTS_HEAD,       /* of the chain of cast statements */
  NEP_PAPER_COUNTERSIGNATURE, /* of a mirror, not of the server */
  NEP_PAPER_CHALLENGE,
  NEP_PAPER_STATEMENT, /* of a credential */
  NEP_PAPER_BALLOT     /* with a statement or a refusal: what it was about */
} nep_paper_kind;

typedef struct nep_paper {
  nep_paper_kind kind;
  const char *file;
  nep_cast_receipt receipt; /* heads of both chains use its uuid, height, event and time */
  const char *mirror;       /* name of who countersigned */
  nep_refusal refusal;
  nep_buf text;     /* of a challenge, statement or ballot */
  const char *code; /* of a challenge: what the voter saw, or NULL */
} nep_paper;

/* The n-th entry belongs to the n-th ballot, from 0. */
typedef struct nep_casts_branch {
  const char *file;
  bool published; /* as of an archive */
  char uuid[65];
  struct nep_casts_entry {
    uint8_t statement[32], event[32]; /* hashes */
  } * list;
  uint64_t n;
} nep_casts_branch;

typedef struct nep_branch {
  const char *file;
  bool published; /* the reader says that the server gave it to them */
  char uuid[65], election_hash[65];
  struct nep_branch_event {
    uint8_t hash[32], payload[32];
    bool is_ballot;
  } * events;
  uint64_t n_events;
  bool closed;
  uint64_t closed_at; /* height of EndBallots */
  nep_verified *verified;
  const nep_casts_branch *casts; /* the server's, and found to fit all of it; else NULL */
} nep_branch;

typedef enum nep_saying_level {
  NEP_SHOWN, /* somebody cheated, and this is the proof */
  NEP_OPEN,  /* the evidence does not decide it */
  NEP_NOTED  /* what agrees */
} nep_saying_level;

typedef struct nep_saying {
  nep_saying_level level;
  const char *code, *who; /* who: "server", "device", "mirror", "credential" (whoever holds it);
                             NULL when it is about nobody */
  const char *files[2];   /* NULL when absent */
  char *text;
} nep_saying;

typedef struct nep_dispute {
  const char *key;        /* of the server's signer, NULL: not known */
  const nep_trust *trust; /* whose mirrors are known; NULL: nobody's */
  nep_paper *papers;
  size_t n_papers;
  nep_branch *branches;
  size_t n_branches;
  nep_casts_branch *casts;
  size_t n_casts;
  nep_saying *sayings;
  size_t n_sayings;
} nep_dispute; /* zero-initialise; nep_dispute_free */

void nep_dispute_free(nep_dispute *d);

void nep_dispute_say(nep_dispute *d, nep_saying_level level, const char *code, const char *who,
                     const char *file, const char *other, const char *text, ...) NEP_PRINTF(7, 8);

/* Reads a file and adds what it is, recognised by its content. What does not verify is put aside
   with a saying. An error: the file cannot be read, or is nothing that this command knows. */
NEP_MUST_USE nep_status nep_dispute_add(nep_dispute *d, const char *path, bool published,
                                        nep_error *err);
/* The same for an archive. */
NEP_MUST_USE nep_status nep_dispute_add_archive(nep_dispute *d, const char *path, bool published,
                                                nep_error *err);
/* The same for a casts file; `start` is how the file begins. */
enum { NEP_DISPUTE_START = 2 * NEP_TAR_BLOCK };
bool nep_dispute_is_casts(nep_bytes start);
NEP_MUST_USE nep_status nep_dispute_add_casts(nep_dispute *d, const char *path, bool published,
                                              nep_bytes start, nep_error *err);

/* Every rule on everything that was added. */
void nep_dispute_judge(nep_dispute *d);

/* What the archives hold of one credential: its public text, or the private one, which is derived
   for each election. */
NEP_MUST_USE nep_status nep_dispute_credential(nep_dispute *d, const char *public_text,
                                               const char *private_text, nep_error *err);

/* True when the event of `b` at `height` is the one with this hash (hex). */
bool nep_branch_has(const nep_branch *b, uint64_t height, const char *event);
/* The file that shows the branch to be the server's record up to `height` at least: the branch's
   own when the reader vouches for it; NULL when nothing shows it. */
const char *nep_branch_voucher(const nep_dispute *d, const nep_branch *b, uint64_t height);

#endif
