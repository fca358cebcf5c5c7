#!/usr/bin/env bash
# What crypto/ does with a secret (keys of credentials, encryption, proofs, signatures, decryption) does not branch on
# it and reads no address that depends on it: valgrind's memcheck follows secrets that are marked as undefined
# (secrets.c). Three planted faults must be reported. NEP_SOURCE, NEP_BUILD: make check.
set -uo pipefail
: "${NEP_SOURCE:?}" "${NEP_BUILD:?}"
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# Without debugging information: valgrind gives up on that of clang.
program=$work/secrets
objcopy --strip-debug "$NEP_BUILD/tests/constant-time/secrets" "$program" || exit 2

# look NAME GROUP: 0 clean, 3 reported.
look() {
  valgrind --quiet --error-exitcode=3 --undef-value-errors=yes \
    --suppressions="$NEP_SOURCE/tests/constant-time/harmless.supp" --log-file="$work/report" \
    "$program" "$1" "$2" 2>"$work/said"
}
ok() { echo "ok - $1"; passed=$((passed + 1)); }
not_ok() { echo "not ok - $1"; sed 's/^/    /' "$work/report" | head -n 30; failed=$((failed + 1)); }

clean() {
  look "$1" "$2"
  local status=$?
  if [ "$status" = 0 ] && [ ! -s "$work/said" ]; then
    ok "a22: $1 does nothing that depends on its secrets ($2)"
  else
    not_ok "a22: $1 ($2): $status"
  fi
}
for group in Ed25519 BELENIOS-2048 RFC-3526-2048; do
  for name in arithmetic credential; do clean "$name" "$group"; done
done
for name in encryption interval blank signature decryption; do clean "$name" Ed25519; done
for name in planted-branch planted-address planted-power; do
  look "$name" Ed25519
  if [ $? = 3 ] && grep -qE 'depends on uninitialised|Use of uninitialised' "$work/report"; then
    ok "a22: $name is reported"
  else
    not_ok "a22: $name is reported"
  fi
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
