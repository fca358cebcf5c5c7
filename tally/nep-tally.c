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
#define PROOFS                                                                                     \
  {                                                                                                \
    "proofs", "FILE", NEP_OPTIONAL,                                                                \
        "the second proofs beside the archive (its name with .proofs in place of .bel)"            \
  }
static const nep_cli_option combine[] = {
    PROOFS,
    {"accept-unproven", NULL, NEP_OPTIONAL,
     "take shares of others' programs too, which have no second proof; each is named"},
    END};
static const nep_cli_option export_upload[] = {
    {"out", "DIR", NEP_REQUIRED, "folder for tally.json, decryption-N.json and result.json"},
    PROOFS,
    END};

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
    {"provider-keys", "FILE", NEP_REPEATED,
     "key set (JWKS) from the identity provider itself; once for each that it had"},
    {"key", "FILE", NEP_REQUIRED, "key of an audit signer, a file of mode 0600"},
    {"name", "NAME", NEP_REQUIRED, "the name of that signer in the trust file"},
    {"out", "DIR", NEP_REQUIRED, "folder for credentials.json, verdict.json and report.txt"},
    END};

#define PINNED(name_, what_)                                                                       \
  {                                                                                                \
    name_, "NAME=FILE", NEP_REPEATED, what_ ": file with the public key; once for each"            \
  }
#define NEEDED(name_)                                                                              \
  {                                                                                                \
    name_, "N", NEP_OPTIONAL, "how many of them must sign (1)"                                     \
  }
static const nep_cli_option trust[] = {
    {"show", "FILE", NEP_OPTIONAL, "checks and shows this trust file, makes none"},
    {"event", "EVENT", NEP_OPTIONAL, "the event's name"},
    {"issuer", "URL", NEP_OPTIONAL, "the identity provider"},
    {"audience", "NAME", NEP_OPTIONAL, "for whom its tokens are made"},
    {"claim", "NAME", NEP_OPTIONAL, "which claim names a person on the roll (sub)"},
    {"audit", "FILE", NEP_OPTIONAL, "the auditors' keys, from nep-trustee trustees (Ed25519)"},
    PINNED("audit-signer", "who signs the verdict on the registry"),
    PINNED("official", "who signs freeze and tally"),
    NEEDED("officials-needed"),
    PINNED("observer", "who signs the tally too"),
    NEEDED("observers-needed"),
    PINNED("mirror", "who countersigns heads"),
    NEEDED("mirrors-needed"),
    {"receipts", "FILE", NEP_OPTIONAL, "file with the public key of nep-signer"},
    {"claims-period", "SECONDS", NEP_OPTIONAL, "between freeze and opening (seven days)"},
    {"minimum-count", "N", NEP_OPTIONAL, "voters that a tally must have at least (10)"},
    {"weights", NULL, NEP_OPTIONAL, "weights other than 1 are expected"},
    {"out", "FILE", NEP_OPTIONAL, "the new trust file; an existing file is refused"},
    END};

#define EVIDENCE                                                                                   \
  {"casts", "FILE", NEP_REQUIRED, "the cast statements of all ballots, UUID.casts"},               \
  {                                                                                                \
    "countersignature", "FILE", NEP_REPEATED,                                                      \
        "a mirror's countersignature of the EndBallots head; once for each"                        \
  }
#define SIGNER                                                                                     \
  {"trust", "FILE", NEP_REQUIRED, "the trust file of the event"},                                  \
      {"key", "FILE", NEP_REQUIRED, "the signing key, a file of mode 0600"},                       \
      {"name", "NAME", NEP_REQUIRED, "the name for which the trust file pins the key"},            \
  {                                                                                                \
    "out", "FILE", NEP_REQUIRED, "the signed act; an existing file is refused"                     \
  }
static const nep_cli_option act_freeze[] = {
    UUID,
    {"definition", "FILE", NEP_REQUIRED, "the definition as the server publishes it"},
    {"trustees", "FILE", NEP_REQUIRED, "the list of trustees"},
    {"credentials", "FILE", NEP_REQUIRED, "the list of credentials that is to become final"},
    SIGNER,
    END};
static const nep_cli_option statement[] = {
    {"credential-file", "FILE", NEP_REQUIRED, "the voter's credential, a file of mode 0600"},
    {"number", "N", NEP_OPTIONAL, "which one of the credential's ballots it is (1)"},
    {"previous", "FILE", NEP_OPTIONAL, "the ballot that was made before it"},
    {"out", "FILE", NEP_REQUIRED, "the statement; an existing file is refused"},
    END};
static const nep_cli_option casts[] = {
    {"out", "FILE.casts", NEP_REQUIRED, "the file beside the archive; an existing one is refused"},
    END};
static const nep_cli_option countersign[] = {
    {"earlier", "OLD.bel", NEP_OPTIONAL, "the mirror's older copy, a prefix of the archive"},
    SIGNER,
    END};
static const nep_cli_option act_tally[] = {
    EVIDENCE,
    {"closes", "TIME", NEP_REQUIRED, "end of voting by the calendar, as 2026-11-23T07:00:00Z"},
    SIGNER,
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
    {"statement", "FILE.bel BALLOT.json", 2, 2,
     "Signs which one of its credential's ballots a ballot is, so that nobody can change their "
     "order.",
     statement, nep_tally_statement_command},
    {"casts", "FILE.bel [STATEMENTS...]", 1, NEP_CLI_VALUES_MAX,
     "Joins the statements of all ballots of an archive, one a line, to the file beside it.", casts,
     nep_tally_casts_command},
    {"close", "FILE.bel", 1, 1, "Ends the vote.", NULL, nep_tally_close_command},
    {"compute", "FILE.bel", 1, 1,
     "Multiplies the last ballot of each credential, appends the encrypted tally.", NULL,
     nep_tally_compute_command},
    {"combine", "FILE.bel SHARE.json...", 2, NEP_CLI_VALUES_MAX,
     "Verifies partial decryptions and their second proofs, appends the valid ones and the result "
     "when they are enough; the proofs go to the file beside the archive.",
     combine, nep_tally_combine_command},
    {"export-upload", "FILE.bel", 1, 1, "Writes what nep-admin uploads.", export_upload,
     nep_tally_export_command},
    {"registry open", "", 0, 0, "Makes an auditor's share of opening the sealed registrations.",
     registry_open, nep_tally_registry_open_command},
    {"registry audit", "", 0, 0,
     "Opens and checks the registrations with enough shares, makes the list of credentials and the "
     "verdict on it.",
     registry_audit, nep_tally_registry_audit_command},
    {"trust", "", 0, 0,
     "Makes and checks the trust file of an event, or shows one and its fingerprint.", trust,
     nep_tally_trust_command},
    {"act freeze", "", 0, 0,
     "Signs an election's definition, trustees and credentials, as an official.", act_freeze,
     nep_act_freeze_command},
    {"countersign", "FILE.bel", 1, 1,
     "Verifies the archive and countersigns its EndBallots head, as a mirror. Who follows a server "
     "does it with nep-mirror.",
     countersign, nep_tally_countersign_command},
    {"act tally", "FILE.bel", 1, 1,
     "Verifies the archive, the cast statements and the mirrors' countersignatures, and signs its "
     "encrypted tally, as an official or observer.",
     act_tally, nep_act_tally_command},
    END};

int main(int argc, char **argv)
{
  return nep_cli_main("nep-tally", "Tallies an election on a machine without a network.", commands,
                      argc, argv);
}
