-- Officials and what they did. Keys are added and revoked at the machine, by the owner's role.
CREATE TABLE official.officials (
  name  text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
  key   nep.hash NOT NULL UNIQUE, -- Ed25519 public key in hex
  added timestamptz(0) NOT NULL DEFAULT clock_timestamp()
);
CALL nep.make_append_only('official.officials');

CREATE TABLE official.revocations (
  name text PRIMARY KEY REFERENCES official.officials,
  at   timestamptz(0) NOT NULL DEFAULT clock_timestamp()
);
CALL nep.make_append_only('official.revocations');

CREATE TABLE official.acts (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid      nep.uuid NOT NULL REFERENCES board.elections DEFERRABLE INITIALLY DEFERRED,
  action    text NOT NULL,
  official  text NOT NULL REFERENCES official.officials,
  nonce     text NOT NULL CHECK (nonce ~ '^[0-9a-f]{32}$'),
  body_hash nep.hash NOT NULL,
  envelope  text NOT NULL, -- the NEP-Act header: anyone can check the signature again
  at        timestamptz(0) NOT NULL,
  CONSTRAINT acts_nonce UNIQUE (nonce)
);
CALL nep.make_append_only('official.acts');

-- No act by a key that was revoked, whatever the service believes.
CREATE FUNCTION official.check_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM official.revocations WHERE name = NEW.official) THEN
    RAISE EXCEPTION 'the key of % is revoked', NEW.official USING ERRCODE = 'NEP04';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER not_revoked BEFORE INSERT ON official.acts
  FOR EACH ROW EXECUTE FUNCTION official.check_act();

GRANT SELECT ON official.officials, official.revocations, official.acts TO nep_official;
GRANT INSERT ON official.acts TO nep_official;
