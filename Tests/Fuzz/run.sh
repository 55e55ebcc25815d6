#!/usr/bin/env bash
# Builds the fuzz targets and runs each for some seconds: Tests/Fuzz/run.sh [SECONDS] [TARGET…]
#
# A target is a folder beside this script; what it starts from is in seeds/TARGET. The modules are
# compiled once for all targets, and again only when a source has changed. A crash leaves its input
# in .build/fuzz, and the exit code is 1; to see it again: .build/fuzz/TARGET FILE
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=60
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
fi
if (($# > 0)); then
  targets=("$@")
else
  targets=()
  for folder in Tests/Fuzz/*/; do
    name=$(basename "$folder")
    [[ $name == seeds ]] || targets+=("$name")
  done
fi

out=.build/fuzz
mkdir -p "$out/modules"
modules=(Platform Bytes JSONText Codec Crypto Disk Settings Engine Trail Intake History)
# Those above are needed by proofs alone.
if [[ " ${targets[*]} " == *" proof "* ]]; then modules+=(Output Archive Verify); fi
flags=(-O -g -swift-version 6 -parse-as-library -package-name trailmill -sanitize=fuzzer,address -I "$out/modules"
  -I Sources/CZlib -I Sources/CCrypto -enable-upcoming-feature ExistentialAny
  -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility)

# In the order of the house: a change in one module compiles those behind it again.
compile_modules() {
  local module object before=Tests/Fuzz/run.sh
  for module in "${modules[@]}"; do
    object="$out/modules/$module.o"
    if [[ ! -f $object || $before -nt $object ]] ||
      [[ -n $(find "Sources/$module" -newer "$object" -print -quit) ]]; then
      rm -f "$object"
      find "Sources/$module" -name '*.swift' -print0 | LC_ALL=C sort -z |
        xargs -0 swiftc "${flags[@]}" -wmo -c -emit-module -module-name "$module" \
          -emit-module-path "$out/modules/$module.swiftmodule" -o "$object"
    fi
    before=$object
  done
}

build_target() {
  local objects=("${modules[@]/#/$out/modules/}")
  swiftc "${flags[@]}" -use-ld=lld -module-name "Fuzz_$1" -o "$out/$1" \
    Tests/Fuzz/Support.swift Tests/TestSupport/{SeededGenerator,DamagedDocument,HiddenSecret}.swift \
    "Tests/Fuzz/$1"/*.swift "${objects[@]/%/.o}" -lz -lcrypto
}

run_target() {
  mkdir -p "$out/corpus/$1"
  "$out/$1" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -verbosity=0 -print_final_stats=1 -artifact_prefix="$out/$1-" \
    "$out/corpus/$1" "Tests/Fuzz/seeds/$1" 2>&1 |
    grep --line-buffered -vE $'^("|######|INFO:|stat::(new|slowest)|\tNEW_FUNC)'
}

compile_modules
failed=()
for target in "${targets[@]}"; do
  echo "== $target: $seconds s"
  build_target "$target"
  run_target "$target" || failed+=("$target")
done
if ((${#failed[@]})); then
  echo "fuzz: failed: ${failed[*]}: the inputs are in $out" >&2
  exit 1
fi
