#!/usr/bin/env bash
# Checks the Content-Security-Policy of `[hosting.csp]` in Chromium: every page of two sites, as `dateline serve` sends them, asks for nothing
# that the policy blocks; buttons and search work; a script in a text does not run.
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/clients/needs.sh
need_browser
need_npm puppeteer-core@24.43.1 axe-core@4.14.1
need_dateline
exec node tests/clients/browser/policy.mjs "$DATELINE"
