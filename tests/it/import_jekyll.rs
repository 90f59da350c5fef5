//! Moving in from Jekyll.

use std::collections::BTreeMap;

use tempfile::TempDir;

use crate::import_hugo::{entries, findings, import, import_into, import_of, source};
use crate::site::{Site, text};

const BASE: &str = "https://diary.example/log";

/// The entries that the plugin `jekyll-feed` makes of the posts, by Jekyll's rules: address, id, date and title.
const LIVE: [(&str, &str, &str, &str); 5] = [
    (
        "/works/2021/03/04/crane.html",
        "/works/2021/03/04/crane",
        "2021-03-04T00:00:00+01:00",
        "The crane moves",
    ),
    (
        "/sea/2021/05/06/Night_Ferry.html",
        "/sea/2021/05/06/Night_Ferry",
        "2021-05-06T09:08:09+02:00",
        "Night ferry returns",
    ),
    ("/2021/07/02/three-words.html", "/2021/07/02/three-words", "2021-07-01T23:30:00-05:00", "Three words"),
    ("/2021/at-ten/", "/2021/local", "2021-08-01T10:00:00+02:00", "At ten o'clock"),
    ("/2021/08/02/other-name.html", "/2021/08/02/other-name", "2021-08-02T10:00:00+02:00", "In quotes"),
];

#[test]
fn posts_of_jekyll_keep_address_id_date_and_title() {
    let (site, _) = import("jekyll", &source("jekyll"), &[]);
    let files = site.built();
    let found = entries(&files, "feed.json");
    let live: BTreeMap<String, (String, String, String)> = LIVE
        .iter()
        .map(|(url, id, date, title)| {
            (format!("{BASE}{id}"), ((*title).to_owned(), (*date).to_owned(), format!("{BASE}{url}")))
        })
        .collect();
    assert_eq!(found, live);
    for path in [
        "about/index.html",
        "kitchen/fish-soup/index.html",
        "blog/index.html",
        "assets/img/crane.svg",
        "index.html",
    ] {
        assert!(files.contains_key(path), "{path}");
    }
    let feed = text(&files, "feed.xml");
    assert!(feed.contains("<feed") && feed.contains("<id>https://diary.example/log/feed.xml</id>"), "{feed}");
    for old in ["old/crane/index.html", "crane.html"] {
        assert!(text(&files, old).contains("/works/2021/03/04/crane.html"), "{old}");
    }
}

#[test]
fn nothing_of_jekyll_becomes_public_that_was_not() {
    let (site, report) = import("jekyll", &source("jekyll"), &[]);
    let files = site.built();
    for word in ["Not yet", "Never shown", "When was it", "A plan", "Kept back", "rubygems"] {
        assert!(!files.values().any(|bytes| String::from_utf8_lossy(bytes).contains(word)), "{word}");
    }
    assert_eq!(findings(&report, "held", "draft").len(), 3);
    assert_eq!(findings(&report, "held", "future").len(), 1);
    assert_eq!(findings(&report, "held", "collection").len(), 1);
}

#[test]
fn texts_of_jekyll_are_texts_of_dateline() {
    let (site, report) = import("jekyll", &source("jekyll"), &[]);
    let crane = std::fs::read_to_string(site.path("content/posts/2021-03-04-crane.md")).unwrap();
    for part in [
        "The crane lifted the Meise.",
        "## Tides {#high}",
        "[the ferry](/sea/2021/05/06/Night_Ferry.html)",
        "[about us](/about/)",
        "![a crane](/assets/img/crane.svg)",
        "```ruby\nputs \"tide\"\n```",
        "`{{ shown }}`",
        "{{ <figure src=\"/assets/img/crane.svg\" alt=\"At noon\" caption=\"At noon\" /> }}",
        "[Gist wilma/17](<https://gist.github.com/wilma/17>)",
        "summary = \"The crane lifted the Meise.\"",
        "authors = [\"jens\"]",
        "tags = [\"cranes\", \"low-water\"]",
    ] {
        assert!(crane.contains(part), "{part}\n{crane}");
    }
    assert!(!crane.contains("toc") && !crane.contains("{:"), "{crane}");
    assert_eq!(findings(&report, "lost", "shortcode").len(), 1);
    let settings = std::fs::read_to_string(site.path("site.toml")).unwrap();
    for part in [
        "description = \"Notes from the harbour\"",
        "timezone = \"Europe/Berlin\"",
        "posts = \"/{yyyy}/{mm}/{dd}/{slug}.html\"",
        "[authors.jens]",
        "page_size = 6",
        "url = \"/blog/\"",
        "colour = \"teal\"",
    ] {
        assert!(settings.contains(part), "{part}\n{settings}");
    }
}

/// A site of Jekyll with these files beside a configuration with `settings`.
fn made(settings: &str, files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let site = Site(folder);
    site.write("_config.yml", format!("title: T\nurl: https://t.example\n{settings}"));
    files.iter().for_each(|(path, text)| site.write(path, text));
    site.0
}

#[test]
fn every_style_of_permalink_is_kept() {
    for (settings, files, page) in [
        ("", "2020/02/03/a-b.html", "about.html"),
        ("permalink: pretty\n", "2020/02/03/a-b/index.html", "about/index.html"),
        ("permalink: none\n", "a-b.html", "about.html"),
        ("permalink: ordinal\n", "2020/034/a-b.html", "about.html"),
        ("permalink: /blog/:year/:title/\n", "blog/2020/a-b/index.html", "about/index.html"),
        ("permalink: /:categories/:title:output_ext\n", "a-b.html", "about.html"),
    ] {
        let source = made(
            &format!("timezone: UTC\n{settings}"),
            &[
                ("_posts/2020-02-03-a-b.md", "---\ntitle: A\n---\nText\n"),
                ("about.md", "---\ntitle: About\n---\nText\n"),
            ],
        );
        let (site, _) = import("jekyll", source.path(), &[]);
        let output = site.built();
        assert!(output.contains_key(files), "{settings}: {:?}", output.keys());
        assert!(output.contains_key(page), "{settings}: {:?}", output.keys());
    }
}

#[test]
fn a_zone_that_nobody_set_is_told() {
    let source = made("", &[("_posts/2020-02-03-a.md", "---\ntitle: A\n---\nText\n")]);
    let (_, report) = import("jekyll", source.path(), &[]);
    assert_eq!(findings(&report, "changed", "timezone").len(), 1);
}

#[test]
fn hostile_names_and_links_stay_outside() {
    let source = made(
        "timezone: UTC\n",
        &[
            (
                "_posts/2020-02-03-a.md",
                "---\ntitle: A\npermalink: /../../etc/passwd\nredirect_from: /../x\n---\nText\n",
            ),
            (
                "_posts/2020-02-04-b.md",
                "---\ntitle: \"B\\u0007\"\npermalink: \"/a\\u0000b\"\nimage: ../../../secret.png\n---\n{% include ../../x %}\n",
            ),
            ("_posts/2020-02-05-c.md", &format!("---\ntitle: C\n---\n{}\n", "{% a %}".repeat(20_000))),
            ("page.html", "---\n---\n<p>x</p>"),
        ],
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", source.path().join("secret.txt")).unwrap();
    let site = Site(TempDir::new().unwrap());
    let report = import_into(&site, "jekyll", source.path(), &["--into", "new"]);
    let outside: Vec<_> =
        std::fs::read_dir(site.0.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(outside, ["new"]);
    assert!(!site.path("new/static/secret.txt").exists());
    #[cfg(unix)]
    assert_eq!(findings(&report, "lost", "no-file").len(), 1);
    let _ = report;
}

#[test]
fn the_kind_is_found_and_an_unknown_folder_is_refused() {
    for kind in ["hugo", "zola", "jekyll", "pelican", "eleventy", "hexo", "astro", "nikola"] {
        let (_, report) = import("auto", &source(kind), &["--dry-run"]);
        assert_eq!(report["kind"], kind);
    }
    let empty = TempDir::new().unwrap();
    let site = Site(TempDir::new().unwrap());
    for (kind, from, code) in [
        ("auto", empty.path(), "import::unknown"),
        ("jekyll", empty.path(), "import::kind"),
        ("hugo", std::path::Path::new("/nowhere"), "import::unreadable"),
        ("hugo", site.0.path(), "import::inside"),
    ] {
        let output =
            site.command(&["import", kind, from.to_str().unwrap(), "--format", "json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{kind}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["problems"][0]["code"], code);
    }
}

#[test]
fn all_feeds_of_the_plugin_of_jekyll_go_on() {
    let config = "title: Diary\nurl: https://diary.example\ntimezone: Europe/Berlin\ncollections:\n  letters: {output: true}\nfeed:\n  collections: [letters]\n  tags: true\n  categories: [sea]\n";
    let (site, _) = import_of(
        "jekyll",
        &[
            ("_config.yml", config),
            ("_posts/2021-01-02-a.md", "---\ntitle: A\ntags: [Cranes]\ncategories: [sea]\n---\nText.\n"),
            ("_letters/b.md", "---\ntitle: B\ndate: 2021-01-03\n---\nText.\n"),
        ],
    );
    let files = site.built();
    let ids = |feed: &str| entries(&files, feed).into_keys().collect::<Vec<_>>();
    assert_eq!(ids("feed.json"), ["https://diary.example/sea/2021/01/02/a"]);
    assert_eq!(ids("letters/feed.json"), ["https://diary.example/letters/b"]);
    for (feed, title) in
        [("feed.xml", "A"), ("feed/by_tag/Cranes.xml", "A"), ("feed/sea.xml", "A"), ("feed/letters.xml", "B")]
    {
        assert!(text(&files, feed).contains(&format!("<title>{title}</title>")), "{feed}");
    }
}

#[test]
fn addresses_of_jekyll_without_an_ending_stay_with_and_without_it() {
    let (site, _) = import_of(
        "jekyll",
        &[
            (
                "_config.yml",
                "title: Diary\nurl: https://diary.example\ntimezone: UTC\npermalink: /:year/:title\n",
            ),
            ("_posts/2021-01-02-a.md", "---\ntitle: A\n---\nText.\n"),
            ("contact.md", "---\ntitle: Contact\n---\nText.\n"),
        ],
    );
    let files = site.built();
    for (page, old) in [("2021/a/index.html", "2021/a.html"), ("contact/index.html", "contact.html")] {
        assert!(files.contains_key(page), "{page}");
        assert!(text(&files, old).contains(page.trim_end_matches("index.html")), "{old}");
    }
}

#[test]
fn definitions_of_kramdown_stay_what_they_are() {
    let body = "HTML is old.[^1] See [below][ref].\n\n[^1]: A note.\n[ref]: /about/\n*[HTML]: Hypertext\n";
    let (site, _) = import_of(
        "jekyll",
        &[
            ("_config.yml", "title: Diary\nurl: https://diary.example\ntimezone: UTC\n"),
            ("_posts/2021-01-02-a.md", &format!("---\ntitle: A\n---\n{body}")),
        ],
    );
    let page = text(&site.built(), "2021/01/02/a.html");
    for part in ["<abbr title=\"Hypertext\">HTML</abbr> is old.", "<a href=\"/about/\">below</a>"] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("*[HTML]") && !page.contains("[ref]"), "{page}");
}
