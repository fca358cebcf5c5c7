-- The public record: what an archive UUID.bel is made of, and nothing about persons.
CREATE TYPE board.phase AS ENUM
  ('draft', 'registration', 'frozen', 'open', 'closed', 'tallied', 'announced');
CREATE TYPE board.event_type AS ENUM
  ('Setup', 'Ballot', 'EndBallots', 'EncryptedTally', 'PartialDecryption', 'Result');
-- In the order in which the records stand before their event (protocol.md §11).
CREATE TYPE board.data_kind AS ENUM
  ('election', 'trustees', 'credentials', 'setup', 'tally', 'sized', 'decryption', 'owned', 'result');

CREATE TABLE board.elections (
  uuid         nep.uuid PRIMARY KEY,
  event        text NOT NULL CHECK (length(event) BETWEEN 1 AND 100),
  name         text NOT NULL,
  description  text NOT NULL,
  identifier   text NOT NULL CHECK (identifier IN ('vn-12', 'text')),
  group_name   text NOT NULL CHECK (group_name IN ('Ed25519', 'BELENIOS-2048', 'RFC-3526-2048')),
  ballot_bytes bigint NOT NULL CHECK (ballot_bytes > 0 AND ballot_bytes % 512 = 0),
  stamp        bigint NOT NULL CHECK (stamp BETWEEN 0 AND 8589934591) -- the archive's timestamp
);
CALL nep.make_append_only('board.elections');

-- Data records, by the height of the event that they stand before. Those of the Setup event (height 0)
-- are published before that event is.
CREATE TABLE board.data (
  uuid   nep.uuid NOT NULL REFERENCES board.elections,
  height bigint NOT NULL CHECK (height >= 0),
  kind   board.data_kind NOT NULL,
  hash   nep.hash NOT NULL,
  body   bytea NOT NULL,
  PRIMARY KEY (uuid, height, kind),
  CONSTRAINT data_hash CHECK (hash = encode(sha256(body), 'hex')),
  CONSTRAINT data_height CHECK ((height = 0) = (kind <= 'setup'))
);
CALL nep.make_append_only('board.data');

CREATE TABLE board.events (
  uuid        nep.uuid NOT NULL REFERENCES board.elections,
  height      bigint NOT NULL CHECK (height >= 0),
  type        board.event_type NOT NULL,
  hash        nep.hash NOT NULL,
  parent      nep.hash,
  payload     nep.hash,
  archive_end bigint NOT NULL CHECK (archive_end > 0 AND archive_end % 512 = 0),
  at          timestamptz(0) NOT NULL,
  CONSTRAINT events_chain PRIMARY KEY (uuid, height),
  CONSTRAINT events_first CHECK ((height = 0) = (parent IS NULL) AND (height = 0) = (type = 'Setup')),
  CONSTRAINT events_payload CHECK ((payload IS NULL) = (type = 'EndBallots'))
);
CALL nep.make_append_only('board.events');

CREATE TABLE board.ballots (
  uuid       nep.uuid NOT NULL,
  height     bigint NOT NULL,
  hash       nep.hash NOT NULL,
  credential text NOT NULL,
  body       bytea NOT NULL,
  PRIMARY KEY (uuid, height),
  CONSTRAINT ballots_once UNIQUE (uuid, hash),
  CONSTRAINT ballots_hash CHECK (hash = encode(sha256(body), 'hex')),
  CONSTRAINT ballots_event FOREIGN KEY (uuid, height) REFERENCES board.events
    DEFERRABLE INITIALLY DEFERRED
);
-- Group elements and proofs do not compress; trying halves the rate.
ALTER TABLE board.ballots ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX ballots_credential ON board.ballots (uuid, credential, height DESC);
CALL nep.make_append_only('board.ballots');

-- Where each election stands. The one table whose rows change, and only forward.
CREATE TABLE board.heads (
  uuid                nep.uuid PRIMARY KEY REFERENCES board.elections,
  phase               board.phase NOT NULL,
  registration_closes timestamptz(0),
  opens               timestamptz(0),
  closes              timestamptz(0),
  height              bigint, -- of the last event; NULL before the first
  event               nep.hash,
  archive_end         bigint NOT NULL CHECK (archive_end > 0 AND archive_end % 512 = 0),
  ballots             bigint NOT NULL DEFAULT 0 CHECK (ballots >= 0),
  voted               bigint NOT NULL DEFAULT 0 CHECK (voted BETWEEN 0 AND ballots),
  CONSTRAINT heads_event CHECK ((height IS NULL) = (event IS NULL)
                                AND (height IS NULL) = (phase <= 'frozen')),
  CONSTRAINT heads_calendar_whole CHECK ((registration_closes IS NULL) = (opens IS NULL)
                                         AND (opens IS NULL) = (closes IS NULL)
                                         AND (opens IS NOT NULL OR phase = 'draft')),
  CONSTRAINT heads_calendar_order CHECK (registration_closes <= opens AND opens < closes)
);

-- The event's text as protocol.md §11 writes it; its SHA-256 is what the next event names as parent.
CREATE FUNCTION board.event_text(e board.events) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '{' || coalesce('"parent":"' || e.parent || '",', '')
      || '"height":' || e.height || ',"type":["' || e.type || '"]'
      || coalesce(',"payload":"' || e.payload || '"', '') || '}'
$$;
GRANT EXECUTE ON FUNCTION board.event_text TO nep_board, nep_official;

-- Ballots come from the casting path alone, everything else from acts of officials.
CREATE FUNCTION board.check_event_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF session_user <> (CASE WHEN NEW.type = 'Ballot' THEN 'nep_board' ELSE 'nep_official' END) THEN
    RAISE EXCEPTION 'role % may not append a % event', session_user, NEW.type
      USING ERRCODE = 'NEP04';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_writer BEFORE INSERT ON board.events
  FOR EACH ROW EXECUTE FUNCTION board.check_event_writer();

CREATE FUNCTION board.may_follow(before board.event_type, after board.event_type) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE before
           WHEN 'Setup' THEN after IN ('Ballot', 'EndBallots')
           WHEN 'Ballot' THEN after IN ('Ballot', 'EndBallots')
           WHEN 'EndBallots' THEN after = 'EncryptedTally'
           WHEN 'EncryptedTally' THEN after IN ('PartialDecryption', 'Result')
           WHEN 'PartialDecryption' THEN after IN ('PartialDecryption', 'Result')
           ELSE false END
$$;
GRANT EXECUTE ON FUNCTION board.may_follow TO nep_board, nep_official;

CREATE FUNCTION board.payload_stands(e board.events) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE e.type
    WHEN 'EndBallots' THEN true
    WHEN 'Ballot' THEN EXISTS (SELECT FROM board.ballots b
       WHERE b.uuid = e.uuid AND b.height = e.height AND b.hash = e.payload)
    ELSE EXISTS (SELECT FROM board.data d
       WHERE d.uuid = e.uuid AND d.height = e.height AND d.hash = e.payload
         AND d.kind = CASE e.type WHEN 'Setup' THEN 'setup' WHEN 'EncryptedTally' THEN 'sized'
                      WHEN 'PartialDecryption' THEN 'owned' ELSE 'result' END::board.data_kind)
    END
$$;
GRANT EXECUTE ON FUNCTION board.payload_stands TO nep_board, nep_official;

CREATE FUNCTION board.check_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE previous board.events;
BEGIN
  IF NEW.hash <> encode(sha256(convert_to(board.event_text(NEW), 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'event % of %: the hash is not that of the event', NEW.height, NEW.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  IF NEW.height > 0 THEN
    SELECT * INTO previous FROM board.events WHERE uuid = NEW.uuid AND height = NEW.height - 1;
    IF NOT FOUND OR previous.hash <> NEW.parent OR NEW.archive_end <= previous.archive_end
       OR NEW.at < previous.at OR NOT board.may_follow(previous.type, NEW.type) THEN
      RAISE EXCEPTION 'event % of % does not continue the chain', NEW.height, NEW.uuid
        USING ERRCODE = 'NEP02';
    END IF;
  END IF;
  IF NOT board.payload_stands(NEW) THEN
    RAISE EXCEPTION 'event % of %: its payload is not stored', NEW.height, NEW.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER b_chain BEFORE INSERT ON board.events
  FOR EACH ROW EXECUTE FUNCTION board.check_event();

CREATE FUNCTION board.check_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.uuid <> OLD.uuid OR NEW.phase < OLD.phase OR NEW.ballots < OLD.ballots
     OR NEW.voted < OLD.voted OR coalesce(NEW.height, -1) < coalesce(OLD.height, -1) THEN
    RAISE EXCEPTION 'election %: % would go back to %', OLD.uuid, OLD.phase, NEW.phase
      USING ERRCODE = 'NEP03';
  END IF;
  IF enum_range(OLD.phase, NEW.phase) <> ARRAY[OLD.phase]
     AND array_length(enum_range(OLD.phase, NEW.phase), 1) <> 2 THEN
    RAISE EXCEPTION 'election %: % may not skip to %', OLD.uuid, OLD.phase, NEW.phase
      USING ERRCODE = 'NEP03';
  END IF;
  IF OLD.phase > 'registration' AND (NEW.registration_closes <> OLD.registration_closes
       OR NEW.opens < OLD.opens OR (OLD.phase > 'frozen' AND NEW.opens <> OLD.opens)
       OR NEW.closes < OLD.closes OR (OLD.phase > 'open' AND NEW.closes <> OLD.closes)) THEN
    RAISE EXCEPTION 'election %: that date is fixed in phase %', OLD.uuid, OLD.phase
      USING ERRCODE = 'NEP03';
  END IF;
  IF NEW.event IS DISTINCT FROM OLD.event AND NOT EXISTS (
       SELECT FROM board.events e WHERE e.uuid = NEW.uuid AND e.height = NEW.height
          AND e.hash = NEW.event AND e.archive_end = NEW.archive_end) THEN
    RAISE EXCEPTION 'election %: the head names an event that is not stored', NEW.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forward_only BEFORE UPDATE ON board.heads
  FOR EACH ROW EXECUTE FUNCTION board.check_head();

CREATE FUNCTION board.check_first_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.phase <> 'draft' OR NEW.ballots <> 0 THEN
    RAISE EXCEPTION 'election % must begin as a draft', NEW.uuid USING ERRCODE = 'NEP03';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER begins_as_draft BEFORE INSERT ON board.heads
  FOR EACH ROW EXECUTE FUNCTION board.check_first_head();
CREATE TRIGGER never_deleted BEFORE DELETE ON board.heads
  FOR EACH ROW EXECUTE FUNCTION nep.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON board.heads
  FOR EACH STATEMENT EXECUTE FUNCTION nep.refuse_change();

-- For the registry: the phase cannot change before the caller's transaction ends.
CREATE FUNCTION board.hold_phase(wanted nep.uuid,
    OUT phase text, OUT event text, OUT group_name text, OUT registration_closes bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.phase::text, e.event, e.group_name,
         extract(epoch FROM h.registration_closes)::bigint
    FROM board.heads h JOIN board.elections e USING (uuid)
   WHERE h.uuid = wanted FOR SHARE OF h
$$;
GRANT EXECUTE ON FUNCTION board.hold_phase TO nep_registry;

GRANT SELECT ON board.elections, board.data, board.events, board.ballots, board.heads
   TO nep_board, nep_official;
GRANT INSERT ON board.events, board.ballots TO nep_board;
GRANT UPDATE (height, event, archive_end, ballots, voted) ON board.heads TO nep_board;
GRANT INSERT ON board.elections, board.data, board.events, board.heads TO nep_official;
GRANT UPDATE (phase, registration_closes, opens, closes, height, event, archive_end)
   ON board.heads TO nep_official;
