/* Inside crypto/ only: what an implementation of a group provides. group.c, scalar.c and
   fixed_base.c do what is the same for all groups; the functions of group.h call through here. */
#ifndef NEP_CRYPTO_GROUP_OPS_H
#define NEP_CRYPTO_GROUP_OPS_H

#include "crypto/group.h"

struct nep_group {
  const char *name;
  const void *own;   /* parameters of the implementation, e.g. p and g; may be NULL */
  const uint64_t *q; /* order, q_limbs little-endian limbs */
  size_t q_limbs;
  size_t scalar_digits; /* decimal digits of q-1 */
  size_t element_chars; /* longest element text without its NUL */
  bool one_length;      /* every element text has that many characters */

  /* Scalars: reduced in, reduced out; results may be the same objects as operands. Limbs from
     q_limbs on are 0 and stay 0. Sums, texts, random scalars are generic (scalar.c). */
  void (*scalar_reduce)(const nep_group *g, nep_scalar *s, const uint8_t *be, size_t len);
  void (*scalar_mul)(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b);
  void (*scalar_invert_var)(const nep_group *g, nep_scalar *r, const nep_scalar *a);

  /* Elements: as the functions of the same name in group.h; results may be operands. */
  void (*one)(const nep_group *g, nep_element *e);
  void (*generator)(const nep_group *g, nep_element *e);
  void (*mul)(const nep_group *g, nep_element *r, const nep_element *a, const nep_element *b);
  void (*inv)(const nep_group *g, nep_element *r, const nep_element *a);
  bool (*equal)(const nep_group *g, const nep_element *a, const nep_element *b);
  int (*compare_var)(const nep_group *g, const nep_element *a, const nep_element *b);
  void (*exp)(const nep_group *g, nep_element *r, const nep_element *base, const nep_scalar *s);
  void (*exp_g)(const nep_group *g, nep_element *r, const nep_scalar *s);
  void (*exp_var)(const nep_group *g, nep_element *r, const nep_element *base, const nep_scalar *s);
  bool (*is_member_var)(const nep_group *g, const nep_element *a);

  /* NULL, or why the text is refused (a static English phrase, e.g. "not a point of the curve"). */
  const char *(*parse)(const nep_group *g, nep_element *e, const char *text, size_t len);
  /* Text of e[i] at out + i * NEP_ELEMENT_TEXT_MAX, NUL-terminated. */
  void (*text_many)(const nep_group *g, const nep_element *e, size_t n,
                    char (*out)[NEP_ELEMENT_TEXT_MAX]);

  /* Table of a fixed base, made once and only read afterwards by many threads. */
  void *(*table_new)(const nep_group *g, const nep_element *e);
  void (*table_free)(void *table);
  size_t (*table_bytes)(const nep_group *g); /* memory that one takes */
  void (*table_exp)(const nep_base *b, nep_element *r, const nep_scalar *s);
  void (*table_exp_var)(const nep_base *b, nep_element *r, const nep_scalar *s);
  /* nep_commit_var; n > 0, shift may be NULL. */
  void (*commit_var)(const nep_base *fixed, const nep_element *e, size_t n, const nep_scalar *r,
                     const nep_scalar *c, const nep_scalar *shift, nep_element *out);
  /* As the functions of the same name in group.h. */
  void (*commit_many_var)(const nep_group *g, nep_commit_job *jobs, size_t n_jobs);
  void (*parse_many_var)(const nep_group *g, nep_element *e, const nep_bytes *text, size_t n,
                         const char **refusal);
  void (*text_many_var)(const nep_group *g, const nep_element *e, size_t n, char *out,
                        size_t stride);

  /* For dlog.c: well mixed 64-bit keys of elements (of all of an element, not its low limb: small
     powers of 2 share low limbs). Equal elements have equal keys, whatever their coordinates, and
     so have an element and its inverse where dlog_symmetric says so; others seldom do. */
  bool dlog_symmetric;
  /* Keys of base^k for k < n; base has at least n different powers. */
  void (*dlog_multiples_var)(const nep_group *g, const nep_element *base, size_t n, uint64_t *key);
  /* What dlog_around_var needs of the powers of the generator up to g^n; freed with free. */
  void *(*dlog_steps_new_var)(const nep_group *g, size_t n);
  /* down[k] is the key of e g^-i and, where dlog_symmetric, up[k] of e g^i, for i = from + k, k <
     count, from + count - 1 <= n; where one of the two elements is 1, both may be the key of 1.
     *run is e when from is 0, then what the call for the i before left there. */
  void (*dlog_around_var)(const nep_group *g, const void *steps, nep_element *run, size_t from,
                          size_t count, uint64_t *down, uint64_t *up);
};

struct nep_base {
  const nep_group *group;
  nep_element element;
  void *table; /* what table_new made */
};

extern const nep_group nep_group_ed25519;       /* crypto/ed25519/ */
extern const nep_group nep_group_belenios_2048; /* crypto/modp/ */
extern const nep_group nep_group_rfc3526_2048;  /* crypto/modp/ */

#endif
