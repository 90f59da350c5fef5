#!/usr/bin/env bash
# Checks pages of articles and of documentation in Chromium: contents that follow the reader, pictures that open over the page,
# times of chapters, copied links, the drawer of the tree with and without JavaScript, widths, layout shifts, axe-core (npm).
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/clients/needs.sh
need_browser
need_npm puppeteer-core@24.43.1 axe-core@4.14.1 dejavu-fonts-ttf@2.37.3
need_dateline
exec node tests/clients/browser/article.mjs "$DATELINE"
