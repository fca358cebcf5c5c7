-- Persons: the roll, their registrations, sessions and access log. No ballot is named here.
CREATE TABLE registry.rolls (
  uuid       nep.uuid NOT NULL REFERENCES board.elections,
  identifier text NOT NULL CHECK (length(identifier) BETWEEN 1 AND 100),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  birth_date date,
  weight     bigint CHECK (weight BETWEEN 1 AND 1000000000),
  CONSTRAINT rolls_once PRIMARY KEY (uuid, identifier)
);
CALL nep.make_append_only('registry.rolls');

-- Every set of provider's keys that a token was checked with.
CREATE TABLE registry.key_sets (
  hash nep.hash PRIMARY KEY,
  body bytea NOT NULL,
  CONSTRAINT key_sets_hash CHECK (hash = encode(sha256(body), 'hex'))
);
CALL nep.make_append_only('registry.key_sets');

CREATE TABLE registry.registrations (
  nonce    text PRIMARY KEY CHECK (nonce ~ '^[A-Za-z0-9_-]{43}$'),
  event    text NOT NULL,
  person   text NOT NULL CHECK (length(person) BETWEEN 1 AND 100),
  replaces text REFERENCES registry.registrations,
  salt     nep.hash NOT NULL, -- 32 bytes in hex
  token    text NOT NULL,
  key_set  nep.hash NOT NULL REFERENCES registry.key_sets,
  at       timestamptz(0) NOT NULL,
  CONSTRAINT registrations_no_fork UNIQUE (replaces),
  CONSTRAINT registrations_not_itself CHECK (replaces <> nonce)
);
-- One first registration for each person; every other one replaces the one before.
CREATE UNIQUE INDEX registrations_first ON registry.registrations (event, person)
  WHERE replaces IS NULL;
CREATE INDEX registrations_person ON registry.registrations (event, person);
CALL nep.make_append_only('registry.registrations');

CREATE FUNCTION registry.check_registration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.replaces IS NOT NULL AND NOT EXISTS (
       SELECT FROM registry.registrations r WHERE r.nonce = NEW.replaces
          AND r.event = NEW.event AND r.person = NEW.person) THEN
    RAISE EXCEPTION 'a registration may only replace one of the same person and event'
      USING ERRCODE = 'NEP02';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER same_person BEFORE INSERT ON registry.registrations
  FOR EACH ROW EXECUTE FUNCTION registry.check_registration();

CREATE TABLE registry.credentials (
  uuid       nep.uuid NOT NULL REFERENCES board.elections,
  credential text NOT NULL,
  nonce      text NOT NULL REFERENCES registry.registrations,
  CONSTRAINT credentials_distinct PRIMARY KEY (uuid, credential),
  CONSTRAINT credentials_one_each UNIQUE (nonce, uuid)
);
CALL nep.make_append_only('registry.credentials');

CREATE TABLE registry.sign_in_nonces (
  nonce_hash nep.hash PRIMARY KEY,
  expires    timestamptz NOT NULL
);
CREATE TABLE registry.sessions (
  token_hash nep.hash PRIMARY KEY,
  person     text NOT NULL,
  expires    timestamptz NOT NULL
);

CREATE TABLE registry.accesses (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person  text NOT NULL,
  at      timestamptz(0) NOT NULL,
  action  text NOT NULL CHECK (action IN ('sign-in', 'registration', 'status', 'accesses')),
  address text NOT NULL
);
CREATE INDEX accesses_person ON registry.accesses (person, id DESC);
CALL nep.make_append_only('registry.accesses');

-- For the freeze: credentials that were not replaced, without the persons they belong to.
CREATE FUNCTION registry.final_credentials(wanted nep.uuid)
RETURNS TABLE (credential text, weight bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.credential, l.weight
    FROM registry.credentials c
    JOIN registry.registrations r USING (nonce)
    JOIN registry.rolls l ON l.uuid = c.uuid AND l.identifier = r.person
   WHERE c.uuid = wanted
     AND NOT EXISTS (SELECT FROM registry.registrations later WHERE later.replaces = r.nonce)
   ORDER BY c.credential
$$;
GRANT EXECUTE ON FUNCTION registry.final_credentials TO nep_official;

-- For the public page: how many stand on the roll and how many have registered.
CREATE FUNCTION registry.counts(wanted nep.uuid, OUT roll bigint, OUT registered bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*) FROM registry.rolls WHERE uuid = wanted),
         (SELECT count(*) FROM registry.credentials c WHERE c.uuid = wanted
             AND NOT EXISTS (SELECT FROM registry.registrations later
                              WHERE later.replaces = c.nonce))
$$;
GRANT EXECUTE ON FUNCTION registry.counts TO nep_registry, nep_official;

GRANT SELECT ON registry.rolls, registry.registrations, registry.credentials, registry.key_sets,
                registry.accesses TO nep_registry;
GRANT INSERT ON registry.registrations, registry.credentials, registry.key_sets, registry.accesses
   TO nep_registry;
GRANT SELECT, INSERT, DELETE ON registry.sign_in_nonces, registry.sessions TO nep_registry;
GRANT SELECT, INSERT ON registry.rolls TO nep_official;
