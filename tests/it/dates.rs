//! All dates of an article, in every output.

use chrono::DateTime;

use crate::site::{Site, text};

#[test]
fn the_dates_are_those_of_the_rules_in_every_output() {
    let files = Site::copy("mixed").built();
    // Path of the page, published and updated as dates.md gives them.
    for (page, published, updated) in [
        ("news/toml/", "2014-02-14T14:47:00+08:00", "2014-02-15T00:00:00+08:00"),
        ("news/yaml/", "2014-02-14T14:47:00+08:00", "2014-02-14T14:47:00+08:00"),
        ("news/json/", "2014-02-13T23:10:00+08:00", "2014-02-13T23:10:00+08:00"),
        ("news/by-path/", "2014-02-12T00:00:00+08:00", "2014-02-12T00:00:00+08:00"),
        ("news/quay/", "2014-02-11T08:00:00Z", "2014-02-11T08:00:00Z"),
        ("wires/ferry/", "2014-02-14T14:47:00+08:00", "2014-02-15T09:05:00+08:00"),
        ("html/", "2014-01-01T12:00:00Z", "2014-01-01T12:00:00Z"),
    ] {
        let url = format!("https://mixed.example.org/{page}");
        let html = text(&files, &format!("{page}index.html"));
        assert!(html.contains(&format!("article:published_time\" content=\"{published}\"")), "{page} {html}");
        assert!(html.contains(&format!("article:modified_time\" content=\"{updated}\"")), "{page}");
        assert!(
            html.contains(&format!("\"datePublished\":\"{published}\",\"dateModified\":\"{updated}\"")),
            "{page}"
        );
        assert!(
            html.contains(&format!("class=\"published dt-published\" datetime=\"{published}\"")),
            "{page}"
        );
        assert_eq!(
            html.contains(&format!("class=\"updated dt-updated\" datetime=\"{updated}\"")),
            updated != published,
            "{page}"
        );
        assert!(
            text(&files, "sitemap.xml").contains(&format!("<loc>{url}</loc><lastmod>{updated}</lastmod>")),
            "{page}"
        );
        let instant = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        for name in ["rss.xml", "atom.xml", "feed.json"] {
            let feed = feed_rs::parser::parse(files[name].as_slice()).unwrap();
            let entry = feed.entries.iter().find(|entry| entry.links.iter().any(|link| link.href == url));
            assert_eq!(entry.unwrap().published, Some(instant(published)), "{name} {page}");
            let modified = text(&files, name);
            assert!(
                modified.contains(updated) || modified.contains(&updated.replace('Z', "+00:00")),
                "{name} {page}"
            );
        }
    }
}

/// Hong Kong kept local mean time, 7 h 36 min 42 s ahead of Greenwich, until October 1904. RFC 3339 and
/// RFC 2822 have no seconds in an offset.
#[test]
fn local_mean_time_is_written_as_utc() {
    let article =
        "+++\ntitle = \"The noon gun\"\ndate = 1902-06-01T12:00:00\ntimezone = \"Asia/Hong_Kong\"\n+++\n";
    let site = Site::new(&[("content/gun.md", article)]);
    let files = site.built();
    assert!(text(&files, "rss.xml").contains("<pubDate>Sun, 01 Jun 1902 04:23:18 +0000</pubDate>"));
    assert!(text(&files, "atom.xml").contains("<published>1902-06-01T04:23:18+00:00</published>"));
    assert!(text(&files, "feed.json").contains("\"date_published\":\"1902-06-01T04:23:18Z\""));
    assert!(text(&files, "sitemap.xml").contains("<lastmod>1902-06-01T04:23:18Z</lastmod>"));
    let html = text(&files, "gun/index.html");
    assert!(html.contains("class=\"published dt-published\" datetime=\"1902-06-01T04:23:18Z\""), "{html}");
    assert!(html.contains("\"datePublished\":\"1902-06-01T04:23:18Z\""), "{html}");
    // People read their author's clock.
    assert!(html.contains(">1 June 1902, 12:00</time>"), "{html}");
}

/// A day before a zone's standard time is that day in ids, permalinks, archives and for people.
#[test]
fn a_day_of_local_mean_time_is_that_day_everywhere() {
    let site = Site::new(&[
        (
            "content/fair.md",
            "+++\ntitle = \"The fair\"\ndate = 1905-03-01\ntimezone = \"Europe/Paris\"\n+++\n",
        ),
        (
            "content/gun.md",
            "+++\ntitle = \"The gun\"\ndate = 1902-01-01\ntimezone = \"Asia/Hong_Kong\"\n+++\n",
        ),
    ]);
    let toml = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\ntimezone = \"Europe/Paris\"\n[permalinks]\ndefault = \"/{yyyy}/{mm}/{dd}/{slug}/\"\n";
    site.write("site.toml", toml);
    let files = site.built();
    assert!(text(&files, "1905/03/01/fair/index.html").contains(">1 March 1905</time>"));
    assert!(text(&files, "1902/01/01/gun/index.html").contains(">1 January 1902</time>"));
    assert!(text(&files, "feed.json").contains("\"tag:example.org,1905-03-01:fair\""));
    assert!(text(&files, "archive/1905/03/index.html").contains("March 1905"));
    assert!(text(&files, "archive/1902/01/index.html").contains("January 1902"));
}
