#include <string.h>

#include "protocol/election.h"
#include "protocol/values.h"

/* Every name of the object is one of `names` (NULL-terminated); a '?' marks those that may be
   absent. A template's order is free, so nep_json_fields does not fit. */
static nep_status check_names(const json_t *object, const char *const *names, nep_error *err)
{
  if (!json_is_object(object))
    return nep_fail(err, NEP_E_INPUT, "shape", NULL, "an object is expected");
  size_t known = 0;
  for (size_t i = 0; names[i]; i++) {
    size_t len = strcspn(names[i], "?");
    if (json_object_getn(object, names[i], len))
      known++;
    else if (names[i][len] != '?')
      return nep_fail(err, NEP_E_INPUT, "shape", names[i], "the field is missing");
  }
  if (known == json_object_size(object))
    return NEP_OK;
  json_t *o = (json_t *)object; /* jansson's iterators take no const */
  for (void *it = json_object_iter(o); it; it = json_object_iter_next(o, it)) {
    const char *key = json_object_iter_key(it);
    size_t i = 0;
    while (names[i] && !(strncmp(names[i], key, strcspn(names[i], "?")) == 0 &&
                         strlen(key) == strcspn(names[i], "?")))
      i++;
    if (!names[i])
      return nep_fail(err, NEP_E_INPUT, "shape", key, "the field is not known here");
  }
  return NEP_OK;
}

/* `"key":<value>` from the template, after a comma. */
static void copy_field(nep_buf *out, const json_t *object, const char *key)
{
  nep_buf_printf(out, ",\"%s\":", key);
  nep_json_write(out, json_object_get(object, key));
}

static nep_status write_question(nep_buf *out, const json_t *question, nep_error *err)
{
  static const char *const outer[] = {"type", "value", "extra?", NULL};
  static const char *const inner[] = {"answers", "blank", "min", "max", "question", NULL};
  nep_status status = check_names(question, outer, err);
  if (status)
    return status;
  const json_t *type = json_object_get(question, "type");
  if (!json_is_string(type) || strcmp(json_string_value(type), "Homomorphic") != 0)
    return nep_fail(err, NEP_E_UNSUPPORTED, "unsupported", "type",
                    "only questions of type Homomorphic are supported");
  const json_t *value = json_object_get(question, "value");
  status = check_names(value, inner, err);
  if (status)
    return nep_inside(err, status, "value");
  const json_t *max = json_object_get(value, "max");
  if (json_is_integer(max) && json_integer_value(max) < 1)
    return nep_fail(err, NEP_E_INPUT, "election", "value.max", "at least 1 is needed");
  nep_buf_str(out, "{\"type\":\"Homomorphic\",\"value\":{\"answers\":");
  nep_json_write(out, json_object_get(value, "answers"));
  for (size_t i = 1; inner[i]; i++)
    copy_field(out, value, inner[i]);
  nep_buf_char(out, '}');
  if (json_object_get(question, "extra"))
    copy_field(out, question, "extra");
  nep_buf_char(out, '}');
  return NEP_OK;
}

static nep_status write_questions(nep_buf *out, const json_t *template, nep_error *err)
{
  const json_t *list;
  nep_status status = nep_json_array(template, "questions", &list, err);
  nep_buf_str(out, ",\"questions\":[");
  for (size_t i = 0; !status && i < json_array_size(list); i++) {
    if (i > 0)
      nep_buf_char(out, ',');
    status = write_question(out, json_array_get(list, i), err);
    if (status)
      nep_inside(err, status, "questions[%zu]", i);
  }
  nep_buf_char(out, ']');
  return status;
}

static nep_status write_election(nep_buf *out, const json_t *template, const nep_group *g,
                                 const nep_element *public_key, const char *uuid, nep_error *err)
{
  static const char *const names[] = {
      "description",          "name",      "questions", "administrator",
      "credential_authority", "language?", NULL};
  nep_status status = check_names(template, names, err);
  if (status)
    return status;
  nep_buf_str(out, "{\"version\":2");
  copy_field(out, template, "description");
  copy_field(out, template, "name");
  nep_buf_printf(out, ",\"group\":\"%s\",\"public_key\":", nep_group_name(g));
  nep_element_write(g, out, public_key);
  status = write_questions(out, template, err);
  if (status)
    return status;
  nep_buf_str(out, ",\"uuid\":");
  nep_json_write_string(out, uuid, strlen(uuid));
  copy_field(out, template, "administrator");
  copy_field(out, template, "credential_authority");
  if (json_object_get(template, "language"))
    copy_field(out, template, "language");
  nep_buf_char(out, '}');
  return NEP_OK;
}

nep_status nep_election_make(nep_bytes template_json, const nep_group *g,
                             const nep_element *public_key, const char *uuid, nep_buf *out,
                             nep_error *err)
{
  if (template_json.len > NEP_ELECTION_TEXT_MAX)
    return nep_fail(err, NEP_E_INPUT, "election", NULL, "the template is longer than %d bytes",
                    NEP_ELECTION_TEXT_MAX);
  json_t *template = NULL;
  nep_buf text = {0};
  nep_election *made = NULL;
  nep_status status = nep_json_parse(template_json, &template, err);
  if (!status)
    status = write_election(&text, template, g, public_key, uuid, err);
  if (!status) /* what we write is held to what we accept */
    status = nep_election_parse(nep_buf_bytes(&text), &made, err);
  if (!status)
    nep_buf_add(out, text.data, text.len);
  nep_election_free(made);
  nep_buf_free(&text);
  json_decref(template);
  return status;
}
