/* FILE.proofs beside FILE.bel: the second proofs of its partial decryptions (PROTOCOL-ADDITIONS
   14), a JSON array of them as a server publishes it. */
#ifndef NEP_TALLY_PROOFS_FILE_H
#define NEP_TALLY_PROOFS_FILE_H

#include "protocol/json.h"
#include "protocol/verify.h"
#include "tally/cli.h"

/* The path of --proofs, or, without the option, the archive's with .proofs in place of .bel.
 * free().
 */
char *nep_proofs_path(const nep_arguments *a, const char *archive);

/* True for a text that is a list of second proofs; who reads it checks it. */
bool nep_proofs_look(const json_t *value);

/* Appends the members of a list to `all` (a JSON array), each an object about this election:
   otherwise codes "decryption-proof-parse", "decryption-proof-other". */
NEP_MUST_USE nep_status nep_proofs_add(const nep_election *e, const json_t *list, json_t *all,
                                       nep_error *err);
/* The same from that file, which must be canonical. Without the option it may be missing. */
NEP_MUST_USE nep_status nep_proofs_read(const nep_arguments *a, const char *archive,
                                        const nep_election *e, json_t *all, nep_error *err);

/* Verifies the list's proof of a partial decryption of the archive and appends its text. Codes of
   nep_decryption_proof_verify; "decryption-proof-missing" when there is none. */
NEP_MUST_USE nep_status nep_proofs_check(const nep_verified *v, const json_t *all,
                                         const nep_factors *f, nep_buf *text, nep_error *err);

#endif
