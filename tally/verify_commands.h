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
int nep_verify_merge_command(const nep_arguments *a);
/* Chooses the engine of --engine; *jobs is the number of threads of --jobs, 0 when it is not given.
 */
NEP_MUST_USE nep_status nep_verify_speed(const nep_arguments *a, unsigned *jobs, nep_error *err);

/* nep-verify archive for a folder, several archives, or a part of them. */
int nep_verify_event(const nep_arguments *a, unsigned jobs);

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
/* What nep_verified_json says, and "elsewhere" (nep_checked_elsewhere); and a newline. */
void nep_verified_print_json(const nep_verified *v);
/* What an archive itself shows, also one of many: {"verdict","codes","warnings","checks","result",
   "faults","not_checked","taken_over"}, new. */
json_t *nep_verified_json(const nep_verified *v);
/* {"ballots","checks"}: what an earlier verification had run. */
json_t *nep_taken_over_json(uint64_t ballots, uint64_t checks_run);
/* The codes that occur, each once, sorted; new. */
json_t *nep_codes_json(const nep_finding *list, size_t n);
/* How often each check ran, by its name; new. */
json_t *nep_checks_json(const nep_findings *f);
/* A line for each check with its count, one for each fault. */
void nep_findings_print_lines(const nep_findings *f);
/* Canonical text, without characters that could steer a terminal, and a newline. */
void nep_print_json(const json_t *report);

#endif
