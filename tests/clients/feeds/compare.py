"""Reads every RSS and Atom feed below a folder with feedparser (PyPI), and compares it with the JSON Feed beside it:
the same entries in the same order, with the same ids, titles, links and dates to the second. `validate.sh` calls this."""

import calendar
import datetime
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from needs import use_python_packages  # noqa: E402

if not use_python_packages(feedparser="feedparser==6.0.12"):
    sys.exit(0)
import feedparser  # noqa: E402


def instant(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def main(folder):
    feeds = wrong = 0
    feedparser.api.SANITIZE_HTML = False
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if not str(document.get("version", "")).startswith("https://jsonfeed.org/"):
            continue
        expected = [
            (item["id"], item["title"], item["url"], instant(item["date_published"]), instant(item["date_modified"]))
            for item in document["items"]
        ]
        for sibling in sorted(path.parent.glob("*.xml")):
            parsed = feedparser.parse(sibling.read_bytes(), sanitize_html=False)
            if not parsed.version:
                continue
            feeds += 1
            atom = parsed.version.startswith("atom")
            found = [
                (
                    entry.id,
                    entry.title,
                    entry.link,
                    calendar.timegm(entry.published_parsed),
                    calendar.timegm(entry.updated_parsed),
                )
                for entry in parsed.entries
            ]
            complaints = []
            if parsed.bozo:
                complaints.append(f"feedparser is not happy: {parsed.get('bozo_exception')}")
            if found != expected:
                complaints += [f"{a} is not {b}" for a, b in zip(found, expected) if a != b]
                complaints.append(f"{len(found)} entries, {len(expected)} in JSON")
            newest = max((one[4] for one in expected), default=None)
            if atom and newest is not None and calendar.timegm(parsed.feed.updated_parsed) != newest:
                complaints.append("the feed's own date is not that of its newest change")
            for complaint in complaints:
                print(f"{sibling}: {complaint}")
            wrong += bool(complaints)
    print(f"{feeds} feeds read, {wrong} wrong")
    return 1 if wrong or not feeds else 0


sys.exit(main(sys.argv[1]))
