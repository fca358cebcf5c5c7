-- The chain of cast statements, whatever the services believe: one with each ballot, signed numbers that grow (A23).
BEGIN;
\ir setup.sql
SELECT plan(25);

SELECT as_role('nep_official', go('registration'));
SELECT as_role('nep_official', freeze());
SELECT as_role('nep_official', store(event(0, 'Setup', hash_of('setup'))));
SELECT end_claims();
SELECT as_role('nep_official', format('UPDATE board.heads SET phase = ''open'', height = 0, event = %L, archive_end = 5120',
  (SELECT hash FROM board.events)));

-- A ballot whose statement is wrong in one thing, under the hash that it then has.
CREATE FUNCTION tap.wrong(e board.events, what text) RETURNS board.events LANGUAGE plpgsql AS $$
BEGIN
  CASE what
    WHEN 'text' THEN e.statement := 'another';
    WHEN 'parent' THEN e.cast_parent := tap.hash_of('another');
    WHEN 'no parent' THEN e.cast_parent := NULL;
    WHEN 'end' THEN e.casts_end := 2048;
    WHEN 'part of a block' THEN e.casts_end := e.casts_end + 1;
    WHEN 'no text' THEN e.statement := NULL;
    WHEN 'no hash' THEN e.statement_hash := NULL;
    WHEN 'no number' THEN e.sequence := NULL;
    WHEN 'no end' THEN e.casts_end := NULL;
  END CASE;
  RETURN tap.rehashed(e);
END $$;
CREATE FUNCTION tap.without_event(e board.events) RETURNS board.events LANGUAGE plpgsql AS $$
BEGIN e.cast_event := NULL; RETURN e; END $$;

-- ---- the first ----
SELECT refused('nep_board', store(wrong(ballot(1, 'b'), 'no ' || what)), '23514',
  'a23 a ballot is not stored without the ' || what || ' of its statement') FROM unnest(ARRAY['text', 'hash', 'number', 'end']) AS what;
SELECT refused('nep_board', store(without_event(ballot(1, 'b'))), '23514', 'a23 nor without its place in the chain of statements');
SELECT refused('nep_board', replace(store(ballot(1, 'b')), (ballot(1, 'b')).cast_event, repeat('0', 64)), 'NEP02',
  'a statement under a wrong hash of its event is refused');
SELECT refused('nep_board', store(wrong(ballot(1, 'b'), 'text')), '23514', 'so is one under a wrong hash of its text');
SELECT refused('nep_board', store(wrong(ballot(1, 'b'), 'parent')), '23514', 'the first one has no parent');
SELECT refused('nep_board', store(ballot(1, 'b', 0)), '23514', 'numbers begin with 1');
SELECT refused('nep_board', store(ballot(1, 'b', 1000000000)), '23514', 'and have nine digits at most');
SELECT refused('nep_board', store(wrong(ballot(1, 'b'), 'part of a block')), '23514', 'a file is made of whole blocks');
SELECT is(board.event_text(NULL, 0, 'Cast', 'p'), '{"height":0,"type":["Cast"],"payload":"p"}', 'the text of an event without a parent');
SELECT allowed('nep_board', store(ballot(1, 'b', 5)), 'the first statement is stored');

-- ---- those that follow ----
SELECT refused('nep_board', store(wrong(ballot(2, 'c', 6), 'parent')), 'NEP02', 'a statement of another parent is refused');
SELECT refused('nep_board', store(wrong(ballot(2, 'c', 6), 'no parent')), '23514', 'so is one without a parent');
SELECT refused('nep_board', store(wrong(ballot(2, 'c', 6), 'end')), 'NEP02', 'a casts file that would not grow is refused');
SELECT refused('nep_board', store(ballot(2, 'c', 5)), '23505', 'a23 a number is not given twice');
SELECT refused('nep_board', store(ballot(2, 'c', 4)), 'NEP02', 'a23 nor a lower one after a higher');
SELECT is(board.event_text('h', 1, 'Cast', 'p'), '{"parent":"h","height":1,"type":["Cast"],"payload":"p"}',
  'the text of an event with a parent');
SELECT allowed('nep_board', store(of_credential(ballot(2, 'c', 4), 'c2')), 'another credential has numbers of its own');
SELECT allowed('nep_board', store(ballot(3, 'd', 9)), 'a higher one may leave numbers out');
SELECT refused('nep_official', 'SELECT ' || what || ' FROM board.events', '42501', 'the officials'' role cannot read a ' || what)
  FROM unnest(ARRAY['statement', 'body', 'credential']) AS what;
SELECT refused('nep_official', 'INSERT INTO board.events (statement) VALUES (''s'')', '42501', 'a17 nor write one');

SELECT * FROM finish();
ROLLBACK;
