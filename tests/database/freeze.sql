-- What a freeze is held against: the trust file's claims period, and the registrations that were judged.
BEGIN;
\ir setup.sql
SELECT plan(12);

-- ---- claims period: an hour ----
CREATE FUNCTION tap.freeze_for(uuid text, seconds bigint) RETURNS text LANGUAGE sql AS $$
  SELECT format('UPDATE board.heads SET phase = ''frozen'', claims_until = clock_timestamp() + %s * interval ''1 second''
                  WHERE uuid = %L', seconds, uuid)
$$;
INSERT INTO board.heads (uuid, phase, registration_closes, opens, closes, archive_end) VALUES
  ('22222222222222', 'draft', '2026-05-01 00:00:00+00', '2026-05-24 00:00:00+00', '2026-05-24 12:00:00+00', 1024);
SELECT as_role('nep_official', 'UPDATE board.heads SET phase = ''registration''');
SELECT refused('nep_official', freeze_for('11111111111111', -1), 'NEP03', 'a claims period in the past is refused');
SELECT refused('nep_official', freeze_for('11111111111111', 3600 - 120), 'NEP03',
  'a claims period shorter than the trust file''s is refused');
SELECT refused('nep_official', freeze_for('22222222222222', 1000000), 'NEP03', 'without a trust file nothing is frozen');
SELECT allowed('nep_official', freeze_for('11111111111111', 3600), 'the trust file''s own period is enough');
SELECT refused('nep_official', go('open'), 'NEP03', 'and it is waited for');
SELECT allowed('nep_official', claims(3600), 'it may become longer');

-- ---- registrations ----
SELECT is(registry.exported('11111111111111'), 1::bigint, 'a registration counts');
INSERT INTO registry.registrations VALUES
  (repeat('B', 43), 'event', 'p1', repeat('A', 43), 'token', hash_of('keys'), now(), '{}'),
  (repeat('C', 43), 'other event', 'p1', NULL, 'token', hash_of('keys'), now(), '{}'),
  (repeat('D', 43), 'event', 'p2', NULL, 'token', hash_of('keys'), now(), '{}');
SELECT is(registry.exported('11111111111111'), 2::bigint,
  'so does one in its place; neither that of another event nor that of a person who is not registered here');
INSERT INTO registry.registered VALUES ('22222222222222', repeat('C', 43));
SELECT is(registry.exported('22222222222222'), 1::bigint, 'each election has its own');
SELECT allowed('nep_official', 'SELECT registry.exported(''11111111111111'')', 'officials compare with it');
SELECT refused('nep_board', 'SELECT registry.exported(''11111111111111'')', '42501', 'the ballot role does not');
SELECT refused('nep_official', 'SELECT registry.counts(''11111111111111'')', '42501', 'what is not needed is not granted');

SELECT * FROM finish();
ROLLBACK;
