"""An independent client for the end-to-end tests: it can do what our programs refuse to do, such as
altered ballots, acts signed by strangers and broken requests. Python standard library, openssl for
Ed25519 signatures, and the reference verifier's own arithmetic."""

import base64
import datetime
import hashlib
import http.client
import json
import os
import secrets
import socket
import ssl
import subprocess
import sys
import urllib.parse

sys.path[:0] = [os.path.join(os.environ["NEP_SOURCE"], "tests", folder) for folder in ("reference", "support")]
import check as reference  # noqa: E402
from record_files import Chain, casts_of, compact, records  # noqa: E402,F401
from signing_key import SigningKey  # noqa: E402

BASE58 = reference.B58


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def sign_in_nonce(given):
    """What the identity provider signs for a session, of what the server gave out."""
    return base64url(hashlib.sha256(b"NEP-1-sign-in\0" + given.encode()).digest())


def rfc3339(offset=0):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def code(self):
        """The problem's code, "" when the answer is not a well-formed problem document."""
        if self.headers.get("content-type", "").split(";")[0] != "application/problem+json":
            return ""
        problem = self.json()
        complete = all(isinstance(problem.get(k), str) and problem[k] for k in ("type", "title", "code"))
        fits = problem.get("status") == self.status and problem.get("type", "").startswith("urn:nep:problem:")
        return problem["code"] if complete and fits else ""

    def __str__(self):
        return f"{self.status} {self.body[:300]!r}"


class Server:
    def __init__(self, url, ca):
        parts = urllib.parse.urlsplit(url)
        self.url, self.host, self.port = url, parts.hostname, parts.port
        self.tls = ssl.create_default_context(cafile=ca)

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.tls, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, body, headers=None):
        data = body if isinstance(body, bytes) else compact(body)
        return self.ask("POST", path, data, {"Content-Type": "application/json", **(headers or {})})

    def connect(self):
        plain = socket.create_connection((self.host, self.port), timeout=60)
        return self.tls.wrap_socket(plain, server_hostname=self.host)

    def raw(self, data, pause=None):
        """Sends bytes as they are and reads until the server closes or has answered; a function
        `pause` gets the socket in between."""
        with self.connect() as connection:
            try:
                connection.sendall(data)
                if pause:
                    pause(connection)
            except (OSError, ssl.SSLError):
                pass
            return read_answer(connection)


def read_answer(connection):
    received = b""
    try:
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            if not piece:
                break
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict((k.strip().lower(), v.strip()) for k, _, v in (line.partition(":") for line in lines[1:]))
        while len(body) < int(headers.get("content-length", 0)):
            piece = connection.recv(65536)
            if not piece:
                break
            body += piece
        return Answer(int(lines[0].split()[1]), headers, body)
    except (OSError, IndexError, ValueError) as fault:
        return Answer(0, {}, f"no answer: {fault}".encode())


class Official(SigningKey):
    """Signs acts, with a new key or that of a file."""

    def __init__(self, name, key_file=None):
        super().__init__(key_file)
        self.name = name

    def header(self, action, uuid, body, tag="NEP-1-act", **changed):
        message = {"action": action, "uuid": uuid, "body": hashlib.sha256(body).hexdigest(),
                   "nonce": secrets.token_hex(16), "time": rfc3339(), "official": self.name}
        message.update(changed)
        return base64url(compact(self.envelope(tag, message)))

    def act(self, server, action, uuid, body, header=None, content_type=None):
        data = body if isinstance(body, bytes) else compact(body)
        path = "/v1/elections" if action == "create" else f"/v1/elections/{uuid}/{action}"
        kind = content_type or ("text/csv" if action == "roll" else "application/json")
        signed_uuid = "" if action == "create" else uuid
        return server.ask("POST", path, data, {
            "Content-Type": kind, "NEP-Act": header or self.header(action, signed_uuid, data)})


class Issuer:
    """The local identity provider."""

    def __init__(self, program, key, issuer, audience):
        self.command = [program, "token", "--key", key]
        self.issuer, self.audience = issuer, audience

    def token(self, subject, nonce, *options, issuer=None, audience=None):
        command = self.command + ["--issuer", issuer or self.issuer, "--audience", audience or self.audience,
                                  "--subject", subject, *options, "--", nonce]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()


def new_credential():
    text = "".join(secrets.choice(BASE58) for _ in range(22))
    return f"{text[:5]}-{text[5:11]}-{text[11:16]}-{text[16:]}"


class Device:
    """A voter's device for one election of group Ed25519: credential, registration, ballots."""

    GROUP = reference.group("Ed25519")

    def __init__(self, uuid, event, credential=None):
        self.uuid, self.event = uuid, event
        self.credential = credential or new_credential()
        self.key = reference.derive(self.GROUP, uuid, self.credential)
        self.public = self.GROUP.enc(reference.gp(self.GROUP, self.key))
        self.election_hash = None  # known from the first ballot on

    def proof(self, tag, message, key=None):
        """A signature under one of our own tags."""
        group, key = self.GROUP, self.key if key is None else key
        public, witness = group.enc(reference.gp(group, key)), secrets.randbelow(group.q)
        challenge = reference.h2f(group, f"{tag}-group_hash-{group.name}", public + "|" + compact(message).decode()
                                  + group.enc(reference.gp(group, witness)))[0]
        return {"challenge": str(challenge), "response": str((witness - key * challenge) % group.q)}

    def possession(self, nonce, uuid=None, key=None):
        return self.proof("NEP-1-possession", {"uuid": uuid or self.uuid, "nonce": nonce}, key)

    def published(self, challenge, key=None):
        """The proof that goes with a challenge's exact bytes."""
        return self.proof("NEP-1-challenge", {"uuid": self.uuid, "election_hash": self.election_hash,
                                              "challenge": hashlib.sha256(challenge).hexdigest()}, key)

    def registration(self, token_for, replaces=None, **changed):
        """The body of a registration; token_for(nonce) gives the ID token."""
        head = {"event": self.event, "salt": secrets.token_hex(32), "replaces": replaces,
                "credentials": [{"uuid": self.uuid, "credential": self.public}]}
        head.update(changed.get("head", {}))
        nonce = base64url(hashlib.sha256(b"NEP-1-registration\0" + compact(head)).digest())
        self.nonce = nonce
        proof = changed.get("proof") or self.possession(nonce)
        credentials = [dict(c, proof=proof) for c in head["credentials"]]
        return dict(head, credentials=credentials, id_token=token_for(nonce))

    def context(self, definition):
        """What the reference program needs to make ballots: the definition's exact bytes."""
        context = reference.Ctx()
        self.election_hash = hashlib.sha256(definition).hexdigest()
        context.e, context.fp = json.loads(definition), hashlib.sha256(definition).hexdigest()
        context.G, context.y = self.GROUP, self.GROUP.dec(context.e["public_key"])
        return context

    def ballot(self, definition, choice):
        return reference.make_ballot(self.context(definition), self.credential, choice).encode()

    statements = 0  # of all devices of the tests: a number higher than any before

    def statement(self, ballot, sequence=None, previous=None, key=None, **changed):
        """A cast statement about a ballot's exact bytes."""
        if sequence is None:
            Device.statements += 1
            sequence = Device.statements
        message = {"uuid": self.uuid, "election_hash": self.election_hash, "ballot": hashlib.sha256(ballot).hexdigest(),
                   "sequence": sequence, "previous": previous}
        message.update(changed)
        return compact({"message": message, "signature": self.proof("NEP-1-cast", message, key)})

    def enclosed(self, ballot, *arguments, **keywords):
        """Ballot and statement, as they are cast."""
        return enclosed(ballot, self.statement(ballot, *arguments, **keywords))

    def signed(self, message):
        """A ballot with this credential's signature over any message."""
        return reference.sign_ballot(self.GROUP, self.key, message).encode()


def enclosed(ballot, statement):
    return b'{"ballot":' + ballot + b',"statement":' + statement + b"}"


def padded(body, size):
    return body + b" " * (size - len(body))


class Report:
    """Counts cases; the name says what is shown."""

    def __init__(self):
        self.passed = self.failed = 0
        with open(os.path.join(os.path.dirname(__file__), "refusals.txt"), encoding="utf-8") as file:
            self.listed = dict(reversed(line.rstrip("\n").split("\t")) for line in file)

    def case(self, name, good, detail=""):
        print(("ok - " if good else "not ok - ") + name, flush=True)
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"    {detail}", flush=True)

    def refused(self, name, answer, status, *codes):
        """A problem document with this status (or one of these), and exactly the status and code that
        refusals.txt has for this case: so a refusal for another reason than the planned one is seen."""
        statuses = status if isinstance(status, tuple) else (status,)
        code = answer.code()
        good = answer.status in statuses and code != "" and (not codes or code in codes)
        found = f"{answer.status} {code}"
        listed = self.listed.get(name)
        self.case(name, good and found == listed,
                  f"wanted {statuses} {'/'.join(codes)} and {listed} (refusals.txt), got {answer}\n"
                  f"    {found}\t{name}")
