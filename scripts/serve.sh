# shellcheck shell=bash
# For demo.sh --serve: what a person does by hand while the services run. Sourced after election.sh.
TRY_EVENT=thu-nghiem

# A second election with the same trustees and roll, in which nobody has acted yet, for a person to try. It
# belongs to an event of its own, because a person registers once for an event. $1 group. Sets NEP_TRY.
nep_try_election() {
  NEP_TRY=$(nep_new_uuid)
  rm -rf "$NEP_STATE/trust-try" && mkdir "$NEP_STATE/trust-try" &&
    sed "s/^{\"event\":\"$EVENT\"/{\"event\":\"$TRY_EVENT\"/" "$NEP_STATE/trust.json" >"$NEP_STATE/trust-try/trust.json" &&
  NEP_TRUST=$NEP_STATE/trust-try/trust.json EVENT=$TRY_EVENT nep_definition "$NEP_TRY" "$1" &&
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
Two auditors open the registry, what they find is frozen:
  registry() { build/tally/nep-tally registry "\$@" --export var/demo/try.json --trust var/demo/trust-try/trust.json; }
  for i in 1 3; do registry open --key var/demo/auditors/trustee-\$i/*.key \\
    --dkey var/demo/auditors/trustee-\$i/share.dkey --out var/demo/try-\$i.json; done
  registry audit --share var/demo/try-1.json --share var/demo/try-3.json --key var/demo/pinned/$AUDIT_SIGNER.key \\
    --name $AUDIT_SIGNER --out var/demo/try
  admin freeze $NEP_TRY --credentials var/demo/try/credentials.json --verdict var/demo/try/verdict.json
  admin open $NEP_TRY
As the voter:
  voter vote --election $NEP_TRY
  voter check --election $NEP_TRY
END
}
