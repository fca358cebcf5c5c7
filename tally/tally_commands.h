/* The commands of nep-tally. */
#ifndef NEP_TALLY_TALLY_COMMANDS_H
#define NEP_TALLY_TALLY_COMMANDS_H

#include "protocol/verify.h"
#include "tally/cli.h"

enum { NEP_BALLOT_FILE_MAX = 64 << 20 };

int nep_tally_credentials_command(const nep_arguments *a);
int nep_tally_registry_audit_command(const nep_arguments *a);
int nep_tally_registry_open_command(const nep_arguments *a);
int nep_tally_setup_command(const nep_arguments *a);
int nep_tally_ballot_command(const nep_arguments *a);
int nep_tally_cast_command(const nep_arguments *a);
int nep_tally_close_command(const nep_arguments *a);
int nep_tally_compute_command(const nep_arguments *a);
int nep_tally_combine_command(const nep_arguments *a);
int nep_tally_export_command(const nep_arguments *a);
int nep_tally_trust_command(const nep_arguments *a);
int nep_tally_statement_command(const nep_arguments *a);
int nep_tally_casts_command(const nep_arguments *a);
int nep_tally_countersign_command(const nep_arguments *a);
int nep_act_freeze_command(const nep_arguments *a);
int nep_act_tally_command(const nep_arguments *a);

/* Verifies the archive and opens it for appending an event of type `next`; both outcomes are new.
   Nobody else can append in between: what was verified is what is appended to. */
NEP_MUST_USE nep_status nep_open_verified(const char *path, nep_event_type next, nep_archive **a,
                                          nep_verified **v, nep_error *err);

#endif
