#!/usr/bin/env python3
"""Deploys a site to real servers: a bucket (npm: s3rver), a container of Azure (npm: azurite), and another machine, played
by an sshd of this one, with rsync (Debian: openssh-server, rsync). After each step the target is as the output folder is.

    tests/clients/python.sh servers/deploying.py
"""

import base64
import email.utils
import hashlib
import hmac
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
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

    def enlarge(self, megabytes):
        """Adds a file of this size that no other has, each part of which differs."""
        (self.root / "static").mkdir(exist_ok=True)
        with open(self.root / "static/film.mp4", "wb") as film:
            for at in range(megabytes):
                film.write(hashlib.sha256(f"{self.root} {at}".encode()).digest() * (1 << 15))

    def edit(self):
        """Changes an article, adds one, and removes one."""
        articles = sorted(path for path in (self.root / "content").rglob("*.md") if not path.name.startswith("_"))
        articles[0].write_text(articles[0].read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        self.write("a new one \u00e4.md", "A name with spaces and an umlaut: \u00e4")
        (self.root / "content/leaving.md").unlink()


def steps(site, there, **environment):
    """Deploys, again, and after edits; the faults."""
    faults = []
    for step in ("first", "again", "after edits", "a large file"):
        if step == "after edits":
            site.edit()
        if step == "a large file":
            site.enlarge(23)
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


def killed(site, there, **environment):
    """Kills deployments half-way, at several moments, and lets the next one end the work."""
    faults = []
    for at, pause in enumerate((0.05, 0.15, 0.3, 0.6)):
        site.write("a new one \u00e4.md", f"Edit {at}")
        site.enlarge(30 + at)
        wanted = site.built()
        command = [DATELINE, "deploy", "--now", NOW, "--root", site.root]
        deployment = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(pause)
        deployment.send_signal(signal.SIGKILL)
        deployment.wait()
        code, said = site.run("deploy", "--now", NOW, **environment)
        if code != 0:
            return faults + [f"killed after {pause} s: {said}"]
        if there() != wanted:
            faults.append(f"killed after {pause} s: the target differs")
    return faults


def memory(site, **environment):
    """The most memory, in MiB, of a deployment of a file of 300 MiB in parts."""
    site.enlarge(300)
    site.built()
    command = ["/usr/bin/env", "python3", "-c", MEASURED, str(DATELINE), "deploy", "--now", NOW, "--root", str(site.root)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    most = int(done.stdout.split()[-1]) // 1024
    print(f"a file of 300 MiB took {most} MiB of memory")
    return [] if done.returncode == 0 and most < 100 else [f"memory: {most} MiB, {done.stderr}"]


MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""


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
            site = Site(place, f'url = "s3://news/www"\nendpoint = "http://127.0.0.1:{port}"\npart_size = 5')
            keys = {"AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER"}

            def there():
                held = {}
                for path in (data / "news").rglob("*._S3rver_object"):
                    key = str(path.relative_to(data / "news" / "www")).removesuffix("._S3rver_object")
                    held[re.sub("%([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), key)] = path.read_bytes()
                return {path: text for path, text in held.items() if not path.startswith(".dateline")}

            faults = steps(site, there, **keys) + killed(site, there, **keys) + memory(site, **keys)
            return [f"bucket: {fault}" for fault in faults]
        finally:
            server.kill()


class Account:
    """An account of Azurite, asked without Dateline's code."""

    name, key = "harbour", base64.b64encode(b"a key for this test, and for nothing else").decode()

    def __init__(self, port):
        self.port = port

    def ask(self, method, path, query=()):
        """A request, signed as "Authorize with Shared Key" in the documentation of Azure says."""
        fields = {"x-ms-date": email.utils.formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
        own = "".join(f"{name}:{value}\n" for name, value in sorted(fields.items()))
        terms = "".join(f"\n{name}:{value}" for name, value in sorted(query))
        text = f"{method}{chr(10) * 12}{own}/{self.name}/{self.name}/{path}{terms}"
        mac = hmac.new(base64.b64decode(self.key), text.encode(), hashlib.sha256).digest()
        fields["Authorization"] = f"SharedKey {self.name}:{base64.b64encode(mac).decode()}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, f"/{self.name}/{path}?{urllib.parse.urlencode(query)}", headers=fields)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def held(self, container, prefix):
        status, listed, _ = self.ask("GET", container, [("restype", "container"), ("comp", "list"), ("prefix", prefix)])
        assert status == 200, listed
        names = re.findall("<Name>(.*?)</Name>", listed.decode())
        paths = [name.removeprefix(prefix) for name in names]
        kept = [path for path in paths if not path.startswith(".dateline/")]
        return {path: self.ask("GET", f"{container}/{urllib.parse.quote(prefix + path)}")[1] for path in kept}

    def token(self):
        """A shared access signature for all of the account ("Create an account SAS" in the documentation of Azure)."""
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        text = "\n".join([self.name, "rwdlc", "b", "sco", "", until, "", "https,http", "2021-12-02", "", ""])
        mac = hmac.new(base64.b64decode(self.key), text.encode(), hashlib.sha256).digest()
        terms = {"sv": "2021-12-02", "ss": "b", "srt": "sco", "sp": "rwdlc", "se": until, "spr": "https,http"}
        return urllib.parse.urlencode({**terms, "sig": base64.b64encode(mac).decode()})


def azure():
    if not has_npm_packages("azurite@3.37.0"):
        return []
    with tempfile.TemporaryDirectory() as place:
        port = free_port()
        account = Account(port)
        script = TOOLS / "node_modules/azurite/dist/src/blob/main.js"
        command = ["node", script, "--location", place, "--blobPort", str(port), "--silent", "--disableTelemetry"]
        accounts = {"AZURITE_ACCOUNTS": f"{account.name}:{account.key}"}
        server = subprocess.Popen([str(part) for part in command], env={**os.environ, **accounts}, stdout=subprocess.DEVNULL)
        faults = []
        try:
            wait_for(port)
            endpoint = f"http://127.0.0.1:{port}/{account.name}"
            string = f"AccountName={account.name};AccountKey={account.key};BlobEndpoint={endpoint}"
            for container, variables in [
                ("$web", {"AZURE_STORAGE_KEY": account.key, "AZURE_STORAGE_ACCOUNT": account.name}),
                ("signed", {"AZURE_STORAGE_SAS_TOKEN": account.token(), "AZURE_STORAGE_ACCOUNT": account.name}),
                ("string", {"AZURE_STORAGE_CONNECTION_STRING": string}),
            ]:
                status, said, _ = account.ask("PUT", container, [("restype", "container")])
                assert status == 201, said
                with tempfile.TemporaryDirectory() as folder:
                    site = Site(folder, f'url = "az://{container}/www"\nendpoint = "{endpoint}"\npart_size = 5')
                    there = lambda: account.held(container, "www/")  # noqa: E731
                    found = steps(site, there, **variables)
                    if container == "$web":
                        found += killed(site, there, **variables) + changed(site, account, variables)
                        found += memory(site, **variables)
                    faults += [f"azure, {container}: {fault}" for fault in found]
            return faults
        finally:
            server.kill()


def changed(site, account, variables):
    """Somebody removes a page at the target and puts another there; types and digests of the files."""
    path = "$web/www/index.html"
    faults = []
    status, body, fields = account.ask("GET", path)
    wanted = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "max-age=0, must-revalidate",
        "Content-MD5": base64.b64encode(hashlib.md5(body).digest()).decode(),
    }
    for name, value in wanted.items():
        if fields[name] != value:
            faults.append(f"{name} is {fields[name]}, not {value}")
    film = account.ask("GET", "$web/www/film.mp4")
    if film[2]["x-ms-blob-content-md5"] not in (None, base64.b64encode(hashlib.md5(film[1]).digest()).decode()):
        faults.append("the MD5 of the large file is another")
    account.ask("DELETE", path)
    site.write("after.md", "After it was removed")
    site.built()
    code, said = site.run("deploy", "--now", NOW, **variables)
    if code != 3 or "somebody else changed" not in said:
        faults.append(f"a page that somebody removed: {code} {said}")
    code, said = site.run("deploy", "--now", NOW, "--repair", **variables)
    if code != 0 or account.held("$web", "www/") != tree(site.root / "public"):
        faults.append(f"--repair: {code} {said}")
    return faults


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


faults = bucket() + azure() + machine()
print("\n".join(faults) if faults else "each target was as the site, step by step")
sys.exit(1 if faults else 0)
