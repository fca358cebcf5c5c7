/* The board of challenges as a file: what voters' devices had encrypted and were made to reveal,
   one line of canonical JSON each, {"number","time","challenge","proof"}: numbers from 1 without a
   gap, time that of the server, then what was published (records/published_challenge.h). */
#ifndef NEP_RECORDS_CHALLENGE_BOARD_H
#define NEP_RECORDS_CHALLENGE_BOARD_H

#include "protocol/verify.h"
#include "records/published_challenge.h"

/* Appends a line with its newline; `body` is what was published, without padding. */
void nep_board_line_write(int64_t number, const char time[21], nep_bytes body, nep_buf *out);

/* Takes a line (without newline) apart; the body is appended to *body and not yet verified. Codes
   "noncanonical", "shape". */
NEP_MUST_USE nep_status nep_board_line_read(nep_bytes line, int64_t *number, nep_buf *body,
                                            nep_error *err);

/* Holds the file against a verified archive, which must be valid: every challenge with
   nep_published_verify, each message once, no more than NEP_CHALLENGES_OF_A_CREDENTIAL of one
   credential, and none the message of a ballot of the archive: the board never counts. Faults
   besides those: board-line, board-order, board-twice, board-limit, board-counted, board-archive
   (it is not the verified archive that lies at the path now; also as an error, when it changes
   while it is read). *challenges is how many lines there are. An error: the file cannot be read. */
NEP_MUST_USE nep_status nep_board_verify(const char *path, const char *archive,
                                         const nep_verified *v, uint64_t *challenges,
                                         nep_findings *f, nep_error *err);

#endif
