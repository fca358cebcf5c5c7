#!/usr/bin/env bash
# Verifies the archives of an event in parts with GNU parallel; doc/man/nep-verify.1.
set -uo pipefail

usage() {
  cat <<'END'
usage: verify-event.sh [-a] [-n PARTS] [-p OPTIONS] EVENT OUT [OPTION...]

Verifies the archives below the folder EVENT in PARTS parts with GNU parallel, as many at a time as there are
processors, and joins their reports. Reports, states and parallel's log stand in the folder OUT. Parts that
were killed or failed are redone when it is called again, from where they stopped; finished ones are not.
More options go to nep-verify archive, such as --key FILE to sign the reports. parallel starts a part on another
machine in the login folder there: EVENT, OUT and NEP_VERIFY may be relative all the same, a FILE of these options
must be absolute, and there on each machine, as EVENT and OUT are. --shard, --report, --state and --jobs are given
to each part by this script, and to nobody else.

  -a          all parts again, because the event has grown: a part does not prove again what it has verified
              before; an archive that the new sizes give to another part is proved there
  -n PARTS    from 1 to 100000, 4 for each processor unless given; always the same for one OUT
  -p OPTIONS  for parallel, such as "--jobs 2" or "--sshlogin a,b"
  NEP_VERIFY  the program, unless nep-verify is on the path

Exit code: that of nep-verify merge; 2 when a part failed and merge found no fault all the same.
END
}

refuse() { printf 'verify-event.sh: %s\n' "$1" >&2; exit 2; }

parts=$((4 * $(nproc))) more='' again=''
while getopts an:p:h option; do
  case $option in
    a) again=yes ;;
    n) parts=$OPTARG ;;
    p) more=$OPTARG ;;
    h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[[ -n ${1:-} && -n ${2:-} ]] || { usage >&2; exit 2; }
[[ $parts =~ ^[1-9][0-9]{0,5}$ && $parts -le 100000 ]] ||
  refuse "-n $parts: the number of parts is a whole number from 1 to 100000; give such a number, or leave -n out"
for option in "${@:3}"; do
  for own in --shard --report --state --jobs; do # nep-verify takes the beginning of an option for the whole, too
    [[ $option != --[!=]* || $own != "${option%%=*}"* ]] ||
      refuse "$option: the script gives each part its own $own; leave it out (how many at a time: -p \"--jobs N\")"
  done
done
# The parts of other machines do not start in this folder. Only the name is changed, links and .. stay in it.
absolute() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s\n' "$PWD/$1" ;; esac; }
event=$(absolute "$1") out=$(absolute "$2") program=${NEP_VERIFY:-nep-verify}
shift 2
case $program in */*) program=$(absolute "$program") ;; esac
mkdir -p "$out" || exit 2
[ -z "$again" ] || rm -f "$out/parallel.log" "$out"/part-*.json

# 1 is a verdict, which merge repeats: the part is done.
printf -v part '%q archive --shard {}/%q --report %q/part-{}.json --state %q/part-{}.state --jobs 1' \
  "$program" "$parts" "$out" "$out"
printf -v part '%s %q' "$part" "$event"
for option in "$@"; do printf -v part '%s %q' "$part" "$option"; done
part+='; [ $? -le 1 ]'
# shellcheck disable=SC2086 # one word per option
seq "$parts" | SHELL=$BASH parallel --will-cite --joblog "$out/parallel.log" --resume-failed $more "$part" \
  >"$out/parallel.out"
parallel=$?

"$program" merge --event "$event" "$out"
status=$?
if [ "$parallel" != 0 ] && [ "$status" = 0 ]; then
  echo "verify-event.sh: parallel ended with $parallel: call again, see $out/parallel.log" >&2
  status=2
fi
exit "$status"
