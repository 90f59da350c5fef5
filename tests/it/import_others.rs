//! Moving in from Hexo, Astro and Nikola.

use crate::import_hugo::{entries, findings, import, import_of, source};
use crate::site::{Files, Site, text};
use serde_json::Value;

/// The new site of `kind`, its output and the report; its feed has exactly `live`: path, date and title, with the permalink
/// as id.
fn moved(kind: &str, base: &str, live: &[(&str, &str, &str)]) -> (Site, Files, Value) {
    let (site, report) = import(kind, &source(kind), &[]);
    let files = site.built();
    let found = entries(&files, "feed.json");
    assert_eq!(found.len(), live.len(), "{kind}: {found:?}");
    for (path, date, title) in live {
        let url = format!("{base}{path}");
        assert_eq!(
            found.get(&url),
            Some(&((*title).to_owned(), (*date).to_owned(), url.clone())),
            "{kind}: {found:?}"
        );
    }
    (site, files, report)
}

fn has_no(files: &Files, words: &[&str]) {
    for word in words {
        assert!(!files.values().any(|bytes| String::from_utf8_lossy(bytes).contains(word)), "{word}");
    }
}

#[test]
fn posts_of_hexo_keep_address_id_date_and_title() {
    let live = [
        ("/2021/03/04/crane/", "2021-03-04T10:20:30+01:00", "Der Kran"),
        ("/2021/05/06/ferry/", "2021-05-06T00:10:00+02:00", "Die F\u{e4}hre"),
    ];
    let (site, files, report) = moved("hexo", "https://hafen.example", &live);
    for path in ["about/index.html", "2021/05/06/ferry/quay.svg", "images/quay.svg"] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(text(&files, "atom.xml").contains("<id>https://hafen.example/</id>"));
    has_no(&files, &["Entwurf", "Ohne Datum", "Verborgen"]);
    assert_eq!(findings(&report, "held", "draft").len(), 3);
    assert_eq!(findings(&report, "lost", "shortcode").len(), 1);
    let crane = std::fs::read_to_string(site.path("content/posts/crane.md")).unwrap();
    for part in [
        "[die F\u{e4}hre](</2021/05/06/ferry/>)",
        "```js\nlift();\n```",
        "{% <quote by=\"Jens Petersen\"> %}",
        "categories = [\"Bau\", \"Hafen\"]",
        "updated = 2021-04-01T08:00:00+02:00",
    ] {
        assert!(crane.contains(part), "{part}\n{crane}");
    }
}

#[test]
fn entries_of_astro_keep_address_id_date_and_title() {
    let live = [
        ("/blog/first-walk/", "2022-07-08T00:00:00Z", "First walk"),
        ("/blog/second/", "2022-08-01T09:30:00+02:00", "Second walk"),
    ];
    let (site, files, report) = moved("astro", "https://mole.example", &live);
    for path in ["about/index.html", "assets/quay.svg", "favicon.svg", "rss.xml"] {
        assert!(files.contains_key(path), "{path}");
    }
    has_no(&files, &["Unfinished"]);
    assert_eq!(findings(&report, "lost", "component").len(), 1);
    let second = std::fs::read_to_string(site.path("content/blog/second.md")).unwrap();
    assert!(second.contains("watch?v=abc123") && !second.contains("import "), "{second}");
    let first = std::fs::read_to_string(site.path("content/blog/first walk.md")).unwrap();
    for part in [
        "![The light](/assets/quay.svg)",
        "image = \"/assets/quay.svg\"",
        "date = 2022-07-08",
        "updated = 2022-07-10",
    ] {
        assert!(first.contains(part), "{part}\n{first}");
    }
}

#[test]
fn posts_of_nikola_keep_address_id_date_and_title() {
    let live = [
        ("/posts/crane-day/", "2021-03-04T10:20:30+01:00", "The crane: a day"),
        ("/posts/ferry/", "2021-07-01T09:00:00+02:00", "The ferry"),
    ];
    let (site, files, report) = moved("nikola", "https://tide.example", &live);
    for path in ["about/index.html", "images/quay.svg", "keys.txt", "rss.xml"] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(text(&files, "old.html").contains("/posts/crane-day/"));
    has_no(&files, &["Kept", "Unfinished"]);
    assert_eq!(findings(&report, "held", "draft").len(), 2);
    assert_eq!(findings(&report, "lost", "format").len(), 1);
    let crane = std::fs::read_to_string(site.path("content/posts/crane.md")).unwrap();
    for part in ["watch?v=abc123", "summary = \"It turned.\"", "tags = [\"cranes\", \"low water\"]"] {
        assert!(crane.contains(part), "{part}\n{crane}");
    }
}

#[test]
fn posts_of_eleventy_keep_address_id_date_and_title() {
    let live = [
        ("/blog/first-stone/", "2021-03-04T00:00:00Z", "The first stone"),
        ("/blog/2021-05-06-wave/", "2021-05-06T00:00:00Z", "A wave"),
        ("/odd/own.html", "2021-06-01T10:00:00+02:00", "An address of its own"),
    ];
    let (site, files, report) = moved("eleventy", "https://breakwater.example", &live);
    for path in ["about/index.html", "img/quay.svg", "humans.txt", "feed/feed.xml"] {
        assert!(files.contains_key(path), "{path}");
    }
    has_no(&files, &["Unfinished", "No page"]);
    assert_eq!(findings(&report, "held", "draft").len(), 2);
    assert_eq!(findings(&report, "lost", "shortcode").len(), 1);
    let stone = std::fs::read_to_string(site.path("content/blog/first-stone.md")).unwrap();
    for part in [
        "[the wave](/blog/2021-05-06-wave/)",
        "says Breakwater.",
        "{% <note kind=\"note\"> %}\nMind the gap.\n{% </note> %}",
        "summary = \"It was heavy.\"",
        "tags = [\"stones\"]",
    ] {
        assert!(stone.contains(part), "{part}\n{stone}");
    }
}

#[test]
fn an_import_that_was_cut_short_goes_on() {
    let (whole, _) = import("hugo", &source("hugo"), &[]);
    let whole = crate::site::tree(whole.0.path());
    for call in [1, 2, 5, 9, 30, 60, 90] {
        let site = Site(tempfile::TempDir::new().unwrap());
        let from = source("hugo");
        let from = from.to_str().unwrap();
        let arguments = ["import", "hugo", from, "--into", "new", "--now", crate::site::NOW];
        let killed = site.command(&arguments).env("DATELINE_FAULT", format!("kill:{call}")).output().unwrap();
        assert!(!killed.status.success(), "call {call}");
        let again = site.command(&arguments).output().unwrap();
        assert!(again.status.success(), "call {call}: {}", String::from_utf8_lossy(&again.stderr));
        assert_eq!(crate::site::tree(&site.path("new")), whole, "call {call}");
    }
}

#[test]
fn dates_of_hexo_are_the_clock_of_yaml_in_the_zone_of_the_site() {
    let dates = [
        // An offset does not count: the clock in UTC is taken for one of the site.
        ("2018-03-06T23:30:00+09:00", "2018-03-06T14:30:00-05:00"),
        ("'2018-03-06T23:30:00+09:00'", "2018-03-06T23:30:00+09:00"),
        ("2018-07-06 10:00:00", "2018-07-06T10:00:00-04:00"),
        ("2018-07-06", "2018-07-06T00:00:00-04:00"),
        ("2018/07/06 10:00:00", "2018-07-06T10:00:00-04:00"),
        // Summer time begins at 7:00 UTC: at 6:18 UTC it is winter yet.
        ("2020-03-08 06:18:00", "2020-03-08T07:18:00-04:00"),
    ];
    let posts: Vec<(String, String)> = dates
        .iter()
        .enumerate()
        .map(|(at, (date, _))| {
            (format!("source/_posts/p{at}.md"), format!("---\ntitle: P{at}\ndate: {date}\n---\nText.\n"))
        })
        .collect();
    let config = (
        "_config.yml",
        "title: Keel\nurl: https://keel.example\ntimezone: America/New_York\npermalink: :title/\n",
    );
    let mut files = vec![config];
    files.extend(posts.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let (site, _) = import_of("hexo", &files);
    let found = entries(&site.built(), "feed.json");
    for (at, (date, expected)) in dates.iter().enumerate() {
        assert_eq!(found[&format!("https://keel.example/p{at}/")].1, *expected, "{date}");
    }
}

#[test]
fn terms_and_tags_of_hexo_are_as_hexo_writes_them() {
    let (site, _) = import_of(
        "hexo",
        &[
            (
                "_config.yml",
                "title: Keel\nurl: https://keel.example\ntimezone: UTC\npermalink: :category/:title.html\nfilename_case: 1\ntag_dir: t\n",
            ),
            (
                "source/_posts/a.md",
                "---\ntitle: A day\ndate: 2021-01-02\ntags: [\u{dc}ber uns]\ncategories: [Sea Side, Boats]\n---\nText.\n",
            ),
            (
                "source/_posts/b.md",
                "---\ntitle: B\ndate: 2021-01-03\n---\n{% post_link a %} {% asset_img q.svg A quay %}\n",
            ),
        ],
    );
    let files = site.built();
    for path in [
        "sea-side/boats/a.html",
        "t/uber-uns/index.html",
        "categories/sea-side/boats/index.html",
        "categories/boats/index.html",
    ] {
        assert!(files.contains_key(path), "{path}: {:?}", files.keys());
    }
    let page = text(&files, "uncategorized/b.html");
    assert!(page.contains(">A day</a>") && !page.contains("<figcaption>"), "{page}");
}

#[test]
fn feeds_of_astro_are_as_long_and_of_the_collections_that_their_endpoint_says() {
    let post = |day: u32| {
        format!("---\ntitle: P{day}\npubDate: 2021-01-{day:02}\n---\nText.\n\n{{/* Nobody sees this. */}}\n")
    };
    let (first, second, third) = (post(1), post(2), post(3));
    let (site, _) = import_of(
        "astro",
        &[
            (
                "astro.config.mjs",
                "export default defineConfig({ site: 'https://mole.example', redirects: { '/old': '/blog/p1', '/x': { status: 302, destination: '/blog/p2' } } });",
            ),
            ("src/pages/blog/[...slug].astro", "---\n---\n"),
            ("src/pages/notes/[...slug].astro", "---\n---\n"),
            (
                "src/pages/feed.xml.js",
                "import rss from '@astrojs/rss';\nexport const GET = async (c) => rss({ items: (await getCollection(\"blog\")).slice(0, 1), trailingSlash: false });",
            ),
            ("src/content/blog/p1.mdx", &first),
            ("src/content/blog/p2.md", &second),
            ("src/content/notes/p3.md", &third),
        ],
    );
    let files = site.built();
    let found: Vec<String> = entries(&files, "feed.json").into_keys().collect();
    assert_eq!(found, ["https://mole.example/blog/p2"]);
    assert_eq!(files["feed.xml"], files["rss.xml"]);
    assert!(
        text(&files, "old/index.html").contains("/blog/p1/")
            && text(&files, "x/index.html").contains("/blog/p2/")
    );
    assert!(!text(&files, "blog/p1/index.html").contains("Nobody sees this"));
}

#[test]
fn feeds_of_terms_of_nikola_go_on_where_they_were() {
    let (site, _) = import_of(
        "nikola",
        &[
            (
                "conf.py",
                "SITE_URL = \"https://tide.example/\"\nBLOG_TITLE = \"Tide\"\nTIMEZONE = \"UTC\"\nPOSTS = ((\"posts/*.md\", \"posts\", \"post.tmpl\"),)\nGENERATE_ATOM = True\n",
            ),
            (
                "posts/a.md",
                "<!--\n.. title: A\n.. date: 2021-01-02 10:00\n.. tags: C++, Low Water\n.. category: Sea\n.. author: Ada Brook\n-->\n\nThe HTML.\n\n*[HTML]: Hypertext\n",
            ),
        ],
    );
    let files = site.built();
    for path in [
        "categories/c++.xml",
        "categories/low-water.atom",
        "categories/cat_sea.xml",
        "authors/ada-brook.xml",
        "index.atom",
    ] {
        assert!(text(&files, path).contains("https://tide.example/posts/a/"), "{path}");
    }
    for path in ["categories/c++/index.html", "categories/cat_sea/index.html"] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(text(&files, "posts/a/index.html").contains("<abbr title=\"Hypertext\">HTML</abbr>"));
}

#[test]
fn feeds_and_data_of_the_starter_of_eleventy_are_read() {
    let config = "export default function(c) {\n  c.addPassthroughCopy({ \"./public/\": \"/\" }).addPassthroughCopy(\"./content/blog/**/*.svg\");\n  c.addPlugin(feedPlugin, { type: \"atom\", outputPath: \"/feed/feed.xml\", collection: { name: \"posts\", limit: 2 }, metadata: { title: \"Breakwater\", base: \"https://breakwater.example/\" } });\n}\nexport const config = { markdownTemplateEngine: \"njk\", dir: { input: \"content\" } };\n";
    let post = |day: u32, more: &str| {
        format!("---\ntitle: P{day}\ndate: 2021-01-{day:02}\n{more}---\nText {{# Nobody sees this. #}}\n")
    };
    let (one, two, three) = (
        post(1, ""),
        post(
            2,
            "permalink: \"/{{ page.date.getFullYear() }}/{{ page.date | date: '%m' }}/{{ title | slugify }}/\"\n",
        ),
        post(3, "tags: [\u{dc}ber & uns]\n"),
    );
    let (site, report) = import_of(
        "eleventy",
        &[
            ("eleventy.config.js", config),
            (
                "content/blog/blog.11tydata.js",
                "export default {\n\ttags: [\n\t\t\"posts\"\n\t],\n\t\"layout\": \"post.njk\",\n};\n",
            ),
            (
                "content/tags.njk",
                "---\npagination: {data: collections, size: 1, alias: tag}\npermalink: /tags/{{ tag | slugify }}/\n---\n",
            ),
            ("content/blog/p1.md", &one),
            ("content/blog/p2.md", &two),
            ("content/blog/p3/p3.md", &three),
            ("content/blog/p3/quay.svg", "<svg/>"),
            ("public/a.txt", "a"),
        ],
    );
    let files = site.built();
    let found: Vec<String> = entries(&files, "feed.json").into_keys().collect();
    assert_eq!(found, ["https://breakwater.example/2021/01/p2/", "https://breakwater.example/blog/p3/"]);
    for path in
        ["feed/feed.xml", "blog/p3/quay.svg", "a.txt", "blog/p1/index.html", "tags/ueber-and-uns/index.html"]
    {
        assert!(files.contains_key(path), "{path}: {:?}", files.keys());
    }
    assert!(!text(&files, "blog/p1/index.html").contains("Nobody sees this"));
    assert_eq!(findings(&report, "lost", "folder-data").len(), 0);
}
