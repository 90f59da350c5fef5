#!/usr/bin/env bash
# Checks the search in Chromium: twenty questions on a small paper, each with the article that must be among the first three; excerpts; the
# keyboard; the choices; the page for what is not found; axe-core (npm); no request to another server. Then twenty questions on a
# paper with 4,500 articles (`corpus.mjs`).
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/clients/needs.sh
need_browser
need_npm puppeteer-core@24.43.1 axe-core@4.14.1 dejavu-fonts-ttf@2.37.3
need_dateline
node tests/clients/browser/search.mjs "$DATELINE"
exec node tests/clients/browser/corpus.mjs "$DATELINE"
