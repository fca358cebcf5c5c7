#include "client-cli/server_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/lang.h"
#include "client-cli/folder.h"
#include "protocol/json.h"

enum { ANSWER_MAX = 4096 };

static bool is_key(const char *text, size_t len)
{
  unsigned char key[32];
  return nep_unhex(text, len, key, sizeof key);
}

static nep_status ask_server(nep_http *h, char key[NEP_PUBLIC_KEY_HEX + 1], nep_error *err)
{
  nep_buf answer = {0};
  json_t *document = NULL;
  nep_status status = nep_http_get(h, "/v1/key", ANSWER_MAX, &answer, err);
  if (status == NEP_OK)
    status = nep_json_parse(nep_buf_bytes(&answer), &document, err);
  if (status == NEP_OK) {
    const char *text = json_string_value(json_object_get(document, "key"));
    if (text == NULL || !is_key(text, strlen(text)))
      status = nep_fail(err, NEP_E_CHECK, "server-answer", "/v1/key",
                        _("is not a key of 64 hex digits"));
    else
      memcpy(key, text, NEP_PUBLIC_KEY_HEX + 1);
  }
  json_decref(document);
  nep_buf_free(&answer);
  return status;
}

static nep_status pin(const char *path, const char *key, nep_error *err)
{
  char line[NEP_PUBLIC_KEY_HEX + 2];
  snprintf(line, sizeof line, "%s\n", key);
  return nep_file_write(path, line, NEP_PUBLIC_KEY_HEX + 1, NEP_FILE_SECRET, err);
}

static nep_status read_pin(const char *path, char key[NEP_PUBLIC_KEY_HEX + 1], nep_error *err)
{
  nep_buf text = {0};
  nep_status status = nep_file_read(path, 128, &text, err);
  if (status == NEP_OK && text.len > 0 && text.data[text.len - 1] == '\n')
    text.data[--text.len] = '\0';
  if (status == NEP_OK && !is_key(text.data, text.len))
    status =
        nep_fail(err, NEP_E_INPUT, "server-key-file", path, _("is not a key of 64 hex digits"));
  if (status == NEP_OK)
    memcpy(key, text.data, NEP_PUBLIC_KEY_HEX + 1);
  nep_buf_free(&text);
  return status;
}

static nep_status compare_with_pin(const char *path, const char *now, nep_error *err)
{
  char pinned[NEP_PUBLIC_KEY_HEX + 1];
  nep_status status = read_pin(path, pinned, err);
  if (status != NEP_OK || strcmp(pinned, now) == 0)
    return status;
  nep_fail(err, NEP_E_CHECK, "server-key-changed", path,
           _("the server now names the key %s, until now it was %s"), now, pinned);
  return nep_advise(err, "%s",
                    _("ask the election commission which key is right; only when it is the new "
                      "one, run the command again with --server-key"));
}

nep_status nep_server_key_pinned(const char *dir, const char *expected,
                                 char key[NEP_PUBLIC_KEY_HEX + 1], nep_error *err)
{
  if (expected != NULL) {
    memcpy(key, expected, NEP_PUBLIC_KEY_HEX + 1);
    return NEP_OK;
  }
  char *path = nep_folder_path(dir, "server-key");
  nep_status status = read_pin(path, key, err);
  free(path);
  return status;
}

nep_status nep_server_key(nep_http *h, const char *dir, const char *expected,
                          char key[NEP_PUBLIC_KEY_HEX + 1], nep_error *err)
{
  nep_status status = ask_server(h, key, err);
  if (status != NEP_OK)
    return status;
  char *path = nep_folder_path(dir, "server-key");
  if (expected != NULL && strcmp(expected, key) != 0)
    status = nep_fail(err, NEP_E_CHECK, "server-key-changed", "--server-key",
                      _("the server's key is %s, expected was %s"), key, expected);
  else if (expected != NULL)
    status = pin(path, key, err);
  else if (nep_folder_has(dir, "server-key"))
    status = compare_with_pin(path, key, err);
  else {
    fprintf(stderr, _("Key of this server, remembered from now on: %s\n"), key);
    status = pin(path, key, err);
  }
  free(path);
  return status;
}
