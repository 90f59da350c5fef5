#!/usr/bin/env python3
"""Lets a real cron publish, and reads the feeds over HTTP as a subscriber does.

    cron.py [--articles N] [--binary FILE]

Debian's cron runs the line of contrib/crontab, with this site's paths, by the real clock. The articles of the site
are due in the next minutes. cron runs in a mount namespace with its own folders (`unshare --mount`), so the
machine's crontabs neither run nor change. The script polls all feeds every two seconds with conditional requests.
Each feed must show each article once, never before its time, at most 70 s after it, and with the dates of its
source. A feed must change when an article comes out, and at no other time. The run takes as many minutes as there
are articles, and one more. It needs root, cron (Debian: cron), util-linux, and feedparser (PyPI).
"""

import argparse, functools, http.server, json, os, shlex, shutil, signal, subprocess, sys, tempfile, threading, time
import urllib.error, urllib.request
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from needs import DATELINE, REPOSITORY, has_program, skip, use_python_packages  # noqa: E402

LATEST = 70
OFFSETS = [timedelta(hours=8), timedelta(0), timedelta(hours=-3, minutes=-30)]


def prepare():
    """Ends the script where something is missing."""
    if not has_program("cron", "cron"):
        sys.exit()
    if os.geteuid() != 0:
        skip("root", "cron needs it; run this as root, for example in a container")
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
        skip("a mount namespace", "unshare --mount is not allowed here")
    if not use_python_packages(feedparser="feedparser==6.0.12"):
        sys.exit()


def lose(what):
    print(f"FAILED: {what}")
    sys.exit(1)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def crontab(root, binary):
    """The ready-made crontab, with this site's folder and this program's."""
    text = (REPOSITORY / "contrib/crontab").read_text()
    for old, new in [("cd /srv/site", f"cd {shlex.quote(str(root))}"), ("PATH=/usr/local/bin", f"PATH={binary.parent}")]:
        if old not in text:
            lose(f"contrib/crontab does not say {old}")
        text = text.replace(old, new)
    return text


def start_cron(place, table):
    """Starts cron with folders of its own. What it was started with is in the same process group."""
    write(place / "table", table)
    script = """
        set -e
        mount --make-rprivate /
        for folder in /var/spool/cron /etc/cron.d /run; do mkdir -p $folder; mount -t tmpfs tmpfs $folder; done
        mount --bind /dev/null /etc/crontab
        mkdir -m 1730 /var/spool/cron/crontabs
        chgrp crontab /var/spool/cron/crontabs
        crontab -n "$1"
        crontab "$1"
        exec cron -f -L 4
    """
    said = open(place / "cron.log", "w")
    return subprocess.Popen(["unshare", "--mount", "bash", "-c", script, "-", place / "table"], stdout=said, stderr=said, start_new_session=True)


def parse(date):
    """A date of RSS or of the others, with its offset."""
    return datetime.fromisoformat(date.replace("Z", "+00:00")) if date[:4].isdigit() else parsedate_to_datetime(date)


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Feed:
    """One feed as a subscriber knows it: what was seen, and when first."""

    def __init__(self, url):
        self.url, self.modified, self.seen, self.changes, self.polls, self.same = url, None, {}, 0, 0, 0

    def poll(self):
        """The entries, as (id, title, published, updated); `None` if nothing changed."""
        import feedparser

        self.polls += 1
        if self.url.endswith(".json"):
            request = urllib.request.Request(self.url)
            if self.modified:
                request.add_header("If-Modified-Since", self.modified)
            try:
                with urllib.request.urlopen(request) as answer:
                    self.modified = answer.headers["Last-Modified"]
                    items = json.load(answer)["items"]
                    return [(one["id"], one["title"], one["date_published"], one["date_modified"]) for one in items]
            except urllib.error.HTTPError as error:
                if error.code != 304:
                    raise
                return None
        answer = feedparser.parse(self.url, modified=self.modified)
        if answer.status == 304:
            return None
        if answer.status != 200 or answer.bozo:
            lose(f"{self.url}: {answer.status} {answer.get('bozo_exception')}")
        self.modified = answer.modified
        return [(one.id, one.title, one.published, one.updated) for one in answer.entries]

    def look(self, due, now):
        entries = self.poll()
        if entries is None:
            self.same += 1
            return
        self.changes += 1
        ids = [entry[0] for entry in entries]
        if len(set(ids)) != len(ids):
            lose(f"{self.url}: an id twice: {ids}")
        if gone := [id for id in self.seen if id not in ids]:
            lose(f"{self.url}: no longer there: {gone}")
        for id, title, published, updated in entries:
            if id in self.seen:
                if self.seen[id][1:] != (title, published, updated):
                    lose(f"{self.url}: {id} has changed")
                continue
            if any(one[1] == title for one in self.seen.values()):
                lose(f"{self.url}: {title} came again with another id")
            self.seen[id] = (now, title, published, updated)
            moment = due[title]
            if now < moment:
                lose(f"{self.url}: {title} is {moment - now} early")
            for date in published, updated:
                read = parse(date)
                if (read, read.utcoffset()) != (moment, moment.utcoffset()):
                    lose(f"{self.url}: {title} has the date {date}, and was given {moment.isoformat()}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--articles", type=int, default=3)
    parser.add_argument("--binary", type=Path, default=DATELINE)
    options = parser.parse_args()
    prepare()
    place = Path(tempfile.mkdtemp(prefix="dateline-cron-"))
    root = place / "site"
    write(root / "site.toml", 'title = "T"\nbase_url = "https://example.org/"\nauthority = "example.org"\ntimezone = "UTC"\n')
    write(root / "content/_index.md", "")
    # The first is out already; the others are due at the next full minutes.
    start = datetime.now(timezone.utc).replace(microsecond=0)
    first = start.replace(second=0) + timedelta(minutes=1 if start.second < 45 else 2)
    moments = [start - timedelta(days=1), *(first + timedelta(minutes=number) for number in range(options.articles))]
    due = {}
    for number, moment in enumerate(moments):
        moment = moment.astimezone(timezone(OFFSETS[number % len(OFFSETS)]))
        due[f"Article {number}"] = moment
        write(root / f"content/news/{number}.md", f'+++\ntitle = "Article {number}"\ndate = {moment.isoformat()}\n+++\n\nText {number}.\n')
    subprocess.run([options.binary.resolve(), "publish", "--root", root], check=True, stdout=subprocess.DEVNULL)
    handler = functools.partial(Handler, directory=str(root / "public"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    feeds = [Feed(f"http://127.0.0.1:{server.server_port}/{path}") for path in
             ["rss.xml", "atom.xml", "feed.json", "news/rss.xml", "news/atom.xml", "news/feed.json"]]
    cron = start_cron(place, crontab(root, options.binary.resolve()))
    try:
        # The last may be as late as is allowed; a minute more would bring what comes twice.
        end = moments[-1] + timedelta(seconds=LATEST)
        while (now := datetime.now(timezone.utc)) < end:
            if cron.poll() is not None:
                lose(f"cron ended: {(place / 'cron.log').read_text()}")
            for feed in feeds:
                feed.look(due, datetime.now(timezone.utc))
            time.sleep(2)
    finally:
        if cron.poll() is None:
            os.killpg(cron.pid, signal.SIGTERM)
            cron.wait()
        server.shutdown()
    latest = 0
    for feed in feeds:
        if missing := set(due) - {title for _, title, _, _ in feed.seen.values()}:
            lose(f"{feed.url}: never seen: {sorted(missing)}; cron said {(place / 'cron.log').read_text()}")
        if feed.changes != len(due):
            lose(f"{feed.url}: changed {feed.changes} times for {len(due)} articles")
        for now, title, _, _ in feed.seen.values():
            if title != "Article 0":
                latest = max(latest, (now - due[title]).total_seconds())
    if latest > LATEST:
        lose(f"the latest came after {latest:.1f} s")
    log = (root / "publish.log").read_text().splitlines()
    if log != [f"published content/news/{number}.md at /news/{number}/" for number in range(1, len(moments))]:
        lose(f"the log has {log}")
    polls, same = sum(feed.polls for feed in feeds), sum(feed.same for feed in feeds)
    shutil.rmtree(place)
    print(f"{len(due) - 1} articles in {len(feeds)} feeds, {polls} polls ({same} not modified), each seen once, none early, latest after {latest:.1f} s")


main()
