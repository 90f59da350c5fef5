#!/usr/bin/env python3
"""Builds sites of Hexo with Hexo itself (with hexo-generator-feed), imports them, and compares: articles, titles, instants,
ids and addresses in every feed, the words of every text, old addresses. Then a reader follows the feeds from the old site to
the new one. Needs packages of npm.

    tests/clients/python.sh import/from_hexo.py
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from compared import FEEDPARSER, compare_addresses, compare_feeds, compare_pages, finish, follow, moved, run, scratch, write
from needs import TOOLS, has_npm_packages, skip, use_python_packages
from prose import PICTURE, articles

PACKAGES = {
    "hexo": "8.1.2",
    "hexo-generator-feed": "3.0.0",
    "hexo-generator-archive": "2.0.0",
    "hexo-generator-category": "2.0.0",
    "hexo-generator-index": "4.0.0",
    "hexo-generator-tag": "2.0.0",
    "hexo-generator-alias": "1.0.0",
    "hexo-renderer-ejs": "2.0.0",
    "hexo-renderer-marked": "7.0.1",
}
if not use_python_packages(feedparser=FEEDPARSER):
    skip("feedparser", f"pip install {FEEDPARSER}")
if not has_npm_packages(*(f"{name}@{version}" for name, version in PACKAGES.items())):
    sys.exit(0)

# Hexo makes addresses in the zone of the machine, so that has to be the one of the site.
ZONE = "America/New_York"
CONFIG = """
title: Keel
subtitle: Boats and people
author: Wilma Hansen
language: en
timezone: America/New_York
url: https://keel.example
theme: plain
updated_option: date
future: false
per_page: 5
syntax_highlighter: ""
pretty_urls: {trailing_index: true, trailing_html: true}
"""
# Each site has a configuration of its own beside that.
SITES = {
    "usual": "permalink: :year/:month/:day/:title/\nfeed: {type: atom, path: atom.xml, limit: 20}\npost_asset_folder: true\n",
    "own": "permalink: :category/:year/:name.html\nroot: /log/\nurl: https://keel.example/log\nfeed: {type: [atom, rss2], path: [atom.xml, rss2.xml], limit: 0}\n"
    "tag_dir: t\ncategory_dir: c\nfilename_case: 1\n",
}
POST = """<!doctype html><html><head><title>x</title><meta property="og:title" content="<%= page.title %>">
<meta property="article:published_time" content="<%= page.date.toISOString() %>">
<meta property="article:modified_time" content="<%= (page.updated || page.date).toISOString() %>"></head>
<body><div class="text"><%- page.content %></div></body></html>
"""
LIST = "<html><body><% page.posts.each(function(post) { %><a href=\"<%- url_for(post.path) %>\"><%= post.title %></a><% }) %></body></html>\n"


def post(head, body):
    return f"---\n{head.strip()}\n---\n{body.strip()}\n"


# Each has something that sites of Hexo have.
SPECIAL = {
    "plain.md": post("title: Plain\ndate: 2018-03-04 05:06:07", "A time in the zone of the site."),
    "day.md": post("title: Only a day\ndate: 2018-03-05", "A day."),
    "zoned.md": post("title: With a zone\ndate: 2018-03-06T23:30:00+09:00", "A time with an offset."),
    "slashes.md": post("title: Slashes\ndate: 2018/03/07 10:11:12\nupdated: 2018/04/01 01:02:03", "Another form."),
    "no-fence.md": "title: Without the first fence\ndate: 2018-03-08 09:00:00\n---\nA head that only ends.\n",
    "own-address.md": post("title: Own address\ndate: 2018-03-09 09:00:00\npermalink: own/address.html", "Elsewhere."),
    "alias.md": post("title: Old addresses\ndate: 2018-03-10 09:00:00\nalias: old/one/", "It lived elsewhere."),
    "hidden.md": post("title: Hidden\ndate: 2018-03-11 09:00:00\npublished: false", "Nobody sees this."),
    "later.md": post("title: Later\ndate: 2099-03-11 09:00:00", "Much later."),
    "folder/inside.md": post("title: Inside\ndate: 2018-03-12 09:00:00\ncategories: [Sea Side, Boats]", "In a folder."),
    "Words-ümlaut.md": post("title: 'Ümläut & \"quotes\"'\ndate: 2018-03-13 09:00:00\ntags: [C++, Über uns]\ncategories: Shipyard", "Umlauts in the name."),
    "many.md": post("title: Two categories\ndate: 2018-03-14 09:00:00\ncategories:\n  - [Ocean, Trench]\n  - [Shipyard]", "Two."),
    "untitled.md": post("date: 2018-03-15 09:00:00", "A post without a title."),
    "excerpt.md": post("title: Excerpt\ndate: 2018-03-16 09:00:00\ndescription: A line about it.", "The first part.\n\n<!-- more -->\n\nThe second part."),
    "bundle.md": post("title: A bundle\ndate: 2018-03-17 09:00:00", "{% asset_img quay.svg A quay %}\n\nAnd ![another](quay.svg)."),
    "bundle/quay.svg": PICTURE,
    "tags.md": post(
        "title: Tags\ndate: 2018-03-18 09:00:00\ncover: /images/quay.svg",
        """
{% post_link plain %} and {% post_link day The day %}.

{% codeblock lang:js %}
let tide = 1;
{% endcodeblock %}

{% raw %}<p>Shown: {{ this }}</p>{% endraw %}

{% blockquote Olga Stern %}
The sea is wide.
{% endblockquote %}

{% pullquote %}
A line to see.
{% endpullquote %}

{% link The harbour https://harbour.example/ %}

![quay](/images/quay.svg)
~~Gone~~ text, https://plain.example/ and a hard
break.
""",
    ),
}


def generated(place, one):
    head = [f'title: "{one.title}"', f"date: {one.when:%Y-%m-%d %H:%M:%S}"]
    head += [f"tags: [{', '.join(one.tags)}]"] if one.tags else []
    head += [f"categories: {one.category}"] if place % 3 else []
    head += [f"updated: {one.when + timedelta(days=40):%Y-%m-%d %H:%M:%S}"] if place % 5 == 0 else []
    return post("\n".join(head), one.text)


def check(name, folder):
    root = Path(folder) / name / "source"
    posts = {f"source/_posts/{one.slug}.md": generated(place, one) for place, one in enumerate(articles(40, 21))}
    special = {f"source/_posts/{path}": text for path, text in SPECIAL.items() if name == "usual" or not path.startswith(("bundle", "many"))}
    theme = {f"themes/plain/layout/{page}.ejs": LIST for page in ("index", "archive", "tag", "category")}
    write(root, {
        **posts, **special, **theme,
        "_config.yml": CONFIG.replace("url: https://keel.example\n", "" if "\nurl:" in SITES[name] else "url: https://keel.example\n") + SITES[name],
        "package.json": json.dumps({"name": "site", "version": "1.0.0", "hexo": {"version": PACKAGES["hexo"]}, "dependencies": PACKAGES}),
        "themes/plain/layout/post.ejs": POST,
        "themes/plain/layout/page.ejs": "<html><body><%- page.content %></body></html>\n",
        "source/_drafts/some-day.md": post("title: Some day", "Not yet."),
        "source/about/index.md": post("title: About\ndate: 2018-01-01", "About us."),
        "source/imprint.md": post("title: Imprint", "Wilma."),
        "source/images/quay.svg": PICTURE,
        "source/robots.txt": "User-agent: *\n",
        "source/_data/boats.yml": "- Meise\n",
    })
    (root / "node_modules").symlink_to(TOOLS / "node_modules")
    run([TOOLS / "node_modules/.bin/hexo", "generate", "--silent"], cwd=root, env={**os.environ, "TZ": ZONE})
    (root / "node_modules").unlink()
    for leftover in ("db.json",):
        (root / leftover).unlink(missing_ok=True)
    old = Path(folder) / name / "old"
    (root / "public").rename(old)
    new, _ = moved("hexo", root, Path(folder) / name)
    faults = compare_pages(old, new) + compare_feeds(old, new) + compare_addresses(old, new, ["/page/", "/archives/"]) + follow(old, new)
    return [f"{name}: {fault}" for fault in faults]


with scratch() as place:
    finish([fault for name in SITES for fault in check(name, place)])
