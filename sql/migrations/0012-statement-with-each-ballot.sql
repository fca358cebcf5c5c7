-- A ballot is not committed without its statement (A23): the statements' chain has no gaps, so one missing
-- would keep everybody from casting. Put off to the end of the transaction, as the statement comes after its
-- ballot. Ballots of elections from before there were statements stay as they are: only new rows are looked at.
ALTER TABLE board.ballots ADD CONSTRAINT ballots_statement FOREIGN KEY (uuid, height) REFERENCES board.casts
  DEFERRABLE INITIALLY DEFERRED NOT VALID;

-- Nothing that the officials' role does reads a statement.
REVOKE SELECT ON board.casts FROM nep_official;
