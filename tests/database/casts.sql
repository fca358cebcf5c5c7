-- The chain of cast statements, whatever the services believe: one with each ballot, signed numbers that grow (A23).
BEGIN;
\ir setup.sql
SELECT plan(23);

SELECT as_role('nep_official', go('registration'));
SELECT as_role('nep_official', freeze());
SELECT as_role('nep_official', store(event(0, 'Setup', hash_of('setup'))));
SELECT end_claims();
SELECT as_role('nep_official', format('UPDATE board.heads SET phase = ''open'', height = 0, event = %L, archive_end = 5120',
  (SELECT hash FROM board.events)));

-- A statement that is wrong in one thing, under the hash that it then has.
CREATE FUNCTION tap.wrong(c board.casts, what text) RETURNS board.casts LANGUAGE plpgsql AS $$
BEGIN
  CASE what
    WHEN 'height' THEN c.height := c.height + 1;
    WHEN 'credential' THEN c.credential := 'c2';
    WHEN 'body' THEN c.body := 'another';
    WHEN 'parent' THEN c.parent := tap.hash_of('another');
    WHEN 'no parent' THEN c.parent := NULL;
    WHEN 'end' THEN c.casts_end := 2048;
    WHEN 'part of a block' THEN c.casts_end := c.casts_end + 1;
  END CASE;
  RETURN tap.rehashed(c);
END $$;

-- ---- the first ----
SELECT refused('nep_board', store(statement(1, 1)), 'NEP02', 'a statement without a ballot is refused');
SELECT as_role('nep_board', store_ballot(1, 'b'));
SELECT as_role('nep_board', store(event(1, 'Ballot', hash_of('b'))));
SELECT refused('nep_board', 'SET CONSTRAINTS board.ballots_statement IMMEDIATE', '23503',
  'a23 a ballot without its statement is not committed');
SELECT refused('nep_board', replace(store(statement(1, 1)), (statement(1, 1)).event, repeat('0', 64)), 'NEP02',
  'a statement under a wrong hash of its event is refused');
SELECT refused('nep_board', store(wrong(statement(1, 1), 'body')), '23514', 'so is one under a wrong hash of its text');
SELECT refused('nep_board', store(wrong(statement(1, 1), 'parent')), '23514', 'the first one has no parent');
SELECT refused('nep_board', store(wrong(statement(1, 1), 'credential')), 'NEP02', 'a ballot has no statement of another credential');
SELECT refused('nep_board', store(statement(1, 0)), '23514', 'numbers begin with 1');
SELECT refused('nep_board', store(statement(1, 1000000000)), '23514', 'and have nine digits at most');
SELECT refused('nep_board', store(wrong(statement(1, 1), 'part of a block')), '23514', 'a file is made of whole blocks');
SELECT refused('nep_official', store(statement(1, 1)), '42501', 'a17 the officials'' role cannot store a statement');
SELECT is(board.cast_text(statement(1, 1)), '{"height":0,"type":["Cast"],"payload":"' || hash_of('statement 1') || '"}',
  'the text of an event without a parent');
SELECT allowed('nep_board', store(statement(1, 5)), 'the first statement is stored');
SELECT allowed('nep_board', 'SET CONSTRAINTS ALL IMMEDIATE', 'and its ballot can be committed');
SELECT as_role('nep_board', 'SET CONSTRAINTS ALL DEFERRED');

-- ---- those that follow ----
SELECT as_role('nep_board', store_ballot(2, 'c') || ';' || store(event(2, 'Ballot', hash_of('c'))));
SELECT as_role('nep_board', store_ballot(3, 'd') || ';' || store(event(3, 'Ballot', hash_of('d'))));
SELECT refused('nep_board', store(wrong(statement(2, 6), 'height')), 'NEP02', 'a gap is refused');
SELECT refused('nep_board', store(wrong(statement(2, 6), 'parent')), 'NEP02', 'a statement of another parent is refused');
SELECT refused('nep_board', store(wrong(statement(2, 6), 'no parent')), '23514', 'so is one without a parent');
SELECT refused('nep_board', store(wrong(statement(2, 6), 'end')), 'NEP02', 'a casts file that would not grow is refused');
SELECT refused('nep_board', store(statement(2, 5)), '23505', 'a23 a number is not given twice');
SELECT refused('nep_board', store(statement(2, 4)), 'NEP02', 'a23 nor a lower one after a higher');
SELECT is(board.cast_text(statement(2, 9)),
  '{"parent":"' || (SELECT event FROM board.casts) || '","height":1,"type":["Cast"],"payload":"' || hash_of('statement 2') || '"}',
  'the text of an event with a parent');
SELECT allowed('nep_board', store(statement(2, 9)), 'a higher one may leave numbers out');
SELECT refused('nep_board', store(statement(2, 10)), '23505', 'a ballot has one statement');
SELECT refused('nep_board', 'SET CONSTRAINTS board.ballots_statement IMMEDIATE', '23503', 'a23 each ballot has its own');

SELECT * FROM finish();
ROLLBACK;
