# shellcheck shell=bash
# The persons whose keys the event's trust file pins, and what they sign. Sourced by election.sh.

OFFICIALS=("$OFFICIAL" chu-tich) OBSERVERS=(quan-sat) AUDIT_SIGNER=kiem-toan MIRROR=ban-sao
NEP_MINIMUM=${NEP_MINIMUM:-2} # voters that a tally must have
NEP_CLAIMS=${NEP_CLAIMS:-1}   # seconds between freeze and opening

# A signing key of $1 in pinned/$1.key, its public half in pinned/$1.public.
nep_person() {
  local d=$NEP_STATE/pinned
  mkdir -p "$d" && "$NEP_BUILD/client-cli/nep-admin" keygen --out "$d/$1.key" >"$d/$1.public"
}

# The auditors' key, everybody's signing key, and from them trust.json. The first official is the one
# that nep_first_official has made.
nep_pin() {
  local d=$NEP_STATE/pinned name options=()
  mkdir -p "$d" || return
  ln -s "$NEP_STATE/official.key" "$d/$OFFICIAL.key" && cp "$NEP_STATE/official.out" "$d/$OFFICIAL.public" || return
  for name in "${OFFICIALS[@]:1}" "${OBSERVERS[@]}" "$AUDIT_SIGNER" "$MIRROR"; do
    nep_person "$name" || return
  done
  "$NEP_BUILD/server/nep-signer" --config "$NEP_STATE/nep-signer.conf" public-key >"$d/receipts.public" || return
  for name in "${OFFICIALS[@]}"; do options+=(--official "$name=$d/$name.public"); done
  for name in "${OBSERVERS[@]}"; do options+=(--observer "$name=$d/$name.public"); done
  nep_tally trust --event "$EVENT" --issuer "$ISSUER" --audience "$AUDIENCE" --audit "$NEP_STATE/auditors.json" \
    --audit-signer "$AUDIT_SIGNER=$d/$AUDIT_SIGNER.public" "${options[@]}" \
    --officials-needed "${#OFFICIALS[@]}" --mirror "$MIRROR=$d/$MIRROR.public" \
    --receipts "$d/receipts.public" --claims-period "$NEP_CLAIMS" --minimum-count "$NEP_MINIMUM" \
    --out "$NEP_STATE/trust.json" >"$NEP_STATE/trust.out" || return
  cat "$NEP_STATE/trust.out"
  NEP_FINGERPRINT=$(nep_fingerprint <"$NEP_STATE/trust.out")
  [ -n "$NEP_FINGERPRINT" ]
}

# The fingerprint in what nep-tally trust says.
nep_fingerprint() {
  sed -n 's/^fingerprint  *//p'
}

# $1 uuid, $2 folder of the auditors' list: each official holds the published definition and trustees
# against the list and signs them, freeze-NAME.json.
nep_signs_setup() {
  local name part
  for part in definition trustees; do
    nep_curl "$NEP_URL/v1/elections/$1/$part" -o "$2/$part.json" || return
  done
  for name in "${OFFICIALS[@]}"; do
    nep_tally act freeze --uuid "$1" --definition "$2/definition.json" --trustees "$2/trustees.json" \
      --credentials "$2/credentials.json" --trust "${NEP_TRUST:-$NEP_STATE/trust.json}" \
      --key "$NEP_STATE/pinned/$name.key" --name "$name" --out "$2/freeze-$name.json" || return
  done
}

# What must stand beside archive $1 before its tally is signed or decrypted: sets the options `evidence`.
nep_evidence() {
  local file
  evidence=(--casts "${1%.bel}.casts")
  for file in "$NEP_STATE"/mirror/*-closed.countersignature.json; do
    [ ! -f "$file" ] || evidence+=(--countersignature "$file")
  done
}

# Officials and observers verify archive $1 and sign its tally, closed at $2: acts/tally-NAME.json.
nep_signs_tally() {
  local name evidence
  mkdir -p "$NEP_STATE/acts"
  nep_evidence "$1"
  for name in "${OFFICIALS[@]}" "${OBSERVERS[@]}"; do
    nep_tally act tally "$1" --closes "$2" "${evidence[@]}" --trust "$NEP_STATE/trust.json" \
      --key "$NEP_STATE/pinned/$name.key" --name "$name" --out "$NEP_STATE/acts/tally-$name.json" || return
  done
}

# Anybody holds what was signed and published about election $1 against its archive $2 and the trust file.
nep_acts_hold() {
  local kind d=$NEP_STATE/documents files=()
  mkdir -p "$d"
  for kind in verdict freeze-acts tally-acts countersignatures; do
    nep_curl "$NEP_URL/v1/elections/$1/documents/$kind" >"$d/$kind.json" || return
    files+=("$d/$kind.json")
  done
  nep_verify acts --trust "$NEP_STATE/trust.json" --casts "${2%.bel}.casts" "${files[@]}" "$2"
}
