-- The board of challenges, whatever the services believe: what was revealed is not cast, and what was
-- cast is not revealed (A26).
BEGIN;
\ir setup.sql
SELECT plan(22);

SELECT as_role('nep_official', go('registration'));
SELECT as_role('nep_official', freeze());
SELECT as_role('nep_official', store(event(0, 'Setup', hash_of('setup'))));
SELECT refused('nep_board', reveal(1, 'c1', '{"m":1}'), 'NEP03', 'nothing is published before the vote');
SELECT end_claims();
SELECT as_role('nep_official', format('UPDATE board.heads SET phase = ''open'', height = 0, event = %L, archive_end = 5120',
  (SELECT hash FROM board.events)));

-- ---- one after the other ----
SELECT refused('nep_board', reveal(0, 'c1', '{"m":1}'), '23514', 'numbers begin with 1');
SELECT refused('nep_board', reveal(2, 'c1', '{"m":1}'), 'NEP02', 'a gap is refused');
SELECT refused('nep_board', replace(reveal(1, 'c1', '{"m":1}'), hash_of('{"challenge":{"seed":"","message":{"m":1}},"proof":{}}'),
  repeat('0', 64)), '23514', 'a challenge under a wrong hash is refused');
SELECT refused('nep_board', format('INSERT INTO board.challenges (uuid, number, credential, hash, body, at)
  VALUES (''11111111111111'', 1, ''c1'', %L, '''', now())', hash_of('')), '23514', 'an empty challenge is refused');
SELECT refused('nep_board', replace(replace(reveal(1, 'c1', '{"m":1}'), 'body,', 'body, message,'), '::bytea,',
  format('::bytea, %L,', hash_of('x'))), '428C9', 'the hash of the message is computed here, not told');
SELECT allowed('nep_board', reveal(1, 'c1', '{"m":1}'), 'a challenge is published');
SELECT is((SELECT message::text FROM board.challenges), hash_of('{"m":1}'), 'its message is found in its text');
SELECT refused('nep_board', reveal(1, 'c1', '{"m":2}'), '23505', 'a number is given once');
SELECT refused('nep_board', reveal(2, 'c2', '{"m":1}'), '23505', 'a message is revealed once, by whomever');

-- ---- never cast, and a ballot never revealed ----
SELECT refused('nep_board', store(ballot(1, signed('{"m":1}', '{"s":1}'))), 'NEP05', 'a26 a revealed message is not cast');
SELECT refused('nep_board', store(ballot(1, signed('{"m":1}', '{"s":2}'))), 'NEP05', 'a26 nor under another signature');
SELECT allowed('nep_board', store(ballot(1, signed('{"m":7}', '{"s":1}'))), 'another message is cast');
SELECT is((SELECT board.signed_message(body) FROM board.events WHERE height = 1), hash_of('{"m":7}'), 'what a ballot signs is found in its text');
SELECT refused('nep_board', reveal(2, 'c1', '{"m":7}'), 'NEP05', 'a26 a cast message is not revealed');

-- ---- so many of a credential ----
SELECT as_role('nep_board', reveal(n, 'c1', format('{"m":%s}', 100 + n))) FROM generate_series(2, 16) AS n;
SELECT refused('nep_board', reveal(17, 'c1', '{"m":200}'), 'NEP05', 'a credential has sixteen places');
SELECT allowed('nep_board', reveal(17, 'c2', '{"m":200}'), 'another credential has its own');

-- ---- never more to compare than can be compared under the lock ----
SELECT as_role('nep_board', store(of_credential(ballot(n, 'x' || n), 'c3'))) FROM generate_series(2, 257) AS n;
SELECT allowed('nep_board', reveal(18, 'c3', '{"m":400}'), 'a challenge is compared with 256 ballots');
SELECT as_role('nep_board', store(of_credential(ballot(258, 'y'), 'c3')));
SELECT refused('nep_board', reveal(19, 'c3', '{"m":401}'), 'NEP05', 'and refused when there are more');

-- ---- who ----
SELECT refused('nep_registry', 'SELECT FROM board.challenges', '42501', 'the registry role cannot read the board of challenges');
SELECT refused('nep_official', 'SELECT FROM board.challenges', '42501', 'nor can the officials'' role');
SELECT refused('nep_official', reveal(19, 'c4', '{"m":300}'), '42501', 'or publish there');

SELECT * FROM finish();
ROLLBACK;
