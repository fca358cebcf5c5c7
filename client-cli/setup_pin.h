/* Whoever has voted once under a setup is not shown another one later (A25). */
#ifndef NEP_CLIENT_SETUP_PIN_H
#define NEP_CLIENT_SETUP_PIN_H

#include "base/status.h"

/* Holds the setup's hash against the one that this folder has voted under (setup-UUID.txt). Code
   "setup-changed". NEP_OK when there is none. */
NEP_MUST_USE nep_status nep_setup_held(const char *dir, const char *uuid, const char *setup_hash,
                                       nep_error *err);
/* The same, and keeps the hash when there is none. */
NEP_MUST_USE nep_status nep_setup_pin(const char *dir, const char *uuid, const char *setup_hash,
                                      nep_error *err);

#endif
