#!/usr/bin/env python3
"""Real readers subscribe to every feed of tests/sites, of this repository's own site, and of one with 10,000 articles.
nginx serves them over HTTP, configured as `dateline hosting nginx` prints it. The readers:

  feedparser              (PyPI)     RSS, Atom
  feedsmith, rss-parser   (npm)      RSS, Atom, JSON Feed; RSS, Atom
  newsboat                (Debian)   RSS, Atom
  sfeed                   (Debian)   RSS, Atom

The ids, titles, dates, contents and enclosures that they read are compared with `feed.json`, and those of the large site
and of this repository's with their sources. Then nothing is published, and no feed may change. Then an article is
published, and only the feeds that show it may change."""

import concurrent.futures
import datetime
import html
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from needs import DATELINE, REPOSITORY, TOOLS, has_npm_packages, has_program, use_python_packages  # noqa: E402
from servers.served import Served  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
NOW, LATER = "2026-12-31T00:00:00Z", "2026-12-31T01:00:00Z"
ARTICLES = 10_000
SECTIONS = ("harbour", "council", "sport", "letters", "weather")
TAGS = [f"tag {number}" for number in range(20)]
wrong = []


def check(is_right, text):
    if not is_right:
        wrong.append(text)
        if len(wrong) <= 40:
            print(f"WRONG: {text}")


def large(root):
    """10,000 articles of a few words, each an hour after the one before; their titles and dates by source."""
    truth = {}
    (root / "static").mkdir(parents=True)
    (root / "static/tide.mp3").write_bytes(b"\0" * 4321)
    (root / "site.toml").write_text(
        'title = "Large"\nbase_url = "https://large.example/"\nauthority = "large.example"\ntimezone = "Europe/London"\n'
    )
    (root / "content").mkdir()
    (root / "content/_index.md").write_text("")
    first = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
    for section in SECTIONS:
        (root / "content" / section).mkdir()
    for number in range(ARTICLES):
        date = first + datetime.timedelta(hours=number)
        title = f"Report {number} & \u201cmore\u201d <{number}>"
        section = SECTIONS[number % len(SECTIONS)]
        name = f"{section}/report-{number}"
        sound = 'enclosure = ["/tide.mp3"]\n' if number % 7 == 0 else ""
        (root / "content" / f"{name}.md").write_text(
            f"+++\ntitle = '{title}'\ndate = {date.strftime('%Y-%m-%dT%H:%M:%SZ')}\n"
            f'tags = ["{TAGS[number % len(TAGS)]}"]\nauthors = ["Ada {number % 3}"]\n{sound}+++\n'
            f"Paragraph *{number}*.\n\n" + "Some words of the report. " * (number % 50) + "\n"
        )
        truth[f"/{name}/"] = (title, int(date.timestamp()), sound != "")
    return truth


def own():
    """Title and date of this repo's articles, as their sources have them: the day in the name of a file, or the line of a
    wire article."""
    zone, truth = zoneinfo.ZoneInfo("Europe/London"), {}
    for path in (REPOSITORY / "content/news").glob("????-??-??-*.md"):
        front = tomllib.loads(path.read_text(encoding="utf-8").split("+++")[1])
        day = datetime.datetime.strptime(path.name[:10], "%Y-%m-%d").replace(tzinfo=zone)
        if "date" not in front:
            truth[front["title"]] = int(day.timestamp())
    for path in (REPOSITORY / "content/news").glob("*.txt"):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        date = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("PUBLISHED"))
        date = datetime.datetime.strptime(date, "%A, %d %B, %Y, %I:%M%p").replace(tzinfo=zone)
        truth[lines[1]] = int(date.timestamp())
    return truth


def publish(root, out, now):
    done = subprocess.run(
        [DATELINE, "publish", "--exit-code", "--no-websub", "--root", root, "--out", out, "--now", now],
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 4):
        raise SystemExit(f"{root}: {done.returncode}: {done.stdout}{done.stderr}")
    return done.returncode


def instant(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


ATOM = "{http://www.w3.org/2005/Atom}"


def truth_of(path):
    """What a feed says, by feed.json beside it; where there is none, by the standard library's XML. Entries as
    (id, title, published, updated, length of content, URLs of enclosures)."""
    for other in sorted(path.parent.glob("*.json")):
        document = json.loads(other.read_text(encoding="utf-8"))
        if str(document.get("version", "")).startswith("https://jsonfeed.org/"):
            return [
                (
                    one["id"],
                    one["title"],
                    instant(one["date_published"]),
                    instant(one["date_modified"]),
                    len(one.get("content_html", "")),
                    [file["url"] for file in one.get("attachments", [])],
                )
                for one in document["items"]
            ]
    if path.read_bytes()[:200].find(b"<feed") < 0:
        return None
    return [
        (
            one.findtext(f"{ATOM}id"),
            one.findtext(f"{ATOM}title"),
            instant(one.findtext(f"{ATOM}published")),
            instant(one.findtext(f"{ATOM}updated")),
            len(one.findtext(f"{ATOM}content") or ""),
            [link.get("href") for link in one.findall(f"{ATOM}link") if link.get("rel") == "enclosure"],
        )
        for one in ElementTree.fromstring(path.read_bytes()).findall(f"{ATOM}entry")
    ]


def kind_of(path):
    start = path.read_bytes()[:200]
    kinds = {b"<rss": "rss", b"<feed ": "atom", b"https://jsonfeed.org/": "json"}
    return next((kind for mark, kind in kinds.items() if mark in start), None)


class Feed:
    def __init__(self, site, server, out, folder, path):
        self.site, self.path, self.server = site, path, server
        self.kind = kind_of(path)
        self.local = folder + urllib.parse.quote(path.relative_to(out).as_posix())
        self.url = f"http://127.0.0.1:{server.port}{self.local}"
        self.truth = truth_of(path)


def by_feedparser(feeds):
    script = """
import calendar, json, sys
import feedparser
found, plain = {}, {"sanitize_html": False, "resolve_relative_uris": False}
for url in json.load(sys.stdin):
    one = feedparser.parse(url, **plain)
    again = feedparser.parse(url, etag=one.get("etag"), **plain)
    dated = feedparser.parse(url, modified=one.get("modified"), **plain)
    found[url] = {
        "bozo": str(one.get("bozo_exception")) if one.bozo else "", "again": [again.get("status"), dated.get("status")],
        "entries": [[e.id, e.title, calendar.timegm(e.published_parsed), calendar.timegm(e.updated_parsed),
            len(e.content[0].value) if e.get("content") else 0, [f.href for f in e.enclosures]] for e in one.entries]}
json.dump(found, sys.stdout)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps([feed.url for feed in feeds]), capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    for feed in feeds:
        one = found[feed.url]
        what = f"feedparser: {feed.site}: {feed.local}"
        check(one["bozo"] == "" and one["again"] == [304, 304], f"{what}: {one['bozo']} {one['again']}")
        entries = [(e[0], e[1], e[2], e[3], e[4], e[5]) for e in one["entries"]]
        # RSS has one enclosure for each entry.
        wanted = [(*t[:5], t[5][:1] if feed.kind == "rss" else t[5]) for t in feed.truth]
        compare(what, entries, wanted)
    return len(feeds)


def compare(what, found, wanted):
    for one, other in zip(found, wanted):
        check(tuple(one) == tuple(other), f"{what}: {one} is not {other}")
    check(len(found) == len(wanted), f"{what}: {len(found)} entries, not {len(wanted)}")


def by_node(feeds, name):
    if not by_node.found:
        done = subprocess.run(
            ["node", HERE / "parse.mjs", TOOLS], input=json.dumps([feed.url for feed in feeds]),
            capture_output=True, text=True,
        )
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        by_node.found = json.loads(done.stdout)
    read = by_node.found[name]
    for feed in (one for one in feeds if one.url in read):
        found = [(e[0], e[1], e[2], e[3], e[4]) for e in read[feed.url]]
        # RSS has one enclosure for each entry; rss-parser knows none of Atom's.
        most = 0 if name == "rss-parser" and feed.kind == "atom" else 1 if feed.kind == "rss" else None
        wanted = []
        for one, t in zip(found, feed.truth):
            # JavaScript counts UTF-16 code units; lengths are checked to the letter by the others.
            length = one[3] if abs(one[3] - t[4]) <= t[4] // 4 + 2 else t[4]
            wanted.append((t[0], t[1], t[2], length, t[5][:most]))
        compare(f"{name}: {feed.site}: {feed.local}", found, wanted)
    return len(read)


by_node.found = None


def newsboat(url):
    """What newsboat has in its cache of the feed, by id. It knows an article by its id in all feeds, so each feed gets a
    cache of its own."""
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        (place / "urls").write_text(f"{url}\n")
        (place / "config").write_text("max-items 0\n")
        command = ["newsboat", "-u", place / "urls", "-c", place / "cache.db", "-C", place / "config", "-x", "reload"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HOME": str(place)}, timeout=60)
        with sqlite3.connect(place / "cache.db") as store:
            rows = store.execute("select guid, title, pubDate, content, enclosure_url from rss_item").fetchall()
    return {guid: (title, date, len(content), enclosure) for guid, title, date, content, enclosure in rows}


def by_newsboat(feeds):
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        read = list(threads.map(newsboat, [feed.url for feed in feeds]))
    for feed, own in zip(feeds, read):
        what = f"newsboat: {feed.site}: {feed.local}"
        check(sorted(own) == sorted(t[0] for t in feed.truth), f"{what}: {len(own)} entries, not {len(feed.truth)}")
        for t in feed.truth:
            if t[0] in own:
                title, date, length, enclosure = own[t[0]]
                title = " ".join(html.unescape(title).split())
                check(title == " ".join(html.unescape(t[1]).split()), f"{what}: {title} is not {t[1]}")
                check(date == t[2], f"{what}: {t[0]}: {date} is not {t[2:4]}")
                check(length >= 0.9 * t[4], f"{what}: {t[0]}: content of {length}, not {t[4]}")
                check((enclosure or None) in (t[5] or [None]), f"{what}: {t[0]}: {enclosure} is not {t[5]}")
    return len(feeds)


def by_sfeed(feeds):
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        lines = [f"\tfeed '{number}' '{feed.url}'" for number, feed in enumerate(feeds)]
        rc = f"sfeedpath='{place}/feeds'\nmaxjobs=4\nfeeds() {{\n" + "\n".join(lines) + "\n}\n"
        (place / "sfeedrc").write_text(rc)
        subprocess.run(["sfeed_update", place / "sfeedrc"], check=True, capture_output=True, timeout=120)
        for number, feed in enumerate(feeds):
            what = f"sfeed: {feed.site}: {feed.local}"
            path = place / "feeds" / str(number)
            rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []
            own = {row[5]: row for row in rows}
            check(sorted(own) == sorted(t[0] for t in feed.truth), f"{what}: {len(own)} entries, not {len(feed.truth)}")
            for t in feed.truth:
                if t[0] in own:
                    row = own[t[0]]
                    title = " ".join(html.unescape(row[1]).split())
                    check(title == " ".join(html.unescape(t[1]).split()), f"{what}: {row[1]} is not {t[1]}")
                    check(row[0] == str(t[2]), f"{what}: {row[0]} is not {t[2:4]}")
                    content = row[3].replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
                    # Where there is no content it is the summary.
                    check(t[4] == 0 or abs(len(content) - t[4]) <= 2, f"{what}: content of {len(content)}, not {t[4]}")
                    check((row[7] or None) in (t[5] or [None]), f"{what}: {row[7]} is not {t[5]}")
    return len(feeds)


def main():
    # First, since it may begin the script again.
    has_feedparser = use_python_packages(feedparser="feedparser==6.0.12")
    if not has_program("nginx", "nginx"):
        return 0
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as place:
        return readers(pathlib.Path(place), has_feedparser)


def readers(place, has_feedparser):
    sites, servers, feeds = {}, {}, []
    for source in [REPOSITORY, *sorted(one for one in (REPOSITORY / "tests/sites").iterdir() if one.is_dir()), None]:
        name = source.name if source else "large"
        name = "dateline" if source == REPOSITORY else name
        root = place / "src" / name
        root.mkdir(parents=True)
        if source:
            for part in ("site.toml", "content", "templates", "static", "data", "languages"):
                if (source / part).is_dir():
                    shutil.copytree(source / part, root / part)
                elif (source / part).exists():
                    shutil.copy(source / part, root / part)
        else:
            titles = large(root)
        base = urllib.parse.urlsplit(tomllib.loads((root / "site.toml").read_text(encoding="utf-8"))["base_url"]).path
        folder = f"/{base.strip('/')}/".replace("//", "/")
        out = place / "www" / name / folder.strip("/")
        publish(root, out, NOW)
        sites[name] = (root, out)
        servers[name] = Served(DATELINE, "nginx", root, out, place / "www" / name)
        paths = sorted(path for path in out.rglob("*") if path.suffix in (".xml", ".json", ".rss", ".atom") and kind_of(path))
        feeds += [Feed(name, servers[name], out, folder, path) for path in paths]
    try:
        return judge(sites, feeds, titles, has_feedparser)
    finally:
        for server in servers.values():
            server.close()


def judge(sites, feeds, titles, has_feedparser):
    known = [feed for feed in feeds if feed.truth is not None]
    xml = [feed for feed in known if feed.kind != "json"]
    has_node = has_npm_packages("feedsmith@3.0.1", "rss-parser@3.13.0")
    for name, is_there, read in (
        ("feedparser", has_feedparser, lambda: by_feedparser(xml)),
        ("feedsmith", has_node, lambda: by_node(known, "feedsmith")),
        ("rss-parser", has_node, lambda: by_node(known, "rss-parser")),
        ("newsboat", has_program("newsboat", "newsboat"), lambda: by_newsboat(xml)),
        ("sfeed", has_program("sfeed_update", "sfeed"), lambda: by_sfeed(xml)),
    ):
        if is_there:
            print(f"{name}: {read()} feeds read")

    # The truth itself, against what was written.
    for feed in (one for one in feeds if one.kind == "json" and one.site == "large"):
        for item in json.loads(feed.path.read_text(encoding="utf-8"))["items"]:
            title, date, has_sound = titles[urllib.parse.urlsplit(item["url"]).path]
            sounds = [(file["size_in_bytes"], file["mime_type"]) for file in item.get("attachments", [])]
            found = (item["title"], instant(item["date_published"]), sounds)
            wanted = (title, date, [(4321, "audio/mpeg")] if has_sound else [])
            check(found == wanted, f"large: {item['url']}: {found} is not {wanted}")
    own_titles = own()
    mine = {t[1]: t[2] for feed in known if feed.site == "dateline" for t in feed.truth}
    check(bool(own_titles), "no article of this repo was found")
    for title, date in own_titles.items():
        check(mine.get(title) == date, f"dateline: {title}: {mine.get(title)} is not {date}")

    # Nothing changes where nothing did; then one article comes to each site.
    tags = {feed.url: feed.server.get(feed.local)[1]["etag"] for feed in feeds}
    for name, (root, out) in sites.items():
        check(publish(root, out, NOW) == 4, f"{name}: something changed by itself")
    for feed in feeds:
        check(feed.server.get(feed.local, If_None_Match=tags[feed.url])[0] == 304, f"{feed.site}: {feed.local}: not 304")
    for name, (root, out) in sites.items():
        path = root / ("content/sport/new-one.md" if name == "large" else "content/new-one.md")
        more = 'tags = ["tag 3"]\nauthors = ["Ada 1"]\n' if name == "large" else ""
        path.write_text(f'+++\ntitle = "Quite new"\ndate = 2026-12-31T00:30:00Z\nid = "tag:new.example,2026:one"\n{more}+++\nText.\n')
        check(publish(root, out, LATER) == 0, f"{name}: the new article is not out")
    changed = 0
    for feed in feeds:
        status, _, body = feed.server.get(feed.local, If_None_Match=tags[feed.url])
        has_it = b"tag:new.example,2026:one" in feed.path.read_bytes()
        check(status == (200 if has_it else 304), f"{feed.site}: {feed.local}: {status}, and has it: {has_it}")
        changed += status == 200
    large_changed = [f.local for f in feeds if f.site == "large" and b"tag:new.example,2026:one" in f.path.read_bytes()]
    check(len(large_changed) == 12, f"large: site, section, tag and author are 12 feeds, not {large_changed}")
    print(f"{len(feeds)} feeds of {len(sites)} sites: none changed by itself, {changed} with one new article a site, the others 304")
    return 1 if wrong else 0


sys.exit(main())
