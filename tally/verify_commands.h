/* The commands of nep-verify. */
#ifndef NEP_TALLY_VERIFY_COMMANDS_H
#define NEP_TALLY_VERIFY_COMMANDS_H

#include "protocol/verify.h"
#include "tally/cli.h"

int nep_verify_archive_command(const nep_arguments *a);
int nep_verify_receipt_command(const nep_arguments *a);
int nep_verify_casts_command(const nep_arguments *a);
int nep_verify_challenge_command(const nep_arguments *a);
int nep_verify_challenges_command(const nep_arguments *a);
int nep_verify_checkpoint_command(const nep_arguments *a);
int nep_verify_mirror_command(const nep_arguments *a);
int nep_verify_dispute_command(const nep_arguments *a);

/* The report for a person, faults first to last, the verdict in the last line. */
void nep_verified_print(const char *path, const nep_verified *v);
/* {"verdict","codes","warnings","checks","result","faults","not_checked"} and a newline. */
void nep_verified_print_json(const nep_verified *v);

/* The same two for findings alone: checks with their counts, faults, warnings, the verdict. */
void nep_findings_print(const nep_findings *f);
void nep_findings_print_json(const nep_findings *f);

#endif
