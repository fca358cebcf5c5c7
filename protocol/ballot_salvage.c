/* What is left of a ballot that was refused. The public tally may have counted it, and a verifier
   that goes on with its ciphertexts reports the one fault there is and not a wrong tally as well.
 */
#include <string.h>

#include "base/memory.h"
#include "protocol/ballot_read.h"

/* Ed25519: y written as y + p, which 255 bits hold for y < 19. */
static void reduce_y(char text[65])
{
  static const char digits[] = "0123456789abcdef";
  bool sign = text[0] >= '8';
  if ((text[0] != '7' && text[0] != 'f') || strspn(text + 1, "f") < 61)
    return;
  const char *high = strchr(digits, text[62]), *low = strchr(digits, text[63]);
  if (!high || !low)
    return;
  long y = (high - digits) * 16 + (low - digits) - 0xED;
  if (y < 0)
    return;
  memset(text, '0', 62);
  text[0] = sign ? '8' : '0';
  text[62] = digits[y >> 4];
  text[63] = digits[y & 15];
}

static bool read_point(const nep_group *g, const char *received, nep_element *out)
{
  char text[65];
  memcpy(text, received, sizeof text);
  for (char *c = text; *c; c++)
    if (*c >= 'A' && *c <= 'F')
      *c = (char)(*c - 'A' + 'a');
  reduce_y(text);
  if (nep_element_parse(g, out, text, 64, NULL) == NEP_OK)
    return true;
  /* x = 0 with the sign of a negative x */
  const char *digit = strchr("89abcdef", text[0]);
  if (!digit || !text[0])
    return false;
  text[0] = "01234567"[digit - &"89abcdef"[0]];
  return nep_element_parse(g, out, text, 64, NULL) == NEP_OK && nep_element_is_one(g, out);
}

static bool read_leniently(const nep_group *g, const json_t *object, const char *key,
                           nep_element *out)
{
  const json_t *value = json_object_get(object, key);
  if (!json_is_string(value))
    return false;
  const char *text = json_string_value(value);
  size_t len = json_string_length(value);
  if (nep_element_parse(g, out, text, len, NULL) == NEP_OK)
    return true;
  if (strcmp(nep_group_name(g), "Ed25519") == 0)
    return len == 64 && read_point(g, text, out);
  size_t zeros = strspn(text, "0");
  return zeros < len && nep_element_parse(g, out, text + zeros, len - zeros, NULL) == NEP_OK;
}

static bool read_choices(const nep_group *g, const json_t *list, nep_answer *a)
{
  size_t n = json_array_size(list);
  if (!json_is_array(list) || n > NEP_ANSWERS_MAX + 1)
    return false;
  a->choices = nep_alloc(n ? n : 1, sizeof *a->choices);
  for (a->n_choices = 0; a->n_choices < n; a->n_choices++) {
    const json_t *choice = json_array_get(list, a->n_choices);
    nep_ciphertext *c = &a->choices[a->n_choices];
    if (!read_leniently(g, choice, "alpha", &c->alpha) ||
        !read_leniently(g, choice, "beta", &c->beta))
      return false;
  }
  return true;
}

bool nep_ballot_salvage(const nep_election *e, nep_ballot *b)
{
  const json_t *message = json_object_get(b->json, "message");
  const json_t *credential = json_object_get(message, "credential");
  const json_t *answers = json_object_get(message, "answers");
  nep_ballot_free_answers(b);
  if (!json_is_string(credential) || !json_is_array(answers))
    return false;
  if (!b->credential)
    b->credential = nep_strdup(json_string_value(credential));
  size_t n = json_array_size(answers);
  if (n > e->n_questions)
    n = e->n_questions;
  b->answers = nep_alloc(n ? n : 1, sizeof *b->answers);
  b->n_answers = n;
  for (size_t q = 0; q < n; q++)
    if (!read_choices(e->group, json_object_get(json_array_get(answers, q), "choices"),
                      &b->answers[q]))
      return false;
  return true;
}
