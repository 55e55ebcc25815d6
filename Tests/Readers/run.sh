#!/usr/bin/env bash
# Lets other programs read archives, with what docs/readers.md and `trailmill schema` say:
# Tests/Readers/run.sh TRAILMILL [--quick] [--seed N]
#
# The programs come from PyPI (requirements.txt) into .build/readers, the first time; what is not to be had is
# skipped, with a word. Spark needs Java 17 too. `--quick` takes samples of layouts and of random archives.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(dirname "$(dirname "$here")")
if (($# < 1)) || [[ ! -x $1 ]]; then
  echo "usage: Tests/Readers/run.sh TRAILMILL [--quick] [--seed N]" >&2
  exit 2
fi
binary=$(realpath "$1")
shift
place=$root/.build/readers
if ! command -v python3 > /dev/null || ! python3 -c 'import venv, ensurepip' 2> /dev/null; then
  echo "readers: skipped: there is no python3 with venv" >&2
  exit 0
fi
if ! cmp -s "$here/requirements.txt" "$place/installed.txt"; then
  python3 -m venv "$place"
  complete=yes
  while read -r package; do
    if ! timeout 180 "$place/bin/pip" install --quiet --disable-pip-version-check --retries 1 "$package" \
      > "$place/pip.log" 2>&1; then
      complete=no
      echo "readers: $package is not to be had within 3 minutes: $(tail -n 1 "$place/pip.log")" >&2
    fi
  done < "$here/requirements.txt"
  if [[ $complete == yes ]]; then cp "$here/requirements.txt" "$place/installed.txt"; fi
fi
exec "$place/bin/python" -B "$here/readers.py" "$binary" "$@"
