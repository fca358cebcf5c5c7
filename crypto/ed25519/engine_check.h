/* The start-up test of an engine. */
#ifndef NEP_CRYPTO_ED25519_ENGINE_CHECK_H
#define NEP_CRYPTO_ED25519_ENGINE_CHECK_H

#include "crypto/ed25519/engine.h"

/* Whether it agrees with the plain path. */
NEP_MUST_USE bool nep_engine_check(const nep_engine *engine);

#endif
