-- What is asked for each ballot is looked up through an index, however small the tables were when a session
-- made its plan. OFFSET 0 keeps an EXISTS from becoming a join or a list of all rows, which suits a small table
-- and is kept when it has grown. The same rows are refused as before.

-- Nor are all rows of an election read for one of them: an election's name tells nothing where the tables are
-- one election's, and a plan is made as if they were.
ALTER TABLE board.ballots ALTER uuid SET (n_distinct = 1);
ALTER TABLE board.events ALTER uuid SET (n_distinct = 1);
ALTER TABLE board.casts ALTER uuid SET (n_distinct = 1);
ALTER TABLE board.data ALTER uuid SET (n_distinct = 1);
ALTER TABLE board.challenges ALTER uuid SET (n_distinct = 1);

CREATE FUNCTION board.data_stands(uuid nep.uuid, height bigint, type board.event_type, payload nep.hash)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM board.data d
    WHERE d.uuid = data_stands.uuid AND d.height = data_stands.height AND d.hash = data_stands.payload
      AND d.kind = CASE data_stands.type WHEN 'Setup' THEN 'setup' WHEN 'EncryptedTally' THEN 'sized'
                     WHEN 'PartialDecryption' THEN 'owned' ELSE 'result' END::board.data_kind);
END $$;
GRANT EXECUTE ON FUNCTION board.data_stands TO nep_board, nep_official;

-- Who may write is told by the same question as what is wrong with the chain.
CREATE OR REPLACE FUNCTION board.check_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT f.* INTO bad FROM (
    SELECT n.uuid, n.height, n.type, CASE
        WHEN session_user <> (CASE WHEN n.type = 'Ballot' THEN 'nep_board' ELSE 'nep_official' END)
          THEN 'writer'
        WHEN n.hash <> encode(sha256(convert_to(board.event_text((n.uuid, n.height, n.type, n.hash, n.parent,
                         n.payload, n.archive_end, n.at)::board.events), 'UTF8')), 'hex')
          THEN 'the hash is not that of the event'
        WHEN n.height > 0 AND (p.hash IS NULL OR p.hash <> n.parent OR n.archive_end <= p.archive_end
                               OR n.at < p.at OR NOT board.may_follow(p.type, n.type))
          THEN 'it does not continue the chain'
        WHEN NOT (CASE n.type WHEN 'EndBallots' THEN true
            WHEN 'Ballot' THEN EXISTS (SELECT FROM board.ballots b
               WHERE b.uuid = n.uuid AND b.height = n.height AND b.hash = n.payload OFFSET 0)
            ELSE board.data_stands(n.uuid, n.height, n.type, n.payload) END)
          THEN 'its payload is not stored' END AS fault
      FROM fresh n LEFT JOIN LATERAL (SELECT e.hash, e.archive_end, e.at, e.type FROM board.events e
                     WHERE e.uuid = n.uuid AND e.height = n.height - 1 LIMIT 1) AS p ON true) AS f
   WHERE f.fault IS NOT NULL LIMIT 1;
  IF FOUND AND bad.fault = 'writer' THEN
    RAISE EXCEPTION 'role % may not append a % event', session_user, bad.type
      USING ERRCODE = 'NEP04';
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'event % of %: %', bad.height, bad.uuid, bad.fault USING ERRCODE = 'NEP02';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION board.check_casts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT f.* INTO bad FROM (
    SELECT n.uuid, n.height, CASE
        WHEN n.event <> encode(sha256(convert_to(board.cast_text((n.uuid, n.height, n.credential, n.sequence,
                          n.hash, n.body, n.event, n.parent, n.casts_end)::board.casts), 'UTF8')), 'hex')
          THEN 'the hash is not that of the event'
        WHEN n.height > 1 AND (p.event IS NULL OR p.event <> n.parent OR n.casts_end <= p.casts_end)
          THEN 'it does not continue the chain'
        WHEN NOT EXISTS (SELECT FROM board.ballots b WHERE b.uuid = n.uuid AND b.height = n.height
                            AND b.credential = n.credential OFFSET 0)
          THEN 'the ballot is not this credential''s'
        WHEN EXISTS (SELECT FROM board.casts c WHERE c.uuid = n.uuid AND c.credential = n.credential
                        AND c.sequence >= n.sequence AND c.height < n.height OFFSET 0)
          THEN 'a later ballot of the credential is stored' END AS fault
      FROM fresh n LEFT JOIN LATERAL (SELECT c.event, c.casts_end FROM board.casts c
                     WHERE c.uuid = n.uuid AND c.height = n.height - 1 LIMIT 1) AS p ON true) AS f
   WHERE f.fault IS NOT NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cast % of %: %', bad.height, bad.uuid, bad.fault USING ERRCODE = 'NEP02';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION board.check_head_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT n.uuid INTO bad FROM fresh n JOIN was o ON o.uuid = n.uuid
   WHERE n.event IS DISTINCT FROM o.event AND NOT EXISTS (
         SELECT FROM board.events e WHERE e.uuid = n.uuid AND e.height = n.height
            AND e.hash = n.event AND e.archive_end = n.archive_end OFFSET 0)
   ORDER BY n.uuid LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'election %: the head names an event that is not stored', bad.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION board.check_revealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh f WHERE EXISTS (SELECT FROM board.challenges c
              WHERE c.uuid = f.uuid AND c.credential = f.credential
                AND c.message = board.signed_message(f.body) OFFSET 0)) THEN
    RAISE EXCEPTION 'the message of a ballot stands on the board of challenges' USING ERRCODE = 'NEP05';
  END IF;
  RETURN NULL;
END $$;

-- Called only where there is something to refuse or to look at: a ballot moves a head on, and no more.
DROP TRIGGER forward_only ON board.heads;
CREATE TRIGGER forward_only BEFORE UPDATE ON board.heads FOR EACH ROW
  WHEN (NEW.uuid <> OLD.uuid OR NEW.phase <> OLD.phase OR NEW.ballots < OLD.ballots OR NEW.voted < OLD.voted
        OR coalesce(NEW.height, -1) < coalesce(OLD.height, -1)
        OR (NEW.registration_closes, NEW.opens, NEW.closes)
           IS DISTINCT FROM (OLD.registration_closes, OLD.opens, OLD.closes))
  EXECUTE FUNCTION board.check_head();
DROP TRIGGER claims_period ON board.heads;
CREATE TRIGGER claims_period BEFORE UPDATE ON board.heads FOR EACH ROW
  WHEN (NEW.phase = 'frozen' OR NEW.phase <> OLD.phase OR NEW.claims_until IS DISTINCT FROM OLD.claims_until)
  EXECUTE FUNCTION board.check_claims();

-- Two foreign keys that repeat what is checked of each row anyway, and lock a row each time. A statement's
-- ballot is of the same credential (board.check_casts). An event continues one of the same election, the first
-- of all has its Setup data, and these name the election (board.check_events, board.data). Nothing that they
-- point to is ever deleted.
ALTER TABLE board.casts DROP CONSTRAINT casts_ballot;
ALTER TABLE board.events DROP CONSTRAINT events_uuid_fkey;

-- The same texts as before. Counted repetitions made the expression so large that reading it was an eighth of
-- the work of storing a ballot, which names its election four times.
ALTER DOMAIN nep.uuid DROP CONSTRAINT uuid_check;
ALTER DOMAIN nep.uuid ADD CONSTRAINT uuid_check
  CHECK (octet_length(VALUE) BETWEEN 14 AND 64 AND VALUE ~ '^[1-9A-HJ-NP-Za-km-z]+$') NOT VALID;
