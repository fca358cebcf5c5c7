#include "protocol/election.h"

#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "crypto/hash.h"

size_t nep_question_choices(const nep_question *q)
{
  return q->n_answers + (q->blank ? 1 : 0);
}

bool nep_uuid_is_valid(const char *uuid, size_t len)
{
  return len >= 14 && len <= 64 && nep_is_base58(uuid, len);
}

void nep_election_free(nep_election *e)
{
  if (!e)
    return;
  for (size_t i = 0; i < e->n_questions; i++) {
    for (size_t j = 0; j < e->questions[i].n_answers; j++)
      free(e->questions[i].answers[j]);
    free(e->questions[i].answers);
    free(e->questions[i].title);
  }
  free(e->questions);
  nep_key_free(e->key);
  free(e->administrator);
  free(e->description);
  free(e->name);
  free(e->uuid);
  free(e->text);
  free(e);
}

static nep_status read_copy(const json_t *object, const char *key, char **out, nep_error *err)
{
  const char *text;
  size_t len;
  nep_status status = nep_json_string(object, key, &text, &len, err);
  if (!status)
    *out = nep_strndup(text, len);
  return status;
}

static nep_status read_answers(const json_t *list, nep_question *q, nep_error *err)
{
  size_t n = json_array_size(list);
  if (n == 0)
    return nep_fail(err, NEP_E_INPUT, "election", "answers", "the question has no answers");
  if (n > NEP_ANSWERS_MAX)
    return nep_fail(err, NEP_E_UNSUPPORTED, "unsupported", "answers",
                    "%zu answers are not supported (at most %d)", n, NEP_ANSWERS_MAX);
  q->answers = nep_alloc(n, sizeof *q->answers);
  for (; q->n_answers < n; q->n_answers++) {
    const json_t *answer = json_array_get(list, q->n_answers);
    if (!json_is_string(answer)) {
      nep_status status = nep_fail(err, NEP_E_INPUT, "shape", NULL, "a string is expected");
      return nep_inside(err, status, "answers[%zu]", q->n_answers);
    }
    q->answers[q->n_answers] = nep_strdup(json_string_value(answer));
  }
  return NEP_OK;
}

static nep_status read_bounds(const json_t *value, nep_question *q, nep_error *err)
{
  int64_t min, max, most = (int64_t)q->n_answers;
  nep_status status = nep_json_integer(value, "max", 0, most, &max, err);
  if (!status)
    status = nep_json_integer(value, "min", 0, max, &min, err);
  if (status) { /* right kind of value, wrong rule: 0 <= min <= max <= number of answers */
    if (err && json_is_integer(json_object_get(value, err->where)))
      memcpy(err->code, "election", sizeof "election");
    return status;
  }
  q->min = (unsigned)min;
  q->max = (unsigned)max;
  return NEP_OK;
}

static nep_status read_question_value(const json_t *value, nep_question *q, nep_error *err)
{
  const json_t *answers;
  nep_status status =
      nep_json_fields(value, NULL, err, "answers", "blank", "min", "max", "question", NULL);
  if (!status)
    status = nep_json_array(value, "answers", &answers, err);
  if (!status)
    status = read_answers(answers, q, err);
  if (!status)
    status = nep_json_bool(value, "blank", &q->blank, err);
  if (!status)
    status = read_bounds(value, q, err);
  if (!status)
    status = read_copy(value, "question", &q->title, err);
  return status;
}

static nep_status read_question(const json_t *value, nep_question *q, nep_error *err)
{
  const char *type;
  nep_status status = nep_json_fields(value, NULL, err, "type", "value", "extra?", NULL);
  if (!status)
    status = nep_json_string(value, "type", &type, NULL, err);
  if (status)
    return status;
  if (strcmp(type, "Lists") == 0 || strcmp(type, "NonHomomorphic") == 0)
    return nep_fail(err, NEP_E_UNSUPPORTED, "unsupported", "type",
                    "questions of type %s are not supported (only Homomorphic)", type);
  if (strcmp(type, "Homomorphic") != 0)
    return nep_fail(err, NEP_E_UNSUPPORTED, "unsupported", "type",
                    "\"%.40s\" is not a known type of question", type);
  status = read_question_value(json_object_get(value, "value"), q, err);
  return status ? nep_inside(err, status, "value") : NEP_OK;
}

static nep_status read_questions(const json_t *object, nep_election *e, nep_error *err)
{
  const json_t *list;
  nep_status status = nep_json_array(object, "questions", &list, err);
  if (status)
    return status;
  size_t n = json_array_size(list);
  if (n == 0)
    return nep_fail(err, NEP_E_INPUT, "election", "questions", "the election has no question");
  if (n > NEP_QUESTIONS_MAX)
    return nep_fail(err, NEP_E_UNSUPPORTED, "unsupported", "questions",
                    "%zu questions are not supported (at most %d)", n, NEP_QUESTIONS_MAX);
  e->questions = nep_alloc(n, sizeof *e->questions);
  for (e->n_questions = 0; !status && e->n_questions < n;) {
    size_t i = e->n_questions++;
    status = read_question(json_array_get(list, i), &e->questions[i], err);
    if (status)
      nep_inside(err, status, "questions[%zu]", i);
  }
  return status;
}

static bool is_variant(const json_t *value, size_t n, const char *name)
{
  const json_t *first = json_array_get(value, 0);
  return json_array_size(value) == n && json_is_string(first) &&
         strcmp(json_string_value(first), name) == 0;
}

/* protocol.md §8: ["Server"] or ["External",s]; ["en",["Ltr"|"Rtl"]]. */
static nep_status check_variants(const json_t *object, nep_error *err)
{
  const json_t *authority = json_object_get(object, "credential_authority");
  const json_t *language = json_object_get(object, "language");
  const json_t *direction = json_array_get(language, 1);
  if (!is_variant(authority, 1, "Server") &&
      !(is_variant(authority, 2, "External") && json_is_string(json_array_get(authority, 1))))
    return nep_fail(err, NEP_E_INPUT, "shape", "credential_authority",
                    "[\"Server\"] or [\"External\",name] is expected");
  if (language && !(json_array_size(language) == 2 && json_is_string(json_array_get(language, 0)) &&
                    (is_variant(direction, 1, "Ltr") || is_variant(direction, 1, "Rtl"))))
    return nep_fail(err, NEP_E_INPUT, "shape", "language",
                    "a code and a direction are expected, as [\"vi\",[\"Ltr\"]]");
  return NEP_OK;
}

static nep_status read_group_and_key(const json_t *object, nep_election *e, nep_error *err)
{
  const char *text;
  size_t len;
  nep_element y;
  nep_status status = nep_json_string(object, "group", &text, &len, err);
  if (status)
    return status;
  e->group = nep_group_find(text, len);
  if (!e->group)
    return nep_fail(err, NEP_E_INPUT, "group", "group", "\"%.40s\" is not a known group", text);
  status = nep_json_string(object, "public_key", &text, &len, err);
  if (status)
    return status;
  if (nep_element_parse_member(e->group, &y, text, len, false, err))
    return nep_fail(err, NEP_E_CHECK, "election-key", "public_key",
                    "not a canonical element of the group, or its identity");
  e->key = nep_key_new(e->group, &y);
  return NEP_OK;
}

static nep_status read_identity(const json_t *object, nep_election *e, nep_error *err)
{
  int64_t version;
  nep_status status = nep_json_fields(object, NULL, err, "version", "description", "name", "group",
                                      "public_key", "questions", "uuid", "administrator",
                                      "credential_authority", "language?", NULL);
  if (!status)
    status = nep_json_integer(object, "version", INT64_MIN, INT64_MAX, &version, err);
  if (!status && version != 2)
    status = nep_fail(err, NEP_E_UNSUPPORTED, "election", "version",
                      "version %lld is not supported (only 2)", (long long)version);
  if (!status)
    status = read_copy(object, "uuid", &e->uuid, err);
  if (!status && !nep_uuid_is_valid(e->uuid, strlen(e->uuid)))
    status = nep_fail(err, NEP_E_INPUT, "election", "uuid",
                      "14 to 64 characters of the Base58 alphabet are expected");
  return status;
}

static nep_status read_election(const json_t *object, nep_election *e, nep_error *err)
{
  nep_status status = read_identity(object, e, err);
  if (!status)
    status = read_copy(object, "description", &e->description, err);
  if (!status)
    status = read_copy(object, "name", &e->name, err);
  if (!status)
    status = read_copy(object, "administrator", &e->administrator, err);
  if (!status)
    status = check_variants(object, err);
  if (!status)
    status = read_questions(object, e, err);
  if (!status)
    status = read_group_and_key(object, e, err);
  return status;
}

static bool has_real(const json_t *value)
{
  json_t *v = (json_t *)(uintptr_t)value; /* iterators change nothing */
  for (void *at = json_object_iter(v); at; at = json_object_iter_next(v, at))
    if (has_real(json_object_iter_value(at)))
      return true;
  for (size_t i = 0; i < json_array_size(v); i++)
    if (has_real(json_array_get(v, i)))
      return true;
  return json_is_real(v);
}

/* "extra" of a question may be anything (protocol.md §8), and a number that is no integer has more
   than one text: that this one is not ours is no fault of who wrote it. */
static bool has_extra_real(const json_t *election)
{
  const json_t *questions = json_object_get(election, "questions");
  for (size_t i = 0; i < json_array_size(questions); i++)
    if (has_real(json_object_get(json_array_get(questions, i), "extra")))
      return true;
  return false;
}

static nep_status parse_text(nep_bytes text, json_t **object, nep_error *err)
{
  nep_status status = nep_json_parse(text, object, err);
  if (status)
    return status;
  status = nep_json_check_canonical(*object, text, err);
  if (status && has_extra_real(*object))
    status = nep_fail(err, NEP_E_UNSUPPORTED, "unsupported", "extra",
                      "numbers that are not integers are not supported");
  if (status) {
    json_decref(*object);
    *object = NULL;
  }
  return status;
}

nep_status nep_election_parse(nep_bytes text, nep_election **out, nep_error *err)
{
  *out = NULL;
  if (text.len > NEP_ELECTION_TEXT_MAX)
    return nep_fail(err, NEP_E_UNSUPPORTED, "election", NULL,
                    "the definition is longer than %d bytes", NEP_ELECTION_TEXT_MAX);
  json_t *object = NULL;
  nep_status status = parse_text(text, &object, err);
  if (status)
    return status;
  nep_election *e = nep_alloc(1, sizeof *e);
  e->text = nep_strndup(text.data, text.len);
  e->text_len = text.len;
  nep_sha256_hex(text.data, text.len, e->phi);
  status = read_election(object, e, err);
  if (status)
    nep_election_free(e);
  else
    *out = e;
  json_decref(object);
  return status;
}
