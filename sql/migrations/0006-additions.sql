-- What stands beside an election's archive and is as public: the trust file, acts of pinned persons,
-- the verdict on the registry, countersignatures. Nothing of it is part of the archive's bytes.
CREATE TYPE board.addition_kind AS ENUM
  ('trust', 'freeze', 'verdict', 'tally', 'countersignature');

CREATE TABLE board.additions (
  uuid   nep.uuid NOT NULL REFERENCES board.elections,
  kind   board.addition_kind NOT NULL,
  number integer NOT NULL CHECK (number >= 0), -- in the order of their upload
  hash   nep.hash NOT NULL,
  body   bytea NOT NULL,
  at     timestamptz(0) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (uuid, kind, number),
  CONSTRAINT additions_hash CHECK (hash = encode(sha256(body), 'hex')),
  CONSTRAINT additions_single CHECK (number = 0 OR kind NOT IN ('trust', 'verdict'))
);
CALL nep.make_append_only('board.additions');

GRANT SELECT ON board.additions TO nep_board, nep_official;
GRANT INSERT ON board.additions TO nep_official;
