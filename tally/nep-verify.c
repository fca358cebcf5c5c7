/* nep-verify: holds the public record of an election against the protocol. */
#include "tally/verify_commands.h"

static const nep_cli_option archive_options[] = {
    {"earlier", "OLD.bel", NEP_OPTIONAL, "an older copy, which must be a prefix of the archive"},
    {"engine", "NAME", NEP_OPTIONAL, "auto, portable or ifma: all find the same (auto)"},
    {"jobs", "N", NEP_OPTIONAL, "threads that verify ballots (as many as processors)"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_option receipt_options[] = {
    {"key", "HEX", NEP_OPTIONAL, "the signer's public key; else the key that the receipt names"},
    {"json", NULL, NEP_OPTIONAL, "print one JSON object"},
    {.name = NULL},
};

static const nep_cli_command commands[] = {
    {"archive", "FILE.bel", 1, 1, "Runs every check of the protocol on an archive.",
     archive_options, nep_verify_archive_command},
    {"receipt", "RECEIPT.json FILE.bel", 2, 2,
     "Holds a voter's signed receipt against an archive: signature, place, ballot.",
     receipt_options, nep_verify_receipt_command},
    {.name = NULL},
};

int main(int argc, char **argv)
{
  return nep_cli_main("nep-verify", "Verifies the public record of an election.", commands, argc,
                      argv);
}
