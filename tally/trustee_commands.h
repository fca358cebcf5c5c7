/* The commands of nep-trustee. */
#ifndef NEP_TALLY_TRUSTEE_COMMANDS_H
#define NEP_TALLY_TRUSTEE_COMMANDS_H

#include "protocol/ceremony.h"
#include "protocol/verify.h"
#include "tally/cli.h"
#include "tally/valid_archive.h"

int nep_trustee_keygen_command(const nep_arguments *a);
int nep_dkg_context_command(const nep_arguments *a);
int nep_dkg_cert_command(const nep_arguments *a);
int nep_dkg_check_command(const nep_arguments *a);
int nep_dkg_polynomial_command(const nep_arguments *a);
int nep_dkg_vinput_command(const nep_arguments *a);
int nep_dkg_voutput_command(const nep_arguments *a);
int nep_dkg_parameters_command(const nep_arguments *a);
int nep_trustees_command(const nep_arguments *a);
int nep_trustee_check_command(const nep_arguments *a);
int nep_trustee_decrypt_command(const nep_arguments *a);

enum {
  NEP_CEREMONY_TEXT_MAX = 4 << 20, /* a file of the ceremony */
  NEP_MEMBER_NUMBER_MAX = 256
};

/* What a trustee holds: keys in one place, wiped together. */
typedef struct nep_trustee_secret {
  nep_scalar x; /* decryption key */
  nep_scalar signing_key;
  size_t owner; /* number among the trustees, from 1 */
} nep_trustee_secret;

/* Reads --key and --dkey and finds their trustee. End with nep_wipe. */
NEP_MUST_USE nep_status nep_trustee_secret_read(const nep_arguments *a, const nep_trustees *t,
                                                nep_trustee_secret *out, nep_error *err);

/* Reads one of the ceremony's texts, named by an option. */
NEP_MUST_USE nep_status nep_ceremony_text(const nep_arguments *a, const char *option, nep_buf *out,
                                          nep_error *err);

#endif
