-- pgTAP in a schema of its own. Nothing stays, because every test ends with ROLLBACK.
\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE SCHEMA tap;
CREATE EXTENSION pgtap SCHEMA tap;
SET search_path = tap, pg_catalog;

CREATE FUNCTION tap.hash_of(body text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(body, 'UTF8')), 'hex')
$$;
