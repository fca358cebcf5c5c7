# shellcheck shell=bash
# What demo.sh and test.sh share: from a fresh Debian 12 machine to a built tree. Sourced, not run.
# Sets NEP_TOP, the clone's folder.

NEP_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
NEP_JOBS=${NEP_JOBS:-$(nproc)}

# Packages go in as root; a user without root needs sudo.
nep_as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "This needs root, or sudo: $*" >&2
    return 2
  fi
}

nep_packages() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$NEP_TOP/packages.txt"
}

nep_missing_packages() {
  local package
  for package in $(nep_packages); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

# Some packages (PostgreSQL, Prometheus) start a service when they are installed. We want their
# programs only, so the machine's own policy says no while we install, unless it has one already.
# In a shell of its own, so that the policy goes again however that ends; left behind, it would stop
# every service that is installed later.
nep_policy=/usr/sbin/policy-rc.d
nep_install_quietly() (
  if [ ! -e "$nep_policy" ]; then
    trap 'nep_as_root rm -f "$nep_policy"' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' | nep_as_root sh -c "cat >$nep_policy && chmod 755 $nep_policy"
  fi
  nep_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" </dev/null
)

# Installs what packages.txt names and the machine lacks. $1: log file.
nep_install_packages() {
  local missing log=$1
  missing=$(nep_missing_packages)
  [ -n "$missing" ] || return 0
  echo "Installing packages: $(echo "$missing" | tr '\n' ' ')"
  if ! {
    nep_as_root apt-get update -qq -o DPkg::Lock::Timeout=300 </dev/null
    # shellcheck disable=SC2086 # one word per package
    nep_install_quietly $missing
  } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "Packages could not be installed; the whole log is $log" >&2
    return 2
  fi
  missing=$(nep_missing_packages)
  [ -z "$missing" ] || { echo "Still missing after installing: $missing (log: $log)" >&2; return 2; }
}

# Runs a command with its output in a log; shows the log's end when it fails.
# $1: log file, then the command.
nep_logged() {
  local log=$1
  shift
  if ! "$@" >>"$log" 2>&1 </dev/null; then
    grep -nE '(error|warning|undefined reference|Error [0-9]|No rule)' "$log" | tail -n 15 >&2
    tail -n 5 "$log" >&2
    echo "failed: $*" >&2
    echo "the whole log is $log" >&2
    return 2
  fi
}

# The build system is generated once, and again when one of its sources is newer.
nep_generate() {
  local log=$1 configure=$NEP_TOP/configure
  if [ -x "$configure" ] && [ -f "$NEP_TOP/Makefile.in" ] &&
    [ -z "$(find "$NEP_TOP" -path "$NEP_TOP/build*" -prune -o -path "$NEP_TOP/var" -prune -o \
      \( -name Makefile.am -o -name Makefile.inc -o -name configure.ac \) -newer "$configure" -print -quit)" ]; then
    return 0
  fi
  (cd "$NEP_TOP" && nep_logged "$log" autoreconf -fi) && touch "$configure"
}

# Builds a tree. $1: folder under the clone, $2: log, then configure's arguments.
# One process at a time per clone, so that demo.sh and test.sh may be started together.
nep_build() {
  local tree=$NEP_TOP/$1 log=$2
  shift 2
  : >"$log"
  (
    flock 9
    nep_generate "$log" || exit
    mkdir -p "$tree" && cd "$tree" || exit
    if [ ! -f config.status ] || [ "$NEP_TOP/configure" -nt config.status ] ||
      [ "$(cat .configured-with 2>/dev/null)" != "$*" ]; then
      nep_logged "$log" "$NEP_TOP/configure" -q "$@" || exit
      echo "$*" >.configured-with
      touch config.status
    fi
    nep_logged "$log" make -j"$NEP_JOBS" all
  ) 9>>"$NEP_TOP/var/build.lock"
}

# Seconds since $1 (a value of EPOCHREALTIME), one decimal.
nep_since() {
  local now=$EPOCHREALTIME us
  us=$(((${now%.*} - ${1%.*}) * 1000000 + 10#${now#*.} - 10#${1#*.}))
  printf '%d.%d' $((us / 1000000)) $((us / 100000 % 10))
}
