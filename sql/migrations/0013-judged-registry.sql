-- What a freeze is held against: the registrations that the auditors have judged, and the claims
-- period that the event's trust file promises.

-- As many as the export for the auditors holds (board and officials cannot read them). Registrations
-- are only ever added, so an equal number means the same ones.
CREATE FUNCTION registry.exported(wanted nep.uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FROM registry.registrations r WHERE (r.event, r.person) IN (
    SELECT n.event, n.person FROM registry.registrations n JOIN registry.registered USING (nonce)
     WHERE uuid = wanted)
$$;
GRANT EXECUTE ON FUNCTION registry.exported TO nep_official;
REVOKE EXECUTE ON FUNCTION registry.counts FROM nep_official;

-- The service reads the clock a moment before it freezes, in whole seconds; a minute covers that.
CREATE OR REPLACE FUNCTION board.check_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  period bigint;
BEGIN
  IF OLD.claims_until IS DISTINCT FROM NEW.claims_until AND NEW.phase <> 'frozen' THEN
    RAISE EXCEPTION 'election %: the claims period belongs to the freeze', NEW.uuid
      USING ERRCODE = 'NEP03';
  END IF;
  IF NEW.phase = 'frozen' AND (NEW.claims_until IS NULL OR NEW.claims_until < OLD.claims_until) THEN
    RAISE EXCEPTION 'election %: a frozen list has its claims period, which does not become shorter',
      NEW.uuid USING ERRCODE = 'NEP03';
  END IF;
  IF NEW.phase = 'frozen' AND OLD.phase <> 'frozen' THEN
    SELECT (convert_from(body, 'UTF8')::json ->> 'claims_period')::bigint INTO period
      FROM board.additions WHERE uuid = NEW.uuid AND kind = 'trust';
    IF period IS NULL OR NEW.claims_until <
         clock_timestamp() + (period - 60) * interval '1 second' THEN
      RAISE EXCEPTION 'election %: its trust file gives % seconds for claims', NEW.uuid, period
        USING ERRCODE = 'NEP03';
    END IF;
  END IF;
  IF OLD.phase = 'frozen' AND NEW.phase = 'open' AND OLD.claims_until > clock_timestamp() THEN
    RAISE EXCEPTION 'election %: claims can be made until %', NEW.uuid, OLD.claims_until
      USING ERRCODE = 'NEP03';
  END IF;
  RETURN NEW;
END $$;
