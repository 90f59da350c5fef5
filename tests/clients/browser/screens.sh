#!/usr/bin/env bash
# Checks the theme in Chromium: pages of the sites harbour, mina and languages of tests/sites, and of a paper, a blog, a documentation and a
# podcast that demo.mjs makes, in phone, tablet and desktop width, light and dark, and on paper.
# A page must log no error, request nothing from another origin, and pass axe-core (npm). Its picture must equal that of
# tests/screens. Chromium gets one font family, from npm (fonts.conf), so that every machine draws the same.
#   --accept  takes the pictures that differ as new references
#   --look    only takes pictures, into target/screens
#   --docs    takes the pictures of the documentation (docs.mjs)
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/clients/needs.sh
need_browser
need_npm puppeteer-core@24.43.1 axe-core@4.14.1 dejavu-fonts-ttf@2.37.3
need_dateline
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for site in harbour mina languages; do
  cp -r "tests/sites/$site" "$out/$site"
done
node tests/clients/browser/demo.mjs "$DATELINE" "$out"
for site in harbour mina languages paper blog docs podcast; do
  "$DATELINE" build --root "$out/$site" --out "$out/built/$site" --now 2026-11-25T12:00:00Z >/dev/null
done
if [ "${1:-}" = --docs ]; then
  node tests/clients/browser/docs.mjs "$out"
  exit
fi
node tests/clients/browser/screens.mjs "$out/built" target/screens "$@"
