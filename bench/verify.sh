#!/usr/bin/env bash
# Times verification against its goals. See --help.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
. scripts/setup.sh

usage() {
  cat <<'END'
usage: bench/verify.sh [--check]

Builds into build/, makes two archives of 5-answer ballots and prints what verification costs, each
figure beside its baseline of the same run: one selection with either engine and in BELENIOS-2048, a
whole ballot from the file, two threads against one, the discrete logarithm of a tally.

  --check   exit code 1 when a goal is missed
END
}

check=
case ${1:-} in
  '') ;;
  --check) check=--check ;;
  --help | -h) usage; exit 0 ;;
  *) echo "unknown option: $1" >&2; usage >&2; exit 2 ;;
esac

umask 077
mkdir -p var/log
nep_build build "$NEP_TOP/var/log/build.log" --enable-werror || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
for n in 40 440; do
  build/bench/make-archive --ballots "$n" --voters 440 --answers 5 --no-blank --out "$work/$n.bel" ||
    exit 2
done
build/bench/verify ${check:+"$check"} "$work/40.bel" "$work/440.bel"
