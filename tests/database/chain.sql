-- The chain of events and the life of an election, whatever the services believe.
BEGIN;
\ir setup.sql
SELECT plan(72);

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
SELECT refused('nep_board', 'UPDATE board.heads SET height = NULL, event = NULL', 'NEP03', 'the head does not go back');

-- ---- its text (protocol.md §11), which every event after it names by its hash ----
SELECT is((SELECT board.event_text(e) FROM board.events e), '{"height":0,"type":["Setup"],"payload":"' || hash_of('setup') || '"}',
  'the text of an event without a parent');
SELECT is(board.event_text(event(1, 'EndBallots', NULL)),
  '{"parent":"' || (SELECT hash FROM board.events) || '","height":1,"type":["EndBallots"]}', 'and of one without a payload');

-- ---- ballots ----
SELECT refused('nep_board', store(event(1, 'Ballot', hash_of('b'))), 'NEP02', 'a Ballot event without its ballot is refused');
SELECT allowed('nep_board', store_ballot(1, 'b'), 'a ballot is stored');
SELECT refused('nep_board', replace(store_ballot(2, 'c'), hash_of('c'), hash_of('d')), '23514', 'a ballot under a wrong hash is refused');
SELECT refused('nep_board', store_ballot(2, 'b'), '23505', 'a12 the same ballot is not stored twice');
SELECT refused('nep_official', store(event(1, 'Ballot', hash_of('b'))), 'NEP04', 'a17 the officials'' role cannot append a Ballot event');
SELECT refused('nep_board', replace(store(event(1, 'Ballot', hash_of('b'))), (event(1, 'Ballot', hash_of('b'))).hash, repeat('0', 64)),
  'NEP02', 'an event under a wrong hash is refused');
CREATE FUNCTION tap.rehashed(e board.events) RETURNS board.events LANGUAGE plpgsql AS $$
BEGIN e.hash := tap.hash_of(board.event_text(e)); RETURN e; END $$;
CREATE FUNCTION tap.altered(what text) RETURNS board.events LANGUAGE plpgsql AS $$
DECLARE e board.events := tap.event(1, 'Ballot', tap.hash_of('b'));
BEGIN
  CASE what
    WHEN 'parent' THEN e.parent := tap.hash_of('another');
    WHEN 'gap' THEN e.height := 7; e.payload := tap.hash_of('far');
    WHEN 'end' THEN e.archive_end := 512;
    WHEN 'time' THEN e.at := e.at - interval '1 hour';
    WHEN 'election' THEN e.uuid := '33333333333333';
  END CASE;
  RETURN tap.rehashed(e);
END $$;
SELECT as_role('nep_board', store_ballot(7, 'far'));
SELECT refused('nep_board', store(altered('gap')), 'NEP02', 'a gap in the chain is refused');
SELECT refused('nep_board', store(altered('parent')), 'NEP02', 'an event of another parent is refused');
SELECT refused('nep_board', store(altered('end')), 'NEP02', 'an archive that would become shorter is refused');
SELECT refused('nep_board', store(altered('time')), 'NEP02', 'an event older than the one before it is refused');
SELECT refused('nep_board', replace(store_ballot(1, 'b'), '11111111111111', '33333333333333') || '; ' || store(altered('election')),
  'NEP02', 'an event of an election that is not there is refused');
SELECT allowed('nep_board', store(event(1, 'Ballot', hash_of('b'))), 'a Ballot event is appended');
SELECT allowed('nep_board', store(statement(1, 1)), 'its statement beside it');
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
SELECT refused('nep_board', 'UPDATE board.heads SET ballots = 0, voted = 0', 'NEP03', 'ballots are never fewer');
SELECT refused('nep_board', store_ballot(2, 'without event') || '; SET CONSTRAINTS board.ballots_event IMMEDIATE', '23503',
  'a ballot without an event is not committed');

-- ---- the end ----
SELECT refused('nep_official', store(event(2, 'Result', hash_of('setup'))), 'NEP02', 'a Result does not follow a Ballot');
SELECT allowed('nep_official', store(event(2, 'EndBallots', NULL)), 'EndBallots is appended');
SELECT allowed('nep_board', store_ballot(3, 'late'), 'a late ballot may be prepared');
SELECT refused('nep_board', store(event(3, 'Ballot', hash_of('late'))), 'NEP02', 'a13 but no Ballot event follows EndBallots');
SELECT refused('nep_board', 'SET CONSTRAINTS board.ballots_event IMMEDIATE', '23503', 'a13 so it cannot be committed');


-- ---- partial decryptions (A2) ----
CREATE FUNCTION tap.store_data(number bigint, kind text, body text) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO board.data VALUES (''11111111111111'', %s, %L, %L, %L::bytea)',
                number, kind, tap.hash_of(body), convert_to(body, 'UTF8'))
$$;
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
