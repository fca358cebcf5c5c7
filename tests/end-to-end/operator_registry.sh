# shellcheck shell=bash
# Registrations that the operator invents, replays, exchanges or leaves out. The auditors see what the real server
# exports from the doctored database. Sourced by operator.sh.

# As superuser: no trigger, no foreign key.
doctor() { sql -o /dev/null -c "SET session_replication_role = replica; $1"; }

person() { sed -n "$1p" "$NEP_STATE/electorate/identifiers"; }

# $1 folder: the commission exports, two auditors open, one signs.
audited() { nep_audit "$NEP_UUID" "$NEP_STATE/$1"; }

# nep-server told to believe a key set of the operator's: with it an abstainer's "sign-in" is made at will.
invented_identity() {
  local command
  step "the operator makes an identity provider of its own" \
    "$NEP_BUILD/tests/issuer/nep-test-issuer" keygen --out "$NEP_STATE/operator-issuer"
  step "and a server that believes it" second_server invent -e "s|$NEP_STATE/issuer/|$NEP_STATE/operator-issuer/|"
  command=$(nep_token_command 7)
  mkdir -p "$NEP_STATE/devices/7"
  step "a17 the operator registers for somebody who stayed away" eval 'NEP_URL=$second_url nep_voter 7 register \
    --event "$EVENT" --election "$NEP_UUID" --id-token-command "${command/issuer\/private/operator-issuer/private}"'
  step "the second server stops" nep_stop invent
}

keep_registry() {
  doctor "CREATE TABLE public.kept AS SELECT * FROM registry.registrations;
          CREATE TABLE public.kept_for AS SELECT * FROM registry.registered"
}
true_registry() {
  doctor "DELETE FROM registry.registrations; INSERT INTO registry.registrations SELECT * FROM public.kept;
          DELETE FROM registry.registered; INSERT INTO registry.registered SELECT * FROM public.kept_for"
}
doctored() { # name, code, folder, SQL
  doctor "$4" && detects "$1" "$2" audited "$3"
  true_registry
}

roll_hash() { tail -n +2 "$NEP_STATE/electorate/roll.csv" | cut -d, -f1 | LC_ALL=C sort | sha256sum | cut -d' ' -f1; }
says_roll() { grep -q "^  $(roll_hash)\$" "$NEP_STATE/$1/report.txt"; }
other_roll() { says_roll longer || { echo "the roll is not that of the commission" && return 1; }; }

doctored_registry() {
  detects "a17 auditors find tokens under a key set that is not the provider's" "(audit-provider)" audited invented
  doctor "DELETE FROM registry.registered WHERE nonce IN (SELECT nonce FROM registry.registrations WHERE person = '$(person 7)');
          DELETE FROM registry.registrations WHERE person = '$(person 7)'"
  keep_registry
  doctored "a17 a registration replayed for somebody else is found" "(audit-token)" replayed \
    "INSERT INTO registry.registrations SELECT (r).* FROM (SELECT jsonb_populate_record(r, jsonb_build_object(
       'nonce', CASE left(r.nonce, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(r.nonce, 2), 'person', '$(person 6)')) AS r
       FROM registry.registrations r WHERE person = '$(person 1)') x;
     INSERT INTO registry.registered SELECT '$NEP_UUID', nonce FROM registry.registrations WHERE person = '$(person 6)'"
  doctored "boxes exchanged between two persons are found" "(audit-nonce)" exchanged \
    "UPDATE registry.registrations r SET sealed = k.sealed FROM public.kept k
      WHERE (r.person, k.person) IN (('$(person 1)', '$(person 2)'), ('$(person 2)', '$(person 1)'))"
  doctored "a predecessor that the operator invents is found" "(audit-replaces)" predecessor \
    "UPDATE registry.registrations SET replaces = (SELECT nonce FROM public.kept WHERE person = '$(person 2)')
      WHERE person = '$(person 3)'"
  doctor "DELETE FROM registry.registered WHERE nonce = (SELECT nonce FROM public.kept WHERE person = '$(person 5)');
          DELETE FROM registry.registrations WHERE person = '$(person 5)'"
  step "a registration left out looks right to the auditors" audited short
  true_registry
  doctor "INSERT INTO registry.rolls VALUES ('$NEP_UUID', '079099000000', 'Không Có Thật')"
  step "a person added to the roll looks right to the auditors' program" audited longer
  detects "and not to who compares the roll's hash with the commission's" "not that of the commission" other_roll
  doctor "DELETE FROM registry.rolls WHERE identifier = '079099000000'"
  step "the honest registry is audited" audited honest
  quiet "the honest roll is the commission's" says_roll honest
}

# An election key whose private half the operator has.
operator_makes_trustees() {
  step "the operator makes trustees of its own" nep_trustee keygen --group Ed25519 --out "$NEP_STATE/operator"
  step "and their list" nep_trustee trustees --single "$NEP_STATE"/operator/*.pubkey --out "$NEP_STATE/operator-trustees.json"
}
