#include "client-cli/registration_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client-cli/folder.h"
#include "protocol/election.h"
#include "protocol/json.h"

enum { FILE_MAX = 65536 };

static char *path_of(const char *dir, const char *suffix)
{
  return nep_sprintf("%s/registration.json%s", dir, suffix);
}

void nep_registration_file_nonce(nep_registration_file *r)
{
  const char *uuids[NEP_REGISTRATION_ELECTIONS_MAX], *credentials[NEP_REGISTRATION_ELECTIONS_MAX];
  for (size_t i = 0; i < r->n; i++) {
    uuids[i] = r->uuids[i];
    credentials[i] = r->credentials[i];
  }
  nep_registration_nonce(r->event, r->salt, r->replaces[0] == '\0' ? NULL : r->replaces, uuids,
                         credentials, r->n, r->nonce);
}

static json_t *text_or_null(const char *text)
{
  return text == NULL || text[0] == '\0' ? json_null() : json_string(text);
}

nep_status nep_registration_file_save(const char *dir, const char *suffix,
                                      const nep_registration_file *r, nep_error *err)
{
  json_t *j = json_object(), *list = json_array();
  nep_buf text = {0};
  char *path = path_of(dir, suffix);
  for (size_t i = 0; i < r->n; i++)
    json_array_append_new(
        list, json_pack("{s:s,s:s}", "uuid", r->uuids[i], "credential", r->credentials[i]));
  json_object_set_new(j, "event", json_string(r->event));
  json_object_set_new(j, "salt", json_string(r->salt));
  json_object_set_new(j, "replaces", text_or_null(r->replaces));
  json_object_set_new(j, "credentials", list);
  json_object_set_new(j, "nonce", json_string(r->nonce));
  json_object_set_new(j, "receipt", text_or_null(r->receipt));
  nep_json_write(&text, j);
  nep_buf_char(&text, '\n');
  nep_status status = nep_file_write(path, text.data, text.len, NEP_FILE_SECRET, err);
  json_decref(j);
  nep_buf_free(&text);
  free(path);
  return status;
}

static bool copy(const json_t *value, size_t size, char *out)
{
  const char *text = json_string_value(value);
  if (text == NULL || strlen(text) >= size)
    return false;
  memcpy(out, text, strlen(text) + 1);
  return true;
}

static bool copy_or_null(const json_t *value, size_t size, char *out)
{
  out[0] = '\0';
  return json_is_null(value) || copy(value, size, out);
}

static bool read_credentials(const json_t *list, nep_registration_file *r)
{
  size_t n = json_array_size(list);
  if (n == 0 || n > NEP_REGISTRATION_ELECTIONS_MAX)
    return false;
  for (size_t i = 0; i < n; i++) {
    const json_t *entry = json_array_get(list, i);
    const char *credential = json_string_value(json_object_get(entry, "credential"));
    if (!copy(json_object_get(entry, "uuid"), sizeof r->uuids[i], r->uuids[i]) ||
        !nep_uuid_is_valid(r->uuids[i], strlen(r->uuids[i])) || credential == NULL)
      return false;
    r->credentials[i] = nep_strdup(credential);
    r->n = i + 1;
  }
  return true;
}

static bool read_file(const json_t *j, nep_registration_file *r)
{
  char nonce[NEP_NONCE_LENGTH + 1];
  const json_t *receipt = json_object_get(j, "receipt");
  if (!copy(json_object_get(j, "event"), sizeof r->event, r->event) ||
      !copy(json_object_get(j, "salt"), sizeof r->salt, r->salt) ||
      !copy_or_null(json_object_get(j, "replaces"), sizeof r->replaces, r->replaces) ||
      !read_credentials(json_object_get(j, "credentials"), r) ||
      !copy(json_object_get(j, "nonce"), sizeof nonce, nonce))
    return false;
  if (json_is_string(receipt))
    r->receipt = nep_strdup(json_string_value(receipt));
  nep_registration_file_nonce(r);
  return strcmp(nonce, r->nonce) == 0;
}

nep_status nep_registration_file_load(const char *dir, const char *suffix,
                                      nep_registration_file *out, nep_error *err)
{
  char *path = path_of(dir, suffix);
  nep_buf text = {0};
  json_t *j = NULL;
  memset(out, 0, sizeof *out);
  nep_status status = nep_file_read_secret(path, FILE_MAX, &text, err);
  if (status == NEP_OK)
    status = nep_json_parse(nep_buf_bytes(&text), &j, err);
  if (status == NEP_OK && !read_file(j, out)) {
    status = nep_fail(err, NEP_E_CHECK, "registration-file", path,
                      _("is damaged: its parts do not give its nonce"));
    nep_advise(err, _("restore the file from a copy, or register again with --replace"));
  }
  json_decref(j);
  nep_buf_free(&text);
  free(path);
  return status;
}

nep_status nep_registration_file_refused(const char *dir, const char *nonce, nep_error *err)
{
  char *name = nep_sprintf(NEP_FOLDER_REFUSED ".%.8s", nonce);
  char *new = path_of(dir, NEP_FOLDER_NEW), *refused = path_of(dir, name);
  nep_status status = rename(new, refused) == 0
                          ? NEP_OK
                          : nep_fail(err, NEP_E_IO, "file", new, _("cannot be renamed to %s: %s"),
                                     refused, strerror(errno));
  free(refused);
  free(new);
  free(name);
  return status;
}

void nep_registration_file_free(nep_registration_file *r)
{
  for (size_t i = 0; i < r->n; i++)
    free(r->credentials[i]);
  free(r->receipt);
  memset(r, 0, sizeof *r);
}
