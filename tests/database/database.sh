#!/usr/bin/env bash
# Runs the pgTAP tests of this folder in a cluster of their own, after `nep-server migrate`; then shows
# that a migration that was applied can be run again but not edited. NEP_SOURCE, NEP_BUILD: make check.
set -uo pipefail
. "${NEP_SOURCE:?}/scripts/setup.sh"
NEP_STATE=$(mktemp -d /tmp/nep-db.XXXXXX)
NEP_DB_FAST=1
. "$NEP_TOP/scripts/election.sh"
umask 077
passed=0 failed=0
end() {
  bash "$NEP_TOP/tests/support/postgres.sh" remove "$NEP_STATE"
  rm -rf "$NEP_STATE"
}
trap end EXIT
trap 'exit 143' TERM INT HUP

case_is() { # name, wanted exit code, command...
  local name=$1 wanted=$2 status
  shift 2
  "$@" >"$NEP_STATE/said" 2>&1
  status=$?
  if [ "$status" = "$wanted" ]; then
    echo "ok - $name" && passed=$((passed + 1))
  else
    echo "not ok - $name (exit code $status, wanted $wanted)" && failed=$((failed + 1))
    tail -n 5 "$NEP_STATE/said"
  fi
}

nep_database_start || { echo "0 passed, 1 failed"; exit 1; }

run_tap() { # database, file
  local status good bad plan
  psql -X -q -h "$NEP_DB_SOCKET" -U postgres -d "$1" -f "$2" >"$NEP_STATE/tap" 2>&1
  status=$?
  good=$(grep -c '^ok ' "$NEP_STATE/tap") bad=$(grep -c '^not ok ' "$NEP_STATE/tap")
  plan=$(sed -n 's/^1\.\.//p' "$NEP_STATE/tap" | head -n 1)
  # A script that breaks off, or runs other than its plan, has not shown what it should.
  if [ "$status" != 0 ] || [ -z "$plan" ] || [ "$((good + bad))" != "$plan" ]; then
    echo "not ok - $(basename "$2") runs to its end as planned (exit code $status, plan ${plan:-none}, ran $((good + bad)))"
    grep -A3 'ERROR' "$NEP_STATE/tap"
    bad=$((bad + 1))
  fi
  sed -e 's/^ok [0-9]* - /ok - /' -e 's/^not ok [0-9]* - /not ok - /' "$NEP_STATE/tap" | grep -E '^(ok|not ok|#)'
  passed=$((passed + good)) failed=$((failed + bad))
}

for file in "$NEP_SOURCE"/tests/database/*.sql; do
  case $file in */setup.sql | */tap.sql) continue ;; esac
  run_tap nep "$file"
done

# ---- a database with ballots of before ----

older() { psql -X -q -h "$NEP_DB_SOCKET" -U postgres -d "$@"; }
migrations_until() { # number, folder
  local file
  mkdir -p "$2"
  for file in "$NEP_SOURCE"/sql/migrations/*.sql; do
    [[ $(basename "$file") > $1-z ]] || cp "$file" "$2/"
  done
}
migrations_until 0015 "$NEP_STATE/older"
sed -e "s|^sql_folder = .*|sql_folder = $NEP_STATE/older|" -e 's|dbname=nep |dbname=older |' \
  "$NEP_STATE/owner.conf" >"$NEP_STATE/older.conf"
case_is "a second database is made" 0 older postgres -c "CREATE DATABASE older OWNER nep_owner TEMPLATE template0"
case_is "with the migrations up to 15" 0 nep_server "$NEP_STATE/older.conf" migrate
case_is "and elections of that time" 0 older older -f "$NEP_SOURCE/tests/database/upgrade/before.sql"
migrations_until 9999 "$NEP_STATE/older"
case_is "the migrations since are applied" 0 nep_server "$NEP_STATE/older.conf" migrate
run_tap older "$NEP_SOURCE/tests/database/upgrade/after.sql"

# ---- migrations ----

cp -r "$NEP_SOURCE/sql/migrations" "$NEP_STATE/migrations"
chmod -R u+w "$NEP_STATE/migrations"
sed "s|^sql_folder = .*|sql_folder = $NEP_STATE/migrations|" "$NEP_STATE/owner.conf" >"$NEP_STATE/own.conf"
case_is "migrations run again without effect" 0 nep_server "$NEP_STATE/own.conf" migrate
echo "-- edited" >>"$NEP_STATE/migrations/0002-board.sql"
case_is "a migration that was edited after it was applied is refused" 1 nep_server "$NEP_STATE/own.conf" migrate
cp "$NEP_SOURCE/sql/migrations/0002-board.sql" "$NEP_STATE/migrations/"
next=$(printf '%04d' $(($(find "$NEP_STATE/migrations" -name '*.sql' | wc -l) + 1)))
echo "SELECT 1/0;" >"$NEP_STATE/migrations/$next-broken.sql"
case_is "a migration that fails is not recorded" 2 nep_server "$NEP_STATE/own.conf" migrate
rm "$NEP_STATE/migrations/$next-broken.sql"
case_is "and what was there before still stands" 0 nep_server "$NEP_STATE/own.conf" migrate
rm "$NEP_STATE/migrations/0004-official.sql"
case_is "a database that is newer than the folder is refused" 1 nep_server "$NEP_STATE/own.conf" migrate

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 100 ]
