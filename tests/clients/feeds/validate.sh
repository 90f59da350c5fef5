#!/usr/bin/env bash
# Builds every site of tests/sites and this repository's own, and checks the output with other programs:
#   xmllint          (Debian: libxml2-utils)  every feed, sitemap and OPML file is well-formed XML
#   jing             (Debian: jing, Java)     every Atom feed follows the grammar of RFC 4287 (tests/atom.rnc)
#   the Nu checker   (npm: vnu-jar, Java)     every page is valid HTML
#   feedparser       (PyPI)                   RSS and Atom agree with JSON Feed, to the second (compare.py)
#   TypeScript       (npm: schema-dts)        JSON-LD follows schema.org and agrees with its page (linked_data.mjs)
# and with `dateline feeds lint`. Each of them that is missing is skipped by itself, except where CI=true.
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/clients/needs.sh
failed=0

# Reports what is missing; the rest goes on.
lacks() {
  if [ "${CI:-}" = true ]; then echo "FAILED: $1 is missing"; exit 1; fi
  echo "SKIPPED: $1 is missing: $2"
}

vocabulary=(typescript@5.9.3 schema-dts@2.1.0)
jar=$tools/node_modules/vnu-jar/build/dist/vnu.jar
if [ "${CI:-}" = true ]; then
  install_debian xmllint libxml2-utils
  install_debian jing jing
  [ -f "$jar" ] || install_npm vnu-jar@26.9.27 || install_npm vnu-jar
  [ -z "$(missing_npm "${vocabulary[@]}")" ] || install_npm "${vocabulary[@]}"
fi

need_dateline
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

for site in . tests/sites/*/; do
  name=$(basename "$(cd "$site" && pwd)")
  copy=$out/src/$name
  mkdir -p "$copy"
  for part in site.toml content templates static data languages; do
    [ ! -e "$site/$part" ] || cp -r "$site/$part" "$copy/"
  done
  "$DATELINE" build --root "$copy" --out "$out/built/$name" --now 2026-12-31T00:00:00Z >/dev/null ||
    { echo "FAILED: $name does not build"; failed=1; }
done

echo "-- xmllint"
if command -v xmllint >/dev/null; then
  find "$out/built" \( -name '*.xml' -o -name '*.opml' \) -print0 | xargs -0 xmllint --noout || failed=1
  echo "$(find "$out/built" \( -name '*.xml' -o -name '*.opml' \) | wc -l) XML files"
else
  lacks xmllint "apt-get install libxml2-utils"
fi

echo "-- jing"
if command -v jing >/dev/null; then
  mapfile -t atom < <(find "$out/built" -name '*.atom' -o -name '*.xml' | sort | xargs -d '\n' grep -lE '^(<\?xml.*\?>)?<feed ')
  jing -c tests/atom.rnc "${atom[@]}" 2>/dev/null || failed=1
  echo "${#atom[@]} Atom feeds"
else
  lacks jing "apt-get install jing"
fi

echo "-- feeds lint"
"$DATELINE" feeds lint "$out/built" 2>"$out/lint" || { cat "$out/lint"; failed=1; }

echo "-- schema.org"
if [ -z "$(missing_npm "${vocabulary[@]}")" ] && command -v node >/dev/null; then
  node tests/clients/feeds/linked_data.mjs "$out/built" || failed=1
else
  lacks schema-dts "npm install --prefix tests/clients/tools ${vocabulary[*]}"
fi

echo "-- Nu HTML checker"
if [ -f "$jar" ] && command -v java >/dev/null; then
  # The authors of these pages broke their HTML on purpose, and a page shows it as it is written.
  rm -rf "$out/built/hostile/markup" "$out/built/hostile/broken" "$out/built/hostile/letters"
  java -Xss8m -jar "$jar" --errors-only --skip-non-html "$out/built" || failed=1
  echo "$(find "$out/built" -name '*.html' | wc -l) pages"
else
  lacks "the Nu checker" "npm install --prefix tests/clients/tools vnu-jar (and Java)"
fi

echo "-- feedparser"
tests/clients/python.sh feeds/compare.py "$out/built" || failed=1

[ "$failed" = 0 ] && echo "all clients agree"
exit "$failed"
