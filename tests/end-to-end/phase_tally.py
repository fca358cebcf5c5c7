"""Uploads of tally, shares and result that the server must find out, and tools that must refuse."""

import hashlib
import json
import os
import shutil

import casts
from attacker import Device, Official, compact


def read(path):
    with open(path, "rb") as file:
        return file.read()


def altered_number(text, key):
    """The text with the first decimal string under `key` changed by one."""
    start = text.index(f'"{key}":"') + len(key) + 4
    end = text.index('"', start)
    return text[:start] + str(int(text[start:end]) + 1) + text[end:]


def upload(s, action, body, name, statuses=(400, 422)):
    s.report.refused(name, s.official.act(s.server, action, s.uuid, body), statuses)


def papers(s):
    """What must come with a tally: (acts, countersignatures)."""
    names = sorted(n for n in os.listdir(s.state + "/acts") if n.startswith("tally-"))
    return ([json.loads(read(f"{s.state}/acts/{n}")) for n in names],
            [json.loads(read(f"{s.state}/mirror/{s.uuid}-closed.countersignature.json"))])


def wrong_papers(s, good):
    """a24: who is missing, and what was signed for something else."""
    acts, (mirror,) = good["acts"], good["countersignatures"]
    observer = next(a for a in acts if a["key"] == Official("", s.state + "/pinned/quan-sat.key").public)
    others = [a for a in acts if a is not observer]
    stranger, mirror_key = Official("stranger"), Official("", s.state + "/pinned/ban-sao.key")

    def countersigned(who, **changed):
        return [who.envelope("NEP-1-countersignature", dict(mirror["message"], **changed))]

    upload(s, "tally", {k: v for k, v in good.items() if k != "acts"}, "a tally without a list of acts is refused")
    upload(s, "tally", dict(good, acts=[]), "a24 a tally without acts is refused")
    upload(s, "tally", dict(good, acts=others), "a24 a tally without an observer's act is refused")
    upload(s, "tally", dict(good, acts=acts[1:] + acts[1:]), "a24 one official twice is not two")
    early = Official("", s.state + "/pinned/quan-sat.key").envelope(
        "NEP-1-tally-act", dict(observer["message"], closes="2026-01-01T00:00:00Z"))
    upload(s, "tally", dict(good, acts=others + [early]), "a24 an act with another end of voting is refused")
    foreign = stranger.envelope("NEP-1-tally-act", observer["message"])
    upload(s, "tally", dict(good, acts=others + [foreign]), "a24 a stranger's act is refused")
    upload(s, "tally", dict(good, countersignatures=[]), "a24 a tally without a countersignature is refused")
    upload(s, "tally", dict(good, countersignatures=countersigned(stranger)), "a24 a stranger's countersignature is refused")
    upload(s, "tally", dict(good, countersignatures=countersigned(mirror_key, height=mirror["message"]["height"] - 1)),
           "a24 a countersignature of an earlier head is refused")
    upload(s, "tally", dict(good, countersignatures=[s.server.get(s.path + "/head").json()]),
           "a24 the server's own head is no countersignature")


def wrong_tallies(s):
    acts, countersignatures = papers(s)
    good = dict(json.loads(read(s.state + "/upload/tally.json")), acts=acts, countersignatures=countersignatures)
    sized = json.loads(good["sized"])
    tally = json.loads(good["encrypted_tally"])
    upload(s, "result", read(s.state + "/upload/result.json"), "a result before the tally is refused", (409,))
    fewer = compact(dict(sized, num_tallied=sized["num_tallied"] - 1)).decode()
    upload(s, "tally", dict(good, sized=fewer), "a8 a tally of one ballot fewer is refused")
    tally[0][0], tally[0][1] = tally[0][1], tally[0][0]
    swapped = compact(tally).decode()
    resized = compact(dict(sized, encrypted_tally=hashlib.sha256(swapped.encode()).hexdigest())).decode()
    upload(s, "tally", dict(good, encrypted_tally=swapped, sized=resized), "a10 a tally with candidates swapped is refused")
    upload(s, "tally", {k: v for k, v in good.items() if k != "sized"}, "a tally without its size is refused")
    upload(s, "tally", dict(good, sized=good["sized"] + " "), "a size that is not canonical is refused")
    wrong_papers(s, good)


def wrong_shares(s):
    names = sorted(n for n in os.listdir(s.state + "/upload") if n.startswith("decryption-"))
    first, second = (json.loads(read(f"{s.state}/upload/{n}")) for n in names[:2])
    number = json.loads(first["owned"])["owner"]

    def share(text, owner=number):
        payload = hashlib.sha256(text.encode()).hexdigest()
        return {"decryption": text, "owned": compact({"owner": owner, "payload": payload}).decode(),
                "proof": first["proof"]}

    upload(s, "decryption", share(altered_number(first["decryption"], "response")),
           "a2 a share with an altered proof is refused")
    upload(s, "decryption", share(second["decryption"]), "a share under another trustee's number is refused")
    upload(s, "decryption", dict(first, owned=share(second["decryption"])["owned"]),
           "a share whose hash is another's is refused")
    owned = json.loads(first["owned"])
    upload(s, "decryption", dict(first, owned=compact(dict(owned, owner=99)).decode()),
           "a share of an unknown trustee is refused")
    upload(s, "decryption", {k: v for k, v in first.items() if k != "proof"},
           "a2 a share without its second proof is refused")
    upload(s, "decryption", dict(first, proof=second["proof"]), "a2 a share with another trustee's second proof is refused")
    upload(s, "decryption", dict(first, proof=altered_number(first["proof"], "response")),
           "a2 a share with an altered second proof is refused")
    upload(s, "decryption", dict(first, proof=first["proof"] + " "), "a2 a second proof that is not canonical is refused")
    upload(s, "result", read(s.state + "/upload/result.json"), "a result before enough shares is refused", (409, 422))


def share_again(s):
    names = sorted(n for n in os.listdir(s.state + "/upload") if n.startswith("decryption-"))
    upload(s, "decryption", read(f"{s.state}/upload/{names[0]}"), "a trustee's second share is refused", (409, 422))


def wrong_results(s):
    good = json.loads(read(s.state + "/upload/result.json"))["result"]
    row = list(good[0])
    row[1], row[2] = row[1] + 1, row[2] - 1
    upload(s, "result", {"result": [row]}, "a8 a result with one vote moved is refused")
    upload(s, "result", {"result": [good[0][:-1]]}, "a result with a candidate missing is refused")
    upload(s, "result", {"result": []}, "an empty result is refused")
    upload(s, "result", b'{"result": %s}' % compact(good), "a result that is not canonical is refused")


def foreign_election(s):
    """Another election that stands where this one does: tallied, without a result, with its own statements."""
    folder = f"{s.source}/tests/vectors/positive/Ed25519-threshold"
    whole = read(folder + "/election.bel")
    listed = list(casts.records(whole))
    definition, ballots = listed[1][1], casts.parts(whole)[2]
    uuid = json.loads(definition)["uuid"]
    devices = [Device(uuid, s.event, c) for c in json.loads(read(folder + "/secrets/private_creds.json")).values()]
    by_public = {d.public: d for d in devices}
    statements = []
    for ballot in ballots:
        device = by_public[json.loads(ballot)["message"]["credential"]]
        device.context(definition)
        statements.append(device.statement(ballot, sequence=1))
    end = whole.index(b'"type":["EncryptedTally"]')
    stamp = json.loads(listed[0][1])["timestamp"]
    bel, beside = s.state + "/foreign.bel", s.state + "/foreign.casts"
    with open(bel, "wb") as file:
        file.write(whole[:end + (-end) % 512])
    with open(beside, "wb") as file:
        file.write(casts.casts_of(("NEP-CASTS", compact({"version": 1, "timestamp": stamp, "uuid": uuid})), statements))
    return bel, beside


def trustees(s):
    """a10: the trustee's own tool refuses before it decrypts. Each refusal has one cause."""
    key = [f for f in os.listdir(s.state + "/ceremony/trustee-2") if f.endswith(".key")][0]
    folder = s.state + "/ceremony/trustee-2/"
    bel = s.state + "/offline.bel"  # tallied, without a result
    cast = s.state + "/offline.casts"
    signed = ["--countersignature", f"{s.state}/mirror/{s.uuid}-closed.countersignature.json"]
    out = s.state + "/never.json"

    def decrypt(archive, key_file=folder + key, dkey=folder + "share.dkey", beside=cast, mirrors=signed):
        acts = [o for n in sorted(os.listdir(s.state + "/acts")) for o in ("--act", f"{s.state}/acts/{n}")]
        return s.program("tally/nep-trustee", "decrypt", "--archive", archive, "--key", key_file,
                         "--trust", s.state + "/trust.json", *acts, *mirrors, "--casts", beside, "--journal", s.state + "/never.journal",
                         "--dkey", dkey, "--out", out)

    def refused(name, wanted, archive, **options):
        code, said = decrypt(archive, **options)
        s.report.case(name, code == 1 and wanted in said and not os.path.exists(out), (code, said))

    foreign, statements = foreign_election(s)
    refused("a10 another election's archive is refused by the trustee's tool", "[tally-act]", foreign, beside=statements)
    refused("a10 nor does it stand beside this election's statements", "NEP-CASTS", foreign)
    refused("a10 an archive without its tally is refused", "[phase]", s.state + "/closed.bel")
    refused("a24 a trustee does not decrypt what no mirror has countersigned", "too-few-countersignatures", bel, mirrors=[])
    cut = s.state + "/cut.casts"
    with open(cut, "wb") as file:
        file.write(read(cast)[:1024])
    refused("a23 a trustee does not decrypt without a statement for each ballot", "casts-missing", bel, beside=cut)
    broken = s.state + "/broken.bel"
    data = bytearray(read(bel))
    spot = data.index(b'"challenge":"', len(data) // 3) + 14
    data[spot] = ord("1") if data[spot] != ord("1") else ord("2")
    with open(broken, "wb") as file:
        file.write(data)
    refused("a10 an archive with one altered digit is refused", "[archive-hash]", broken)
    refused("another trustee's decryption key is refused", "[channel-seal]", bel, dkey=s.state + "/ceremony/trustee-1/share.dkey")
    public = s.state + "/readable.key"
    shutil.copy(folder + key, public)
    os.chmod(public, 0o644)
    refused("a key that others can read is refused", "[file-mode]", bel, key_file=public)
    code, said = s.program("tally/nep-tally", "compute", broken)
    s.report.case("a8 nep-tally refuses the altered archive and leaves it as it was",
                  code == 1 and read(broken) == bytes(data), said)
    code, said = decrypt(bel)
    s.report.case("without any of these faults it is decrypted", code == 0 and os.path.exists(out), said)
