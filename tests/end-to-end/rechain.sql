-- What an operator can do who is the superuser of the database: no trigger, no foreign key, ballots left out
-- or in another order, and every hash and length of both chains made right again.
--   psql -v uuid=UUID -v kept='{1,3,2}' -v stuffed=CREDENTIAL -f rechain.sql
-- kept: the heights of the ballots that stay, in their new order. stuffed: '' or the credential of somebody who
-- stayed away, for whom the first ballot is passed off.
\set ON_ERROR_STOP on
SET session_replication_role = replica;

CREATE FUNCTION pg_temp.chained(e board.events) RETURNS board.events LANGUAGE plpgsql AS $$
BEGIN
  e.hash := encode(sha256(convert_to(board.event_text(e.parent, e.height, e.type::text, e.payload), 'UTF8')), 'hex');
  IF e.type = 'Ballot' THEN
    e.cast_event := encode(sha256(convert_to(
      board.event_text(e.cast_parent, e.height - 1, 'Cast', e.statement_hash), 'UTF8')), 'hex');
  END IF;
  INSERT INTO board.events SELECT e.*;
  RETURN e;
END $$;

-- Bytes of a record, and of the event after it, in a file.
CREATE FUNCTION pg_temp.bytes(body bytea) RETURNS bigint LANGUAGE sql AS $$
  SELECT 1536 + (length(body) + 511) / 512 * 512
$$;

CREATE FUNCTION pg_temp.rechain(who text, kept bigint[], stuffed text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  e board.events; last board.events; casts_at bigint; place bigint := 0; h bigint;
BEGIN
  CREATE TEMP TABLE old AS SELECT * FROM board.events WHERE uuid = who;
  SELECT casts_end - pg_temp.bytes(statement) INTO casts_at FROM old WHERE height = 1;
  SELECT * INTO last FROM old WHERE height = 0;
  DELETE FROM board.events WHERE uuid = who AND height > 0;
  FOREACH h IN ARRAY kept LOOP
    place := place + 1;
    SELECT * INTO e FROM old WHERE height = h;
    e.height := place;
    e.at := (SELECT at FROM old WHERE height = place);
    IF h = 1 AND stuffed <> '' THEN
      e.body := convert_to(replace(convert_from(e.body, 'UTF8'), e.credential, stuffed), 'UTF8');
      e.credential := stuffed;
    END IF;
    e.parent := last.hash; e.payload := encode(sha256(e.body), 'hex');
    e.archive_end := last.archive_end + pg_temp.bytes(e.body);
    casts_at := casts_at + pg_temp.bytes(e.statement);
    e.cast_parent := last.cast_event; e.casts_end := casts_at;
    last := pg_temp.chained(e);
  END LOOP;
  FOR e IN SELECT * FROM old WHERE type = 'EndBallots' LOOP
    place := place + 1;
    e.height := place; e.parent := last.hash; e.archive_end := last.archive_end + 1024;
    last := pg_temp.chained(e);
  END LOOP;
  UPDATE board.heads SET height = place, event = last.hash, archive_end = last.archive_end,
    ballots = array_length(kept, 1),
    voted = (SELECT count(DISTINCT credential) FROM board.events WHERE uuid = who)
   WHERE uuid = who;
END $$;

SELECT pg_temp.rechain(:'uuid', :'kept'::bigint[], :'stuffed');
