# For the scripts that need a browser: Chromium, node, and packages of npm in the version that was tried. What is missing is
# installed where CI=true; elsewhere the check is skipped, and said to be.
tools=$PWD/.ci/tools
skip() { printf 'SKIPPED: %s\n' "$1"; [ "${CI:-}" != true ] && exit 0; exit 1; }

need_browser() {
  command -v node >/dev/null || skip "node is missing"
  CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
  if [ -z "$CHROMIUM" ] && [ "${CI:-}" = true ]; then
    apt-get update -qq && apt-get install -y -qq chromium >/dev/null
    CHROMIUM=$(command -v chromium || true)
  fi
  [ -n "$CHROMIUM" ] || skip "chromium is missing (apt-get install chromium)"
  export CHROMIUM
}

# NAME@VERSION…
need_npm() {
  local wanted missing=()
  for wanted in "$@"; do
    grep -qsF "\"version\": \"${wanted##*@}\"" "$tools/node_modules/${wanted%@*}/package.json" || missing+=("$wanted")
  done
  [ "${#missing[@]}" = 0 ] && return
  [ "${CI:-}" = true ] || skip "npm install --prefix .ci/tools ${missing[*]}"
  mkdir -p "$tools"
  npm install --silent --no-fund --no-audit --prefix "$tools" "${missing[@]}"
}

# The program to try: that of DATELINE, or the one that is built here.
need_dateline() {
  [ -n "${DATELINE:-}" ] || cargo build --release --locked --quiet
  DATELINE=$(realpath "${DATELINE:-target/release/dateline}")
  export DATELINE
}
