#!/usr/bin/env python3
"""Deploys a site to real servers: a bucket (npm: s3rver), and another machine, played by an
sshd of this one, with rsync (Debian: openssh-server, rsync). After each step the target is as the output folder is.

    tests/clients/python.sh servers/deploying.py
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from needs import DATELINE, REPOSITORY, TOOLS, has_npm_packages, has_program  # noqa: E402
from servers.served import free_port  # noqa: E402

NOW = "2026-11-25T12:00:00Z"


def wait_for(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nobody answers at port {port}")


def tree(folder):
    files = (path for path in Path(folder).rglob("*") if path.is_file())
    held = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    return {path: text for path, text in held.items() if not path.startswith(".dateline/")}


class Site:
    def __init__(self, place, target):
        self.root = Path(place) / "site"
        shutil.copytree(REPOSITORY / "tests/sites/mixed", self.root)
        with open(self.root / "site.toml", "a", encoding="utf-8") as settings:
            settings.write(f"\n[deploy.live]\n{target}\n")
        self.write("leaving.md", "Leaving")

    def write(self, name, title):
        front = f'+++\ntitle = "{title}"\ndate = 2026-11-01\n+++\nText.\n'
        (self.root / "content" / name).write_text(front, encoding="utf-8")

    def run(self, *arguments, **environment):
        command = [DATELINE, *arguments, "--root", self.root]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
        return done.returncode, done.stdout + done.stderr

    def built(self):
        code, said = self.run("build", "--now", NOW)
        assert code == 0, said
        return tree(self.root / "public")

    def edit(self):
        """Changes an article, adds one, and removes one."""
        articles = sorted(path for path in (self.root / "content").rglob("*.md") if not path.name.startswith("_"))
        articles[0].write_text(articles[0].read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        self.write("a new one \u00e4.md", "A name with spaces and an umlaut: \u00e4")
        (self.root / "content/leaving.md").unlink()


def steps(site, there, **environment):
    """Deploys, again, and after edits; the faults."""
    faults = []
    for step in ("first", "again", "after edits"):
        if step == "after edits":
            site.edit()
        wanted = site.built()
        code, said = site.run("deploy", "--now", NOW, "--format", "json", **environment)
        if code != 0:
            return faults + [f"{step}: {said}"]
        if there() != wanted:
            missing, other = wanted.keys() - there().keys(), there().keys() - wanted.keys()
            faults.append(f"{step}: the target differs: {missing} are missing, {other} should not be there")
        if step == "again" and '"unchanged": 0' in said:
            faults.append(f"{step}: {said}")
    return faults


def bucket():
    if not has_npm_packages("s3rver@3.7.1"):
        return []
    with tempfile.TemporaryDirectory() as place:
        port, data = free_port(), Path(place) / "data"
        data.mkdir()
        rver = TOOLS / "node_modules/s3rver/bin/s3rver.js"
        command = ["node", rver, "-d", data, "-a", "127.0.0.1", "-p", str(port), "--configure-bucket", "news", "--silent"]
        server = subprocess.Popen([str(part) for part in command])
        try:
            wait_for(port)
            site = Site(place, f'url = "s3://news/www"\nendpoint = "http://127.0.0.1:{port}"')
            keys = {"AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER"}

            def there():
                held = {}
                for path in (data / "news").rglob("*._S3rver_object"):
                    key = str(path.relative_to(data / "news" / "www")).removesuffix("._S3rver_object")
                    held[re.sub("%([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), key)] = path.read_bytes()
                return {path: text for path, text in held.items() if not path.startswith(".dateline")}

            return [f"bucket: {fault}" for fault in steps(site, there, **keys)]
        finally:
            server.kill()


def machine():
    if not (has_program("rsync", "rsync") and has_program("/usr/sbin/sshd", "openssh-server")):
        return []
    with tempfile.TemporaryDirectory() as place:
        place, port = Path(place), free_port()
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place / name], check=True)
        shutil.copy(place / "user.pub", place / "authorized")
        Path("/run/sshd").mkdir(exist_ok=True)
        command = ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-h", place / "host", "-p", str(port)]
        options = ["ListenAddress=127.0.0.1", f"AuthorizedKeysFile={place}/authorized", "StrictModes=no", "UsePAM=no"]
        command += [part for option in [*options, "PermitRootLogin=yes"] for part in ("-o", option)]
        server = subprocess.Popen([str(part) for part in command], stderr=subprocess.DEVNULL)
        # The program calls `ssh`: this one knows key and host.
        (place / "bin").mkdir()
        known = f"-i {place}/user -o IdentitiesOnly=yes -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no"
        (place / "bin/ssh").write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -q {known} "$@"\n', encoding="utf-8")
        (place / "bin/ssh").chmod(0o755)
        try:
            wait_for(port)
            user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
            folder = f"{place}/srv/a folder's"
            Path(folder).mkdir(parents=True)
            written = folder.replace(" ", "%20")
            site = Site(place, f'url = "ssh://{user}@127.0.0.1:{port}{written}"')
            path = f"{place}/bin:{os.environ['PATH']}"
            return [f"ssh: {fault}" for fault in steps(site, lambda: tree(folder), PATH=path)]
        finally:
            server.kill()


faults = bucket() + machine()
print("\n".join(faults) if faults else "each target was as the site, step by step")
sys.exit(1 if faults else 0)
