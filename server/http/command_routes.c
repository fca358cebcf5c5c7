#include <stdio.h>
#include <string.h>

#include "server/http/commands.h"
#include "server/http/routes.h"

static void print_json(const nep_route *routes, size_t n)
{
  for (size_t i = 0; i < n; i++)
    printf("%s{\"method\":\"%s\",\"path\":\"%s\",\"operation\":\"%s\"}%s\n", i ? " " : "[",
           routes[i].method, routes[i].path, routes[i].name, i + 1 < n ? "," : "]");
}

/* What is served, for people and for the test that holds doc/openapi.yaml against it. */
nep_status nep_command_routes(const nep_config *c, int argc, char **argv, nep_error *err)
{
  (void)c;
  size_t n = 0;
  const nep_route *routes = nep_routes(&n);
  if (argc == 1 && strcmp(argv[0], "--json") == 0) {
    print_json(routes, n);
    return NEP_OK;
  }
  nep_status status = nep_no_arguments(argc, argv, err);
  for (size_t i = 0; status == NEP_OK && i < n; i++)
    printf("%-4s %s\n", routes[i].method, routes[i].path);
  return status;
}
