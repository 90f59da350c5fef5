#!/usr/bin/env python3
"""Imports an export of WordPress with `--fetch-media` from a server that runs in a network namespace of its own, where it has
a public address: pictures are downloaded one after the other with pauses, a run that was stopped goes on, the server's wishes
and bounds hold, and nothing is fetched from private addresses. Needs root, unshare and iproute2.

    tests/clients/python.sh import/fetch_media.py
"""

import http.server
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from needs import DATELINE, has_program, skip

# Nothing outside of the namespace can be reached from it, nor it from there.
ADDRESS, PRIVATE, PORT = "93.184.216.34", "10.17.0.1", 8017
NOW = "2026-11-24T12:00:00Z"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
wrong = []


def check(is_right, text):
    if not is_right:
        wrong.append(text)
        print(f"FAILED: {text}")


class Server(http.server.BaseHTTPRequestHandler):
    """Notes when each path was asked for. Names tell what it answers."""

    asked, together, most = [], 0, 0
    lock, busy_for = threading.Lock(), 0

    def log_message(self, *_):
        pass

    def do_GET(self):
        with Server.lock:
            Server.asked.append((time.monotonic(), self.path))
            Server.together += 1
            Server.most = max(Server.most, Server.together)
        try:
            self.answer()
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            with Server.lock:
                Server.together -= 1

    def answer(self):
        name = self.path.rsplit("/", 1)[-1]
        times = sum(path == self.path for _, path in Server.asked)
        if name == "soon.png" and times == 1:
            return self.say(429, {"Retry-After": "1"})
        if name == "busy.png" and times <= Server.busy_for:
            return self.say(503, {"Retry-After": "7200"})
        if name == "inside.png":
            return self.say(302, {"Location": f"http://{PRIVATE}:{PORT}/secret.png"})
        if name == "loopback.png":
            return self.say(301, {"Location": f"http://127.0.0.1:{PORT}/secret.png"})
        if name == "page.png":
            return self.say(200, {"Content-Type": "text/html"}, b"<!doctype html><p>It is gone.")
        if name == "text.png":
            return self.say(200, {"Content-Type": "application/json"}, b"{}")
        if name == "huge.png":
            return self.say(200, {"Content-Type": "image/png", "Content-Length": str(4_000_000_000)}, bytes(1_000_000), 4_000)
        if name == "cut.png":
            return self.say(200, {"Content-Type": "image/png", "Content-Length": "5000"}, bytes(10))
        self.say(200, {"Content-Type": "image/png"}, PICTURE)

    def say(self, status, headers, body=b"", times=1):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for _ in range(times):
            self.wfile.write(body)


def export(pictures):
    body = "".join(f'<p><img src="http://{ADDRESS}:{PORT}/wp-content/uploads/{name}" alt="{name}"></p>' for name in pictures)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Harbour</title><link>http://{ADDRESS}:{PORT}</link><language>en</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>http://{ADDRESS}:{PORT}</wp:base_site_url><wp:base_blog_url>http://{ADDRESS}:{PORT}</wp:base_blog_url>
<item><title>Pictures</title><link>http://{ADDRESS}:{PORT}/2020/01/pictures/</link><guid>http://{ADDRESS}:{PORT}/?p=1</guid>
<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>1</wp:post_id><wp:post_date>2020-01-02 10:00:00</wp:post_date>
<wp:post_date_gmt>2020-01-02 10:00:00</wp:post_date_gmt><wp:post_name>pictures</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type></item></channel></rss>
"""


def command(place, name):
    return [DATELINE, "import", "wordpress", place / f"{name}.xml", "--into", place / name, "--fetch-media", "--now", NOW, "--format", "json"]


def start(place, name, pictures):
    (place / f"{name}.xml").write_text(export(pictures))
    return subprocess.Popen(command(place, name), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "NO_PROXY": "*"})


def fetch(place, name, pictures):
    """The names asked for, those that are there, and the reasons of the report."""
    before = len(Server.asked)
    process = start(place, name, pictures)
    out, errors = process.communicate(timeout=120)
    if process.returncode:
        sys.exit(f"FAILED: {name}: {out}{errors}")
    reasons = [one["text"] for group in json.loads(out)["groups"] if group["code"] == "media" for one in group["findings"]]
    asked = [path.rsplit("/", 1)[-1] for _, path in Server.asked[before:]]
    return asked, there(place, name), reasons


def there(place, name):
    return sorted(path.name for path in (place / name / "static/wp-content/uploads").glob("*"))


def main(place):
    many = [f"p{number:02}.png" for number in range(12)]
    # A run is stopped in the middle, and the next one asks for the rest only.
    process = start(place, "stopped", many)
    while len(Server.asked) < 5:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    had = there(place, "stopped")
    check(0 < len(had) < 12 and all((place / "stopped/static/wp-content/uploads" / one).read_bytes() == PICTURE for one in had), f"after the stop: {had}")
    asked, have, reasons = fetch(place, "stopped", many)
    check(asked == [one for one in many if one not in had], f"the second run asked for {asked}, and had {had}")
    check(have == many and not reasons, f"the second run has {have}: {reasons}")
    times = [when for when, _ in Server.asked]
    gaps = [after - before for before, after in zip(times[-6:], times[-5:])]
    check(Server.most == 1 and min(gaps) >= 0.18, f"{Server.most} requests together, pauses {gaps}")
    asked, _, _ = fetch(place, "stopped", many)
    check(asked == [], f"the third run asked for {asked}")

    # What a server asks for.
    asked, have, reasons = fetch(place, "soon", ["a.png", "soon.png", "z.png"])
    check(asked == ["a.png", "soon.png", "soon.png", "z.png"] and have == ["a.png", "soon.png", "z.png"], f"soon: {asked} {have} {reasons}")
    Server.busy_for = 1
    asked, have, reasons = fetch(place, "busy", ["a.png", "busy.png", "z.png"])
    check(asked == ["a.png", "busy.png"] and have == ["a.png"], f"busy: {asked} {have}")
    check(len(reasons) == 2 and all("7200" in one and "again later" in one for one in reasons[1:]), f"busy: {reasons}")
    asked, have, reasons = fetch(place, "busy", ["a.png", "busy.png", "z.png"])
    check(asked == ["busy.png", "z.png"] and have == ["a.png", "busy.png", "z.png"], f"busy again: {asked} {have} {reasons}")

    # What is not taken.
    refused = {
        "inside.png": "private network", "loopback.png": "private network", "page.png": "a page",
        "text.png": "application/json", "huge.png": "MB", "cut.png": "",
    }
    for name, reason in refused.items():
        asked, have, reasons = fetch(place, name.removesuffix(".png"), [name, "z.png"])
        check(have == ["z.png"] and len(reasons) == 1 and reason in reasons[0], f"{name}: {asked} {have} {reasons}")
    check(not any("secret" in path for _, path in Server.asked), "something was asked for at a private address")
    print(f"{len(Server.asked)} requests, {Server.most} at a time")
    return 1 if wrong else 0


def namespace():
    """Runs in a network namespace of its own, in which the addresses of the servers are its own."""
    for line in (["link", "set", "lo", "up"], ["addr", "add", f"{ADDRESS}/32", "dev", "lo"], ["addr", "add", f"{PRIVATE}/32", "dev", "lo"]):
        subprocess.run(["ip", *line], check=True)
    server = http.server.ThreadingHTTPServer(("0.0.0.0", PORT), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="media-") as place:
        return main(Path(place))


if "--inside" in sys.argv:
    sys.exit(namespace())
if not has_program("unshare", "util-linux") or not has_program("ip", "iproute2"):
    sys.exit(0)
if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode:
    skip("a network namespace of its own", "run it as root")
sys.exit(subprocess.run(["unshare", "--net", sys.executable, __file__, "--inside"]).returncode)
