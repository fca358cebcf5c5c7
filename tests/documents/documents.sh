#!/usr/bin/env bash
# The documents say what the programs do: manual pages (mandoc, and each option against --help), the
# API description (linted), links and commands of the documents, formatting of the sources.
# NEP_SOURCE and NEP_BUILD are set by make check.
set -uo pipefail
cd "${NEP_SOURCE:?}" || exit 2
: "${NEP_BUILD:?}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# case NAME COMMAND...: passes when the command exits 0; its output is shown when it does not.
case_() {
  local name=$1
  shift
  if "$@" >"$scratch/out" 2>&1; then
    echo "ok - $name"
    passed=$((passed + 1))
  else
    echo "not ok - $name"
    sed 's/^/    /' "$scratch/out"
    failed=$((failed + 1))
  fi
}
refuses() { ! "$@"; }

page_of() { ls doc/man/"$(basename "$1")".[18] 2>/dev/null; }

# Only what mandoc can know here: our own pages refer to each other before they are installed.
lint_page() {
  local faults
  faults=$(mandoc -T lint "$1" | grep -v 'referenced manual not found')
  [ -z "$faults" ] || { echo "$faults"; return 1; }
}

# Long options of --help (every help text of the program: its own and its commands').
options_of_program() {
  "$NEP_BUILD/$1" --help | grep -oE '(^|[ ,[])--[a-z][a-z-]*' | grep -oE '[a-z][a-z-]*' |
    grep -vxE 'help|usage|version' | sort -u
}
options_of_page() { grep -oE 'Fl -[a-z][a-z-]*|[ ,] -[a-z][a-z-]+' "$1" | grep -oE '[a-z][a-z-]*$' | sort -u; }

same_options() {
  diff <(options_of_program "$1") <(options_of_page "$(page_of "$1")") >"$scratch/diff" ||
    { echo "< only in --help, > only in $(page_of "$1"):"; grep '^[<>]' "$scratch/diff"; return 1; }
}

# The three exit codes of base/exitcode.h stand in each page.
exit_codes() { [ "$(grep -cE '^\.It [012]$' "$1")" = 3 ]; }

programs=(tally/nep-verify tally/nep-tally tally/nep-trustee client-cli/nep-voter client-cli/nep-admin
  client-cli/nep-mirror server/nep-server server/nep-signer)
for program in "${programs[@]}"; do
  page=$(page_of "$program")
  case_ "$program has a manual page" test -n "$page"
  [ -n "$page" ] || continue
  case_ "$(basename "$page") is clean for mandoc" lint_page "$page"
  case_ "$(basename "$page") tells the exit codes" exit_codes "$page"
  case_ "$program --help and its page have the same options" same_options "$program"
  case_ "$program refuses an unknown option with exit code 2" \
    bash -c '"$0" --no-such-option >/dev/null 2>&1 </dev/null; [ $? = 2 ]' "$NEP_BUILD/$program"
done
printf '.Dd November 1, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n.Nd y\n.Fx\n.Bl\n' >"$scratch/x.1"
case_ "a broken manual page is seen" refuses lint_page "$scratch/x.1"

"$NEP_BUILD/server/nep-server" routes --json >"$scratch/routes.json"
case_ "doc/openapi.yaml is clean and describes what is served" \
  perl tests/documents/openapi.pl doc/openapi.yaml "$scratch/routes.json"
sed -i 's/healthz/health/' "$scratch/routes.json"
case_ "openapi: an address that is served elsewhere is seen" \
  refuses perl tests/documents/openapi.pl doc/openapi.yaml "$scratch/routes.json"
# One fault at a time, which the linter must see.
for fault in 's/^  title:.*//' 's/\$ref: (.)#\/components\/responses\//$ref: \1#\/nowhere\//' \
  's/operationId: \w+/operationId: same/' 's/in: path/in: header/'; do
  sed -E "$fault" doc/openapi.yaml >"$scratch/bad.yaml"
  case_ "openapi: the planted fault $fault is seen" refuses perl tests/documents/openapi.pl "$scratch/bad.yaml"
done

# Purpose tags of the headers, and those of the document's clauses.
tags_of() { grep -ohE 'NEP-1-[a-z]+(-[a-z]+)*' "$@" | sort -u; }
same_tags() { # DOCUMENT: the same tags as the headers, each in a row of the table and in a clause
  local tag clause lost=0
  diff <(tags_of records/tags.h crypto/tags.h) <(tags_of "$1") ||
    { echo "< only in the headers, > only in $1"; return 1; }
  for tag in $(tags_of "$1"); do
    clause=$(grep -F "| \`$tag\` |" "$1" | grep -oE '[0-9]+\.[0-9]+ \|$' | grep -oE '[0-9.]+')
    { [ -n "$clause" ] && grep -q "^${clause//./\\.} " "$1"; } || { echo "$tag has no row or no clause in $1"; lost=1; }
  done
  return "$lost"
}
additions=doc/PROTOCOL-ADDITIONS.md
case_ "$additions describes each tag of the headers, and no other" same_tags "$additions"
grep -v 'NEP-1-refusal' "$additions" >"$scratch/additions.md"
case_ "a tag without a description is seen" refuses same_tags "$scratch/additions.md"
{ cat "$additions" && echo '`NEP-1-nowhere`'; } >"$scratch/additions.md"
case_ "a described tag that the code has not is seen" refuses same_tags "$scratch/additions.md"

# Files that the documents name exist.
named_files() {
  local file missing=0
  while read -r file; do
    [ -e "$file" ] || { echo "$1 names $file, which does not exist"; missing=1; }
  done < <(grep -oE '`[A-Za-z0-9_./-]+/[A-Za-z0-9_.-]+\.(md|c|h|sh|py|pl|sql|yaml|txt|conf|service|cfg)`' "$1" | tr -d '`' | sort -u)
  return "$missing"
}
for document in README.md CONTRIBUTING.md doc/DESIGN.md doc/PROTOCOL-ADDITIONS.md \
  doc/THREATS.md tests/README.md; do
  case_ "$document names files that exist" named_files "$document"
done

sources=$(find base crypto protocol records tally client-cli server tests bench -name '*.[ch]')
# shellcheck disable=SC2086 # one word per file
case_ "sources are formatted as .clang-format says" clang-format --dry-run -Werror $sources

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
