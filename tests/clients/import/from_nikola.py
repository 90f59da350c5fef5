#!/usr/bin/env python3
"""Builds sites of Nikola with Nikola itself, imports them, and compares: articles, titles, instants, ids and addresses in
every feed, the words of every text, old addresses. Then a reader follows the feeds from the old site to the new one. Needs
Nikola's package of PyPI.

    tests/clients/python.sh import/from_nikola.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from compared import FEEDPARSER, compare_addresses, compare_feeds, compare_pages, finish, follow, moved, run, scratch, write
from needs import skip, use_python_packages
from prose import PICTURE, articles

if not use_python_packages(nikola="nikola==8.3.3", jinja2="jinja2==3.1.6", ruamel="ruamel.yaml==0.18.6", feedparser=FEEDPARSER):
    skip("nikola", "pip install nikola==8.3.3 jinja2==3.1.6 ruamel.yaml==0.18.6")

CONFIG = """
import time

BLOG_AUTHOR = "Wilma Hansen"
BLOG_TITLE = "Tide book"
SITE_URL = "https://tide.example/"
BASE_URL = "https://tide.example/"
BLOG_EMAIL = "wilma@tide.example"
BLOG_DESCRIPTION = "High and low"
DEFAULT_LANG = "en"
THEME = "base"
TIMEZONE = "Europe/Zurich"
POSTS = (
    ("posts/*.md", "posts", "post.tmpl"),
    ("posts/*.html", "posts", "post.tmpl"),
    ("notes/*.md", "notes", "post.tmpl"),
)
PAGES = (
    ("pages/*.md", "", "page.tmpl"),
)
COMPILERS = {"markdown": (".md",), "html": (".html",)}
FILES_FOLDERS = {"files": ""}
SHOW_SOURCELINK = False
COPY_SOURCES = False
INDEX_DISPLAY_POST_COUNT = 5
EXTRA_THEMES_DIRS = []
GENERATE_RSS = True
RSS_LINKS_APPEND_QUERY = False
FEED_LINKS_APPEND_QUERY = False
"""
SITES = {
    "usual": 'FEED_LENGTH = 15\nREDIRECTIONS = [("old.html", "/posts/plain/")]\n',
    "own": 'PRETTY_URLS = False\nGENERATE_ATOM = True\nTAG_PATH = "tags"\nFEED_LENGTH = 10\n'
    'CATEGORY_PREFIX = "cat_"\n',
}
POST = """<!doctype html><html><head><title>x</title><meta property="og:title" content="${post.title()|h}">
<meta property="article:published_time" content="${post.date.isoformat()}">
<meta property="article:modified_time" content="${post.updated.isoformat()}"></head>
<body><div class="text">${post.text()}</div></body></html>
"""


def post(head, body):
    lines = "".join(f".. {line}\n" for line in head.strip().splitlines())
    return f"<!--\n{lines}-->\n\n{body.strip()}\n"


# Each has something that sites of Nikola have.
SPECIAL = {
    "posts/plain.md": post("title: Plain: a day\ndate: 2018-03-04 05:06:07", "A time in the zone of the site."),
    "posts/day.md": post("title: Only a day\ndate: 2018-03-05", "A day."),
    "posts/zoned.md": post("title: With a zone\ndate: 2018-03-06 23:30:00 UTC-07:00\nupdated: 2018-04-01 08:00", "A time with an offset."),
    "posts/iso.md": post("title: With T\ndate: 2018-03-07T10:00:00Z", "ISO 8601."),
    "posts/slugged.md": post("title: A slug\nslug: another-name\ndate: 2018-03-08 10:00", "By its slug."),
    "posts/guid.md": post("title: An id\nguid: urn:tide:17\ndate: 2018-03-09 10:00", "An id of its own."),
    "posts/draft.md": post("title: Draft\nstatus: draft\ndate: 2018-03-10 10:00", "Not yet."),
    "posts/private.md": post("title: Private\nstatus: private\ndate: 2018-03-11 10:00", "For some."),
    "posts/tagged-draft.md": post("title: Tagged\ntags: draft, people\ndate: 2018-03-12 10:00", "Not yet."),
    "posts/later.md": post("title: Later\ndate: 2099-03-12 10:00", "Much later."),
    "posts/featured.md": post("title: Featured\nstatus: featured\ndate: 2018-03-13 10:00", "First."),
    "posts/Words-Ümlaut.md": post('title: Ümläut & "quotes"\ndate: 2018-03-14 10:00\ntags: C++, Über uns\ncategory: Sea Side', "Umlauts in the name."),
    "posts/bare.md": ".. title: Without a comment\n.. date: 2018-03-15 10:00\n\nA head that is no comment.\n",
    "posts/in-html.html": post("title: In HTML\ndate: 2018-03-16 10:00", "<p>A post in <b>HTML</b>.</p>"),
    "posts/yaml.md": "---\ntitle: In YAML\ndate: 2018-03-17 10:00\ntags: people, low water\nslug: in-yaml\n---\nA head in YAML.\n",
    "posts/meta.md": "The fields are in a file beside it.\n",
    "posts/meta.meta": ".. title: Beside\n.. slug: meta\n.. date: 2018-03-18 10:00\n",
    "notes/note.md": post("title: A note\ndate: 2018-03-19 10:00\nauthor: Ada Brook", "In another folder."),
    "posts/teaser.md": post("title: Teaser\ndate: 2018-03-20 10:00\ndescription: A line about it.", "The first part.\n\n<!-- TEASER_END -->\n\nThe second part."),
    "posts/codes.md": post(
        "title: Shortcodes\ndate: 2018-03-21 10:00",
        """
See [the note](link://slug/note) and [the folder](link://filename/posts/plain.md).

![quay](/images/quay.svg)

{{% raw %}}{{% shown %}}{{% /raw %}}

```python
tide = 1
```

A note.[^1] The HTML is old.

Term
:   What it means

*[HTML]: Hypertext

[^1]: The text of the note.
""",
    ),
}


def generated(place, one):
    head = [f"title: {one.title}", f"date: {one.when:%Y-%m-%d %H:%M:%S}" + (" UTC+01:00" if place % 2 else "")]
    head += [f"tags: {', '.join(one.tags)}"] if one.tags else []
    head += [f"category: {one.category}"] if place % 3 else []
    head += [f"author: {one.author}"] if place % 4 == 0 else []
    return post("\n".join(head), one.text)


def check(name, folder):
    root = Path(folder) / name / "source"
    posts = {f"posts/{one.slug}.md": generated(place, one) for place, one in enumerate(articles(30, 41))}
    german = {
        "posts/plain.de.md": post("title: Schlicht: ein Tag\nslug: schlicht", "Deutsch."),
        "posts/day.de.md": post("title: Nur ein Tag", "Auch deutsch."),
    }
    write(root, {
        **posts, **SPECIAL, **(german if name == "languages" else {}),
        "conf.py": CONFIG + SITES[name],
        "pages/about.md": post("title: About", "About us."),
        "pages/imprint.md": post("title: Imprint\nslug: who-we-are", "Wilma."),
        "images/quay.svg": PICTURE,
        "files/keys.txt": "x\n",
        "templates/post.tmpl": POST,
        "templates/page.tmpl": "<html><body>${post.text()}</body></html>\n",
    })
    run([Path(sys.executable).with_name("nikola"), "build", "-v", "0"], cwd=root)
    old = Path(folder) / name / "old"
    (root / "output").rename(old)
    new, _ = moved("nikola", root, Path(folder) / name)
    lists = ["/page", "/index-", "/archive", "/categories/", "/tags/", "/authors/", "/20", "/galleries/", "/listings/"]
    # Pages to which nothing led.
    hidden = ["posts/draft", "posts/private", "posts/tagged-draft", "posts/later"]
    lists += [f"/{page}" for page in hidden]
    faults = compare_pages(old, new, without=hidden) + compare_feeds(old, new) + compare_addresses(old, new, lists) + follow(old, new)
    return [f"{name}: {fault}" for fault in faults]


with scratch() as place:
    finish([fault for name in SITES for fault in check(name, place)])
