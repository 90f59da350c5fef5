#!/usr/bin/env python3
"""Builds sites of Astro with Astro itself (with @astrojs/rss and MDX), imports them, and compares: articles, titles, instants,
ids and addresses in the feed, the words of every text, old addresses. Then a reader follows the feed from the old site to the
new one. Needs packages of npm.

    tests/clients/python.sh import/from_astro.py
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
if not has_npm_packages("astro@5.18.2", "@astrojs/rss@4.0.19", "@astrojs/mdx@4.3.14"):
    sys.exit(0)

# As the template `blog` of Astro has it.
CONFIG = """
import { defineConfig } from 'astro/config';
import mdx from '@astrojs/mdx';

export default defineConfig({
  site: 'https://mole.example',
  BASE
  integrations: [mdx()],
  redirects: { '/old/walk': '/blog/day' },
});
"""
CONSTS = """
// Place any global data in this file.
export const SITE_TITLE = 'Mole';
export const SITE_DESCRIPTION = 'Walks & more';
"""
COLLECTIONS = """
import { defineCollection, z } from 'astro:content';
import { glob } from 'astro/loaders';

const blog = defineCollection({
  loader: glob({ base: './src/content/blog', pattern: '**/*.{md,mdx}' }),
  schema: ({ image }) => z.object({
    title: z.string(),
    description: z.string().optional(),
    pubDate: z.coerce.date(),
    updatedDate: z.coerce.date().optional(),
    heroImage: image().optional(),
    tags: z.array(z.string()).optional(),
    author: z.string().optional(),
    draft: z.boolean().optional(),
  }),
});
export const collections = { blog };
"""
ROUTE = """---
import { getCollection, render } from 'astro:content';
export async function getStaticPaths() {
  const posts = (await getCollection('blog')).filter((post) => !post.data.draft);
  return posts.map((post) => ({ params: { slug: post.id }, props: post }));
}
const post = Astro.props;
const { Content } = await render(post);
const { title, pubDate, updatedDate } = post.data;
---
<!doctype html><html><head><title>x</title><meta property="og:title" content={title} />
<meta property="article:published_time" content={pubDate.toISOString()} />
<meta property="article:modified_time" content={(updatedDate || pubDate).toISOString()} /></head>
<body><div class="text"><Content /></div></body></html>
"""
FEED = """
import rss from '@astrojs/rss';
import { getCollection } from 'astro:content';
import { SITE_TITLE, SITE_DESCRIPTION } from '../consts';

export async function GET(context) {
  const posts = (await getCollection('blog')).filter((post) => !post.data.draft);
  return rss({
    title: SITE_TITLE,
    description: SITE_DESCRIPTION,
    site: context.site,
    items: posts.map((post) => ({ ...post.data, link: `/PREFIXblog/${post.id}/` })),
  });
}
"""
SITES = {"usual": ("", ""), "folder": ("base: '/log/',", "log/")}


def post(head, body):
    return f"---\n{head.strip()}\n---\n{body.strip()}\n"


# Each has something that sites of Astro have.
SPECIAL = {
    "day.md": post("title: Only a day\npubDate: 2018-03-04", "A day."),
    "words.md": post("title: 'A date in words'\npubDate: 'Jul 08 2022'\nupdatedDate: 'Jul 10 2022'", "In words."),
    "long.md": post("title: 'Another date in words'\npubDate: 'September 9, 2021'", "In more words."),
    "zoned.md": post("title: With a zone\npubDate: 2018-03-06T23:30:00-07:00", "A time with an offset."),
    "time.md": post("title: A time\npubDate: 2018-03-07 10:11:12", "A time without an offset."),
    "First Walk & co.md": post("title: Blanks in the name\npubDate: 2018-03-08", "Its name has blanks."),
    "Ümläut.md": post('title: "Ümläut & \\"quotes\\""\npubDate: 2018-03-09\ntags: [C++, Über uns]', "Umlauts in the name."),
    "folder/index.md": post("title: An index\npubDate: 2018-03-10", "With ![a picture](./quay.svg) beside it."),
    "folder/quay.svg": PICTURE,
    "folder/deep.md": post("title: Deep\npubDate: 2018-03-11\ndescription: A line about it.", "Deeper."),
    "slugged.md": post("title: A slug\nslug: own-slug\npubDate: 2018-03-12", "By its slug."),
    "draft.md": post("title: Draft\ndraft: true\npubDate: 2018-03-13", "Not yet."),
    "hero.md": post("title: With a picture\nheroImage: '../../assets/quay.svg'\npubDate: 2018-03-14", "![The quay](../../assets/quay.svg)\n\n~~Gone~~ text, a note.[^1]\n\n[^1]: The text of the note."),
    "component.mdx": post(
        "title: With components\npubDate: 2018-03-15",
        """
import Note from '../../components/Note.astro';
export const boat = 'Meise';

A longer one, *with* emphasis.

<Note>
Mind the gap.
</Note>

{/* Nobody sees this. */}

<p>HTML stays.</p>

```js
const tide = { high: 1 };
```
""",
    ),
}


def generated(place, one):
    head = [f'title: "{one.title}"', f"pubDate: {one.when:%Y-%m-%dT%H:%M:%SZ}" if place % 2 else f"pubDate: {one.when:%b %d %Y}"]
    head += [f"tags: [{', '.join(one.tags)}]"] if one.tags else []
    head += [f"author: {one.author}"] if place % 4 == 0 else []
    return post("\n".join(head), one.text)


def check(name, folder):
    base, prefix = SITES[name]
    root = Path(folder) / name / "source"
    posts = {f"src/content/blog/{one.slug}.md": generated(place, one) for place, one in enumerate(articles(30, 51))}
    special = {f"src/content/blog/{path}": text for path, text in SPECIAL.items()}
    write(root, {
        **posts, **special,
        "astro.config.mjs": CONFIG.replace("BASE", base),
        "package.json": '{"name": "site", "type": "module"}\n',
        "src/consts.ts": CONSTS,
        "src/content.config.ts": COLLECTIONS,
        "src/pages/blog/[...slug].astro": ROUTE,
        "src/pages/blog/index.astro": "<html><body>All</body></html>\n",
        "src/pages/index.astro": "<html><body>Front</body></html>\n",
        "src/pages/about.md": post("title: About", "About us."),
        "src/pages/rss.xml.js": FEED.replace("PREFIX", prefix),
        "src/components/Note.astro": "<aside><slot /></aside>\n",
        "src/assets/quay.svg": PICTURE,
        "public/favicon.svg": PICTURE,
    })
    (root / "node_modules").symlink_to(TOOLS / "node_modules")
    environment = {**os.environ, "TZ": "UTC", "ASTRO_TELEMETRY_DISABLED": "1"}
    run(["node", TOOLS / "node_modules/astro/astro.js", "build", "--silent"], cwd=root, env=environment)
    (root / "node_modules").unlink()
    old = Path(folder) / name / "old"
    (root / "dist").rename(old)
    new, _ = moved("astro", root, Path(folder) / name)
    # Astro writes a heading above notes, which only screen readers see.
    faults = compare_pages(old, new, allowed=["Footnotes"]) + compare_feeds(old, new) + compare_addresses(old, new) + follow(old, new)
    return [f"{name}: {fault}" for fault in faults]


with scratch() as place:
    finish([fault for name in SITES for fault in check(name, place)])
