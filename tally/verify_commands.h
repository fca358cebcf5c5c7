/* The commands of nep-verify. */
#ifndef NEP_TALLY_VERIFY_COMMANDS_H
#define NEP_TALLY_VERIFY_COMMANDS_H

#include "protocol/verify.h"
#include "tally/cli.h"

int nep_verify_archive_command(const nep_arguments *a);
int nep_verify_receipt_command(const nep_arguments *a);
int nep_verify_acts_command(const nep_arguments *a);
int nep_verify_casts_command(const nep_arguments *a);
int nep_verify_challenge_command(const nep_arguments *a);
int nep_verify_challenges_command(const nep_arguments *a);
int nep_verify_checkpoint_command(const nep_arguments *a);
int nep_verify_mirror_command(const nep_arguments *a);
int nep_verify_dispute_command(const nep_arguments *a);

/* Checks with their counts, faults, warnings, what was not checked, the verdict: "invalid" with a
   fault, otherwise "incomplete" when something was not checked, otherwise "valid". */
void nep_findings_print(const nep_findings *f, const char *const *not_checked, size_t n);
/* {"verdict","codes","warnings","checks","not_checked"} and a newline. */
void nep_findings_print_json(const nep_findings *f, const char *const *not_checked, size_t n);

/* What an archive alone cannot show, whether it is valid or not, and the command that shows it. */
typedef struct nep_elsewhere {
  const char *what, *command;
} nep_elsewhere;
const nep_elsewhere *nep_checked_elsewhere(size_t *n);

/* The report for a person, faults first to last, the verdict in the last line. */
void nep_verified_print(const char *path, const nep_verified *v);
/* {"verdict","codes","warnings","checks","result","faults","not_checked","elsewhere"} and a
 * newline.
 */
void nep_verified_print_json(const nep_verified *v);

#endif
