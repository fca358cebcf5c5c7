/* For the tests of client-cli/: archives of the vectors, and what stands at their beginning. */
#ifndef NEP_TESTS_CLIENT_VECTORS_H
#define NEP_TESTS_CLIENT_VECTORS_H

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "crypto/hash.h"
#include "protocol/archive.h"
#include "protocol/ballot.h"
#include "tests/support/run.h"

static inline char *vector_path(const char *name, const char *file)
{
  return nep_sprintf("%s/positive/%s/%s", NEP_TEST_VECTORS, name, file);
}

typedef struct vector_texts {
  nep_buf election, trustees, credentials;
} vector_texts;

static inline vector_texts vector_setup(const char *name)
{
  vector_texts t = {0};
  nep_buf *const order[] = {&t.election, &t.trustees, &t.credentials};
  nep_archive_reader *r = NULL;
  nep_record record;
  bool end = false;
  nep_error err = {0};
  char *path = vector_path(name, "election.bel");
  ck_assert_int_eq(nep_reader_open(path, &r, &err), NEP_OK);
  for (size_t i = 0; i < 3; i++) {
    ck_assert_int_eq(nep_reader_next(r, &record, &end, &err), NEP_OK);
    ck_assert(!end && !record.is_event);
    nep_buf_add(order[i], record.body.data, record.body.len);
  }
  nep_reader_close(r);
  free(path);
  return t;
}

static inline void vector_free(vector_texts *t)
{
  nep_buf_free(&t->election);
  nep_buf_free(&t->trustees);
  nep_buf_free(&t->credentials);
}

static inline nep_election *vector_election(const char *name)
{
  vector_texts t = vector_setup(name);
  nep_election *e = NULL;
  nep_error err = {0};
  ck_assert_int_eq(nep_election_parse(nep_buf_bytes(&t.election), &e, &err), NEP_OK);
  vector_free(&t);
  return e;
}

/* Private credential of a voter of the vector. */
static inline void vector_credential(const char *name, const char *voter, char out[26])
{
  char *path = vector_path(name, "secrets/private_creds.json");
  json_t *all = json_load_file(path, 0, NULL);
  const char *found = json_string_value(json_object_get(all, voter));
  ck_assert_ptr_nonnull(found);
  memcpy(out, found, 26);
  json_decref(all);
  free(path);
}

#endif
