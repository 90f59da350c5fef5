#!/usr/bin/env bash
# Builds this repository's own site twice with the README's command. The second build writes nothing, and `check` has no
# finding.
set -euo pipefail
cd "$(dirname "$0")/../../.."
cargo run --release --locked -- build
second=$(cargo run --release --locked --quiet -- build)
echo "$second"
grep -q ': 0 written' <<<"$second" || { echo "FAILED: the second build wrote files"; exit 1; }
cargo run --release --locked --quiet -- check --strict -v
