#!/usr/bin/env bash
# usage: casting.sh BALLOTS; called by bench/run with its environment. Holds an election up to the open
# vote with 20 registered voters, then casts BALLOTS ballots over 64 connections. PostgreSQL is durable
# (fsync on), as in production.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
. scripts/setup.sh
. scripts/election.sh
ballots=${1:?usage: casting.sh BALLOTS}
voters=20
NEP_REQUESTS_PER_SECOND=1000000 NEP_BURST=1000000
trap nep_services_stop EXIT
trap 'exit 130' INT TERM HUP

give_up() {
  echo "casting: $1; see var/bench" >&2
  exit 2
}
quiet() { "$@" >>"$NEP_STATE/casting.log" 2>&1; }

quiet nep_services_prepare || give_up "certificates"
nep_services_start || give_up "services"
quiet nep_ceremony Ed25519 || give_up "ceremony"
python3 scripts/make-electorate.py --out "$NEP_STATE/electorate" --voters "$voters" --registered "$voters" \
  --casting 0 --twice 0 || give_up "electorate"
NEP_UUID=$(nep_new_uuid)
{ nep_definition "$NEP_UUID" Ed25519 && quiet nep_admin create --definition "$NEP_STATE/definition.json" &&
  quiet nep_admin roll "$NEP_UUID" "$NEP_STATE/electorate/roll.csv" &&
  quiet nep_calendar "$NEP_UUID" 3600 7200 10000 && quiet nep_admin registration "$NEP_UUID"; } || give_up "setting up"
seq "$voters" | nep_each_voter "$NEP_STATE/registration.log" nep_voter_registers || give_up "registration"
quiet nep_end_registration "$NEP_UUID" 1 3600 || give_up "calendar"
nep_sleep_until "$NEP_REGISTRATION_CLOSES"
quiet nep_freeze "$NEP_UUID" || give_up "freeze"
nep_sleep_until "$NEP_OPENS"
quiet nep_admin open "$NEP_UUID" || give_up "open"

nep_curl -o "$NEP_STATE/definition.bytes" "$NEP_URL/v1/elections/$NEP_UUID/definition" || give_up "definition"
cat "$NEP_STATE"/devices/*/"credentials-$NEP_UUID.txt" >"$NEP_STATE/credentials.txt" || give_up "credentials"
echo
echo "casting, $(nproc) processors shared by client, server, signer and database"
"$NEP_BUILD/bench/cast-load" --address "$NEP_URL/v1/elections/$NEP_UUID/ballots" --ca "$NEP_STATE/ca.pem" \
  --definition "$NEP_STATE/definition.bytes" --credentials "$NEP_STATE/credentials.txt" \
  --casts "$ballots" --connections 64
