# shellcheck shell=bash
# The steps of an election with the separate programs over HTTPS, for demo.sh and the end-to-end
# tests. Sourced after setup.sh. The caller sets
#   NEP_BUILD  built tree          NEP_STATE  folder for everything made here (0700)
# and calls nep_services_stop on exit. Every function returns non-zero when a step fails.
: "${NEP_BUILD:?}" "${NEP_STATE:?}"

ISSUER=https://id.example.vn
AUDIENCE=nep-demo
EVENT=hdnd-2026
OFFICIAL=thu-ky

nep_verify() { "$NEP_BUILD/tally/nep-verify" "$@"; }
nep_tally() { "$NEP_BUILD/tally/nep-tally" "$@"; }
nep_trustee() { "$NEP_BUILD/tally/nep-trustee" "$@"; }
nep_admin() {
  "$NEP_BUILD/client-cli/nep-admin" --server "$NEP_URL" --ca "$NEP_STATE/ca.pem" \
    --key "$NEP_STATE/official.key" --name "$OFFICIAL" "$@"
}
nep_curl() { curl -sS --fail-with-body --cacert "$NEP_STATE/ca.pem" --max-time 30 "$@"; }

. "${NEP_TOP:?}/scripts/trust.sh"

# ---- services ----

# A local certificate authority and a certificate for 127.0.0.1, for this run only.
nep_certificates() {
  local d=$NEP_STATE
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj "/CN=NEP demo CA" -keyout "$d/ca.key" -out "$d/ca.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>"$d/openssl.log" &&
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=127.0.0.1" \
      -keyout "$d/server.key" -out "$d/server.csr" 2>>"$d/openssl.log" &&
    openssl x509 -req -in "$d/server.csr" -CA "$d/ca.pem" -CAkey "$d/ca.key" -CAcreateserial -days 2 \
      -out "$d/server.pem" 2>>"$d/openssl.log" \
      -extfile <(printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n') ||
    { cat "$d/openssl.log" >&2; return 2; }
  chmod 600 "$d/ca.key" "$d/server.key"
}

nep_free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Starts a service in the background with its log in a file; its process id goes to $1.pid. Descriptor 8
# is the demo's lock, which a service must not hold when the demo is killed.
nep_spawn() {
  local name=$1
  shift
  "$@" >>"$NEP_STATE/$name.log" 2>&1 </dev/null 8>&- &
  echo $! >"$NEP_STATE/$name.pid"
  # Until it is another program than this shell: nep_is_running looks at its arguments.
  for _ in {1..200}; do
    ! nep_is_running "$name" || break
    sleep 0.01
  done
}

# The number of an old process may belong to another one by now, so its arguments are looked at.
nep_is_running() {
  local pid
  pid=$(cat "$NEP_STATE/$1.pid" 2>/dev/null) && [ -n "$pid" ] &&
    grep -aqF "$NEP_STATE/$1.conf" "/proc/$pid/cmdline" 2>/dev/null
}

# Waits until a command holds, while the service still runs. $1 service, $2 seconds, then the command.
nep_wait_for() {
  local name=$1 patience=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! nep_is_running "$name" || [ "$SECONDS" -ge "$patience" ]; then
      echo "$name did not come up; its log ends with:" >&2
      tail -n 10 "$NEP_STATE/$name.log" >&2
      return 2
    fi
    sleep 0.05
  done
}

nep_stop() {
  local name=$1 pid
  nep_is_running "$name" || { rm -f "$NEP_STATE/$name.pid"; return 0; }
  pid=$(cat "$NEP_STATE/$name.pid")
  kill -TERM "$pid" 2>/dev/null
  local patience=$((SECONDS + 15))
  while nep_is_running "$name" && [ "$SECONDS" -lt "$patience" ]; do sleep 0.05; done
  ! nep_is_running "$name" || kill -KILL "$pid"
  wait "$pid" 2>/dev/null
  rm -f "$NEP_STATE/$name.pid"
}

# Everything that must be there before the services start: certificates, keys, identity issuer,
# configurations. Sockets have short paths (107 bytes at most), whatever the clone is called.
nep_services_prepare() {
  local run
  nep_certificates || return
  run=$(mktemp -d /tmp/nep-run.XXXXXX) && ln -sfn "$run" "$NEP_STATE/run" || return
  mkdir -p "$NEP_STATE/state"
  "$NEP_BUILD/tests/issuer/nep-test-issuer" keygen --out "$NEP_STATE/issuer" || return
  nep_signer_config "$run" >"$NEP_STATE/nep-signer.conf"
  "$NEP_BUILD/server/nep-signer" --config "$NEP_STATE/nep-signer.conf" keygen
}

nep_signer_config() {
  printf '[signer]\nsocket = %s/signer\nsocket_mode = 0600\nkey = %s/receipt.key\nmemory = %s/memory\n' "$1" \
    "$NEP_STATE" "$NEP_STATE"
}

# $1 port, $2 yes to name the owner of the tables (for migrate and official only).
nep_server_config() {
  cat <<END
[server]
listen = 127.0.0.1
port = $1
tls_certificate = $NEP_STATE/server.pem
tls_key = $NEP_STATE/server.key
[database]
registry = $NEP_DB_REGISTRY
board = $NEP_DB_BOARD
official = $NEP_DB_OFFICIAL
${2:+owner = $NEP_DB_OWNER}
sql_folder = $NEP_TOP/sql/migrations
[state]
folder = $NEP_STATE/state
[signer]
socket = $(readlink "$NEP_STATE/run")/signer
[identity]
issuer = $ISSUER
audience = $AUDIENCE
jwks_file = $NEP_STATE/issuer/jwks.json
[limits]
requests_per_second = ${NEP_REQUESTS_PER_SECOND:-1000}
connections_per_address = ${NEP_CONNECTIONS:-64}
burst = ${NEP_BURST:-5000}
request_ms = ${NEP_REQUEST_MS:-15000}
END
}

nep_server() { "$NEP_BUILD/server/nep-server" --config "$@"; }

# The cluster, empty or as an earlier start left it, and the tables.
nep_database_start() {
  local settings
  settings=$(bash "$NEP_TOP/tests/support/postgres.sh" start "$NEP_STATE" ${NEP_DB_FAST:+--fast} 8>&-) || return
  eval "$settings"
  nep_server_config 0 yes >"$NEP_STATE/owner.conf"
  nep_server "$NEP_STATE/owner.conf" migrate >>"$NEP_STATE/migrate.log" 2>&1 ||
    { tail -n 5 "$NEP_STATE/migrate.log" >&2; return 2; }
}

# A port that was free a moment ago can be taken by another clone: then the next one is tried.
nep_server_start() {
  local port
  for _ in 1 2 3 4 5; do
    port=$(nep_free_port)
    nep_server_config "$port" >"$NEP_STATE/nep-server.conf"
    NEP_URL=https://127.0.0.1:$port
    nep_spawn nep-server "$NEP_BUILD/server/nep-server" --config "$NEP_STATE/nep-server.conf" run
    if nep_wait_for nep-server 30 nep_curl "$NEP_URL/readyz" 2>"$NEP_STATE/start.err"; then
      return 0
    fi
    nep_stop nep-server
    grep -qi 'address already in use' "$NEP_STATE/nep-server.log" || break
  done
  cat "$NEP_STATE/start.err" >&2
  return 2
}

nep_services_start() {
  nep_database_start || return
  nep_spawn nep-signer "$NEP_BUILD/server/nep-signer" --config "$NEP_STATE/nep-signer.conf" run
  nep_wait_for nep-signer 10 test -S "$NEP_STATE/run/signer" && nep_server_start && nep_first_official
}

# The first official is entered at the machine.
nep_first_official() {
  [ ! -f "$NEP_STATE/official.key" ] || return 0
  nep_admin keygen --out "$NEP_STATE/official.key" >"$NEP_STATE/official.out" || return
  local public
  public=$(grep -oE '\b[0-9a-f]{64}\b' "$NEP_STATE/official.out" | head -n 1)
  nep_server "$NEP_STATE/owner.conf" official add "$OFFICIAL" "$public" >>"$NEP_STATE/migrate.log" 2>&1
}

# Stops everything that was started, in reverse order. Files stay in NEP_STATE; the database is deleted.
nep_services_stop() {
  nep_stop nep-server
  nep_stop nep-signer
  [ ! -L "$NEP_STATE/cluster" ] || bash "$NEP_TOP/tests/support/postgres.sh" remove "$NEP_STATE"
  nep_remove_run
}

nep_remove_run() {
  local run
  run=$(readlink "$NEP_STATE/run" 2>/dev/null)
  case $run in /tmp/nep-run.??????) rm -rf "$run" "$NEP_STATE/run" ;; esac
}

# ---- trustees: the key ceremony of protocol.md §7, three members, two needed ----

TRUSTEES=("Nguyễn Văn Khóa" "Trần Thị Ấn" "Lê Minh Niêm")
THRESHOLD=2

# The trustees' keys, the auditors' in the same way, and the trust file. $1 group.
nep_ceremony() {
  nep_ceremony_of "$1" ceremony trustees.json && nep_ceremony_of Ed25519 auditors auditors.json && nep_pin
}

# $1 group, $2 folder, $3 list. Each member works in a folder of its own; what they hand around is public.
nep_ceremony_of() {
  local group=$1 d=$NEP_STATE/$2 i names=()
  mkdir -p "$d"
  for i in "${TRUSTEES[@]}"; do names+=(--name "$i"); done
  nep_trustee dkg context --group "$group" --threshold "$THRESHOLD" "${names[@]}" --out "$d/context.json" || return
  for i in $(seq "${#TRUSTEES[@]}"); do
    mkdir -p "$d/trustee-$i"
    nep_trustee dkg cert --context "$d/context.json" --index "$i" --out "$d/trustee-$i" || return
  done
  cat "$d"/trustee-*/*.cert >"$d/certs.jsons"
  nep_trustee dkg check --context "$d/context.json" --certs "$d/certs.jsons" || return
  nep_ceremony_shares "$d" || return
  nep_trustee dkg parameters --context "$d/context.json" --certs "$d/certs.jsons" \
    --polynomials "$d/polynomials.jsons" --voutputs "$d/voutputs.jsons" --out "$d/parameters.json" || return
  nep_trustee trustees --threshold "$d/parameters.json" --out "$NEP_STATE/$3"
}

# $1 the ceremony's folder: polynomials of all, then each member's input and output.
nep_ceremony_shares() {
  local d=$1 i common=(--context "$1/context.json" --certs "$1/certs.jsons")
  for i in $(seq "${#TRUSTEES[@]}"); do
    nep_trustee dkg polynomial "${common[@]}" --key "$d/trustee-$i"/*.key \
      --out "$d/trustee-$i/polynomial" || return
  done
  cat "$d"/trustee-*/polynomial >"$d/polynomials.jsons"
  for i in $(seq "${#TRUSTEES[@]}"); do
    nep_trustee dkg vinput "${common[@]}" --polynomials "$d/polynomials.jsons" --index "$i" \
      --out "$d/trustee-$i/vinput" || return
    nep_trustee dkg voutput "${common[@]}" --vinput "$d/trustee-$i/vinput" \
      --key "$d/trustee-$i"/*.key --out "$d/trustee-$i/voutput" --dkey "$d/trustee-$i/share.dkey" || return
  done
  cat "$d"/trustee-*/voutput >"$d/voutputs.jsons"
}

# ---- commission ----

# RFC 3339 time, $1 seconds from now.
nep_in_seconds() { date -u -d "+$1 seconds" +%Y-%m-%dT%H:%M:%SZ; }

# Waits until the second after a time has begun.
nep_sleep_until() {
  local left
  left=$(($(date -d "$1" +%s) - $(date +%s) + 1))
  [ "$left" -le 0 ] || sleep "$left"
}

nep_new_uuid() {
  python3 -c 'import secrets; print("".join(secrets.choice("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz") for _ in range(14)))'
}

# $1 uuid: the registry goes to the auditors, two of whom open it; the officials sign what they find
# together with definition and trustees, and it is frozen. The claims period begins.
nep_freeze() {
  local d=$NEP_STATE/audit-$1 act acts=()
  nep_audit "$1" "$d" && nep_signs_setup "$1" "$d" || return
  for act in "$d"/freeze-*.json; do acts+=(--act "$act"); done
  nep_admin freeze "$1" --credentials "$d/credentials.json" --verdict "$d/verdict.json" "${acts[@]}"
}
# $1 uuid, $2 folder for what the auditors make.
nep_audit() {
  local i shares=()
  mkdir -p "$2"
  nep_admin registry "$1" --out "$2/registry.json" || return
  for i in 1 3; do
    nep_tally registry open --export "$2/registry.json" --trust "$NEP_STATE/trust.json" \
      --key "$NEP_STATE/auditors/trustee-$i"/*.key --dkey "$NEP_STATE/auditors/trustee-$i/share.dkey" \
      --out "$2/share-$i.json" || return
    shares+=(--share "$2/share-$i.json")
  done
  nep_tally registry audit --export "$2/registry.json" --trust "$NEP_STATE/trust.json" "${shares[@]}" \
    --provider-keys "$NEP_STATE/issuer/jwks.json" --key "$NEP_STATE/pinned/$AUDIT_SIGNER.key" --name "$AUDIT_SIGNER" --out "$2"
}

# The body of the creation request: template of make-electorate.py, group, trustees, uuid. $1 uuid, $2 group.
nep_definition() {
  python3 - "$1" "$2" "$EVENT" "$NEP_STATE" "${NEP_TRUST:-$NEP_STATE/trust.json}" <<'END'
import json, sys
uuid, group, event, state, trust_file = sys.argv[1:]
with open(state + "/electorate/definition.json", encoding="utf-8") as file:
    template = json.load(file)["template"]
with open(state + "/trustees.json", encoding="utf-8") as file:
    trustees = json.load(file)
with open(trust_file, encoding="utf-8") as file:
    trust = json.load(file)
with open(state + "/definition.json", "w", encoding="utf-8") as file:
    json.dump({"uuid": uuid, "event": event, "identifier": "vn-12", "group": group,
               "template": template, "trustees": trustees, "trust": trust}, file, ensure_ascii=False)
END
}

# $1 uuid, then seconds from now for registration's end, opening, closing. Sets NEP_REGISTRATION_CLOSES,
# NEP_OPENS and NEP_CLOSES.
nep_calendar() {
  NEP_REGISTRATION_CLOSES=$(nep_in_seconds "$2") NEP_OPENS=$(nep_in_seconds "$3") NEP_CLOSES=$(nep_in_seconds "$4")
  nep_admin calendar "$1" --registration-closes "$NEP_REGISTRATION_CLOSES" --opens "$NEP_OPENS" --closes "$NEP_CLOSES"
}

# Cuts registration short: $1 uuid, then seconds from registration's end to opening and from there to
# closing. Times are whole seconds, and a busy machine may take longer than one to send the request, so
# an end that has passed by then is tried again with more time.
nep_end_registration() {
  local left
  for left in 1 3 9 27; do
    nep_calendar "$1" "$left" $((left + $2)) $((left + $2 + $3)) && return
  done
  return 1
}

# ---- voters, each with a device of its own: a folder under devices/ ----

nep_voter() {
  local number=$1 trust=()
  shift
  [[ " $* " =~ \ (register|vote|--registered)\  ]] && trust=(--trust "$NEP_FINGERPRINT")
  "$NEP_BUILD/client-cli/nep-voter" --server "$NEP_URL" --ca "$NEP_STATE/ca.pem" "${trust[@]}" \
    --dir "$NEP_STATE/devices/$number" "$@" </dev/null
}

# The identity provider's sign-in for voter $1; nep-voter adds the nonce at the end (which may begin
# with a dash, hence the "--").
nep_token_command() {
  local identifier
  identifier=$(sed -n "$1p" "$NEP_STATE/electorate/identifiers")
  echo "$NEP_BUILD/tests/issuer/nep-test-issuer token --key $NEP_STATE/issuer/private.jwk" \
    "--issuer $ISSUER --audience $AUDIENCE --subject $identifier --"
}

nep_voter_registers() { # number
  mkdir -p "$NEP_STATE/devices/$1"
  nep_voter "$1" register --event "$EVENT" --election "$NEP_UUID" \
    --id-token-command "$(nep_token_command "$1")"
}

nep_voter_listed() { # number
  nep_voter "$1" check --registered --election "$NEP_UUID"
}

nep_voter_votes() { # turn, number
  nep_voter "$2" vote --election "$NEP_UUID" --choice-file "$NEP_STATE/electorate/choices/$2-$1.json"
}

# A choice that voter $1 does not vote for: what is challenged may become public.
nep_other_choice() {
  local choice own
  own=$(cat "$NEP_STATE/electorate/choices/$1"-*.json | tr -d ' \n')
  for choice in '["blank"]' '[[1,0,0,0,0]]' '[[0,1,0,0,0]]'; do
    [[ $own == *"$choice"* ]] || break
  done
  (umask 077 && echo "$choice" >"$NEP_STATE/electorate/challenge-$1.json")
}

# Voter $1 votes with a second device: another folder with the same credential.
nep_second_device() { # number
  local folder=$NEP_STATE/devices/$1-second
  mkdir -p -m 700 "$folder" && cp -p "$NEP_STATE/devices/$1/credentials-$NEP_UUID.txt" "$folder" &&
    nep_voter "$1-second" --lang en vote --election "$NEP_UUID" \
      --choice-file "$NEP_STATE/electorate/choices/$1-1.json" 2>&1 | tee "$NEP_STATE/second.out" &&
    grep -q '^Another ballot with your credential' "$NEP_STATE/second.out"
}

# Voter $1 registered and did not vote: shows with the archive $2 and its signed head that nobody did.
nep_nothing_cast() { # number archive
  local key
  key=$(nep_curl "$NEP_URL/v1/key" | grep -oE '[0-9a-f]{64}') &&
    nep_curl "$NEP_URL/v1/elections/$NEP_UUID/head" >"$NEP_STATE/head.json" &&
    nep_verify dispute --json --key "$key" --credential-file "$NEP_STATE/devices/$1/credentials-$NEP_UUID.txt" \
      "$NEP_STATE/head.json" "$2" >"$NEP_STATE/nothing.out" && grep -q '"code":"nothing-cast"' "$NEP_STATE/nothing.out"
}

# Voter $1 challenges the own device instead of casting; the code shown before is held against what
# the device then reveals, with the archive $2.
nep_voter_challenges() {
  local shown code
  nep_other_choice "$1"
  shown=$(echo challenge | "$NEP_BUILD/client-cli/nep-voter" --server "$NEP_URL" \
    --ca "$NEP_STATE/ca.pem" --trust "$NEP_FINGERPRINT" --dir "$NEP_STATE/devices/$1" --lang en \
    vote --election "$NEP_UUID" \
    --choice-file "$NEP_STATE/electorate/challenge-$1.json" --ask) || return 1
  code=$(sed -n 's/^Code of your encrypted ballot: //p' <<<"$shown")
  "$NEP_BUILD/tally/nep-verify" challenge --code "$code" \
    "$NEP_STATE/devices/$1/challenge-$NEP_UUID-0001.json" "$2"
}

# Voter $1 publishes what the device revealed. A demonstration asks nobody; a person is asked.
nep_voter_publishes() {
  nep_voter "$1" publish --election "$NEP_UUID" --challenge "$NEP_STATE/devices/$1/challenge-$NEP_UUID-0001.json" --yes
}

# Runs a function for each number of standard input, at most four at a time; what a voter's program
# says goes to the log $1, and is shown when it fails.
nep_each_voter() {
  local log=$1
  shift
  export -f nep_voter nep_token_command nep_voter_registers nep_voter_listed nep_voter_votes nep_voter_checks
  export NEP_BUILD NEP_STATE NEP_URL NEP_UUID NEP_FINGERPRINT EVENT ISSUER AUDIENCE
  # shellcheck disable=SC2016 # expanded by the inner shell
  if ! xargs -P 4 -I{} bash -c '"${@:2}" >"$NEP_STATE/out.$1" 2>&1; s=$?
      { echo "== $2 $1"; cat "$NEP_STATE/out.$1"; } >>"$0"; rm -f "$NEP_STATE/out.$1"; exit $s' \
      "$log" {} "$@" {}; then
    echo "a voter's program failed; the log $log ends with:" >&2
    tail -n 8 "$log" >&2
    return 1
  fi
}

# Voter $2 holds the archive $1, and the cast statements beside it, against the own receipts.
nep_voter_checks() {
  local casts=()
  [ ! -e "${1%.bel}.casts" ] || casts=(--casts "${1%.bel}.casts")
  nep_voter "$2" check --election "$NEP_UUID" --archive "$1" "${casts[@]}"
}

# ---- voting ----

# A field of the calendar as the server has it.
nep_field() {
  nep_curl "$NEP_URL/v1/elections/$NEP_UUID" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["calendar"][sys.argv[1]])' "$1"
}

# When voting may open: the calendar's time, or the end of the claims period when that is later.
nep_may_open() {
  nep_curl "$NEP_URL/v1/elections/$NEP_UUID" |
    python3 -c 'import json, sys; e = json.load(sys.stdin); print(max(e["claims_until"], e["calendar"]["opens"]))'
}

# On a slow machine the end of voting is put off as long as voters are voting. Ends when it is killed or
# the script that started it is gone; who kills it waits for it, because a request under way is finished
# first: otherwise it could put off the end after the caller has read it.
nep_keep_open() {
  local closes=$NEP_CLOSES
  trap 'exit 0' TERM
  while sleep 1 && kill -0 $$; do
    if [ $(($(date -d "$closes" +%s) - $(date +%s))) -lt 5 ]; then
      closes=$(nep_in_seconds 10)
      nep_admin calendar "$1" --registration-closes "$NEP_REGISTRATION_CLOSES" \
        --opens "$NEP_OPENS" --closes "$closes" >>"$NEP_STATE/demo.log" 2>&1
    fi
  done
}

# ---- after the vote ----

# Trustee $1 decrypts its part of archive $2.
nep_decrypts() {
  local d=$NEP_STATE/ceremony/trustee-$1 act acts=() evidence
  nep_evidence "$2"
  for act in "$NEP_STATE"/acts/tally-*.json; do [ ! -f "$act" ] || acts+=(--act "$act"); done
  nep_trustee decrypt --archive "$2" --trust "$NEP_STATE/trust.json" "${evidence[@]}" "${acts[@]}" --key "$d"/*.key \
    --dkey "$d/share.dkey" --journal "$d/journal" --out "$NEP_STATE/share-$1.json"
}

# $1 uuid: the tally with the acts and the countersignature that stand for it.
nep_uploads_tally() {
  local act options=()
  for act in "$NEP_STATE"/acts/tally-*.json; do options+=(--act "$act"); done
  nep_admin tally "$1" "$NEP_STATE/upload/tally.json" "${options[@]}" \
    --countersignature "$NEP_STATE/mirror/$1-closed.countersignature.json"
}

# $1 uuid, $2 archive with the result: hands the server what the offline tools made.
nep_publish() {
  local d=$NEP_STATE/upload file
  nep_tally export-upload "$2" --out "$d" && nep_uploads_tally "$1" || return
  for file in "$d"/decryption-*.json; do
    nep_admin decryption "$1" "$file" || return
  done
  nep_admin result "$1" "$d/result.json"
}

# Prints the result of archive $1, and fails when it is not what the voters' choices add up to.
nep_result_table() {
  nep_verify archive --json "$1" >"$NEP_STATE/verified.json" &&
    python3 "$NEP_TOP/scripts/result-table.py" "$NEP_STATE/verified.json" \
      "$NEP_STATE/definition.json" "$NEP_STATE/electorate/expected.json"
}

nep_some_receipt() {
  find var/demo/devices/1 -name 'receipt*.json' | sort | tail -n 1
}

# ---- an observer's mirror, beside the election ----

# $1 election, then options. Its key is the observer's own, and pinned by the trust file.
nep_mirror() {
  local uuid=$1
  shift
  "$NEP_BUILD/client-cli/nep-mirror" --server "$NEP_URL" --ca "$NEP_STATE/ca.pem" --dir "$NEP_STATE/mirror" \
    --key "$NEP_STATE/pinned/$MIRROR.key" "$@" "$uuid"
}

# Follows in the background until nep_mirror_stop.
nep_mirror_start() {
  nep_mirror "$1" --once >>"$NEP_STATE/mirror.log" 2>&1 || return
  "$NEP_BUILD/client-cli/nep-mirror" --server "$NEP_URL" --ca "$NEP_STATE/ca.pem" \
    --dir "$NEP_STATE/mirror" --key "$NEP_STATE/pinned/$MIRROR.key" --interval 1 "$1" \
    >>"$NEP_STATE/mirror.log" 2>&1 </dev/null 8>&- &
  mirror_pid=$!
}

# Waits until the mirror that follows has countersigned the end of the vote of election $1.
nep_mirror_closed() {
  local patience=$((SECONDS + 60))
  until [ -f "$NEP_STATE/mirror/$1-closed.countersignature.json" ]; do
    kill -0 "$mirror_pid" && [ "$SECONDS" -lt "$patience" ] || return
    sleep 0.1
  done
}

# It ends with 0 only when nothing was wrong all the while; then it looks a last time.
nep_mirror_stop() {
  kill -TERM "$mirror_pid" && wait "$mirror_pid" || return
  mirror_pid=
  nep_mirror "$1" --once >>"$NEP_STATE/mirror.log" 2>&1 || return
  [ -z "$(find "$NEP_STATE/mirror" -name 'evidence-*')" ]
}

# The same of the cast statements: $1 election, $2 the server's key, $3 the mirror's.
nep_casts_checkpoint_holds() {
  local d=$NEP_STATE/mirror height
  nep_curl "$NEP_URL/v1/elections/$1/casts/head" >"$NEP_STATE/casts-head.json" || return
  height=$(grep -oE '"height":[0-9]+' "$NEP_STATE/casts-head.json" | grep -oE '[0-9]+')
  nep_curl -L "$NEP_URL/v1/elections/$1/casts" >"$NEP_STATE/served.casts" &&
    nep_verify checkpoint --key "$2" "$NEP_STATE/casts-head.json" "$NEP_STATE/served.casts" &&
    nep_verify mirror --key "$3" "$d/$1-$height.casts-countersignature.json" "$d/$1.casts" &&
    cmp "$d/$1.casts" "$NEP_STATE/served.casts"
}

# $1 election, $2 its archive: the server's checkpoints and the mirror's countersignatures of the last heights.
nep_checkpoints_hold() {
  local key public height
  key=$(nep_curl "$NEP_URL/v1/key" | grep -oE '[0-9a-f]{64}')
  nep_curl "$NEP_URL/v1/elections/$1/head" >"$NEP_STATE/head.json" || return
  height=$(grep -oE '"height":[0-9]+' "$NEP_STATE/head.json" | grep -oE '[0-9]+')
  public=$(grep -oE '[0-9a-f]{64}' "$NEP_STATE/pinned/$MIRROR.public" | head -n 1)
  nep_verify checkpoint --key "$key" "$NEP_STATE/head.json" "$2" &&
    nep_verify mirror --key "$public" "$NEP_STATE/mirror/$1-$height.countersignature.json" "$2" &&
    cmp "$NEP_STATE/mirror/$1.bel" "$2" &&
    nep_casts_checkpoint_holds "$1" "$key" "$public"
}
