//! Moving in from Hugo. What its pages and feeds have was taken from Hugo 0.168.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::site::{Files, NOW, Site, json, text, tree};

/// The source of a generator in `tests/imports/`.
pub fn source(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/imports").join(kind)
}

/// An empty folder, and the report of an import into it.
pub fn import(kind: &str, from: &Path, more: &[&str]) -> (Site, Value) {
    let site = Site(TempDir::new().unwrap());
    let report = import_into(&site, kind, from, more);
    (site, report)
}

/// The import of a source that has these `files`.
pub fn import_of(kind: &str, files: &[(&str, &str)]) -> (Site, Value) {
    let folder = TempDir::new().unwrap();
    for (path, content) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, content).unwrap();
    }
    import(kind, folder.path(), &[])
}

/// The report of an import into the folder of `site`.
pub fn import_into(site: &Site, kind: &str, from: &Path, more: &[&str]) -> Value {
    let from = from.to_str().unwrap();
    let mut command = site.command(&["import", kind, from, "--now", NOW, "--format", "json"]);
    let output = command.args(more).output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{shown}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The entries of the JSON Feed `path`: id, title, date and address, by id.
pub fn entries(files: &Files, path: &str) -> BTreeMap<String, (String, String, String)> {
    let feed = json(files, path);
    let entry = |one: &Value| {
        let get = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        (get("id"), (get("title"), get("date_published"), get("url")))
    };
    feed["items"].as_array().unwrap().iter().map(entry).collect()
}

/// The findings of `report` with this outcome and code, as `file:line text`.
pub fn findings(report: &Value, outcome: &str, code: &str) -> Vec<String> {
    let groups = report["groups"].as_array().unwrap().iter();
    let group = groups.filter(|one| one["outcome"] == outcome && one["code"] == code);
    let lines = group.flat_map(|one| one["findings"].as_array().unwrap());
    lines
        .map(|one| {
            format!("{}:{} {}", one["file"].as_str().unwrap(), one["line"], one["text"].as_str().unwrap())
        })
        .collect()
}

const BASE: &str = "https://harbour.example/blog";

/// The entries of Hugo's own feed: address, date and title.
const LIVE: [(&str, &str, &str); 7] = [
    ("/posts/night-ferry/", "2021-05-06T07:08:09+09:00", "Night ferry returns"),
    ("/weird/x.html", "2021-09-02T00:00:00+02:00", "Its own address"),
    ("/2021/09/its-a-note-c-you/", "2021-09-01T06:00:00+02:00", "It's a note: C++ & you"),
    ("/posts/drafts/harbour-plans/", "2021-08-02T00:00:00+02:00", "Drafts of a harbour"),
    ("/posts/three-words--more/", "2021-07-01T23:30:00-05:00", "Three words, and more"),
    ("/posts/crane/", "2021-03-04T00:00:00+01:00", "The crane moves again"),
    ("/posts/embargoed/", "2021-03-03T12:00:00+01:00", "Two dates"),
];

#[test]
fn articles_of_hugo_keep_address_id_date_and_title() {
    let (site, _) = import("hugo", &source("hugo"), &[]);
    let files = site.built();
    let found = entries(&files, "feed.json");
    let wanted: BTreeMap<String, (String, String, String)> = LIVE
        .iter()
        .map(|(path, date, title)| {
            let url = format!("{BASE}{path}");
            (url.clone(), ((*title).to_owned(), (*date).to_owned(), url))
        })
        .collect();
    assert_eq!(found, wanted);
    for (path, ..) in LIVE {
        let file = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        assert!(files.contains_key(file.trim_start_matches('/')), "{path}");
    }
    for path in [
        "about/index.html",
        "posts/index.html",
        "posts/night-ferry/quay.svg",
        "img/crane.svg",
        "tags/c++/index.html",
    ] {
        assert!(files.contains_key(path), "{path}");
    }
    // The feeds of Hugo, where they were.
    for feed in ["index.xml", "posts/index.xml", "tags/ferries/index.xml", "categories/works/index.xml"] {
        assert!(text(&files, feed).contains("<rss"), "{feed}");
    }
    for (old, new) in [("2021/crane.html", "/posts/crane/"), ("posts/old-crane/index.html", "/posts/crane/")]
    {
        assert!(text(&files, old).contains(new), "{old}");
    }
}

#[test]
fn nothing_of_hugo_becomes_public_that_was_not() {
    let (site, report) = import("hugo", &source("hugo"), &[]);
    let files = site.built();
    for word in ["Not yet", "Unfinished", "For members", "No page", "Inherits a draft"] {
        let is_there = files.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(word));
        assert!(!is_there, "{word}");
    }
    assert_eq!(findings(&report, "held", "draft").len(), 4);
    assert_eq!(findings(&report, "held", "future").len(), 1);
    assert_eq!(report["unpublished"], 5);
}

#[test]
fn texts_of_hugo_are_texts_of_dateline() {
    let (site, report) = import("hugo", &source("hugo"), &[]);
    let crane = std::fs::read_to_string(site.path("content/posts/crane.md")).unwrap();
    for part in [
        "It lifted the Meise first.",
        "{{ <figure src=\"/img/crane.svg\" alt=\"A crane\" caption='The crane at \"noon\"' credit=\"W. Hansen\" /> }}",
        "[the ferry](/posts/night-ferry/)",
        "[about us](/about/#people)",
        "[the ferry by its path](/posts/night-ferry/)",
        "fmt.Println(\"{{< figure src=\"a.png\" >}}\")",
        "<embed url=\"https://www.youtube.com/watch?v=abc123\" title=\"The crane turns\" from=\"YouTube\" />",
        "```sh\nlift --slowly boat\n```",
        "<!-- tidechart days=\"3\" -->",
        "tags = [\"Cranes\", \"Low water\", \"C++\"]",
        "authors = [\"Jens Petersen\"]",
        "summary = \"After a long winter the crane turned. It lifted the Meise first.\"",
    ] {
        assert!(crane.contains(part), "{part}\n{crane}");
    }
    assert_eq!(
        findings(&report, "lost", "shortcode"),
        [
            "content/posts/crane.md:32 nothing says the same as `tidechart`: it was left out, with a comment in its place"
        ]
    );
    let files = site.built();
    let page = text(&files, "posts/crane/index.html");
    assert!(page.contains("The crane turns"));
    // A date of a day is one again.
    assert!(crane.contains("\ndate = 2021-03-04\n"), "{crane}");
}

#[test]
fn explain_has_the_date_as_hugo_had_it() {
    let (site, _) = import("hugo", &source("hugo"), &[]);
    let output = site.command(&["explain", "posts/embargoed.md", "--now", NOW]).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    let line = "imported   published \u{201c}2021-03-03 12:00:00\u{201d} in content/posts/embargoed.md:4: `publishDate` of the front matter; without an offset it is in Europe/Berlin, by `timeZone` of hugo.toml";
    assert!(shown.contains(line), "{shown}");
    assert!(shown.contains("https://harbour.example/blog/posts/embargoed/ (ledger.jsonl:"), "{shown}");
}

#[test]
fn a_publication_after_an_import_is_no_news_to_subscribers() {
    let (site, _) = import("hugo", &source("hugo"), &[]);
    let before = site.built();
    let mended = std::fs::read_to_string(site.path("content/posts/crane.md"))
        .unwrap()
        .replace("<!-- tidechart days=\"3\" -->", "Tides.");
    site.write("content/posts/crane.md", mended);
    let output = site.command(&["publish", "--now", NOW]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let after = site.output();
    assert_eq!(entries(&before, "feed.json"), entries(&after, "feed.json"));
    let dates = |files: &Files| {
        json(files, "feed.json")["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["date_modified"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(dates(&before), dates(&after));
    let ledger = std::fs::read_to_string(site.path("ledger.jsonl")).unwrap();
    assert!(ledger.contains("\"substance\"") && ledger.contains("\"import\""), "{ledger}");
}

#[test]
fn a_second_import_changes_nothing_and_a_file_that_is_there_stays() {
    let (site, first) = import("hugo", &source("hugo"), &[]);
    let before = tree(site.0.path());
    let again = import_into(&site, "hugo", &source("hugo"), &[]);
    assert_eq!(tree(site.0.path()), before);
    assert_eq!(
        (again["new"].as_array().unwrap().len(), again["same"].as_u64().unwrap() as usize),
        (0, first["new"].as_array().unwrap().len())
    );
    site.write("content/about.md", "mine");
    std::fs::remove_file(site.path("content/posts/crane.md")).unwrap();
    let third = import_into(&site, "hugo", &source("hugo"), &[]);
    assert_eq!(third["kept"], serde_json::json!(["content/about.md"]));
    assert_eq!(third["new"], serde_json::json!(["content/posts/crane.md"]));
    assert_eq!(std::fs::read_to_string(site.path("content/about.md")).unwrap(), "mine");
}

#[test]
fn a_dry_run_writes_nothing() {
    let (site, report) = import("hugo", &source("hugo"), &["--dry-run"]);
    assert!(tree(site.0.path()).is_empty());
    assert!(report["new"].as_array().unwrap().len() > 20);
    assert_eq!(report["dry_run"], true);
}

#[test]
fn the_ids_of_a_live_feed_count() {
    let feed = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Q</title><link>https://harbour.example/blog/</link><description>d</description>
<item><title>The crane moves again</title><link>https://harbour.example/blog/posts/crane/</link><guid isPermaLink="false">post-17</guid><pubDate>Thu, 04 Mar 2021 00:00:00 +0100</pubDate></item>
<item><title>Night ferry returns</title><link>https://elsewhere.example/n</link><guid isPermaLink="false">post-18</guid><pubDate>Wed, 05 May 2021 22:08:09 GMT</pubDate></item>
<item><title>Nobody knows this</title><link>https://harbour.example/blog/nothing/</link><guid>x</guid><pubDate>Wed, 05 May 2021 22:08:09 GMT</pubDate></item>
</channel></rss>"#;
    let site = Site(TempDir::new().unwrap());
    site.write("live.xml", feed);
    let report = import_into(&site, "hugo", &source("hugo"), &["--live-feed", "live.xml"]);
    let found = entries(&site.built(), "feed.json");
    assert_eq!(found["post-17"].0, "The crane moves again");
    assert_eq!(found["post-18"].0, "Night ferry returns");
    assert_eq!(findings(&report, "changed", "live-id").len(), 2);
    assert_eq!(findings(&report, "lost", "live-entry").len(), 1);
}
