-- Every ballot moves its election's head on, so what a head is checked against is most of the work of that
-- update. The same rows are refused as before.

-- A list of phases is looked up only when the phase changes.
CREATE OR REPLACE FUNCTION board.check_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.uuid <> OLD.uuid OR NEW.phase < OLD.phase OR NEW.ballots < OLD.ballots
     OR NEW.voted < OLD.voted OR coalesce(NEW.height, -1) < coalesce(OLD.height, -1) THEN
    RAISE EXCEPTION 'election %: % would go back to %', OLD.uuid, OLD.phase, NEW.phase
      USING ERRCODE = 'NEP03';
  END IF;
  IF NEW.phase <> OLD.phase THEN
    IF array_length(enum_range(OLD.phase, NEW.phase), 1) <> 2 THEN
      RAISE EXCEPTION 'election %: % may not skip to %', OLD.uuid, OLD.phase, NEW.phase
        USING ERRCODE = 'NEP03';
    END IF;
  END IF;
  IF OLD.phase > 'registration' AND (NEW.registration_closes <> OLD.registration_closes
       OR NEW.opens < OLD.opens OR (OLD.phase > 'frozen' AND NEW.opens <> OLD.opens)
       OR NEW.closes < OLD.closes OR (OLD.phase > 'open' AND NEW.closes <> OLD.closes)) THEN
    RAISE EXCEPTION 'election %: that date is fixed in phase %', OLD.uuid, OLD.phase
      USING ERRCODE = 'NEP03';
  END IF;
  RETURN NEW;
END $$;

-- Once for all heads of a statement. A head that moves back to an event before is refused above.
CREATE FUNCTION board.check_head_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT n.uuid INTO bad FROM fresh n JOIN was o ON o.uuid = n.uuid
   WHERE n.event IS DISTINCT FROM o.event AND NOT EXISTS (
         SELECT FROM board.events e WHERE e.uuid = n.uuid AND e.height = n.height
            AND e.hash = n.event AND e.archive_end = n.archive_end)
   ORDER BY n.uuid LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'election %: the head names an event that is not stored', bad.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER event_stands AFTER UPDATE ON board.heads REFERENCING OLD TABLE AS was NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION board.check_head_events();
