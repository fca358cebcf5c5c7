# shellcheck shell=bash
# What the operator of an election can start besides it: another nep-server, over the same or another database,
# with the honest nep-signer or one that has the same key and another memory. Sourced after steps.sh.
: "${NEP_STATE:?}"
beside=

sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$NEP_DB_ADMIN" "$@"; }

# $1 name: a copy of the election's database as it is now.
database_copy() {
  sql -c "CREATE DATABASE $1 OWNER nep_owner TEMPLATE template0" &&
    pg_dump -Fc "$NEP_DB_ADMIN" | pg_restore --exit-on-error -d "${NEP_DB_ADMIN/dbname=nep/dbname=$1}" &&
    sql -c "GRANT CONNECT ON DATABASE $1 TO nep_registry, nep_board, nep_official"
}

# $1 name of a copy, $2 order of heights, $3 credential of somebody who stayed away or nothing (rechain.sql).
database_cheats() {
  psql -X -q -o /dev/null -v uuid="$NEP_UUID" -v kept="$2" -v stuffed="${3:-}" \
    -f "$NEP_SOURCE/tests/end-to-end/rechain.sql" "${NEP_DB_ADMIN/dbname=nep/dbname=$1}"
}

# $1 name, then sed expressions on the honest configuration: $1.conf.
second_config() {
  local name=$1 port
  shift
  port=$(nep_free_port)
  mkdir -p "$NEP_STATE/$name-state"
  nep_server_config "$port" | sed -e "s|$NEP_STATE/state|$NEP_STATE/$name-state|" "$@" >"$NEP_STATE/$name.conf"
  second_url=https://127.0.0.1:$port
}

# The same, and it runs: at $second_url. A port that was free a moment ago can be taken by another clone.
second_server() {
  local name=$1
  beside="$name ${beside:-}"
  for _ in 1 2 3; do
    second_config "$@"
    nep_spawn "$name" "$NEP_BUILD/server/nep-server" --config "$NEP_STATE/$name.conf" run
    nep_wait_for "$name" 30 nep_curl "$second_url/readyz" && return
    nep_stop "$name"
    grep -qi 'address already in use' "$NEP_STATE/$name.log" || return
  done
  return 2
}

# $1 name: nep-signer with the stolen key and a memory of its own, which is empty, or a copy of $2.
second_signer() {
  local name=$1-signer run
  run=$(readlink "$NEP_STATE/run")
  nep_signer_config "$run" | sed -e "s|$run/signer|$run/$name|; s|/memory|/$name-memory|" >"$NEP_STATE/$name.conf"
  if [ -n "${2:-}" ]; then
    cp -r "$2" "$NEP_STATE/$name-memory"
  else
    sed "s|/receipt.key|/$name.key|" "$NEP_STATE/$name.conf" >"$NEP_STATE/$name-fresh.conf"
    "$NEP_BUILD/server/nep-signer" --config "$NEP_STATE/$name-fresh.conf" keygen >/dev/null || return
  fi
  beside="$name ${beside:-}"
  nep_spawn "$name" "$NEP_BUILD/server/nep-signer" --config "$NEP_STATE/$name.conf" run
  nep_wait_for "$name" 10 test -S "$run/$name"
}

# $1 name: nep-server over the database of this name with such a signer.
cheating_server() {
  local run
  run=$(readlink "$NEP_STATE/run")
  second_signer "$@" && second_server "$1" -e "s|dbname=nep|dbname=$1|; s|$run/signer|$run/$1-signer|"
}

cheating_server_stop() { nep_stop "$1" && nep_stop "$1-signer"; }

# $1 name of a database: nep-server with the honest nep-signer, which remembers. Ends with 1 when it serves.
honest_start() {
  second_config "$1-honest" -e "s|dbname=nep|dbname=$1|"
  timeout -k 5 20 "$NEP_BUILD/server/nep-server" --config "$NEP_STATE/$1-honest.conf" run
}
