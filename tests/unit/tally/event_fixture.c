#include "tests/unit/tally/event_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/support/run.h"

void fixture_report(nep_event_report *out)
{
  static const char *const paths[] = {GOOD, BAD};
  nep_event_list list = {0};
  nep_error err;
  ck_assert_int_eq(nep_event_list_files(paths, 2, &list, &err), NEP_OK);
  nep_event_report_start(out, &list);
  out->shard = 2;
  out->of = 3;
  for (size_t i = 0; i < list.n; i++) {
    nep_verify_options options = {.jobs = 1};
    nep_verified *v = NULL;
    ck_assert_int_eq(nep_verify_archive(list.files[i].path, &options, &v, &err), NEP_OK);
    json_array_append_new(out->entries, nep_event_entry(&list.files[i], v, ""));
    nep_verified_free(v);
  }
  nep_event_report_fault(out, "archive-missing", "c.bel", "it is gone");
  nep_event_list_free(&list);
}

void fixture_write(const char *path, const char *data, size_t len)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
  close(fd);
}

void fixture_alter(const char *path, const char *data, size_t len,
                   void (*refused)(const char *path))
{
  char *copy = nep_alloc(1, len + 1);
  memcpy(copy, data, len);
  size_t step = nep_test_step(len);
  for (size_t i = 0; i < len; i += step) {
    copy[i] ^= i / step % 2 ? 1 : 0x20; /* digits become digits, letters change their case */
    fixture_write(path, copy, len);
    refused(path);
    copy[i] = data[i];
  }
  for (size_t n = 0; n < len; n += 1 + n / 64) {
    fixture_write(path, data, n);
    refused(path);
  }
  free(copy);
  unlink(path);
}
