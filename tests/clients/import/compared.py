"""Shared by the scripts of this folder: imports a site that its own generator has built, builds it, and compares the two."""

import difflib
import functools
import hashlib
import html
import http.server
import json
import re
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as xml
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from needs import DATELINE, REPOSITORY

# Builds and imports are as of this moment, and then of a later one.
NOW, LATER = "2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"
FEEDPARSER = "feedparser==6.0.12"
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


# What a feed says of an entry is compared in this form.
def plain(title):
    """A title without markup; straight and curly quotation marks are the same, as some generators make one of the other."""
    text = html.unescape(re.sub(r"<[^>]*>", "", html.unescape(title)))
    return " ".join(text.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")).split())


def instant(text):
    """An instant in seconds, as it is in Atom, RSS or JSON; `None` for the date of what has none."""
    if not text or " 0001 " in text:
        return None
    when = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text.replace("Z", "+00:00"))
    return when.astimezone(timezone.utc).replace(microsecond=0).isoformat()


def is_feed(path):
    if path.suffix not in (".xml", ".json", ".atom", ".rss") and path.name != "index.html":
        return False
    start = path.read_bytes()[:2_000]
    return b"<feed" in start or b"<rss" in start or b"jsonfeed.org/version" in start


def entries(path):
    """The entries of a feed: id to title, instants of publication and update (`None` if it has none), and address."""
    if path.read_bytes().lstrip().startswith(b"{"):
        return {
            one["id"]: (plain(one.get("title", "")), instant(one.get("date_published")), instant(one.get("date_modified")), one["url"])
            for one in json.loads(path.read_text())["items"]
        }
    try:
        root = xml.parse(path).getroot()
    except xml.ParseError as error:
        sys.exit(f"FAILED: {path}: {error}: {path.read_text().splitlines()[error.position[0] - 1][max(error.position[1] - 200, 0):][:400]}")
    found = {}
    for one in root.iter(f"{ATOM}entry"):
        text = lambda name: (one.findtext(ATOM + name) or "").strip()
        links = [link for link in one.iter(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        first = instant(text("published") or text("updated"))
        found[text("id")] = (plain(text("title")), first, instant(text("updated")), links[0].get("href"))
    for one in root.iter("item"):
        text = lambda name: (one.findtext(name) or "").strip()
        found[text("guid") or text("link")] = (plain(text("title")), instant(text("pubDate")), None, text("link"))
    return {guid: entry for guid, entry in found.items() if guid and entry[1]}


class Text(HTMLParser):
    """The words that readers see of a page, or of the element of the class `within`."""

    def __init__(self, within=None):
        super().__init__()
        self.within, self.depth, self.hidden, self.words, self.meta = within, 0, 0, [], {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "meta":
            self.meta[attributes.get("property") or attributes.get("name")] = attributes.get("content")
        self.hidden += tag in ("script", "style", "title", "iframe")
        if tag == "div" and (self.depth or self.within in (attributes.get("class") or "").split()):
            self.depth += 1

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "title", "iframe")
        self.depth -= tag == "div" and self.depth > 0

    def handle_data(self, data):
        if not self.hidden and (self.within is None or self.depth):
            self.words += re.findall(r"\w+", data)


def parsed(page, within=None):
    text = Text(within)
    text.feed(page)
    return text


def words(page, within=None):
    return parsed(page, within).words


def contents(path):
    """The texts in an RSS or Atom feed, by id."""
    root = xml.parse(path).getroot()
    atom = {one.findtext(ATOM + "id"): one.findtext(ATOM + "content") for one in root.iter(f"{ATOM}entry")}
    return atom or {one.findtext("guid"): one.findtext("description") for one in root.iter("item")}


def base_of(new):
    return json.loads((new / "feed.json").read_text())["home_page_url"].rstrip("/") if (new / "feed.json").exists() else ""


def file_of(path):
    """The file at the path of an address."""
    path = path.lstrip("/")
    return unquote(path + "index.html" if path.endswith("/") or not path else path)


def compare(old, new, old_feed, new_feed, allowed=(), words_from="page"):
    """Compares the outputs `old` and `new`: every entry of the old feed is in the new one with its id, title, instant and
    address, no other is, each address has its page, and no word of the old page is missing on the new one but those in
    `allowed`. With `words_from="feed"` the words are those of the old feed, for a theme that has words of its own."""
    of_feed = contents(old / old_feed)
    before = entries(old / old_feed)
    faults = compare_entries(old / old_feed, new / new_feed)
    base = json.loads((new / "feed.json").read_text())["home_page_url"]
    for guid, (title, *_, url) in before.items():
        file = file_of(url.removeprefix(base.rstrip("/")))
        pages = [Path(root) / file for root in (old, new)]
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


def compare_entries(old_feed, new_feed):
    """Differences between two feeds: ids, titles, instants, addresses. An instant that one of them does not have is none."""
    faults = []
    before, after = entries(old_feed), entries(new_feed)
    for guid in sorted(before.keys() | after.keys()):
        one, other = before.get(guid), after.get(guid)
        if one and other:
            # One without a title has its first words where a format wants one.
            other = (other[0] if one[0] else "", *other[1:])
            one = (*one[:2], one[2] or other[2], one[3])
            other = (*other[:2], other[2] or one[2], other[3])
            one, other = ((*entry[:3], unquote(entry[3]).rstrip("/")) if entry else None for entry in (one, other))
        if one != other:
            faults.append(f"{old_feed.name}: {guid}: {one} became {other}")
    return faults


def compare_feeds(old, new, without=()):
    """Compares every feed of `old` with the one at the same address of `new`."""
    faults, paths = [], feeds_of(old, without)
    for path in paths:
        if not (new / path).exists():
            faults.append(f"{path}: the feed is not there any more")
        elif is_feed(new / path):
            faults += [f"{path}: {fault}" for fault in compare_entries(old / path, new / path)]
        else:
            faults.append(f"{path}: there is no feed, but {(new / path).read_text()[:200]}")
    print(f"{len(paths)} feeds compared")
    return faults


def compare_pages(old, new, allowed=(), without=(), folders=False):
    """Compares every page of `old` that says that it is an article (`article:published_time`; its text is in the `div` of
    the class `text`) with the article at the same address of `new`: title, instants, words of the text and their order. Words
    in `allowed` may come and go; `without` are parts of paths of pages that are left out; with `folders`, the article of
    `name.html` may be in the folder of that name."""
    faults, articles = [], {}
    for path in sorted(old.rglob("*.html")):
        page = parsed(path.read_text())
        file = path.relative_to(old).as_posix()
        if page.meta.get("article:published_time") and not any(part in file for part in without):
            articles[file] = (path, page.meta)
    listed = json.loads(run([DATELINE, "list", "--root", new.parent, "--now", NOW, "--format", "json"]))
    live = {file_of(one["path"]): one for one in listed if one["state"] == "live"}
    for file in list(articles) if folders else []:
        folder = f"{file.removesuffix('.html')}/index.html"
        if file not in live and folder in live:
            articles[folder] = articles.pop(file)
    faults += [f"{path}: the article is not there any more" for path in articles.keys() - live.keys()]
    faults += [f"{path}: the article was not there before" for path in live.keys() - articles.keys()]
    for file in sorted(articles.keys() & live.keys()):
        path, meta = articles[file]
        first = instant(meta["article:published_time"])
        before = (plain(meta["og:title"]), first, instant(meta.get("article:modified_time")) or first)
        one = live[file]
        after = (plain(one["title"]), instant(one["published"]), instant(one["updated"]))
        # One without a title is listed by its first words.
        if before != (after if before[0] else ("", *after[1:])):
            faults.append(f"{file}: {before} became {after}")
        texts = [words(path.read_text(), "text"), words((new / file).read_text(), "text")]
        for change, a, b, c, d in difflib.SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
            gone, come = texts[0][a:b], texts[1][c:d]
            if change != "equal" and not (set(gone) | set(come)) <= set(allowed):
                faults.append(f"{file}: of {' '.join(texts[0][max(a - 3, 0):b + 3])!r}, {' '.join(gone)!r} became {' '.join(come)!r}")
    print(f"{len(articles)} articles compared")
    return faults


def compare_addresses(old, new, without=()):
    """Every page of `old` is there in `new`: `name.html` may be the folder of that name, as a server shows both. Pages of
    lists may have another length; `without` are parts of their paths."""
    faults = []
    for page in sorted(old.rglob("*.html")):
        path = page.relative_to(old).as_posix()
        places = [new / path, new / f"{path.removesuffix('.html')}/index.html"]
        if not any(part in f"/{path}" for part in without) and not any(place.exists() for place in places):
            faults.append(f"{path} is not there any more")
    return faults


class Served:
    """A server of one folder after the other, at one address. A file's ETag is the hash of its bytes: its time would be the
    same for two builds within one second."""

    def __init__(self, root):
        owner = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments, **more):
                super().__init__(*arguments, directory=str(owner.root), **more)

            def do_GET(self):
                path = Path(self.translate_path(self.path))
                path = path / "index.html" if path.is_dir() else path
                if not path.is_file():
                    return self.send_error(404)
                content = path.read_bytes()
                etag = f'"{hashlib.sha256(content).hexdigest()}"'
                same = self.headers.get("If-None-Match") == etag
                self.send_response(304 if same else 200)
                self.send_header("ETag", etag)
                self.send_header("Content-Type", self.guess_type(str(path)))
                self.send_header("Content-Length", "0" if same else str(len(content)))
                self.end_headers()
                if not same:
                    self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.root = root
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=functools.partial(self.server.serve_forever, 0.05), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


def feeds_of(root, without=()):
    """The paths of the feeds with entries below `root`, but for those in `without`."""
    paths = [path for path in sorted(root.rglob("*")) if path.is_file() and is_feed(path) and entries(path)]
    return [path for path in (path.relative_to(root).as_posix() for path in paths) if path not in without]


def follow(old, new, gone=(), without=()):
    """A reader with feedparser follows the feeds of `old`, then those of `new` at the same addresses, then once more when one
    article has come: it never sees an entry twice, and only the new one is new. Ids in `gone` may be missing."""
    import feedparser

    paths = [path for path in feeds_of(old, without) if not path.endswith(".json")]
    served, state, faults = Served(old), {}, []

    def poll(path):
        """The ids that the reader has not seen before, and all of the document; none if it did not change."""
        known = state.setdefault(path, {"seen": set(), "etag": None, "modified": None})
        address = served.url + quote(path.removesuffix("index.html") if path.endswith("/index.html") else path)
        got = feedparser.parse(address, etag=known["etag"], modified=known["modified"])
        if got.get("status") == 304:
            return set(), None
        if got.get("status") != 200 or not got.get("version"):
            faults.append(f"{path}: a reader gets {got.get('status')}, {got.get('bozo_exception')}")
            return set(), None
        known["etag"], known["modified"] = got.get("etag"), got.get("modified")
        ids = {entry.get("id") or entry.get("link") for entry in got.entries} - {None, ""}
        new_ids, known["seen"] = ids - known["seen"], known["seen"] | ids
        return new_ids, ids

    before = {path: poll(path)[1] or set() for path in paths}
    served.root = new
    for path in paths:
        again, ids = poll(path)
        faults += [f"{path}: a reader sees it again: {one}" for one in sorted(again)]
        if ids is not None:
            faults += [f"{path}: a reader misses {one}" for one in sorted(before[path] - ids - set(gone))]
    site = new.parent
    first = json.loads(run([DATELINE, "list", "--root", site, "--now", NOW, "--format", "json"]))
    live = [one for one in first if one["state"] == "live"]
    if not live:
        return faults + ["no article is public"]
    folder = Path(live[0]["source"]).parent
    (site / folder / "quite-new.md").write_text('+++\ntitle = "Quite new"\ndate = 2026-11-24T12:30:00Z\n+++\n\nThe tide is out.\n')
    run([DATELINE, "build", "--root", site, "--now", LATER])
    come = {path: poll(path)[0] for path in paths}
    if not any(come.values()):
        faults.append(f"no reader gets the new article of {folder}")
    for path, ids in come.items():
        if len(ids) > 1:
            faults.append(f"{path}: one article came, and a reader sees {sorted(ids)}")
    served.server.shutdown()
    print(f"{len(paths)} feeds followed, {sum(bool(ids) for ids in come.values())} of them with one new article")
    return faults


def finish(faults):
    for fault in faults:
        print(f"FAILED: {fault}")
    sys.exit(1 if faults else 0)


def scratch():
    return tempfile.TemporaryDirectory(prefix="import-")


def source(kind):
    return REPOSITORY / "tests/imports" / kind


def write(root, files):
    """Writes `files`, path to text or bytes, into the folder `root`."""
    for path, content in files.items():
        place = Path(root) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            place.write_bytes(content)
        else:
            place.write_text(content.removeprefix("\n"))
    return Path(root)
