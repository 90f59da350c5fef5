"""Shared by the Python scripts of this folder: where things are, and how a script gets what it needs.

CI=true installs what is missing. Elsewhere the script, or that part of it, is skipped, and a line says what is missing."""

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

CLIENTS = Path(__file__).resolve().parent
REPOSITORY = CLIENTS.parent.parent
# Packages of npm and PyPI are installed here; git ignores it.
TOOLS = CLIENTS / "tools"
PYTHON = TOOLS / "venv/bin/python"
IN_CI = os.environ.get("CI") == "true"
# The program under test.
DATELINE = Path(os.environ.get("DATELINE", REPOSITORY / "target/release/dateline")).resolve()


def missing(what, how):
    """Reports that `what` is missing. In CI nothing may be, so the script ends."""
    print(f"{'FAILED' if IN_CI else 'SKIPPED'}: {what} is missing: {how}")
    if IN_CI:
        sys.exit(1)


def skip(what, how):
    """Ends the script, since it can't do without `what`."""
    missing(what, how)
    sys.exit(0)


def has_program(program, package):
    """True if `program` is there, or could be installed from Debian's `package`."""
    if shutil.which(program) is None and IN_CI:
        install = f"apt-get update -qq && apt-get install -y -qq {package} >/dev/null"
        subprocess.run(["bash", "-c", install], check=False)
    if shutil.which(program):
        return True
    missing(program, f"apt-get install {package}")
    return False


def use_python_packages(**wanted):
    """True if these modules are there: `yaml="pyyaml==6.0.3"` names a module and its package of PyPI. Where this Python
    lacks one and that of `tools/venv` has all, the script begins again under that Python."""
    if all(importlib.util.find_spec(module) for module in wanted):
        return True
    is_in_venv = Path(sys.prefix).resolve() == (TOOLS / "venv").resolve()
    if IN_CI:
        install_python_packages(wanted.values())
        if is_in_venv:
            importlib.invalidate_caches()
            return True
    imports = f"import {', '.join(wanted)}"
    if PYTHON.exists() and not is_in_venv and subprocess.run([PYTHON, "-c", imports], capture_output=True).returncode == 0:
        sys.stdout.flush()
        os.execv(PYTHON, [PYTHON, *sys.argv])
    venv = "tests/clients/tools/venv"
    missing(" or ".join(wanted), f"python3 -m venv {venv} && {venv}/bin/pip install {' '.join(wanted.values())}")
    return False


def install_python_packages(packages):
    venv = [sys.executable, "-m", "venv", TOOLS / "venv"]
    if not PYTHON.exists() and subprocess.run(venv, check=False).returncode != 0:
        install = "apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null"
        subprocess.run(["bash", "-c", install], check=True)
        subprocess.run(venv, check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "-q", *packages], check=True)


def has_npm_packages(*wanted):
    """True if these packages of npm are there: `feedsmith@3.0.1`."""
    def lacking():
        return [one for one in wanted if not (TOOLS / "node_modules" / one.rsplit("@", 1)[0]).exists()]

    if shutil.which("node") is None:
        missing("node", "apt-get install nodejs npm")
        return False
    if lacking() and IN_CI:
        TOOLS.mkdir(exist_ok=True)
        command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", TOOLS, *lacking()]
        subprocess.run(command, check=False)
    if lacking():
        missing(" and ".join(lacking()), f"npm install --prefix tests/clients/tools {' '.join(lacking())}")
        return False
    return True
