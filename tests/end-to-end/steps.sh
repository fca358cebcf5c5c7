# shellcheck shell=bash
# How the scripts here count: a line for each case, the sum at the end, and nothing left behind. Sourced after
# scripts/election.sh; the script sets broken to nothing as its last step.
results=$NEP_STATE/results
: >"$results"

end() {
  local passed failed name
  [ -z "${keeper:-}" ] || kill "$keeper" 2>/dev/null
  # What a script has started besides the services.
  for name in ${beside:-}; do nep_stop "$name"; done
  nep_services_stop
  passed=$(grep -c '^ok - ' "$results") failed=$(grep -c '^not ok - ' "$results")
  if [ "$failed" != 0 ] || [ -n "${broken:-}" ]; then
    for log in nep-server nep-signer steps; do
      [ ! -s "$NEP_STATE/$log.log" ] || { echo "-- the end of $log.log"; tail -n 15 "$NEP_STATE/$log.log"; }
    done
    grep -A1 '^not ok - ' "$results"
  fi
  rm -rf "$NEP_STATE"
  [ -z "${broken:-}" ] || failed=$((failed + 1))
  echo "$passed passed, $failed failed"
  # A trap changes the exit status only by an exit of its own.
  { [ "$failed" = 0 ] && [ "$passed" -gt 0 ]; } || exit 1
}
broken=yes
trap end EXIT
trap 'exit 143' TERM INT HUP

# step NAME COMMAND...: the election cannot go on when it fails.
step() {
  local name=$1
  shift
  if "$@" >>"$NEP_STATE/steps.log" 2>&1; then
    echo "ok - $name" | tee -a "$results"
  else
    echo "not ok - $name" | tee -a "$results"
    exit 1
  fi
}
# refuse NAME CODE COMMAND...: the program must end with this code, say why, and change nothing.
refuse() {
  local name=$1 wanted=$2 said status
  shift 2
  said=$("$@" 2>&1 </dev/null)
  status=$?
  if [ "$status" = "$wanted" ] && [ -n "$said" ]; then
    echo "ok - $name" | tee -a "$results"
  else
    printf 'not ok - %s\n    exit code %s, wanted %s: %s\n' "$name" "$status" "$wanted" "${said:0:300}" | tee -a "$results"
  fi
}
# detects NAME CODE COMMAND...: the program ends with 1 and names this code.
detects() {
  local name=$1 code=$2 said status
  shift 2
  said=$("$@" 2>&1 </dev/null)
  status=$?
  if [ "$status" = 1 ] && grep -qF -- "$code" <<<"$said"; then
    echo "ok - $name" | tee -a "$results"
  else
    printf 'not ok - %s\n    exit code %s, wanted 1 and %s: %s\n' "$name" "$status" "$code" "$(tail -c 600 <<<"$said")" | tee -a "$results"
  fi
}
# quiet NAME COMMAND...: raises no alarm.
quiet() {
  local name=$1 said
  shift
  if said=$("$@" 2>&1 </dev/null); then
    echo "ok - $name" | tee -a "$results"
  else
    printf 'not ok - %s\n    %s\n' "$name" "$(tail -c 600 <<<"$said")" | tee -a "$results"
  fi
}
# cases WHAT FILE.py: each line of this module is a case.
cases() {
  local out=$NEP_STATE/cases.out status
  python3 -B "$NEP_SOURCE/tests/end-to-end/$2" >"$out" 2>&1
  status=$?
  # What breaks off in the middle has not shown what it should.
  if [ "$status" -gt 1 ] || grep -q '^Traceback' "$out" || ! grep -q '^ok - ' "$out"; then
    printf 'not ok - %s runs to its end\n    %s\n' "$1" "$(tail -n 1 "$out")" >>"$out"
  fi
  tee -a "$results" <"$out"
}
