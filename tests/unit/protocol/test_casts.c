/* The chain of cast statements: texts of its events, its file entry by entry (protocol/casts.h). */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "protocol/casts.h"
#include "tests/support/run.h"

#define UUID "11111111111111"
#define STAMP 1795000000
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static char folder[] = "/tmp/nep-casts.XXXXXX";
static char *path;

static void setup(void)
{
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  ck_assert_ptr_nonnull(mkdtemp(folder));
  path = nep_sprintf("%s/some.casts", folder);
}

static void teardown(void)
{
  char *command = nep_sprintf("rm -rf '%s'", folder);
  ck_assert_int_eq(system(command), 0);
  free(command);
  free(path);
}

static void save(const nep_buf *file)
{
  ck_assert_int_eq(nep_file_write(path, file->data, file->len, 0600, NULL), NEP_OK);
}

/* A statement and its event behind `parent`, which becomes that event's hash. */
static void add(nep_buf *file, uint64_t height, const char *statement, char parent[65])
{
  nep_buf event = {0};
  char hash[65];
  nep_archive_data(file, STAMP, nep_str_bytes(statement), hash);
  nep_casts_event(height ? parent : NULL, height, hash, &event, parent);
  nep_archive_event(file, STAMP, nep_buf_bytes(&event), NULL);
  nep_buf_free(&event);
}

static nep_status read_all(uint64_t *entries, bool *holds, nep_error *err)
{
  nep_archive_reader *r = NULL;
  nep_casts_chain chain = {0};
  nep_cast_entry e = {0};
  bool end = false;
  *holds = true;
  nep_status s = nep_casts_reader_open(path, UUID, &r, err);
  while (s == NEP_OK && (s = nep_casts_next(r, &chain, &e, &end, err)) == NEP_OK && !end)
    *holds = *holds && e.hash_ok && e.follows;
  *entries = chain.events;
  nep_cast_entry_free(&e);
  nep_reader_close(r);
  return s;
}

START_TEST(an_event_is_read_back_as_it_was_written)
{
  for (uint64_t height = 0; height < 2; height++) {
    nep_buf text = {0};
    nep_event event;
    nep_error err = {0};
    char hash[65];
    nep_casts_event(height ? HASH : NULL, height, HASH, &text, hash);
    ck_assert_int_eq(nep_casts_event_parse(nep_buf_bytes(&text), &event, &err), NEP_OK);
    ck_assert_uint_eq(event.height, height);
    ck_assert_str_eq(event.hash, hash);
    ck_assert_str_eq(event.payload, HASH);
    ck_assert_str_eq(event.parent, height ? HASH : "");
    nep_buf_free(&text);
  }
}
END_TEST

START_TEST(every_truncation_and_other_form_of_an_event_is_refused)
{
  static const char *const bad[] = {
      "{\"height\":1,\"type\":[\"Cast\"],\"payload\":\"" HASH "\"}",
      "{\"parent\":\"" HASH "\",\"height\":0,\"type\":[\"Cast\"],\"payload\":\"" HASH "\"}",
      "{\"parent\":null,\"height\":0,\"type\":[\"Cast\"],\"payload\":\"" HASH "\"}",
      "{\"height\":0,\"type\":[\"Ballot\"],\"payload\":\"" HASH "\"}",
      "{\"height\":0,\"type\":\"Cast\",\"payload\":\"" HASH "\"}",
      "{\"height\":0,\"type\":[\"Cast\",\"Cast\"],\"payload\":\"" HASH "\"}",
      "{\"height\":-1,\"type\":[\"Cast\"],\"payload\":\"" HASH "\"}",
      "{\"height\":0,\"type\":[\"Cast\"]}",
      "{\"height\":0,\"type\":[\"Cast\"],\"payload\":\"E" HASH "\"}",
      "{\"height\":0,\"type\":[\"Cast\"],\"payload\":\"" HASH "\",\"more\":1}",
      "{\"type\":[\"Cast\"],\"height\":0,\"payload\":\"" HASH "\"}",
      "{\"height\":0, \"type\":[\"Cast\"],\"payload\":\"" HASH "\"}",
      "{\"height\":0,\"height\":0,\"type\":[\"Cast\"],\"payload\":\"" HASH "\"}",
  };
  static const char good[] = "{\"height\":0,\"type\":[\"Cast\"],\"payload\":\"" HASH "\"}";
  nep_event event;
  ck_assert_int_eq(nep_casts_event_parse(nep_str_bytes(good), &event, NULL), NEP_OK);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ck_assert_msg(nep_casts_event_parse(nep_str_bytes(bad[i]), &event, NULL) != NEP_OK, "%s",
                  bad[i]);
  for (size_t n = 0; n < sizeof good - 1; n++)
    ck_assert_int_ne(nep_casts_event_parse((nep_bytes){good, n}, &event, NULL), NEP_OK);
}
END_TEST

START_TEST(a_file_is_read_entry_by_entry_and_its_chain_is_held)
{
  nep_buf file = {0};
  nep_error err = {0};
  char parent[65], uuid[65];
  uint64_t entries = 0;
  bool holds = false;
  nep_casts_start(&file, STAMP, UUID);
  for (uint64_t h = 0; h < 3; h++)
    add(&file, h, h == 1 ? "{\"second\":1}" : "{}", parent);
  save(&file);
  ck_assert(nep_casts_uuid(path, uuid));
  ck_assert_str_eq(uuid, UUID);
  ck_assert_int_eq(read_all(&entries, &holds, &err), NEP_OK);
  ck_assert(holds);
  ck_assert_uint_eq(entries, 3);
  *strstr(file.data + NEP_CASTS_START + 512, "{") = '['; /* the first statement's text */
  save(&file);
  ck_assert_int_eq(read_all(&entries, &holds, &err), NEP_OK);
  ck_assert(!holds);
  nep_buf_free(&file);
}
END_TEST

START_TEST(an_event_that_does_not_follow_is_seen)
{
  nep_buf file = {0};
  nep_error err = {0};
  char parent[65];
  uint64_t entries = 0;
  bool holds = true;
  nep_casts_start(&file, STAMP, UUID);
  add(&file, 0, "{}", parent);
  memcpy(parent, HASH, sizeof parent);
  add(&file, 1, "{}", parent);
  save(&file);
  ck_assert_int_eq(read_all(&entries, &holds, &err), NEP_OK);
  ck_assert(!holds);
  nep_buf_clear(&file);
  nep_casts_start(&file, STAMP, UUID);
  add(&file, 1, "{}", parent); /* the first is not at height 0 */
  save(&file);
  ck_assert_int_eq(read_all(&entries, &holds, &err), NEP_OK);
  ck_assert(!holds);
  nep_buf_free(&file);
}
END_TEST

START_TEST(records_that_do_not_come_by_turns_are_refused)
{
  nep_buf file = {0};
  char parent[65];
  uint64_t entries = 0;
  bool holds;
  nep_casts_start(&file, STAMP, UUID);
  add(&file, 0, "{}", parent);
  size_t whole = file.len;
  for (int i = 0; i < 2; i++) { /* a second event; a statement without one */
    nep_error err = {0};
    file.len = whole;
    if (i == 0)
      nep_archive_event(&file, STAMP, nep_str_bytes("{}"), NULL);
    else
      nep_archive_data(&file, STAMP, nep_str_bytes("{}"), parent);
    save(&file);
    ck_assert_int_eq(read_all(&entries, &holds, &err), NEP_E_CHECK);
    ck_assert_str_eq(err.code, "casts-format");
  }
  nep_buf_free(&file);
}
END_TEST

START_TEST(other_files_are_no_casts_files)
{
  nep_buf file = {0};
  char uuid[65] = "";
  ck_assert(!nep_casts_uuid(path, uuid)); /* there is none */
  nep_archive_start(&file, STAMP);
  save(&file);
  ck_assert(!nep_casts_uuid(path, uuid));
  nep_buf_clear(&file);
  nep_casts_start(&file, STAMP, "not-base58");
  save(&file);
  ck_assert(!nep_casts_uuid(path, uuid));
  nep_buf_clear(&file);
  nep_casts_start(&file, STAMP, UUID);
  file.len--;
  save(&file);
  ck_assert(!nep_casts_uuid(path, uuid));
  ck_assert_str_eq(uuid, "");
  nep_buf_free(&file);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("casts");
  TCase *tc = tcase_create("casts");
  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_add_test(tc, an_event_is_read_back_as_it_was_written);
  tcase_add_test(tc, every_truncation_and_other_form_of_an_event_is_refused);
  tcase_add_test(tc, a_file_is_read_entry_by_entry_and_its_chain_is_held);
  tcase_add_test(tc, an_event_that_does_not_follow_is_seen);
  tcase_add_test(tc, records_that_do_not_come_by_turns_are_refused);
  tcase_add_test(tc, other_files_are_no_casts_files);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
