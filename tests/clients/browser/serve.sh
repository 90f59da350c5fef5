#!/usr/bin/env bash
# Checks `dateline serve` in Chromium while a site is edited: an edit, an error and its repair, a style sheet without a reload,
# and axe-core (npm) on the pages of `serve` itself. `serve.sh SITE` measures instead, in a copy of SITE, how long an edit
# takes from saved to painted.
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/clients/needs.sh
need_browser
need_npm puppeteer-core@24.43.1 axe-core@4.14.1 dejavu-fonts-ttf@2.37.3
need_dateline
exec node tests/clients/browser/serve.mjs "$DATELINE" "$@"
