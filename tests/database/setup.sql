-- Included by each test: pgTAP in a schema of its own, and an election to work on. Nothing stays,
-- because every test ends with ROLLBACK.
\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE SCHEMA tap;
CREATE EXTENSION pgtap SCHEMA tap;
SET search_path = tap, pg_catalog;

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
CREATE FUNCTION tap.hash_of(body text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(body, 'UTF8')), 'hex')
$$;

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
  e.hash := tap.hash_of(board.event_text(e));
  RETURN e;
END $$;
-- The command that stores it.
CREATE FUNCTION tap.store(e board.events) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO board.events SELECT (%L::board.events).*', e)
$$;
CREATE FUNCTION tap.store_ballot(number bigint, text text) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO board.ballots (uuid, height, hash, credential, body)
                 VALUES (''11111111111111'', %s, %L, ''c1'', %L::bytea)',
                number, tap.hash_of(text), convert_to(text, 'UTF8'))
$$;
-- The statement that continues the chain of statements, and the command that stores it.
CREATE FUNCTION tap.rehashed(c board.casts) RETURNS board.casts LANGUAGE plpgsql AS $$
BEGIN c.event := tap.hash_of(board.cast_text(c)); RETURN c; END $$;
CREATE FUNCTION tap.statement(number bigint, sequence bigint) RETURNS board.casts LANGUAGE plpgsql AS $$
DECLARE c board.casts;
BEGIN
  c.uuid := '11111111111111';
  c.height := number;
  c.credential := 'c1';
  c.sequence := sequence;
  c.body := convert_to('statement ' || number, 'UTF8');
  c.hash := encode(sha256(c.body), 'hex');
  c.parent := (SELECT event FROM board.casts WHERE uuid = c.uuid AND height = number - 1);
  c.casts_end := 2048 * number;
  RETURN tap.rehashed(c);
END $$;
CREATE FUNCTION tap.store(c board.casts) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO board.casts SELECT (%L::board.casts).*', c)
$$;
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
