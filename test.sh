#!/usr/bin/env bash
# From a fresh Debian 12 machine to all tests run. tests/README.md says what each kind shows.
set -uo pipefail
cd "$(dirname "$0")" || exit 2
. scripts/setup.sh

usage() {
  cat <<'END'
usage: ./test.sh [--long]

Installs what is missing (packages.txt), then builds and tests three trees, warnings being errors:
  build-asan/   gcc with AddressSanitizer and UndefinedBehaviorSanitizer: every test
  build/        gcc, release, as on a machine without AVX-512: unit tests of base, crypto and protocol
  build-clang/  clang, release: those of base and crypto, and fuzzing

  --long   also what takes longer: whole elections in every group, 100,000 ballots against 10,000, many clients that
           cast at a time, in the release trees every test as on a machine without AVX-512 (gcc) and all unit tests
           but those of services (clang), and tests that see NEP_TEST_LONG
  --help   this text

The last line is "N passed, N failed". Exit code 0: all passed; 1: a test failed; 2: could not build.
END
}

NEP_TEST_LONG=
while [ $# -gt 0 ]; do
  case $1 in
    --long) NEP_TEST_LONG=1 ;;
    --help | -h) usage; exit 0 ;;
    *) echo "unknown option: $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
export NEP_TEST_LONG

exec </dev/null
started=$EPOCHREALTIME
logs=$NEP_TOP/var/log
mkdir -p "$logs"
nep_install_packages "$logs/packages.log" || exit 2

# A fault ends the program at once, and a slow machine is no reason to fail.
export ASAN_OPTIONS=halt_on_error=1:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export CK_TIMEOUT_MULTIPLIER=10

trees=(build-asan build build-clang)
configure_of() {
  case $1 in
    build-asan) printf '%s\n' CC=gcc CFLAGS=-g1 "${quick_linker[@]}" --enable-werror --enable-sanitizers ;;
    build-clang) printf '%s\n' CC=clang CFLAGS=-g1 "${quick_linker[@]}" --enable-werror ;;
    *) echo --enable-werror ;;
  esac
}
# Hundreds of programs are linked, by gold in a third of the time.
quick_linker=()
[ -z "$(command -v ld.gold)" ] || quick_linker=(LDFLAGS=-fuse-ld=gold)
# One tree is tested as on a machine without AVX-512.
engine_of() { [ "$1" = build ] && echo portable || echo auto; }
# With --long everything is tried once more, as on a machine without AVX-512.
target_of() {
  case $1${NEP_TEST_LONG:+-long} in
    build-asan | build-asan-long | build-long) echo check ;;
    *) echo check-unit ;;
  esac
}
# What computes nothing by itself is tried in one of the two release trees; clang's has the fuzzing of it.
left_out_of() { [ "$1" != build-clang ] || [ -n "$NEP_TEST_LONG" ] || echo protocol/; }

# Many tests wait for a calendar or a database rather than for a processor.
test_jobs=$((NEP_JOBS * 2))

built() { # tree: built as a whole, with the programs of its tests
  local arguments
  mapfile -t arguments < <(configure_of "$1")
  nep_build "$1" "$logs/$1.log" "${arguments[@]}" &&
    LEFT_OUT=$(left_out_of "$1") nep_logged "$logs/$1.log" make -C "$1" -j"$NEP_JOBS" "$(target_of "$1")-programs"
}

broken=0
totals=()
run_tests() { # tree
  local tree=$1 begun=$EPOCHREALTIME status
  find "$tree" -name '*.trs' -delete
  LEFT_OUT=$(left_out_of "$tree") NEP_ENGINE=$(engine_of "$tree") make -C "$tree" -j"$test_jobs" "$(target_of "$tree")" >"$logs/$tree-check.log" 2>&1
  status=$?
  echo "$tree: tests ran in $(nep_since "$begun") s (log: var/log/$tree-check.log)"
  if [ "$status" != 0 ] && ! grep -q '^# TOTAL:' "$logs/$tree-check.log"; then
    grep -nE '(error|undefined reference|No rule)' "$logs/$tree-check.log" | tail -n 15 >&2
    echo "$tree: the tests did not run" >&2
    broken=1
  fi
  totals+=("$tree=$tree")
}
did_not_build() {
  echo "$1: did not build" >&2
  broken=1
}

# While the first tree is tested, which often waits, the others are built with what is left of the processors.
first=${trees[0]}
others=("${trees[@]:1}")
if built "$first"; then
  echo "$first: built in $(nep_since "$started") s"
  rm -f "$logs"/*.built
  set -m
  (
    renice -n 19 -p "$BASHPID" >/dev/null
    for tree in "${others[@]}"; do
      built "$tree" && touch "$logs/$tree.built"
    done
  ) &
  builder=$!
  set +m
  trap 'kill -- -"$builder" 2>/dev/null' EXIT
  run_tests "$first"
  wait "$builder"
  trap - EXIT
  for tree in "${others[@]}"; do
    if [ -e "$logs/$tree.built" ]; then run_tests "$tree"; else did_not_build "$tree"; fi
  done
else
  did_not_build "$first"
fi

# What takes longer, each a case.
long_passed=0 long_failed=0
long_case() { # name, log, command...
  local name=$1 log=$logs/$2.log
  shift 2
  if "$@" >"$log" 2>&1; then
    long_passed=$((long_passed + 1))
  else
    long_failed=$((long_failed + 1))
    echo "$name: failed, see $log"
  fi
}
long_election() { # group, voters
  long_case "an election of $2 voters in the group $1" "election-$1" ./demo.sh --group "$1" --voters "$2"
}
if [ -n "$NEP_TEST_LONG" ]; then
  long_election Ed25519 400
  long_election BELENIOS-2048 30
  long_election RFC-3526-2048 4
  long_case "a19: ten times the ballots take about ten times as long" scale bench/verify.sh --check --scale
  long_case "16 and 256 clients at a time cast in 16 elections" cast bench/cast --quick
  echo "what takes longer: $long_passed passed, $long_failed failed"
fi

echo
[ "${#totals[@]}" -gt 0 ] || { echo "0 passed, 1 failed"; exit 2; }
echo "All of it took $(nep_since "$started") s."
python3 scripts/count-tests.py "${totals[@]}" >var/log/summary.txt
status=$?
sed '$d' var/log/summary.txt
summary=$(tail -n 1 var/log/summary.txt)
passed=${summary%% *} failed=${summary#*, }
passed=$((passed + long_passed)) failed=$((${failed%% *} + long_failed))
if [ "$broken" != 0 ]; then
  failed=$((failed + 1)) status=2
elif [ "$failed" != 0 ]; then
  status=1
fi
echo "$passed passed, $failed failed"
exit "$status"
