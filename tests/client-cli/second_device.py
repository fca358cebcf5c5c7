"""A voter with two devices, and a server that lies about the other one's ballots (A20, A23)."""
import json
import os
import shutil
import sys

import voter
from fake_server import NO_CAST, parts, sha256, tracker
from voter import GOOD, SOURCE, Device, expect, no_ballot

sys.path.insert(0, os.path.join(SOURCE, "tests", "end-to-end"))
import attacker  # noqa: E402

CASES = []
ANOTHER = "Another ballot with your credential"
LEFT_OUT = "does not show the last ballot that it confirmed"


def case(function):
    CASES.append(function)
    return function


def signatory(who="voter1"):
    """The credential itself: it can sign any statement."""
    secret = json.load(open(os.path.join(voter.VECTOR, "secrets", "private_creds.json")))[who]
    found = attacker.Device(voter.server.uuid, "thử-2026", secret)
    found.election_hash = sha256(voter.server.definition)
    return found


def shows(statement, ballot, fault=None):
    """From now on the server says that this is the credential's last ballot."""
    voter.server.last = '{"statement":%s,"receipt":%s}' % (statement.decode(), voter.server.receipt(ballot, fault))


def shows_what(device, n):
    """... the n-th ballot that it was sent by this device."""
    ballot, statement = (open(device.files(kind)[n - 1], "rb").read() for kind in ("ballot", "statement"))
    shows(statement, ballot)
    return ballot


def sent():
    return [json.loads(parts(body)[1])["message"] for body in voter.server.posts()]


@case
def a20_a_second_device_goes_on_after_the_first_and_tells_of_its_ballot():
    first, second = Device(), Device()
    expect(first, first.vote(), 0)
    ballot = shows_what(first, 1)
    path = os.path.join(second.dir, "credentials-%s.txt" % voter.server.uuid)
    typed = open(path).read()
    os.unlink(path)
    time = json.loads(voter.server.last)["receipt"]["message"]["time"]
    expect(second, second.run("vote", "--election", voter.server.uuid, answers=typed + "0\ny\ncast\n"), 0,
           "%s was accepted at %s: tracker %s" % (ANOTHER, time, tracker(ballot)), "will count in its place")
    assert [(s["sequence"], s["previous"]) for s in sent()] == [(1, None), (2, sha256(ballot))], sent()
    ballot = shows_what(second, 1)
    expect(first, first.vote(), 0, ANOTHER)
    assert (sent()[-1]["sequence"], sent()[-1]["previous"]) == (3, sha256(ballot))


@case
def a20_it_is_told_in_vietnamese_too():
    first, second = Device(), Device()
    expect(first, first.vote(), 0)
    shows_what(first, 1)
    expect(second, second.vote(GOOD, "--lang", "vi"), 0, "Một lá phiếu khác mang mã bầu cử của bạn đã được nhận lúc")


@case
def a_ballot_of_this_device_is_no_news():
    device = Device()
    expect(device, device.vote(), 0)
    shows_what(device, 1)
    expect(device, device.vote(), 0)
    assert ANOTHER not in device.err and LEFT_OUT not in device.err, device.err
    assert [s["sequence"] for s in sent()] == [1, 2]


@case
def a_folder_restored_from_a_copy_goes_on_after_what_it_has_forgotten():
    device, copy = Device(), Device()
    expect(device, device.vote(), 0)
    shutil.copytree(device.dir, copy.dir, dirs_exist_ok=True)
    shows_what(device, 1)
    expect(device, device.vote(), 0)
    ballot = shows_what(device, 2)
    expect(copy, copy.vote(), 0, ANOTHER)
    assert (sent()[-1]["sequence"], sent()[-1]["previous"]) == (3, sha256(ballot))


@case
def a23_the_server_cannot_lower_the_number():
    device = Device()
    for _ in range(3):
        expect(device, device.vote(), 0)
        shows_what(device, len(sent()))
    last = shows_what(device, 3)
    for lie in ("older", "none"):
        if lie == "older":
            shows_what(device, 1)
        else:
            voter.server.last = NO_CAST
        expect(device, device.vote(), 0, LEFT_OUT)
        assert sent()[-1]["previous"] == sha256(last)
        last = open(device.files("ballot")[-1], "rb").read()
    assert [s["sequence"] for s in sent()] == [1, 2, 3, 4, 5]


@case
def a23_the_server_cannot_invent_a_ballot():
    ballot, who = b"{}", signatory()
    for fault, statement in (("cast-signature", who.statement(ballot, 7, "a" * 64, key=5)),
                             ("cast-signature", signatory("voter2").statement(ballot, 7, "a" * 64)),
                             ("cast-statement", who.statement(ballot, 7, "a" * 64, uuid="6" * 14)),
                             ("cast-statement", who.statement(ballot, 7, "a" * 64, election_hash="0" * 64)),
                             ("cast-statement", who.statement(ballot, 1, "a" * 64)),
                             ("cast-statement", who.statement(ballot, 0)),
                             ("cast-statement", who.statement(ballot, 1000000000)),
                             ("cast-statement", who.statement(ballot, 7, more=1))):
        device = Device()
        shows(statement, ballot)
        expect(device, device.vote(), 1, "[%s]" % fault, "answer about your last ballot")
        no_ballot(device)


@case
def a_number_that_leaves_no_room_is_refused_with_advice():
    ballot, device = b"{}", Device()
    shows(signatory().statement(ballot, 999999999, "a" * 64), ballot)
    expect(device, device.vote(), 1, "[cast-numbers]", "tell the commission")
    no_ballot(device)
    shows(signatory().statement(ballot, 999999998, "a" * 64), ballot)
    expect(device, device.vote(), 0, ANOTHER)
    assert sent()[-1]["sequence"] == 999999999
    assert len(voter.server.posts()[-1]) == voter.server.ballot_bytes
    expect(device, device.vote(), 1, "[cast-numbers]")


@case
def the_time_that_is_told_is_signed_by_the_server():
    ballot, who = b"{}", signatory()
    for fault, code in (("other key", "signature"), ("other purpose", "signature"), ("other ballot", "receipt-content")):
        device = Device()
        shows(who.statement(ballot, 3, "a" * 64), ballot, fault)
        expect(device, device.vote(), 1, "[%s]" % code)
        no_ballot(device)


@case
def an_answer_of_another_form_is_refused():
    good = signatory().statement(b"{}", 3, "a" * 64).decode()
    receipt = voter.server.receipt(b"{}", None)
    for answer in ("", "[]", "{}", "null", '{"statement":null}', '{"statement":%s,"receipt":null}' % good,
                   '{"statement":null,"receipt":%s}' % receipt, '{"statement":7,"receipt":%s}' % receipt,
                   '{"receipt":%s,"statement":%s}' % (receipt, good), " " * 70000,
                   '{"statement":null,"receipt":null,"more":1}', NO_CAST + NO_CAST):
        device = Device()
        voter.server.last = answer
        assert device.vote() in (1, 2), (answer, device.err)
        no_ballot(device)


@case
def a16_the_question_comes_before_the_choice_and_does_not_depend_on_it():
    for choice in (GOOD, '["blank"]', "[[1,0,0,0,0]]"):
        device = Device()
        expect(device, device.vote(choice), 0)
    assert len(voter.server.asked) == 3 and len(set(voter.server.asked)) == 1, voter.server.asked
    assert json.loads(voter.server.asked[0]) == {"credential": signatory().public}
    device = Device()
    device.run("vote", "--election", voter.server.uuid, answers="")
    assert len(voter.server.asked) == 4, "it was asked while the choice was still unknown"


@case
def two_voters_of_one_folder_are_kept_apart():
    device, other = Device(), Device("voter2")
    expect(device, device.vote(), 0)
    shutil.copy(os.path.join(other.dir, "credentials-%s.txt" % voter.server.uuid), device.dir)
    expect(device, device.vote(), 0)
    assert [(s["sequence"], s["previous"]) for s in sent()] == [(1, None), (1, None)], sent()
    assert LEFT_OUT not in device.err


if __name__ == "__main__":
    sys.exit(voter.main(CASES))
