-- What is stored is never changed, not even by the owner of the tables or the superuser.
BEGIN;
\ir setup.sql
SELECT plan(42);

-- One row in the tables that setup.sql leaves empty.
SELECT as_role('nep_official', go('registration'));
SELECT as_role('nep_official', freeze());
SELECT as_role('nep_official', store(event(0, 'Setup', hash_of('setup'))));
SELECT as_role('nep_official', format('INSERT INTO board.additions (uuid, kind, number, hash, body)
  VALUES (''11111111111111'', ''verdict'', 0, %L, ''t'')', hash_of('t')));
SELECT end_claims();
SELECT as_role('nep_official', format('UPDATE board.heads SET phase = ''open'', height = 0, event = %L, archive_end = 5120',
  (SELECT hash FROM board.events)));
SELECT as_role('nep_board', reveal(1, 'c1', '{"m":1}'));
SELECT as_role('nep_board', store(ballot(1, 'b')));

-- Checks put off to the end of the transaction would keep TRUNCATE from reaching its trigger.
SET CONSTRAINTS ALL IMMEDIATE;

CREATE TEMPORARY TABLE kept (name text, col text) ON COMMIT DROP;
INSERT INTO kept VALUES ('board.elections', 'name'), ('board.data', 'hash'), ('board.events', 'hash'),
  ('board.additions', 'hash'), ('board.challenges', 'credential'),
  ('registry.rolls', 'name'), ('registry.key_sets', 'hash'),
  ('registry.registrations', 'token'), ('registry.registered', 'nonce'), ('registry.accesses', 'address'),
  ('official.officials', 'name'), ('official.revocations', 'name'), ('official.acts', 'action');

SELECT throws_ok(format('UPDATE %s SET %I = %I', name, col, col), 'NEP01', NULL, name || ': a changed row is refused') FROM kept;
SELECT throws_ok('DELETE FROM ' || name, 'NEP01', NULL, name || ': a deleted row is refused') FROM kept;
SELECT throws_ok('TRUNCATE ' || name || ' CASCADE', 'NEP01', NULL, name || ': an emptied table is refused') FROM kept;
SELECT throws_ok('DELETE FROM board.heads', 'NEP01', NULL, 'board.heads: a deleted row is refused');
SELECT throws_ok('TRUNCATE board.heads', 'NEP01', NULL, 'board.heads: an emptied table is refused');

SELECT set_eq($$
  SELECT c.oid::regclass::text FROM pg_class c
   WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('registry', 'board', 'official')
     AND 2 <> (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'O'
                AND t.tgfoid = 'nep.refuse_change'::regproc AND t.tgname IN ('append_only', 'never_truncated')) $$,
  ARRAY['board.heads', 'registry.sessions', 'registry.sign_in_nonces'],
  'every other table is append-only: what may go is sessions and nonces, what may change is the head');

SELECT * FROM finish();
ROLLBACK;
