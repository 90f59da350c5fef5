#!/usr/bin/env python3
"""Tries the configuration that `dateline hosting` prints on real servers: nginx (Debian: nginx) and Caddy (Debian: caddy).

Each serves four sites. Every feed must come with its media type, its caching, and links to its hub and to itself.
A conditional request must get 304 where nothing changed, a moved page must redirect, and a missing one must get 404."""

import gzip
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import urllib.parse
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from needs import DATELINE, REPOSITORY, has_program  # noqa: E402
from servers.served import Served  # noqa: E402

NOW = "2026-12-31T00:00:00Z"
TYPES = {
    b"<rss": "application/rss+xml; charset=utf-8",
    b"<feed": "application/atom+xml; charset=utf-8",
    b"<opml": "text/x-opml; charset=utf-8",
    b"https://jsonfeed.org/": "application/feed+json",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
READER = "application/rss+xml, application/atom+xml, text/html;q=0.5, */*;q=0.1"
OWN_PICTURES = ("content/quay.png", "content/caf\u00e9/flood 1.png")
wrong = []


def check(is_right, text):
    if not is_right:
        wrong.append(text)
        print(f"WRONG: {text}")


def build(root, out):
    subprocess.run([DATELINE, "build", "--root", root, "--out", out, "--now", NOW], check=True, capture_output=True)


def own_site(place):
    """With a hub, redirects, names that need quoting, and compressed siblings."""
    root = place / "own"
    article = "+++\ntitle = \"{}\"\ndate = 2026-11-0{}T08:00:00Z\ntags = [\"harbour\", \"caf\u00e9 au lait\"]\n{}+++\n{}\n"
    texts = {
        "site.toml": "title = \"Own\"\nbase_url = \"https://own.example/\"\nauthority = \"own.example\"\n"
        "timezone = \"UTC\"\n[feeds]\nhub = [\"https://hub.example/\", \"https://hub.example/x?a=1&b=2\"]\n"
        "[hosting]\nfeed_max_age = 120\ncompress = [\"gz\"]\n[images]\nwidths = [40, 80]\ncards = true\n",
        "content/_index.md": "![Quay](quay.png)\n",
        "content/caf\u00e9/three.md": article.format("Three", 3, "", "![Flood](flood%201.png)"),
        # Named as what is made of pictures, and it may change.
        "static/quay-480-0123456789.png": "",
        "static/news/0123456789abcdef0123.png": "",
        "content/news/one.md": article.format("One", 1, "aliases = [\"/old/\", \"/caf\u00e9 $1/\"]\n", "Text. " * 400),
        "content/news/two.md": article.format("Two", 2, "", "Text. " * 400),
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    for name in OWN_PICTURES:
        (root / name).write_bytes(png(120, 60))
    return root


def png(width, height):
    """A picture of one colour (PNG, third edition, sections 5 and 11)."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x20\x60\xa0" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def copied(place, name):
    root = place / "src" / name
    root.mkdir(parents=True)
    for part in ("site.toml", "content", "templates", "static", "data", "languages"):
        source = REPOSITORY / "tests/sites" / name / part
        if source.is_dir():
            shutil.copytree(source, root / part)
        elif source.exists():
            shutil.copy(source, root / part)
    return root


def made_of_pictures(out, folder):
    """The files that pages offer as widths of a picture, and the cards that they name."""
    made = set()
    for page in out.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        widths = [one for many in re.findall(r' srcset="([^"]*)"', html) for one in many.split(", ")]
        cards = [urllib.parse.urlsplit(url).path for url in re.findall(r'"og:image" content="([^"]*/cards/[^"]*)"', html)]
        urls = [one.split(" ")[0] for one in widths] + cards
        made |= {urllib.parse.unquote(url.removeprefix(folder)) for url in urls}
    return made


def walk(server, out, folder, name, is_own):
    """Asks for every file; the feeds' paths and validators."""
    validators, made = {}, made_of_pictures(out, folder)
    if is_own:
        check(len(made) == len(OWN_PICTURES) * 4 + 3, f"{name}: {len(made)} files made of pictures")
    for path in sorted(one for one in out.rglob("*") if one.is_file()):
        short = path.relative_to(out).as_posix()
        if short in ("_headers", "_redirects", "404.html") or short.endswith(".gz"):
            continue
        url = folder + urllib.parse.quote(short)
        what = f"{server.kind}: {name}: {url}"
        status, fields, body = server.get(url)
        if f"/{short}" in ("/old/index.html", "/caf\u00e9 $1/index.html"):
            # The page that leads on, for servers without redirects.
            continue
        check(status == 200 and body == path.read_bytes(), f"{what}: {status}")
        check(fields.get("x-content-type-options") == "nosniff", f"{what}: no nosniff: {fields}")
        kind = next((kind for start, kind in TYPES.items() if start in body[:200]), None)
        if kind is None:
            # What has its digest in its name never changes (RFC 8246).
            is_hashed = short in made or re.fullmatch(r"style-[0-9a-f]{12}\.css", short)
            age = "public, max-age=31536000, immutable" if is_hashed else "max-age=0, must-revalidate"
            check(fields.get("cache-control") == age, f"{what}: {fields}")
            if short.endswith(".html"):
                check(fields.get("content-type") == "text/html; charset=utf-8", f"{what}: {fields}")
            continue
        check(fields.get("content-type") == kind, f"{what}: {fields.get('content-type')} is not {kind}")
        if kind.startswith(("application/rss", "application/atom")) and not re.search("archive|-\\d+", short):
            # A browser that opens it gets the same bytes as XML, and a reader that takes HTML too does not.
            opened, shown, same = server.get(url, Accept=BROWSER)
            check((opened, same) == (200, body), f"{what} in a browser: {opened}")
            check(shown.get("content-type") == "application/xml; charset=utf-8", f"{what} in a browser: {shown}")
            check(shown.get("cache-control") == fields.get("cache-control"), f"{what} in a browser: {shown}")
            check(all("accept" in one.get("vary", "").lower().split(", ") for one in (fields, shown)), f"{what}: {fields} {shown}")
            check(server.get(url, Accept=READER)[1].get("content-type") == kind, f"{what} in a reader")
        age = "public, max-age=120" if is_own else "public, max-age=300"
        check(fields.get("cache-control") == age, f"{what}: {fields}")
        if is_own and b"<opml" not in body[:200] and url == urllib.parse.unquote(url):
            link = (
                '<https://hub.example/>; rel="hub", <https://hub.example/x?a=1&b=2>; rel="hub", '
                f'<https://own.example{url}>; rel="self"'
            )
            check(fields.get("link") == link, f"{what}: {fields.get('link')}")
        else:
            check("link" not in fields, f"{what}: {fields.get('link')}")
        validators[url] = (fields.get("etag"), fields.get("last-modified"))
    return validators


def unchanged(server, validators, name, when):
    for url, (tag, date) in validators.items():
        what = f"{server.kind}: {name}: {url} {when}"
        check(bool(tag) and bool(date), f"{what}: no validator")
        check(server.get(url, If_None_Match=tag)[0] == 304, f"{what}: If-None-Match")
        check(server.get(url, If_Modified_Since=date)[0] == 304, f"{what}: If-Modified-Since")


def serve(kind, place):
    feeds = 0
    for name, folder in (("own", "/"), ("feed-choices", "/"), ("mixed", "/"), ("folder", "/blog/")):
        root = own_site(place) if name == "own" else copied(place, name)
        if name == "feed-choices":
            # Its hub is checked by `own`.
            text = (root / "site.toml").read_text(encoding="utf-8")
            (root / "site.toml").write_text("\n".join(line for line in text.split("\n") if "hub =" not in line))
        www = place / "www" / name
        out = www / folder.strip("/")
        build(root, out)
        with Served(DATELINE, kind, root, out, www) as server:
            validators = walk(server, out, folder, name, name == "own")
            feeds += len(validators)
            unchanged(server, validators, name, "at once")
            build(root, out)
            unchanged(server, validators, name, "after a build that changed nothing")
            # nginx answers a folder's page and 404s as they should be.
            status, fields, body = server.get(folder)
            check(status == 200 and body == (out / "index.html").read_bytes(), f"{kind}: {name}: the front page: {status}")
            status, fields, body = server.get(folder + "no/such/page")
            check(status == 404 and body == (out / "404.html").read_bytes(), f"{kind}: {name}: 404: {status} {body[:50]}")
            # It may be there soon: nothing is to keep for ever that it isn't.
            for path in ("renditions/quay-480-0123456789.webp", "style-0123456789ab.css"):
                status, fields, _ = server.get(folder + path)
                check(status == 404 and "immutable" not in fields.get("cache-control", ""), f"{kind}: {name}: {path}: {fields}")
            check(server.get(folder + "_headers")[0] == 404, f"{kind}: {name}: _headers is shown")
            if name == "own":
                for old in ("/old/", "/caf%C3%A9%20$1/"):
                    status, fields, _ = server.get(old)
                    check((status, fields.get("location")) == (301, "/news/one/"), f"{kind}: {old}: {status} {fields}")
                for url in ("/news/one/", "/rss.xml", "/tags/harbour/atom.xml"):
                    plain = server.get(url)
                    status, fields, body = server.get(url, Accept_Encoding="gzip")
                    check(fields.get("content-encoding") == "gzip", f"{kind}: {url} is not compressed: {fields}")
                    check(fields.get("content-type") == plain[1]["content-type"], f"{kind}: {url}: {fields}")
                    check("accept-encoding" in fields.get("vary", "").lower(), f"{kind}: {url}: no Vary")
                    check(gzip.decompress(body) == plain[2], f"{kind}: {url}: other bytes")
    print(f"{kind}: {feeds} feeds and lists of feeds served as they should be, conditional requests among them")


def main():
    for kind in ("nginx", "caddy"):
        if not has_program(kind, kind):
            continue
        with tempfile.TemporaryDirectory() as place:
            serve(kind, pathlib.Path(place))
    return 1 if wrong else 0


sys.exit(main())
