-- A ballot, its statement and the event of both are written at once and never apart, so they are one row: three
-- tables had nine indexes to enter for each ballot, and checks that one has the others. On a database with ballots
-- this copies them, and needs room for them twice while it runs.
ALTER TABLE board.events
  ADD COLUMN credential     text,   -- of a Ballot event, as all that follows: who signed
  ADD COLUMN body           bytea,  -- the ballot; its hash is the payload
  ADD COLUMN sequence       bigint, -- number of the cast statement
  ADD COLUMN statement      bytea,
  ADD COLUMN statement_hash text,   -- compared with the statement, and so no nep.hash, as the next two
  -- The chain of statements beside that of the events: the n-th one, counted from 0, belongs to the ballot at
  -- height n + 1.
  ADD COLUMN cast_event     text,
  ADD COLUMN cast_parent    text,
  ADD COLUMN casts_end      bigint;
ALTER TABLE board.events ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN statement SET STORAGE EXTERNAL;

-- Rows of before get what belongs to them, and change in nothing else.
ALTER TABLE board.events DISABLE TRIGGER append_only;
UPDATE board.events e
   SET credential = b.credential, body = b.body, sequence = c.sequence, statement = c.body, statement_hash = c.hash,
       cast_event = c.event, cast_parent = c.parent, casts_end = c.casts_end
  FROM board.ballots b LEFT JOIN board.casts c USING (uuid, height)
 WHERE e.uuid = b.uuid AND e.height = b.height;
ALTER TABLE board.events ENABLE TRIGGER append_only;

-- Few conditions of many parts: a condition is read anew for each statement that stores rows.
ALTER TABLE board.events
  ADD CONSTRAINT events_payload_once UNIQUE (payload, uuid),
  ADD CONSTRAINT events_ballot CHECK (CASE WHEN type = 'Ballot'
    THEN (credential, body) IS NOT NULL AND payload = encode(sha256(body), 'hex')
    ELSE (credential, body) IS NULL END);
-- A ballot is not stored without its statement (A23). Not asked of ballots from before there were statements.
ALTER TABLE board.events ADD CONSTRAINT events_statement CHECK (CASE WHEN type = 'Ballot'
  THEN (sequence, statement, statement_hash, cast_event, casts_end) IS NOT NULL
       AND statement_hash = encode(sha256(statement), 'hex') AND (height = 1) = (cast_parent IS NULL)
       AND sequence BETWEEN 1 AND 999999999 AND casts_end > 0 AND casts_end % 512 = 0
  ELSE (sequence, statement, statement_hash, cast_event, cast_parent, casts_end) IS NULL END) NOT VALID;
-- What is asked of an election alone does not use these two, however small the table was when a plan was made: one
-- begins with the payload, the other is for those who ask for a credential.
CREATE UNIQUE INDEX events_statement_order ON board.events (uuid, credential, sequence) WHERE credential IS NOT NULL;

DROP TABLE board.casts CASCADE; -- with board.cast_text and ballots_statement, which speak of its rows
DROP TABLE board.ballots;
DROP FUNCTION board.check_casts, board.check_revealed;
DROP FUNCTION board.event_text;

-- The text of an event in either chain, as protocol.md §11 and protocol/casts.h describe it.
CREATE FUNCTION board.event_text(parent text, height bigint, type text, payload text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN '{' || coalesce('"parent":"' || parent || '",', '')
      || '"height":' || height || ',"type":["' || type || '"]'
      || coalesce(',"payload":"' || payload || '"', '') || '}';
END $$;
GRANT EXECUTE ON FUNCTION board.event_text TO nep_board, nep_official;

-- The event before one may be of the same statement. Each role appends its own kinds of events: ballots come from
-- the casting path alone, everything else from acts of officials, which is checked by a function each.
DROP TRIGGER chain ON board.events;
DROP FUNCTION board.check_events;
CREATE FUNCTION board.check_act_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT f.* INTO bad FROM (
    SELECT n.uuid, n.height, n.type, CASE
        WHEN session_user <> 'nep_official' OR n.type = 'Ballot'
          THEN 'writer'
        WHEN n.hash <> encode(sha256(convert_to(
               board.event_text(n.parent, n.height, n.type::text, n.payload), 'UTF8')), 'hex')
          THEN 'the hash is not that of the event'
        WHEN n.height > 0 AND (p.hash IS NULL OR p.hash <> n.parent OR n.archive_end <= p.archive_end
                               OR n.at < p.at OR NOT board.may_follow(p.type, n.type))
          THEN 'it does not continue the chain'
        WHEN n.type <> 'EndBallots' AND NOT board.data_stands(n.uuid, n.height, n.type, n.payload)
          THEN 'its payload is not stored' END AS fault
      FROM fresh n LEFT JOIN LATERAL (
        SELECT e.hash, e.archive_end, e.at, e.type FROM board.events e
         WHERE e.uuid = n.uuid AND e.height = n.height - 1 LIMIT 1) AS p ON true) AS f
   WHERE f.fault IS NOT NULL LIMIT 1;
  IF FOUND AND bad.fault = 'writer' THEN
    RAISE EXCEPTION 'role % may not append a % event', session_user, bad.type USING ERRCODE = 'NEP04';
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'event % of %: %', bad.height, bad.uuid, bad.fault USING ERRCODE = 'NEP02';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER acts AFTER INSERT ON board.events REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT WHEN (session_user <> 'nep_board') EXECUTE FUNCTION board.check_act_events();

-- Both chains are continued, numbers grow, and no message stands on the board of challenges.
CREATE FUNCTION board.check_ballot_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT f.* INTO bad FROM (
    SELECT n.uuid, n.height, n.type, CASE
        WHEN n.type <> 'Ballot'
          THEN 'writer'
        WHEN n.hash <> encode(sha256(convert_to(
               board.event_text(n.parent, n.height, 'Ballot', n.payload), 'UTF8')), 'hex')
          THEN 'the hash is not that of the event'
        WHEN p.hash IS NULL OR p.hash <> n.parent OR n.archive_end <= p.archive_end OR n.at < p.at
             OR NOT board.may_follow(p.type, 'Ballot')
          THEN 'it does not continue the chain'
        WHEN n.cast_event <> encode(sha256(convert_to(
               board.event_text(n.cast_parent, n.height - 1, 'Cast', n.statement_hash), 'UTF8')), 'hex')
          THEN 'the hash is not that of the statement''s event'
        WHEN n.height > 1 AND (p.cast_event IS NULL OR p.cast_event <> n.cast_parent OR n.casts_end <= p.casts_end)
          THEN 'its statement does not continue the chain'
        WHEN n.sequence <= (SELECT e.sequence FROM board.events e WHERE e.uuid = n.uuid AND e.credential = n.credential
                               AND e.height < n.height ORDER BY e.sequence DESC LIMIT 1)
          THEN 'a later ballot of the credential is stored'
        WHEN EXISTS (SELECT FROM board.challenges c WHERE c.uuid = n.uuid AND c.credential = n.credential
                        AND c.message = board.signed_message(n.body) OFFSET 0)
          THEN 'revealed' END AS fault
      FROM fresh n LEFT JOIN LATERAL (
        SELECT e.hash, e.archive_end, e.at, e.type, e.cast_event, e.casts_end FROM board.events e
         WHERE e.uuid = n.uuid AND e.height = n.height - 1 LIMIT 1) AS p ON true) AS f
   WHERE f.fault IS NOT NULL LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  CASE bad.fault
    WHEN 'writer' THEN
      RAISE EXCEPTION 'role % may not append a % event', session_user, bad.type USING ERRCODE = 'NEP04';
    WHEN 'revealed' THEN
      RAISE EXCEPTION 'the message of a ballot stands on the board of challenges' USING ERRCODE = 'NEP05';
    ELSE
      RAISE EXCEPTION 'event % of %: %', bad.height, bad.uuid, bad.fault USING ERRCODE = 'NEP02';
  END CASE;
END $$;
CREATE TRIGGER ballots AFTER INSERT ON board.events REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT WHEN (session_user = 'nep_board') EXECUTE FUNCTION board.check_ballot_events();

-- A ballot moves a head on and changes nothing else, so these two are called only where what they check is written,
-- and not asked for each head.
DROP TRIGGER forward_only ON board.heads;
CREATE TRIGGER forward_only BEFORE UPDATE OF uuid, phase, registration_closes, opens, closes ON board.heads
  FOR EACH ROW EXECUTE FUNCTION board.check_head();
DROP TRIGGER claims_period ON board.heads;
CREATE TRIGGER claims_period BEFORE UPDATE OF phase, claims_until ON board.heads
  FOR EACH ROW EXECUTE FUNCTION board.check_claims();

-- Once for all heads of a statement: numbers do not go back, and the event stands.
CREATE OR REPLACE FUNCTION board.check_head_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT n.uuid, n.back INTO bad FROM (
    SELECT n.*, n.ballots < o.ballots OR n.voted < o.voted OR coalesce(n.height, -1) < coalesce(o.height, -1) AS back
      FROM fresh n JOIN was o ON o.uuid = n.uuid) AS n
   WHERE n.back OR n.event IS NOT NULL AND NOT EXISTS (
         SELECT FROM board.events e WHERE e.uuid = n.uuid AND e.height = n.height
            AND e.hash = n.event AND e.archive_end = n.archive_end OFFSET 0)
   LIMIT 1;
  IF FOUND AND bad.back THEN
    RAISE EXCEPTION 'election %: the head would go back', bad.uuid USING ERRCODE = 'NEP03';
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'election %: the head names an event that is not stored', bad.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  RETURN NULL;
END $$;
-- The same checks as before, of the table where ballots are now.
DO $$ BEGIN
  EXECUTE replace(pg_get_functiondef('board.check_challenge'::regproc), 'FROM board.ballots b', 'FROM board.events b');
END $$;

-- Nothing that the officials' role does reads or writes a ballot: who counts them is nep_board.
REVOKE SELECT, INSERT ON board.events FROM nep_official;
GRANT SELECT (uuid, height, type, hash, parent, payload, archive_end, at), INSERT (uuid, height, type, hash, parent, payload, archive_end, at)
   ON board.events TO nep_official;
