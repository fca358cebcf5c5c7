/* Groups of prime order q (protocol.md §1), one interface, three implementations chosen by name.

   Elements and scalars are plain values: no ownership, copied by assignment. An element that came
   from outside has passed nep_element_parse (canonical, on the curve or in 0..p-1) and is used only
   after nep_group_is_member_var has said that it is in the subgroup of order q.

   Functions ending in `_var` take variable time and must never see a secret. The others are
   constant time in the scalars and elements they are given. */
#ifndef NEP_CRYPTO_GROUP_H
#define NEP_CRYPTO_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

enum {
  NEP_LIMBS = 32,             /* 2048 bits */
  NEP_ELEMENT_TEXT_MAX = 624, /* characters and NUL of the longest element text (617 digits) */
  NEP_SCALAR_TEXT_MAX = 624
};

/* Reduced, 0 <= value < q; little-endian 64-bit limbs, those beyond q's length are 0. */
typedef struct nep_scalar {
  uint64_t limb[NEP_LIMBS];
} nep_scalar;

/* Only the group's own code looks inside. */
typedef struct nep_element {
  union {
    uint64_t limb[NEP_LIMBS]; /* finite field: residue 0..p-1 */
    uint64_t coord[4][5];     /* Ed25519: extended coordinates X, Y, Z, T in radix 2^51 */
  };
} nep_element;

/* Challenge and response of a proof. */
typedef struct nep_proof {
  nep_scalar challenge;
  nep_scalar response;
} nep_proof;

typedef struct nep_group nep_group; /* static, never freed */

/* "Ed25519", "BELENIOS-2048" or "RFC-3526-2048"; NULL for any other name (A6). */
const nep_group *nep_group_find(const char *name, size_t len);
const char *nep_group_name(const nep_group *g);

/* All three groups, for tests and the self-test: i = 0, 1, 2; NULL beyond. */
const nep_group *nep_group_at(size_t i);

/* Known-answer test of parameters, arithmetic and hashing of all groups; every program that does
   cryptography calls it at start. NEP_E_INTERNAL names what failed. */
NEP_MUST_USE nep_status nep_group_self_test(nep_error *err);

/* ---- scalars: integers modulo q ---- */

void nep_scalar_zero(nep_scalar *s);
void nep_scalar_set(const nep_group *g, nep_scalar *s, uint64_t value); /* value mod q */
void nep_scalar_random(const nep_group *g, nep_scalar *s);              /* uniform in 0..q-1 */
/* Big-endian integer of `len` <= 512 bytes, reduced modulo q (hash outputs). Constant time. */
void nep_scalar_reduce(const nep_group *g, nep_scalar *s, const uint8_t *be, size_t len);
void nep_scalar_add(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b);
void nep_scalar_sub(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b);
void nep_scalar_mul(const nep_group *g, nep_scalar *r, const nep_scalar *a, const nep_scalar *b);
/* Inverse modulo q of a public nonzero scalar. */
void nep_scalar_invert_var(const nep_group *g, nep_scalar *r, const nep_scalar *a);
bool nep_scalar_equal(const nep_scalar *a, const nep_scalar *b);
bool nep_scalar_is_zero(const nep_scalar *s);
/* r = pick_b ? b : a, without a branch. */
void nep_scalar_select(nep_scalar *r, const nep_scalar *a, const nep_scalar *b, unsigned pick_b);
void nep_scalar_wipe(nep_scalar *s);

/* protocol.md §2: decimal, no sign, no leading zeros, below q. */
NEP_MUST_USE nep_status nep_scalar_parse(const nep_group *g, nep_scalar *s, const char *text,
                                         size_t len, nep_error *err);
/* Writes the decimal text and a NUL; returns the length. No branch on the value but its length. */
size_t nep_scalar_text(const nep_group *g, const nep_scalar *s, char out[NEP_SCALAR_TEXT_MAX]);
/* Number of decimal digits of q-1: the longest scalar text. */
size_t nep_scalar_text_longest(const nep_group *g);

/* ---- elements ---- */

void nep_element_one(const nep_group *g, nep_element *e);
void nep_element_generator(const nep_group *g, nep_element *e);
void nep_element_mul(const nep_group *g, nep_element *r, const nep_element *a,
                     const nep_element *b);
void nep_element_inv(const nep_group *g, nep_element *r, const nep_element *a);
void nep_element_div(const nep_group *g, nep_element *r, const nep_element *a,
                     const nep_element *b);
bool nep_element_equal(const nep_group *g, const nep_element *a, const nep_element *b);
bool nep_element_is_one(const nep_group *g, const nep_element *a);
/* r = pick_b ? b : a, without a branch. */
void nep_element_select(nep_element *r, const nep_element *a, const nep_element *b,
                        unsigned pick_b);
/* The order of the tool's credential lists (protocol.md §8): <0, 0, >0. Public data. */
int nep_element_compare_var(const nep_group *g, const nep_element *a, const nep_element *b);

/* base^s for a secret s; base is public or secret, in the group (the identity is allowed). A point
   of the curve outside the group ends the program: it should have been refused by then. */
void nep_element_exp(const nep_group *g, nep_element *r, const nep_element *base,
                     const nep_scalar *s);
/* g^s for a secret s. */
void nep_element_exp_g(const nep_group *g, nep_element *r, const nep_scalar *s);
/* Public data. */
void nep_element_exp_var(const nep_group *g, nep_element *r, const nep_element *base,
                         const nep_scalar *s);
void nep_element_exp_g_var(const nep_group *g, nep_element *r, const nep_scalar *s);
/* g^number, number taken modulo q. */
void nep_element_of_number_var(const nep_group *g, nep_element *r, uint64_t number);

/* [q]a = identity: protocol.md §1. True for the identity itself. */
bool nep_element_is_member_var(const nep_group *g, const nep_element *a);

/* protocol.md §2: canonical text to a valid encoding (Ed25519: on the curve, y < p, no -0; finite
   field: 0 <= x < p). Membership is not tested here. */
NEP_MUST_USE nep_status nep_element_parse(const nep_group *g, nep_element *e, const char *text,
                                          size_t len, nep_error *err);
/* The error of nep_element_parse for a refusal of nep_element_parse_many_var. */
nep_status nep_element_refused(const nep_group *g, const char *refusal, nep_error *err);
/* parse, then membership, then (unless identity_ok) not the identity: for keys and credentials. */
NEP_MUST_USE nep_status nep_element_parse_member(const nep_group *g, nep_element *e,
                                                 const char *text, size_t len, bool identity_ok,
                                                 nep_error *err);
size_t nep_element_text(const nep_group *g, const nep_element *e, char out[NEP_ELEMENT_TEXT_MAX]);
/* Texts of n elements one after the other in out[i], with one shared inversion on the curve. */
void nep_element_text_many(const nep_group *g, const nep_element *e, size_t n,
                           char (*out)[NEP_ELEMENT_TEXT_MAX]);
/* The same of public elements by the engine of crypto/engine.h. Text i and its NUL go to out + i *
   stride; stride is more than nep_element_text_longest. */
void nep_element_text_many_var(const nep_group *g, const nep_element *e, size_t n, char *out,
                               size_t stride);
/* nep_element_parse of n public texts by that engine: refusal[i] is NULL, or why text i is refused
   (then e[i] is the identity). */
void nep_element_parse_many_var(const nep_group *g, nep_element *e, const nep_bytes *text, size_t n,
                                const char **refusal);
/* Number of characters of the longest element text. */
size_t nep_element_text_longest(const nep_group *g);

/* ---- fixed bases ---- */

/* A public element with a table for fast exponentiation. */
typedef struct nep_base nep_base;
nep_base *nep_base_new(const nep_group *g, const nep_element *e); /* never NULL */
void nep_base_free(nep_base *b);                                  /* NULL allowed */
const nep_element *nep_base_element(const nep_base *b);
/* Its power with a secret exponent, and with a public one. */
void nep_base_exp(const nep_base *b, nep_element *r, const nep_scalar *s);
void nep_base_exp_var(const nep_base *b, nep_element *r, const nep_scalar *s);
/* The generator's table: made once, shared by all threads, never freed. */
const nep_base *nep_base_generator(const nep_group *g);

/* Commitments of the branches of one proof share the base e: for each k < n
   out[k] = fixed^r[k] * e^c[k], or with shift (may be NULL) fixed^r[k] * (e / g^shift[k])^c[k].
   For callers with a single base: plain C, which the engines are compared with. */
void nep_commit_var(const nep_base *fixed, const nep_element *e, size_t n, const nep_scalar *r,
                    const nep_scalar *c, const nep_scalar *shift, nep_element *out);

/* One commitment on a base e: *out = fixed^response * (e / g^shift)^challenge. */
typedef struct nep_commit_branch {
  const nep_proof *proof;
  uint64_t shift;
  nep_element *out;
} nep_commit_branch;

/* Everything that is wanted of one base: n >= 0 commitments, and whether it is in the group. */
typedef struct nep_commit_job {
  const nep_base *fixed;
  const nep_element *e;
  const nep_commit_branch *branches;
  size_t n;
  bool test_member;
  bool is_member; /* result, when test_member */
} nep_commit_job;

/* The seam where batched verification enters: the more jobs at once, the better the engine of
   crypto/engine.h is used. Each job's results are exactly what it would get alone, whatever the
   other jobs are. */
void nep_commit_many_var(const nep_group *g, nep_commit_job *jobs, size_t n_jobs);

#endif
