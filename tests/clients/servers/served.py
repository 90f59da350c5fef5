"""Serves an output folder on loopback with nginx or Caddy, configured as `dateline hosting` prints it."""

import http.client
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Served:
    """One server. `out` is the output folder, and `www` the document root, where the site has a path below it."""

    def __init__(self, dateline, kind, root, out, www=None):
        self.kind, self.port = kind, free_port()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="dateline-served-"))
        snippet = subprocess.run(
            [dateline, "hosting", kind, "--root", root, "--out", out], check=True, capture_output=True, text=True
        ).stdout
        snippet = snippet.replace("/srv/www", str(www))
        self.process = getattr(self, kind)(snippet)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise SystemExit(f"{kind} does not serve: {self.log()}")

    def nginx(self, snippet):
        snippet = snippet.replace("listen 80;", f"listen 127.0.0.1:{self.port};")
        (self.place / "site.conf").write_text(snippet, encoding="utf-8")
        types = next((one for one in ("/etc/nginx/mime.types",) if os.path.exists(one)), None)
        user = "user root;" if os.getuid() == 0 else ""
        (self.place / "nginx.conf").write_text(
            f"""daemon off; {user} worker_processes 2; pid {self.place}/pid; error_log {self.place}/log warn;
events {{ }}
http {{
    {f"include {types};" if types else ""}
    access_log off; client_body_temp_path {self.place}/body; proxy_temp_path {self.place}/proxy;
    fastcgi_temp_path {self.place}/fastcgi; uwsgi_temp_path {self.place}/uwsgi; scgi_temp_path {self.place}/scgi;
    include {self.place}/site.conf;
}}
"""
        )
        command = ["nginx", "-p", str(self.place), "-e", f"{self.place}/log", "-c", f"{self.place}/nginx.conf"]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
        if tested.returncode != 0 or "[warn]" in tested.stderr:
            raise SystemExit(f"nginx -t: {tested.stderr}")
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def caddy(self, snippet):
        snippet = re.sub(r"^https?://\S+ \{", f"http://:{self.port} {{", snippet, count=1, flags=re.M)
        path = self.place / "Caddyfile"
        path.write_text("{\n\tadmin off\n}\n" + snippet, encoding="utf-8")
        environment = {**os.environ, "HOME": str(self.place), "XDG_DATA_HOME": str(self.place)}
        command = ["caddy", "run", "--config", str(path), "--adapter", "caddyfile"]
        return subprocess.Popen(command, stderr=open(self.place / "log", "w"), env=environment)

    def log(self):
        path = self.place / "log"
        return path.read_text() if path.exists() else ""

    def get(self, path, **fields):
        """Status, fields in lower case, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in fields.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        fields = {}
        for name, value in answer.getheaders():
            # A field in several lines is a list (RFC 9110, section 5.2).
            fields[name.lower()] = f"{fields[name.lower()]}, {value}" if name.lower() in fields else value
        return answer.status, fields, body

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.place, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
