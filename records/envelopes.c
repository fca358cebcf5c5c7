#include "records/envelopes.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/json.h"

static nep_status add(nep_envelopes *list, const json_t *envelope, nep_error *err)
{
  nep_buf text = {0};
  size_t len = 0;
  if (!json_is_object(envelope))
    return nep_fail(err, NEP_E_INPUT, "shape", NULL, "an object is expected");
  if (list->n == NEP_ENVELOPES_MAX)
    return nep_fail(err, NEP_E_INPUT, "too-many", NULL, "more than %d", NEP_ENVELOPES_MAX);
  nep_json_write(&text, envelope);
  if (text.len > NEP_ENVELOPE_TEXT_MAX) {
    nep_buf_free(&text);
    return nep_fail(err, NEP_E_INPUT, "too-long", NULL, "longer than %d bytes",
                    NEP_ENVELOPE_TEXT_MAX);
  }
  char *owned = nep_buf_take(&text, &len);
  list->owned[list->n] = owned;
  list->texts[list->n++] = (nep_bytes){owned, len};
  return NEP_OK;
}

nep_status nep_envelopes_add_all(nep_envelopes *list, const json_t *array, nep_error *err)
{
  nep_status st = NEP_OK;
  if (!json_is_array(array))
    return nep_fail(err, NEP_E_INPUT, "shape", NULL, "an array of envelopes is expected");
  for (size_t i = 0; st == NEP_OK && i < json_array_size(array); i++) {
    st = add(list, json_array_get(array, i), err);
    if (st != NEP_OK)
      return nep_inside(err, st, "[%zu]", i);
  }
  return st;
}

nep_status nep_envelopes_add_text(nep_envelopes *list, nep_bytes text, nep_error *err)
{
  json_t *value = NULL;
  nep_status st = nep_json_parse_canonical(text, &value, err);
  if (st == NEP_OK)
    st = json_is_array(value) ? nep_envelopes_add_all(list, value, err) : add(list, value, err);
  json_decref(value);
  return st;
}

void nep_envelopes_write(const nep_envelopes *list, nep_buf *out)
{
  nep_buf_char(out, '[');
  for (size_t i = 0; i < list->n; i++) {
    if (i > 0)
      nep_buf_char(out, ',');
    nep_buf_add(out, list->texts[i].data, list->texts[i].len);
  }
  nep_buf_char(out, ']');
}

void nep_envelopes_free(nep_envelopes *list)
{
  for (size_t i = 0; list != NULL && i < list->n; i++)
    free(list->owned[i]);
  if (list != NULL)
    memset(list, 0, sizeof *list);
}
