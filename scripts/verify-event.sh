#!/usr/bin/env bash
# Verifies the archives of an event in parts with GNU parallel; doc/man/nep-verify.1.
set -uo pipefail

usage() {
  cat <<'END'
usage: verify-event.sh [-a] [-n PARTS] [-p OPTIONS] [-s HEX] EVENT OUT [OPTION...]

Verifies the archives below the folder EVENT in PARTS parts with GNU parallel, as many at a time as there are
processors, and joins their reports. Reports, states and parallel's log stand in the folder OUT. Parts that
were killed or failed, or whose report is gone, are redone when it is called again, from where they stopped;
finished ones are not.
More options go to nep-verify archive, such as --key FILE to sign the reports. parallel starts a part on another
machine in the login folder there: EVENT, OUT and NEP_VERIFY may be relative all the same, a FILE of these options
must be absolute, and there on each machine, as EVENT and OUT are. --shard, --report, --state and --jobs are given
to each part by this script, and to nobody else.

  -a          all parts again, because the event has grown: a part does not prove again what it has verified
              before; an archive that the new sizes give to another part is proved there, and with another
              number of parts everything is
  -n PARTS    from 1 to 100000, 4 for each processor unless given; always the same for one OUT, but for -a
  -p OPTIONS  for parallel, such as "--jobs 2" or "--sshlogin a,b"
  -s HEX      a public key; each report must be signed by one of those given (--signer of nep-verify merge); may
              be repeated
  NEP_VERIFY  the program, unless nep-verify is on the path

Exit code: that of nep-verify merge; 2 when a part failed and merge found no fault all the same.
END
}

refuse() { printf 'verify-event.sh: %s\n' "$1" >&2; exit 2; }

parts=$((4 * $(nproc))) more='' again='' signers=()
while getopts an:p:s:h option; do
  case $option in
    a) again=yes ;;
    n) parts=$OPTARG ;;
    p) more=$OPTARG ;;
    s) signers+=(--signer "$OPTARG") ;;
    h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[[ -n ${1:-} && -n ${2:-} ]] || { usage >&2; exit 2; }
[[ $parts =~ ^[1-9][0-9]{0,5}$ && $parts -le 100000 ]] ||
  refuse "-n $parts: the number of parts is a whole number from 1 to 100000; give such a number, or leave -n out"
for ((i = 1; i < ${#signers[@]}; i += 2)); do # a slip must not show only when all is verified
  [[ ${signers[i]} =~ ^[0-9a-f]{64}$ ]] ||
    refuse "-s ${signers[i]}: a public key is 64 hexadecimal digits in lower case; give what nep-admin keygen has printed"
done
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

# Numbers of parts that the reports and states in OUT are of: both tell it in their first bytes.
begun() {
  find "$out" -maxdepth 1 \( -name 'part-*.json' -o -name 'part-*.state' \) -exec head -qc 200 {} + |
    grep -aoE '"shard":\{"number":[0-9]+,"of":[0-9]+|"scope":"shard [0-9]+/[0-9]+"' | grep -oE '[0-9]+"?$' | tr -d '"' |
    sort -nu
}
# parallel takes a part for done by its line in the log, whether its report is there or not. The first column is
# the job's place in what seq prints, which is the part's number.
forget_lost() {
  local line log=$out/parallel.log
  [ -s "$log" ] || return 0
  {
    IFS= read -r line && printf '%s\n' "$line"
    while IFS= read -r line; do
      [ ! -e "$out/part-${line%%$'\t'*}.json" ] || printf '%s\n' "$line"
    done
  } <"$log" >"$log.new" && mv -f "$log.new" "$log"
}
other=$(begun | grep -vx "$parts" | head -n 1)
if [ -n "$again" ]; then
  rm -f "$out/parallel.log"
  find "$out" -maxdepth 1 -name 'part-*.json' -delete
  # nep-verify refuses the state of another part
  [ -z "$other" ] || find "$out" -maxdepth 1 -name 'part-*.state' -delete
else
  [ -z "$other" ] ||
    refuse "-n $parts: $out was begun with $other parts; give -n $other, or another OUT, or -a for all again"
  forget_lost || exit 2
fi

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

"$program" merge --event "$event" "${signers[@]}" "$out"
status=$?
if [ "$parallel" != 0 ] && [ "$status" = 0 ]; then
  echo "verify-event.sh: parallel ended with $parallel: call again, see $out/parallel.log" >&2
  status=2
fi
exit "$status"
