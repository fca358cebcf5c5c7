-- Included by each test: an election to work on.
\ir tap.sql

-- Runs a command the way a service does: as the role that logged in. The caller is the superuser, so
-- pgTAP's own tables stay out of the role's reach.
CREATE FUNCTION tap.as_role(who text, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', who);
  EXECUTE what;
  RESET SESSION AUTHORIZATION;
END $$;
CREATE FUNCTION tap.refused(who text, what text, state text, name text) RETURNS SETOF text
LANGUAGE sql AS $$
  SELECT tap.throws_ok(format('SELECT tap.as_role(%L, %L)', who, what), state, NULL::text, name)
$$;
CREATE FUNCTION tap.allowed(who text, what text, name text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT tap.lives_ok(format('SELECT tap.as_role(%L, %L)', who, what), name)
$$;

-- An event under the hash that it has, with that of its statement's event.
CREATE FUNCTION tap.rehashed(e board.events) RETURNS board.events LANGUAGE plpgsql AS $$
BEGIN
  e.hash := tap.hash_of(board.event_text(e.parent, e.height, e.type::text, e.payload));
  IF e.type = 'Ballot' THEN
    e.cast_event := tap.hash_of(board.event_text(e.cast_parent, e.height - 1, 'Cast', e.statement_hash));
  END IF;
  RETURN e;
END $$;
-- An event that continues the chain of the test's election, as its service would write it.
CREATE FUNCTION tap.event(number bigint, kind text, load text) RETURNS board.events LANGUAGE plpgsql AS $$
DECLARE e board.events;
BEGIN
  e.uuid := '11111111111111';
  e.height := number;
  e.type := kind;
  e.payload := load;
  e.parent := (SELECT hash FROM board.events WHERE uuid = e.uuid AND height = number - 1);
  e.archive_end := 5120 * (number + 1);
  e.at := '2026-05-24 00:00:00+00'::timestamptz + number * interval '1 second';
  RETURN tap.rehashed(e);
END $$;
-- That of a ballot, with a statement that continues the chain of statements.
CREATE FUNCTION tap.ballot(number bigint, text text, sequence bigint) RETURNS board.events LANGUAGE plpgsql AS $$
DECLARE e board.events := tap.event(number, 'Ballot', tap.hash_of(text));
BEGIN
  e.credential := 'c1';
  e.body := convert_to(text, 'UTF8');
  e.sequence := sequence;
  e.statement := convert_to('statement ' || number, 'UTF8');
  e.statement_hash := encode(sha256(e.statement), 'hex');
  e.cast_parent := (SELECT cast_event FROM board.events WHERE uuid = e.uuid AND height = number - 1);
  e.casts_end := 2048 * number;
  RETURN tap.rehashed(e);
END $$;
CREATE FUNCTION tap.ballot(number bigint, text text) RETURNS board.events LANGUAGE sql AS $$
  SELECT tap.ballot(number, text, number)
$$;
CREATE FUNCTION tap.of_credential(e board.events, credential text) RETURNS board.events LANGUAGE plpgsql AS $$
BEGIN e.credential := credential; RETURN e; END $$;
-- The command that stores it.
CREATE FUNCTION tap.store(e board.events) RETURNS text LANGUAGE plpgsql AS $$
DECLARE columns text := 'uuid, height, type, hash, parent, payload, archive_end, at';
BEGIN
  IF e.credential IS NOT NULL OR e.body IS NOT NULL THEN
    columns := columns || ', credential, body, sequence, statement, statement_hash, cast_event, cast_parent, casts_end';
  END IF;
  RETURN format('INSERT INTO board.events (%s) SELECT %1$s FROM (SELECT (%L::board.events).*) AS e', columns, e);
END $$;
-- The command that publishes a challenge of this message.
CREATE FUNCTION tap.reveal(number bigint, credential text, message text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE text text := format('{"challenge":{"seed":"","message":%s},"proof":{}}', message);
BEGIN
  RETURN format('INSERT INTO board.challenges (uuid, number, credential, hash, body, at)
                 VALUES (''11111111111111'', %s, %L, %L, %L::bytea, now())',
                number, credential, tap.hash_of(text), convert_to(text, 'UTF8'));
END $$;
CREATE FUNCTION tap.signed(message text, signature text) RETURNS text LANGUAGE sql AS $$
  SELECT format('{"message":%s,"signature":%s}', message, signature)
$$;
CREATE FUNCTION tap.freeze() RETURNS text LANGUAGE sql AS $$
  SELECT 'UPDATE board.heads SET phase = ''frozen'', claims_until = clock_timestamp() + interval ''1 hour''
           WHERE uuid = ''11111111111111'''
$$;
-- Time passes until voting can be opened.
CREATE FUNCTION tap.end_claims() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  ALTER TABLE board.heads DISABLE TRIGGER claims_period;
  UPDATE board.heads SET claims_until = clock_timestamp() - interval '1 second' WHERE phase = 'frozen';
  ALTER TABLE board.heads ENABLE TRIGGER claims_period;
END $$;
CREATE FUNCTION tap.claims(seconds bigint) RETURNS text LANGUAGE sql AS $$
  SELECT format('UPDATE board.heads SET claims_until = coalesce(claims_until, clock_timestamp()) + interval ''%s seconds''
                  WHERE uuid = ''11111111111111''', seconds)
$$;
CREATE FUNCTION tap.go(next text) RETURNS text LANGUAGE sql AS $$
  SELECT format('UPDATE board.heads SET phase = %L WHERE uuid = ''11111111111111''', next)
$$;

INSERT INTO board.elections VALUES
  ('11111111111111', 'event', 'name', '', 'text', 'Ed25519', 512, 0),
  ('22222222222222', 'event', 'name', '', 'text', 'Ed25519', 512, 0);
INSERT INTO board.data SELECT '11111111111111', 0, kind::board.data_kind, tap.hash_of(kind), convert_to(kind, 'UTF8')
  FROM unnest(ARRAY['election', 'trustees', 'credentials', 'setup']) AS kind;
INSERT INTO board.additions (uuid, kind, number, hash, body)
  SELECT '11111111111111', 'trust', 0, tap.hash_of(body), convert_to(body, 'UTF8')
    FROM (VALUES ('{"claims_period":3600}')) AS trust (body);
INSERT INTO board.heads (uuid, phase, registration_closes, opens, closes, archive_end) VALUES
  ('11111111111111', 'draft', '2026-05-01 00:00:00+00', '2026-05-24 00:00:00+00', '2026-05-24 12:00:00+00', 1024);
INSERT INTO registry.rolls VALUES
  ('11111111111111', 'p1', 'Nguyễn Văn A', NULL, NULL), ('11111111111111', 'p2', 'Trần Thị B', NULL, NULL);
INSERT INTO registry.key_sets VALUES (tap.hash_of('keys'), 'keys');
INSERT INTO registry.registrations VALUES
  (repeat('A', 43), 'event', 'p1', NULL, 'token', tap.hash_of('keys'), now(), '{}');
INSERT INTO registry.registered VALUES ('11111111111111', repeat('A', 43));
INSERT INTO registry.accesses (person, at, action, address) VALUES ('p1', now(), 'sign-in', '127.0.0.1');
INSERT INTO official.officials (name, key) VALUES ('one', repeat('1', 64)), ('two', repeat('2', 64));
INSERT INTO official.revocations (name) VALUES ('two');
INSERT INTO official.acts (uuid, action, official, nonce, body_hash, envelope, at) VALUES
  ('11111111111111', 'create', 'one', repeat('a', 32), repeat('0', 64), 'e', now());
