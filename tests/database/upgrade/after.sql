-- The rows of before.sql, after the migrations since.
BEGIN;
\ir ../tap.sql
SELECT plan(7);

SELECT results_eq($$
  SELECT uuid::text, height, type::text, hash::text, parent::text, payload::text, archive_end FROM board.events ORDER BY uuid, height $$, $$
  SELECT uuid, height, CASE height WHEN 0 THEN 'Setup' WHEN 4 THEN 'EndBallots' ELSE 'Ballot' END,
         tap.hash_of(uuid || ' event ' || height), CASE WHEN height > 0 THEN tap.hash_of(uuid || ' event ' || height - 1) END,
         CASE WHEN height < 4 THEN tap.hash_of(uuid || ' ballot ' || height) END, 5120 * (height + 1)
    FROM unnest(ARRAY['11111111111111', '22222222222222']) AS uuid, generate_series(0::bigint, 4) AS height $$,
  'events are what they were');
SELECT results_eq($$
  SELECT uuid::text, height, credential, body FROM board.events WHERE type = 'Ballot' ORDER BY uuid, height $$, $$
  SELECT uuid, height, 'c' || height % 2, convert_to(uuid || ' ballot ' || height, 'UTF8')
    FROM unnest(ARRAY['11111111111111', '22222222222222']) AS uuid, generate_series(1::bigint, 3) AS height $$,
  'so are ballots');
SELECT results_eq($$
  SELECT height, sequence, statement, statement_hash, cast_event, cast_parent, casts_end FROM board.events
   WHERE uuid = '11111111111111' AND type = 'Ballot' ORDER BY height $$, $$
  SELECT height, height, convert_to('statement ' || height, 'UTF8'), tap.hash_of('statement ' || height),
         tap.hash_of('cast ' || height), CASE WHEN height > 1 THEN tap.hash_of('cast ' || height - 1) END, 2048 * height
    FROM generate_series(1::bigint, 3) AS height $$,
  'so are statements');
SELECT is_empty($$ SELECT 1 FROM board.events WHERE (uuid = '22222222222222' OR type <> 'Ballot')
   AND (sequence, statement, statement_hash, cast_event, cast_parent, casts_end) IS DISTINCT FROM
       (NULL::bigint, NULL::bytea, NULL::text, NULL::text, NULL::text, NULL::bigint) $$,
  'what had no statement has none');
SELECT is_empty($$ SELECT 1 FROM board.events WHERE type <> 'Ballot' AND (credential IS NOT NULL OR body IS NOT NULL) $$,
  'and no other event has a ballot');
SELECT throws_ok('UPDATE board.events SET credential = credential', 'NEP01', NULL, 'rows that were moved do not change again');
SELECT set_eq($$ SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'board'::regnamespace AND c.relkind IN ('r', 'v') $$,
  ARRAY['elections', 'data', 'events', 'heads', 'additions', 'challenges'], 'the tables before are gone');

SELECT * FROM finish();
ROLLBACK;
