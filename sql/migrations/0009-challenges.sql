-- Challenges that voters published: what their devices had encrypted and were made to reveal (A26). They
-- never count: a message that was revealed is not cast, and one that was cast is not revealed.

-- Hash of what a ballot signs, between {"message": and ,"signature": of its text. The same message can be
-- signed more than once, so the hash of the ballot does not tell. Computed only for credentials with
-- challenges: stored with each ballot it would cost half as much again as inserting the ballot.
CREATE FUNCTION board.signed_message(ballot bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(substring(ballot FROM 12
    FOR greatest(position(',"signature":'::bytea IN ballot) - 12, 0))), 'hex')
$$;
GRANT EXECUTE ON FUNCTION board.signed_message TO nep_board;

CREATE TABLE board.challenges (
  uuid       nep.uuid NOT NULL REFERENCES board.elections,
  number     bigint NOT NULL CHECK (number >= 1), -- in the order of their publication
  credential text NOT NULL,
  hash       nep.hash NOT NULL,
  body       bytea NOT NULL,
  -- What is revealed, between ,"message": and }},"proof": of the text: compared with ballots'.
  message    nep.hash NOT NULL GENERATED ALWAYS AS (
    encode(sha256(substring(body FROM position(',"message":'::bytea IN body) + 11
      FOR greatest(position(',"proof":'::bytea IN body) - position(',"message":'::bytea IN body) - 12,
                   0))), 'hex')) STORED,
  at         timestamptz(0) NOT NULL,
  CONSTRAINT challenges_order PRIMARY KEY (uuid, number),
  CONSTRAINT challenges_once UNIQUE (uuid, hash),
  CONSTRAINT challenges_message UNIQUE (uuid, message),
  CONSTRAINT challenges_hash CHECK (hash = encode(sha256(body), 'hex')),
  CONSTRAINT challenges_body CHECK (length(body) BETWEEN 1 AND 33554432)
);
ALTER TABLE board.challenges ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX challenges_credential ON board.challenges (uuid, credential);
CALL nep.make_append_only('board.challenges');

-- NEP05: a message that would be both revealed and cast, or too many of one credential.
CREATE FUNCTION board.check_challenge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NOT EXISTS (SELECT FROM board.challenges c
       WHERE c.uuid = NEW.uuid AND c.number = NEW.number - 1) THEN
    RAISE EXCEPTION 'challenge % of % leaves a gap', NEW.number, NEW.uuid USING ERRCODE = 'NEP02';
  END IF;
  IF NOT EXISTS (SELECT FROM board.heads h WHERE h.uuid = NEW.uuid AND h.phase = 'open') THEN
    RAISE EXCEPTION 'challenge % of %: the election is not open', NEW.number, NEW.uuid
      USING ERRCODE = 'NEP03';
  END IF;
  IF 16 < (SELECT count(*) FROM board.challenges c
            WHERE c.uuid = NEW.uuid AND c.credential = NEW.credential) THEN
    RAISE EXCEPTION 'challenge % of %: the credential has 16 already', NEW.number, NEW.uuid
      USING ERRCODE = 'NEP05';
  END IF;
  IF 256 < (SELECT count(*) FROM (SELECT FROM board.ballots b WHERE b.uuid = NEW.uuid
             AND b.credential = NEW.credential LIMIT 257) AS few) THEN
    RAISE EXCEPTION 'challenge % of %: more ballots of the credential than can be compared',
      NEW.number, NEW.uuid USING ERRCODE = 'NEP05';
  END IF;
  IF EXISTS (SELECT FROM board.ballots b WHERE b.uuid = NEW.uuid AND b.credential = NEW.credential
                AND board.signed_message(b.body) = NEW.message) THEN
    RAISE EXCEPTION 'challenge % of % would reveal a ballot', NEW.number, NEW.uuid
      USING ERRCODE = 'NEP05';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER never_cast AFTER INSERT ON board.challenges
  FOR EACH ROW EXECUTE FUNCTION board.check_challenge();

-- Once for all ballots of a transaction.
CREATE FUNCTION board.check_revealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh f JOIN board.challenges c ON c.uuid = f.uuid AND c.credential = f.credential
              WHERE c.message = board.signed_message(f.body)) THEN
    RAISE EXCEPTION 'the message of a ballot stands on the board of challenges' USING ERRCODE = 'NEP05';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER never_revealed AFTER INSERT ON board.ballots REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION board.check_revealed();

GRANT SELECT, INSERT ON board.challenges TO nep_board;
