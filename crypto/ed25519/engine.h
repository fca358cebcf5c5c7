/* Inside crypto/ed25519/: what an engine provides. Public data only. */
#ifndef NEP_CRYPTO_ED25519_ENGINE_H
#define NEP_CRYPTO_ED25519_ENGINE_H

#include "crypto/ed25519/encoding.h"
#include "crypto/group.h"

typedef struct nep_engine {
  const char *name;
  void (*commit_many_var)(nep_commit_job *jobs, size_t n_jobs); /* n_jobs > 0 */
  /* valid[i]: whether bytes i are the canonical encoding of a point; e[i] only has a meaning then.
   */
  void (*decode_many_var)(nep_element *e, bool *valid, uint8_t (*in)[NEP_POINT_BYTES], size_t n);
  void (*encode_many_var)(uint8_t (*out)[NEP_POINT_BYTES], const nep_element *e, size_t n);
  unsigned together; /* as nep_engine_together says it */
} nep_engine;

extern const nep_engine nep_engine_portable;
extern const nep_engine nep_engine_ifma; /* lanes/; only where the compiler can make it */

const nep_engine *nep_engine_in_use(void);

/* The exponent of g that takes a shift out of a commitment: -(shift * challenge) modulo q. */
void nep_commit_unshift(const nep_group *g, nep_scalar *out, uint64_t shift,
                        const nep_scalar *challenge);

#endif
