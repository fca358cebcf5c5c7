-- Elections as migration 15 left them, when ballots and statements had tables of their own: one with a statement for
-- each ballot, one from before there were statements.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.hash_of(text text) RETURNS text LANGUAGE sql AS $$
  SELECT encode(sha256(convert_to(text, 'UTF8')), 'hex')
$$;
INSERT INTO board.events (uuid, height, type, hash, parent, payload, archive_end, at)
SELECT uuid, height, CASE height WHEN 0 THEN 'Setup' WHEN 4 THEN 'EndBallots' ELSE 'Ballot' END::board.event_type,
       pg_temp.hash_of(uuid || ' event ' || height),
       CASE WHEN height > 0 THEN pg_temp.hash_of(uuid || ' event ' || height - 1) END,
       CASE WHEN height < 4 THEN pg_temp.hash_of(uuid || ' ballot ' || height) END, 5120 * (height + 1), '2026-05-24'
  FROM unnest(ARRAY['11111111111111', '22222222222222']) AS uuid, generate_series(0, 4) AS height;
INSERT INTO board.ballots (uuid, height, hash, credential, body)
SELECT uuid, height, payload, 'c' || height % 2, convert_to(uuid || ' ballot ' || height, 'UTF8')
  FROM board.events WHERE type = 'Ballot';
INSERT INTO board.casts (uuid, height, credential, sequence, hash, body, event, parent, casts_end)
SELECT uuid, height, credential, height, pg_temp.hash_of('statement ' || height), convert_to('statement ' || height, 'UTF8'),
       pg_temp.hash_of('cast ' || height), CASE WHEN height > 1 THEN pg_temp.hash_of('cast ' || height - 1) END, 2048 * height
  FROM board.ballots WHERE uuid = '11111111111111';
