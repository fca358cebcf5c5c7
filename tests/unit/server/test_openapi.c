/* doc/openapi.yaml describes exactly the routes that are served. The file is read line by line:
   paths stand at two spaces, methods at four, as the linter of tests/documents keeps it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "server/http/routes.h"
#include "tests/support/run.h"

enum { OPERATIONS = 64 };

typedef struct operation {
  char path[80], method[8], name[40];
} operation;

static operation described[OPERATIONS];
static size_t n_described;

static void upper(char *text)
{
  for (; *text; text++)
    if (*text >= 'a' && *text <= 'z')
      *text = (char)(*text - 'a' + 'A');
}

static void read_line(const char *line, char path[80], char method[8])
{
  char name[40];
  if (strncmp(line, "  /", 3) == 0 && sscanf(line, "  %79[^:]:", path) == 1) {
    method[0] = '\0';
  } else if (strncmp(line, "    ", 4) == 0 && line[4] != ' ' &&
             sscanf(line, "    %7[a-z]:", method) == 1) {
    upper(method);
  } else if (sscanf(line, "      operationId: %39s", name) == 1) {
    ck_assert_uint_lt(n_described, OPERATIONS);
    operation *o = &described[n_described++];
    memcpy(o->path, path, sizeof o->path);
    memcpy(o->method, method, sizeof o->method);
    memcpy(o->name, name, sizeof o->name);
  }
}

static void setup(void)
{
  nep_buf text = {0};
  nep_error err = {0};
  char path[80] = "", method[8] = "", *save = NULL;
  n_described = 0;
  ck_assert_int_eq(nep_file_read(NEP_SOURCE "/doc/openapi.yaml", 1 << 20, &text, &err), NEP_OK);
  char *paths = strstr(text.data, "\npaths:\n");
  ck_assert_ptr_nonnull(paths);
  *strstr(paths, "\ncomponents:\n") = '\0';
  for (char *line = strtok_r(paths, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
    read_line(line, path, method);
  nep_buf_free(&text);
}

static bool is_described(const nep_route *r)
{
  for (size_t i = 0; i < n_described; i++)
    if (strcmp(described[i].path, r->path) == 0 && strcmp(described[i].method, r->method) == 0)
      return strcmp(described[i].name, r->name) == 0;
  return false;
}

START_TEST(each_route_is_described_under_its_name)
{
  size_t n = 0;
  const nep_route *routes = nep_routes(&n);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg(is_described(&routes[i]), "%s %s is not described as %s", routes[i].method,
                  routes[i].path, routes[i].name);
}
END_TEST

START_TEST(nothing_is_described_that_is_not_served)
{
  size_t n = 0;
  const nep_route *routes = nep_routes(&n);
  ck_assert_uint_eq(n_described, n);
  for (size_t i = 0; i < n_described; i++) {
    bool served = false;
    for (size_t k = 0; k < n; k++)
      served = served || (strcmp(described[i].path, routes[k].path) == 0 &&
                          strcmp(described[i].method, routes[k].method) == 0);
    ck_assert_msg(served, "%s %s is not served", described[i].method, described[i].path);
  }
}
END_TEST

START_TEST(a_route_is_found_by_its_own_path_only_once)
{
  size_t n = 0;
  const nep_route *routes = nep_routes(&n);
  for (size_t i = 0; i < n; i++)
    for (size_t k = i + 1; k < n; k++)
      ck_assert(strcmp(routes[i].path, routes[k].path) != 0 ||
                strcmp(routes[i].method, routes[k].method) != 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("openapi");
  TCase *tc = tcase_create("openapi");
  tcase_add_checked_fixture(tc, setup, NULL);
  tcase_add_test(tc, each_route_is_described_under_its_name);
  tcase_add_test(tc, nothing_is_described_that_is_not_served);
  tcase_add_test(tc, a_route_is_found_by_its_own_path_only_once);
  suite_add_tcase(suite, tc);
  return nep_run_suite(suite);
}
