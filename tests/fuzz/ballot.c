/* libFuzzer: any text, read in both ways as a ballot of the election in the archive that
   NEP_FUZZ_ARCHIVE names. */
#include <stdio.h>
#include <stdlib.h>

#include "base/process.h"
#include "protocol/archive.h"
#include "tests/fuzz/same_reading.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static nep_election *election;

static void give_up(const char *what)
{
  fprintf(stderr, "fuzz: %s\n", what);
  exit(2);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
  const char *path = getenv("NEP_FUZZ_ARCHIVE");
  nep_archive_reader *reader = NULL;
  nep_record record;
  bool end = false;
  nep_process_start();
  if (!path || nep_reader_open(path, &reader, NULL) != NEP_OK ||
      nep_reader_next(reader, &record, &end, NULL) != NEP_OK || end ||
      nep_election_parse(record.body, &election, NULL) != NEP_OK)
    give_up("NEP_FUZZ_ARCHIVE names no archive");
  nep_reader_close(reader);
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  bool whole;
  const char *difference = same_reading(election, (nep_bytes){(const char *)data, size}, &whole);
  if (difference) {
    fprintf(stderr, "the two readings differ: %s\n", difference);
    abort();
  }
  return 0;
}
