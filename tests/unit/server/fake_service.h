/* A service without a database: what http/ calls is counted and answered as a test wants. */
#ifndef NEP_TESTS_FAKE_SERVICE_H
#define NEP_TESTS_FAKE_SERVICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "server/service/service.h"

struct nep_service {
  nep_status answer;   /* status of every call that can fail */
  const char *extra;   /* JSON object that a failing act leaves, or NULL */
  int delay_ms;        /* of every call on a worker thread */
  const char *archive; /* path of the archive file */
  uint64_t archive_size;
  size_t cast_length; /* what nep_cast_length says */
  bool cast_is_full;  /* nep_cast_submit says NEP_E_BUSY */
  _Atomic int calls, challenges;
  char last_body[256]; /* the start of the last body */
  char last_address[64];
};

/* Readable values in every answer. */
#define FAKE_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

#endif
