-- What an operator can do who is the superuser of the database: no trigger, no foreign key, ballots left out
-- or in another order, and every hash and length of both chains made right again.
--   psql -v uuid=UUID -v kept='{1,3,2}' -v stuffed=CREDENTIAL -f rechain.sql
-- kept: the heights of the ballots that stay, in their new order. stuffed: '' or the credential of somebody who
-- stayed away, for whom the first ballot is passed off.
\set ON_ERROR_STOP on
SET session_replication_role = replica;

CREATE FUNCTION pg_temp.chained(e board.events) RETURNS board.events LANGUAGE plpgsql AS $$
BEGIN
  e.hash := encode(sha256(convert_to(board.event_text(e), 'UTF8')), 'hex');
  INSERT INTO board.events SELECT e.*;
  RETURN e;
END $$;

CREATE FUNCTION pg_temp.cast_chained(c board.casts) RETURNS board.casts LANGUAGE plpgsql AS $$
BEGIN
  c.event := encode(sha256(convert_to(board.cast_text(c), 'UTF8')), 'hex');
  INSERT INTO board.casts SELECT c.*;
  RETURN c;
END $$;

-- Bytes of a record, and of the event after it, in a file.
CREATE FUNCTION pg_temp.bytes(body bytea) RETURNS bigint LANGUAGE sql AS $$
  SELECT 1536 + (length(body) + 511) / 512 * 512
$$;

CREATE FUNCTION pg_temp.rechain(who text, kept bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  e board.events; last board.events; b board.ballots; c board.casts; cast_before board.casts;
  casts_at bigint; place bigint := 0; h bigint;
BEGIN
  CREATE TEMP TABLE old_events AS SELECT * FROM board.events WHERE uuid = who;
  CREATE TEMP TABLE old_ballots AS SELECT * FROM board.ballots WHERE uuid = who;
  CREATE TEMP TABLE old_casts AS SELECT * FROM board.casts WHERE uuid = who;
  SELECT casts_end - pg_temp.bytes(body) INTO casts_at FROM old_casts WHERE height = 1;
  SELECT * INTO last FROM old_events WHERE height = 0;
  DELETE FROM board.casts WHERE uuid = who;
  DELETE FROM board.ballots WHERE uuid = who;
  DELETE FROM board.events WHERE uuid = who AND height > 0;
  FOREACH h IN ARRAY kept LOOP
    place := place + 1;
    SELECT * INTO b FROM old_ballots WHERE height = h;
    SELECT * INTO c FROM old_casts WHERE height = h;
    SELECT * INTO e FROM old_events WHERE height = place;
    e.type := 'Ballot'; e.parent := last.hash; e.payload := b.hash;
    e.archive_end := last.archive_end + pg_temp.bytes(b.body);
    last := pg_temp.chained(e);
    b.height := place;
    INSERT INTO board.ballots SELECT b.*;
    c.height := place; c.credential := b.credential; c.parent := cast_before.event;
    casts_at := casts_at + pg_temp.bytes(c.body);
    c.casts_end := casts_at;
    cast_before := pg_temp.cast_chained(c);
  END LOOP;
  FOR e IN SELECT * FROM old_events WHERE type = 'EndBallots' LOOP
    place := place + 1;
    e.height := place; e.parent := last.hash; e.archive_end := last.archive_end + 1024;
    last := pg_temp.chained(e);
  END LOOP;
  UPDATE board.heads SET height = place, event = last.hash, archive_end = last.archive_end,
    ballots = array_length(kept, 1),
    voted = (SELECT count(DISTINCT credential) FROM board.ballots WHERE uuid = who)
   WHERE uuid = who;
END $$;

UPDATE board.ballots SET credential = :'stuffed',
       body = convert_to(replace(convert_from(body, 'UTF8'), credential, :'stuffed'), 'UTF8'),
       hash = encode(sha256(convert_to(replace(convert_from(body, 'UTF8'), credential, :'stuffed'), 'UTF8')), 'hex')
 WHERE uuid = :'uuid' AND height = 1 AND :'stuffed' <> '';
SELECT pg_temp.rechain(:'uuid', :'kept'::bigint[]);
