#!/usr/bin/env bash
# Runs a Python script of this folder with arguments: `tests/clients/python.sh builds/kill.py 20`.
# Where python3 is missing, the script is skipped with a line that says so; where CI=true, that is a failure.
set -euo pipefail
here=$(dirname "$0")
. "$here/needs.sh"
need_python
exec python3 "$here/$1" "${@:2}"
