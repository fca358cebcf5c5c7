#!/usr/bin/env bash
# bench/make-event: archives that nep-verify and the independent verifier call valid in every group, the
# same bytes from the same seed whatever the number of threads. NEP_SOURCE, NEP_BUILD: make check.
set -uo pipefail
: "${NEP_SOURCE:?}" "${NEP_BUILD:?}"
. "$NEP_SOURCE/tests/support/cases.sh"
work=$scratch/work
mkdir "$work"

make_event() { "$NEP_BUILD/bench/make-event" "$@"; }
verify() { "$NEP_BUILD/tally/nep-verify" archive "$@"; }
reference() { python3 "$NEP_SOURCE/tests/reference/check.py" "$1"; }
said() { verify --json "$1" >"$work/json" && grep -qE "$2" "$work/json"; }

case_ "an event of three constituencies" make_event --constituencies 3 --voters 9 --ballots 14 --jobs 1 \
  --seed one --tally --out "$work/a"
case_ "again with three threads" make_event --constituencies 3 --voters 9 --ballots 14 --jobs 3 --seed one \
  --tally --out "$work/b"
case_ "has the same bytes" diff -r "$work/a" "$work/b"
case_ "another seed" make_event --constituencies 3 --voters 9 --ballots 14 --seed two --tally --out "$work/c"
for c in 000001 000002 000003; do
  case_ "makes another archive $c" exits 1 cmp "$work/a/$c.bel" "$work/c/$c.bel"
  case_ "archive $c is valid to the result" said "$work/a/$c.bel" '"verdict": ?"valid"'
  case_ "the independent verifier agrees on $c" reference "$work/a/$c.bel"
done
case_ "constituencies are different elections" exits 1 cmp "$work/a/000001.bel" "$work/a/000002.bel"
case_ "nine of fourteen ballots count" grep -aq '{"num_tallied":9,"total_weight":9,' "$work/a/000001.bel"
case_ "what is there is not overwritten" exits 2 make_event --voters 2 --seed one --out "$work/a"
case_ "and stays" diff -r "$work/a" "$work/b"

case_ "an archive of open voting without blank" make_event --voters 4 --candidates 2 --no-blank --out "$work/d"
case_ "is valid" verify "$work/d/000001.bel"
case_ "and for the independent verifier" reference "$work/d/000001.bel"
for group in BELENIOS-2048 RFC-3526-2048; do
  case_ "an archive in $group" make_event --voters 2 --candidates 1 --group "$group" --tally --out "$work/$group"
  case_ "is valid" verify "$work/$group/000001.bel"
  case_ "and for the independent verifier" reference "$work/$group/000001.bel"
done

case_ "with cast statements" make_event --voters 5 --ballots 13 --casts --jobs 1 --seed one --out "$work/f"
case_ "again with three threads" make_event --voters 5 --ballots 13 --casts --jobs 3 --seed one --out "$work/g"
case_ "has the same bytes" diff -r "$work/f" "$work/g"
case_ "they are the statements of these ballots" "$NEP_BUILD/tally/nep-verify" casts "$work/f/000001.casts" \
  "$work/f/000001.bel"

for wrong in "--voters 0" "--voters -1" "--voters 3x" "--candidates 257" "--group ed25519"; do
  # shellcheck disable=SC2086 # option and value
  case_ "$wrong is refused" exits 2 make_event $wrong --out "$work/e"
done
case_ "and makes nothing" test ! -e "$work/e"
case_ "a folder is needed" exits 2 make_event --voters 2

end_of_cases
