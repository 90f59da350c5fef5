//! `dateline feeds`, and feeds that are refused before they go out.

use serde_json::Value;

use crate::site::{NOW, SITES, Site, text};

fn lint(site: &Site, arguments: &[&str]) -> (Option<i32>, Value) {
    let command = ["feeds", "lint", "--now", NOW, "--format", "json"];
    let output = site.command(&[&command, arguments].concat()).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn rules(report: &Value) -> Vec<String> {
    let feeds = report["feeds"].as_array().unwrap().iter();
    let findings = feeds.flat_map(|feed| feed["findings"].as_array().unwrap());
    findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_feeds_of_every_site_are_without_errors() {
    for name in SITES {
        let site = Site::copy(name);
        site.built();
        let (code, report) = lint(&site, &[]);
        assert_eq!((code, &report["errors"]), (Some(0), &0.into()), "{name}: {report:#}");
        assert!(!report["feeds"].as_array().unwrap().is_empty(), "{name}");
        // What looks like a slip and is what the author wrote, titles with tags in them for one.
        let known = ["html-in-title", "html-in-text", "double-escaped", "same-updated"];
        let others: Vec<_> =
            rules(&report).into_iter().filter(|rule| !known.contains(&rule.as_str())).collect();
        assert_eq!(others, Vec::<String>::new(), "{name}");
    }
}

/// A built site, and its RSS feed.
fn with_rss() -> (Site, String) {
    let site = Site::new(&[("content/a.md", "+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\nOne.")]);
    let rss = text(&site.built(), "rss.xml");
    (site, rss)
}

#[test]
fn every_feed_in_a_folder_is_judged_and_findings_have_place_entry_and_help() {
    let (site, rss) = with_rss();
    site.write("theirs/b.xml", rss.replace("Wed, 01 Jan", "Tue, 01 Jan"));
    site.write("theirs/a.rss", rss.replace("isPermaLink=\"false\"", ""));
    site.write("theirs/sitemap.xml", "<urlset/>");
    site.write("theirs/data.json", "{}");
    site.write("theirs/notes.txt", "x");
    let (code, report) = lint(&site, &["theirs"]);
    assert_eq!(code, Some(1));
    let feeds: Vec<_> = report["feeds"].as_array().unwrap().iter().map(|feed| &feed["feed"]).collect();
    assert_eq!(feeds, ["theirs/a.rss", "theirs/b.xml"]);
    assert_eq!(rules(&report), ["guid-permalink", "wrong-weekday", "wrong-weekday", "wrong-weekday"]);
    let finding = &report["feeds"][0]["findings"][0];
    assert_eq!(finding["entry"], "tag:example.org,2020-01-01:a", "{finding:#}");
    assert_eq!((&finding["severity"], &finding["code"]), (&"error".into(), &"lint::guid-permalink".into()));
    assert!(finding["line"].is_number() && finding["column"].is_number() && finding["help"].is_string());
}

#[test]
fn a_file_that_is_no_feed_is_an_error_where_it_is_named() {
    let site = Site::new(&[]);
    site.write("sitemap.xml", "<urlset/>");
    let (code, report) = lint(&site, &["sitemap.xml"]);
    assert_eq!((code, rules(&report)), (Some(1), vec!["not-a-feed".to_owned()]));
}

#[test]
fn a_missing_file_and_a_folder_without_feeds_are_errors_of_usage() {
    let (site, rss) = with_rss();
    site.write("b.xml", rss);
    for nothing in [&["nowhere.xml"][..], &["content"], &["b.xml", "nowhere.xml"]] {
        assert_eq!(lint(&site, nothing).0, Some(2), "{nothing:?}");
    }
}

#[test]
fn warnings_fail_with_strict_only() {
    let (site, rss) = with_rss();
    site.write(
        "warn.xml",
        rss.replace("<atom:link", "<atom:link x=\"\"").replace("rel=\"self\"", "rel=\"via\""),
    );
    assert_eq!(lint(&site, &["warn.xml"]).0, Some(0));
    assert_eq!(lint(&site, &["warn.xml", "--strict"]).0, Some(1));
}

#[test]
fn people_see_the_line_and_how_to_mend_it() {
    let site = Site::new(&[]);
    site.write(
        "feed.xml",
        "<rss version=\"2.0\">\n<channel>\n<title>T</title>\n<link>https://example.org/</link>\n<description>D</description>\n<item><title>A &nbsp; B</title></item>\n</channel>\n</rss>\n",
    );
    let output = site.command(&["feeds", "lint", "feed.xml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    for part in [
        "lint::undefined-entity",
        "a named entity is not defined: `&nbsp;`",
        "[feed.xml:6:16]",
        "<item><title>A &nbsp; B</title></item>",
        "write the character itself, or its number",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let last = String::from_utf8(output.stdout).unwrap();
    assert_eq!(last, "1 feed with 1 entry: 1 error, 5 warnings\n");
}

#[test]
fn without_an_argument_a_site_is_wanted_and_its_feeds() {
    let site = Site::new(&[]);
    assert_eq!(lint(&site, &[]).0, Some(2), "nothing is built");
    std::fs::remove_file(site.path("site.toml")).unwrap();
    let output = site.command(&["feeds", "lint"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("config::missing"), "{output:?}");
}

#[test]
fn what_readers_would_stumble_over_stops_a_build_and_names_the_article() {
    let article =
        |title: &str, more: &str| format!("+++\ntitle = \"{title}\"\ndate = 2020-01-01\n{more}\n+++\nText.");
    let site = Site::new(&[
        ("content/a.md", &article("A", "")),
        ("content/b.md", &article("B", "lang = \"en_GB\"")),
    ]);
    let expected = "lint::bad-language content/b.md in the feed /atom.xml: this is no language tag: \u{201c}en_GB\u{201d}";
    assert_eq!(site.problems(&[]), (Some(1), vec![expected.to_owned()]));
    assert!(site.output().is_empty());
    // A publication leaves it out and lets the rest go.
    let output = site.command(&["publish", "--now", NOW]).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    assert!(site.path("public/a/index.html").exists() && !site.path("public/b/index.html").exists());
}

#[test]
fn a_large_feed_is_noted_when_it_is_written_and_not_again() {
    let long = format!("+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\n{}", "word ".repeat(120_000));
    let site = Site::new(&[("content/a.md", &long)]);
    let notes = || {
        let (code, report) = site.report(&[]);
        assert_eq!((code, &report["problems"]), (Some(0), &serde_json::json!([])));
        report["notes"].as_array().unwrap().len()
    };
    assert_eq!((notes(), notes()), (3, 0));
}

#[cfg(feature = "network")]
mod web {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Serves `body` once.
    fn serve(head: &'static str, body: String) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/feed.xml", listener.local_addr().unwrap());
        let body = body.replace("https://example.org/rss.xml", &url);
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).unwrap();
            let length = body.len();
            let answer =
                format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).unwrap();
        });
        url
    }

    #[test]
    fn a_feed_on_the_web_is_judged_with_what_the_server_says() {
        let site = Site::new(&[("content/a.md", "+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\nOne.")]);
        let rss = text(&site.built(), "rss.xml");
        for (head, code, expected) in [
            ("200 OK\r\nContent-Type: application/rss+xml", 0, &[][..]),
            ("200 OK\r\nContent-Type: text/html; charset=utf-8", 0, &["media-type"]),
            ("200 OK\r\nContent-Type: text/xml; charset=iso-8859-1", 1, &["charset"]),
            ("404 Not Found\r\nContent-Type: text/html", 2, &[]),
        ] {
            let url = serve(head, rss.clone());
            let (found, report) = lint(&site, &[&url]);
            assert_eq!(
                (found, rules(&report)),
                (Some(code), expected.iter().map(|one| (*one).to_owned()).collect()),
                "{head}: {report:#}"
            );
        }
        let (code, report) = lint(&site, &["http://127.0.0.1:1/"]);
        assert_eq!((code, &report["problems"][0]["code"]), (Some(2), &"fetch::failed".into()));
    }
}
