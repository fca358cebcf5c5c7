"""Before registration: acts, definitions, rolls."""

import json

from attacker import Official, compact, rfc3339


def acts(s):
    """Each refusal has one cause: everything else about the request is right."""
    official, report, server = s.official, s.report, s.server
    body = compact({"registration_closes": rfc3339(3600), "opens": rfc3339(7200), "closes": rfc3339(9000)})
    path = s.path + "/calendar"

    report.refused("an act without a signature is refused",
                   server.post(path, body), 403)
    report.refused("an act with a garbled signature header is refused",
                   server.post(path, body, {"NEP-Act": "not-base64!"}), 400)
    stranger = Official(official.name)
    report.refused("an act signed with an unknown key under a known name is refused",
                   stranger.act(server, "calendar", s.uuid, body), 403)
    stranger = Official("nobody")
    report.refused("an act by an unknown official is refused",
                   stranger.act(server, "calendar", s.uuid, body), 403)
    report.refused("an act for another body is refused",
                   official.act(server, "calendar", s.uuid, body + b" ",
                                header=official.header("calendar", s.uuid, body)), 403)
    report.refused("an act for another election is refused",
                   official.act(server, "calendar", s.uuid, body,
                                header=official.header("calendar", "1" * 14, body)), 403)
    report.refused("an act for another action is refused",
                   official.act(server, "calendar", s.uuid, body,
                                header=official.header("roll", s.uuid, body)), 403)
    report.refused("an act from ten minutes ago is refused",
                   official.act(server, "calendar", s.uuid, body,
                                header=official.header("calendar", s.uuid, body, time=rfc3339(-600))), 403)
    report.refused("an act from ten minutes ahead is refused",
                   official.act(server, "calendar", s.uuid, body,
                                header=official.header("calendar", s.uuid, body, time=rfc3339(600))), 403)
    report.refused("a9 an official's signature for another purpose is no act",
                   official.act(server, "calendar", s.uuid, body,
                                header=official.header("calendar", s.uuid, body, tag="NEP-1-head")), 403)
    header = official.header("calendar", s.uuid, body)
    first = official.act(server, "calendar", s.uuid, body, header=header)
    report.case("the same act, rightly signed, is performed", first.status in (200, 201), first)
    report.refused("a replayed act is refused", official.act(server, "calendar", s.uuid, body, header=header), 409)
    report.case("the calendar is the one that was signed",
                s.show()["calendar"] == json.loads(body), s.show())


def calendars(s):
    act = lambda value: s.official.act(s.server, "calendar", s.uuid, value)
    good = {"registration_closes": rfc3339(3600), "opens": rfc3339(7200), "closes": rfc3339(9000)}
    s.report.refused("a calendar that opens before registration closes is refused",
                     act(dict(good, opens=rfc3339(1800))), 400)
    s.report.refused("a calendar that closes before it opens is refused", act(dict(good, closes=rfc3339(7000))), 400)
    s.report.refused("a calendar with a local time is refused", act(dict(good, closes="2030-01-01T00:00:00+07:00")), 400)
    s.report.refused("a calendar with the 30th of February is refused", act(dict(good, closes="2030-02-30T00:00:00Z")), 400)
    s.report.refused("a calendar with an unknown field is refused", act(dict(good, ends=rfc3339(1))), 400)
    s.report.refused("a calendar without the end is refused",
                     act({k: v for k, v in good.items() if k != "closes"}), 400)


def definitions(s):
    with open(s.state + "/definition.json", encoding="utf-8") as file:
        good = json.load(file)
    create = lambda value: s.official.act(s.server, "create", "", value)
    fresh = lambda **changed: dict(good, uuid="2" * 14, **changed)
    s.report.refused("an election with a uuid that exists is refused", create(good), 409)
    s.report.refused("an election with a bad uuid is refused", create(dict(good, uuid="0OIl" * 4)), 400)
    s.report.refused("a6 an election in an unknown group is refused", create(fresh(group="P-256")), 400)
    s.report.refused("a6 trustees of another group are refused", create(fresh(group="BELENIOS-2048")), 422)
    template = json.loads(json.dumps(good["template"]))
    template["questions"][0]["value"]["min"] = 4
    s.report.refused("a question with min above max is refused", create(fresh(template=template)), 400)
    template["questions"] = [{"type": "NonHomomorphic", "value": {"answers": ["A"], "question": "?"}}]
    s.report.refused("a question of a kind not supported is refused as such", create(fresh(template=template)), 422,
                     "unsupported")
    trustees = json.dumps(good["trustees"])
    # The last digit: another first one could make the number too large, and be refused for that.
    spot = trustees.index('"', trustees.index('"response": "') + len('"response": "')) - 1
    digit = str((int(trustees[spot]) + 1) % 10)
    altered = json.loads(trustees[:spot] + digit + trustees[spot + 1:])
    s.report.refused("a8 trustees with one altered signature are refused", create(fresh(trustees=altered)), 422)
    s.report.refused("an election without trustees is refused", create(fresh(trustees=[])), 422)
    without = {k: v for k, v in fresh().items() if k != "trust"}
    s.report.refused("an election without a trust file is refused", create(without), 400)
    s.report.refused("a trust file of another event is refused", create(fresh(trust=dict(good["trust"], event="other"))), 422)
    s.report.refused("a trust file that asks for more officials than it names is refused",
                     create(fresh(trust=dict(good["trust"], officials_needed=9))), 400)
    s.report.refused("a trust file with one key twice is refused",
                     create(fresh(trust=dict(good["trust"], observers=good["trust"]["mirrors"]))), 422)
    served = s.server.get(s.path + "/trust")
    s.report.case("the trust file is served as it was pinned", served.status == 200 and
                  served.body == compact(good["trust"]), served)
    s.report.refused("a definition cut short is refused", create(compact(fresh())[:-2]), 400)
    double = compact(fresh()).replace(b'{"uuid"', b'{"uuid":"%s","uuid"' % (b"3" * 14), 1)
    s.report.refused("a definition with a key twice is refused", create(double), 400)
    s.report.refused("a definition with an unknown field is refused", create(fresh(colour="red")), 400)
    s.report.refused("a definition that is not UTF-8 is refused", create(compact(fresh()).replace(b"hdnd", b"\xff\xfend")), 400)
    s.report.case("none of them was created", s.server.get("/v1/elections/" + "2" * 14).status == 404)


BAD_ROWS = [
    ("07909000000,Thiếu Một Số,1990-01-01", "identifier"),          # 11 digits
    ("0790900000011,Thừa Một Số,1990-01-01", "identifier"),         # 13 digits
    ("07909000000X,Có Chữ,1990-01-01", "identifier"),               # a letter
    (",Không Có Số,1990-01-01", "identifier"),                      # empty
    ("079090000005,,1990-01-01", "name"),                           # no name
    ("079090000006,Ngày Sai,1990-02-30", "birth_date"),             # no such day
    ("079090000007,Ngày Lạ,01/01/1990", "birth_date"),              # another form
    ("079090000008,Thiếu Cột", "row"),                              # a column missing
    ("079090000009,Thừa Cột,1990-01-01,x", "row"),                  # a column too many
    ("079090000001,Hai Lần,1990-01-01", "identifier"),              # twice
    ("079090000011,Xuống\tDòng\x07,1990-01-01", "name"),            # control characters
]


def rolls(s):
    head, good = "identifier,name,birth_date\n", "079090000001,Người Đầu Tiên,1990-01-01\n"
    act = lambda text: s.official.act(s.server, "roll", s.uuid, text if isinstance(text, bytes) else text.encode())
    for row, field in BAD_ROWS:
        answer = act(head + good + row + "\n")
        rows = answer.json().get("rows", []) if answer.code() == "roll" else []
        named = len(rows) == 1 and (rows[0]["line"], rows[0]["field"]) == (3, field) and rows[0]["reason"]
        s.report.case(f"a21 the bad row {row!r} alone is refused and named",
                      answer.status in (400, 422) and named, answer)
    answer = act(head + good + "".join(row + "\n" for row, _ in BAD_ROWS))
    lines = [r["line"] for r in answer.json().get("rows", [])]
    s.report.case("a21 a roll with eleven kinds of bad row gives eleven messages by line",
                  answer.code() == "roll" and lines == list(range(3, 3 + len(BAD_ROWS))), answer)
    s.report.case("a21 nothing of it was imported", s.show()["counts"]["roll"] == 0, s.show())
    for name, text in (("without a header line", good), ("with an unknown column", "identifier,nick\n079090000001,x\n"),
                       ("that is empty", ""), ("of a header alone", head),
                       ("that is not UTF-8", head.encode() + b"079090000001,\xff\xfe,1990-01-01\n"),
                       ("with a NUL", head.encode() + b"079090000001,a\x00b,1990-01-01\n")):
        answer = act(text)
        s.report.case(f"a roll {name} is refused", answer.status in (400, 422) and answer.code(), answer)
    s.report.refused("a roll of the wrong media type is refused",
                     s.official.act(s.server, "roll", s.uuid, (head + good).encode(), content_type="image/png"), 415)
    s.report.case("still nothing was imported", s.show()["counts"]["roll"] == 0, s.show())


def wrong_phase(s):
    for action in ("freeze", "open", "close"):
        s.report.refused(f"{action} is refused in draft", s.official.act(s.server, action, s.uuid, {}), 409)
    for action in ("tally", "decryption", "result"):
        s.report.refused(f"{action} is refused in draft",
                         s.official.act(s.server, action, s.uuid,
                                        {"tally": {"encrypted_tally": "[]", "sized": "{}", "acts": [],
                                                   "countersignatures": []},
                                         "decryption": {"decryption": "{}", "owned": "{}"},
                                         "result": {"result": [[0]]}}[action]), 409)
    device = s.device()
    s.report.refused("registration is refused in draft",
                     s.server.post("/v1/registrations", device.registration(s.token_for(s.people[0]))), 409)
    s.report.refused("credentials are not there in draft", s.server.get(s.path + "/credentials"), 404)
    s.report.refused("the result is not there in draft", s.server.get(s.path + "/result"), 404)


def run(s):
    acts(s)
    calendars(s)
    definitions(s)
    rolls(s)
    wrong_phase(s)
