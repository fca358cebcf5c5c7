/* Memory: allocation that never returns NULL, and secrets that are wiped and never dumped. */
#ifndef NEP_BASE_MEMORY_H
#define NEP_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed memory for `count` items of `size` bytes; ends the program when there is none (a server
   that is out of memory must stop rather than go on half done). Free with free(). */
void *nep_alloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* Resizes like reallocarray(3) and never returns NULL. New bytes are not zeroed. */
void *nep_realloc(void *old, size_t count, size_t size) __attribute__((returns_nonnull));

/* Copies; never NULL. Free with free(). */
char *nep_strdup(const char *text) __attribute__((malloc, returns_nonnull));
/* The same; NULL for NULL. */
char *nep_strdup_optional(const char *text);
char *nep_strndup(const char *text, size_t len) __attribute__((malloc, returns_nonnull));
char *nep_sprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2), malloc));

/* Locked, guarded, zeroed memory for a secret, excluded from core dumps (libsodium sodium_malloc).
   Free with nep_secret_free, which wipes; NULL is allowed there. */
void *nep_secret_alloc(size_t size) __attribute__((returns_nonnull));
void nep_secret_free(void *secret);

/* Wipes in a way that the compiler may not remove. */
void nep_wipe(void *data, size_t size);

/* Wipes the string, then frees it. NULL is allowed. */
void nep_free_string(char *secret);

/* Constant time. Nonzero when the two are equal. */
int nep_equal_secret(const void *a, const void *b, size_t size);

#endif
