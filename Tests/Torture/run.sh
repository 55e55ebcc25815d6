#!/usr/bin/env bash
# Tortures the tool: Tests/Torture/run.sh TRAILMILL [--quick]
#
# Kills and faults at every call (kills.py), the same for real (real.py), compaction while a command reads
# (meanwhile.py), a year of nights against a model (soak.py), and somebody who may write into the archive's
# folder (attackers.py). What this machine or this binary cannot do is skipped with a message. Each prints a
# line of JSON at its end; the exit code is 1 if anything was wrong. `--quick` takes samples: some four minutes
# in all.
set -uo pipefail
cd "$(dirname "$0")/../.."

if (($# < 1)) || [[ ! -x $1 ]]; then
  echo "usage: Tests/Torture/run.sh TRAILMILL [--quick]" >&2
  exit 2
fi
binary=$(realpath "$1")
shift
quick=()
nights=365
steps=100000
forgeries=5000
if [[ ${1:-} == --quick ]]; then
  quick=(--quick)
  nights=30
  steps=3000
  forgeries=300
fi

failed=()
torture() {
  local name=$1
  shift
  echo "== $name"
  python3 -B "Tests/Torture/$name.py" "$@" || failed+=("$name")
}

torture shim "$binary"
torture kills "$binary" "${quick[@]}"
torture real "$binary" "${quick[@]}"
torture meanwhile "$binary"
torture soak "$binary" --nights "$nights" --seed "${SEED:-1}"
torture attackers "$binary" --steps "$steps" --seed "${SEED:-1}"
torture forgers "$binary" --steps "$forgeries" --seed "${SEED:-1}"

if ((${#failed[@]})); then
  echo "torture: failed: ${failed[*]}" >&2
  exit 1
fi
