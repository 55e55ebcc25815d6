#!/usr/bin/env bash
# Asks for second opinions on the tool: Tests/Oracle/run.sh TRAILMILL [--quick] [OPINION…]
#
# Each opinion (README.md says what of) has to end with its verdict, as it stands below; if one does not, what it
# says is shown, and the exit code is 1. `--quick` takes samples: a few seconds each, of a debug build too.
# Without Python nothing is asked, with a message.
set -uo pipefail
here=$(dirname "$(realpath "$0")")

# The name of an opinion, its script with seed and size, the verdict; then the sample and its verdict.
opinions() {
  cat <<'END'
attribution|attribution 5001 300 50|15000 events in 300 worlds: as expected
attribution-elsewhere|attribution 3001 300 50|15000 events in 300 worlds: as expected
properties|properties 1 40 60|7 properties in 40 worlds: all hold
simulation|simulation 1 2000|28 simulations of 2000 events: with a complete store nobody is named wrong
sessions|sessions 1 1000|65 simulations of 1000 events: with what is said being so nobody is named wrong
redact|redact 1 40 60|2400 events in 40 worlds: as expected
search|search 1 4 8|160 questions to 4 archives: as expected
report|report 1 4 4|80 reports on 4 archives: as expected
intake|intake 1 60 100|6000 documents in 60 worlds: as expected
END
}
samples() {
  cat <<'END'
attribution|attribution 5001 50 50 --sample|2500 events in 50 worlds: as expected
attribution-elsewhere|attribution 3001 50 50 --sample|2500 events in 50 worlds: as expected
properties|properties 1 5 60|7 properties in 5 worlds: all hold
simulation|simulation 1 200|28 simulations of 200 events: with a complete store nobody is named wrong
sessions|sessions 1 40 --sample|26 simulations of 40 events: with what is said being so nobody is named wrong
redact|redact 1 20 60|1200 events in 20 worlds: as expected
search|search 39 1 8 --sample|40 questions to 1 archives: as expected
report|report 13 1 2|10 reports on 1 archives: as expected
intake|intake 20 5 40 --sample|200 documents in 5 worlds: as expected
END
}

if (($# < 1)) || [[ ! -x $1 ]]; then
  echo "usage: Tests/Oracle/run.sh TRAILMILL [--quick] [OPINION…]" >&2
  exit 2
fi
binary=$(realpath "$1")
shift
asked=opinions
if [[ ${1:-} == --quick ]]; then
  asked=samples
  shift
fi
for name in "$@"; do
  if ! $asked | grep -q "^$name|"; then
    echo "oracle: there is no opinion \"$name\"" >&2
    exit 2
  fi
done
if ! command -v python3 > /dev/null; then
  echo "oracle: skipped: there is no python3" >&2
  exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=()
while IFS='|' read -r name words verdict; do
  (($# == 0)) || [[ " $* " == *" $name "* ]] || continue
  mkdir "$folder/$name"
  read -r -a words <<< "$words"
  said=$(cd "$folder/$name" && python3 -B "$here/${words[0]}.py" "$binary" "${words[@]:1}" 2>&1 < /dev/null)
  if (($? == 0)) && [[ $said == "$verdict" ]]; then
    echo "$name: $said"
  else
    printf '%s: FAILED, expected: %s\n%s\n' "$name" "$verdict" "$said"
    failed+=("$name")
  fi
done < <($asked)

if ((${#failed[@]})); then
  echo "oracle: failed: ${failed[*]}" >&2
  exit 1
fi
