/* nep-trustee: what a trustee does on a machine of its own, without a network. */
#include "tally/trustee_commands.h"

#define GROUP                                                                                      \
  {                                                                                                \
    "group", "GROUP", NEP_REQUIRED, "Ed25519, BELENIOS-2048 or RFC-3526-2048"                      \
  }
#define CONTEXT                                                                                    \
  {                                                                                                \
    "context", "FILE", NEP_REQUIRED, "the ceremony's context"                                      \
  }
#define CERTS                                                                                      \
  {                                                                                                \
    "certs", "FILE", NEP_REQUIRED, "certificates of all members in order, one a line"              \
  }
#define POLYNOMIALS                                                                                \
  {                                                                                                \
    "polynomials", "FILE", NEP_REQUIRED, "polynomials of all members, one a line"                  \
  }
#define INDEX                                                                                      \
  {                                                                                                \
    "index", "I", NEP_REQUIRED, "the member's number, from 1"                                      \
  }
#define KEY                                                                                        \
  {                                                                                                \
    "key", "FILE", NEP_REQUIRED, "the trustee's secret, a file of mode 0600"                       \
  }
#define DKEY                                                                                       \
  {                                                                                                \
    "dkey", "FILE", NEP_OPTIONAL, "the member's decryption key (a single key has none)"            \
  }
#define ARCHIVE                                                                                    \
  {                                                                                                \
    "archive", "FILE.bel", NEP_REQUIRED, "the election's archive"                                  \
  }
#define OUT                                                                                        \
  {                                                                                                \
    "out", "FILE", NEP_REQUIRED, "where the outcome goes; an existing file is refused"             \
  }
#define OUT_DIR                                                                                    \
  {                                                                                                \
    "out", "DIR", NEP_REQUIRED, "folder for the outcome"                                           \
  }
#define END                                                                                        \
  {                                                                                                \
    .name = NULL                                                                                   \
  }

static const nep_cli_option keygen[] = {
    GROUP, {"name", "NAME", NEP_OPTIONAL, "shown in the public record"}, OUT_DIR, END};
static const nep_cli_option context[] = {
    GROUP,
    {"threshold", "T", NEP_REQUIRED, "how many members are needed"},
    {"name", "NAME", NEP_REPEATED, "a member, in order; once for each"},
    OUT,
    END};
static const nep_cli_option cert[] = {CONTEXT, INDEX, OUT_DIR, END};
static const nep_cli_option check_certs[] = {CONTEXT, CERTS, END};
static const nep_cli_option polynomial[] = {CONTEXT, CERTS, KEY, OUT, END};
static const nep_cli_option vinput[] = {CONTEXT, CERTS, POLYNOMIALS, INDEX, OUT, END};
static const nep_cli_option voutput[] = {
    CONTEXT,
    CERTS,
    {"vinput", "FILE", NEP_REQUIRED, "what this member receives"},
    KEY,
    OUT,
    {"dkey", "FILE", NEP_REQUIRED, "where the member's decryption key goes (sealed, mode 0600)"},
    END};
static const nep_cli_option parameters[] = {
    CONTEXT,     CERTS,
    POLYNOMIALS, {"voutputs", "FILE", NEP_REQUIRED, "outputs of all members in order, one a line"},
    OUT,         END};
static const nep_cli_option trustees[] = {
    {"single", "PUBKEY", NEP_REPEATED, "public key of a single trustee; once for each"},
    {"threshold", "FILE", NEP_OPTIONAL, "threshold parameters"},
    OUT,
    END};
static const nep_cli_option check[] = {ARCHIVE, KEY, DKEY, END};
static const nep_cli_option decrypt[] = {
    ARCHIVE,
    {"trust", "FILE", NEP_REQUIRED, "the trust file as it was at the key ceremony"},
    {"casts", "FILE", NEP_REQUIRED, "the cast statements of all ballots, UUID.casts"},
    {"countersignature", "FILE", NEP_REPEATED,
     "a mirror's countersignature of the EndBallots head; once for each"},
    {"act", "FILE", NEP_REPEATED, "a tally act of an official or observer; once for each"},
    KEY,
    DKEY,
    {"journal", "FILE", NEP_REQUIRED, "what was decrypted before; kept for life beside the key"},
    OUT,
    END};

static const nep_cli_command commands[] = {
    {"keygen", "", 0, 0, "Makes a single key: DIR/ID.privkey (secret) and DIR/ID.pubkey.", keygen,
     nep_trustee_keygen_command},
    {"dkg context", "", 0, 0, "Names the members of a key ceremony and its threshold.", context,
     nep_dkg_context_command},
    {"dkg cert", "", 0, 0, "Makes a member's secret DIR/ID.key and certificate DIR/ID.cert.", cert,
     nep_dkg_cert_command},
    {"dkg check", "", 0, 0, "Checks the certificates of all members, prints their fingerprint.",
     check_certs, nep_dkg_check_command},
    {"dkg polynomial", "", 0, 0, "Makes a member's contribution.", polynomial,
     nep_dkg_polynomial_command},
    {"dkg vinput", "", 0, 0, "Collects what one member receives.", vinput, nep_dkg_vinput_command},
    {"dkg voutput", "", 0, 0, "Checks what a member received, makes its decryption key.", voutput,
     nep_dkg_voutput_command},
    {"dkg parameters", "", 0, 0, "Joins everything public of the ceremony.", parameters,
     nep_dkg_parameters_command},
    {"trustees", "", 0, 0, "Joins public keys to the list of an election's trustees.", trustees,
     nep_trustees_command},
    {"check", "", 0, 0, "Says whether a key opens its part of an archive.", check,
     nep_trustee_check_command},
    {"decrypt", "", 0, 0,
     "Verifies the whole archive, the cast statements, the tally acts and the mirrors' "
     "countersignatures, recomputes the encrypted tally, enters it in "
     "the journal, then decrypts this trustee's part of it. Refused before the end of voting, "
     "below "
     "the trust file's minimum of voters, with weights it does not expect, and for a second tally "
     "of one election.",
     decrypt, nep_trustee_decrypt_command},
    END};

int main(int argc, char **argv)
{
  return nep_cli_main("nep-trustee", "Makes a trustee's key and decrypts its part of a tally.",
                      commands, argc, argv);
}
