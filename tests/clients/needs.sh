# Shared by the shell scripts of this folder, which source it: installs or finds what a script needs.
# CI=true installs what is missing. Elsewhere the script is skipped, and a line says what is missing.
clients=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Packages of npm and PyPI are installed here; git ignores it.
tools=$clients/tools

skip() {
  if [ "${CI:-}" = true ]; then echo "FAILED: $1"; exit 1; fi
  echo "SKIPPED: $1"
  exit 0
}

# PROGRAM PACKAGE: installs the program from Debian's package where CI=true.
install_debian() {
  if ! command -v "$1" >/dev/null && [ "${CI:-}" = true ]; then
    apt-get update -qq && apt-get install -y -qq "$2" >/dev/null
  fi
}

# PROGRAM PACKAGE
need_debian() {
  install_debian "$1" "$2"
  command -v "$1" >/dev/null || skip "$1 is missing (apt-get install $2)"
}

need_python() {
  command -v python3 >/dev/null || skip "python3 is missing"
}

need_browser() {
  command -v node >/dev/null || skip "node is missing"
  local name
  for name in chromium chromium-browser google-chrome; do
    CHROMIUM=$(command -v "$name") && break
  done
  if [ -z "$CHROMIUM" ]; then
    need_debian chromium chromium
    CHROMIUM=$(command -v chromium)
  fi
  export CHROMIUM
}

# NAME@VERSION…: which of these packages of npm are not installed in that version.
missing_npm() {
  local wanted
  for wanted in "$@"; do
    grep -qsF "\"version\": \"${wanted##*@}\"" "$tools/node_modules/${wanted%@*}/package.json" || echo "$wanted"
  done
}

# NAME@VERSION…
install_npm() {
  mkdir -p "$tools"
  npm install --silent --no-fund --no-audit --prefix "$tools" "$@"
}

# NAME@VERSION…
need_npm() {
  local missing
  mapfile -t missing < <(missing_npm "$@")
  [ "${#missing[@]}" = 0 ] && return
  [ "${CI:-}" = true ] || skip "npm install --prefix tests/clients/tools ${missing[*]}"
  install_npm "${missing[@]}"
}

# The program under test: DATELINE, or the release build of this repository.
need_dateline() {
  [ -n "${DATELINE:-}" ] || cargo build --release --locked --quiet
  DATELINE=$(realpath "${DATELINE:-target/release/dateline}")
  export DATELINE
}
