/* The commands of nep-verify. */
#ifndef NEP_TALLY_VERIFY_COMMANDS_H
#define NEP_TALLY_VERIFY_COMMANDS_H

#include "protocol/verify.h"
#include "tally/cli.h"

int nep_verify_archive_command(const nep_arguments *a);
int nep_verify_receipt_command(const nep_arguments *a);
int nep_verify_casts_command(const nep_arguments *a);
int nep_verify_challenge_command(const nep_arguments *a);
int nep_verify_checkpoint_command(const nep_arguments *a);
int nep_verify_mirror_command(const nep_arguments *a);
int nep_verify_dispute_command(const nep_arguments *a);
int nep_verify_merge_command(const nep_arguments *a);
/* nep-verify archive for a folder, several archives, or a part of them. */
int nep_verify_event(const nep_arguments *a, unsigned jobs);

/* The report for a person, faults first to last, the verdict in the last line. */
void nep_verified_print(const char *path, const nep_verified *v);
void nep_verified_print_json(const nep_verified *v);
/* What an archive itself shows, also one of many: {"verdict","codes","warnings","checks","result",
   "faults","not_checked","taken_over"}, new. */
json_t *nep_verified_json(const nep_verified *v);
/* {"ballots","checks"}: what an earlier verification had run. */
json_t *nep_taken_over_json(uint64_t ballots, uint64_t checks_run);
/* Canonical text and a newline. */
void nep_print_json(const json_t *report);

#endif
