"""nep-mirror against a server that really lies: forks, drops, alters and breaks promises, all of it
signed with its own genuine key. Each lie is found and leaves evidence; an honest server is not accused."""
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
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(SOURCE, "tests", "reference")]
from check import tar_header  # noqa: E402
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


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


class Board:
    """An archive as a list of events, each with its data records; bytes up to every height."""

    def __init__(self, path):
        whole = list(records(path))
        self.stamp = json.loads(whole[0][1])["timestamp"]
        self.events, pending = [], []
        for name, body in whole[1:]:
            if name.endswith(".event.json"):
                self.events.append((json.loads(body), pending))
                pending = []
            else:
                pending.append(body)

    def record(self, name, body):
        return tar_header(name, len(body), self.stamp) + body + b"\0" * (-len(body) % 512)

    def build(self, events=None):
        """Chains the events anew: a list of (hash, payload hash, size), and the bytes."""
        out = self.record("BELENIOS", compact({"version": 1, "timestamp": self.stamp}))
        parent, index = None, []
        for height, (event, data) in enumerate(self.events if events is None else events):
            new = {} if parent is None else {"parent": parent}
            new.update({"height": height, "type": event["type"]})
            if "payload" in event:
                new["payload"] = event["payload"]
            text = compact(new)
            for body in data:
                out += self.record(sha256(body) + ".data.json", body)
            out += self.record(sha256(text) + ".event.json", text)
            parent = sha256(text)
            index.append((parent, event.get("payload"), len(out)))
        return index, out


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
        elif address.path.endswith("/head") and s.height is None:
            self.reply(404, compact({"type": "urn:nep:problem:archive", "title": "x", "status": 404, "detail": "not open",
                                     "code": "archive"}), Content_Type="application/problem+json")
        elif address.path.endswith("/head"):
            self.reply(200, s.head().encode())
        elif address.path.endswith("/archive"):
            self.archive(s, int(urllib.parse.parse_qs(address.query)["upto"][0]))
        else:
            self.reply(404, b"")

    def archive(self, s, upto):
        body = s.bytes[: s.index[upto][2]]
        wanted = self.headers.get("Range", "")
        s.asked.append(wanted)
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
        self.index, self.bytes = self.board.build()
        self.height, self.changed, self.asked = self.closed() - 3, {}, []

    def closed(self):
        return next(i for i, (e, _) in enumerate(self.board.events) if e["type"] == ["EndBallots"])

    def now(self, seconds=0):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))

    def head(self):
        event, _, size = self.index[self.height]
        return self.signer.envelope("NEP-1-head", {"uuid": self.uuid, "height": self.height, "event": event, "size": size,
                                                   "time": self.now(), **self.changed})

    def receipt(self, height, seconds=-10, **changed):
        event, payload, _ = self.index[height]
        return self.signer.envelope("NEP-1-cast-receipt", {
            "uuid": self.uuid, "election_hash": self.election_hash,
            "tracker": tracker(b"") if payload is None else base64_of(payload), "height": height, "event": event,
            "time": self.now(seconds), **changed})

    def tell_another_story(self, without):
        """The same election without one ballot: every ballot verifies, the chain is whole."""
        events = [e for i, e in enumerate(self.board.events) if i != without]
        self.index, self.bytes = self.board.build(events)


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
