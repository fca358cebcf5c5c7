"""nep-voter check against records that an honest server could give, and against others."""
import glob
import json
import os
import shutil
import sys

import voter
from board import Board, Voters, compact, reference
from fake_server import sha256, tracker
from voter import OTHER, VECTOR, Device, expect

CASES = []
NOT_HERE = "not cast with this folder"


def case(function):
    CASES.append(function)
    return function


class Record:
    """What the server shows while voting lasts: the ballots of the vector's other voters, then these."""

    def __init__(self, *ballots, without=()):
        self.board = Board(os.path.join(VECTOR, "election.bel"))
        self.voters = Voters(VECTOR, voter.server.uuid, sha256(voter.server.definition))
        mine = [signer(who) for who in ("voter1", "voter2")]
        setup, *others = [e for e in self.board.events if e[0]["type"] in (["Setup"], ["Ballot"])]
        others = [e for e in others if owner(e[1][-1]) not in mine][:2]
        self.ballots = [data[-1] for _, data in others] + list(ballots)
        events = [without_credentials(setup, without)] + [({"type": ["Ballot"], "payload": sha256(b)}, [b]) for b in self.ballots]
        self.index, self.bytes = self.board.build(events)

    def statements(self, sent):
        """As the voters signed them; `sent` holds those of the devices."""
        return [sent.get(b) or self.voters.statement(b, 1) for b in self.ballots]

    def serve(self, *devices, statements=None):
        """With this record go receipts for every ballot that the devices hold a receipt of."""
        sent = {ballot: statement for d in devices for ballot, statement in casts(d)}
        casts_bytes = self.board.casts(voter.server.uuid, statements or self.statements(sent))[1]
        voter.server.serve(self.bytes, casts_bytes)
        for device in devices:
            for path in device.files("receipt"):
                self.confirm(path)

    def confirm(self, path):
        ballot = open(path.replace("receipt-", "ballot-"), "rb").read()
        height = 1 + self.ballots.index(ballot)
        with open(path, "w") as file:
            file.write(voter.server.signer.envelope("NEP-1-cast-receipt", {
                "uuid": voter.server.uuid, "election_hash": sha256(voter.server.definition), "tracker": tracker(ballot),
                "height": height, "event": self.index[height][0], "time": voter.server.now()}))


def owner(ballot):
    return json.loads(ballot)["message"]["credential"]


def signer(who):
    secret = json.load(open(os.path.join(VECTOR, "secrets", "private_creds.json")))[who]
    group = Voters.GROUP
    return group.enc(reference.gp(group, reference.derive(group, voter.server.uuid, secret)))


def without_credentials(setup, left_out):
    """The Setup event with other people on the list."""
    event, (definition, trustees, credentials, text) = setup
    if not left_out:
        return setup
    listed = [c for c in json.loads(credentials) if c["credential"] not in left_out]
    credentials = compact(listed)
    named = dict(json.loads(text), credentials=sha256(credentials))
    return dict(event, payload=sha256(compact(named))), [definition, trustees, credentials, compact(named)]


def casts(device):
    """(ballot, statement) of everything that the device has sent."""
    for path in device.files("ballot") + device.files("refused"):
        statement = path.replace("ballot-", "statement-").replace("refused-", "statement-")
        yield open(path, "rb").read(), open(statement, "rb").read()


def ballots(device):
    return [ballot for ballot, _ in casts(device)]


def voted(times=1, who="voter1"):
    device = Device(who)
    for _ in range(times):
        expect(device, device.vote(), 0)
    return device


def check(device, *more):
    return device.run("check", "--election", voter.server.uuid, *more)


def evidence(device):
    names = [os.path.basename(p) for p in glob.glob(os.path.join(device.dir, "evidence-*"))]
    prefix = "evidence-%s-" % voter.server.uuid
    assert all(name.startswith(prefix) for name in names), names
    return {name[len(prefix):]: open(os.path.join(device.dir, name), "rb").read() for name in names}


def leaves_nothing_else(device):
    left = glob.glob(os.path.join(device.dir, "*.bel")) + glob.glob(os.path.join(device.dir, "*.casts"))
    assert all("evidence-" in path for path in left), left


@case
def a_ballot_that_stands_where_its_receipt_says():
    device = voted(2)
    record = Record(*ballots(device))
    record.serve(device)
    expect(device, check(device), 0, "stands at height 4", "Nobody changed the order", "unless you vote again")
    assert NOT_HERE not in device.out and "never came" not in device.out
    expect(device, check(device, "--json"), 0)
    found = json.loads(device.out)
    assert (found["verdict"], found["tracker"], found["height"]) == ("recorded", tracker(ballots(device)[1]), 4), found
    assert (found["receipts"], found["pending"], found["order_checked"]) == (2, False, True), found
    assert evidence(device) == {}
    leaves_nothing_else(device)


@case
def a_stored_ballot_whose_receipt_was_lost_is_the_voters_own():
    device = voted(2)
    os.unlink(device.files("receipt")[1])
    record = Record(*ballots(device))
    record.serve(device)
    expect(device, check(device), 0, "its receipt never came; run vote to ask for it", "stands at height 4")
    assert NOT_HERE not in device.out
    expect(device, check(device, "--json"), 0, '"verdict":"recorded"', '"pending":true', '"cast":"unconfirmed"')
    os.unlink(device.files("receipt")[0])
    expect(device, check(device), 0, "stands at height 4")
    for _ in range(2):  # the first one first
        expect(device, device.vote(), 0, "sent again unchanged")
    assert len(device.files("receipt")) == len(device.files("ballot")) == 2
    for path in device.files("receipt"):
        os.unlink(path)
    Record().serve()
    expect(device, check(device), 1, "[no-receipt]", "run vote: it sends the ballot of this folder again")


@case
def a_ballot_that_was_never_stored_is_sent_again():
    device = voted(2)
    os.unlink(device.files("receipt")[1])
    Record(ballots(device)[0]).serve(device)
    expect(device, check(device), 0, "was never confirmed; run vote to send it again", "stands at height 3")


@case
def a_refused_ballot_that_was_stored_is_evidence_against_the_server():
    device = voted()
    voter.refuse("closed")
    expect(device, device.vote(), 1, "[closed]")
    refused = open(device.files("refused")[0], "rb").read()
    Record(ballots(device)[0], refused).serve(device)
    expect(device, check(device), 1, "[ballot-refused]", "refusal and the archive", "Kept as evidence")
    assert NOT_HERE not in device.out + device.err
    assert sorted(evidence(device)) == ["0001.bel", "0001.casts", "0001.head.json"]
    voter.server.board = [{"height": 3 + i, "credential": owner(b), "event": "0" * 64, "tracker": tracker(b)}
                          for i, b in enumerate(ballots(device))]
    expect(device, device.run("list"), 0, "THE SERVER HAD REFUSED IT")
    assert "NOT CAST" not in device.out
    expect(device, device.run("list", "--json"), 0, '"cast_here":true,"refused":true', '"cast_here":true,"refused":false')


@case
def a23_an_older_ballot_after_a_newer_one_is_seen_without_statements_too():
    device = voted(2)
    first, second = ballots(device)
    record = Record(second, first)
    record.serve(device)
    expect(device, check(device), 1, "[casts-order]", "[casts-invalid]", "[ballot-order]", "Kept as evidence")
    assert evidence(device)["0001.casts"] == voter.server.casts
    path = os.path.join(device.dir, "given.bel")
    with open(path, "wb") as file:
        file.write(record.bytes)
    expect(device, check(device, "--archive", path), 1, "[ballot-order]")


@case
def a23_statements_that_are_wrong_are_kept():
    device = voted()
    record = Record(*ballots(device))
    record.serve(device, statements=record.statements({}))  # of the right voter, but not the ones that were sent
    expect(device, check(device), 0)
    record.serve(device, statements=list(reversed(record.statements(dict(casts(device))))))
    expect(device, check(device), 1, "[casts-invalid]", "evidence-%s-0001.casts" % voter.server.uuid)
    assert "stands at height" not in device.out
    assert evidence(device)["0001.casts"] == voter.server.casts and evidence(device)["0001.bel"] == record.bytes


@case
def a23_a_server_that_confirmed_a_ballot_owes_its_statement():
    device = voted()
    record = Record(*ballots(device))
    record.serve(device)
    voter.server.casts = None
    expect(device, check(device), 1, "[casts-withheld]")
    assert "Not checked" not in device.out and sorted(evidence(device)) == ["0001.bel", "0001.head.json"]
    leaves_nothing_else(device)


@case
def what_was_not_checked_is_no_success():
    device = voted()
    record = Record(*ballots(device))
    record.serve(device)
    given = {}
    for name, data in (("bel", record.bytes), ("casts", voter.server.casts)):
        given[name] = os.path.join(device.dir, "given." + name)
        with open(given[name], "wb") as file:
            file.write(data)
    expect(device, check(device, "--archive", given["bel"]), 1, "Not checked", "stands at height 3", "[order-not-checked]")
    expect(device, check(device, "--archive", given["bel"], "--json"), 1, '"verdict":"incomplete"', '"order_checked":false')
    expect(device, check(device, "--archive", given["bel"], "--casts", given["casts"]), 0, "stands at height 3")
    os.unlink(device.files("statement")[0])  # of a version that made none
    voter.server.casts = None
    expect(device, check(device), 1, "Not checked", "[order-not-checked]")
    assert evidence(device) == {}


@case
def evidence_is_kept_and_never_overwritten():
    device = voted()
    record = Record(*ballots(device))
    record.serve(device)
    voter.server.archive = Record().bytes  # of which the head says something else
    expect(device, check(device), 1, "[head-differs]", "evidence-%s-0001.bel" % voter.server.uuid)
    first = evidence(device)
    assert first["0001.bel"] == voter.server.archive and json.loads(first["0001.head.json"])["message"]["height"] == 3
    Record().serve()
    expect(device, check(device), 1, "[ballot-missing]", "evidence-%s-0002.casts" % voter.server.uuid)
    both = evidence(device)
    assert {k: v for k, v in both.items() if k.startswith("0001")} == first
    assert sorted(both) == ["0001.bel", "0001.head.json", "0002.bel", "0002.casts", "0002.head.json"]
    leaves_nothing_else(device)
    voter.server.faults["head"] = {"uuid": "6" * 14}
    expect(device, check(device), 1, "[server-answer]")
    assert evidence(device) == both, "it shows nothing"


@case
def a25_another_list_than_the_one_that_was_signed_is_refused():
    device = voted()
    Record(*ballots(device), without=[signer("voter2")]).serve(device)
    expect(device, check(device), 1, "[setup-changed]", "Kept as evidence")
    os.unlink(os.path.join(device.dir, "setup-%s.txt" % voter.server.uuid))
    expect(device, check(device), 0, "stands at height")


@case
def an_archive_of_another_election_is_refused():
    device = voted()
    expect(device, check(device, "--archive", OTHER), 1, "[other-election]")
    assert evidence(device) == {} and os.path.exists(OTHER)


@case
def two_voters_of_one_folder_are_checked_apart():
    device, other = voted(), Device("voter2")
    name = "credentials-%s.txt" % voter.server.uuid
    shutil.copy(os.path.join(device.dir, name), os.path.join(device.dir, "first"))
    shutil.copy(os.path.join(other.dir, name), device.dir)
    expect(device, device.vote(), 0)
    record = Record(*ballots(device))
    record.serve(device)
    expect(device, check(device), 0, "Your ballot %s stands at height 4" % tracker(ballots(device)[1]))
    assert NOT_HERE not in device.out
    shutil.copy(os.path.join(device.dir, "first"), os.path.join(device.dir, name))
    expect(device, check(device), 0, "Your ballot %s stands at height 3" % tracker(ballots(device)[0]))
    os.unlink(os.path.join(device.dir, name))  # typed when voting: the last ballot says whose it is
    expect(device, check(device), 0, "stands at height 4")
    device.write(os.path.basename(device.files("ballot")[1]), "{}")
    expect(device, check(device), 1, "[ballot-file]")


if __name__ == "__main__":
    sys.exit(voter.main(CASES))
