#include "tests/unit/server/memory_folder.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

nep_memory *memory;
nep_error err;
static char folder[] = "/tmp/nep-memory.XXXXXX";

void memory_setup(void)
{
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(nep_memory_open(folder, &memory, &err), NEP_OK);
}

void memory_teardown(void)
{
  char *command = nep_sprintf("rm -r %s", folder);
  nep_memory_free(memory);
  memory = NULL;
  ck_assert_int_eq(system(command), 0);
  free(command);
}

nep_status memory_reopen(void)
{
  nep_memory_free(memory);
  err = (nep_error){0};
  nep_status status = nep_memory_open(folder, &memory, &err);
  ck_assert_int_eq(memory != NULL, status == NEP_OK);
  return status;
}

nep_remembered event_of(nep_signed_chain chain, const char *uuid, uint64_t height, char digit)
{
  nep_remembered e = {.chain = chain, .height = height};
  snprintf(e.uuid, sizeof e.uuid, "%s", uuid);
  memset(e.event, digit, 64);
  return e;
}

nep_status fill(const nep_remembered *events, size_t n)
{
  err = (nep_error){0};
  return nep_memory_fill(memory, events, n, &err);
}

nep_status fill_one(const char *uuid, uint64_t height, char digit)
{
  nep_remembered e = event_of(NEP_SIGNED_ARCHIVE, uuid, height, digit);
  return fill(&e, 1);
}

char held(nep_signed_chain chain, const char *uuid, uint64_t height)
{
  char event[65];
  ck_assert_int_eq(nep_memory_event(memory, chain, uuid, height, event, &err), NEP_OK);
  return event[0] ? event[0] : ' ';
}

const char *path_of(const char *name)
{
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

off_t size_of(const char *name)
{
  struct stat st;
  return stat(path_of(name), &st) == 0 ? st.st_size : -1;
}

off_t journal_len(void)
{
  static unsigned char text[2 << 20];
  FILE *file = fopen(path_of("journal"), "r");
  ck_assert_ptr_nonnull(file);
  size_t len = fread(text, 1, sizeof text, file);
  ck_assert_int_eq(fclose(file), 0);
  while (len > 0 && text[len - 1] == 0)
    len--;
  return (off_t)(len + RECORD - 1) / RECORD * RECORD;
}

static int open_file(const char *name, int flags)
{
  int fd = open(path_of(name), flags, 0600);
  ck_assert_int_ge(fd, 0);
  return fd;
}

void read_file(const char *name, void *out, size_t len)
{
  int fd = open_file(name, O_RDONLY);
  ck_assert_int_eq(read(fd, out, len), (ssize_t)len);
  close(fd);
}

void write_file(const char *name, const void *data, size_t len)
{
  int fd = open_file(name, O_WRONLY | O_TRUNC | O_CREAT);
  ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
  close(fd);
}

void lose_file(const char *name)
{
  ck_assert_int_eq(unlink(path_of(name)), 0);
}
