#!/usr/bin/env bash
# Is every message of the programs for voters and officials translated into Vietnamese? The catalogue
# is held against what xgettext finds in the sources; and the programs really speak Vietnamese.
# NEP_SOURCE and NEP_BUILD are set by make check.
set -uo pipefail
cd "${NEP_SOURCE:?}" || exit 2
: "${NEP_BUILD:?}"
. tests/support/cases.sh

# Sources with messages, and the list of them.
with_messages() { grep -lE '\b(_|N_|ngettext)\(' ./*/*.c ./*/*/*.c | sed 's#^\./##' | grep -v '^tests/' | sort; }
all_sources_are_listed() { diff <(with_messages | comm -23 - <(sort po/POTFILES.in)) /dev/null; }

extract() {
  xgettext --from-code=UTF-8 -k_ -kN_ -kngettext:1,2 --flag=nep_fail:5:c-format \
    --flag=nep_advise:2:c-format -o "$scratch/nep.pot" --files-from=po/POTFILES.in
}
# Warnings of xgettext are messages that cannot be translated well.
clean_extraction() { extract && [ ! -s "$scratch/out" ]; }

# complete CATALOGUE: well formed, everything translated, nothing fuzzy.
complete() {
  msgfmt --check --statistics -o /dev/null "$1" && msgcmp "$1" "$scratch/nep.pot" &&
    [ "$(LC_ALL=C msgfmt --statistics -o /dev/null "$1" 2>&1 | grep -cE 'fuzzy|untranslated')" = 0 ]
}
# A translation keeps the conversions (%s, %u …) of its message: msgfmt sees it through c-format.
case_ "po/POTFILES.in names every source with messages" all_sources_are_listed
case_ "xgettext reads the sources without a warning" clean_extraction
case_ "vi.po is complete, nothing fuzzy" complete po/vi.po

# One fault at a time, which the check must see.
msgattrib --set-fuzzy po/vi.po -o "$scratch/fuzzy.po"
case_ "a fuzzy catalogue is seen" refuses complete "$scratch/fuzzy.po"
msggrep --invert-match --msgid -F -e 'Your choice' po/vi.po -o "$scratch/missing.po"
case_ "a missing message is seen" refuses complete "$scratch/missing.po"
sed 's/lá phiếu %s ở độ cao/lá phiếu ở độ cao/' po/vi.po >"$scratch/format.po"
case_ "a lost conversion is seen" refuses complete "$scratch/format.po"

# spoken FILE: the table of sentences has one for each refusal of the server, the signed ones (PROTOCOL-ADDITIONS 3.4)
# among them, and for what check --registered finds. What our programs send gets none of the foreign ones.
spoken() {
  local foreign='ballot body media-type method path query tracker'
  diff /dev/null <({ cut -f1 tests/end-to-end/refusals.txt | cut -d' ' -f2
    printf '%s\n' not-open closed cast-order cast-challenged verdict-{election,trust} receipt-unpinned; } | sort -u |
    comm -23 - <({ tr ' ' '\n' <<<"$foreign"; grep -oE '^ *\{"[a-z-]+"' "$1" | tr -d ' {"'; } | sort -u))
}
case_ "each refusal that our programs may get has a sentence" spoken client-cli/messages.c
for code in closed tally-act; do
  grep -v "{\"$code\"" client-cli/messages.c >"$scratch/messages.c"
  case_ "a refusal without a sentence is seen: $code" refuses spoken "$scratch/messages.c"
done

# speaks ENVIRONMENT... -- TEXT COMMAND...: the program's messages hold the text.
speaks() {
  local environment=()
  while [ "$1" != -- ]; do
    environment+=("$1")
    shift
  done
  local text=$2
  shift 2
  env "${environment[@]}" "$@" </dev/null >"$scratch/said" 2>&1
  cat "$scratch/said"
  grep -qF -- "$text" "$scratch/said"
}
voter=$NEP_BUILD/client-cli/nep-voter
admin=$NEP_BUILD/client-cli/nep-admin
list=(--dir "$scratch/device" --server http://vote.example.vn list)
case_ "nep-voter speaks Vietnamese by locale" speaks LC_ALL=C.UTF-8 LANGUAGE=vi -- "Cần làm" "$voter" "${list[@]}"
case_ "nep-voter speaks Vietnamese by --lang" speaks LC_ALL=C -- "Cần làm" "$voter" --lang vi "${list[@]}"
case_ "nep-voter speaks Vietnamese by --lang where only letters have a locale" speaks LC_ALL= LANG=C LC_CTYPE=C.UTF-8 \
  -- "Cần làm" "$voter" --lang vi "${list[@]}"
case_ "nep-voter speaks English by --lang" speaks LC_ALL=C.UTF-8 LANGUAGE=vi -- "What to do" "$voter" --lang en "${list[@]}"
case_ "nep-voter --help is in Vietnamese" speaks LC_ALL=C.UTF-8 LANGUAGE=vi -- "Thư mục của bạn" "$voter" --help
case_ "nep-admin speaks Vietnamese" speaks LC_ALL=C.UTF-8 LANGUAGE=vi -- "cần một lệnh" "$admin"
case_ "an unknown language is refused" exits 2 "$voter" --lang de "${list[@]}"

end_of_cases
