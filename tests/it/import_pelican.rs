//! Moving in from Pelican. What its feeds have was taken from Pelican 4.12.

use std::collections::BTreeMap;

use crate::import_hugo::{entries, findings, import, import_of, source};
use crate::site::text;

#[test]
fn articles_of_pelican_keep_address_id_date_and_title() {
    let (site, report) = import("pelican", &source("pelican"), &[]);
    let files = site.built();
    let live = [
        (
            "the-crane-the-boat-a-c-story.html",
            "2021-03-04",
            "2021-03-04T10:20:00+01:00",
            "The crane & the boat: a C++ story",
        ),
        ("ete-a-la-mer.html", "2021-07-01", "2021-07-01T23:30:00-05:00", "\u{c9}t\u{e9} \u{e0} la mer"),
        ("from-its-name.html", "2021-05-06", "2021-05-06T00:00:00+02:00", "From its name"),
        ("My-Slug.html", "2021-05-08", "2021-05-08T00:00:00+02:00", "Slugged"),
        ("own/place/", "2021-05-08", "2021-05-08T08:00:00+02:00", "A place of its own"),
        ("written-in-html.html", "2021-05-11", "2021-05-11T10:00:00+02:00", "Written in HTML"),
    ];
    let live: BTreeMap<String, (String, String, String)> = live
        .iter()
        .map(|(path, day, date, title)| {
            let id = format!("tag:pier.example,{day}:/{path}");
            (id, ((*title).to_owned(), (*date).to_owned(), format!("https://pier.example/{path}")))
        })
        .collect();
    assert_eq!(entries(&files, "feed.json"), live);
    for path in [
        "pages/about.html",
        "images/crane.svg",
        "humans.txt",
        "out-of-sight.html",
        "category/works-yard/index.html",
    ] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(text(&files, "feeds/all.atom.xml").contains("<feed"));
    assert!(text(&files, "feeds/all.rss.xml").contains("<rss"));
    assert!(text(&files, "_redirects").contains("/tag/cranes.html /tags/cranes/ 301"));
    for word in ["Unfinished", "Skipped over"] {
        assert!(!files.values().any(|bytes| String::from_utf8_lossy(bytes).contains(word)), "{word}");
    }
    assert!(!text(&files, "index.html").contains("Out of sight"));
    assert_eq!(findings(&report, "held", "draft").len(), 2);
    assert_eq!(findings(&report, "lost", "format").len(), 1);
    assert_eq!(findings(&report, "lost", "setting").len(), 1);
    let crane = std::fs::read_to_string(site.path("content/articles/crane.md")).unwrap();
    for part in [
        "[the sea](/ete-a-la-mer.html)",
        "![a crane](/images/crane.svg)",
        "categories = [\"Works Yard\"]",
        "summary = \"It *lifted* a boat.\"",
        "authors = [\"Jens Petersen\"]",
    ] {
        assert!(crane.contains(part), "{part}\n{crane}");
    }
}

#[test]
fn feeds_and_pages_of_terms_of_pelican_go_on_where_they_were() {
    let (site, _) = import_of(
        "pelican",
        &[
            (
                "pelicanconf.py",
                "AUTHOR = 'Wilma Hansen'\nSITENAME = 'Post'\nSITEURL = 'https://post.example'\nTIMEZONE = 'UTC'\nPATH = 'content'\nTAG_FEED_ATOM = 'tags/{slug}/atom.xml'\n",
            ),
            (
                "content/a.md",
                "Title: One\nDate: 2021-01-02 10:00\nCategory: Sea Side\nTags: C++\n\nThe HTML.\n\n*[HTML]: Hypertext\n",
            ),
            ("content/b.md", "Title: Two\nDate: 2021-01-03 10:00\nAuthor: Ada Brook\n\nText.\n"),
        ],
    );
    let files = site.built();
    for (feed, title) in [
        ("feeds/all.atom.xml", "Two"),
        ("feeds/all-en.atom.xml", "Two"),
        ("feeds/sea-side.atom.xml", "One"),
        ("feeds/wilma-hansen.atom.xml", "One"),
        ("feeds/wilma-hansen.rss.xml", "One"),
        ("feeds/ada-brook.atom.xml", "Two"),
    ] {
        assert!(text(&files, feed).contains(&format!("<title>{title}</title>")), "{feed}");
    }
    for page in ["category/sea-side.html", "author/wilma-hansen.html"] {
        assert!(files.contains_key(page), "{page}");
    }
    assert!(text(&files, "one.html").contains("<abbr title=\"Hypertext\">HTML</abbr>"));
}
