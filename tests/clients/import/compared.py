"""Shared by the scripts of this folder: imports a site that its own generator has built, builds it, and compares the two."""

import html
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from needs import DATELINE, REPOSITORY

# Builds and imports are as of this moment.
NOW = "2026-11-24T12:00:00Z"
ATOM = "{http://www.w3.org/2005/Atom}"


def run(command, **more):
    """Runs `command`; the script ends with its output if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"FAILED: {' '.join(str(part) for part in command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def moved(kind, source, scratch, feeds=()):
    """The output of the new site, and the report of the import."""
    site = Path(scratch) / "new"
    more = [part for feed in feeds for part in ("--live-feed", feed)]
    report = run([DATELINE, "import", kind, source, "--into", site, "--now", NOW, "--format", "json", *more])
    run([DATELINE, "build", "--root", site, "--now", NOW])
    return site / "public", json.loads(report)


def entries(path):
    """The entries of an RSS or Atom feed: id to title, instant and address."""
    root = xml.parse(path).getroot()
    found = {}
    if root.tag == f"{ATOM}feed":
        for one in root.iter(f"{ATOM}entry"):
            text = lambda name: (one.findtext(ATOM + name) or "").strip()
            links = [link for link in one.iter(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
            title = re.sub(r"<[^>]*>", "", html.unescape(text("title")))
            when = datetime.fromisoformat(text("published") or text("updated"))
            found[text("id")] = (html.unescape(title), when.astimezone(timezone.utc), links[0].get("href"))
        return found
    for one in root.iter("item"):
        text = lambda name: (one.findtext(name) or "").strip()
        # The date of what has none.
        if " 0001 " not in text("pubDate"):
            when = parsedate_to_datetime(text("pubDate"))
            found[text("guid")] = (text("title"), when.astimezone(timezone.utc), text("link"))
    return found


class Text(HTMLParser):
    """The words of a page that readers see."""

    def __init__(self):
        super().__init__()
        self.hidden, self.words = 0, []

    def handle_starttag(self, tag, _):
        self.hidden += tag in ("script", "style", "title")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "title")

    def handle_data(self, data):
        if not self.hidden:
            self.words += re.findall(r"\w+", data)


def words(page):
    text = Text()
    text.feed(page)
    return text.words


def contents(path):
    """The texts in an RSS or Atom feed, by id."""
    root = xml.parse(path).getroot()
    atom = {one.findtext(ATOM + "id"): one.findtext(ATOM + "content") for one in root.iter(f"{ATOM}entry")}
    return atom or {one.findtext("guid"): one.findtext("description") for one in root.iter("item")}


def compare(old, new, old_feed, new_feed, allowed=(), words_from="page"):
    """Compares the outputs `old` and `new`: every entry of the old feed is in the new one with its id, title, instant and
    address, no other is, each address has its page, and no word of the old page is missing on the new one but those in
    `allowed`. With `words_from="feed"` the words are those of the old feed, for a theme that has words of its own."""
    faults = []
    of_feed = contents(old / old_feed)
    before, after = entries(old / old_feed), entries(new / new_feed)
    before.pop("", None)
    for guid in before.keys() | after.keys():
        if before.get(guid) != after.get(guid):
            faults.append(f"{guid}: {before.get(guid)} became {after.get(guid)}")
    base = json.loads((new / "feed.json").read_text())["home_page_url"]
    for guid, (title, _, url) in before.items():
        path = url.removeprefix(base.rstrip("/")).lstrip("/")
        file = path + "index.html" if path.endswith("/") or not path else path
        pages = [Path(root) / unquote(file) for root in (old, new)]
        if not pages[1].exists():
            faults.append(f"{title}: there is no {file}")
            continue
        have = set(words(pages[1].read_text()))
        text = pages[0].read_text() if words_from == "page" else of_feed[guid]
        lost = [word for word in words(text) if word not in have and word not in allowed]
        if lost:
            faults.append(f"{file}: these words are missing: {' '.join(lost)}")
    print(f"{len(before)} entries of {old_feed} compared")
    return faults


def finish(faults):
    for fault in faults:
        print(f"FAILED: {fault}")
    sys.exit(1 if faults else 0)


def scratch():
    return tempfile.TemporaryDirectory(prefix="import-")


def source(kind):
    return REPOSITORY / "tests/imports" / kind
