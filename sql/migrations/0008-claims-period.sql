-- Between the freeze and the opening voters look for themselves on the list and can object: the
-- period comes from the event's trust file, and no opening comes before its end.
ALTER TABLE board.heads ADD COLUMN claims_until timestamptz(0);
GRANT UPDATE (claims_until) ON board.heads TO nep_official;

CREATE FUNCTION board.check_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.claims_until IS DISTINCT FROM NEW.claims_until AND NEW.phase <> 'frozen' THEN
    RAISE EXCEPTION 'election %: the claims period belongs to the freeze', NEW.uuid
      USING ERRCODE = 'NEP03';
  END IF;
  IF NEW.phase = 'frozen' AND (NEW.claims_until IS NULL OR NEW.claims_until < OLD.claims_until) THEN
    RAISE EXCEPTION 'election %: a frozen list has its claims period, which does not become shorter',
      NEW.uuid USING ERRCODE = 'NEP03';
  END IF;
  IF OLD.phase = 'frozen' AND NEW.phase = 'open' AND OLD.claims_until > clock_timestamp() THEN
    RAISE EXCEPTION 'election %: claims can be made until %', NEW.uuid, OLD.claims_until
      USING ERRCODE = 'NEP03';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claims_period BEFORE UPDATE ON board.heads
  FOR EACH ROW EXECUTE FUNCTION board.check_claims();
-- Elections that an earlier version froze had no period.
ALTER TABLE board.heads DISABLE TRIGGER forward_only, DISABLE TRIGGER claims_period;
UPDATE board.heads SET claims_until = clock_timestamp() WHERE phase = 'frozen';
ALTER TABLE board.heads ENABLE TRIGGER forward_only, ENABLE TRIGGER claims_period;
