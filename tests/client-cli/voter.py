"""nep-voter against a server that lies, breaks and answers on command (fake_server.py)."""
import glob
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_server import FakeServer, certificate, nonce, parts, records, registration_nonce, sha256, tracker  # noqa: E402

SOURCE, BUILD = os.environ["NEP_SOURCE"], os.environ["NEP_BUILD"]
VOTER = os.path.join(BUILD, "client-cli", "nep-voter")
ADMIN = os.path.join(BUILD, "client-cli", "nep-admin")
VECTOR = os.path.join(SOURCE, "tests", "vectors", "positive", "Ed25519-blank")
OTHER = os.path.join(SOURCE, "tests", "vectors", "positive", "Ed25519-threshold", "election.bel")
SCRATCH = tempfile.mkdtemp(prefix="nep-voter-test.")
CHOICE = os.path.join(SCRATCH, "choice.json")
GOOD = "[[0,1,1,0,0]]"
CASES = []
server = None


def case(function):
    CASES.append(function)
    return function


class Device:
    """A voter's folder with the credential of a voter of the vector."""

    def __init__(self, voter="voter1"):
        self.dir = tempfile.mkdtemp(dir=SCRATCH)
        secret = json.load(open(os.path.join(VECTOR, "secrets", "private_creds.json")))[voter]
        self.write("credentials-%s.txt" % server.uuid, secret + "\n")

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)

    def run(self, *arguments, ca=None, url=None, answers="", trust=""):
        """`trust`: the fingerprint that the voter has from elsewhere; None: none. "" gives the right one to vote and
        check --registered."""
        known = {"vote", "--registered"} & set(arguments)
        pin = ["--trust", trust or server.fingerprint()] if trust or (known and trust is not None) else []
        done = subprocess.run(
            [VOTER, "--lang", "en", "--server", url or server.url, "--ca", ca or server.ca, "--dir", self.dir, *pin,
             *arguments], input=answers.encode(), capture_output=True, timeout=120)
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        return done.returncode

    def vote(self, choice=GOOD, *more):
        return self.run("vote", "--election", server.uuid, "--choice-file", choice_file(choice), *more)

    def files(self, kind):
        return sorted(glob.glob(os.path.join(self.dir, kind + "-*.json")))


def choice_file(choice):
    if os.path.exists(CHOICE):
        os.unlink(CHOICE)
    with open(os.open(CHOICE, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(choice)
    return CHOICE


def expect(device, got, wanted, *texts):
    said = device.out + device.err
    assert got == wanted, "exit code %d, expected %d\n%s" % (got, wanted, said)
    for text in texts:
        assert text in said, "did not say %r\n%s" % (text, said)


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def no_ballot(device):
    assert server.posts() == [], "something was sent"
    assert device.files("ballot") == [], "a ballot was made"


# ---- casting ----


@case
def a16_the_request_has_exactly_the_length_of_the_election():
    for choice in (GOOD, '["blank"]', "[[1,0,0,0,0]]"):
        device = Device()
        expect(device, device.vote(choice), 0, "accepted")
        body = server.posts()[-1]
        assert len(body) == server.ballot_bytes, len(body)
        ballot = open(device.files("ballot")[0], "rb").read()
        statement = open(device.files("statement")[0], "rb").read()
        enclosed = b'{"ballot":%s,"statement":%s}' % (ballot, statement)
        assert body == enclosed + b" " * (len(body) - len(enclosed))
        receipt = json.load(open(device.files("receipt")[0]))
        assert receipt["message"]["tracker"] == tracker(ballot)
        assert tracker(ballot) in device.out
    for path in glob.glob(os.path.join(device.dir, "*")):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, path


@case
def the_ballot_is_on_disk_before_it_is_sent():
    device = Device()
    found = []
    server.on_post = lambda path, body: found.append([open(f, "rb").read() for f in device.files("ballot")])
    expect(device, device.vote(), 0)
    assert found == [[parts(server.posts()[0])[0]]]


@case
def a_broken_connection_is_retried_with_identical_bytes():
    device = Device()
    server.post_faults = ["cut", "busy"]
    expect(device, device.vote(), 0, "accepted")
    bodies = server.posts()
    assert len(bodies) == 3 and len(set(bodies)) == 1
    assert len(device.files("ballot")) == 1


@case
def a_ballot_without_a_receipt_is_sent_again_unchanged_whatever_the_phase():
    device = Device()
    server.post_faults = ["cut"] * 20
    expect(device, device.vote(), 2, "[connection]")
    server.post_faults, server.phase = [], "closed"
    assert device.files("receipt") == []
    expect(device, device.vote("[[1,0,0,0,0]]"), 0, "sent again unchanged")
    assert len(set(server.posts())) == 1 and len(device.files("ballot")) == 1
    server.phase = "open"
    expect(device, device.vote("[[1,0,0,0,0]]"), 0)
    assert len(set(server.posts())) == 2 and len(device.files("ballot")) == 2


@case
def a_receipt_that_does_not_hold_is_refused_and_the_ballot_kept():
    for fault, code in (("other key", "signature"), ("other purpose", "signature"),
                        ("other ballot", "receipt-content")):
        device = Device()
        server.post_faults = [fault]
        expect(device, device.vote(), 1, "[%s]" % code)
        assert device.files("receipt") == [] and len(device.files("ballot")) == 1
        server.seen.clear()
        expect(device, device.vote(), 0)
        assert parts(server.posts()[0])[0] == open(device.files("ballot")[0], "rb").read()


def refuse(code, signed=None, **changed):
    """The next ballot is refused with this code; what is signed says another one and what is changed."""
    fault = {"status": 409, "code": code}
    server.post_faults = [fault]
    server.on_post = lambda _, body: fault.update(
        more={"refusal": server.refusal(*parts(body), signed or code, **changed)})


@case
def a_signed_refusal_is_kept_and_the_next_ballot_is_a_new_one():
    for code in ("closed", "not-open", "cast-order", "cast-challenged"):
        device = Device()
        refuse(code)
        expect(device, device.vote(), 1, "[%s]" % code, "signed its refusal")
        assert device.files("ballot") == [] and len(device.files("refused")) == 1
        assert json.load(open(device.files("refusal")[0]))["message"]["code"] == code
    server.on_post = None
    expect(device, device.vote(), 0)
    assert len(set(server.posts())) == 5
    assert device.files("ballot")[0].endswith("-0002.json")


@case
def a_refusal_that_decides_nothing_is_not_called_one():
    """PROTOCOL-ADDITIONS 3.4, 12.10: of this ballot with this statement, and a code that there is."""
    for how in ({"signed": "nonsense"}, {"signed": "phase"}, {"statement": None}, {"statement": "0" * 64},
                {"tracker": tracker(b"other")}, {"uuid": "6" * 14}, {"signer": server.stranger}, None):
        device = Device()
        refuse("closed", **(how or {}))
        server.on_post = server.on_post if how else None  # no refusal at all
        expect(device, device.vote(), 1, "[closed]", "nothing shows that it refused it")
        assert device.files("refusal") == [] and len(device.files("refused")) == 1, how
        assert "signed its refusal" not in device.err


@case
def who_insists_gets_a_refusal_that_shows_something():
    device = Device()
    server.phase = "closed"
    expect(device, device.vote(), 1, "[not-open]", "--anyway")
    no_ballot(device)
    refuse("closed")
    expect(device, device.vote(GOOD, "--anyway"), 1, "[closed]", "signed its refusal")
    assert len(device.files("refusal")) == 1
    expect(device, device.run("list", "--anyway"), 2, "is not an option of list")


@case
def a23_each_ballot_says_which_one_it_follows():
    device = Device()
    fault = {"status": 409, "code": "cast-order"}
    expect(device, device.vote(), 0)
    server.post_faults = [fault]
    expect(device, device.vote(), 1, "[cast-order]", "this one or a later one")
    expect(device, device.vote(), 0)
    sent = [parts(body) for body in server.posts()]
    said = [json.loads(statement)["message"] for _, statement in sent]
    hashes = [sha256(ballot) for ballot, _ in sent]
    assert [s["sequence"] for s in said] == [1, 2, 3], said
    assert [s["ballot"] for s in said] == hashes
    assert [s["previous"] for s in said] == [None] + hashes[:2], "the refused one is named too"
    assert {s["election_hash"] for s in said} == {sha256(server.definition)}


@case
def choices_against_the_rules_are_refused_before_anything_is_made():
    for choice, text in (("[[1,1,1,1,0]]", "too many"), ("[[0,0,0,0,0]]", "too few"), ("[[1,1]]", "fewer entries"),
                         ("{}", "a list is expected")):
        device = Device()
        expect(device, device.vote(choice), 1, text)
        no_ballot(device)


@case
def a_choice_file_that_others_may_read_is_refused():
    device = Device()
    device.vote()
    os.chmod(CHOICE, 0o644)
    server.seen.clear()
    got = device.run("vote", "--election", server.uuid, "--choice-file", CHOICE)
    expect(device, got, 2, "[file-mode]")
    assert server.posts() == []


@case
def a_choice_typed_at_the_program_is_cast_when_it_is_confirmed():
    device = Device()
    expect(device, device.run("vote", "--election", server.uuid, answers="1 3\nn\n"), 1, "[not-cast]", "A; C")
    no_ballot(device)
    expect(device, device.run("vote", "--election", server.uuid, answers="1 2 3 4\n"), 1, "too many")
    expect(device, device.run("vote", "--election", server.uuid, answers="0\n"), 2, "ended before an answer")
    no_ballot(device)
    expect(device, device.run("vote", "--election", server.uuid, answers="0\ny\ncast\n"), 0, "blank vote", "accepted")


@case
def a_credential_can_be_typed_and_is_not_kept():
    device = Device()
    path = os.path.join(device.dir, "credentials-%s.txt" % server.uuid)
    secret = open(path).read()
    os.unlink(path)
    expect(device, device.run("vote", "--election", server.uuid, answers="11111\n"), 1, "[credential-form]")
    expect(device, device.run("vote", "--election", server.uuid, answers=secret + "1\ny\ncast\n"), 0, "accepted")
    kept = [open(f).read() for f in glob.glob(os.path.join(device.dir, "*"))]
    assert not any(secret.strip() in text for text in kept)
    assert secret.strip() not in device.out + device.err


# ---- what the voter's program does not believe ----


@case
def a25_another_election_key_is_refused_before_anything_is_encrypted():
    device = Device()
    honest = server.definition
    definition = json.loads(honest)
    definition["public_key"] = json.loads(server.credentials)[0]["credential"]  # some element of the group
    server.definition = json.dumps(definition, separators=(",", ":"), ensure_ascii=False).encode()
    try:
        expect(device, device.vote(), 1, "[paper-key]")
    finally:
        server.definition = honest
    no_ballot(device)


@case
def a25_a_definition_with_another_hash_is_refused():
    device = Device()
    server.faults["summary"] = {"election_hash": "0" * 64}
    expect(device, device.vote(), 1, "[paper-hash]")
    no_ballot(device)


@case
def a25_another_setup_than_at_the_first_vote_is_refused():
    device = Device()
    expect(device, device.vote(), 0)
    device.write("setup-%s.txt" % server.uuid, "0" * 64)
    expect(device, device.vote(), 1, "[setup-changed]")
    assert len(server.posts()) == 1


# ---- who has signed what the server shows ----


def lie(path, text):
    server.faults.setdefault("answers", {})[server.at(path)] = text


def other_vector_key(definition):
    """Definition and trustees of an election whose votes somebody else could read."""
    other = json.loads(definition)
    bodies = [body for name, body in records(OTHER) if name.endswith(".data.json")]
    other["public_key"] = json.loads(bodies[0])["public_key"]
    return json.dumps(other, separators=(",", ":"), ensure_ascii=False).encode(), bodies[1]


@case
def a25_trustees_of_the_servers_choosing_are_refused_before_anything_is_encrypted():
    device = Device()
    signed = server.freeze_acts()
    honest = server.definition, server.trustees
    server.definition, server.trustees = other_vector_key(server.definition)
    try:
        lie("/documents/freeze-acts", signed)
        expect(device, device.vote(), 1, "[freeze-act]", "the officials have not signed it")
        lie("/documents/freeze-acts", server.freeze_acts([server.stranger, server.observer]))
        expect(device, device.vote(), 1, "[not-pinned]")
    finally:
        server.definition, server.trustees = honest
    no_ballot(device)


@case
def a25_freeze_acts_that_do_not_hold_are_refused():
    first, second = server.officials
    for acts, code in (("[]", "too-few-acts"), (server.freeze_acts([first]), "too-few-acts"),
                       (server.freeze_acts([first, first]), "too-few-acts"),
                       (server.freeze_acts([first, server.observer]), "not-pinned"),
                       (server.freeze_acts([first, second, server.stranger]), "not-pinned"),
                       (server.freeze_acts(uuid="11111111111111"), "freeze-act"),
                       (server.freeze_acts(setup_hash="0" * 64), "freeze-act"),
                       (server.freeze_acts(credentials_hash="0" * 64), "freeze-act"),
                       (server.freeze_acts(trust="0" * 64), "freeze-act"),
                       (server.freeze_acts().replace(first.key, second.key), "signature"),
                       ("{}", "envelope"), ("[1]", "shape")):
        device = Device()
        lie("/documents/freeze-acts", acts)
        expect(device, device.vote(), 1, "[%s]" % code)
        no_ballot(device)


@case
def a25_the_trust_file_is_the_one_that_was_published():
    device = Device()
    honest = server.trust
    forged = server.trust_file(officials=[{"name": "a", "key": server.stranger.key}], officials_needed=1)
    lie("/trust", forged)
    expect(device, device.vote(), 1, "[trust-differs]")
    no_ballot(device)
    lie("/trust", server.trust_file(event="khác-2026"))
    expect(device, device.vote(), 1, "[trust-event]")
    lie("/trust", honest.replace(":false}", ":false }"))
    expect(device, device.vote(), 1, "trust file")
    no_ballot(device)


@case
def a25_without_a_published_fingerprint_the_voter_compares_once():
    device = Device()
    arguments = ("vote", "--election", server.uuid, "--choice-file", CHOICE)
    Device().vote("[[1,1,1,1,1]]")  # leaves CHOICE in place, casts nothing
    Device().vote(GOOD)
    server.seen.clear()
    expect(device, device.run(*arguments, trust=None), 2, "--trust")
    expect(device, device.run(*arguments, trust=None, answers="n\n"), 1, "[trust-unconfirmed]", server.fingerprint())
    no_ballot(device)
    expect(device, device.run(*arguments, trust=None, answers="y\n"), 0, "accepted", server.fingerprint())
    expect(device, device.run(*arguments, trust=None), 0, "accepted")
    assert server.fingerprint() not in device.out + device.err, "it is asked once"
    lie("/trust", server.trust_file(minimum_count=1))
    expect(device, device.run(*arguments, trust=None), 1, "[trust-changed]")
    assert len(server.posts()) == 2


@case
def a25_an_event_of_another_name_brings_no_other_trust_file():
    device, renamed = Device(), "thử-2026 "
    expect(device, registered(device), 0)
    forged = server.trust_file(event=renamed, officials=[{"name": "a", "key": server.stranger.key}], officials_needed=1)
    server.faults["summary"] = {"event": renamed}
    lie("/trust", forged)
    lie("/documents/freeze-acts", server.freeze_acts([server.stranger], trust=server.fingerprint(forged, encoded=False)))
    arguments = ("vote", "--election", server.uuid, "--choice-file", choice_file(GOOD))
    expect(device, device.run(*arguments, trust=None, answers="y\ny\n"), 1, "[trust-changed]")
    assert "Its fingerprint" not in device.out + device.err, "it asked"
    no_ballot(device)
    # what this lie looks like to a folder that knows nothing yet
    fresh = Device()
    expect(fresh, fresh.run(*arguments, trust=None, answers="y\ny\n"), 0, "Its fingerprint")


@case
def a25_an_election_stays_in_the_event_that_it_was_registered_in():
    device = new_device()
    expect(device, register(device), 0)
    server.faults["summary"] = {"event": "thử-2026 "}
    lie("/trust", server.trust_file(event="thử-2026 "))
    server.seen.clear()
    for trust in (None, server.fingerprint(server.faults["answers"][server.at("/trust")])):
        arguments = ("vote", "--election", server.uuid, "--choice-file", choice_file(GOOD))
        expect(device, device.run(*arguments, trust=trust, answers="y\ny\n"), 1, "[trust-event]", "is registered for")
        no_ballot(device)


@case
def acts_that_could_not_be_fetched_accuse_nobody():
    for problem in ((500, "internal"), (404, "document")):
        device = Device()
        server.faults["problems"] = {server.at("/documents/freeze-acts"): problem}
        expect(device, device.vote(), 2 if problem[0] == 500 else 1, "[%s]" % problem[1], "freeze acts")
        assert "have not signed" not in device.err, device.err
        no_ballot(device)


@case
def a_fingerprint_is_refused_where_nothing_would_be_held_against_it():
    device = Device()
    for command in (("list",), ("status",), ("check",), ("publish",)):
        expect(device, device.run(*command, "--election", server.uuid, trust=server.fingerprint()), 2, "--trust")
    assert server.seen == []


# ---- the own place in the list ----


def registered(device, *more):
    return device.run("check", "--registered", "--election", server.uuid, *more)


@case
def a_voter_finds_the_own_credential_in_the_frozen_list():
    device = Device()
    server.faults["summary"] = {"phase": "frozen", "claims_until": "2026-12-01T00:00:00Z"}
    expect(device, registered(device), 0, "You are on the list")
    expect(device, registered(device, "--json"), 0, '"listed":true', '"claims_until":"2026-12-01T00:00:00Z"')
    device.write("credentials-%s.txt" % server.uuid, "11111-222222-33333-444444\n")
    expect(device, registered(device), 1, "[not-listed]", "before 2026-12-01T00:00:00Z")
    expect(device, registered(device, "--json"), 1, '"listed":false')
    server.faults["summary"] = {"phase": "registration", "setup_hash": None, "credentials_hash": None}
    expect(device, registered(device), 1, "[not-frozen]")


def listed_after(device):
    """The election is frozen with the credential that the device has registered."""
    honest, mine = server.credentials, json.load(open(os.path.join(device.dir, "registration.json")))
    server.credentials = compact(sorted(json.loads(honest) + [
        {"credential": mine["credentials"][0]["credential"]}], key=lambda c: c["credential"]))
    return honest


@case
def a_registrations_receipt_is_held_against_the_trust_file():
    honest_key, honest_list = server.signer, server.credentials
    for signer, kept, says in ((honest_key, "holds", "with the registration receipt"),
                               (server.stranger, "unpinned", "tell the election commission")):
        device = new_device()
        server.signer = signer
        expect(device, register(device), 0)
        server.signer = honest_key
        code = "not-listed" if kept == "holds" else "receipt-unpinned"
        expect(device, registered(device), 1, "[%s]" % code, says, "You are NOT on the list")
        expect(device, registered(device, "--json"), 1, '"listed":false,"receipt":"%s"' % kept)
        listed_after(device)
        try:
            expect(device, registered(device), 0 if kept == "holds" else 1, "You are on the list")
            assert ("[receipt-unpinned]" in device.err) == (kept == "unpinned"), device.err
        finally:
            server.credentials = honest_list
    credential = Device()
    expect(credential, registered(credential, "--json"), 0, '"receipt":"none"')
    credential.write("credentials-%s.txt" % server.uuid, "11111-222222-33333-444444\n")
    expect(credential, registered(credential), 1, "[not-listed]", "holds no receipt")


@case
def a_registration_with_a_fingerprint_takes_receipts_of_the_trust_file_only():
    honest = server.signer
    device = new_device()
    server.signer = server.stranger
    try:
        expect(device, register(device, trust=server.fingerprint()), 1, "[server-key-changed]", "trust file")
    finally:
        server.signer = honest
    assert server.posts() == []
    device = new_device()
    expect(device, register(device, trust="A" * 43), 1, "[trust-differs]")
    expect(device, register(device, trust=server.fingerprint()), 0, "You are registered")
    expect(device, register(device, trust="A" * 43), 1, "[trust-differs]")


@case
def a_list_that_auditors_or_officials_have_not_signed_is_no_list():
    for path, text, code in (("/documents/verdict", server.verdict(server.stranger), "verdict-signer"),
                             ("/documents/verdict", server.verdict(server.officials[0]), "verdict-signer"),
                             ("/documents/verdict", server.verdict(uuid="11111111111111"), "verdict-election"),
                             ("/documents/verdict", server.verdict(event="khác"), "verdict-election"),
                             ("/documents/verdict", server.verdict(trust="0" * 64), "verdict-trust"),
                             ("/documents/verdict", server.verdict(credentials="0" * 64), "verdict-list"),
                             ("/documents/verdict", server.verdict(counts={
                                 "registrations": 9, "persons": 9, "replaced": 0, "refused": 0, "credentials": 9}),
                              "verdict-counts"),
                             ("/documents/freeze-acts", "[]", "too-few-acts")):
        device = Device()
        server.faults["answers"] = {}
        lie(path, text)
        expect(device, registered(device), 1, "[%s]" % code)


# ---- what else is not believed ----


@case
def a16_a_length_of_the_servers_choosing_is_refused():
    device = Device()
    server.faults["summary"] = {"ballot_bytes": server.ballot_bytes + 1}
    expect(device, device.vote(), 1, "[paper-length]")
    no_ballot(device)


@case
def a_credential_that_is_not_on_the_list_does_not_vote():
    device = Device()
    device.write("credentials-%s.txt" % server.uuid, "11111-222222-33333-444444\n")
    expect(device, device.vote(), 1, "[credential-unlisted]")
    no_ballot(device)


@case
def another_key_for_receipts_is_refused_until_it_is_confirmed():
    device = Device()
    expect(device, device.vote(), 0)
    honest = server.signer
    server.signer = server.stranger
    try:
        expect(device, device.vote(), 1, "[server-key-changed]")
        expect(device, device.vote(GOOD, "--server-key", honest.key), 1, "[server-key-changed]")
        # whom the trust file does not name signs no receipts, whatever the person at the device confirms
        expect(device, device.vote(GOOD, "--server-key", server.stranger.key), 1, "[server-key-changed]", "trust file")
    finally:
        server.signer = honest
    expect(device, device.vote(GOOD, "--server-key", honest.key), 0)
    assert len(server.posts()) == 2


@case
def a_damaged_key_of_the_server_is_named():
    device = Device()
    device.write("server-key", "0123\n")
    expect(device, device.vote(), 1, "[server-key-file]", "is not a key of 64 hex digits")
    no_ballot(device)


@case
def answers_that_are_too_long_are_cut_off():
    device = Device()
    server.faults["answers"] = {server.at("/definition"): b" " * (3 << 20)}
    expect(device, device.vote(), 1, "[answer-too-long]")
    no_ballot(device)


@case
def text_of_the_server_cannot_steer_the_terminal():
    device, evil = new_device(), "A\x1b[2J\u202eB\u009bC"
    for field in ("name", "event", "phase"):
        server.faults["summary"] = {field: evil}
        expect(device, device.run("list"), 0, "A?[2J?B?C")
        expect(device, official(device, "show"), 0, "A?[2J?B?C")
        assert "\x1b" not in device.out + device.err


def official(device, *arguments):
    done = subprocess.run([ADMIN, "--lang", "en", "--server", server.url, "--ca", server.ca, *arguments],
                          capture_output=True, timeout=120)
    device.out, device.err = done.stdout.decode(), done.stderr.decode()
    return done.returncode


@case
def a_refusals_code_cannot_pass_for_a_sentence():
    device = Device()
    server.post_faults = [{"status": 409, "code": "\x1b[1A\r\x1b[JYour ballot was accepted"}]
    expect(device, device.vote(), 1, "[http]")
    assert "accepted" not in device.out + device.err and "\x1b" not in device.err


@case
def a_tracker_of_the_board_is_one_or_the_page_is_refused():
    device = Device()
    expect(device, device.vote(), 0)
    credential = json.load(open(device.files("ballot")[0]))["message"]["credential"]
    good = {"height": 1, "credential": credential, "event": "0" * 64, "tracker": tracker(b"x")}
    server.board = [good]
    expect(device, device.run("list"), 0, good["tracker"])
    for field, value in (("tracker", "\x1b[2J" + "A" * 39), ("tracker", "A" * 42 + "B"), ("tracker", "A" * 42),
                         ("event", "\x1b[2J" + "0" * 60), ("event", "0" * 63)):
        server.board = [{**good, field: value}]
        expect(device, device.run("list"), 1, "[server-answer]")
        assert "\x1b" not in device.out + device.err


@case
def a20_a_ballot_that_this_device_has_not_cast_is_shown():
    device = Device()
    expect(device, device.vote(), 0)
    ballot = json.load(open(device.files("ballot")[0]))
    credential = ballot["message"]["credential"]
    mine = {"height": 1, "credential": credential, "event": "0" * 64,
            "tracker": tracker(open(device.files("ballot")[0], "rb").read())}
    server.board = [mine, {"height": 2, "credential": "0" * 64, "event": "1" * 64, "tracker": tracker(b"other")}]
    expect(device, device.run("list"), 0, mine["tracker"])
    assert "NOT CAST" not in device.out and tracker(b"other") not in device.out
    server.board.append({**mine, "height": 3, "tracker": tracker(b"stranger")})
    expect(device, device.run("list"), 0, "NOT CAST WITH THIS FOLDER", tracker(b"stranger"))


# ---- the connection ----


@case
def only_a_server_with_the_right_certificate_is_spoken_to():
    device = Device()
    _, other = certificate(SCRATCH, "other", "127.0.0.1")
    expect(device, device.run("list", ca=other), 2, "[certificate]")
    expect(device, device.run("list", url="https://localhost:%d" % server.port), 2, "[certificate]")
    expect(device, device.run("list", url="http://127.0.0.1:%d" % server.port), 2, "[server-address]")
    assert server.seen == []


@case
def a_redirection_to_http_is_not_followed():
    device = Device()
    expect(device, device.vote(), 0)
    server.faults["redirect"] = "http://127.0.0.1:%d/archive" % server.port
    expect(device, device.run("check", "--election", server.uuid), 2, "[certificate]")


# ---- checking ----


@case
def a_ballot_with_a_receipt_that_is_not_in_the_archive_is_missing():
    device = Device()
    expect(device, device.vote(), 0)
    expect(device, device.run("check", "--election", server.uuid), 1, "[ballot-missing]", "every check held")
    expect(device, device.run("check", "--election", server.uuid, "--json"), 1, '"verdict":"missing"')


@case
def an_archive_without_the_signed_head_is_refused():
    device = Device()
    expect(device, device.vote(), 0)
    server.faults["head"] = {"event": "0" * 64}
    expect(device, device.run("check", "--election", server.uuid), 1, "[head-differs]")


@case
def an_invalid_archive_is_refused():
    device = Device()
    expect(device, device.vote(), 0)
    honest = server.archive
    at = honest.index(b'"challenge":"') + len(b'"challenge":"')
    server.archive = honest[:at] + (b"2" if honest[at : at + 1] == b"1" else b"1") + honest[at + 1 :]
    try:
        expect(device, device.run("check", "--election", server.uuid), 1, "[archive-invalid]")
        bad = server.archive
    finally:
        server.archive = honest
    kept, = glob.glob(os.path.join(device.dir, "*.bel"))
    assert os.path.basename(kept) == "evidence-%s-0001.bel" % server.uuid and open(kept, "rb").read() == bad


# ---- a challenge is published ----


def challenged(device, choice="[[1,0,0,0,0]]"):
    """A device that was challenged; the path of what it revealed."""
    if os.path.exists(CHOICE):
        os.unlink(CHOICE)
    with open(os.open(CHOICE, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(choice)
    code = device.run("vote", "--election", server.uuid, "--choice-file", CHOICE, "--ask", answers="challenge\n")
    expect(device, code, 0, "nep-verify challenge")
    assert device.files("ballot") == []
    return device.files("challenge")[-1]


def publish(device, path, *more, answers=""):
    return device.run("publish", "--election", server.uuid, "--challenge", path, *more, answers=answers)


@case
def a26_a_challenge_is_published_after_a_warning_and_a_yes():
    device = Device()
    path = challenged(device)
    expect(device, publish(device, path, answers="n\n"), 1, "[not-published]")
    expect(device, publish(device, path), 2)  # nobody answers
    assert server.posts() == []
    expect(device, publish(device, path, answers="yes\n"), 0, "become public", "NOT what you vote for", "number 7")
    body, = server.posts()
    assert len(body) == 2 * server.ballot_bytes
    sent = json.loads(body)
    assert compact(sent) == body.rstrip(b" ") and list(sent) == ["challenge", "proof"]
    assert compact(sent["challenge"]) == open(path, "rb").read().rstrip()
    secret = open(glob.glob(os.path.join(device.dir, "credentials-*.txt"))[0]).read().strip()
    assert secret.encode() not in body and b'"signature"' not in body
    expect(device, publish(device, path, "--yes"), 0, "become public", "NOT what you vote for", "number 7")
    expect(device, device.run("publish", "--election", server.uuid, "--yes"), 2, "--challenge")


@case
def a16_every_published_challenge_has_one_length():
    for choice in (GOOD, '["blank"]', "[[1,0,0,0,0]]"):
        device = Device()
        expect(device, publish(device, challenged(device, choice), "--yes"), 0)
    assert {len(body) for body in server.posts()} == {2 * server.ballot_bytes}


@case
def a_challenge_that_does_not_hold_is_not_published():
    device = Device()
    path = challenged(device)
    honest = open(path).read()
    other = Device("voter2")
    expect(other, publish(other, path, "--yes"), 1, "[challenge-credential]")
    for old, new, code in (("[[1,0,0,0,0]]", "[[0,1,0,0,0]]", "challenge-message"),
                           ('"version":1', '"version":2', "challenge-parse"),
                           (server.uuid, "6" * len(server.uuid), "challenge-election"),
                           ('"seed":"' + honest.split('"seed":"')[1][:2], '"seed":"zz', "challenge-parse")):
        assert old in honest, old
        device.write("altered.json", honest.replace(old, new, 1))
        expect(device, publish(device, os.path.join(device.dir, "altered.json"), "--yes"), 1, "[%s]" % code)
    assert server.posts() == []


@case
def the_servers_word_on_a_challenge_is_told():
    device = Device()
    path = challenged(device)
    for status, code, text in ((409, "challenge-cast", "ALARM"), (409, "challenge-limit", "no more")):
        server.post_faults = [{"status": status, "code": code}]
        expect(device, publish(device, path, "--yes"), 1, "[%s]" % code, text)
    server.post_faults = ['"x"']
    expect(device, publish(device, path, "--yes"), 1, "[server-answer]")
    server.post_faults = ["busy", "cut"]
    server.seen.clear()
    expect(device, publish(device, path, "--yes"), 0, "number 7")
    assert len(server.posts()) == 3 and len(set(server.posts())) == 1


# ---- registration ----


def register(device, *more, trust=None):
    return device.run("register", "--event", "thử-2026", "--election", server.uuid, "--id-token-command", "printf token.%s",
                      *more, trust=trust)


def new_device():
    device = Device()
    os.unlink(os.path.join(device.dir, "credentials-%s.txt" % server.uuid))
    return device


def other_event(device):
    asked = len(server.posts())
    code = device.run("register", "--event", "khác-2026", "--id-token-command", "printf token.%s")
    expect(device, code, 1, "[other-event]", "for the event \"thử-2026\"")
    assert len(server.posts()) == asked


@case
def credentials_are_on_disk_before_the_request_and_survive_a_cut():
    device = new_device()
    server.phase = "registration"
    secret = os.path.join(device.dir, "credentials-%s.txt" % server.uuid)
    found = []
    server.on_post = lambda path, body: found.append(open(secret + ".new").read())
    server.post_faults = ["cut"] * 20
    expect(device, register(device), 2, "[connection]")
    server.post_faults = []
    assert not os.path.exists(secret) and len(set(found)) == 1
    other_event(device)  # one that was only begun
    expect(device, register(device), 0, "taken up again", "You are registered")
    assert open(secret).read() == found[0] and stat.S_IMODE(os.stat(secret).st_mode) == 0o600
    sent = [json.loads(body) for body in server.posts()]
    assert all(s["credentials"][0]["credential"] == sent[0]["credentials"][0]["credential"] for s in sent)
    assert all(s["salt"] == sent[0]["salt"] for s in sent)
    assert not any(found[0].strip().encode() in body for body in server.posts()), "the secret was sent"


@case
def a_refused_registration_is_set_aside_and_a_refused_token_is_not():
    device = new_device()
    server.phase = "registration"
    server.post_faults = [{"status": 403, "code": "id-token"}]
    expect(device, register(device), 1, "[id-token]")
    server.post_faults = [{"status": 403, "code": "not-on-roll"}]
    expect(device, register(device), 1, "taken up again", "[not-on-roll]")
    first = json.loads(server.posts()[0])
    server.post_faults = [{"status": 403, "code": "not-on-roll"}]
    expect(device, register(device), 1, "[not-on-roll]")
    secrets = [open(f).read() for f in glob.glob(os.path.join(device.dir, "credentials-*.txt.refused.*"))]
    assert len(set(secrets)) == 2, "a refused credential was lost"
    assert len(glob.glob(os.path.join(device.dir, "registration.json.refused.*"))) == 2
    expect(device, register(device), 0)
    last = json.loads(server.posts()[-1])
    assert first["credentials"] != last["credentials"] and first["salt"] != last["salt"]


@case
def a_replacement_names_the_registration_before():
    device = new_device()
    server.phase = "registration"
    expect(device, register(device), 0)
    before = json.load(open(os.path.join(device.dir, "registration.json")))
    expect(device, register(device), 0)  # nothing to do
    assert len(server.posts()) == 1
    other_event(device)
    expect(device, register(device, "--replace"), 0)
    sent = json.loads(server.posts()[-1])
    assert sent["replaces"] == before["nonce"]
    assert sent["credentials"][0]["credential"] != before["credentials"][0]["credential"]


def asked_for(path="/v1/sessions"):
    """The nonce of the ID token in what was sent there: the identity provider has signed it."""
    body, = [body for method, to, body in server.seen if to == path]
    return json.loads(body)["id_token"].removeprefix("token.")


@case
def a17_a_sign_in_gives_no_token_that_registers():
    device = new_device()
    chosen = {"event": "thử-2026", "salt": "0" * 64, "replaces": None, "credentials": [
        {"uuid": server.uuid, "credential": json.loads(server.credentials)[0]["credential"]}]}
    server.nonce = registration_nonce(chosen)  # the server's own credential, for a person who only asks
    expect(device, device.run("status", "--id-token-command", "printf token.%s"), 0, "not registered")
    assert asked_for() == nonce("NEP-1-sign-in", server.nonce) != server.nonce
    before = "B" * 42 + "A"
    server.registrations = [{"event": "thử-2026", "nonce": before, "replaces": None, "time": server.now(),
                             "valid": True, "elections": [server.uuid]}]
    server.nonce = registration_nonce({**chosen, "replaces": before})
    server.seen.clear()
    expect(device, register(device, "--replace"), 0, "You are registered")
    assert asked_for() == nonce("NEP-1-sign-in", server.nonce)
    body = json.loads(server.posts()[-1])
    assert body["replaces"] == before and asked_for("/v1/registrations") == registration_nonce(body) != server.nonce


def learn_ballot_length():
    """The program itself says which length this election's ballots must have."""
    device = Device()
    device.vote()
    return int(device.err.split("must have ")[1].split()[0])


def main(cases):
    """Runs the cases; second_device.py has some of its own."""
    global server
    server = FakeServer(SCRATCH, VECTOR)
    server.ballot_bytes = learn_ballot_length()
    failed = 0
    for function in cases:
        server.reset()
        try:
            function()
            print("ok -", function.__name__)
        except Exception as e:  # each case is reported, whatever went wrong in it
            failed += 1
            print("not ok - %s\n    %s: %s" % (function.__name__, type(e).__name__, str(e).replace("\n", "\n    ")))
    shutil.rmtree(SCRATCH)
    print("%d passed, %d failed" % (len(cases) - failed, failed))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main(CASES))
