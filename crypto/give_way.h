/* Inside crypto/: a place where verification may let others use the processor (crypto/engine.h). */
#ifndef NEP_CRYPTO_GIVE_WAY_H
#define NEP_CRYPTO_GIVE_WAY_H

void nep_give_way(void);

#endif
