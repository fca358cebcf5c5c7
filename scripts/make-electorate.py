#!/usr/bin/env python3
"""Invents an electorate for the demo and the tests: people, what they will choose, and the count
that must come out.

usage: make-electorate.py --out DIR --voters N --registered N --casting N --twice N [--seed S]

Writes to DIR:
  roll.csv             identifier,name,birth_date: all N voters
  identifiers          one identifier a line, in the order of the roll
  definition.json      contest and candidates, as nep-admin create takes them (uuid, trustees to be filled in)
  choices/K-1.json     first choice of voter K (K from 1), for those who cast
  choices/K-2.json     their second choice, for those who cast twice
  expected.json        {"result":[[blank,candidate..]],"voted":n}"""

import argparse
import csv
import datetime
import json
import os
import random
import sys

FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLE = {"nam": "Văn Hữu Đức Quang Minh Quốc Công Xuân".split(),
          "nữ": "Thị Thu Ngọc Thanh Kim Bích Mỹ Hồng".split()}
GIVEN = {"nam": "An Bình Cường Dũng Hải Hùng Khánh Long Nam Phong Quân Sơn Thắng Tuấn Việt Vinh".split(),
         "nữ": "Ánh Châu Dung Giang Hà Hạnh Hương Lan Linh Mai Nga Phương Quỳnh Thảo Trang Yến".split()}
PROVINCES = ["001", "031", "048", "056", "075", "079", "092"]
CANDIDATES = ["Nguyễn Thị Minh Nguyệt", "Trần Quốc Bảo", "Lê Hoàng Yến", "Phạm Đức Thịnh",
              "Đặng Thùy Dương"]
SEATS = 3


def person(random_source, number):
    """12 digits: province, century and sex, year of birth, six digits (all different by number)."""
    sex = random_source.choice(["nam", "nữ"])
    born = datetime.date(1938, 1, 1) + datetime.timedelta(days=random_source.randrange(25000))
    century = (0 if born.year < 2000 else 2) + (0 if sex == "nam" else 1)
    identifier = f"{random_source.choice(PROVINCES)}{century}{born.year % 100:02}{number:06}"
    name = " ".join([random_source.choice(FAMILY), random_source.choice(MIDDLE[sex]),
                     random_source.choice(GIVEN[sex])])
    return identifier, name, born.isoformat()


def choice(random_source):
    """One question: None for a blank ballot, else 0/1 for each candidate, one to SEATS of them."""
    if random_source.random() < 0.06:
        return None
    count = random_source.choices(range(1, SEATS + 1), weights=[1, 2, 5])[0]
    weights = [9, 7, 6, 4, 2]
    chosen = set()
    while len(chosen) < count:
        chosen.add(random_source.choices(range(len(CANDIDATES)), weights=weights)[0])
    return [1 if i in chosen else 0 for i in range(len(CANDIDATES))]


def definition():
    question = {"answers": CANDIDATES, "blank": True, "min": 1, "max": SEATS,
                "question": "Chọn từ một đến ba đại biểu, hoặc phiếu trắng"}
    return {"template": {
        "description": "Bầu 3 đại biểu trong 5 người ứng cử. Một cuộc bầu cử thử trên một máy.",
        "name": "Bầu cử đại biểu Hội đồng nhân dân thành phố, đơn vị bầu cử số 1",
        "questions": [{"type": "Homomorphic", "value": question}],
        "administrator": "Ủy ban bầu cử thành phố",
        "credential_authority": ["Server"],
        "language": ["vi", ["Ltr"]]}}


def write(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False)
        file.write("\n")


def write_choices(folder, random_source, casting, twice):
    os.makedirs(os.path.join(folder, "choices"), exist_ok=True)
    counts = [0] * (len(CANDIDATES) + 1)
    for voter in range(1, casting + 1):
        last = None
        for turn in range(1, 3 if voter <= twice else 2):
            last = choice(random_source)
            write(os.path.join(folder, "choices", f"{voter}-{turn}.json"),
                  ["blank"] if last is None else [last])
        for place, marked in enumerate([1] + [0] * len(CANDIDATES) if last is None else [0] + last):
            counts[place] += marked
    write(os.path.join(folder, "expected.json"),
          {"result": [counts], "voted": casting})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    for name in ("--voters", "--registered", "--casting", "--twice"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--seed", default=None)
    a = parser.parse_args()
    if not 0 <= a.twice <= a.casting <= a.registered <= a.voters <= 999999:
        parser.error("--twice <= --casting <= --registered <= --voters <= 999999 must hold")
    random_source = random.Random(a.seed)
    os.makedirs(a.out, exist_ok=True)
    people = [person(random_source, n) for n in range(1, a.voters + 1)]
    with open(os.path.join(a.out, "roll.csv"), "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["identifier", "name", "birth_date"])
        rows.writerows(people)
    with open(os.path.join(a.out, "identifiers"), "w", encoding="utf-8") as file:
        file.writelines(identifier + "\n" for identifier, _, _ in people)
    write(os.path.join(a.out, "definition.json"), definition())
    write_choices(a.out, random_source, a.casting, a.twice)
    return 0


if __name__ == "__main__":
    sys.exit(main())
