# shellcheck shell=bash
# Records that the operator rewrites: each hash right, each signature by nep-signer's own key. Sourced by operator.sh.

receipt_key() { nep_curl "$NEP_URL/v1/key" | grep -oE '[0-9a-f]{64}'; }
last_receipt() { find "$NEP_STATE/devices/$1" -name 'receipt-*.json' | sort | tail -n 1; }
dispute() { nep_verify dispute --json --key "$(receipt_key)" "$@"; }
# An observer's folder as it is now, which then looks at another server: $1 name, $2 folder (mirror).
other_mirror() {
  [ -d "$NEP_STATE/mirror-$1" ] || cp -r "$NEP_STATE/${2:-mirror}" "$NEP_STATE/mirror-$1" || return 2
  "$NEP_BUILD/client-cli/nep-mirror" --lang en --server "$second_url" --ca "$NEP_STATE/ca.pem" --dir "$NEP_STATE/mirror-$1" \
    --key "$NEP_STATE/pinned/$MIRROR.key" --once "$NEP_UUID"
}
# $1 number, $2 name: the voter checks a copy of the own folder against the other server.
other_check() {
  [ -d "$NEP_STATE/devices/$1-$2" ] || cp -r "$NEP_STATE/devices/$1" "$NEP_STATE/devices/$1-$2" || return 2
  NEP_URL=$second_url nep_voter "$1-$2" --lang en check --election "$NEP_UUID"
}
refuses_to_start() { # name, database, code
  local said status
  said=$(honest_start "$2" 2>&1)
  status=$?
  if [ "$status" != 0 ] && [ "$status" != 124 ] && grep -qF "[$3]" <<<"$said"; then
    echo "ok - $1" | tee -a "$results"
  else
    printf 'not ok - %s\n    exit code %s: %s\n' "$1" "$status" "$(tail -c 600 <<<"$said")" | tee -a "$results"
  fi
}

# Whose memory is gone must not get an empty one from keygen beside the old key.
lost_memory() {
  local run
  run=$(readlink "$NEP_STATE/run")
  nep_signer_config "$run" | sed "s|/memory|/lost-memory|" >"$NEP_STATE/lost.conf"
  refuse "nep-signer does not start without its memory" 2 "$NEP_BUILD/server/nep-signer" --config "$NEP_STATE/lost.conf" run
  refuse "keygen overwrites no key" 1 "$NEP_BUILD/server/nep-signer" --config "$NEP_STATE/lost.conf" keygen
  quiet "and makes no memory for it" test ! -e "$NEP_STATE/lost-memory"
}

yesterday() { step "the operator keeps a copy of the database" database_copy yesterday; }

# Two servers from copies of one database, with one signer's key and two memories.
fork() {
  step "the operator copies the database" eval 'database_copy fork && psql -X -q "${NEP_DB_ADMIN/dbname=nep/dbname=fork}" \
    -c "UPDATE board.heads SET closes = now() + interval '"'1 hour'"'"'
  step "and starts a second server with nep-signer's key and another memory" cheating_server fork "$NEP_STATE/memory"
  cp -r "$NEP_STATE/mirror" "$NEP_STATE/mirror-before"
  cp -r "$NEP_STATE/devices/3" "$NEP_STATE/devices/3-fork"
  step "voter 2 votes again at the one" nep_voter 2 vote --election "$NEP_UUID" \
    --choice-file "$NEP_STATE/electorate/choices/2-1.json"
  NEP_URL=$second_url step "voter 3 votes again at the other" nep_voter 3-fork vote --election "$NEP_UUID" \
    --choice-file "$NEP_STATE/electorate/choices/3-1.json"
  detects "a fork: two receipts of one height show it" '"two-events"' dispute "$(last_receipt 2)" "$(last_receipt 3-fork)"
  quiet "two receipts of the honest server show nothing" dispute "$(last_receipt 1)" "$(last_receipt 2)"
  quiet "a mirror follows the one" nep_mirror "$NEP_UUID" --once
  detects "a fork: and is alarmed by the other" "[two-heads]" other_mirror fork
  step "a mirror that sees only the other suspects nothing" other_mirror fork-alone mirror-before
  detects "a fork: two mirrors' signed heads show it" '"two-events"' dispute "$(last_head mirror)" "$(last_head mirror-fork-alone)"
  detects "a fork: voter 3's ballot is missing at the one" "[ballot-missing]" nep_voter 3-fork --lang en check --election "$NEP_UUID"
  quiet "voter 2 finds the own ballot there" nep_voter 2 check --election "$NEP_UUID"
  step "the second server stops" cheating_server_stop fork
}
# The last head in a mirror's folder, as a file.
last_head() {
  tail -n 1 "$NEP_STATE/$1/$NEP_UUID.heads" >"$NEP_STATE/$1/last-head.json"
  echo "$NEP_STATE/$1/last-head.json"
}

public_credential() {
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["credentials"][0]["credential"])' \
    "$NEP_STATE/devices/$1/registration.json"
}
heights_of() { # of the ballots; of those of voter $1
  sql -c "SELECT height FROM board.events WHERE uuid = '$NEP_UUID' AND type = 'Ballot' ${1:+AND credential = '$(public_credential "$1")'} ORDER BY height"
}
# The heights with the word $1 taken out, or exchanged with $2.
order_without() { heights_of | grep -vx "$1" | paste -sd, | sed 's/.*/{&}/'; }
order_exchanged() { heights_of | sed "s/^$1\$/x/; s/^$2\$/$1/; s/^x\$/$2/" | paste -sd, | sed 's/.*/{&}/'; }

# $1 name, $2 code of nep-server at start: a rewritten database is refused by the honest signer, then served by one
# that forgets; $1.bel and $1.casts are what it publishes. The server is left running.
rewritten() {
  refuses_to_start "$1: nep-server does not serve what nep-signer remembers otherwise" "$1" "$2"
  step "$1: a signer with the stolen key and no memory serves it" cheating_server "$1"
  NEP_URL=$second_url step "$1: it is downloaded" nep_admin export "$NEP_UUID" --out "$NEP_STATE/$1.bel" --casts "$NEP_STATE/$1.casts"
}
copy_and_cheat() { database_copy "$1" && database_cheats "$@"; } # name, order, credential
archive() { nep_verify archive "$NEP_STATE/$1.bel"; }
casts() { nep_verify casts "$NEP_STATE/${2:-$1}.casts" "$NEP_STATE/$1.bel"; }
earlier() { nep_verify archive --json --earlier "$NEP_STATE/mirror/$NEP_UUID.bel" "$NEP_STATE/$1.bel"; }
receipt() { nep_verify receipt --json --key "$(receipt_key)" "$(last_receipt "$1")" "$NEP_STATE/$2.bel"; }

dropped() {
  local own
  own=$(heights_of 1 | tail -n 1)
  step "dropped: the operator rewrites the database" copy_and_cheat dropped "$(order_without "$own")"
  rewritten dropped board-went-back
  quiet "dropped: the record alone looks perfect" archive dropped
  quiet "dropped: and so do the statements, with a number left out" casts dropped
  detects "dropped: the voter's check misses the ballot" "[ballot-missing]" other_check 1 dropped
  detects "dropped: the receipt does not hold" '"receipt-ballot"' receipt 1 dropped
  detects "dropped: receipt and record show it" '"receipt-' dispute "$(last_receipt 1)" --published "$NEP_STATE/dropped.bel"
  detects "dropped: an older copy is no prefix" '"earlier' earlier dropped
  detects "dropped: a mirror is alarmed" "[two-heads]" other_mirror dropped
  detects "dropped: a countersignature is of another record" '"checkpoint-height"' countersigned dropped
  step "dropped: its server stops" cheating_server_stop dropped
}
countersigned() {
  nep_verify mirror --json --key "$(grep -oE '[0-9a-f]{64}' "$NEP_STATE/pinned/$MIRROR.public" | head -n 1)" \
    "$NEP_STATE/mirror/$NEP_UUID-closed.countersignature.json" "$NEP_STATE/$1.bel"
}

reordered() {
  local own
  mapfile -t own < <(heights_of 1)
  step "reordered: the operator rewrites the database" copy_and_cheat reordered "$(order_exchanged "${own[0]}" "${own[1]}")"
  rewritten reordered board-forked
  quiet "a23 reordered: the record alone looks perfect" archive reordered
  detects "a23 reordered: the statements show it" "casts-order" casts reordered
  detects "a23 reordered: those in the old order do not fit" "casts-statement" casts reordered closed
  detects "a23 reordered: the voter's check finds it" "[casts-order]" other_check 1 reordered
  detects "a23 reordered: the statements accuse the server" '"casts-order"' dispute --published "$NEP_STATE/reordered.bel" \
    --published "$NEP_STATE/reordered.casts"
  detects "reordered: a mirror is alarmed" "[two-heads]" other_mirror reordered
  step "reordered: its server stops" cheating_server_stop reordered
}

# The ballot that was withheld from voter 4 (swapped.py) is appended after the newer one.
late() {
  step "late: the operator appends what was withheld" late_ballot
  rewritten late board-forked
  quiet "a23 late: the record alone looks perfect" archive late
  detects "a23 late: the statements show it" "casts-order" casts late
  detects "a23 late: the voter's check finds it" "[casts-order]" other_check 4 late
  detects "a23 late: the statements accuse the server" '"casts-order"' dispute --published "$NEP_STATE/late.bel" \
    --published "$NEP_STATE/late.casts"
  step "late: its server stops" cheating_server_stop late
}
late_ballot() {
  database_copy late && psql -X -q -v ON_ERROR_STOP=1 -f "$NEP_STATE/late.sql" "${NEP_DB_ADMIN/dbname=nep/dbname=late}" &&
    database_cheats late "$(order_without none | sed 's/}/,1000}/')"
}

stuffed() {
  step "stuffed: the operator rewrites the database" copy_and_cheat stuffed "$(order_without none)" "$(public_credential 5)"
  rewritten stuffed board-forked
  detects "a17 stuffed: a ballot for who stayed away does not verify" "ballot-signature" archive stuffed
  detects "a17 stuffed: nor for a mirror that never saw another record" "[archive-invalid]" other_mirror stuffed nothing
  detects "a17 stuffed: nor is it passed off with the statements" "[ballot-signature]" casts stuffed
  step "stuffed: its server stops" cheating_server_stop stuffed
}

restored() {
  rewritten yesterday board-went-back
  quiet "a18 yesterday: the record alone looks perfect" archive yesterday
  detects "a18 yesterday: a voter of today misses the ballot" "[ballot-missing]" other_check 4 yesterday
  detects "a18 yesterday: a mirror is alarmed" "[archive-shrunk]" other_mirror yesterday
  detects "a18 yesterday: today's signed head has more" '"checkpoint-' checkpoint yesterday
  detects "a18 yesterday: an older copy is longer" '"earlier' earlier yesterday
  step "yesterday: its server stops" cheating_server_stop yesterday
}

# The database is rewritten under a running nep-server with the honest signer.
rewritten_alive() {
  step "alive: a server runs over a true copy" eval 'database_copy alive && second_server alive -e "s|dbname=nep|dbname=alive|"'
  quiet "alive: it signs the head" nep_curl "$second_url/v1/elections/$NEP_UUID/head"
  step "alive: the database is rewritten under it" database_cheats alive "$(order_without "$(heights_of 1 | tail -n 1)")"
  signs_nothing "alive: nothing is signed about it any more" "$second_url/v1/elections/$NEP_UUID/head"
  step "alive: it stops" nep_stop alive
}
signs_nothing() { # name, address of a head
  local said
  if said=$(nep_curl "$2" 2>&1) || ! grep -q '"code":"signer-conflict"' <<<"$said"; then
    printf 'not ok - %s\n    %s\n' "$1" "$said" | tee -a "$results"
  else
    echo "ok - $1" | tee -a "$results"
  fi
}

checkpoint() { nep_verify checkpoint --json --key "$(receipt_key)" "$(last_head mirror)" "$NEP_STATE/$1.bel"; }

rewritten_records() {
  mkdir -p "$NEP_STATE/nothing"
  dropped
  reordered
  late
  stuffed
  restored
  rewritten_alive
  quiet "honest: the record" archive closed
  quiet "honest: its statements" casts closed
  quiet "honest: the older copy is a prefix" earlier closed
  quiet "honest: the last signed head" checkpoint closed
  quiet "honest: the mirror's countersignature" countersigned closed
  for voter in 1 2 4; do quiet "honest: receipt of voter $voter" receipt "$voter" closed; done
  quiet "honest: all of it accuses nobody" dispute "$(last_receipt 1)" "$(last_receipt 2)" "$(last_receipt 4)" "$(last_head mirror)" \
    --published "$NEP_STATE/closed.bel" --published "$NEP_STATE/closed.casts"
  step "honest: nep-server stops" nep_stop nep-server
  step "honest: and starts again" nep_server_start
}
