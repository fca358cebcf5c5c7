# shellcheck shell=bash
# Officials, an observer and a trustee who lie, over the records of operator_board.sh. Sourced by operator.sh.

# $1 archive's name, then tally acts: trustee 1 decrypts with the mirror's countersignature.
decrypts() {
  local name=$1 act acts=() d=$NEP_STATE/ceremony/trustee-1
  shift
  for act in "$@"; do acts+=(--act "$act"); done
  nep_trustee decrypt --archive "$NEP_STATE/$name.bel" --casts "$NEP_STATE/$name.casts" --trust "$NEP_STATE/trust.json" \
    --countersignature "$NEP_STATE/mirror/$NEP_UUID-closed.countersignature.json" "${acts[@]}" --key "$d"/*.key \
    --dkey "$d/share.dkey" --journal "$NEP_STATE/$name.journal" --out "$NEP_STATE/$name-share.json"
}
signs() { nep_signs_tally "$NEP_STATE/$1.bel" "$closes"; }
liars() { for name in thu-ky chu-tich quan-sat; do echo "$NEP_STATE/lying-$name.json"; done; }

lying_officials_and_trustees() {
  local closes honest
  closes=$(nep_field closes)
  for name in closed dropped late; do
    step "$name: the encrypted tally is computed" nep_tally compute "$NEP_STATE/$name.bel"
  done
  detects "a24 nobody signs a record that no mirror has countersigned" "[countersignature]" signs dropped
  detects "a23 nobody signs a record with an older ballot after a newer one" "casts-order" signs late
  rm -rf "$NEP_STATE/acts"
  step "officials and observer sign the honest tally" signs closed
  mapfile -t honest < <(find "$NEP_STATE/acts" -name 'tally-*.json' | sort)
  step "all of them sign a tally of the shorter record, too" python3 -B "$NEP_SOURCE/tests/end-to-end/lying.py" acts dropped
  mapfile -t lies < <(liars)
  detects "a24 a trustee does not decrypt what all officials and observers have signed and no mirror saw" \
    "[countersignature]" decrypts dropped "${lies[@]}"
  detects "a24 nor with the acts of the honest record" "[tally-act]" decrypts dropped "${honest[@]}"
  detects "a24 nor the honest record with one act of another" "[tally-act]" decrypts closed "${honest[@]}" "${lies[0]}"
  detects "a23 nor a record with an older ballot after a newer one" "casts-order" decrypts late "${honest[@]}"
  step "nothing was decrypted" eval '! ls "$NEP_STATE"/*-share.json "$NEP_STATE"/*.journal 2>/dev/null'
  lying_official_freezes
  lying_trustee
}

lying_official_freezes() {
  detects "a25 anybody finds the freeze act of an official over another list" "freeze-act" \
    nep_verify acts --trust "$NEP_STATE/trust.json" "$NEP_STATE/lying-freeze.json" "$NEP_STATE/closed.bel"
}

lying_trustee() {
  for i in 1 2 3; do step "trustee $i decrypts" nep_decrypts "$i" "$NEP_STATE/closed.bel"; done
  step "trustee 1 sends wrong factors" python3 -B "$NEP_SOURCE/tests/end-to-end/lying.py" share
  cp "$NEP_STATE/closed.bel" "$NEP_STATE/lied.bel"
  cp "$NEP_STATE/closed.bel" "$NEP_STATE/right.bel"
  # Its new signature has no second proof yet (tests/vectors/a2_lying_trustee.py is about that).
  step "(its own factors under the same signature are right)" nep_tally combine --accept-unproven \
    "$NEP_STATE/right.bel" "$NEP_STATE/honest-share.json" "$NEP_STATE/share-3.json"
  detects "a trustee's wrong factor is refused, and one honest share is not enough" "(pd-proof)" \
    nep_tally combine "$NEP_STATE/lied.bel" "$NEP_STATE/lying-share.json" "$NEP_STATE/share-3.json"
  detects "the share of one trustee under the name of another is refused" "(pd-proof)" \
    nep_tally combine "$NEP_STATE/lied.bel" "$NEP_STATE/lying-owner.json" "$NEP_STATE/share-3.json"
  step "a11 two honest trustees decrypt without the liar, who is named" named_and_left_out
  step "the honest result is uploaded" nep_publish "$NEP_UUID" "$NEP_STATE/lied.bel"
  step "and downloaded" nep_admin export "$NEP_UUID" --out "$NEP_STATE/election.bel" --casts "$NEP_STATE/election.casts"
  quiet "honest: verdict, acts, countersignature and statements hold" nep_acts_hold "$NEP_UUID" "$NEP_STATE/election.bel"
  quiet "honest: voters 1, 2 and 4 find their last ballots counted" eval \
    'for i in 1 2 4; do nep_voter_checks "$NEP_STATE/election.bel" $i || exit; done'
  quiet "honest: the mirror follows to the result without an alarm" nep_mirror "$NEP_UUID" --once
  quiet "honest: and has no evidence against anybody" eval '[ -z "$(find "$NEP_STATE/mirror" -name "evidence-*")" ]'
}
named_and_left_out() {
  local said
  said=$(nep_tally combine "$NEP_STATE/lied.bel" "$NEP_STATE/lying-share.json" "$NEP_STATE/share-2.json" "$NEP_STATE/share-3.json" 2>&1) &&
    grep -q 'lying-share.json' <<<"$said"
}
