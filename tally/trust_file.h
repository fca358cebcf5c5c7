/* Trust files and acts on command lines. */
#ifndef NEP_TALLY_TRUST_FILE_H
#define NEP_TALLY_TRUST_FILE_H

#include "protocol/verify.h"
#include "records/tally_act.h"
#include "tally/cli.h"

NEP_MUST_USE nep_status nep_trust_read(const char *path, nep_trust **out, nep_error *err);

/* Signs a message with the key of --key, which the trust file must pin for --name in this role (or,
   when `other` differs, in that one), and writes the envelope to --out. */
NEP_MUST_USE nep_status nep_act_sign(const nep_arguments *a, const nep_trust *trust, nep_role role,
                                     nep_role other, const char *tag, nep_bytes message,
                                     nep_error *err);

/* The act that this archive's tally needs, with closes "": the archive must be valid and end behind
   its encrypted tally. */
void nep_tally_act_expected(const nep_verified *v, const nep_trust *trust, nep_tally_act *out);

/* What nobody may sign or decrypt (A24): a tally before its closing time by this machine's clock
   (code "too-early"), of fewer voters than the trust file's minimum ("too-few-voters"), with
   weights that it does not expect ("weights"). */
NEP_MUST_USE nep_status nep_tally_allowed(const nep_verified *v, const nep_trust *trust,
                                          const char *closes, nep_error *err);

#endif
