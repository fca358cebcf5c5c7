"""An election server for the tests of nep-voter that lies, breaks and answers on command.

It serves the election of a test vector over TLS with a certificate made on the spot and signs with a
key of its own (openssl). `faults` holds what it does wrong; `seen` is what it was asked.
"""
import base64
import hashlib
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import time


NO_CAST = '{"statement":null,"receipt":null}'


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def tracker(ballot):
    return base64.b64encode(hashlib.sha256(ballot).digest()).decode().rstrip("=")


def parts(body):
    """Ballot and cast statement of a casting body."""
    ballot, _, statement = body.rstrip(b" ")[len(b'{"ballot":') : -1].rpartition(b',"statement":')
    return ballot, statement


def nonce(tag, text):
    digest = hashlib.sha256(tag.encode() + b"\0" + text.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def registration_nonce(r):
    """The nonce that binds the credentials of a registration to a person (records/registration.h)."""
    return nonce("NEP-1-registration", json.dumps(
        {"event": r["event"], "salt": r["salt"], "replaces": r["replaces"], "credentials": [
            {"uuid": c["uuid"], "credential": c["credential"]} for c in r["credentials"]]},
        separators=(",", ":"), ensure_ascii=False))


def records(path):
    """(name, body) of each record of an archive."""
    data = open(path, "rb").read()
    at = 0
    while at < len(data):
        name = data[at : at + 100].rstrip(b"\0").decode()
        size = int(data[at + 124 : at + 135], 8)
        yield name, data[at + 512 : at + 512 + size]
        at += 512 + (size + 511) // 512 * 512


def openssl(*arguments, **keywords):
    return subprocess.run(("openssl",) + arguments, check=True, capture_output=True, **keywords).stdout


class Signer:
    """An Ed25519 key that signs envelopes (records/signed.h)."""

    def __init__(self, folder, name):
        self.path = os.path.join(folder, name + ".pem")
        openssl("genpkey", "-algorithm", "ed25519", "-out", self.path)
        self.key = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")[-32:].hex()

    def envelope(self, tag, message):
        text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
        with open(self.path + ".in", "wb") as file:
            file.write(tag.encode() + b"\0" + text.encode())
        signature = openssl("pkeyutl", "-sign", "-inkey", self.path, "-rawin", "-in", self.path + ".in")
        return '{"message":%s,"key":"%s","signature":"%s"}' % (
            text, self.key, base64.b64encode(signature).decode().rstrip("="))


def certificate(folder, name, host):
    """A self-signed certificate, which is its own authority."""
    key, cert = (os.path.join(folder, name + end) for end in (".key", ".crt"))
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
            "-subj", "/CN=" + host, "-addext", "subjectAltName=" + host_name(host), "-keyout", key, "-out", cert)
    return key, cert


def host_name(host):
    return ("IP:" if host[0].isdigit() else "DNS:") + host


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, kind="application/json", **headers):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def problem(self, status, code, **more):
        self.reply(status, json.dumps({"type": "urn:nep:problem:" + code, "title": code, "status": status,
                                       "detail": "as the test wants it", "code": code, **more}),
                   "application/problem+json")

    def do_GET(self):
        state = self.server.state
        path = self.path.split("?")[0]
        state.seen.append(("GET", self.path, b""))
        documents = {"/v1/key": lambda: json.dumps({"key": state.signer.key}),
                     "/v1/elections": lambda: json.dumps({"elections": [state.summary()]}),
                     state.at(""): lambda: json.dumps(state.summary()),
                     state.at("/definition"): lambda: state.definition,
                     state.at("/trustees"): lambda: state.trustees,
                     state.at("/credentials"): lambda: state.credentials,
                     state.at("/trust"): lambda: state.trust,
                     state.at("/documents/freeze-acts"): state.freeze_acts,
                     state.at("/documents/verdict"): state.verdict,
                     state.at("/ballots"): lambda: json.dumps({"ballots": state.board, "next": None}),
                     "/v1/me/registration": lambda: json.dumps({"registrations": state.registrations}),
                     "/v1/me/accesses": lambda: json.dumps({"accesses": []}),
                     state.at("/head"): state.head}
        if path in state.faults.get("problems", {}):
            self.problem(*state.faults["problems"][path])
        elif path in state.faults.get("answers", {}):
            self.reply(200, state.faults["answers"][path])
        elif path == state.at("/archive") and "redirect" in state.faults:
            self.reply(307, "", Location=state.faults["redirect"])
        elif path == state.at("/archive"):
            self.reply(200, state.archive, "application/octet-stream")
        elif path == state.at("/casts") and state.casts is not None:
            self.reply(200, state.casts, "application/octet-stream")
        elif path in documents:
            self.reply(200, documents[path]())
        else:
            self.problem(404, "not-found")

    def do_POST(self):
        state = self.server.state
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == state.at("/casts/last"):  # a question
            state.asked.append(body)
            self.reply(200, state.last)
            return
        state.seen.append(("POST", self.path, body))
        if state.on_post:
            state.on_post(self.path, body)
        fault = state.post_faults.pop(0) if state.post_faults else None
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
        elif fault == "busy":
            self.reply(503, json.dumps({"code": "busy", "detail": "full", "status": 503, "title": "Busy",
                                        "type": "urn:nep:problem:busy"}), "application/problem+json", Retry_After="1")
        elif isinstance(fault, dict):
            self.problem(fault["status"], fault["code"], **fault.get("more", {}))
        elif self.path == state.at("/ballots"):
            self.reply(201, state.receipt(parts(body)[0], fault))
        elif self.path == state.at("/challenges"):
            self.reply(201, '{"uuid":"%s","number":%s,"time":"%s"}' % (state.uuid, fault or 7, state.now()))
        elif self.path == "/v1/sign-in":
            self.reply(200, json.dumps({"nonce": state.nonce, "expires": state.now()}))
        elif self.path == "/v1/sessions":
            self.reply(201, json.dumps({"session": "S" * 43, "expires": state.now()}))
        elif self.path == "/v1/registrations":
            self.reply(201, state.registration_receipt(body))
        else:
            self.problem(404, "not-found")


class Listener(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):  # the visitor hung up, as some tests want it
            super().handle_error(request, client_address)


class FakeServer:
    def __init__(self, folder, vector):
        self.folder, self.signer = folder, Signer(folder, "signer")
        self.stranger = Signer(folder, "stranger")
        self.honest = open(os.path.join(vector, "election.bel"), "rb").read()
        bodies = [body for name, body in records(os.path.join(vector, "election.bel")) if name.endswith(".data.json")]
        self.definition, self.trustees, self.credentials = bodies[:3]
        self.uuid = json.loads(self.definition)["uuid"]
        self.ballot_bytes = None  # voter.py learns it from the program
        self.officials = [Signer(folder, "official%d" % i) for i in (1, 2)]
        self.auditor, self.observer, self.mirror = (Signer(folder, name) for name in ("auditor", "observer", "mirror"))
        self.trust = self.trust_file()
        self.reset()
        key, cert = certificate(folder, "server", "127.0.0.1")
        self.ca = cert
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(cert, key)
        self.httpd = Listener(("127.0.0.1", 0), Handler)
        self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True)
        self.httpd.state = self
        self.port = self.httpd.server_address[1]
        self.url = "https://127.0.0.1:%d" % self.port
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()

    def reset(self):
        self.faults, self.post_faults, self.seen, self.on_post = {}, [], [], None
        self.asked, self.last = [], NO_CAST
        self.nonce, self.registrations = "N" * 43, []  # what a sign-in is given; what /v1/me/registration says
        self.phase, self.board = "open", []
        self.serve(self.honest)

    def serve(self, archive, casts=None):
        """From now on this is the record, and what the head is about."""
        self.archive, self.casts = archive, casts
        with open(os.path.join(self.folder, "served.bel"), "wb") as file:
            file.write(archive)

    def at(self, rest):
        return "/v1/elections/" + self.uuid + rest

    def posts(self):
        return [body for method, _, body in self.seen if method == "POST"]

    def setup_hash(self):
        return sha256(('{"election":"%s","trustees":"%s","credentials":"%s"}' % tuple(
            sha256(x) for x in (self.definition, self.trustees, self.credentials))).encode())

    def summary(self):
        name = self.faults.get("name", "Bầu cử thử")
        return {"uuid": self.uuid, "event": "thử-2026", "name": name, "description": "", "phase": self.phase,
                "group": json.loads(self.definition)["group"], "identifier": "text",
                "election_hash": sha256(self.definition), "setup_hash": self.setup_hash(),
                "credentials_hash": sha256(self.credentials), "calendar": None,
                "ballot_bytes": self.ballot_bytes or 0, "height": 0, "head": None, "counts": {}, **self.faults.get("summary", {})}

    def trust_file(self, **changes):
        """The event's trust file (records/trust.h); the trustees of the vector are the auditors, too."""
        def people(*signers):
            return [{"name": os.path.basename(s.path), "key": s.key} for s in signers]
        return json.dumps({
            "event": "thử-2026", "identity": {"issuer": "https://id.example.vn", "audience": "nep", "claim": "sub"},
            "audit": json.loads(self.trustees), "audit_signers": people(self.auditor),
            "officials": people(*self.officials), "officials_needed": 2, "observers": people(self.observer),
            "observers_needed": 1, "mirrors": people(self.mirror), "mirrors_needed": 1, "receipts": self.signer.key,
            "claims_period": 0, "minimum_count": 2, "weights": False, **changes},
            separators=(",", ":"), ensure_ascii=False)

    def fingerprint(self, text=None, encoded=True):
        digest = hashlib.sha256(b"NEP-1-trust\0" + (text or self.trust).encode()).digest()
        return base64.b64encode(digest).decode().rstrip("=") if encoded else digest.hex()

    def freeze_acts(self, signers=None, **changes):
        """What officials have signed (records/freeze_act.h): what this server shows, or something else."""
        message = {"uuid": self.uuid, "election_hash": sha256(self.definition),
                   "trustees_hash": sha256(self.trustees), "credentials_hash": sha256(self.credentials),
                   "setup_hash": self.setup_hash(), "trust": self.fingerprint(encoded=False), "time": self.now(),
                   **changes}
        return "[%s]" % ",".join(s.envelope("NEP-1-freeze", message) for s in signers or self.officials)

    def verdict(self, signer=None, **changes):
        n = len(json.loads(self.credentials))
        return (signer or self.auditor).envelope("NEP-1-registry-verdict", {
            "uuid": self.uuid, "event": "thử-2026", "trust": self.fingerprint(encoded=False), "export": sha256(b""),
            "credentials": sha256(self.credentials),
            "counts": {"registrations": n, "persons": n, "replaced": 0, "refused": 0, "credentials": n},
            "time": self.now(), **changes})

    def now(self):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def receipt(self, ballot, fault):
        message = {"uuid": self.uuid, "election_hash": sha256(self.definition), "tracker": tracker(ballot),
                   "height": 1, "event": sha256(b"event"), "time": self.now()}
        if fault == "other ballot":
            message["tracker"] = tracker(ballot + b"x")
        signer = self.stranger if fault == "other key" else self.signer
        return signer.envelope("NEP-1-head" if fault == "other purpose" else "NEP-1-cast-receipt", message)

    def refusal(self, ballot, sent, code, signer=None, **changed):
        message = {"uuid": self.uuid, "tracker": tracker(ballot), "statement": sha256(sent), "code": code,
                   "time": self.now(), **changed}
        return (signer or self.signer).envelope("NEP-1-refusal", {k: v for k, v in message.items() if v is not None})

    def registration_receipt(self, body):
        r = json.loads(body)
        return self.signer.envelope("NEP-1-registration-receipt", {
            "event": r["event"], "nonce": registration_nonce(r),
            "elections": [c["uuid"] for c in r["credentials"]], "time": self.now()})

    def head(self):
        last, height = b"", -1
        for name, body in records(os.path.join(self.folder, "served.bel")):
            if name.endswith(".event.json"):
                last, height = body, height + 1
        message = {"uuid": self.uuid, "height": height, "event": sha256(last),
                   "size": os.path.getsize(os.path.join(self.folder, "served.bel")), "time": self.now(),
                   **self.faults.get("head", {})}
        return self.signer.envelope("NEP-1-head", message)
