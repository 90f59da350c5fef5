#!/usr/bin/env python3
"""Builds sites of Jekyll with Jekyll itself (with jekyll-feed, jekyll-redirect-from and jekyll-paginate), imports them, and
compares: articles, titles, instants, ids and addresses in every feed, the words of every text, old addresses. Then a reader
follows the feeds from the old site to the new one. Needs Jekyll's packages of Debian.

    tests/clients/python.sh import/from_jekyll.py
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from compared import FEEDPARSER, compare_addresses, compare_feeds, compare_pages, finish, follow, moved, run, scratch, write
from needs import has_program, skip, use_python_packages
from prose import PICTURE, articles

if not use_python_packages(feedparser=FEEDPARSER):
    skip("feedparser", f"pip install {FEEDPARSER}")
PACKAGES = "jekyll ruby-jekyll-feed ruby-jekyll-redirect-from ruby-jekyll-paginate"
if not has_program("jekyll", PACKAGES):
    sys.exit(0)

CONFIG = """
title: Harbour diary
description: What the harbour does between two tides
url: https://diary.example
timezone: Europe/Berlin
lang: en
author: {name: Wilma Hansen, email: wilma@diary.example}
plugins: [jekyll-feed, jekyll-redirect-from, jekyll-paginate]
paginate: 5
paginate_path: /page:num/
exclude: [notes.txt]
future: false
collections:
  recipes: {output: true}
  letters: {output: true, permalink: "/post/:name/"}
feed:
  posts_limit: 25
  collections: [letters]
  tags: true
  categories: [sea, town]
defaults:
  - {scope: {path: "", type: posts}, values: {layout: post}}
  - {scope: {path: "_posts/2018", type: posts}, values: {author: Ada Brook}}
"""
POST = """<!doctype html><html><head><title>x</title>
<meta property="og:title" content="{{ page.title | escape }}">
<meta property="article:published_time" content="{{ page.date | date_to_xmlschema }}">
{% if page.last_modified_at %}<meta property="article:modified_time" content="{{ page.last_modified_at | date_to_xmlschema }}">{% endif %}
</head><body><div class="text">{{ content }}</div></body></html>
"""
LIST = """---
title: Diary
---
{% for post in paginator.posts %}<a href="{{ post.url }}">{{ post.title }}</a>{% endfor %}
"""


def post(head, body):
    return f"---\n{head.strip()}\n---\n{body.strip()}\n"


# Each has something that sites of Jekyll have.
SPECIAL = {
    "_posts/2018/2018-01-02-from-a-folder.md": post("title: From a folder", "Of a year's folder, by Ada."),
    "_posts/2018/2018-02-03-no-title-here.md": post("tags: [people]", "A post without a title."),
    "sea/_posts/2018-03-04-Of_The_Sea.md": post("title: 'Of the sea: \"deep\"'\ntags: people", "A category by its folder."),
    "sea/deep/_posts/2018-03-05-two-folders.md": post("title: Two folders\ncategories: [town]", "Three categories."),
    "_posts/2018-04-05-own-address.md": post("title: Own address\npermalink: /own/address/\nredirect_from: [/old/a/, /old/b.html, older]", "It has *an address* of its own."),
    "_posts/2018-05-06-own-pattern.md": post("title: Own pattern\npermalink: /:year/:i_month/:title\ncategory: Works", "A pattern of its own."),
    "_posts/2018-06-07-other-slug.md": post("title: Other slug\nslug: quite-another", "The slug is in the front matter."),
    "_posts/2018-07-08-utc.md": post("title: A time in YAML\ndate: 2018-07-08 23:30:00", "A time without quotes is UTC."),
    "_posts/2018-07-09-quoted.md": post('title: A time in quotes\ndate: "2018-07-09 23:30:00"', "A time in quotes is local."),
    "_posts/2018-07-10-offset.md": post("title: A time with offset\ndate: 2018-07-10 23:30:00 -0700\nlast_modified_at: 2018-08-01", "It has an offset."),
    "_posts/2018-07-11-minutes.md": post("title: A time of minutes\ndate: 2018-07-11 08:05", "Without seconds."),
    "_posts/2018-7-2-short-name.md": post("title: Short name", "A name with short numbers."),
    "_posts/2018-08-09-hidden.md": post("title: Hidden\npublished: false", "Nobody sees this."),
    "_posts/2018-08-10-draft.md": post("title: A draft by its field\ndraft: true", "Not yet."),
    "_posts/2099-01-01-later.md": post("title: Later", "Much later."),
    "_drafts/some-day.md": post("title: Some day", "Not yet."),
    "_posts/2018-09-01-words-and-ümläut.md": post("title: Words & Ümläut <em>here</em>\ntags: [C++, Über uns]\ncategories: sea town", "Umlauts in the name."),
    "_posts/2018-09-02-excerpt.md": post("title: With an excerpt\nexcerpt_separator: <!--more-->\ndescription: A line about it.", "The first part.\n\n<!--more-->\n\nThe second part."),
    "_posts/2018-09-03-html-post.html": post("title: In HTML\nauthor: Jens Petersen", "<p>A post in <b>HTML</b>.</p>\n<p>And more.</p>"),
    "_posts/2018-10-01-liquid.md": post(
        "title: Liquid\nboat: Meise\nimage: /assets/quay.svg",
        """
The {{ page.boat }} is {{ page.title | downcase }} at {{ site.title }}.

{% highlight ruby %}
puts "tide"
{% endhighlight %}

{% raw %}`{{ shown }}` and {{ this }} too{% endraw %}

{% include figure.html src="/assets/quay.svg" caption="At noon" %}

{% comment %}Nobody sees this.{% endcomment %}
See [the folder]({% post_url 2018/2018-01-02-from-a-folder %}), [about]({% link about.md %}), ![quay]({{ '/assets/quay.svg' | relative_url }})
and [the list]({{ site.baseurl }}/).

```liquid
{% raw %}{% if a %}{{ b }}{% endif %}{% endraw %}
```
""",
    ),
    "_posts/2018-10-02-kramdown.md": post(
        "title: Only kramdown\nlast_modified_at: 2018-10-05 10:00:00 +02:00",
        """
* toc
{:toc}

## Tides {#high}

A lead.
{: .lead}

A note.[^1] See [below][ref], and [a button](/about/){: .button}.

Term
: What it means

| a | b |
|---|---|
| 1 | 2 |
{: .table}

[^1]: The text of the note.
[ref]: /about/ "About"

*[HTML]: Hypertext
HTML is here. ~~Gone~~ text -- and a dash.
""",
    ),
    "_letters/first-letter.md": post("title: First letter\ndate: 2020-02-03 10:00:00 +0000\nlayout: post", "A letter in a feed of its own."),
    "_letters/second-letter.md": post("title: Second letter\ndate: 2020-03-04\nlayout: post", "Another letter."),
    "_recipes/soup.md": post("title: Soup", "Fish and water."),
    "about.md": post("title: About\npermalink: /about/", "About the diary."),
    "contact.html": post("title: Contact", "<p>Write to us.</p>"),
    "notes.txt": "not copied\n",
    "assets/quay.svg": PICTURE,
    "_includes/figure.html": '<figure><img src="{{ include.src }}"><figcaption>{{ include.caption }}</figcaption></figure>\n',
    "_layouts/post.html": POST,
    "index.html": LIST,
}


def generated(place, one):
    """A post as `place`, with front matter in one of several styles."""
    name = f"_posts/{one.when:%Y-%m-%d}-{one.slug}.{'markdown' if place % 9 == 0 else 'md'}"
    head = [f'title: "{one.title}"']
    head += [f"date: {one.when:%Y-%m-%d %H:%M:%S} +0100"] if place % 2 else []
    head += [f"tags: [{', '.join(one.tags)}]"] if one.tags else []
    head += [f"categories: [{one.category}]"] if place % 3 else []
    head += [f"author: {one.author}"] if place % 4 else []
    head += [f"redirect_from: /old/{place}/"] if place % 5 == 0 else []
    return name, post("\n".join(head), one.text)


def check(name, more, folder):
    root, old = Path(folder) / name / "source", Path(folder) / name / "old"
    posts = dict(generated(place, one) for place, one in enumerate(articles(50, 7)))
    write(root, {**SPECIAL, **posts, "_config.yml": CONFIG + more})
    run(["jekyll", "build", "--quiet", "--source", root, "--destination", old, "--disable-disk-cache"], env=ENVIRONMENT)
    new, _ = moved("jekyll", root, Path(folder) / name)
    # The draft was a page, though in no feed. Addresses without an ending are folders. A list of contents is not kept, nor is
    # what abbreviations mean a word of the text.
    faults = compare_pages(old, new, allowed=["Tides"], without=["draft"], folders=True) + compare_feeds(old, new) + compare_addresses(old, new, ["/page", "/draft"])
    faults += follow(old, new)
    return [f"{name}: {fault}" for fault in faults]


ENVIRONMENT = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
with scratch() as place:
    every = check("dates", "", place)
    every += check("pretty", "permalink: pretty\nbaseurl: /log\n", place)
    every += check("own", 'permalink: "/:categories/:year/:month/:slug.html"\nexcerpt_separator: "<!--cut-->"\n', place)
    finish(every)
