#!/usr/bin/env bash
# A whole election with separate programs over HTTPS, with an assertion at each step, and between the
# steps everything that must be refused at that point (refusals.py). NEP_SOURCE, NEP_BUILD: make check.
set -uo pipefail
. "${NEP_SOURCE:?}/scripts/setup.sh"
NEP_STATE=$(mktemp -d /tmp/nep-e2e.XXXXXX)
export NEP_STATE NEP_SOURCE NEP_BUILD
NEP_DB_FAST=1 NEP_REQUEST_MS=4000 NEP_REQUESTS_PER_SECOND=100 NEP_BURST=1500
. "$NEP_TOP/scripts/election.sh"
umask 077
. "$NEP_SOURCE/tests/end-to-end/steps.sh"
refusals() {
  local out=$NEP_STATE/refusals.out
  python3 -B "$NEP_SOURCE/tests/end-to-end/refusals.py" "$1" >"$out" 2>&1
  local status=$?
  # A phase that breaks off in the middle has not shown what it should.
  if [ "$status" -gt 1 ] || grep -q '^Traceback' "$out" || ! grep -q '^ok - ' "$out"; then
    printf 'not ok - phase %s runs to its end\n    %s\n' "$1" "$(tail -n 1 "$out")" >>"$out"
  fi
  tee -a "$results" <"$out"
}
# An act whose answer must be a JSON object that names the phase.
act() { nep_admin --json "$@" | python3 -c 'import json, sys; json.load(sys.stdin)["phase"]'; }
phase_is() { nep_curl "$NEP_URL/v1/elections/$NEP_UUID" | grep -q "\"phase\":\"$1\""; }
# What was counted is kept for up to ten seconds where counting was slow (server/service/counts.h).
count_is() {
  local end=$((SECONDS + 20))
  until nep_curl "$NEP_URL/v1/elections/$NEP_UUID" | grep -qE "\"$1\":$2\\b"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.3
  done
}
secret_files() { [ -z "$(find "$NEP_STATE/devices" "$NEP_STATE/ceremony" \( -name 'credentials-*' -o -name '*.key' -o -name '*.dkey' \) -perm /077)" ]; }
# Field 41 of a thread's stat is its policy, 3 is SCHED_BATCH (proc(5)); the names before have no spaces here.
waits_its_turn() {
  awk '$41 != 3 { print FILENAME, $41; other = 1 } END { exit other || NR < 6 }' \
    "/proc/$(cat "$NEP_STATE/nep-server.pid")/task/"*/stat
}

voters=14 registered=9 casting=7 twice=2
export NEP_UUID EVENT ISSUER AUDIENCE OFFICIAL NEP_URL NEP_FINGERPRINT
NEP_UUID=$(nep_new_uuid)
step "certificates and keys are made" nep_services_prepare
step "database, nep-signer and nep-server start" nep_services_start
step "no thread of nep-server interrupts the database" waits_its_turn
step "migrations run again without effect" nep_server "$NEP_STATE/owner.conf" migrate
step "key ceremony of three trustees, two needed" nep_ceremony Ed25519
step "an electorate is invented" python3 "$NEP_TOP/scripts/make-electorate.py" --out "$NEP_STATE/electorate" \
  --voters "$voters" --registered "$registered" --casting "$casting" --twice "$twice" --seed 1
step "the definition is written" nep_definition "$NEP_UUID" Ed25519
step "an election is created" act create --definition "$NEP_STATE/definition.json"
step "it is a draft" phase_is draft
refuse "creating it twice is refused" 1 nep_admin create --definition "$NEP_STATE/definition.json"
refuse "an address that is not https is refused" 2 \
  "$NEP_BUILD/client-cli/nep-admin" --server "${NEP_URL/https/http}" --key "$NEP_STATE/official.key" --name x show
refuse "a server with an unknown certificate authority is refused" 2 \
  "$NEP_BUILD/client-cli/nep-voter" --server "$NEP_URL" --ca /etc/ssl/certs/ca-certificates.crt --dir "$NEP_STATE/none" list
refusals transport
refusals draft

step "the roll is imported" act roll "$NEP_UUID" "$NEP_STATE/electorate/roll.csv"
step "the roll has its $voters people" count_is roll "$voters"
step "a calendar is set" nep_calendar "$NEP_UUID" 3600 7200 9000
step "registration opens" act registration "$NEP_UUID"
step "$registered voters register from their own devices" eval \
  'seq "$registered" | nep_each_voter "$NEP_STATE/registration.log" nep_voter_registers'
step "all of them are counted" count_is registered "$registered"
step "secrets are readable by their owner only" secret_files
refuse "voting before the vote is refused" 1 nep_voter_votes 1 1
refusals registration

step "registration is given its last seconds" nep_end_registration "$NEP_UUID" 6 13
nep_sleep_until "$NEP_REGISTRATION_CLOSES"
refusals late-registration
refuse "a freeze without the auditors' list is refused" 2 nep_admin freeze "$NEP_UUID"
refuse "a list without a verdict is refused" 2 nep_admin freeze "$NEP_UUID" --credentials "$NEP_STATE/trust.json"
audit=$NEP_STATE/audit
step "two of three auditors open the registry and judge it" nep_audit "$NEP_UUID" "$audit"
lone_share() {
  nep_tally registry audit --export "$audit/registry.json" --trust "$NEP_STATE/trust.json" --out "$NEP_STATE/lone" \
    --provider-keys "$NEP_STATE/issuer/jwks.json" --share "$audit/share-1.json" --key "$NEP_STATE/pinned/$AUDIT_SIGNER.key" --name "$AUDIT_SIGNER"
}
refuse "one auditor alone opens nothing" 1 lone_share
no_signer() {
  nep_tally registry audit --export "$audit/registry.json" --trust "$NEP_STATE/trust.json" --out "$NEP_STATE/lone" \
    --provider-keys "$NEP_STATE/issuer/jwks.json" --share "$audit/share-1.json" --share "$audit/share-3.json" --key "$NEP_STATE/official.key" --name "$AUDIT_SIGNER"
}
refuse "whom the trust file does not name signs no verdict" 1 no_signer
open_share() {
  install -m 0644 "$audit/share-1.json" "$audit/open-share.json"
  nep_tally registry audit --export "$audit/registry.json" --trust "$NEP_STATE/trust.json" --out "$NEP_STATE/lone" \
    --provider-keys "$NEP_STATE/issuer/jwks.json" --share "$audit/open-share.json" --share "$audit/share-3.json" --key "$NEP_STATE/pinned/$AUDIT_SIGNER.key" --name "$AUDIT_SIGNER"
}
detects "an auditor's share that others can read is not used" "(file-mode)" open_share
sed 's/[0-9a-f]\{64\}/66666666666666666666666666666666666666666666666666666666666666/' "$audit/credentials.json" >"$audit/forged.json"
step "the officials sign definition, trustees and list" nep_signs_setup "$NEP_UUID" "$audit"
frozen=(--credentials "$audit/credentials.json" --verdict "$audit/verdict.json")
first=$audit/freeze-${OFFICIALS[0]}.json second=$audit/freeze-${OFFICIALS[1]}.json
refuse "a forged list under a true verdict is refused" 1 nep_admin freeze "$NEP_UUID" \
  --credentials "$audit/forged.json" --verdict "$audit/verdict.json" --act "$first" --act "$second"
refuse "a25 a freeze that no official has signed is refused" 2 nep_admin freeze "$NEP_UUID" "${frozen[@]}"
refuse "a25 one official's signature is not enough" 1 nep_admin freeze "$NEP_UUID" "${frozen[@]}" --act "$first"
refuse "a25 nor is the same one's twice" 1 nep_admin freeze "$NEP_UUID" "${frozen[@]}" --act "$first" --act "$first"
refuse "a voter asks for the list before it is there" 1 nep_voter_listed 1
step "the list is frozen" act freeze "$NEP_UUID" "${frozen[@]}" --act "$first" --act "$second"
step "it is frozen" phase_is frozen
step "voters find themselves in the list" eval 'seq "$registered" | nep_each_voter "$NEP_STATE/listed.log" nep_voter_listed'
refuse "who did not register is not in it" 2 nep_voter_listed 12
# A slow machine must not be past the opening before it has been seen that nothing opens too early.
put_off_opening() {
  local soon
  soon=$(nep_in_seconds 10)
  if [[ $soon > $NEP_OPENS ]]; then
    NEP_OPENS=$soon NEP_CLOSES=$(nep_in_seconds 25)
    act calendar "$NEP_UUID" --registration-closes "$NEP_REGISTRATION_CLOSES" --opens "$NEP_OPENS" --closes "$NEP_CLOSES"
  fi
}
step "the opening can be put off once the list is frozen" put_off_opening
other_fingerprint() { NEP_FINGERPRINT=$(printf 'A%.0s' {1..43}) nep_voter_listed 1; }
refuse "a25 another trust file than the published one is refused" 1 other_fingerprint
refuse "a mirror finds nothing to copy before the vote opens, which is no alarm" 2 nep_mirror "$NEP_UUID" --once
refusals before-open
nep_sleep_until "$(nep_may_open)"
step "the vote opens" act open "$NEP_UUID"
nep_keep_open "$NEP_UUID" &
keeper=$!
refusals open
refuse "who has no credential cannot vote" 2 nep_voter_votes 1 12
step "$casting voters vote" eval 'seq "$casting" | nep_each_voter "$NEP_STATE/voting.log" nep_voter_votes 1'
refusals devices
step "$twice of them vote again" eval 'seq "$twice" | nep_each_voter "$NEP_STATE/voting.log" nep_voter_votes 2'
step "a voter's check holds while the vote is open" nep_voter 1 check --election "$NEP_UUID"
step "an observer's mirror copies and countersigns archive and statements" nep_mirror "$NEP_UUID" --once

kill "$keeper" && wait "$keeper" 2>/dev/null
keeper=
refuse "the end of voting cannot be moved forward" 1 \
  nep_admin calendar "$NEP_UUID" --registration-closes "$NEP_REGISTRATION_CLOSES" --opens "$NEP_OPENS" --closes "$(nep_in_seconds 1)"
refuse "closing before the end is refused" 1 nep_admin close "$NEP_UUID"
nep_sleep_until "$(nep_field closes)"
refuse "a13 an end of voting that has passed cannot be put off" 1 \
  nep_admin calendar "$NEP_UUID" --registration-closes "$NEP_REGISTRATION_CLOSES" --opens "$NEP_OPENS" --closes "$(nep_in_seconds 600)"
refusals closing
# A copy of a voter's folder that has lost its last receipt.
lost=$NEP_STATE/devices/lost
cp -a "$NEP_STATE/devices/1" "$lost"
receipt=$(ls "$lost/receipt-$NEP_UUID"-*.json | tail -n 1)
rm "$receipt"
first_receipt_again() {
  nep_voter lost vote --election "$NEP_UUID" && cmp "$receipt" "$NEP_STATE/devices/1/$(basename "$receipt")"
}
step "a lost receipt is given again after the end" first_receipt_again
refuse "a voter is told that voting has ended" 1 nep_voter lost vote --election "$NEP_UUID"
signs_its_refusal() {
  local choice=$NEP_STATE/electorate/choices/1-1.json
  nep_voter lost --lang en vote --election "$NEP_UUID" --choice-file "$choice" --anyway
  [ $? = 1 ] && grep -q '"code":"closed"' "$lost/refusal-$NEP_UUID"-*.json
}
step "who insists gets a signed refusal" signs_its_refusal

step "archive and cast statements are exported" \
  nep_admin export "$NEP_UUID" --out "$NEP_STATE/offline.bel" --casts "$NEP_STATE/offline.casts"
step "and verified" nep_verify archive "$NEP_STATE/offline.bel"
cp "$NEP_STATE/offline.bel" "$NEP_STATE/closed.bel"
step "each voter finds the own last ballot in it" eval \
  'seq "$casting" | nep_each_voter "$NEP_STATE/checking.log" nep_voter_checks "$NEP_STATE/offline.bel"'
refuse "a trustee does not decrypt before the tally" 1 nep_decrypts 1 "$NEP_STATE/offline.bel"
step "the encrypted tally is computed" nep_tally compute "$NEP_STATE/offline.bel"
refuse "computing it twice is refused" 1 nep_tally compute "$NEP_STATE/offline.bel"
refuse "a24 a trustee does not decrypt without tally acts" 1 nep_decrypts 1 "$NEP_STATE/offline.bel"
refuse "a24 officials do not sign a tally before a mirror countersigned the end of the vote" 1 \
  nep_signs_tally "$NEP_STATE/offline.bel" "$(nep_field closes)"
step "an observer's mirror verifies the record and countersigns the end of the vote" nep_mirror "$NEP_UUID" --once
step "officials and observer sign the tally" nep_signs_tally "$NEP_STATE/offline.bel" "$(nep_field closes)"
step "trustee 1 decrypts" nep_decrypts 1 "$NEP_STATE/offline.bel"
step "trustee 3 decrypts" nep_decrypts 3 "$NEP_STATE/offline.bel"
refusals trustees
cp "$NEP_STATE/offline.bel" "$NEP_STATE/one.bel"
unproven_share() {
  python3 -c 'import json, sys; s = json.load(sys.stdin); del s["proof"]; print(json.dumps(s))' \
    <"$NEP_STATE/share-3.json" >"$NEP_STATE/unproven.json"
  nep_tally combine "$NEP_STATE/one.bel" "$NEP_STATE/share-1.json" "$NEP_STATE/unproven.json"
}
refuse "one share of two needed is not enough" 1 nep_tally combine "$NEP_STATE/one.bel" "$NEP_STATE/share-1.json"
step "a11 two of three shares are combined, one trustee is lost" \
  nep_tally combine "$NEP_STATE/offline.bel" "$NEP_STATE/share-1.json" "$NEP_STATE/share-3.json"
refuse "a2 a share without its second proof is not combined" 1 unproven_share
step "uploads are written" nep_tally export-upload "$NEP_STATE/offline.bel" --out "$NEP_STATE/upload"
refusals tally
refuse "nep-admin asks for the acts" 2 nep_admin tally "$NEP_UUID" "$NEP_STATE/upload/tally.json"
step "the tally is uploaded with acts and countersignature" nep_uploads_tally "$NEP_UUID"
step "the phase is tallied" phase_is tallied
refusals shares
first=1
for file in "$NEP_STATE"/upload/decryption-*.json; do
  step "$(basename "$file") is uploaded" nep_admin decryption "$NEP_UUID" "$file"
  [ -z "$first" ] || refusals share-again
  first=
done
refusals results
step "the result is uploaded" nep_admin result "$NEP_UUID" "$NEP_STATE/upload/result.json"
step "the phase is announced" phase_is announced
step "the final archive is downloaded" nep_admin export "$NEP_UUID" --out "$NEP_STATE/election.bel" \
  --casts "$NEP_STATE/election.casts" --challenges "$NEP_STATE/challenges.jsonl"
step "none of the published challenges was counted" nep_verify challenges "$NEP_STATE/challenges.jsonl" "$NEP_STATE/election.bel"
refuse "a file that is there is not overwritten by an export" 1 nep_admin export "$NEP_UUID" --out "$NEP_STATE/new.bel" \
  --casts "$NEP_STATE/election.casts"
step "and nothing half done is left beside it" test ! -e "$NEP_STATE/new.bel"
step "it has the bytes of the offline one" cmp "$NEP_STATE/offline.bel" "$NEP_STATE/election.bel"
step "it continues the one at closing" nep_verify archive --earlier "$NEP_STATE/closed.bel" "$NEP_STATE/election.bel"
step "the independent verifier agrees" python3 "$NEP_SOURCE/tests/reference/check.py" "$NEP_STATE/election.bel"
# Besides the simulated voters two of refusals.py voted: one for the last candidate, one blank.
python3 - "$NEP_STATE/electorate/expected.json" <<'END'
import json, sys
with open(sys.argv[1]) as file:
    expected = json.load(file)
expected["result"][0][5] += 1
expected["result"][0][0] += 1
expected["voted"] += 2
with open(sys.argv[1], "w") as file:
    json.dump(expected, file)
END
step "anybody holds verdict, acts, countersignature, statements and second proofs against it" \
  nep_acts_hold "$NEP_UUID" "$NEP_STATE/election.bel"
step "the server publishes the second proofs that stand beside the offline archive" \
  diff <(cat "$NEP_STATE/documents/decryption-proofs.json" && echo) "$NEP_STATE/offline.proofs"
lone_acts() { nep_verify acts --trust "$NEP_STATE/trust.json" "$@" "$NEP_STATE/election.bel"; }
refuse "what was not given to nep-verify acts is not valid" 1 lone_acts
forged_act() {
  sed 's/"time":"20/"time":"30/' "$NEP_STATE/documents/tally-acts.json" >"$NEP_STATE/forged-acts.json"
  lone_acts "$NEP_STATE/forged-acts.json" | grep -F 'fault  signature' && return 1
}
refuse "a8 nep-verify acts names a forged act" 1 forged_act
step "the result is what the voters chose" nep_result_table "$NEP_STATE/election.bel"
refusals public
step "the observer's mirror verifies all of it" nep_mirror "$NEP_UUID" --once
step "signed heads and countersignatures fit archive and statements" nep_checkpoints_hold "$NEP_UUID" "$NEP_STATE/election.bel"
no_alarm() { [ -z "$(find "$NEP_STATE/mirror" -name 'evidence-*')" ]; }
step "and no alarm was raised" no_alarm
step "nep-server stops on SIGTERM" nep_stop nep-server
NEP_REQUESTS_PER_SECOND=2 NEP_BURST=60
step "what it served is served again after a restart" nep_server_start
step "with the same archive" eval 'nep_admin export "$NEP_UUID" --out "$NEP_STATE/again.bel" && cmp "$NEP_STATE/election.bel" "$NEP_STATE/again.bel"'
refusals flood
# A refusal that is listed and was never tried would be a test that cannot fail.
all_tried() {
  local missing
  missing=$(cut -f 2 "$NEP_SOURCE/tests/end-to-end/refusals.txt" | grep -vxFf <(sed 's/^ok - //' "$results"))
  [ -z "$missing" ] || { echo "$missing"; return 1; }
}
step "every refusal of refusals.txt was tried" all_tried
broken=
