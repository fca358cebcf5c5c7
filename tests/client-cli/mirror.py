"""nep-mirror against a server that really lies: forks, drops, alters, reorders and breaks promises, all
of it signed with its own genuine key, about the archive and about the cast statements. Each lie is found
and leaves evidence; an honest server is not accused."""
import glob
import http.server
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

SOURCE, BUILD = os.environ["NEP_SOURCE"], os.environ["NEP_BUILD"]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from board import Board, Voters, compact  # noqa: E402
from fake_server import Listener, Signer, certificate, records, sha256, tracker  # noqa: E402

MIRROR = os.path.join(BUILD, "client-cli", "nep-mirror")
VERIFY = os.path.join(BUILD, "tally", "nep-verify")
VECTOR = os.path.join(SOURCE, "tests", "vectors", "positive", "Ed25519-revote-weights-two", "election.bel")
SCRATCH = tempfile.mkdtemp(prefix="nep-mirror-test.")
CASES = []
server = None


def case(function):
    CASES.append(function)
    return function


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        s, address = self.server.state, urllib.parse.urlsplit(self.path)
        if address.path == "/v1/key":
            self.reply(200, json.dumps({"key": s.signer.key}).encode())
        elif "/casts" in address.path and s.statements is None:
            self.reply(404, b"")  # a server of an older version
        elif address.path.endswith("/casts/head") and s.casts_height() < 0:
            self.reply(404, compact({"type": "urn:nep:problem:casts", "title": "x", "status": 404, "detail": "none yet",
                                     "code": "casts"}), Content_Type="application/problem+json")
        elif address.path.endswith("/casts/head"):
            self.reply(200, s.casts_head().encode())
        elif address.path.endswith("/casts"):
            upto = int(urllib.parse.parse_qs(address.query)["upto"][0])
            self.part(s.casts_bytes[: s.casts_index[upto - 1][1]], s.casts_asked)
        elif address.path.endswith("/head") and s.height is None:
            self.reply(404, compact({"type": "urn:nep:problem:archive", "title": "x", "status": 404, "detail": "not open",
                                     "code": "archive"}), Content_Type="application/problem+json")
        elif address.path.endswith("/head"):
            self.reply(200, s.head().encode())
        elif address.path.endswith("/archive"):
            self.part(s.bytes[: s.index[int(urllib.parse.parse_qs(address.query)["upto"][0])][2]], s.asked)
        else:
            self.reply(404, b"")

    def part(self, body, asked):
        wanted = self.headers.get("Range", "")
        asked.append(wanted)
        if not wanted:
            self.reply(200, body)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        part = body[int(first) : int(last or len(body)) + 1]
        self.reply(206, part, Content_Range="bytes %s-%d/%d" % (first, int(first) + len(part) - 1, len(body)))


class Server:
    def __init__(self):
        self.signer, self.stranger = Signer(SCRATCH, "signer"), Signer(SCRATCH, "stranger")
        self.board = Board(VECTOR)
        self.uuid = json.loads(self.board.events[0][1][0])["uuid"]
        self.election_hash = sha256(self.board.events[0][1][0])
        self.voters = Voters(os.path.dirname(VECTOR), self.uuid, self.election_hash)
        self.reset()
        key, self.ca = certificate(SCRATCH, "server", "127.0.0.1")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self.ca, key)
        httpd = Listener(("127.0.0.1", 0), Handler)
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        httpd.state = self
        self.url = "https://127.0.0.1:%d" % httpd.server_address[1]
        threading.Thread(target=httpd.serve_forever, daemon=True).start()

    def reset(self):
        self.height, self.changed, self.asked = self.closed() - 3, {}, []
        self.casts_ahead, self.casts_at, self.casts_changed, self.casts_asked = 0, None, {}, []
        self.tell(self.board.events)

    def tell(self, events):
        """This story: an archive of these events, and each ballot's statement as its voter signed it."""
        self.index, self.bytes = self.board.build(events)
        self.ballots = [data[-1] for event, data in events if event["type"] == ["Ballot"]]
        numbers = self.numbers()
        self.put_statements([self.voters.statement(b, numbers[sha256(b)]) for b in self.ballots])

    def numbers(self):
        """The number of each ballot among those of its credential, as the devices made them."""
        numbers, made = {}, {}
        for event, data in self.board.events:
            if event["type"] == ["Ballot"]:
                credential = json.loads(data[-1])["message"]["credential"]
                numbers[event["payload"]] = made[credential] = made.get(credential, 0) + 1
        return numbers

    def put_statements(self, statements):
        """The chain of these statements: a list of (event, size), and the bytes."""
        self.statements = statements
        self.casts_index, self.casts_bytes = self.board.casts(self.uuid, statements)

    def closed(self):
        return next(i for i, (e, _) in enumerate(self.board.events) if e["type"] == ["EndBallots"])

    def now(self, seconds=0):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))

    def head(self):
        event, _, size = self.index[self.height]
        return self.signer.envelope("NEP-1-head", {"uuid": self.uuid, "height": self.height, "event": event, "size": size,
                                                   "time": self.now(), **self.changed})

    def casts_height(self):
        """Of the last statement: that of the last ballot of the archive, and what came since its head was asked for."""
        return min(self.height, len(self.ballots)) - 1 + self.casts_ahead if self.casts_at is None else self.casts_at

    def casts_head(self):
        event, size = self.casts_index[self.casts_height()]
        return self.signer.envelope("NEP-1-casts-head", {"uuid": self.uuid, "height": self.casts_height(), "event": event,
                                                         "size": size, "time": self.now(), **self.casts_changed})

    def receipt(self, height, seconds=-10, **changed):
        event, payload, _ = self.index[height]
        return self.signer.envelope("NEP-1-cast-receipt", {
            "uuid": self.uuid, "election_hash": self.election_hash,
            "tracker": tracker(b"") if payload is None else base64_of(payload), "height": height, "event": event,
            "time": self.now(seconds), **changed})

    def tell_another_story(self, without):
        """The same election without one ballot: every ballot verifies, the chain is whole."""
        self.tell([e for i, e in enumerate(self.board.events) if i != without])

    def put_an_older_ballot_after_a_newer_one(self):
        """A23: the server keeps a voter's first ballot back, takes the second, and then appends the first."""
        places = {}
        for height, (event, data) in enumerate(self.board.events):
            if event["type"] == ["Ballot"]:
                places.setdefault(json.loads(data[-1])["message"]["credential"], []).append(height)
        first, second = next(p for p in places.values() if len(p) == 2)
        events = [e for i, e in enumerate(self.board.events) if i != first]
        events.insert(second, self.board.events[first])
        self.tell(events)
        return second


def base64_of(payload):
    import base64
    return base64.b64encode(bytes.fromhex(payload)).decode().rstrip("=")


class Mirror:
    def __init__(self):
        self.dir = tempfile.mkdtemp(dir=SCRATCH)
        self.key = os.path.join(self.dir, "mirror.key")
        done = subprocess.run([os.path.join(BUILD, "client-cli", "nep-admin"), "keygen", "--out", self.key],
                              capture_output=True, check=True)
        self.public = next(w for w in done.stdout.decode().split() if len(w) == 64)

    def command(self, *more):
        return [MIRROR, "--lang", "en", "--server", server.url, "--ca", server.ca, "--dir", self.dir, "--key", self.key,
                *more, server.uuid]

    def run(self, *more):
        done = subprocess.run(self.command("--once", *more), capture_output=True, timeout=120)
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        return done.returncode

    def follow(self):
        return subprocess.Popen(self.command("--interval", "1", "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def file(self, name):
        return os.path.join(self.dir, name)

    def receipt(self, envelope):
        path = self.file("receipt-%d.json" % len(os.listdir(self.dir)))
        with open(path, "w") as file:
            file.write(envelope + "\n")
        return path

    def evidence(self, code):
        found = glob.glob(self.file("evidence-*-%s.json" % code))
        assert len(found) == 1, (code, os.listdir(self.dir), self.err)
        return json.load(open(found[0]))


def honest(mirror, *more):
    code = mirror.run(*more)
    assert code == 0, (code, mirror.out, mirror.err)
    assert not glob.glob(mirror.file("evidence-*"))


def statements_hold(mirror):
    """The copy has exactly the statement of each ballot of the archive's copy, and both are countersigned."""
    copy, ballots = open(mirror.file(server.uuid + ".casts"), "rb").read(), min(server.height, len(server.ballots))
    assert copy == server.casts_bytes[: server.casts_index[ballots - 1][1]]
    assert verified("casts", mirror.file(server.uuid + ".casts"), mirror.file(server.uuid + ".bel")).returncode == 0
    signed = mirror.file("%s-%d.casts-countersignature.json" % (server.uuid, ballots - 1))
    assert verified("mirror", "--key", mirror.public, signed, mirror.file(server.uuid + ".casts")).returncode == 0


def casts_evidence(evidence, mirror):
    """The statements that the server served are kept, and nep-verify refuses them."""
    path = mirror.file(evidence["casts"])
    done = verified("casts", "--json", path, mirror.file(server.uuid + ".bel"))
    return done.returncode, json.loads(done.stdout)["codes"] if done.stdout else done.stderr


def alarmed(mirror, code, *more):
    got = mirror.run(*more)
    assert got == 1 and "[%s]" % code in mirror.err, (got, mirror.err)
    return mirror.evidence(code)


def verified(*arguments):
    return subprocess.run([VERIFY, *arguments], capture_output=True, timeout=60)


@case
def an_honest_server_is_followed_to_the_result_without_alarm():
    mirror = Mirror()
    for height in range(server.height, len(server.index)):
        server.height = height
        honest(mirror, "--receipt", mirror.receipt(server.receipt(server.closed() - 4)))
        copy = open(mirror.file(server.uuid + ".bel"), "rb").read()
        assert copy == server.bytes[: server.index[height][2]]
        statements_hold(mirror)
        assert "cast statements" in mirror.out and "cast statements" not in mirror.err


@case
def what_is_countersigned_can_be_held_against_an_archive():
    mirror = Mirror()
    honest(mirror)
    signed = mirror.file("%s-%d.countersignature.json" % (server.uuid, server.height))
    assert verified("mirror", "--key", mirror.public, signed, VECTOR).returncode == 0
    assert verified("mirror", "--key", server.signer.key, signed, VECTOR).returncode == 1
    assert verified("checkpoint", signed, VECTOR).returncode == 1  # another purpose
    other = os.path.join(SOURCE, "tests", "vectors", "positive", "Ed25519-blank", "election.bel")
    done = verified("mirror", "--json", "--key", mirror.public, signed, other)
    assert done.returncode == 1 and "checkpoint-election" in json.loads(done.stdout)["codes"], done.stdout


@case
def a_copy_without_heads_is_held_against_the_record_as_a_whole():
    """An older download that an observer put into a new folder: the server's own head must not cut it."""
    def put_in_a_new_folder():
        old, new = Mirror(), Mirror()
        honest(old)
        shutil.copy(old.file(server.uuid + ".bel"), new.file(server.uuid + ".bel"))
        return new

    newer = server.height
    mirror = put_in_a_new_folder()
    server.height = newer + 1
    honest(mirror)
    assert open(mirror.file(server.uuid + ".bel"), "rb").read() == server.bytes[: server.index[newer + 1][2]]
    server.height = newer
    mirror = put_in_a_new_folder()
    kept = open(mirror.file(server.uuid + ".bel"), "rb").read()
    server.height = newer - 1
    alarmed(mirror, "archive-changed")
    assert not glob.glob(mirror.file("*countersignature*"))
    server.height = newer
    mirror = put_in_a_new_folder()
    server.tell_another_story(without=newer - 1)
    server.height = newer + 1
    alarmed(mirror, "archive-changed")
    assert open(mirror.file(server.uuid + ".bel"), "rb").read() == kept


@case
def the_end_of_voting_is_countersigned_whenever_the_copy_reaches_it():
    closed = server.closed()
    for heights in ((closed - 1, closed), (closed - 1, len(server.index) - 1), (len(server.index) - 1,)):
        mirror = Mirror()
        signed = mirror.file(server.uuid + "-closed.countersignature.json")
        for height in heights:
            assert not os.path.exists(signed)
            server.height = height
            honest(mirror)
        message = json.load(open(signed))["message"]
        assert (message["height"], message["event"], message["size"]) == (closed, server.index[closed][0],
                                                                          server.index[closed][2]), message
        assert verified("mirror", "--key", mirror.public, signed, VECTOR).returncode == 0
        before = open(signed, "rb").read()
        honest(mirror)
        assert open(signed, "rb").read() == before


@case
def an_archive_that_raised_an_alarm_is_not_countersigned():
    server.height = server.closed()
    mirror = Mirror()
    ahead = mirror.receipt(server.receipt(server.height, tracker=tracker(b"another")))
    alarmed(mirror, "receipt-not-honoured", "--receipt", ahead)
    assert not glob.glob(mirror.file("*countersignature*"))


@case
def a_checkpoint_is_held_against_an_archive():
    path = os.path.join(SCRATCH, "head.json")
    for changed, wanted in (({}, None), ({"event": "0" * 64}, "checkpoint-event"), ({"size": 512}, "checkpoint-size"),
                            ({"height": 10**6}, "checkpoint-height"), ({"uuid": "1" * 14}, "checkpoint-election")):
        server.changed = changed
        with open(path, "w") as file:
            file.write(server.head() + "\n")
        done = verified("checkpoint", "--json", "--key", server.signer.key, path, VECTOR)
        codes = json.loads(done.stdout)["codes"]
        assert (done.returncode, codes) == ((0, []) if wanted is None else (1, [wanted])), (changed, done)
    assert verified("checkpoint", "--key", server.stranger.key, path, VECTOR).returncode == 1
    assert verified("checkpoint", path + ".none", VECTOR).returncode == 2


@case
def a_checkpoint_of_the_statements_is_held_against_their_file():
    path, casts = os.path.join(SCRATCH, "head.json"), os.path.join(SCRATCH, "some.casts")
    server.height = server.closed()
    with open(casts, "wb") as file:
        file.write(server.casts_bytes)
    broken = server.casts_bytes.replace(b'"sequence":1', b'"sequence":2', 1)
    with open(casts + ".broken", "wb") as file:
        file.write(broken)
    for changed, file, wanted in (({}, casts, []), ({"event": "0" * 64}, casts, ["checkpoint-event"]),
                                  ({"size": 512}, casts, ["checkpoint-size"]),
                                  ({"height": 10**6}, casts, ["checkpoint-height"]),
                                  ({"uuid": "1" * 14}, casts, ["checkpoint-election"]), ({}, VECTOR, ["checkpoint-chain"]),
                                  ({}, casts + ".broken", ["casts-hash"])):
        server.casts_changed = changed
        with open(path, "w") as out:
            out.write(server.casts_head() + "\n")
        done = verified("checkpoint", "--json", "--key", server.signer.key, path, file)
        said = json.loads(done.stdout)
        assert (done.returncode, said["codes"], said["chain"]) == (1 if wanted else 0, wanted, "casts"), (changed, done)
    assert verified("checkpoint", "--key", server.stranger.key, path, casts).returncode == 1
    assert verified("checkpoint", path, casts + ".none").returncode == 2
    with open(path, "w") as out:
        out.write(server.head() + "\n")
    done = verified("checkpoint", "--json", "--key", server.signer.key, path, casts)
    assert (done.returncode, json.loads(done.stdout)["codes"]) == (1, ["checkpoint-chain"]), done


@case
def each_chain_has_countersignatures_of_its_own():
    mirror = Mirror()
    honest(mirror)
    casts, bel = (mirror.file(server.uuid + end) for end in (".casts", ".bel"))
    of_casts = mirror.file("%s-%d.casts-countersignature.json" % (server.uuid, server.height - 1))
    of_archive = mirror.file("%s-%d.countersignature.json" % (server.uuid, server.height))
    for signed, file, code in ((of_casts, casts, 0), (of_archive, bel, 0), (of_casts, bel, 1), (of_archive, casts, 1)):
        assert verified("mirror", "--key", mirror.public, signed, file).returncode == code, (signed, file)
    assert verified("checkpoint", "--key", mirror.public, of_casts, casts).returncode == 1  # another purpose


@case
def new_statements_are_fetched_alone_and_verified_by_one_process():
    mirror = Mirror()
    process = mirror.follow()
    first = json.loads(process.stdout.readline())
    server.casts_asked.clear()
    server.height += 1
    second = json.loads(process.stdout.readline())
    assert second["casts"]["height"] == first["casts"]["height"] + 1 == second["height"] - 1
    assert server.casts_asked == ["bytes=%d-%d" % (first["casts"]["size"], second["casts"]["size"] - 1)], server.casts_asked
    process.terminate()
    assert process.wait(10) == 0
    statements_hold(mirror)


@case
def statements_that_come_while_the_mirror_looks_are_no_lie():
    mirror = Mirror()
    server.casts_at = server.height + 1
    honest(mirror)
    statements_hold(mirror)
    process = mirror.follow()
    process.stdout.readline()
    for _ in range(2):
        server.height += 1
        assert process.stdout.readline(), process.stderr.read()
        statements_hold(mirror)
    process.terminate()
    assert process.wait(10) == 0


@case
def a_statement_without_a_ballot_after_the_end_is_evidence():
    server.height = server.closed()
    server.put_statements(server.statements + [server.voters.statement(server.ballots[-1], 9)])
    server.casts_ahead = 1
    mirror = Mirror()
    assert casts_evidence(alarmed(mirror, "casts-invalid"), mirror) == (1, ["casts-extra"])


@case
def an_election_without_ballots_has_no_statements_yet():
    server.height = 0
    mirror = Mirror()
    honest(mirror)
    assert "cast statements" not in mirror.err and not os.path.exists(mirror.file(server.uuid + ".casts"))
    server.height = 2
    honest(mirror)
    statements_hold(mirror)


@case
def a_server_of_an_older_version_is_followed_and_named_once():
    server.statements = None
    mirror = Mirror()
    process = mirror.follow()
    for _ in range(2):
        assert json.loads(process.stdout.readline())["casts"] is None
        server.height += 1
    time.sleep(2)
    process.terminate()
    assert process.wait(10) == 0 and process.stderr.read().count(b"signs no chain of cast statements") == 1
    assert not glob.glob(mirror.file("evidence-*")) and not glob.glob(mirror.file("*.casts-countersignature.json"))
    assert verified("mirror", "--key", mirror.public, mirror.file(
        "%s-%d.countersignature.json" % (server.uuid, server.closed() - 3)), VECTOR).returncode == 0


@case
def a23_an_older_ballot_after_a_newer_one_is_evidence():
    server.put_an_older_ballot_after_a_newer_one()
    server.height = server.closed()
    mirror = Mirror()
    evidence = alarmed(mirror, "casts-order")
    assert casts_evidence(evidence, mirror) == (1, ["casts-order"])
    heads = [d["message"]["height"] for d in evidence["documents"]]
    assert heads == [server.closed(), len(server.ballots) - 1]  # of the archive, and of the statements
    path = mirror.file("signed.json")
    with open(path, "wb") as file:
        file.write(compact(evidence["documents"][1]) + b"\n")
    assert verified("checkpoint", "--key", server.signer.key, path, mirror.file(evidence["casts"])).returncode == 0
    assert not glob.glob(mirror.file("*countersignature*"))


@case
def a23_it_is_found_while_it_is_followed():
    server.height = server.put_an_older_ballot_after_a_newer_one() - 1
    mirror = Mirror()
    process = mirror.follow()
    process.stdout.readline()
    server.height += 1
    assert process.wait(20) == 1, process.stderr.read()
    assert casts_evidence(mirror.evidence("casts-order"), mirror) == (1, ["casts-order"])


@case
def statements_that_changed_places_are_evidence():
    changed = list(server.statements)
    changed[0], changed[1] = changed[1], changed[0]
    server.put_statements(changed)
    mirror = Mirror()
    assert set(casts_evidence(alarmed(mirror, "casts-invalid"), mirror)[1]) == {"casts-statement"}


@case
def a_statement_that_the_voter_did_not_sign_is_evidence():
    changed = list(server.statements)
    changed[2] = server.voters.sign(next(iter(server.voters.keys.values())) + 1, server.ballots[2], 1)
    server.put_statements(changed)
    mirror = Mirror()
    assert casts_evidence(alarmed(mirror, "casts-invalid"), mirror) == (1, ["casts-signature"])


@case
def two_signed_heads_of_the_statements_of_one_height_are_evidence():
    mirror = Mirror()
    honest(mirror)
    changed = list(server.statements)
    changed[0] = server.voters.statement(server.ballots[0], 7)  # the voter signed that, too
    server.put_statements(changed)
    evidence = alarmed(mirror, "casts-two-heads")
    a, b = (d["message"] for d in evidence["documents"])
    assert a["height"] == b["height"] and a["event"] != b["event"]
    a, b, later, forged = papers = [mirror.file(name) for name in ("a.json", "b.json", "later.json", "forged.json")]
    server.height += 1
    documents = [compact(d) for d in evidence["documents"]] + [server.casts_head().encode()]
    documents += [server.stranger.envelope("NEP-1-casts-head", json.loads(documents[0])["message"]).encode()]
    for path, document in zip(papers, documents):
        with open(path, "wb") as file:
            file.write(document + b"\n")
    for given, code in (((a, b), 1), ((a, b, later), 1), ((a, later), 0), ((b, forged), 0), ((a, a), 0)):
        done = verified("dispute", "--json", "--key", server.signer.key, *given)
        assert done.returncode == code and (b"casts-two-heads" in done.stdout) == (code == 1), (given, done)


@case
def statements_replaced_before_a_new_head_are_evidence():
    for follow in (False, True):
        server.reset()
        mirror = Mirror()
        process = mirror.follow()
        process.stdout.readline()
        if not follow:
            process.terminate()
            assert process.wait(10) == 0
        changed = list(server.statements)
        changed[0] = server.voters.statement(server.ballots[0], 7)
        server.put_statements(changed)
        server.height += 1
        if follow:
            assert process.wait(20) == 1, process.stderr.read()
        else:
            assert mirror.run() == 1, mirror.err
        evidence = mirror.evidence("casts-changed")
        older, newer = (d["message"] for d in evidence["documents"][1:])
        assert older["height"] + 1 == newer["height"] and evidence["casts"] == "evidence-1.casts"
        assert open(mirror.file(evidence["casts"]), "rb").read() == server.casts_bytes[: newer["size"]]


@case
def a_file_of_statements_that_is_not_the_signed_heads_is_evidence():
    server.casts_changed = {"event": "0" * 64}
    alarmed(Mirror(), "casts-changed")


@case
def a_file_that_ends_before_the_signed_head_is_evidence():
    event, size = server.casts_index[server.casts_height()]
    server.casts_changed = {"event": event, "size": size}
    server.casts_index[server.casts_height()] = (event, server.casts_index[server.casts_height() - 1][1])
    alarmed(Mirror(), "casts-changed")


@case
def a_head_of_the_statements_below_an_earlier_one_is_evidence():
    mirror = Mirror()
    server.casts_ahead = 1
    honest(mirror)
    server.casts_ahead = 0
    evidence = alarmed(mirror, "casts-shrunk")
    heights = [d["message"]["height"] for d in evidence["documents"]]
    assert heights[0] == heights[1] + 1


@case
def a_statement_that_is_missing_is_evidence():
    server.casts_ahead = -1
    mirror = Mirror()
    evidence = alarmed(mirror, "casts-missing")
    archive, casts = (d["message"] for d in evidence["documents"])
    assert archive["height"] == server.height and casts["height"] + 1 == archive["height"] - 1
    assert not glob.glob(mirror.file("*countersignature*"))


@case
def statements_that_are_not_given_any_more_are_evidence():
    mirror = Mirror()
    honest(mirror)
    server.statements = None
    evidence = alarmed(mirror, "casts-withheld")
    assert evidence["documents"][0]["message"]["height"] == server.height - 1


@case
def a_head_of_the_archive_is_none_of_the_statements():
    genuine = server.casts_head
    server.casts_head = server.head
    try:
        mirror = Mirror()
        assert mirror.run() == 1 and "[signature]" in mirror.err, mirror.err
    finally:
        server.casts_head = genuine


@case
def new_ballots_are_fetched_alone_and_followed_by_one_process():
    mirror = Mirror()
    process = mirror.follow()
    first = json.loads(process.stdout.readline())
    server.asked.clear()
    server.height += 1
    second = json.loads(process.stdout.readline())
    assert second["height"] == first["height"] + 1
    assert server.asked == ["bytes=%d-%d" % (first["size"], second["size"] - 1)], server.asked
    process.terminate()
    assert process.wait(10) == 0
    assert open(mirror.file(server.uuid + ".bel"), "rb").read() == server.bytes[: second["size"]]


@case
def a_fork_is_found_while_it_is_followed():
    mirror = Mirror()
    process = mirror.follow()
    process.stdout.readline()
    server.tell_another_story(without=2)
    server.height += 1
    assert process.wait(20) == 1, process.stderr.read()
    evidence = mirror.evidence("archive-changed")
    assert len(evidence["documents"]) == 2 and evidence["archive"] == "evidence-1.bel"


@case
def an_election_that_is_not_open_is_no_lie():
    server.height = None
    mirror = Mirror()
    assert mirror.run() in (1, 2) and not glob.glob(mirror.file("evidence-*")), mirror.err


@case
def two_signed_heads_of_one_height_are_evidence():
    mirror = Mirror()
    honest(mirror)
    server.tell_another_story(without=2)
    evidence = alarmed(mirror, "two-heads")
    a, b = evidence["documents"]
    assert a["message"]["height"] == b["message"]["height"] and a["message"]["event"] != b["message"]["event"]
    for i, document in enumerate((a, b)):  # each is the server's own signature: one fits this archive, one does not
        path = os.path.join(SCRATCH, "evidence.json")
        with open(path, "wb") as file:
            file.write(compact(document) + b"\n")
        assert verified("checkpoint", "--key", server.signer.key, path, VECTOR).returncode == i


@case
def a_head_below_an_earlier_one_is_evidence():
    mirror = Mirror()
    honest(mirror)
    server.height -= 1
    evidence = alarmed(mirror, "archive-shrunk")
    heights = [d["message"]["height"] for d in evidence["documents"]]
    assert heights[0] == heights[1] + 1


@case
def a_dropped_ballot_is_evidence_with_both_heads_and_the_archive():
    mirror = Mirror()
    honest(mirror)
    before = open(mirror.file(server.uuid + ".bel"), "rb").read()
    server.tell_another_story(without=2)
    server.height += 1
    evidence = alarmed(mirror, "archive-changed")
    assert [d["key"] for d in evidence["documents"]] and evidence["archive"] == "evidence-1.bel"
    served = open(mirror.file(evidence["archive"]), "rb").read()
    assert served == server.bytes[: server.index[server.height][2]]
    assert open(mirror.file(server.uuid + ".bel"), "rb").read() == before


@case
def an_archive_that_is_not_the_signed_heads_is_evidence():
    server.changed = {"event": "0" * 64}
    alarmed(Mirror(), "archive-changed")


@case
def an_archive_with_an_altered_ballot_is_evidence():
    at = server.index[1][2]
    broken = server.bytes.replace(b'"signature"', b'"signaturE"')
    assert broken != server.bytes and len(broken) > at
    server.bytes = broken
    alarmed(Mirror(), "archive-invalid")


@case
def a_receipt_that_is_not_honoured_is_evidence():
    mirror = Mirror()
    ahead = mirror.receipt(server.receipt(server.height + 1))  # given ten seconds before this head
    evidence = alarmed(mirror, "receipt-not-honoured", "--receipt", ahead)
    assert evidence["documents"][0]["message"]["height"] > evidence["documents"][1]["message"]["height"]


@case
def a_receipt_for_another_ballot_at_its_place_is_evidence():
    for changed in ({"event": "0" * 64}, {"tracker": tracker(b"another")}):
        mirror = Mirror()
        alarmed(mirror, "receipt-not-honoured", "--receipt", mirror.receipt(server.receipt(server.height, **changed)))


@case
def a_receipt_younger_than_the_head_is_no_lie_yet():
    mirror = Mirror()
    honest(mirror, "--receipt", mirror.receipt(server.receipt(server.height + 1, seconds=60)))


@case
def a_forged_receipt_accuses_nobody():
    mirror = Mirror()
    genuine, server.signer = server.signer, server.stranger
    forged = mirror.receipt(server.receipt(server.height + 1))
    server.signer = genuine
    assert mirror.run("--receipt", forged) == 1 and "[signature]" in mirror.err, mirror.err
    assert not glob.glob(mirror.file("evidence-*"))


@case
def another_key_is_not_followed():
    mirror = Mirror()
    honest(mirror)
    genuine, server.signer = server.signer, server.stranger
    try:
        assert mirror.run() == 1 and "[server-key-changed]" in mirror.err, mirror.err
    finally:
        server.signer = genuine


@case
def a_copy_that_was_cut_while_it_was_written_is_made_whole():
    mirror = Mirror()
    honest(mirror)
    copy = mirror.file(server.uuid + ".bel")
    with open(copy, "ab") as file:
        file.write(server.bytes[os.path.getsize(copy) :][:700])
    server.height += 1
    honest(mirror)
    assert open(copy, "rb").read() == server.bytes[: server.index[server.height][2]]


def main():
    global server
    server = Server()
    failed = 0
    for function in CASES:
        server.reset()
        try:
            function()
            print("ok -", function.__name__)
        except Exception as e:  # each case is reported, whatever went wrong in it
            failed += 1
            print("not ok - %s\n    %s: %s" % (function.__name__, type(e).__name__, str(e).replace("\n", "\n    ")))
    shutil.rmtree(SCRATCH)
    print("%d passed, %d failed" % (len(CASES) - failed, failed))
    return 1 if failed or not CASES else 0


sys.exit(main())
