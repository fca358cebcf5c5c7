#!/usr/bin/env bash
# A private PostgreSQL cluster for tests and the demo: unix socket only, peer authentication, the
# roles of sql/roles.sql, several side by side. Works as root (then PostgreSQL runs as the user
# postgres, with its data in a short folder under /tmp) and as any other user, from any clone.
#
#   postgres.sh start DIR [--fast]   creates (or starts again) the cluster of DIR, prints its settings
#   postgres.sh show DIR             prints the settings of the running cluster of DIR
#   postgres.sh stop DIR             stops it; the data stay
#   postgres.sh remove DIR           stops it and deletes everything it stored
#
# Settings are lines NAME='value' for `eval`: NEP_DB_OWNER, NEP_DB_REGISTRY, NEP_DB_BOARD,
# NEP_DB_OFFICIAL (connection strings), NEP_DB_ADMIN (the cluster's superuser) and NEP_DB_SOCKET.
# --fast gives up durability (fsync off), for tests that do not pull the plug.
# Exit codes: 0 done, 2 could not run.
set -euo pipefail

fail() { printf 'postgres.sh: %s\n' "$*" >&2; exit 2; }
usage() { sed -n '2,/^set -euo/{/^set -euo/d;s/^# \{0,1\}//;p}' "$0"; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
roles=$here/../../sql/roles.sql

find_programs() {
  local folder
  for folder in /usr/lib/postgresql/15/bin "$(pg_config --bindir 2>/dev/null || true)"; do
    [ -x "$folder/initdb" ] && { bin=$folder; return; }
  done
  fail "initdb not found; install postgresql-15"
}

# PostgreSQL refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

base_of() { readlink "$1/cluster" 2>/dev/null || true; }

settings() {
  local base=$1 role
  printf "NEP_DB_SOCKET='%s'\n" "$base"
  printf "NEP_DB_ADMIN='host=%s dbname=nep user=postgres'\n" "$base"
  for role in owner registry board official; do
    printf "NEP_DB_%s='host=%s dbname=nep user=nep_%s'\n" "${role^^}" "$base" "$role"
  done
}

create() {
  local dir=$1 base user
  base=$(mktemp -d /tmp/nep.XXXXXX)
  [ "$(id -u)" = 0 ] && chown postgres: "$base"
  as_server "$bin/initdb" -D "$base/data" -U postgres -E UTF8 --locale=C --no-sync \
    --auth=reject >"$dir/initdb.log" 2>&1 || fail "initdb failed, see $dir/initdb.log"
  {
    printf "listen_addresses = ''\nunix_socket_directories = '%s'\n" "$base"
    printf "unix_socket_permissions = 0700\nmax_connections = 200\nlog_min_messages = warning\n"
    printf "log_statement = 'none'\nlog_parameter_max_length_on_error = 0\nlog_min_error_statement = panic\n"
    # With PostgreSQL's own values bench/cast makes a checkpoint every half minute; see nep-server(8).
    printf "max_wal_size = 8GB\ncheckpoint_timeout = 15min\n"
  } | as_server tee -a "$base/data/postgresql.conf" >/dev/null
  printf 'local all all peer map=nep\n' | as_server tee "$base/data/pg_hba.conf" >/dev/null
  for user in $(printf '%s\n' "$(id -un)" "$(as_server id -un)" | sort -u); do
    printf 'nep %s %s\n' "$user" postgres "$user" nep_owner "$user" nep_registry "$user" nep_board \
      "$user" nep_official
  done | as_server tee "$base/data/pg_ident.conf" >/dev/null
  ln -sfn "$base" "$dir/cluster"
}

start() {
  local dir=$1 fast=${2:-} base options='' try
  mkdir -p "$dir"
  base=$(base_of "$dir")
  [ -n "$base" ] && [ -d "$base/data" ] || { create "$dir"; base=$(base_of "$dir"); }
  [ "$fast" = --fast ] && options='-c fsync=off -c full_page_writes=off'
  if ! as_server "$bin/pg_ctl" -D "$base/data" status >/dev/null 2>&1; then
    # After a kill the old socket lock may need a moment.
    for try in 1 2 3 4 5; do
      as_server "$bin/pg_ctl" -D "$base/data" -w -l "$base/log" -o "$options" start >/dev/null 2>&1 && break
      [ "$try" = 5 ] && fail "PostgreSQL did not start, see $base/log"
      sleep 0.5
    done
  fi
  psql -X -q -h "$base" -U postgres -d postgres -o /dev/null -f - <"$roles" || fail "roles.sql failed"
  settings "$base"
}

stop() {
  local base
  base=$(base_of "$1")
  [ -n "$base" ] && [ -d "$base/data" ] || return 0
  as_server "$bin/pg_ctl" -D "$base/data" -m fast -w stop >/dev/null 2>&1 || true
}

remove() {
  local base
  base=$(base_of "$1")
  stop "$1"
  case $base in /tmp/nep.??????) rm -rf "$base" ;; esac
  rm -f "$1/cluster" "$1/initdb.log"
}

case ${1:-} in
  -h | --help) usage; exit 0 ;;
  start | show | stop | remove) [ -n "${2:-}" ] || fail "$1 needs a folder; see --help" ;;
  *) fail "unknown command '${1:-}'; see --help" ;;
esac
[ -z "${3:-}" ] || [ "$1 $3" = 'start --fast' ] || fail "unknown option '$3'; see --help"
find_programs
case $1 in
  start) start "$2" "${3:-}" ;;
  show) base=$(base_of "$2"); [ -n "$base" ] || fail "no cluster in $2; start it first"; settings "$base" ;;
  stop) stop "$2" ;;
  remove) remove "$2" ;;
esac
