/* nep-tally: an election's archive on a machine without a network. */
#include "tally/tally_commands.h"

#define GROUP                                                                                      \
  {                                                                                                \
    "group", "GROUP", NEP_REQUIRED, "Ed25519, BELENIOS-2048 or RFC-3526-2048"                      \
  }
#define UUID                                                                                       \
  {                                                                                                \
    "uuid", "UUID", NEP_REQUIRED, "the election's identifier, 14 to 64 Base58 characters"          \
  }
#define END                                                                                        \
  {                                                                                                \
    .name = NULL                                                                                   \
  }

static const nep_cli_option credentials[] = {
    GROUP,
    UUID,
    {"count", "N", NEP_REQUIRED, "how many credentials"},
    {"out", "DIR", NEP_REQUIRED, "folder for the two files"},
    END};
static const nep_cli_option setup[] = {
    {"definition", "FILE", NEP_REQUIRED, "questions and names: the template of the election"},
    {"trustees", "FILE", NEP_REQUIRED, "list of trustees, from nep-trustee trustees"},
    {"credentials", "FILE", NEP_REQUIRED, "public list of credentials"},
    GROUP,
    UUID,
    {"out", "FILE.bel", NEP_REQUIRED, "the new archive; an existing file is refused"},
    END};
static const nep_cli_option ballot[] = {
    {"credential-file", "FILE", NEP_REQUIRED, "the voter's credential, a file of mode 0600"},
    {"choice-file", "FILE", NEP_REQUIRED, "for each question a list of 0 and 1, or \"blank\""},
    {"out", "FILE", NEP_REQUIRED, "the ballot; an existing file is refused"},
    END};
static const nep_cli_option export_upload[] = {
    {"out", "DIR", NEP_REQUIRED, "folder for tally.json, decryption-N.json and result.json"}, END};

#define REGISTRY                                                                                   \
  {"export", "FILE", NEP_REQUIRED, "the registry, from nep-admin registry"},                       \
  {                                                                                                \
    "trust", "FILE", NEP_REQUIRED, "the event's trust file"                                        \
  }

static const nep_cli_option registry_open[] = {
    REGISTRY,
    {"key", "FILE", NEP_REQUIRED, "the auditor's key, a file of mode 0600"},
    {"dkey", "FILE", NEP_OPTIONAL, "the auditor's decryption share, of a threshold ceremony"},
    {"out", "FILE", NEP_REQUIRED, "the auditor's share; an existing file is refused"},
    END};
static const nep_cli_option registry_audit[] = {
    REGISTRY,
    {"share", "FILE", NEP_REPEATED, "an auditor's share, from registry open"},
    {"key", "FILE", NEP_REQUIRED, "key of an audit signer, a file of mode 0600"},
    {"name", "NAME", NEP_REQUIRED, "the name of that signer in the trust file"},
    {"out", "DIR", NEP_REQUIRED, "folder for credentials.json, verdict.json and report.txt"},
    END};

static const nep_cli_command commands[] = {
    {"credentials", "", 0, 0,
     "Makes credentials: DIR/UUID.privcreds (secret) and DIR/UUID.pubcreds.", credentials,
     nep_tally_credentials_command},
    {"setup", "", 0, 0, "Makes an archive with the setup of an election.", setup,
     nep_tally_setup_command},
    {"ballot", "FILE.bel", 1, 1, "Makes a voter's ballot for the election of an archive.", ballot,
     nep_tally_ballot_command},
    {"cast", "FILE.bel BALLOT.json...", 2, NEP_CLI_VALUES_MAX,
     "Verifies ballots and appends them, all or none.", NULL, nep_tally_cast_command},
    {"close", "FILE.bel", 1, 1, "Ends the vote.", NULL, nep_tally_close_command},
    {"compute", "FILE.bel", 1, 1,
     "Multiplies the last ballot of each credential, appends the encrypted tally.", NULL,
     nep_tally_compute_command},
    {"combine", "FILE.bel SHARE.json...", 2, NEP_CLI_VALUES_MAX,
     "Verifies partial decryptions, appends the valid ones and the result when they are enough.",
     NULL, nep_tally_combine_command},
    {"export-upload", "FILE.bel", 1, 1, "Writes what nep-admin uploads.", export_upload,
     nep_tally_export_command},
    {"registry open", "", 0, 0, "Makes an auditor's share of opening the sealed registrations.",
     registry_open, nep_tally_registry_open_command},
    {"registry audit", "", 0, 0,
     "Opens and checks the registrations with enough shares, makes the list of credentials and the "
     "verdict on it.",
     registry_audit, nep_tally_registry_audit_command},
    END};

int main(int argc, char **argv)
{
  return nep_cli_main("nep-tally", "Tallies an election on a machine without a network.", commands,
                      argc, argv);
}
