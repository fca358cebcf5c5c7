/* nep-verify: holds the public record of an election against the protocol. */
#include "tally/verify_commands.h"

static const nep_cli_option archive_options[] = {
    {"casts", NULL, NEP_OPTIONAL,
     "verify the cast statements beside each archive, too: .casts in place of .bel"},
    {"earlier", "OLD", NEP_OPTIONAL,
     "an older copy of the archive or folder, which must be a prefix"},
    {"engine", "NAME", NEP_OPTIONAL, "auto, portable or ifma: all find the same (auto)"},
    {"jobs", "N", NEP_OPTIONAL, "threads that verify (as many as processors)"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {"key", "FILE", NEP_OPTIONAL, "a signing key (nep-admin keygen) that signs the report"},
    {"report", "FILE", NEP_OPTIONAL, "write the report of this part for nep-verify merge"},
    {"shard", "K/N", NEP_OPTIONAL, "verify part K of N of the event's archives"},
    {"state", "FILE", NEP_OPTIONAL, "note what is finished, and go on from there the next time"},
    {.name = NULL},
};

static const nep_cli_option merge_options[] = {
    {"event", "FOLDER", NEP_OPTIONAL, "the parts must be about these archives as they are now"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {"signer", "HEX", NEP_REPEATED, "a public key; each report must be signed by one of them"},
    {.name = NULL},
};

static const nep_cli_option receipt_options[] = {
    {"key", "HEX", NEP_OPTIONAL, "the signer's public key; else the key that the receipt names"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_option mirror_options[] = {
    {"key", "HEX", NEP_REQUIRED, "the mirror's public key, as the mirror has published it"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_option challenge_options[] = {
    {"code", "CODE", NEP_REQUIRED, "the code that the device showed before it was challenged"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_option dispute_options[] = {
    {"key", "HEX", NEP_OPTIONAL, "the public key of the server's signer; else that of --trust"},
    {"trust", "FILE", NEP_OPTIONAL, "the event's trust file: that key and the mirrors"},
    {"published", "FILE", NEP_REPEATED,
     "an archive or casts file that you fetched from the server yourself"},
    {"code", "CODE", NEP_REPEATED,
     "what the device showed; the n-th belongs to the n-th challenge"},
    {"credential", "TEXT", NEP_OPTIONAL, "a public credential: what was cast with it"},
    {"credential-file", "FILE", NEP_OPTIONAL, "the same for your own private credential"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_option json_options[] = {
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_option casts_options[] = {
    {"engine", "NAME", NEP_OPTIONAL, "auto, portable or ifma: all find the same (auto)"},
    {"jobs", "N", NEP_OPTIONAL, "threads that verify (as many as processors)"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_option acts_options[] = {
    {"trust", "FILE", NEP_REQUIRED, "the event's trust file, as you have pinned it"},
    {"casts", "FILE.casts", NEP_OPTIONAL, "the cast statements of all ballots"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_command commands[] = {
    {"archive", "FILE.bel|FOLDER...", 1, NEP_CLI_VALUES_MAX,
     "Runs every check of the protocol on an archive, or on all archives of an event.",
     archive_options, nep_verify_archive_command},
    {"merge", "REPORT.json|FOLDER...", 1, NEP_CLI_VALUES_MAX,
     "Joins the reports of the parts of an event, none missing and none twice.", merge_options,
     nep_verify_merge_command},
    {"receipt", "RECEIPT.json FILE.bel", 2, 2,
     "Holds a voter's signed receipt against an archive: signature, place, ballot.",
     receipt_options, nep_verify_receipt_command},
    {"challenge", "CHALLENGE.json FILE.bel", 2, 2,
     "Holds a voter's device to the ballot that it revealed, with an archive got elsewhere.",
     challenge_options, nep_verify_challenge_command},
    {"challenges", "BOARD FILE.bel", 2, 2,
     "Verifies every published challenge, and that none of them is a ballot of the archive.",
     json_options, nep_verify_challenges_command},
    {"checkpoint", "HEAD.json FILE", 2, 2,
     "Holds a server's signed head against an archive: signature, event, size.", receipt_options,
     nep_verify_checkpoint_command},
    {"mirror", "COUNTERSIGNATURE.json FILE", 2, 2,
     "Holds a mirror's countersignature against an archive or casts file: signature, event, size.",
     mirror_options, nep_verify_mirror_command},
    {"dispute", "FILE...", 0, NEP_CLI_VALUES_MAX,
     "Says what receipts, refusals, heads, cast statements, challenges, archives and casts files "
     "show, and against whom.",
     dispute_options, nep_verify_dispute_command},
    {"acts", "FILE... FILE.bel", 1, NEP_CLI_VALUES_MAX,
     "Holds what pinned persons, mirrors and trustees have signed or proven against an archive: "
     "freeze acts, the auditors' verdict, countersignatures, tally acts, second proofs of "
     "decryption.",
     acts_options, nep_verify_acts_command},
    {"casts", "FILE.casts FILE.bel", 2, 2,
     "Holds the voters' cast statements against an archive: nobody changed the order of a voter's "
     "ballots.",
     casts_options, nep_verify_casts_command},
    {.name = NULL},
};

int main(int argc, char **argv)
{
  return nep_cli_main("nep-verify", "Verifies the public record of an election.", commands, argc,
                      argv);
}
