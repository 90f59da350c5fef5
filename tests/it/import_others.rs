//! Moving in from Hexo, Astro and Nikola.

use crate::import_hugo::{entries, findings, import, source};
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
        ("/blog/wave/", "2021-05-06T00:00:00Z", "A wave"),
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
        "[the wave](/blog/wave/)",
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
