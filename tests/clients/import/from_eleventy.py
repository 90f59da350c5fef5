#!/usr/bin/env python3
"""Builds sites of Eleventy with Eleventy itself (with its plugin of feeds), imports them, and compares: articles, titles,
instants, ids and addresses in every feed, the words of every text, old addresses. Then a reader follows the feeds from the
old site to the new one. Needs packages of npm.

    tests/clients/python.sh import/from_eleventy.py
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from compared import FEEDPARSER, compare_addresses, compare_feeds, compare_pages, finish, follow, moved, run, scratch, write
from needs import TOOLS, has_npm_packages, skip, use_python_packages
from prose import PICTURE, articles

if not use_python_packages(feedparser=FEEDPARSER):
    skip("feedparser", f"pip install {FEEDPARSER}")
if not has_npm_packages("@11ty/eleventy@3.1.8", "@11ty/eleventy-plugin-rss@3.0.0", "@11ty/eleventy-plugin-syntaxhighlight@5.0.2"):
    sys.exit(0)

# As the starter of Eleventy has it: the feeds by the plugin, and drafts by a preprocessor.
CONFIG = """
import { feedPlugin } from "@11ty/eleventy-plugin-rss";
import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";

export default async function(eleventyConfig) {
  eleventyConfig.addPreprocessor("drafts", "*", (data, content) => {
    if (data.draft) { return false; }
  });
  eleventyConfig.addPassthroughCopy({ "./public/": "/" }).addPassthroughCopy("./content/blog/**/*.svg");
  eleventyConfig.addPlugin(syntaxHighlight);
  eleventyConfig.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed/feed.xml",
    stylesheet: "pretty.xsl",
    collection: { name: "posts", limit: 10 },
    metadata: {
      language: "en",
      title: "Breakwater",
      subtitle: "Stones and waves.",
      base: "https://breakwater.example/",
      author: { name: "Wilma Hansen" }
    }
  });
  eleventyConfig.addPlugin(feedPlugin, {
    type: "json",
    outputPath: "/feed/feed.json",
    collection: { name: "posts", limit: 10 },
    metadata: { title: "Breakwater", base: "https://breakwater.example/", author: { name: "Wilma Hansen" } }
  });
  eleventyConfig.addFilter("readableDate", (date) => date.toISOString());
  eleventyConfig.addPairedShortcode("callout", (content) => `<aside class="callout">${content}</aside>`);
  eleventyConfig.addShortcode("figure", (src, alt) => `<figure><img src="${src}" alt="${alt}"></figure>`);
}
export const config = {
  templateFormats: ["md", "njk", "html", "liquid", "11ty.js"],
  markdownTemplateEngine: "njk",
  htmlTemplateEngine: "njk",
  dir: { input: "content", includes: "../_includes", data: "../_data", output: "_site" },
};
"""
METADATA = """
export default {
  title: "Breakwater",
  url: "https://breakwater.example/",
  language: "en",
  description: "Stones and waves.",
  author: { name: "Wilma Hansen", email: "wilma@breakwater.example", url: "https://breakwater.example/about/" }
}
"""
# An older site: CommonJS, a template that makes the feed, data of folders in JSON.
OLD_CONFIG = """
const pluginRss = require("@11ty/eleventy-plugin-rss");
module.exports = function(eleventyConfig) {
  eleventyConfig.addPlugin(pluginRss.default || pluginRss);
  eleventyConfig.addPassthroughCopy("src/img");
  eleventyConfig.addShortcode("year", () => "2026");
  eleventyConfig.addPairedShortcode("callout", (content) => `<aside>${content}</aside>`);
  eleventyConfig.addShortcode("figure", (src, alt) => `<figure><img src="${src}" alt="${alt}"></figure>`);
  return { dir: { input: "src", output: "_site" }, markdownTemplateEngine: "njk" };
};
"""
OLD_FEED = """---
permalink: /rss.xml
eleventyExcludeFromCollections: true
---
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{{ site.title }}</title><link>{{ site.url }}</link>
<description>{{ site.description }}</description>
{%- for post in collections.post | reverse %}
{%- set absolutePostUrl = post.url | absoluteUrl(site.url) %}
<item><title>{{ post.data.title }}</title><link>{{ absolutePostUrl }}</link><pubDate>{{ post.date | dateToRfc822 }}</pubDate>
<guid>{{ absolutePostUrl }}</guid><description>{{ post.templateContent | htmlToAbsoluteUrls(absolutePostUrl) }}</description></item>
{%- endfor %}
</channel></rss>
"""
POST = """<!doctype html><html><head><title>x</title><meta property="og:title" content="{{ title }}">
<meta property="article:published_time" content="{{ page.date.toISOString() }}"></head>
<body><div class="text">{{ content | safe }}</div></body></html>
"""
TAGS = """---
pagination: {data: collections, size: 1, alias: tag, filter: [all, posts, post]}
permalink: /tags/{{ tag | slugify }}/
---
<h1>{{ tag }}</h1>{% for post in collections[tag] %}<a href="{{ post.url }}">{{ post.data.title }}</a>{% endfor %}
"""
LIST = """---
title: Breakwater
pagination: {data: collections.COLLECTION, size: 5, alias: posts}
---
{% for post in posts %}<a href="{{ post.url }}">{{ post.data.title }}</a>{% endfor %}
"""


def post(head, body):
    return f"---\n{head.strip()}\n---\n{body.strip()}\n"


# Each has something that sites of Eleventy have.
SPECIAL = {
    "2018-03-04-from-a-name.md": post("title: From a name", "The date is in the name."),
    "2018-04-05-both.md": post("title: Both\ndate: 2018-04-06", "The field counts."),
    "zoned.md": post("title: With a zone\ndate: 2018-05-06T23:30:00-07:00", "A time with an offset."),
    "quoted.md": post('title: "In \\"quotes\\" & more"\ndate: "2018-05-07"', "A date in quotes."),
    "local.md": post("title: Without a zone\ndate: 2018-05-08 21:15:00", "A time without an offset is UTC."),
    "own.md": post("title: An address of its own\ndate: 2018-06-01\npermalink: /odd/{{ page.fileSlug }}.html", "Elsewhere."),
    "slugged.md": post("title: Ümläut & co\ndate: 2018-06-02\npermalink: \"/blog/{{ title | slugify }}/\"", "By its title."),
    "dated-address.md": post("title: By its date\ndate: 2018-06-03\npermalink: \"/{{ page.date.getFullYear() }}/by-date/\"", "By its date."),
    "no-page.md": post("title: No page\ndate: 2018-06-04\npermalink: false", "Only in collections."),
    "unlisted.md": post("title: Unlisted\ndate: 2018-06-05\neleventyExcludeFromCollections: true", "It has a page, and is in no feed."),
    "draft.md": post("title: Draft\ndate: 2018-06-06\ndraft: true", "Not yet."),
    "bundle/bundle.md": post("title: A bundle\ndate: 2018-07-01\ntags: stones", "With ![a picture](quay.svg) beside it."),
    "bundle/quay.svg": PICTURE,
    "folder/index.md": post("title: An index\ndate: 2018-07-02", "A folder of its own."),
    "folder/sub/deep.md": post("title: Deep\ndate: 2018-07-03\ntags: [stones, Waves & more]", "Deeper."),
    "in-html.html": post("title: In HTML\ndate: 2018-07-04", "<p>A post in <b>HTML</b>, says {{ title }}.</p>"),
    "tags.md": post(
        "title: Tags and values\ndate: 2018-08-01\nboat: Meise\ndescription: A line about it.",
        """
The {{ boat }} is here. {{ title }}, of [the first]({{ "/blog/from-a-name/" | url }}).

{% figure "/img/quay.svg", "A quay" %}

{% raw %}Shown: {{ this }} and {% that %}{% endraw %}

{% callout %}
Mind the *gap*.
{% endcallout %}

{# Nobody sees this. #}
~~Gone~~ <kbd>x</kbd> and https://plain.example/ stay.
""",
    ),
}


def generated(place, one, extra):
    head = [f'title: "{one.title}"', f"date: {one.when:%Y-%m-%dT%H:%M:%SZ}" if place % 2 else f"date: {one.when:%Y-%m-%d}"]
    tags = [tag for tag in one.tags if tag != "Über uns"]
    head += [f"tags: [{', '.join(tags + extra)}]"] if tags or extra else []
    head += [f"author: {one.author}"] if place % 3 else []
    return post("\n".join(head), one.text)


def starter():
    # The plugin of highlighting wraps words of code, and none of them is lost.
    posts = {f"content/blog/{one.slug}.md": generated(place, one, []) for place, one in enumerate(articles(40, 11))}
    special = {f"content/blog/{name}": text for name, text in SPECIAL.items()}
    return {
        **posts, **special,
        "eleventy.config.js": CONFIG,
        "package.json": '{"type": "module"}\n',
        "_data/metadata.js": METADATA,
        "_includes/post.njk": POST,
        "content/blog/blog.11tydata.js": 'export default {\n  tags: [\n    "posts"\n  ],\n  "layout": "post.njk",\n};\n',
        "content/index.njk": LIST.replace("COLLECTION", "posts"),
        "content/tags.njk": TAGS,
        "content/about.md": post("title: About", "About the breakwater."),
        "content/contact/index.md": post("title: Contact", "Write to us."),
        "public/img/quay.svg": PICTURE,
        "public/humans.txt": "Wilma\n",
    }


def older():
    posts = {f"src/posts/{one.when:%Y-%m-%d}-{one.slug}.md": generated(place, one, ["post"]) for place, one in enumerate(articles(30, 12))}
    special = {f"src/posts/{name}": text for name, text in SPECIAL.items() if name not in ("draft.md", "no-page.md", "bundle/quay.svg")}
    return {
        **posts, **special,
        ".eleventy.js": OLD_CONFIG,
        "src/_data/site.json": '{"title": "Old Breakwater", "url": "https://breakwater.example", "description": "Stones.", "lang": "de"}\n',
        "src/_includes/post.njk": POST,
        "src/posts/posts.json": '{"layout": "post.njk", "tags": ["post"], "permalink": "/posts/{{ page.fileSlug }}/index.html"}\n',
        "src/index.njk": LIST.replace("COLLECTION", "post"),
        "src/tags.njk": TAGS,
        "src/feed.njk": OLD_FEED,
        "src/about.md": post("title: About\npermalink: /about.html", "About us."),
        "src/img/quay.svg": PICTURE,
    }


def check(name, files, folder):
    root = Path(folder) / name / "source"
    old = root / "_site"
    write(root, files)
    (root / "node_modules").symlink_to(TOOLS / "node_modules")
    run(["node", TOOLS / "node_modules/@11ty/eleventy/cmd.cjs", "--quiet"], cwd=root, env={**os.environ, "TZ": "Europe/Berlin"})
    (root / "node_modules").unlink()
    new, _ = moved("eleventy", root, Path(folder) / name)
    faults = compare_pages(old, new) + compare_feeds(old, new) + compare_addresses(old, new, [f"/{number}/" for number in range(1, 20)]) + follow(old, new)
    return [f"{name}: {fault}" for fault in faults]


with scratch() as place:
    finish(check("starter", starter(), place) + check("older", older(), place))
