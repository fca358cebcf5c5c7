-- Nobody on line holds the map from person to credential: salt and credentials are sealed to the
-- auditors whom the event's trust file names, and leave the tables.

-- What was registered in the open cannot be sealed by the database, which has no key.
DO $$ BEGIN
  IF EXISTS (SELECT FROM registry.registrations) THEN
    RAISE EXCEPTION 'registrations of an earlier version are stored: finish these elections with that version';
  END IF;
END $$;
DROP FUNCTION registry.final_credentials;
DROP TABLE registry.credentials;
ALTER TABLE registry.registrations DROP COLUMN salt, ADD COLUMN sealed text NOT NULL;
ALTER TABLE registry.registrations ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- For which elections a registration is; not by which credential.
CREATE TABLE registry.registered (
  uuid  nep.uuid NOT NULL REFERENCES board.elections,
  nonce text NOT NULL REFERENCES registry.registrations,
  CONSTRAINT registered_once PRIMARY KEY (uuid, nonce)
);
CREATE INDEX registered_nonce ON registry.registered (nonce);
CALL nep.make_append_only('registry.registered');
GRANT SELECT, INSERT ON registry.registered TO nep_registry;

CREATE OR REPLACE FUNCTION registry.counts(wanted nep.uuid, OUT roll bigint, OUT registered bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*) FROM registry.rolls WHERE uuid = wanted),
         (SELECT count(*) FROM registry.registered e WHERE e.uuid = wanted
             AND NOT EXISTS (SELECT FROM registry.registrations later
                              WHERE later.replaces = e.nonce))
$$;
