#!/bin/sh
# Tests of the report's page with Node's own runner, where there is one. They need no browser.
set -eu
cd "$(dirname "$0")/../.."

if ! node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null; then
  echo "skipped: tests of the report's page (they need node 18 or later)"
  exit 0
fi
for script in Sources/Report/Page/*.js; do node --check "$script"; done
if ! output=$(node --test Tests/Page/*.test.mjs 2>&1); then
  printf '%s\n' "$output"
  exit 1
fi
printf '%s\n' "$output" | sed -n 's/^[#ℹ] \(tests\|pass\|skipped\) /page: \1 /p'
