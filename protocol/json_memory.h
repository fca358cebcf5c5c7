/* Memory of JSON values in programs that read secrets. */
#ifndef NEP_PROTOCOL_JSON_MEMORY_H
#define NEP_PROTOCOL_JSON_MEMORY_H

/* From now on all that jansson frees is wiped first: values, and what its parser keeps on the way.
   Once, before the first value is made. What json_dumps gives would then no longer be freed with
   free(); nep_json_write goes on as before. */
void nep_json_wipes(void);

#endif
