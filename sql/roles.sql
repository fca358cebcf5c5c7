-- Run once by the administrator of the database cluster, before the first `nep-server migrate`:
-- the roles and the database. Safe to run again. No passwords: each role is reached by peer
-- authentication (pg_ident.conf maps the operating system user of each process to its role).
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION', name)
  FROM unnest(ARRAY['nep_owner', 'nep_registry', 'nep_board', 'nep_official']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

SELECT 'CREATE DATABASE nep OWNER nep_owner ENCODING ''UTF8'' LC_COLLATE ''C'' LC_CTYPE ''C'' TEMPLATE template0'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'nep')
\gexec

REVOKE ALL ON DATABASE nep FROM PUBLIC;
GRANT CONNECT ON DATABASE nep TO nep_registry, nep_board, nep_official;
-- The roll import stages its rows in a temporary table.
GRANT TEMPORARY ON DATABASE nep TO nep_official;
