/* The exact bytes of an election's public documents. */
#include "server/service/additions.h"
#include "server/service/envelopes.h"

/* Where a document stands: a data record of the archive, or beside it. */
typedef struct source {
  const char *data;   /* kind of a data record, or */
  const char *single; /* kind of the one addition, or */
  const char *list;   /* kind of additions of which all are given, as an array */
} source;

typedef struct document {
  const char *uuid;
  const source *source;
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
  if (d->source->data != NULL)
    return nep_db_data_get(db, d->uuid, d->source->data, d->bytes, d->hash, err);
  if (d->source->single != NULL)
    return nep_addition_text(db, d->uuid, d->source->single, d->bytes, d->hash, err);
  return nep_envelopes_text(db, d->uuid, d->source->list, d->bytes, d->hash, err);
}

nep_status nep_document_get(nep_service *s, const char *uuid, nep_document which, nep_buf *bytes,
                            char hash[65], nep_error *err)
{
  static const source sources[] = {
      [NEP_DOCUMENT_DEFINITION] = {.data = NEP_DATA_ELECTION},
      [NEP_DOCUMENT_TRUSTEES] = {.data = NEP_DATA_TRUSTEES},
      [NEP_DOCUMENT_CREDENTIALS] = {.data = NEP_DATA_CREDENTIALS},
      [NEP_DOCUMENT_RESULT] = {.data = NEP_DATA_RESULT},
      [NEP_DOCUMENT_TRUST] = {.single = NEP_ADDITION_TRUST},
      [NEP_DOCUMENT_VERDICT] = {.single = NEP_ADDITION_VERDICT},
      [NEP_DOCUMENT_FREEZE_ACTS] = {.list = NEP_ADDITION_FREEZE},
      [NEP_DOCUMENT_TALLY_ACTS] = {.list = NEP_ADDITION_TALLY},
      [NEP_DOCUMENT_COUNTERSIGNATURES] = {.list = NEP_ADDITION_COUNTERSIGNATURE},
  };
  document d = {uuid, &sources[which], bytes, hash};
  return nep_db_transaction(s->board, true, read_document, &d, err);
}
