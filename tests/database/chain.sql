-- The chain of events and the life of an election, whatever the services believe.
BEGIN;
\ir setup.sql
SELECT plan(73);

-- ---- life ----
SELECT refused('nep_official', go('frozen'), 'NEP03', 'a phase is not skipped');
SELECT refused('nep_official', 'UPDATE board.heads SET closes = opens', '23514', 'voting ends after it begins');
SELECT refused('nep_official', 'UPDATE board.heads SET registration_closes = closes', '23514', 'registration ends before voting begins');
SELECT allowed('nep_official', go('registration'), 'registration follows draft');
SELECT refused('nep_official', go('draft'), 'NEP03', 'a phase does not come back');
SELECT refused('nep_official', go('frozen'), 'NEP03', 'a list is not frozen without a claims period');
SELECT refused('nep_official', claims(1), 'NEP03', 'the claims period does not begin before the freeze');
SELECT allowed('nep_official', freeze(), 'frozen follows registration');
SELECT refused('nep_official', claims(-3600), 'NEP03', 'the claims period does not become shorter');
SELECT refused('nep_official', 'UPDATE board.heads SET registration_closes = registration_closes + interval ''1 day''',
  'NEP03', 'the end of registration is fixed once the list is frozen');
SELECT refused('nep_official', 'UPDATE board.heads SET closes = closes - interval ''1 minute''', 'NEP03',
  'the end of voting does not come nearer');
SELECT allowed('nep_official', 'UPDATE board.heads SET closes = closes + interval ''1 minute''',
  'the end of voting can be put off');
SELECT refused('nep_official', 'INSERT INTO board.heads (uuid, phase, registration_closes, opens, closes, archive_end)
  VALUES (''22222222222222'', ''frozen'', now(), now(), now() + interval ''1 day'', 512)', 'NEP03', 'an election begins as a draft');
SELECT refused('nep_official', go('open'), 'NEP03', 'it is not opened while claims can be made');
SELECT end_claims();
SELECT refused('nep_official', go('open'), '23514', 'it cannot be open without a Setup event');

-- ---- its name: 14 to 64 characters of base58 ----
CREATE FUNCTION tap.named(name text) RETURNS text LANGUAGE sql AS $$ SELECT format('SELECT %L::nep.uuid', name) $$;
SELECT allowed('nep_official', named(repeat('1', 14)), '14 characters name an election');
SELECT allowed('nep_official', named(repeat('z', 64)), 'and so do 64');
SELECT refused('nep_official', named(repeat('1', 13)), '23514', '13 do not');
SELECT refused('nep_official', named(repeat('1', 65)), '23514', 'nor do 65');
SELECT refused('nep_official', named(repeat('1', 13) || '0'), '23514', 'a 0 is none of them');
SELECT refused('nep_official', named('l' || repeat('1', 13)), '23514', 'nor is a small l');
SELECT refused('nep_official', named(repeat('1', 14) || E'\n'), '23514', 'nor is the end of a line');

-- ---- the first event ----
SELECT refused('nep_official', replace(store(event(0, 'Setup', hash_of('setup'))), '11111111111111', '33333333333333'), 'NEP02',
  'a Setup event of an election that is not there is refused');
SELECT refused('nep_board', store(event(0, 'Setup', hash_of('setup'))), 'NEP04', 'the ballot role cannot append a Setup event');
SELECT refused('nep_official', store(event(0, 'Setup', hash_of('other'))), 'NEP02', 'an event whose payload is not stored is refused');
SELECT refused('nep_official', store(event(0, 'Setup', hash_of('election'))), 'NEP02', 'so is one whose payload is of another kind');
SELECT refused('nep_official', store(event(0, 'EndBallots', NULL)), '23514', 'the first event is Setup');
SELECT allowed('nep_official', store(event(0, 'Setup', hash_of('setup'))), 'Setup is appended');
SELECT refused('nep_official', store(event(0, 'Setup', hash_of('setup'))), '23505', 'and only once');
SELECT allowed('nep_official', format('UPDATE board.heads SET phase = ''open'', height = 0, event = %L, archive_end = 5120',
  (SELECT hash FROM board.events)), 'the election is open');
SELECT refused('nep_official', claims(1), 'NEP03', 'the claims period belongs to the freeze');
SELECT refused('nep_board', claims(1), '42501', 'and is no business of the ballot role');
SELECT refused('nep_board', format('UPDATE board.heads SET event = %L', repeat('0', 64)), 'NEP02',
  'the head names a stored event');
SELECT refused('nep_board', 'UPDATE board.heads SET height = NULL, event = NULL', '23514', 'the head of an open election has an event');

-- ---- its text (protocol.md §11), which every event after it names by its hash ----
SELECT is(board.event_text(NULL, 0, 'Setup', 'p'), '{"height":0,"type":["Setup"],"payload":"p"}', 'the text of an event without a parent');
SELECT is(board.event_text('h', 1, 'EndBallots', NULL), '{"parent":"h","height":1,"type":["EndBallots"]}', 'and of one without a payload');

-- ---- ballots ----
CREATE FUNCTION tap.altered(what text) RETURNS board.events LANGUAGE plpgsql AS $$
DECLARE e board.events := tap.ballot(1, 'b');
BEGIN
  CASE what
    WHEN 'payload' THEN e.payload := tap.hash_of('another');
    WHEN 'ballot' THEN e.body := NULL;
    WHEN 'credential' THEN e.credential := NULL;
    WHEN 'parent' THEN e.parent := tap.hash_of('another');
    WHEN 'gap' THEN e.height := 7; e.cast_parent := tap.hash_of('another');
    WHEN 'end' THEN e.archive_end := 512;
    WHEN 'time' THEN e.at := e.at - interval '1 hour';
    WHEN 'election' THEN e.uuid := '33333333333333';
  END CASE;
  RETURN tap.rehashed(e);
END $$;
CREATE FUNCTION tap.store_as_act(e board.events) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO board.events (uuid, height, type, hash, parent, payload, archive_end, at)
    SELECT uuid, height, type, hash, parent, payload, archive_end, at FROM (SELECT (%L::board.events).*) AS e', e)
$$;
SELECT refused('nep_board', store(altered('ballot')), '23514', 'a Ballot event without its ballot is refused');
SELECT refused('nep_board', store(altered('credential')), '23514', 'so is a ballot of nobody');
SELECT refused('nep_board', store(altered('payload')), '23514', 'a ballot under a wrong hash is refused');
SELECT refused('nep_board', replace(store(ballot(1, 'b')), (ballot(1, 'b')).hash, repeat('0', 64)), 'NEP02',
  'an event under a wrong hash is refused');
SELECT refused('nep_board', store(altered(what)), 'NEP02', name) FROM (VALUES
  ('gap', 'a gap in the chain is refused'), ('parent', 'an event of another parent is refused'),
  ('end', 'an archive that would become shorter is refused'),
  ('time', 'an event older than the one before it is refused'),
  ('election', 'an event of an election that is not there is refused')) AS one (what, name);
SELECT refused('nep_official', store(ballot(1, 'b')), '42501', 'a17 the officials'' role cannot write what a ballot is made of');
SELECT refused('nep_official', store_as_act(ballot(1, 'b')), '23514', 'a17 nor a Ballot event without it');
GRANT INSERT ON board.events TO nep_official;
SELECT refused('nep_official', store(ballot(1, 'b')), 'NEP04', 'a17 nor both, had it more grants than it has');
REVOKE INSERT ON board.events FROM nep_official;
GRANT INSERT (uuid, height, type, hash, parent, payload, archive_end, at) ON board.events TO nep_official;
SELECT refused('nep_owner', store(ballot(1, 'b')), 'NEP04', 'nor does the tables'' owner append a ballot');
SELECT allowed('nep_board', store(ballot(1, 'b')), 'a ballot is stored');
SELECT refused('nep_board', store(ballot(2, 'b')), '23505', 'a12 the same ballot is not stored twice');
-- A head of another election, as if it were open, moves in the same statement.
ALTER TABLE board.heads DISABLE TRIGGER begins_as_draft;
INSERT INTO board.heads SELECT '22222222222222', phase, registration_closes, opens, closes, height, event, archive_end,
  ballots, voted, claims_until FROM board.heads;
ALTER TABLE board.heads ENABLE TRIGGER begins_as_draft;
CREATE FUNCTION tap.follow(archive_end bigint, condition text) RETURNS text LANGUAGE sql AS $$
  SELECT format('UPDATE board.heads SET height = 1, event = %L, archive_end = %s, ballots = 1, voted = 1 WHERE %s',
    (SELECT hash FROM board.events WHERE height = 1), archive_end, condition)
$$;
SELECT refused('nep_board', follow(10240, 'true'), 'NEP02', 'of two heads that move, one names an event of the other election');
SELECT refused('nep_board', follow(20480, 'uuid = ''11111111111111'''), 'NEP02', 'the archive does not end elsewhere than with the event');
SELECT allowed('nep_board', follow(10240, 'uuid = ''11111111111111'''), 'the head follows');
SELECT refused('nep_board', 'UPDATE board.heads SET height = 0, event = (SELECT hash FROM board.events WHERE height = 0), archive_end = 5120
  WHERE height = 1', 'NEP03', 'it does not move back to an event before');
SELECT refused('nep_board', 'UPDATE board.heads SET ' || numbers || ' WHERE height = 1', 'NEP03', numbers || ': none goes back')
  FROM unnest(ARRAY['ballots = 0, voted = 0', 'voted = 0']) AS numbers;

-- ---- the end ----
CREATE FUNCTION tap.store_data(number bigint, kind text, body text) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO board.data VALUES (''11111111111111'', %s, %L, %L, %L::bytea)',
                number, kind, tap.hash_of(body), convert_to(body, 'UTF8'))
$$;
SELECT refused('nep_official', store_data(2, 'result', 'r') || ';' || store(event(2, 'Result', hash_of('r'))), 'NEP02', 'a Result does not follow a Ballot');
SELECT refused('nep_official', replace(store(event(2, 'EndBallots', NULL)), (event(2, 'EndBallots', NULL)).hash, repeat('0', 64)),
  'NEP02', 'EndBallots under a wrong hash is refused');
SELECT allowed('nep_official', store(event(2, 'EndBallots', NULL)), 'EndBallots is appended');
CREATE FUNCTION tap.late() RETURNS board.events LANGUAGE plpgsql AS $$
DECLARE e board.events := tap.ballot(3, 'late');
BEGIN e.cast_parent := (SELECT cast_event FROM board.events WHERE height = 1); RETURN tap.rehashed(e); END $$;
SELECT refused('nep_board', store(late()), 'NEP02', 'a13 no ballot follows EndBallots');

-- ---- partial decryptions (A2) ----
CREATE FUNCTION tap.store_proof(number bigint, decryption text) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO board.additions (uuid, kind, number, hash, body)
                 VALUES (''11111111111111'', ''decryption-proof'', %s, %L, %L::bytea)', number, tap.hash_of(body), convert_to(body, 'UTF8'))
    FROM format('{"decryption":"%s"}', decryption) AS body
$$;
SELECT allowed('nep_official', store_data(3, 'sized', 's') || ';' || store(event(3, 'EncryptedTally', hash_of('s'))),
  'EncryptedTally is appended');
SELECT allowed('nep_official', store_data(4, 'owned', '{"owner":1,"payload":"p"}'), 'a partial decryption may be prepared');
SELECT refused('nep_official', store(event(4, 'PartialDecryption', hash_of('{"owner":1,"payload":"p"}'))), 'NEP02',
  'a2 but it is not appended without its second proof');
SELECT refused('nep_official', store_proof(0, 'other') || ';' ||
  store(event(4, 'PartialDecryption', hash_of('{"owner":1,"payload":"p"}'))), 'NEP02', 'a2 nor with that of another one');
SELECT allowed('nep_official', store_proof(0, 'p') || ';' ||
  store(event(4, 'PartialDecryption', hash_of('{"owner":1,"payload":"p"}'))), 'with its own one it is appended');

-- ---- persons and officials ----
SELECT refused('nep_registry', format('INSERT INTO registry.registrations VALUES (%L, ''event'', ''p1'', NULL, ''t'', %L, now(), ''{}'')',
  repeat('B', 43), hash_of('keys')), '23505', 'a person has one first registration');
SELECT refused('nep_registry', format('INSERT INTO registry.registrations VALUES (%L, ''event'', ''p2'', %L, ''t'', %L, now(), ''{}'')',
  repeat('B', 43), repeat('A', 43), hash_of('keys')), 'NEP02', 'nobody replaces another person''s registration');
SELECT allowed('nep_registry', format('INSERT INTO registry.registrations VALUES (%L, ''event'', ''p1'', %L, ''t'', %L, now(), ''{}'')',
  repeat('B', 43), repeat('A', 43), hash_of('keys')), 'a registration is replaced');
SELECT refused('nep_registry', format('INSERT INTO registry.registrations VALUES (%L, ''event'', ''p1'', %L, ''t'', %L, now(), ''{}'')',
  repeat('C', 43), repeat('A', 43), hash_of('keys')), '23505', 'and only once: no fork');
SELECT refused('nep_registry', format('INSERT INTO registry.registered VALUES (''11111111111111'', %L)', repeat('A', 43)),
  '23505', 'a registration names an election once');
SELECT refused('nep_official', format('INSERT INTO official.acts (uuid, action, official, nonce, body_hash, envelope, at)
  VALUES (''11111111111111'', ''open'', ''one'', %L, %L, ''e'', now())', repeat('a', 32), repeat('0', 64)), '23505',
  'an act is performed once');
SELECT refused('nep_official', format('INSERT INTO official.acts (uuid, action, official, nonce, body_hash, envelope, at)
  VALUES (''11111111111111'', ''open'', ''two'', %L, %L, ''e'', now())', repeat('b', 32), repeat('0', 64)), 'NEP04',
  'a revoked official does not act');

SELECT * FROM finish();
ROLLBACK;
