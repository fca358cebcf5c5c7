#!/usr/bin/env bash
# An operator who cheats with everything an operator has: superuser of the database, nep-signer's key, the
# server's certificate, the provider's key set, a proxy before the server. The election is real; beside each
# cheat stands the program that detects it, by its named code, and the honest run that raises no alarm.
# NEP_SOURCE, NEP_BUILD: make check.
set -uo pipefail
. "${NEP_SOURCE:?}/scripts/setup.sh"
NEP_STATE=$(mktemp -d /tmp/nep-op.XXXXXX)
export NEP_STATE NEP_SOURCE NEP_BUILD
NEP_DB_FAST=1
. "$NEP_TOP/scripts/election.sh"
umask 077
. "$NEP_SOURCE/tests/end-to-end/steps.sh"
. "$NEP_SOURCE/tests/end-to-end/second.sh"
. "$NEP_SOURCE/tests/end-to-end/operator_registry.sh"
. "$NEP_SOURCE/tests/end-to-end/operator_board.sh"
. "$NEP_SOURCE/tests/end-to-end/operator_tally.sh"

registered=5 casting=4
export NEP_UUID EVENT ISSUER AUDIENCE OFFICIAL NEP_URL NEP_FINGERPRINT
NEP_UUID=$(nep_new_uuid)
step "certificates and keys are made" nep_services_prepare
lost_memory
step "database, nep-signer and nep-server start" nep_services_start
step "trustees, auditors and pinned persons have their keys" nep_ceremony Ed25519
step "an electorate is invented" python3 "$NEP_TOP/scripts/make-electorate.py" --out "$NEP_STATE/electorate" \
  --voters 8 --registered "$registered" --casting "$casting" --twice 1 --seed 3
step "the definition is written" nep_definition "$NEP_UUID" Ed25519
step "the election is created" nep_admin create --definition "$NEP_STATE/definition.json"
step "the roll is imported" nep_admin roll "$NEP_UUID" "$NEP_STATE/electorate/roll.csv"
step "a calendar is set" nep_calendar "$NEP_UUID" 3600 7200 9000
step "registration opens" nep_admin registration "$NEP_UUID"
step "$registered voters register" eval 'seq "$registered" | nep_each_voter "$NEP_STATE/registration.log" nep_voter_registers'
invented_identity
step "registration ends" nep_end_registration "$NEP_UUID" 3600 3600
operator_makes_trustees
nep_sleep_until "$NEP_REGISTRATION_CLOSES"
doctored_registry
step "the vote is to begin soon" nep_admin calendar "$NEP_UUID" --registration-closes "$NEP_REGISTRATION_CLOSES" \
  --opens "$(nep_in_seconds 4)" --closes "$(nep_in_seconds 20)"
NEP_OPENS=$(nep_field opens) NEP_CLOSES=$(nep_field closes)
step "the honest registry is audited, signed and frozen" nep_freeze "$NEP_UUID"
quiet "every voter is in the list" eval 'seq "$registered" | nep_each_voter "$NEP_STATE/listed.log" nep_voter_listed'
nep_sleep_until "$(nep_may_open)"
step "the vote opens" nep_admin open "$NEP_UUID"
nep_keep_open "$NEP_UUID" &
keeper=$!
step "voters 1, 2 and 3 vote" eval 'seq 3 | nep_each_voter "$NEP_STATE/voting.log" nep_voter_votes 1'
step "voter 1 votes again" nep_voter_votes 2 1
quiet "a mirror follows the honest server" nep_mirror "$NEP_UUID" --once
yesterday
cases "another story for one voter" swapped.py
fork
kill "$keeper" && wait "$keeper" 2>/dev/null
keeper=
nep_sleep_until "$(nep_field closes)"
step "the vote closes" nep_admin close "$NEP_UUID"
quiet "the mirror follows it to the end of the vote" nep_mirror "$NEP_UUID" --once
step "the record is exported" nep_admin export "$NEP_UUID" --out "$NEP_STATE/closed.bel" --casts "$NEP_STATE/closed.casts"
rewritten_records
lying_officials_and_trustees
broken=
