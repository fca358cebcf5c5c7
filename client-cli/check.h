/* nep-voter check: what its parts share. */
#ifndef NEP_CLIENT_CHECK_H
#define NEP_CLIENT_CHECK_H

#include "client-cli/check_casts.h"
#include "client-cli/check_verdict.h"
#include "client-cli/voter.h"
#include "protocol/verify.h"
#include "records/receipt.h"

typedef struct nep_check_run {
  nep_voter *v;
  const char *uuid;
  char *archive;     /* path */
  bool downloaded;   /* ... from the server: removed afterwards, or kept as evidence */
  char *casts_file;  /* path that the server's cast statements are downloaded to */
  nep_buf head_text; /* the server's signed head, when it was asked */
  nep_head head;
  nep_verified *verified;
  nep_own_casts casts; /* of this folder */
  nep_own_ballots own; /* in the archive */
  nep_check_report report;
  nep_casts_report order;
} nep_check_run;

/* Prints what was found, as text or JSON. */
void nep_check_tell(const nep_check_run *c);
/* NEP_OK when the voter's last ballot counts; otherwise what is wrong and what to do. */
NEP_MUST_USE nep_status nep_check_conclude(const nep_check_run *c, nep_error *err);

/* Gives what came from the server names that are kept, evidence-UUID-N.*, and says them: a server
   that was caught gives honest files the next time. */
void nep_check_keep_evidence(const nep_check_run *c);

#endif
