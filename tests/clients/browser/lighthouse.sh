#!/usr/bin/env bash
# Runs Lighthouse (npm) on article pages that nginx (Debian) serves, and weighs a text article: lighthouse.py.
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/clients/needs.sh
need_browser
# Version 13 needs a newer node than Debian has.
need_npm lighthouse@12.8.2
need_python
need_debian nginx nginx
need_dateline
exec python3 tests/clients/browser/lighthouse.py
