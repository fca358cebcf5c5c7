#include "client-cli/problem.h"

#include <stdio.h>
#include <string.h>

#include "base/lang.h"
#include "client-cli/say.h"
#include "protocol/json.h"

static nep_status status_of(long http_status)
{
  switch (http_status) {
  case 401:
  case 403:
    return NEP_E_DENIED;
  case 404:
    return NEP_E_NOT_FOUND;
  case 409:
    return NEP_E_STATE;
  case 422:
    return NEP_E_CHECK;
  case 408:
  case 429:
  case 503:
    return NEP_E_BUSY;
  default:
    return http_status >= 500 ? NEP_E_INTERNAL : NEP_E_INPUT;
  }
}

static const char *text(const json_t *document, const char *key, const char *otherwise)
{
  const char *value = json_string_value(json_object_get(document, key));
  return value != NULL && value[0] != '\0' ? value : otherwise;
}

/* Codes are lower-case words with hyphens; anything else could pass for a sentence of ours. */
static const char *code_of(const json_t *document)
{
  const char *code = text(document, "code", "http");
  return strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(code) ? code : "http";
}

nep_status nep_problem(long http_status, nep_bytes body, nep_error *err)
{
  nep_status status = status_of(http_status);
  json_t *document = NULL;
  char fallback[64];
  snprintf(fallback, sizeof fallback, "the server answered with HTTP status %ld", http_status);
  if (nep_json_parse(body, &document, NULL) != NEP_OK)
    document = NULL;
  nep_fail(err, status, code_of(document), text(document, "field", NULL), "%s",
           text(document, "detail", text(document, "title", fallback)));
  if (text(document, "advice", NULL) != NULL)
    nep_advise(err, "%s", text(document, "advice", ""));
  json_decref(document);
  return status;
}

/* In the official's language where the reason is one of those known to us. */
static void show_reason(const char *reason)
{
  long long line;
  if (sscanf(reason, "it stands on line %lld already", &line) == 1)
    fprintf(stderr, _("it stands on line %lld already"), line);
  else
    nep_show(stderr, nep_reason_translated(reason));
}

static void print_row(const json_t *row)
{
  fprintf(stderr, _("  line %lld, "), (long long)json_integer_value(json_object_get(row, "line")));
  nep_show(stderr, text(row, "field", "?"));
  fputs(": ", stderr);
  show_reason(text(row, "reason", "?"));
  fputc('\n', stderr);
}

void nep_problem_print_rows(nep_bytes body)
{
  json_t *document = NULL;
  size_t i;
  const json_t *row;
  if (nep_json_parse(body, &document, NULL) != NEP_OK)
    return;
  json_array_foreach(json_object_get(document, "rows"), i, row) print_row(row);
  json_int_t total = json_integer_value(json_object_get(document, "total"));
  json_int_t shown = (json_int_t)json_array_size(json_object_get(document, "rows"));
  if (total > shown)
    fprintf(stderr, _("  and %lld more bad rows\n"), (long long)(total - shown));
  json_decref(document);
}
