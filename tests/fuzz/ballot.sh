#!/usr/bin/env bash
# The fast reading of ballots against the general one on what libFuzzer makes of real ballots: half a minute,
# ten minutes with NEP_TEST_LONG. NEP_SOURCE, NEP_BUILD: make check.
set -uo pipefail
: "${NEP_SOURCE:?}" "${NEP_BUILD:?}"
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
seconds=15
[ -z "${NEP_TEST_LONG:-}" ] || seconds=300

# The ballots of an archive, a file each: a .bel file is a tar file.
ballots_of() {
  python3 - "$1" "$2" <<'END'
import hashlib, os, sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    bodies = [archive.extractfile(member).read() for member in archive.getmembers() if member.isfile()]
ballots = [body for body in bodies if body.startswith(b'{"message":{"election_uuid"')]
for body in ballots[:8]:
    with open(os.path.join(sys.argv[2], hashlib.sha256(body).hexdigest()), "wb") as file:
        file.write(body)
sys.exit(not ballots)
END
}

for name in Ed25519-blank BELENIOS-2048-single; do
  archive=$NEP_SOURCE/tests/vectors/positive/$name/election.bel
  mkdir -p "$work/$name"
  if ballots_of "$archive" "$work/$name" && NEP_FUZZ_ARCHIVE=$archive "$NEP_BUILD/tests/fuzz/ballot" \
    -max_total_time="$seconds" -max_len=32768 -timeout=60 -print_final_stats=1 -artifact_prefix="$work/" \
    "$work/$name" >"$work/said" 2>&1 &&
    [ "$(sed -n 's/^stat::number_of_executed_units: //p' "$work/said")" -gt 100 ]; then
    echo "ok - $name: $(sed -n 's/^stat::number_of_executed_units: //p' "$work/said") texts are read alike"
    passed=$((passed + 1))
  else
    echo "not ok - $name"
    { grep 'readings differ' "$work/said"; tail -n 20 "$work/said"; } 2>/dev/null | sed 's/^/    /'
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
