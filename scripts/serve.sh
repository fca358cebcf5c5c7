# shellcheck shell=bash
# For demo.sh --serve: what a person does by hand while the services run. Sourced after election.sh.
TRY_EVENT=thu-nghiem

# A second election with the same trustees and roll, in which nobody has acted yet, for a person to try. It
# belongs to an event of its own, because a person registers once for an event. $1 group. Sets NEP_TRY and NEP_TRY_FINGERPRINT.
nep_try_election() {
  NEP_TRY=$(nep_new_uuid) NEP_TRUST_TRY=$NEP_STATE/trust-try/trust.json
  rm -rf "$NEP_STATE/trust-try" && mkdir "$NEP_STATE/trust-try" &&
    sed "s/^{\"event\":\"$EVENT\"/{\"event\":\"$TRY_EVENT\"/" "$NEP_STATE/trust.json" >"$NEP_TRUST_TRY" &&
  NEP_TRUST=$NEP_TRUST_TRY EVENT=$TRY_EVENT nep_definition "$NEP_TRY" "$1" &&
    NEP_TRY_FINGERPRINT=$(nep_tally trust --show "$NEP_TRUST_TRY" | nep_fingerprint) &&
    nep_admin create --definition "$NEP_STATE/definition.json" &&
    nep_admin roll "$NEP_TRY" "$NEP_STATE/electorate/roll.csv" &&
    nep_calendar "$NEP_TRY" 86400 86460 172800 &&
    nep_admin registration "$NEP_TRY"
}

nep_say_how_to_use() {
  cat <<END

The services are running. Ctrl-C ends them. In another terminal, in this folder:
  admin() { build/client-cli/nep-admin --server $NEP_URL --ca var/demo/ca.pem --key var/demo/official.key --name $OFFICIAL "\$@"; }
  voter() { build/client-cli/nep-voter --server $NEP_URL --ca var/demo/ca.pem --dir var/demo/mine "\$@"; }
  tally() { build/tally/nep-tally "\$@" --trust var/demo/trust-try/trust.json; }
  in_seconds() { date -u -d "+\$1 seconds" +%FT%TZ; }

The election $NEP_UUID is over:
  curl --cacert var/demo/ca.pem $NEP_URL/v1/elections/$NEP_UUID/head
  build/client-cli/nep-voter --server $NEP_URL --ca var/demo/ca.pem --dir var/demo/devices/1 check --election $NEP_UUID

The election $NEP_TRY takes registrations. As the first person on the roll, whose sign-in
is the command in quotes:
  voter register --event $TRY_EVENT --election $NEP_TRY --id-token-command \\
    '$(nep_token_command 1)'
As the commission, end the registration in five seconds and let the vote last ten minutes:
  admin calendar $NEP_TRY --registration-closes \$(in_seconds 5) --opens \$(in_seconds 8) --closes \$(in_seconds 600)
  sleep 6; admin registry $NEP_TRY --out var/demo/try.json
Two auditors open the registry; the officials sign what they find; it is frozen:
  for i in 1 3; do tally registry open --export var/demo/try.json --key var/demo/auditors/trustee-\$i/*.key \\
    --dkey var/demo/auditors/trustee-\$i/share.dkey --out var/demo/try-\$i.json; done
  tally registry audit --export var/demo/try.json --share var/demo/try-1.json --share var/demo/try-3.json \\
    --provider-keys var/demo/issuer/jwks.json --key var/demo/pinned/$AUDIT_SIGNER.key --name $AUDIT_SIGNER --out var/demo/try
  for part in definition trustees; do
    curl -s --cacert var/demo/ca.pem $NEP_URL/v1/elections/$NEP_TRY/\$part -o var/demo/try/\$part.json; done
  for name in ${OFFICIALS[*]}; do tally act freeze --uuid $NEP_TRY --definition var/demo/try/definition.json \\
    --trustees var/demo/try/trustees.json --credentials var/demo/try/credentials.json \\
    --key var/demo/pinned/\$name.key --name \$name --out var/demo/try/freeze-\$name.json; done
  admin freeze $NEP_TRY --credentials var/demo/try/credentials.json --verdict var/demo/try/verdict.json \\
    $(printf -- '--act var/demo/try/freeze-%s.json ' "${OFFICIALS[@]}")
  sleep 2; admin open $NEP_TRY
As the voter, who compares the trust file's fingerprint
    $NEP_TRY_FINGERPRINT
with the commission's announcement:
  voter check --registered --election $NEP_TRY
  voter vote --election $NEP_TRY
  voter check --election $NEP_TRY
END
}
