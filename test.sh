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
  build/        gcc, release: unit tests
  build-clang/  clang, release: unit tests

  --long   also what takes longer (bigger elections, more random cases)
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
    build-asan) printf '%s\n' CC=gcc --enable-werror --enable-sanitizers ;;
    build-clang) printf '%s\n' CC=clang --enable-werror ;;
    *) echo --enable-werror ;;
  esac
}
target_of() { [ "$1" = build-asan ] && echo check || echo check-unit; }

broken=0
totals=()
for tree in "${trees[@]}"; do
  begun=$EPOCHREALTIME
  mapfile -t arguments < <(configure_of "$tree")
  if ! nep_build "$tree" "$logs/$tree.log" "${arguments[@]}"; then
    echo "$tree: did not build" >&2
    broken=1
    continue
  fi
  built=$(nep_since "$begun") begun=$EPOCHREALTIME
  find "$tree" -name '*.trs' -delete
  make -C "$tree" -j"$NEP_JOBS" "$(target_of "$tree")" >"$logs/$tree-check.log" 2>&1
  status=$?
  echo "$tree: built in $built s, tests ran in $(nep_since "$begun") s (log: var/log/$tree-check.log)"
  if [ "$status" != 0 ] && ! grep -q '^# TOTAL:' "$logs/$tree-check.log"; then
    grep -nE '(error|undefined reference|No rule)' "$logs/$tree-check.log" | tail -n 15 >&2
    echo "$tree: the tests did not build" >&2
    broken=1
  fi
  totals+=("$tree=$tree")
done

echo
[ "${#totals[@]}" -gt 0 ] || { echo "0 passed, 1 failed"; exit 2; }
echo "All of it took $(nep_since "$started") s."
python3 scripts/count-tests.py "${totals[@]}" >var/log/summary.txt
status=$?
sed '$d' var/log/summary.txt
summary=$(tail -n 1 var/log/summary.txt)
if [ "$broken" != 0 ]; then
  passed=${summary%% *} failed=${summary#*, }
  summary="$passed passed, $((${failed%% *} + 1)) failed"
  status=2
fi
echo "$summary"
exit "$status"
