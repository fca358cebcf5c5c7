#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "protocol/credentials.h"

struct entry {
  nep_element element;
  const char *text;
  size_t place; /* as given */
};

static int in_order(const void *a, const void *b, void *group)
{
  const struct entry *x = a, *y = b;
  return nep_element_compare_var(group, &x->element, &y->element);
}

static nep_status decode(const nep_group *g, const char *const *texts, const uint64_t *weights,
                         size_t n, struct entry *list, nep_error *err)
{
  for (size_t i = 0; i < n; i++) {
    list[i] = (struct entry){.text = texts[i], .place = i};
    nep_status status =
        nep_element_parse_member(g, &list[i].element, texts[i], strlen(texts[i]), false, err);
    if (status) {
      if (err)
        err->where[0] = '\0';
      return nep_inside(err, status, "credentials[%zu]", i);
    }
    if (weights && weights[i] > NEP_WEIGHT_MAX) {
      status = nep_fail(err, NEP_E_INPUT, "credentials-weight", NULL,
                        "the weight is larger than %d", NEP_WEIGHT_MAX);
      return nep_inside(err, status, "credentials[%zu]", i);
    }
  }
  return NEP_OK;
}

nep_status nep_credentials_make(const nep_group *g, const char *const *texts,
                                const uint64_t *weights, size_t n, nep_buf *out, nep_error *err)
{
  struct entry *list = nep_alloc(n ? n : 1, sizeof *list);
  nep_status status = decode(g, texts, weights, n, list, err);
  if (!status)
    qsort_r(list, n, sizeof *list, in_order, (void *)(uintptr_t)g);
  for (size_t i = 1; !status && i < n; i++)
    if (nep_element_equal(g, &list[i - 1].element, &list[i].element)) {
      status = nep_fail(err, NEP_E_INPUT, "credentials-duplicate", NULL,
                        "the same as credentials[%zu]", list[i - 1].place);
      nep_inside(err, status, "credentials[%zu]", list[i].place);
    }
  if (!status) {
    nep_buf_char(out, '[');
    for (size_t i = 0; i < n; i++) {
      nep_buf_printf(out, "%s{\"credential\":\"%s\"", i ? "," : "", list[i].text);
      if (weights)
        nep_buf_printf(out, ",\"weight\":%" PRIu64, weights[list[i].place]);
      nep_buf_char(out, '}');
    }
    nep_buf_char(out, ']');
  }
  free(list);
  return status;
}
