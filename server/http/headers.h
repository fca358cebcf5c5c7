/* The header lines of a request: which matter, and which combinations are attacks. */
#ifndef NEP_HTTP_HEADERS_H
#define NEP_HTTP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

typedef enum nep_header {
  NEP_HEADER_HOST,
  NEP_HEADER_CONTENT_LENGTH,
  NEP_HEADER_TRANSFER_ENCODING,
  NEP_HEADER_CONTENT_TYPE,
  NEP_HEADER_CONTENT_ENCODING,
  NEP_HEADER_AUTHORIZATION,
  NEP_HEADER_ACT,
  NEP_HEADER_RANGE,
  NEP_HEADER_IF_RANGE,
  NEP_HEADER_IF_NONE_MATCH,
  NEP_HEADER_FORWARDED,
  NEP_HEADER_EXPECT,
  NEP_HEADER_COUNT
} nep_header;

typedef struct nep_headers {
  size_t lines; /* all of them */
  struct {
    unsigned times;
    nep_buf value; /* of several lines: joined with ", " */
  } known[NEP_HEADER_COUNT];
} nep_headers; /* zero-initialise; nep_headers_free */

void nep_headers_add(nep_headers *h, const char *name, const char *value);
void nep_headers_free(nep_headers *h);

/* NULL when absent. */
const char *nep_headers_value(const nep_headers *h, nep_header which);

/* RFC 9112 §6.3, §11.2: a message whose length two readers could see differently is refused, and so
   is a header line given twice that has one value only. *body_size is 0 without Content-Length;
   *chunked says that Transfer-Encoding stands alone. Code "headers". */
NEP_MUST_USE nep_status nep_headers_check(const nep_headers *h, uint64_t *body_size, bool *chunked,
                                          nep_error *err);

/* The media type without parameters other than charset=utf-8. */
bool nep_media_type_is(const char *content_type, const char *wanted);

#endif
