#!/usr/bin/env bash
# The documents say what the programs do: manual pages (mandoc, and an entry for each option of --help), the
# API description (linted); files, links, commands and options that the documents name exist; the example units
# fit the example configuration; sources are formatted.
# NEP_SOURCE and NEP_BUILD are set by make check.
set -uo pipefail
cd "${NEP_SOURCE:?}" || exit 2
: "${NEP_BUILD:?}"
. tests/support/cases.sh

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
# Options that have an entry of their own; the synopsis does not describe them.
options_of_page() { grep '^\.It ' "$1" | grep -oE '(Fl|,) -[a-z][a-z-]*' | grep -oE '[a-z][a-z-]*$' | sort -u; }

same_options() { # PROGRAM PAGE
  diff <(options_of_program "$1") <(options_of_page "$2") >"$scratch/diff" ||
    { echo "< only in --help, > only in $2:"; grep '^[<>]' "$scratch/diff"; return 1; }
}

# The three exit codes of base/exitcode.h stand in each page.
exit_codes() { [ "$(grep -cE '^\.It [012]$' "$1")" = 3 ]; }

version=$(sed -nE 's/^AC_INIT\(\[nep\], \[([0-9.]+)\].*/\1/p' configure.ac)
tells_version() { # PROGRAM
  [ -n "$version" ] && [ "$("$NEP_BUILD/$1" --version)" = "$(basename "$1") (National Election Portal) $version" ]
}

programs=(tally/nep-verify tally/nep-tally tally/nep-trustee client-cli/nep-voter client-cli/nep-admin
  client-cli/nep-mirror server/nep-server server/nep-signer)
for program in "${programs[@]}"; do
  page=$(page_of "$program")
  case_ "$program has a manual page" test -n "$page"
  [ -n "$page" ] || continue
  case_ "$(basename "$page") is clean for mandoc" lint_page "$page"
  case_ "$(basename "$page") tells the exit codes" exit_codes "$page"
  case_ "$program --help and its page have the same options" same_options "$program" "$page"
  case_ "$program --version prints its name and version" tells_version "$program"
  case_ "$program refuses an unknown option with exit code 2" exits 2 "$NEP_BUILD/$program" --no-such-option
done
printf '.Dd November 1, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n.Nd y\n.Fx\n.Bl\n' >"$scratch/x.1"
case_ "a broken manual page is seen" refuses lint_page "$scratch/x.1"
grep -v '^\.It Fl -closes' doc/man/nep-tally.1 >"$scratch/x.1"
case_ "an option without an entry is seen" refuses same_options tally/nep-tally "$scratch/x.1"

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

# Each tag of the protocol stands in its description, too, by what follows "BELENIOS-V2".
protocol_tags() { # DOCUMENT
  local tag lost=0
  for tag in $(grep -oE '"BELENIOS-V2-[^"]+"' crypto/tags.h | tr -d '"'); do
    grep -qF -- "${tag#BELENIOS-V2}" "$1" || { echo "$tag is not described in $1"; lost=1; }
  done
  return "$lost"
}
case_ "doc/PROTOCOL.md describes each tag of the protocol" protocol_tags doc/PROTOCOL.md
sed 's/-bproof1//' doc/PROTOCOL.md >"$scratch/x.md"
case_ "a tag of the protocol that is not described is seen" refuses protocol_tags "$scratch/x.md"

# What the documents name exists: files, by path or, without a folder, anywhere; links; commands and their options.
find . \( -path './build*' -o -samefile "$NEP_BUILD" -o -path ./var -o -path ./.git \) -prune -o -type f -print >"$scratch/files"
is_there() { # FILE
  case $1 in */*) [ -e "$1" ] ;; *) grep -qF "/$1" "$scratch/files" ;; esac
}
named_files() { # DOCUMENT
  local file lost=0
  while read -r file; do
    is_there "$file" || { echo "$1 names $file, which does not exist"; lost=1; }
  done < <(grep -oE '`[A-Za-z0-9_./-]+/[A-Za-z0-9_.-]+\.(txt|conf|example|service|cfg)`|`[A-Za-z0-9_./-]+\.(md|c|h|sh|py|pl|sql|yaml)`' "$1" |
    tr -d '`' | sort -u)
  return "$lost"
}
links() { # DOCUMENT: from its folder
  local link lost=0
  while read -r link; do
    [ -e "$(dirname "$1")/$link" ] || { echo "$1 links to $link, which does not exist"; lost=1; }
  done < <(grep -oE '\]\([^)#]+' "$1" | sed 's/^](//' | grep -vE '^https?:' | sort -u)
  return "$lost"
}
helps() { # PROGRAM: prints its help, once for all documents
  local path
  path=$(printf '%s\n' "${programs[@]}" | grep "/$1\$") || { echo "no program $1"; return 1; }
  [ -s "$scratch/help-$1" ] || "$NEP_BUILD/$path" --help >"$scratch/help-$1"
  cat "$scratch/help-$1"
}
# Code in backticks and indented lines that begin with a program of ours: the command after it, and each option.
commands() { # DOCUMENT
  local code program word lost=0
  while read -r code; do
    program=$(grep -oE 'nep-(verify|tally|trustee|voter|admin|mirror|server|signer)' <<<"$code" | head -n 1)
    helps "$program" >"$scratch/help" || { cat "$scratch/help"; lost=1; continue; }
    word=$(grep -oE "$program [a-z][a-z-]+" <<<"$code" | head -n 1 | sed 's/.* //')
    [ -z "$word" ] || grep -qE "^(Usage|  or): .*[ |]$word([ |]|$)|^  $word " "$scratch/help" ||
      { echo "$1: $program has no command $word: $code"; lost=1; }
    for word in $(grep -oE '(^|[ [])--[a-z][a-z-]*' <<<"$code" | grep -oE '[a-z][a-z-]*$'); do
      grep -qE -- "--$word\b" "$scratch/help" || { echo "$1: $program has no option --$word: $code"; lost=1; }
    done
  done < <(grep -oE '`(build/[a-z-]+/)?nep-(verify|tally|trustee|voter|admin|mirror|server|signer) [^`]+`' "$1" | tr -d '`'
    grep -E '^    (build/[a-z-]+/)?nep-' "$1" | sed 's/   *#.*//')
  return "$lost"
}
for document in README.md CONTRIBUTING.md doc/*.md tests/README.md; do
  case_ "$document names files that exist" named_files "$document"
  case_ "$document links to files that exist" links "$document"
  case_ "$document names commands and options that exist" commands "$document"
done
# One of each that does not exist.
for fault in '`tests/nowhere.sh`' '`nowhere.py`'; do
  echo "$fault" >"$scratch/x.md"
  case_ "a document that names $fault is seen" refuses named_files "$scratch/x.md"
done
echo '[x](nowhere.md)' >"$scratch/x.md"
case_ "a link to nowhere is seen" refuses links "$scratch/x.md"
for fault in '`nep-tally nowhere`' '`nep-verify archive --nowhere`' '    nep-admin --nowhere show'; do
  echo "$fault" >"$scratch/x.md"
  case_ "a document with $fault is seen" refuses commands "$scratch/x.md"
done

# nep-signer can give its socket only to a group that it is in, and nep-server must be in it.
units_fit() { # CONFIGURATION OF NEP-SIGNER
  local group
  group=$(sed -n 's/^socket_group = //p' "$1")
  grep -qx "Group=$group" doc/examples/nep-signer.service &&
    grep -qE "^SupplementaryGroups=(.* )?$group( |$)" doc/examples/nep-server.service
}
case_ "the example units let nep-server reach nep-signer's socket" units_fit server/signer/nep-signer.conf.example
sed 's/^socket_group = .*/socket_group = nep-server/' server/signer/nep-signer.conf.example >"$scratch/x.conf"
case_ "a group that nep-signer is not in is seen" refuses units_fit "$scratch/x.conf"

# What is there is distributed, by itself or in a folder that is. A source of the build that is forgotten is seen here,
# and not by whoever unpacks the archive.
distributed() { # FILES
  env -u MAKEFLAGS -u MAKELEVEL make -s -C "$NEP_BUILD" --eval='listed: ; @printf "%s\n" $(patsubst $(srcdir)/%,%,$(DISTFILES))' \
    listed >"$scratch/listed" || return 1
  awk 'NR == FNR { listed[$0]; next }
    { for (part = $0; part != ""; part = part ~ "/" ? substr(part, 1, match(part, "/[^/]*$") - 1) : "") if (part in listed) next
      print $0 " is not distributed"; lost = 1 }
    END { exit lost }' "$scratch/listed" "$1"
}
# In a clone what belongs to it, elsewhere all that the distribution has brought.
{ git ls-files 2>/dev/null || sed 's#^\./##' "$scratch/files"; } |
  grep -vE '(^|/)(\.[^/]*|[^/]*~|[^/]*\.log|[^/]*\.trs|__pycache__/.*|Makefile\.in)$|^(\.ci|build-aux|autom4te\.cache)/|^(configure(\.ac)?|aclocal\.m4)$' \
    >"$scratch/ours"
case_ "every file is distributed" distributed "$scratch/ours"
{ cat "$scratch/ours" && echo crypto/nowhere.h; } >"$scratch/more"
case_ "a file that is not is seen" refuses distributed "$scratch/more"

sources=$(find base crypto protocol records tally client-cli server tests bench -name '*.[ch]')
# shellcheck disable=SC2086 # one word per file
case_ "sources are formatted as .clang-format says" clang-format --dry-run -Werror $sources

end_of_cases
