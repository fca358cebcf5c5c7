/* Stands between the service and nep-signer: counts requests by their purpose, and can hold those
   of one purpose as long as a test wants. */
#ifndef NEP_TESTS_HELD_SIGNER_H
#define NEP_TESTS_HELD_SIGNER_H

/* Listens at `path`, hands on to `signer`; until the test's process ends. */
void held_signer_start(const char *path, const char *signer);
/* Requests of this purpose wait from now on; NULL: none does, and those that wait go on. */
void held_signer_hold(const char *purpose);
unsigned held_signer_count(const char *purpose); /* that have come, held or not */
void held_signer_await(const char *purpose, unsigned count);

#endif
