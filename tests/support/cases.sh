# shellcheck shell=bash
# Cases of a test script that looks at one thing after the other; sourced. Sets scratch, a folder of its own.
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# case_ NAME COMMAND...: passes when the command exits 0; its output is shown when it does not.
case_() {
  local name=$1
  shift
  if "$@" >"$scratch/out" 2>&1; then
    echo "ok - $name"
    passed=$((passed + 1))
  else
    echo "not ok - $name"
    sed 's/^/    /' "$scratch/out"
    failed=$((failed + 1))
  fi
}
refuses() { ! "$@"; }
# exits CODE COMMAND...: a crash is no refusal.
exits() {
  local code=$1
  shift
  "$@"
  [ $? = "$code" ]
}

# The sum, as the script's last line and command.
end_of_cases() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
