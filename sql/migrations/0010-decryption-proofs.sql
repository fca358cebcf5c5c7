-- With each partial decryption stands a second proof beside the archive, whose challenge covers the
-- tally and all factors. No decryption is appended without the proof that names it.
ALTER TYPE board.addition_kind ADD VALUE 'decryption-proof';

CREATE FUNCTION board.check_decryption_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM board.data o JOIN board.additions a ON a.uuid = o.uuid AND a.kind = 'decryption-proof'
        WHERE o.uuid = NEW.uuid AND o.height = NEW.height AND o.kind = 'owned'
          AND convert_from(a.body, 'UTF8')::json ->> 'decryption'
              = convert_from(o.body, 'UTF8')::json ->> 'payload') THEN
    RAISE EXCEPTION 'event % of %: its second proof is not stored', NEW.height, NEW.uuid
      USING ERRCODE = 'NEP02';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER c_decryption_proof BEFORE INSERT ON board.events
  FOR EACH ROW WHEN (NEW.type = 'PartialDecryption')
  EXECUTE FUNCTION board.check_decryption_proof();
