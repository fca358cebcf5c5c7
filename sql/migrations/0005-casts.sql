-- Cast statements: with each ballot its sequence number, signed by the credential (A23). A chain beside
-- that of board.events; the n-th statement, counted from 0, belongs to the ballot at height n + 1.
CREATE TABLE board.casts (
  uuid       nep.uuid NOT NULL,
  height     bigint NOT NULL, -- of the ballot's event
  credential text NOT NULL,
  sequence   bigint NOT NULL CHECK (sequence BETWEEN 1 AND 999999999),
  hash       nep.hash NOT NULL,
  body       bytea NOT NULL,
  event      nep.hash NOT NULL,
  parent     nep.hash,
  casts_end  bigint NOT NULL CHECK (casts_end > 0 AND casts_end % 512 = 0),
  PRIMARY KEY (uuid, height),
  CONSTRAINT casts_order UNIQUE (uuid, credential, sequence),
  CONSTRAINT casts_hash CHECK (hash = encode(sha256(body), 'hex')),
  CONSTRAINT casts_first CHECK ((height = 1) = (parent IS NULL)),
  CONSTRAINT casts_ballot FOREIGN KEY (uuid, height) REFERENCES board.ballots
);
ALTER TABLE board.casts ALTER COLUMN body SET STORAGE EXTERNAL;
CALL nep.make_append_only('board.casts');

-- The event's text as protocol/casts.h describes it.
CREATE FUNCTION board.cast_text(c board.casts) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '{' || coalesce('"parent":"' || c.parent || '",', '')
      || '"height":' || c.height - 1 || ',"type":["Cast"],"payload":"' || c.hash || '"}'
$$;
GRANT EXECUTE ON FUNCTION board.cast_text TO nep_board;

CREATE FUNCTION board.check_cast() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE previous board.casts;
BEGIN
  IF NEW.event <> encode(sha256(convert_to(board.cast_text(NEW), 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'cast % of %: the hash is not that of the event', NEW.height, NEW.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  IF NEW.height > 1 THEN
    SELECT * INTO previous FROM board.casts WHERE uuid = NEW.uuid AND height = NEW.height - 1;
    IF NOT FOUND OR previous.event <> NEW.parent OR NEW.casts_end <= previous.casts_end THEN
      RAISE EXCEPTION 'cast % of % does not continue the chain', NEW.height, NEW.uuid
        USING ERRCODE = 'NEP02';
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM board.ballots b WHERE b.uuid = NEW.uuid AND b.height = NEW.height
                   AND b.credential = NEW.credential) THEN
    RAISE EXCEPTION 'cast % of %: the ballot is not this credential''s', NEW.height, NEW.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  IF EXISTS (SELECT FROM board.casts c WHERE c.uuid = NEW.uuid AND c.credential = NEW.credential
               AND c.sequence >= NEW.sequence) THEN
    RAISE EXCEPTION 'cast % of %: a later ballot of the credential is stored', NEW.height, NEW.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON board.casts
  FOR EACH ROW EXECUTE FUNCTION board.check_cast();

GRANT SELECT ON board.casts TO nep_board, nep_official;
GRANT INSERT ON board.casts TO nep_board;
