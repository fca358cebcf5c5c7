/* The exact bytes of an election's public documents. */
#include "server/service/additions.h"

typedef struct document {
  const char *uuid, *kind; /* kind: NULL for the trust file */
  nep_buf *bytes;
  char *hash;
} document;

static nep_status read_document(nep_db *db, void *ctx, nep_error *err)
{
  document *d = ctx;
  nep_head_row head;
  nep_buf_clear(d->bytes);
  nep_status st = nep_db_head_get(db, d->uuid, &head, err); /* an unknown election says so */
  if (st != NEP_OK)
    return st;
  if (d->kind == NULL)
    return nep_trust_text(db, d->uuid, d->bytes, d->hash, err);
  return nep_db_data_get(db, d->uuid, d->kind, d->bytes, d->hash, err);
}

nep_status nep_document_get(nep_service *s, const char *uuid, nep_document which, nep_buf *bytes,
                            char hash[65], nep_error *err)
{
  static const char *const kinds[] = {
      [NEP_DOCUMENT_DEFINITION] = NEP_DATA_ELECTION,
      [NEP_DOCUMENT_TRUSTEES] = NEP_DATA_TRUSTEES,
      [NEP_DOCUMENT_CREDENTIALS] = NEP_DATA_CREDENTIALS,
      [NEP_DOCUMENT_RESULT] = NEP_DATA_RESULT,
      [NEP_DOCUMENT_TRUST] = NULL,
  };
  document d = {uuid, kinds[which], bytes, hash};
  return nep_db_transaction(s->board, true, read_document, &d, err);
}
