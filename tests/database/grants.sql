-- Who may do what: the whole list, so that one grant too many fails as well as one too few.
BEGIN;
\ir setup.sql
SELECT plan(33);

SELECT set_eq($$
  SELECT g.grantee::text, g.table_schema || '.' || g.table_name, g.privilege_type::text
    FROM information_schema.table_privileges g
   WHERE g.table_schema IN ('nep', 'registry', 'board', 'official') AND g.grantee <> 'nep_owner' $$, $$
  VALUES ('nep_registry', 'nep.migrations', 'SELECT'), ('nep_board', 'nep.migrations', 'SELECT'),
    ('nep_official', 'nep.migrations', 'SELECT'),
    ('nep_board', 'board.elections', 'SELECT'), ('nep_board', 'board.data', 'SELECT'),
    ('nep_board', 'board.events', 'SELECT'), ('nep_board', 'board.heads', 'SELECT'),
    ('nep_board', 'board.challenges', 'SELECT'),
    ('nep_board', 'board.challenges', 'INSERT'), ('nep_board', 'board.additions', 'SELECT'),
    ('nep_official', 'board.additions', 'SELECT'), ('nep_official', 'board.additions', 'INSERT'),
    ('nep_board', 'board.events', 'INSERT'),
    ('nep_official', 'board.elections', 'SELECT'), ('nep_official', 'board.data', 'SELECT'),
    ('nep_official', 'board.heads', 'SELECT'),
    ('nep_official', 'board.elections', 'INSERT'), ('nep_official', 'board.data', 'INSERT'),
    ('nep_official', 'board.heads', 'INSERT'),
    ('nep_registry', 'registry.rolls', 'SELECT'), ('nep_registry', 'registry.registrations', 'SELECT'),
    ('nep_registry', 'registry.registered', 'SELECT'), ('nep_registry', 'registry.key_sets', 'SELECT'),
    ('nep_registry', 'registry.accesses', 'SELECT'),
    ('nep_registry', 'registry.registrations', 'INSERT'), ('nep_registry', 'registry.registered', 'INSERT'),
    ('nep_registry', 'registry.key_sets', 'INSERT'), ('nep_registry', 'registry.accesses', 'INSERT'),
    ('nep_registry', 'registry.sign_in_nonces', 'SELECT'), ('nep_registry', 'registry.sign_in_nonces', 'INSERT'),
    ('nep_registry', 'registry.sign_in_nonces', 'DELETE'), ('nep_registry', 'registry.sessions', 'SELECT'),
    ('nep_registry', 'registry.sessions', 'INSERT'), ('nep_registry', 'registry.sessions', 'DELETE'),
    ('nep_official', 'registry.rolls', 'SELECT'), ('nep_official', 'registry.rolls', 'INSERT'),
    ('nep_official', 'official.officials', 'SELECT'), ('nep_official', 'official.revocations', 'SELECT'),
    ('nep_official', 'official.acts', 'SELECT'), ('nep_official', 'official.acts', 'INSERT') $$,
  'the privileges on tables are these and no others');

SELECT set_eq($$
  SELECT DISTINCT g.grantee::text, g.column_name::text FROM information_schema.column_privileges g
   WHERE g.table_schema IN ('nep', 'registry', 'board', 'official') AND g.grantee <> 'nep_owner'
     AND g.privilege_type = 'UPDATE' $$, $$
  VALUES ('nep_board', 'height'), ('nep_board', 'event'), ('nep_board', 'archive_end'), ('nep_board', 'ballots'),
    ('nep_board', 'voted'), ('nep_official', 'phase'), ('nep_official', 'registration_closes'),
    ('nep_official', 'opens'), ('nep_official', 'closes'), ('nep_official', 'height'),
    ('nep_official', 'event'), ('nep_official', 'archive_end'), ('nep_official', 'claims_until') $$,
  'only these columns can be updated, all of them of board.heads');
SELECT set_eq($$
  SELECT g.privilege_type::text, g.column_name::text FROM information_schema.column_privileges g
   WHERE g.table_schema = 'board' AND g.table_name = 'events' AND g.grantee = 'nep_official' $$, $$
  SELECT privilege, unnest(ARRAY['uuid', 'height', 'type', 'hash', 'parent', 'payload', 'archive_end', 'at'])
    FROM unnest(ARRAY['SELECT', 'INSERT']) AS privilege $$,
  'the officials'' role reads and writes no ballot');

SELECT set_eq($$
  SELECT r.rolname::text, p.pronamespace::regnamespace || '.' || p.proname
    FROM pg_proc p, pg_roles r
   WHERE p.prosecdef AND p.pronamespace::regnamespace::text IN ('nep', 'registry', 'board', 'official')
     AND r.rolname IN ('nep_registry', 'nep_board', 'nep_official')
     AND has_schema_privilege(r.oid, p.pronamespace, 'USAGE') AND has_function_privilege(r.oid, p.oid, 'EXECUTE') $$, $$
  VALUES ('nep_registry', 'board.hold_phase'), ('nep_registry', 'registry.counts'),
    ('nep_official', 'registry.exported') $$,
  'functions that act with the owner''s rights are open to those who need them');
SELECT is_empty($$ SELECT proname FROM pg_proc WHERE prosecdef AND proconfig IS NULL
   AND pronamespace::regnamespace::text IN ('nep', 'registry', 'board', 'official') $$,
  'each of them has a search path of its own');

SELECT is_empty(format($$ SELECT rolname FROM pg_roles WHERE rolname = %L AND (rolsuper OR rolcreaterole OR
   rolcreatedb OR rolreplication OR rolbypassrls OR rolinherit) $$, name), name || ' has no attribute of an administrator')
  FROM unnest(ARRAY['nep_owner', 'nep_registry', 'nep_board', 'nep_official']) AS name;
SELECT is_empty($$ SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname LIKE 'nep\_%' $$,
  'none of them is a member of another role');

-- The rule by which persons and ballots stay apart, as the services would break it.
SELECT refused('nep_registry', 'SELECT FROM board.' || name, '42501', 'the registry role cannot read board.' || name)
  FROM unnest(ARRAY['events', 'heads', 'elections', 'data', 'challenges']) AS name;
SELECT refused('nep_registry', store(ballot(1, 'b')), '42501', 'the registry role cannot write ballots');
SELECT refused('nep_board', 'SELECT FROM registry.' || name, '42501', 'the ballot role cannot read registry.' || name)
  FROM unnest(ARRAY['rolls', 'registrations', 'registered', 'key_sets', 'sessions', 'sign_in_nonces', 'accesses']) AS name;
SELECT refused('nep_official', 'SELECT FROM registry.' || name, '42501', 'the officials'' role cannot read registry.' || name)
  FROM unnest(ARRAY['registrations', 'registered', 'sessions', 'accesses']) AS name;
SELECT refused('nep_official', store(ballot(1, 'b')), '42501', 'a17 the officials'' role cannot write ballots');
SELECT refused('nep_board', go('registration'), '42501', 'the ballot role cannot change the phase');
SELECT refused('nep_official', 'INSERT INTO official.officials (name, key) VALUES (''x'', repeat(''3'', 64))', '42501',
  'no service can name an official');
SELECT allowed('nep_registry', 'SELECT FROM registry.registrations', 'the registry role reads its registrations');
SELECT allowed('nep_board', 'SELECT body FROM board.events', 'the ballot role reads ballots');
SELECT is_empty($$ SELECT c.table_name, c.column_name FROM information_schema.columns c
   WHERE c.table_schema = 'registry' AND c.column_name IN ('credential', 'salt') $$,
  'no table of the registry holds a credential or what would show one');

SELECT * FROM finish();
ROLLBACK;
