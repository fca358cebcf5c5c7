-- What the three schemas share: who may come in, and the triggers that make a table append-only.
CREATE SCHEMA registry;
CREATE SCHEMA board;
CREATE SCHEMA official;
GRANT USAGE ON SCHEMA nep, board TO nep_registry, nep_board, nep_official;
GRANT USAGE ON SCHEMA registry TO nep_registry, nep_official;
GRANT USAGE ON SCHEMA official TO nep_official;
GRANT SELECT ON nep.migrations TO nep_registry, nep_board, nep_official;
-- New functions are callable by everyone unless this is taken away.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Errors of our own triggers: NEP01 a row that may never change, NEP02 a broken chain,
-- NEP03 a life cycle that would go backwards, NEP04 the wrong role for this kind of row.
CREATE FUNCTION nep.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'NEP01';
END $$;

CREATE PROCEDURE nep.make_append_only(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s
                  FOR EACH ROW EXECUTE FUNCTION nep.refuse_change()', target);
  EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %s
                  FOR EACH STATEMENT EXECUTE FUNCTION nep.refuse_change()', target);
END $$;
REVOKE EXECUTE ON PROCEDURE nep.make_append_only FROM PUBLIC;

CREATE DOMAIN nep.uuid AS text CHECK (VALUE ~ '^[1-9A-HJ-NP-Za-km-z]{14,64}$');
CREATE DOMAIN nep.hash AS text CHECK (VALUE ~ '^[0-9a-f]{64}$');
