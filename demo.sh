#!/usr/bin/env bash
# A whole election on this machine, from nothing to a verified result. See --help.
set -uo pipefail
cd "$(dirname "$0")" || exit 2
. scripts/setup.sh

usage() {
  cat <<'END'
usage: ./demo.sh [--voters N] [--group NAME] [--build-only] [--serve]

Installs what is missing (packages.txt), builds into build/, starts a private PostgreSQL, nep-signer
and nep-server (HTTPS on 127.0.0.1), and runs an election with separate programs: key ceremony of
three trustees, roll, registration, voting, closing, offline tally, publication, verification.

  --voters N     people on the roll (100); nine tenths register, eight tenths vote, a twentieth twice
  --group NAME   Ed25519 (default), BELENIOS-2048 or RFC-3526-2048
  --build-only   install and build, no election
  --serve        leave the services running with an election to try, and say how; Ctrl-C ends them
  --help         this text

What it makes lies in var/demo/ and build/, with logs in var/log/; the sockets and the database, which end with
it, in folders of their own under /tmp. Exit code 0: the election was held and verified.
END
}

voters=100 group=Ed25519 build_only='' serve=''
while [ $# -gt 0 ]; do
  case $1 in
    --voters) voters=${2:-} && shift ;;
    --group) group=${2:-} && shift ;;
    --build-only) build_only=1 ;;
    --serve) serve=1 ;;
    --help | -h) usage; exit 0 ;;
    *) echo "unknown option: $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
case $voters in '' | *[!0-9]* | 0*) voters=bad ;; esac
if [ "$voters" = bad ] || [ "${#voters}" -gt 5 ] || [ "$voters" -lt 2 ]; then
  echo "--voters: a number from 2 to 99999 is needed" >&2
  exit 2
fi
case $group in
  Ed25519 | BELENIOS-2048 | RFC-3526-2048) ;;
  *) echo "--group: $group is none of Ed25519, BELENIOS-2048, RFC-3526-2048" >&2; exit 2 ;;
esac
registered=$((voters * 9 / 10)) casting=$((voters * 8 / 10)) twice=$((voters / 20))

umask 077
demo_started=$EPOCHREALTIME
step_started=$EPOCHREALTIME
mkdir -p var/log

# A line for each step, when it is done.
done_with() {
  printf '  ✓ %-72s %6s s\n' "$1" "$(nep_since "$step_started")"
  step_started=$EPOCHREALTIME
}
give_up() {
  echo "  ✗ $1" >&2
  exit "${2:-1}"
}

nep_install_packages "$NEP_TOP/var/log/packages.log" || give_up "packages" 2
done_with "packages are there"
nep_build build "$NEP_TOP/var/log/build.log" --enable-werror || give_up "build" 2
done_with "built into build/"
[ -z "$build_only" ] || exit 0

exec 8>>var/demo.lock
flock -w 10 8 || give_up "another demo.sh is running in this clone (its state is var/demo/)" 2

export NEP_BUILD=$NEP_TOP/build NEP_STATE=$NEP_TOP/var/demo
NEP_MINIMUM=$((casting < 5 ? casting : 5))
. scripts/election.sh
. scripts/serve.sh
# What an earlier run that was killed has left.
[ ! -d "$NEP_STATE" ] || nep_services_stop
rm -rf "$NEP_STATE"
mkdir -p "$NEP_STATE"
helper_pid='' mirror_pid=
end() {
  [ -z "$helper_pid" ] || kill "$helper_pid" 2>/dev/null
  [ -z "$mirror_pid" ] || kill "$mirror_pid" 2>/dev/null
  nep_services_stop
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

quiet() { "$@" >>"$NEP_STATE/demo.log" 2>&1 || { tail -n 8 "$NEP_STATE/demo.log" >&2; return 1; }; }

# ---- services ----
quiet nep_services_prepare || give_up "certificates and keys" 2
nep_services_start || give_up "services" 2
done_with "PostgreSQL, nep-signer and nep-server run: $NEP_URL"

# ---- before the vote ----
quiet nep_ceremony "$group" || give_up "key ceremony"
done_with "key ceremony: ${#TRUSTEES[@]} trustees, $THRESHOLD needed to decrypt; trust file made"
python3 scripts/make-electorate.py --out "$NEP_STATE/electorate" --voters "$voters" \
  --registered "$registered" --casting "$casting" --twice "$twice" || give_up "electorate"
NEP_UUID=$(nep_new_uuid)
{ nep_definition "$NEP_UUID" "$group" &&
  quiet nep_admin create --definition "$NEP_STATE/definition.json"; } || give_up "create the election"
done_with "election $NEP_UUID: 5 candidates, 3 seats, blank allowed, $group"
quiet nep_admin roll "$NEP_UUID" "$NEP_STATE/electorate/roll.csv" || give_up "import the roll"
done_with "roll of $voters voters imported"

# Time for registration: generous, because it can be cut short while registration lasts.
{ quiet nep_calendar "$NEP_UUID" $((60 + voters * 2)) $((90 + voters * 2)) $((120 + voters * 4)) &&
  quiet nep_admin registration "$NEP_UUID"; } || give_up "open the registration"
registration_began=$SECONDS
seq "$registered" | nep_each_voter "$NEP_STATE/registration.log" nep_voter_registers || give_up "registration"
took=$((SECONDS - registration_began + 1))
done_with "$registered of $voters voters registered, each from a device of its own"

# A vote takes about as long as a registration; later the end of voting can be put off, never advanced.
quiet nep_end_registration "$NEP_UUID" 2 $((5 + took * 3 / 2)) || give_up "set the calendar"
nep_sleep_until "$NEP_REGISTRATION_CLOSES"
quiet nep_freeze "$NEP_UUID" || give_up "audit and freeze"
done_with "registration closed; auditors opened it, officials signed the list of $registered credentials: frozen"
checking=$((registered < 20 ? registered : 20))
seq "$checking" | nep_each_voter "$NEP_STATE/listed.log" nep_voter_listed || give_up "the list"
done_with "claims period: $checking voters found themselves in the published list"
nep_sleep_until "$(nep_may_open)"
quiet nep_admin open "$NEP_UUID" || give_up "open"
done_with "voting is open"
nep_mirror_start "$NEP_UUID" || give_up "mirror"
done_with "an observer's mirror verified the record and follows it"

# ---- the vote ----
nep_keep_open "$NEP_UUID" 8>&- &
helper_pid=$!
{ quiet nep_admin export "$NEP_UUID" --out "$NEP_STATE/opened.bel" &&
  quiet nep_voter_challenges 1 "$NEP_STATE/opened.bel"; } || give_up "challenge"
done_with "voter 1 challenged the own device: it had encrypted what it was told"
quiet nep_voter_publishes 1 || give_up "publication of the challenge"
done_with "voter 1 published the challenge on the board that never counts"
{ seq "$casting" | nep_each_voter "$NEP_STATE/voting.log" nep_voter_votes 1 &&
  { [ "$twice" -lt 1 ] || quiet nep_second_device 1; } &&
  seq "$twice" | nep_each_voter "$NEP_STATE/voting.log" nep_voter_votes 2; } || give_up "voting"
kill "$helper_pid" 2>/dev/null
wait "$helper_pid" 2>/dev/null
helper_pid=
done_with "$casting voters cast their ballots, $twice of them twice"
[ "$twice" -lt 1 ] || done_with "voter 1's second device was told of the ballot of the first, and went on after it"
nep_sleep_until "$(nep_field closes)"
quiet nep_admin close "$NEP_UUID" || give_up "close"
done_with "voting is closed"
nep_mirror_closed "$NEP_UUID" || { tail -n 5 "$NEP_STATE/mirror.log" >&2; give_up "the mirror's countersignature"; }
done_with "the observer's mirror countersigned the end of the vote"

# ---- offline: what is carried between machines is a file ----
bel=$NEP_STATE/offline.bel
{ quiet nep_admin export "$NEP_UUID" --out "$bel" --casts "${bel%.bel}.casts" && quiet nep_verify archive "$bel"; } ||
  give_up "export"
cp "$bel" "$NEP_STATE/closed.bel"
done_with "archive exported and verified offline"
quiet nep_tally compute "$bel" || give_up "tally"
done_with "encrypted tally computed offline"
quiet nep_signs_tally "$bel" "$(nep_field closes)" || give_up "tally acts"
done_with "${#OFFICIALS[@]} officials and ${#OBSERVERS[@]} observer verified archive, statements and countersignature, signed the tally"
for i in 1 3; do
  quiet nep_decrypts "$i" "$bel" || give_up "trustee $i"
  done_with "trustee $i verified all of it, recomputed the tally and decrypted its part"
done
quiet nep_tally combine "$bel" "$NEP_STATE/share-1.json" "$NEP_STATE/share-3.json" || give_up "combine"
done_with "shares of two trustees combined, each with its second proof: the result is found"

# ---- publication ----
quiet nep_publish "$NEP_UUID" "$bel" || give_up "publication"
done_with "tally, shares and result verified by the server and published"
final=$NEP_STATE/election.bel
quiet nep_admin export "$NEP_UUID" --out "$final" --casts "${final%.bel}.casts" \
  --challenges "$NEP_STATE/challenges.jsonl" || give_up "download"
cmp -s "$bel" "$final" || give_up "the server's archive differs from the offline one"
done_with "final archive downloaded again: the same bytes as offline"
nep_mirror_stop "$NEP_UUID" || { tail -n 5 "$NEP_STATE/mirror.log" >&2; give_up "the mirror raised an alarm"; }
quiet nep_checkpoints_hold "$NEP_UUID" "$final" || give_up "checkpoint"
done_with "mirror: no alarm; checkpoints and countersignatures fit archive and cast statements"
nep_verify archive --earlier "$NEP_STATE/closed.bel" "$final" >"$NEP_STATE/verified.txt" || {
  cat "$NEP_STATE/verified.txt" >&2
  give_up "nep-verify refuses the archive"
}
done_with "nep-verify: valid"
python3 tests/reference/check.py "$final" >"$NEP_STATE/reference.txt" 2>&1 || {
  cat "$NEP_STATE/reference.txt" >&2
  give_up "the independent verifier refuses the archive"
}
done_with "independent verifier (tests/reference/check.py): valid"
# Each check verifies the whole archive, so of many voters some are enough here.
checking=$((casting < 20 ? casting : 20))
quiet "$NEP_BUILD/tally/nep-verify" casts "${final%.bel}.casts" "$final" || give_up "cast statements"
done_with "cast statements: nobody changed the order of a voter's ballots"
quiet nep_acts_hold "$NEP_UUID" "$final" || give_up "acts"
done_with "nep-verify acts: what was signed and proven beside the archive holds"
quiet nep_verify challenges "$NEP_STATE/challenges.jsonl" "$final" || give_up "board of challenges"
done_with "board of challenges: each was verified, and none of them was counted"
seq "$checking" | nep_each_voter "$NEP_STATE/checking.log" nep_voter_checks "$final" || give_up "voters' checks"
done_with "$checking voters checked: the own last ballot is in the archive and in the count"
if [ "$registered" -gt "$casting" ]; then
  quiet nep_nothing_cast "$registered" "$final" || give_up "a voter who stayed away"
  done_with "voter $registered stayed away and showed that nobody voted in their place"
fi
nep_result_table "$final" || give_up "the result is not what the voters chose"

echo
sed -n -e '/^checks that were run/q' -e p "$NEP_STATE/verified.txt"
grep '^verdict' "$NEP_STATE/verified.txt"
cat <<END

Every kind of check with its count: var/demo/verified.txt
The public record: var/demo/election.bel ($(stat -c %s "$final") bytes). The whole took $(nep_since "$demo_started") s.
Try next:
  build/tally/nep-verify archive --json var/demo/election.bel
  build/tally/nep-verify acts --trust var/demo/trust.json --casts var/demo/election.casts \\
    var/demo/documents/*.json var/demo/election.bel
  build/tally/nep-verify archive --state var/demo/verify.state var/demo/election.bel    # twice: only once it is proved
  build/tally/nep-verify receipt $(cd "$NEP_TOP" && nep_some_receipt) var/demo/election.bel
  python3 tests/reference/check.py var/demo/election.bel
  ./demo.sh --group BELENIOS-2048 --voters 20
  ./demo.sh --serve
END
[ -n "$serve" ] || exit 0
quiet nep_try_election "$group" || give_up "an election to try"
nep_say_how_to_use
sleep infinity 8>&- &
helper_pid=$!
wait "$helper_pid"
