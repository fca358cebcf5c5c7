#!/usr/bin/env bash
# Times verification against its goals. See --help.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
. scripts/setup.sh

usage() {
  cat <<'END'
usage: bench/verify.sh [--check] [--quick] [--scale]

Builds into build/, makes archives and prints what verification costs, each figure beside its baseline
of the same run and its goal: one selection with either engine and in BELENIOS-2048, a whole ballot of 5
answers from the file, what of it is the parser's, two threads against one, a voter's ballot, the discrete
logarithm of a tally; what the voters' cast statements cost beside the archive (no goal); then time and peak
memory of nep-verify at 100,000 ballots against 10,000.

  --check   exit code 1 when a goal is missed
  --quick   10,000 ballots against 1,000
  --scale   only the last two: time and memory with ten times the ballots
END
}

check='' scale='' small=10000 large=100000
for option in "$@"; do
  case $option in
    --check) check=--check ;;
    --quick) small=1000 large=10000 ;;
    --scale) scale=yes ;;
    --help | -h) usage; exit 0 ;;
    *) echo "unknown option: $option" >&2; usage >&2; exit 2 ;;
  esac
done

umask 077
mkdir -p var/log
nep_build build "$NEP_TOP/var/log/build.log" --enable-werror || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
make_event() { build/bench/make-event "$@" || exit 2; }

status=0
if [ -z "$scale" ]; then
  for n in 40 1640; do # each ballot is another voter's: one that replaces another has that one read again
    make_event --no-blank --voters 1640 --ballots "$n" --casts --out "$work/$n"
    make_event --voters 1640 --ballots "$n" --out "$work/$n-blank"
  done
  build/bench/verify ${check:+"$check"} "$work"/{40,1640,40-blank,1640-blank}/000001.bel || status=$?
  [ "$status" -le 1 ] || exit "$status"
  build/bench/statements "$work/1640/000001.casts" "$work/1640/000001.bel" || exit 2
fi

for n in "$small" "$large"; do
  make_event --no-blank --voters "$n" --candidates 1 --out "$work/$n"
done
make_event --no-blank --voters "$small" --ballots "$large" --candidates 1 --out "$work/again"
python3 bench/scale.py ${check:+"$check"} build "$work" "$small" "$large" || status=$?
exit "$status"
