"""A whole election with the offline programs, for the tests of this folder."""

import json
import os

from cases import compact, run
from signing_key import SigningKey

QUESTIONS = [
    {"type": "Homomorphic", "value": {"answers": ["Nguyễn Văn An", "Trần \"Thị\" Bình", "Lê Cường"],
                                      "blank": True, "min": 1, "max": 2, "question": "Chọn tối đa 2"}},
    {"type": "Homomorphic", "value": {"answers": ["A", "B"], "blank": False, "min": 0, "max": 1,
                                      "question": "Pick at most one"}}]


class Failed(Exception):
    pass


def must(program, *arguments):
    done = run(program, *arguments)
    if done.returncode != 0:
        raise Failed(f"{program} {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")
    return done.stdout


def public_of(key):
    with open(key + ".public", encoding="ascii") as file:
        return file.read().strip()


def only(folder, suffix):
    names = [n for n in os.listdir(folder) if n.endswith(suffix)]
    if len(names) != 1:
        raise Failed(f"{folder}: {names}, expected one {suffix}")
    return os.path.join(folder, names[0])


class Election:
    """Trustees, credentials and an archive in a folder of its own."""

    # Who signs: role, name and number of the persons pinned by the trust file.
    OFFICIALS, OBSERVERS = ("Thư ký", "Chủ tịch"), ("Quan sát viên",)
    MIRRORS = ("Bản sao", "Bản sao khác")
    CLOSED = "2026-01-02T03:04:05Z"  # the calendar's end of voting: past

    def __init__(self, folder, group, threshold=None, voters=3, uuid=None, trustees=None,
                 questions=None):
        self.questions = questions or QUESTIONS
        self.folder, self.group, self.threshold = folder, group, threshold
        os.makedirs(folder)
        self.uuid = uuid or "11111111111111"
        self.bel = self.path("election.bel")
        self.keys = []  # options of nep-trustee for each trustee
        self.made = {}  # ballots of each voter, in the order in which they were made
        self.statements = []  # of all ballots
        if trustees:
            self.trustees, self.keys = trustees.trustees, trustees.keys
            self.trust, self.signers = trustees.trust, trustees.signers
        else:
            self.pin()
            self.trustees = self.path("trustees.json")
            self.singles() if threshold is None else self.ceremony(3, threshold)
        self.setup(voters)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def person(self, name):
        """A signing key made by nep-admin; the outcome is the file with its public half."""
        key = self.path("signer-" + name)
        with open(key + ".public", "w", encoding="ascii") as file:
            file.write(must("client-cli/nep-admin", "keygen", "--out", key))
        self.signers[name] = key
        return key + ".public"

    def pin(self, name="trust", minimum=2, weights=False, mirrors=1):
        """Makes the trust file. `mirrors`: how many must countersign."""
        new = not hasattr(self, "signers")
        if new:
            self.signers = {}
            must("tally/nep-trustee", "keygen", "--group", "Ed25519", "--out", self.path("auditor"))
            must("tally/nep-trustee", "trustees", "--single", only(self.path("auditor"), ".pubkey"),
                 "--out", self.path("audit"))
            for person in (*self.OFFICIALS, *self.OBSERVERS, "Kiểm toán", *self.MIRRORS, "receipts", "Người lạ"):
                self.person(person)
        self.trust = self.path(name)
        public = {n: key + ".public" for n, key in self.signers.items()}
        must("tally/nep-tally", "trust", "--event", "bau-cu", "--issuer", "https://id.example.vn",
             "--audience", "nep", "--audit", self.path("audit"),
             "--audit-signer", "Kiểm toán=" + public["Kiểm toán"],
             *[o for n in self.OFFICIALS for o in ("--official", f"{n}={public[n]}")],
             *[o for n in self.OBSERVERS for o in ("--observer", f"{n}={public[n]}")],
             "--officials-needed", len(self.OFFICIALS), "--mirrors-needed", mirrors,
             *[o for n in self.MIRRORS for o in ("--mirror", f"{n}={public[n]}")],
             "--receipts", public["receipts"], "--minimum-count", minimum,
             *(["--weights"] if weights else []), "--out", self.trust)

    def new(self, kind):
        self.files = getattr(self, "files", 0) + 1
        return self.path(f"{kind}-{self.files}")

    def sign(self, tag, message, key):
        """An envelope that openssl signs, whatever our tools would say to it; the outcome is its file."""
        out = self.new("signed")
        with open(out, "wb") as file:
            file.write(compact(SigningKey(key).envelope(tag, message)))
        return out

    def act(self, name, archive=None, closes=None, trust=None, key=None, beside=None):
        """The outcome of nep-tally act tally, and its file. Without `beside`: what fits the archive."""
        out = self.new("act")
        beside = self.beside(archive) if beside is None else beside
        return run("tally/nep-tally", "act", "tally", archive or self.bel, "--closes",
                   closes or self.CLOSED, "--trust", trust or self.trust, *beside, "--key",
                   self.signers[key or name], "--name", name, "--out", out), out

    def casts(self, archive=None):
        """The file of the cast statements of an archive's ballots."""
        out = self.new("casts")
        must("tally/nep-tally", "casts", archive or self.bel, *self.statements, "--out", out)
        return out

    def countersign(self, archive=None, name="Bản sao"):
        """A mirror's countersignature of the end of the vote."""
        out = self.new("countersignature")
        must("tally/nep-tally", "countersign", archive or self.bel, "--trust", self.trust, "--key",
             self.signers[name], "--name", name, "--out", out)
        return out

    def beside(self, archive=None):
        """Options with the casts file and the countersignature of an archive."""
        return ["--casts", self.casts(archive), "--countersignature", self.countersign(archive)]

    def sign_tally(self, archive=None, closes=None, beside=None):
        """Options with the tally acts of everybody who is needed."""
        options = []
        beside = self.beside(archive) if beside is None else beside
        for name in (*self.OFFICIALS, *self.OBSERVERS):
            done, out = self.act(name, archive, closes, beside=beside)
            if done.returncode != 0:
                raise Failed(done.stdout + done.stderr)
            options += ["--act", out]
        return options

    def singles(self):
        public = []
        for i in (1, 2):
            must("tally/nep-trustee", "keygen", "--group", self.group, "--name", f"trustee {i}",
                 "--out", self.path(f"trustee-{i}"))
            self.keys.append(["--key", only(self.path(f"trustee-{i}"), ".privkey")])
            public += ["--single", only(self.path(f"trustee-{i}"), ".pubkey")]
        must("tally/nep-trustee", "trustees", *public, "--out", self.trustees)

    def collect(self, out, names):
        with open(self.path(out), "wb") as file:
            for name in names:
                with open(name, "rb") as part:
                    file.write(part.read())

    def ceremony(self, n, threshold):
        names = [option for i in range(n) for option in ("--name", f"Ủy viên {i + 1}")]
        must("tally/nep-trustee", "dkg", "context", "--group", self.group, "--threshold", threshold,
             *names, "--out", self.path("context"))
        folders = [self.path(f"trustee-{i}") for i in range(1, n + 1)]
        for i, folder in enumerate(folders, 1):
            must("tally/nep-trustee", "dkg", "cert", "--context", self.path("context"), "--index", i,
                 "--out", folder)
        common = ["--context", self.path("context"), "--certs", self.path("certs")]
        self.collect("certs", [only(folder, ".cert") for folder in folders])
        must("tally/nep-trustee", "dkg", "check", *common)
        for folder in folders:
            must("tally/nep-trustee", "dkg", "polynomial", *common, "--key", only(folder, ".key"),
                 "--out", os.path.join(folder, "polynomial"))
        self.collect("polynomials", [os.path.join(folder, "polynomial") for folder in folders])
        for i, folder in enumerate(folders, 1):
            must("tally/nep-trustee", "dkg", "vinput", *common, "--polynomials",
                 self.path("polynomials"), "--index", i, "--out", os.path.join(folder, "vinput"))
            must("tally/nep-trustee", "dkg", "voutput", *common, "--vinput",
                 os.path.join(folder, "vinput"), "--key", only(folder, ".key"), "--out",
                 os.path.join(folder, "voutput"), "--dkey", os.path.join(folder, "share.dkey"))
            self.keys.append(["--key", only(folder, ".key"), "--dkey",
                              os.path.join(folder, "share.dkey")])
        self.collect("voutputs", [os.path.join(folder, "voutput") for folder in folders])
        must("tally/nep-trustee", "dkg", "parameters", *common, "--polynomials",
             self.path("polynomials"), "--voutputs", self.path("voutputs"), "--out",
             self.path("parameters"))
        must("tally/nep-trustee", "trustees", "--threshold", self.path("parameters"), "--out",
             self.trustees)

    def setup(self, voters):
        must("tally/nep-tally", "credentials", "--group", self.group, "--uuid", self.uuid, "--count",
             voters, "--out", self.path("credentials"))
        with open(self.path("credentials", self.uuid + ".privcreds"), encoding="utf-8") as file:
            self.credentials = list(json.load(file).values())
        with open(self.path("template"), "w", encoding="utf-8") as file:
            json.dump({"description": "Bầu cử", "name": "Thử nghiệm", "questions": self.questions,
                       "administrator": "Ban bầu cử", "credential_authority": ["Server"]}, file,
                      ensure_ascii=False, indent=1)
        must("tally/nep-tally", "setup", "--definition", self.path("template"), "--trustees",
             self.trustees, "--credentials", self.path("credentials", self.uuid + ".pubcreds"),
             "--group", self.group, "--uuid", self.uuid, "--out", self.bel)

    def credential_file(self, voter):
        with open(os.open(self.path("credential"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                  "w", encoding="utf-8") as file:
            file.write(self.credentials[voter] + "\n")
        return self.path("credential")

    def statement(self, voter, ballot):
        """The voter's cast statement about a ballot; the outcome is its file."""
        before = self.made.setdefault(voter, [])
        out = self.new("statement")
        must("tally/nep-tally", "statement", self.bel, ballot, "--credential-file",
             self.credential_file(voter), "--number", len(before) + 1,
             *(["--previous", before[-1]] if before else []), "--out", out)
        before.append(ballot)
        self.statements.append(out)
        return out

    def ballot(self, voter, choice, name):
        """Makes a ballot and its statement; the outcome is the ballot's file."""
        own = os.open(self.path("choice"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(own, "w", encoding="utf-8") as file:
            json.dump(choice, file)
        must("tally/nep-tally", "ballot", self.bel, "--credential-file", self.credential_file(voter),
             "--choice-file", self.path("choice"), "--out", self.path(name))
        self.statement(voter, self.path(name))
        return self.path(name)

    def vote(self, choices):
        """[(voter, choice)..] in this order."""
        files = [self.ballot(voter, choice, f"ballot-{i}")
                 for i, (voter, choice) in enumerate(choices)]
        must("tally/nep-tally", "cast", self.bel, *files)

    def close(self):
        must("tally/nep-tally", "close", self.bel)
        must("tally/nep-tally", "compute", self.bel)
        self.held = self.beside()
        self.signed = self.sign_tally(beside=self.held)

    def decrypt(self, trustee, archive=None, out=None, acts=None, trust=None, journal=None, beside=None):
        """The outcome of nep-trustee decrypt; trustee counts from 1. Without acts and `beside`: those
        that were made for the archive at its end."""
        out = out or self.path(f"share-{trustee}.json")
        acts = getattr(self, "signed", []) if acts is None else acts
        if beside is None:
            beside = getattr(self, "held", ["--casts", self.bel + ".casts"])
        return run("tally/nep-trustee", "decrypt", "--archive", archive or self.bel, *beside,
                   *self.keys[trustee - 1], "--trust", trust or self.trust, *acts, "--journal",
                   journal or self.path(f"journal-{trustee}"), "--out", out)

    def share(self, trustee):
        done = self.decrypt(trustee)
        if done.returncode != 0:
            raise Failed(done.stdout + done.stderr)
        return self.path(f"share-{trustee}.json")

    def combine(self, *arguments):
        return run("tally/nep-tally", "combine", self.bel, *arguments)


def expected(choices):
    """Result of the last choice of each voter."""
    last = dict(choices)
    rows = []
    for q, question in enumerate(QUESTIONS):
        value = question["value"]
        row = [0] * (len(value["answers"]) + value["blank"])
        for choice in last.values():
            if choice[q] == "blank":
                row[0] += 1
            else:
                for i, chosen in enumerate(choice[q]):
                    row[i + value["blank"]] += chosen
        rows.append(row)
    return rows
