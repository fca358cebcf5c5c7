/* Conditional and partial requests (RFC 9110 §13, §14): one range, strong entity tags. */
#ifndef NEP_HTTP_CONDITIONAL_H
#define NEP_HTTP_CONDITIONAL_H

#include <stdbool.h>
#include <stdint.h>

/* Does the header If-None-Match (NULL: absent) name this entity tag (without quotes) or "*"? */
bool nep_etag_matches(const char *header, const char *etag);

typedef enum nep_range {
  NEP_RANGE_WHOLE,  /* no range, several, another unit, or malformed: the whole is sent */
  NEP_RANGE_PART,   /* *from and *size are set */
  NEP_RANGE_OUTSIDE /* 416 */
} nep_range;

/* Reads the header Range (NULL: absent) against `total` bytes. if_range (NULL: absent) must be the
   entity tag in quotes, else the whole is sent. */
nep_range nep_range_read(const char *range, const char *if_range, const char *etag, uint64_t total,
                         uint64_t *from, uint64_t *size);

#endif
