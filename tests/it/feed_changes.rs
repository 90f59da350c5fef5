//! Feeds over time: archives, what becomes of articles that leave, corrections, and feeds of a selection.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::site::{Files, Site, TOML, between, json, text};

fn article(number: usize, more: &str) -> String {
    format!(
        "+++\ntitle = \"Article {number}\"\ndate = 2026-01-{number:02}T10:00:00Z\n{more}\n+++\nThe text of {number}.\n"
    )
}

/// A site with articles of the days from 1 to `count`.
fn site(count: usize, feeds: &str) -> Site {
    let site = Site::new(&[]);
    site.write("site.toml", format!("{TOML}{feeds}"));
    for number in 1..=count {
        site.write(&format!("content/news/a{number:02}.md"), article(number, ""));
    }
    site
}

const ARCHIVES: &str = "[feeds]\nlimit = 3\narchives = true\narchive_size = 4\n";

fn ids(feed: &Value) -> Vec<String> {
    feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// The ids of all entries, by the links from the subscription document on.
fn history(
    files: &Files,
    first: &str,
    ids: &dyn Fn(&str) -> Vec<String>,
    older: &dyn Fn(&str) -> Option<String>,
) -> Vec<String> {
    let (mut all, mut path) = (Vec::new(), Some(first.to_owned()));
    while let Some(at) = path {
        let document = text(files, &at);
        all.extend(ids(&document));
        assert!(all.len() < 1000, "the links go round");
        path = older(&document).map(|url| url.strip_prefix("https://example.org/").unwrap().to_owned());
    }
    all
}

fn link(document: &str, relation: &str) -> Option<String> {
    let links = between(document, "link href=\"", ">");
    let one = links.into_iter().find(|link| link.contains(&format!("rel=\"{relation}\"")))?;
    Some(one[..one.find('"').unwrap()].to_owned())
}

fn of(document: &str, start: &str, end: &str) -> Vec<String> {
    between(document, start, end).into_iter().map(str::to_owned).collect()
}

#[test]
fn the_whole_history_can_be_read_by_links_each_entry_once() {
    let site = site(27, ARCHIVES);
    let files = site.built();
    let expected: Vec<String> = (1..=27)
        .rev()
        .map(|number| format!("tag:example.org,2026-01-{number:02}:news/a{number:02}"))
        .collect();
    let atom = |document: &str| of(document, "</title><id>", "</id>").split_off(1);
    let older = |document: &str| link(document, "prev-archive");
    assert_eq!(history(&files, "atom.xml", &atom, &older), expected);
    let rss = |document: &str| of(document, "<guid isPermaLink=\"false\">", "<");
    assert_eq!(history(&files, "rss.xml", &rss, &older), expected);
    let of_json = |document: &str| ids(&serde_json::from_str(document).unwrap());
    let next = |document: &str| {
        let feed: Value = serde_json::from_str(document).unwrap();
        feed["next_url"].as_str().map(str::to_owned)
    };
    assert_eq!(history(&files, "feed.json", &of_json, &next), expected);
    // RFC 5005, section 4: an archive says so, leads back to the feed, and on to its neighbours, all of which
    // are there.
    let mut archives = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("feed-archive/")) {
        let document = String::from_utf8_lossy(bytes);
        let name = path.rsplit('/').next().unwrap();
        if name == "feed.json" {
            continue;
        }
        archives += 1;
        let document = &*document;
        assert!(document.contains("<fh:archive"), "{document}");
        assert_eq!(link(document, "current"), Some(format!("https://example.org/{name}")));
        assert_eq!(link(document, "self"), Some(format!("https://example.org/{path}")));
        for relation in ["prev-archive", "next-archive"] {
            if let Some(url) = link(document, relation) {
                assert!(files.contains_key(&url["https://example.org/".len()..]), "{url}");
            }
        }
    }
    assert_eq!(archives, 12);
    assert!(!text(&files, "atom.xml").contains("fh:archive"));
    // Others have archives only where they say so.
    assert!(!files.contains_key("news/feed-archive/1/atom.xml"));
}

#[test]
fn a_full_archive_never_changes_and_a_publication_touches_two() {
    let site = site(5, ARCHIVES);
    let mut before = site.built();
    for number in 6..=24 {
        site.write(&format!("content/news/a{number:02}.md"), article(number, ""));
        let after = site.built();
        let feeds = |files: &Files| -> BTreeSet<String> {
            files
                .keys()
                .filter(|path| path.starts_with("feed-archive/") && path.ends_with("atom.xml"))
                .cloned()
                .collect()
        };
        let touched: Vec<&String> = after
            .iter()
            .filter(|(path, bytes)| feeds(&after).contains(*path) && before.get(*path) != Some(*bytes))
            .map(|(path, _)| path)
            .collect();
        assert!(touched.len() <= 2, "{number}: {touched:?}");
        let newest = feeds(&before).len();
        for full in 1..newest {
            let path = format!("feed-archive/{full}/atom.xml");
            assert_eq!(before[&path], after[&path], "{number}: archive {full} was full");
        }
        before = after;
    }
    assert!(before.contains_key("feed-archive/5/atom.xml"));
}

#[test]
fn a_withdrawal_is_told_on_the_page_and_in_the_feeds_and_then_no_more() {
    let site = site(3, "");
    site.out_at("2026-02-01T00:00:00Z");
    site.write("content/news/a01.md", article(1, "withdrawn = \"It named the wrong <ship>.\""));
    let said = site.out_at("2026-02-02T00:00:00Z");
    assert_eq!(said, ["withdrew content/news/a01.md from /news/a01/: its author says so"]);
    let files = site.output();
    let page = text(&files, "news/a01/index.html");
    assert!(page.contains("This article was withdrawn. It named the wrong &lt;ship&gt;."), "{page}");
    assert!(page.contains("noindex") && !page.contains("The text of 1"), "{page}");
    let id = "tag:example.org,2026-01-01:news/a01";
    for path in ["feed.json", "news/feed.json"] {
        let feed = json(&files, path);
        let entry = feed["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
        assert_eq!(entry["title"], "Withdrawn: Article 1");
        assert_eq!(entry["date_published"], "2026-01-01T10:00:00Z");
        assert_eq!(entry["date_modified"], "2026-02-02T00:00:00Z");
        assert!(!entry.to_string().contains("The text of 1"), "{entry}");
    }
    // RFC 6721, section 3.
    let atom = text(&files, "atom.xml");
    let deleted = format!("<at:deleted-entry ref=\"{id}\" when=\"2026-02-02T00:00:00Z\">");
    assert!(atom.contains(&deleted) && atom.contains("xmlns:at=\"http://purl.org/atompub/tombstones/1.0\""));
    assert!(atom.contains("<updated>2026-02-02T00:00:00+00:00</updated><author>"), "{atom}");
    for path in ["index.html", "news/index.html", "sitemap.xml", "archive/2026/01/index.html"] {
        assert!(!text(&files, path).contains("/news/a01/"), "{path}");
    }
    let due = site.command(&["due", "--now", "2026-02-02T00:00:00Z", "--format", "epoch"]).output().unwrap();
    // 30 days later: 2026-03-04T00:00:00Z.
    assert_eq!(String::from_utf8_lossy(&due.stdout), "1772582400\n");
    site.out_at("2026-03-04T00:00:00Z");
    let files = site.output();
    assert!(!text(&files, "feed.json").contains(id) && !text(&files, "atom.xml").contains("deleted-entry"));
    assert!(text(&files, "news/a01/index.html").contains("This article was withdrawn."));
    assert!(text(&files, "atom.xml").contains("<updated>2026-02-02T00:00:00+00:00</updated><author>"));
    // Taken back, it is news, since some readers have deleted it.
    site.write("content/news/a01.md", article(1, ""));
    let said = site.out_at("2026-03-05T00:00:00Z");
    assert_eq!(said, ["updated content/news/a01.md at /news/a01/"]);
    let feed = json(&site.output(), "feed.json");
    let entry = &feed["items"].as_array().unwrap()[2];
    assert_eq!((&entry["id"], &entry["date_modified"]), (&id.into(), &"2026-03-05T00:00:00Z".into()));
}

#[test]
fn what_leaves_otherwise_has_a_tombstone_and_feeds_never_go_back() {
    let site = site(4, "");
    site.write("content/news/a02.md", article(2, "expires = 2026-02-03T00:00:00Z\ntags = [\"sea\"]"));
    site.out_at("2026-02-01T00:00:00Z");
    // An edit, so that the newest change is of the one that is deleted then.
    site.write("content/news/a04.md", article(4, "summary = \"Another.\""));
    site.out_at("2026-02-02T00:00:00Z");
    fs::remove_file(site.path("content/news/a04.md")).unwrap();
    assert_eq!(
        site.out_at("2026-02-02T12:00:00Z"),
        ["withdrew content/news/a04.md from /news/a04/: its source is gone"]
    );
    let atom = text(&site.output(), "news/atom.xml");
    assert!(atom.contains("<updated>2026-02-02T12:00:00+00:00</updated><author>"), "{atom}");
    assert!(!site.output().contains_key("news/a04/index.html"));
    site.write("content/news/a03.md", article(3, "draft = true"));
    site.out_at("2026-02-03T00:00:00Z");
    let atom = text(&site.output(), "atom.xml");
    let deleted: Vec<String> = of(&atom, "<at:deleted-entry ref=\"", "\">");
    assert_eq!(
        deleted,
        [
            "tag:example.org,2026-01-02:news/a02\" when=\"2026-02-03T00:00:00Z",
            "tag:example.org,2026-01-03:news/a03\" when=\"2026-02-03T00:00:00Z",
            "tag:example.org,2026-01-04:news/a04\" when=\"2026-02-02T12:00:00Z",
        ]
    );
    let notice = text(&site.output(), "news/a02/index.html");
    assert!(notice.contains("No longer here") && !notice.contains("Article 2"), "{notice}");
    // Nothing more to tell.
    assert_eq!(site.publish("2026-02-03T00:01:00Z", &[]).0, Some(4));
    let verified = site.command(&["verify", "--now", "2026-02-03T00:01:00Z"]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn an_entry_that_is_pushed_out_does_not_take_the_feeds_date_with_it() {
    let site = site(4, "[feeds]\nlimit = 2\n");
    site.out_at("2026-02-01T00:00:00Z");
    site.write("content/news/a03.md", article(3, "summary = \"Another.\""));
    site.out_at("2026-02-02T00:00:00Z");
    // Published later, but dated between the two.
    site.write("content/news/a05.md", article(5, ""));
    site.out_at("2026-02-03T00:00:00Z");
    let atom = text(&site.output(), "atom.xml");
    assert!(!atom.contains("Article 3"), "{atom}");
    assert!(atom.contains("<updated>2026-02-03T00:00:00+00:00</updated><author>"), "{atom}");
    // Nor one that was dated when it came out.
    site.write("content/news/a04.md", article(4, "summary = \"Another.\""));
    site.out_at("2026-02-04T00:00:00Z");
    for (number, date) in [(6, "2026-02-03T12:00:00Z"), (7, "2026-02-03T13:00:00Z")] {
        site.write(
            &format!("content/news/a{number:02}.md"),
            format!("+++\ntitle = \"{number}\"\ndate = {date}\n+++\n"),
        );
    }
    site.out_at("2026-02-05T00:00:00Z");
    let atom = text(&site.output(), "atom.xml");
    assert!(atom.contains("<updated>2026-02-05T00:00:00+00:00</updated><author>"), "{atom}");
}

#[test]
fn corrections_are_shown_and_move_the_date() {
    let site = site(2, "");
    let corrected = "[[corrections]]\ndate = 2026-01-20T08:00:00Z\ntext = \"It holds 24 & not 42.\"\n[[corrections]]\ndate = 2026-01-21\ntext = \"Her name is Ada.\"";
    site.write("content/news/a01.md", article(1, corrected));
    let files = site.built();
    let page = text(&files, "news/a01/index.html");
    let (first, second) =
        (page.find("It holds 24 &amp; not 42.").unwrap(), page.find("The text of 1.</p>").unwrap());
    assert!(first < second, "{page}");
    assert!(page.contains("\"correction\":[{\"@type\":\"CorrectionComment\",\"text\":\"Her name is Ada.\",\"datePublished\":\"2026-01-21T00:00:00Z\"},{\"@type\":\"CorrectionComment\",\"text\":\"It holds 24 \\u0026 not 42.\",\"datePublished\":\"2026-01-20T08:00:00Z\"}]"), "{page}");
    let feed = json(&files, "feed.json");
    let entry = &feed["items"][1];
    assert_eq!(entry["date_modified"], "2026-01-21T00:00:00Z");
    assert_eq!(
        entry["content_html"],
        "<p><strong>Correction, 21 January 2026:</strong> Her name is Ada.</p><p><strong>Correction, 20 January 2026, 08:00:</strong> It holds 24 &amp; not 42.</p><p>The text of 1.</p>"
    );
    site.write("content/news/a02.md", article(2, "[[corrections]]\ntext = \"When?\""));
    let output = site.build(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("this correction has no `date`"), "{said}");
}

#[test]
fn a_custom_feed_has_what_its_selection_says() {
    let custom = "[feeds]\nlimit = 20\n[[feeds.custom]]\nname = \"sea\"\ntitle = \"All at sea\"\ndescription = \"Ships.\"\nsections = [\"news\", \"opinion\"]\nexcept = [\"news/local\"]\nsince = 2026-01-03\nuntil = 2026-01-06T10:00:00Z\nlimit = 2\nformats = [\"json\"]\njson = \"sea.json\"\nimage = \"sea.png\"\ncontent = \"summary\"\nhome = \"/news/\"\n[feeds.custom.terms]\ntags = [\"Ships\", \"harbour\"]\nauthors = [\"Ada\"]\n";
    let site = site(2, custom);
    let write = |path: &str, number: usize, more: &str| {
        site.write(&format!("content/{path}.md"), article(number, more));
    };
    let both = "tags = [\"ships\", \"x\"]\nauthors = [\"Ada\", \"Bo\"]";
    write("news/c03", 3, both);
    write("opinion/c04", 4, "tags = [\"Harbour\"]\nauthors = [\"Ada\"]");
    write("news/local/c05", 5, both);
    write("opinion/c051", 5, "tags = [\"ships\"]\nauthors = [\"Bo\"]");
    write("opinion/c06", 6, both);
    write("sport/c041", 4, both);
    write("news/c031", 3, both);
    let files = site.built();
    let feed = json(&files, "feeds/sea/sea.json");
    assert_eq!(ids(&feed), ["tag:example.org,2026-01-04:opinion/c04", "tag:example.org,2026-01-03:news/c03"]);
    assert_eq!((&feed["title"], &feed["description"]), (&"All at sea".into(), &"Ships.".into()));
    assert_eq!(feed["home_page_url"], "https://example.org/news/");
    assert!(feed["items"][0]["content_html"].is_null());
    assert!(!files.contains_key("feeds/sea/rss.xml"));
    assert!(text(&files, "subscribe/index.html").contains("/feeds/sea/sea.json"));
    assert!(text(&files, "feeds.opml").contains("https://example.org/feeds/sea/sea.json"));
    site.write("site.toml", format!("{TOML}[[feeds.custom]]\ntitle = \"T\"\nsince = \"June\"\n"));
    let output = site.build(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("this feed has no `name`") && said.contains("June"), "{said}");
}

impl Site {
    fn preview(&self, now: &str, against: &[&str]) -> Value {
        let arguments = ["feeds", "preview", "--format", "json", "--now", now];
        let output = self.command(&arguments).args(against).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// The titles of entries that a preview names.
fn titles(entries: &Value) -> Vec<&str> {
    entries.as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap()).collect()
}

/// A published site with four articles.
fn to_preview() -> Site {
    let site = site(4, "[feeds]\nterms = false\nlimit = 4\n");
    site.out_at("2026-02-01T00:00:00Z");
    site
}

#[test]
fn a_preview_without_news_is_empty() {
    let nothing = to_preview().preview("2026-02-02T00:00:00Z", &[]);
    assert_eq!(nothing, serde_json::json!({"feeds": [], "count": 6, "reappearing": 0, "vanished": 0}));
}

#[test]
fn a_preview_says_what_subscribers_will_see_and_changes_nothing() {
    let site = to_preview();
    let before = (site.output(), fs::read(site.path("ledger.jsonl")).unwrap());
    // One is new, one is corrected, one is deleted, and one gets another id.
    site.write("content/news/a05.md", article(5, ""));
    site.write("content/news/a04.md", article(4, "summary = \"In short.\""));
    fs::remove_file(site.path("content/news/a03.md")).unwrap();
    site.write("content/news/a02.md", article(2, "id = \"urn:other\""));
    let seen = site.preview("2026-02-02T00:00:00Z", &[]);
    let feeds = seen["feeds"].as_array().unwrap();
    let paths: Vec<&str> = feeds.iter().map(|feed| feed["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        ["atom.xml", "feed.json", "news/atom.xml", "news/feed.json", "news/rss.xml", "rss.xml"]
    );
    for feed in feeds {
        assert_eq!(titles(&feed["new"]), ["Article 5"], "{feed:#}");
        assert_eq!(titles(&feed["vanished"]), ["Article 3"], "{feed:#}");
        let back = &feed["reappearing"][0];
        assert_eq!(
            (&back["id"], &back["was"]),
            (&"urn:other".into(), &"tag:example.org,2026-01-02:news/a02".into())
        );
        let updated = &feed["updated"][0];
        assert_eq!(updated["title"], "Article 4");
        assert_eq!(updated["fields"], serde_json::json!(["updated", "summary"]), "{feed:#}");
    }
    assert_eq!((&seen["reappearing"], &seen["vanished"]), (&1.into(), &1.into()));
    assert!(
        before == (site.output(), fs::read(site.path("ledger.jsonl")).unwrap()),
        "a preview writes nothing"
    );
}

#[test]
fn a_preview_against_an_empty_folder_lets_every_feed_begin() {
    let site = to_preview();
    let elsewhere = site.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let seen = site.preview("2026-02-02T00:00:00Z", &["--against", elsewhere.to_str().unwrap()]);
    assert_eq!(seen["feeds"][0]["begins"], 4, "{seen:#}");
}

#[test]
fn a_preview_names_feeds_that_end() {
    let site = to_preview();
    site.write("site.toml", format!("{TOML}[feeds]\nterms = false\nsections = false\n"));
    let seen = site.preview("2026-02-02T00:00:00Z", &[]);
    let gone: Vec<&Value> =
        seen["feeds"].as_array().unwrap().iter().filter(|feed| !feed["ends"].is_null()).collect();
    assert_eq!(gone.len(), 3, "{seen:#}");
    assert_eq!((&gone[0]["path"], &gone[0]["ends"]), (&"news/atom.xml".into(), &4.into()));
}

#[test]
fn a_preview_for_people_names_the_former_id_of_what_comes_back() {
    let site = to_preview();
    site.write("content/news/a02.md", article(2, "id = \"urn:other\""));
    let output = site.command(&["feeds", "preview", "--now", "2026-02-02T00:00:00Z"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("  comes back   Article 2  urn:other, which was tag:example.org"), "{said}");
}

#[test]
fn a_flood_stops_a_publication_until_it_is_accepted() {
    let site = site(20, "[feeds]\nlimit = 30\nflood_limit = 5\n");
    site.out_at("2026-02-01T00:00:00Z");
    // Another authority gives no published article another id; ids written by hand do.
    for number in 1..=6 {
        site.write(
            &format!("content/news/a{number:02}.md"),
            article(number, &format!("id = \"urn:{number}\"")),
        );
    }
    let before = site.output();
    let (code, said) = site.publish("2026-02-02T00:00:00Z", &[]);
    assert_eq!(code, Some(1), "{said:#?}");
    let told = said.join("\n");
    assert!(told.contains("6 articles would come back as new to subscribers"), "{told}");
    assert!(told.contains("--accept") && told.contains("feeds preview"), "{told}");
    assert!(before == site.output(), "nothing was changed");
    // It is told once, not each minute.
    let (code, said) = site.publish("2026-02-02T00:01:00Z", &[]);
    assert_eq!((code, said.len()), (Some(1), 0), "{said:#?}");
    let (code, _) = site.publish("2026-02-02T00:02:00Z", &["--accept"]);
    assert_eq!(code, Some(0));
    // A missing folder is no publication either; five may go.
    for number in 7..=11 {
        fs::remove_file(site.path(&format!("content/news/a{number:02}.md"))).unwrap();
    }
    let (code, said) = site.publish("2026-02-03T00:00:00Z", &[]);
    assert_eq!(code, Some(0), "{said:#?}");
    for number in 12..=17 {
        fs::remove_file(site.path(&format!("content/news/a{number:02}.md"))).unwrap();
    }
    let (code, said) = site.publish("2026-02-04T00:00:00Z", &[]);
    assert_eq!(code, Some(1), "{said:#?}");
    assert!(said.join("\n").contains("6 articles would vanish"), "{said:#?}");
}

#[test]
fn what_was_to_expire_is_no_flood() {
    let site = site(2, "[feeds]\nflood_limit = 1\n");
    for number in 3..=8 {
        site.write(
            &format!("content/news/a{number:02}.md"),
            article(number, "expires = 2026-02-02T00:00:00Z"),
        );
    }
    site.out_at("2026-02-01T00:00:00Z");
    let said = site.out_at("2026-02-02T00:00:00Z");
    assert_eq!(said.len(), 6, "{said:#?}");
}

/// A site with two news articles, and two that are none.
fn news() -> Site {
    let site = site(0, "[images]\nresponsive = false\n");
    site.write("static/b &c.png", "");
    site.write("content/news/_index.md", "+++\nnews = true\n+++\n");
    site.write("content/news/quiet/_index.md", "+++\nnews = false\n+++\n");
    for (path, number, more) in [
        ("news/a", 1, ""),
        ("news/inner/b", 2, "lang = \"zh-Hant\"\nimage = \"/b &c.png\""),
        ("news/quiet/c", 2, ""),
        ("other/d", 2, ""),
    ] {
        site.write(&format!("content/{path}.md"), article(number, more));
    }
    site
}

fn build_at(site: &Site, now: &str) -> Files {
    let output = site.command(&["build", "--now", now]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    site.output()
}

#[test]
fn news_is_news_for_two_days() {
    let site = news();
    let locations = |now: &str| of(&text(&build_at(&site, now), "news-sitemap.xml"), "<loc>", "<");
    assert_eq!(
        locations("2026-01-03T09:59:59Z"),
        ["https://example.org/news/inner/b/", "https://example.org/news/a/"]
    );
    // The clock alone takes it away, though nothing else is looked at otherwise.
    assert_eq!(locations("2026-01-03T10:00:00Z"), ["https://example.org/news/inner/b/"]);
    assert!(locations("2026-01-09T00:00:00Z").is_empty());
}

#[test]
fn the_news_sitemap_has_publication_language_date_and_title() {
    let sitemap = text(&build_at(&news(), "2026-01-03T09:59:59Z"), "news-sitemap.xml");
    assert!(sitemap.contains("<url><loc>https://example.org/news/a/</loc><news:news><news:publication><news:name>T</news:name><news:language>en</news:language></news:publication><news:publication_date>2026-01-01T10:00:00Z</news:publication_date><news:title>Article 1</news:title></news:news></url>"), "{sitemap}");
    assert!(sitemap.contains("<news:language>zh-tw</news:language>"), "{sitemap}");
}

#[test]
fn due_says_when_an_article_leaves_the_news_sitemap() {
    let site = news();
    build_at(&site, "2026-01-03T09:59:59Z");
    let due = site.command(&["due", "--now", "2026-01-03T09:59:59Z"]).output().unwrap();
    let said = String::from_utf8_lossy(&due.stdout).into_owned();
    assert!(said.contains("content/news/a.md leaves the news sitemap at 2026-01-03T10:00:00Z"), "{said}");
}

#[test]
fn robots_txt_names_the_news_sitemap_where_there_is_one() {
    let files = build_at(&news(), "2026-01-09T00:00:00Z");
    assert!(
        text(&files, "robots.txt").ends_with(
            "\nSitemap: https://example.org/sitemap.xml\nSitemap: https://example.org/news-sitemap.xml\n"
        ),
        "{}",
        text(&files, "robots.txt")
    );
    assert!(!text(&Site::new(&[]).built(), "robots.txt").contains("news-sitemap"));
}

#[test]
fn the_sitemap_has_pictures_of_articles_with_escaped_urls() {
    let pages = text(&build_at(&news(), "2026-01-09T00:00:00Z"), "sitemap.xml");
    assert!(
        pages.contains(
            "<image:image><image:loc>https://example.org/b%20&amp;c.png</image:loc></image:image></url>"
        ),
        "{pages}"
    );
    assert!(pages.contains("xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\""));
}

#[test]
fn a_feed_in_a_browser_says_what_it_is() {
    let site = site(2, "");
    let files = site.built();
    for path in ["rss.xml", "atom.xml", "news/rss.xml"] {
        let feed = text(&files, path);
        // Right behind the declaration, as the recommendation wants it (Associating Style Sheets, section 4).
        let rest = &feed[feed.find("?>").unwrap() + 2..];
        assert!(
            rest.trim_start().starts_with("<?xml-stylesheet type=\"text/css\" href=\"/feed.css\"?>"),
            "{feed}"
        );
    }
    assert!(text(&files, "feed.css").contains("This is a feed."));
    let page = text(&files, "subscribe/index.html");
    assert!(page.contains("data-feed=\"https://example.org/news/rss.xml\""), "{page}");
    assert!(
        page.contains("https://feedly.com/i/subscription/feed/https%3A%2F%2Fexample.org%2Frss.xml"),
        "{page}"
    );
    site.write("site.toml", format!("{TOML}[feeds]\nstylesheet = false\n"));
    assert!(!text(&site.built(), "rss.xml").contains("xml-stylesheet"));
}

#[test]
fn an_id_with_signs_of_xml_is_itself_in_a_tombstone() {
    let site = site(1, "");
    site.write("content/news/a02.md", article(2, "id = \"https://old.example/?a=1&b=<2>'\\\"\""));
    site.out_at("2026-02-01T00:00:00Z");
    fs::remove_file(site.path("content/news/a02.md")).unwrap();
    site.out_at("2026-02-02T00:00:00Z");
    let atom = text(&site.output(), "atom.xml");
    assert!(atom.contains("ref=\"https://old.example/?a=1&amp;b=&lt;2&gt;"), "{atom}");
    let lint = site.command(&["feeds", "lint", "--now", "2026-02-02T00:00:00Z"]).output().unwrap();
    assert!(lint.status.success(), "{lint:?}");
}

/// What a build of the site says, which has to be refused.
fn refused(site: &Site) -> String {
    let output = site.build(&[]);
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn slips_around_withdrawals_corrections_and_selections_are_told() {
    let site = site(1, "");
    for value in ["false", "true", "1", "2026-11-26", "\"\"", "\" \""] {
        site.write("content/news/a01.md", article(1, &format!("withdrawn = {value}")));
        let said = refused(&site);
        assert!(
            said.contains("it is no reason") && said.contains("content/news/a01.md:4"),
            "{value}: {said}"
        );
    }
    let correction = |date: &str| format!("[[corrections]]\ndate = {date}\ntext = \"So.\"");
    site.write("content/news/a01.md", article(1, &correction("2027-01-01T00:00:00Z")));
    assert!(refused(&site).contains("the correction is in the future"));
    site.write("content/news/a01.md", article(1, &correction("2025-01-01T00:00:00Z")));
    assert!(refused(&site).contains("this was corrected (2025-01-01T00:00:00Z) before it was published"));
    site.write("content/news/a01.md", article(1, ""));
    // A page without a date can be corrected too, the newest first.
    let newer = correction("2026-02-02T00:00:00Z").replace("So.", "Newer.");
    site.write(
        "content/about.md",
        format!("+++\ntitle = \"About\"\n{}\n{newer}\n+++\n", correction("2026-02-01T00:00:00Z")),
    );
    let page = text(&site.built(), "about/index.html");
    assert!(page.find("Newer.").unwrap() < page.find("So.").unwrap(), "{page}");
    let custom = |more: &str| site.write("site.toml", format!("{TOML}[[feeds.custom]]\n{more}\n"));
    custom("name = \"sea\"\n[feeds.custom.terms]\nplaces = [\"x\"]");
    assert!(refused(&site).contains("there is no such taxonomy"));
    custom("name = \"a/b\"");
    assert!(refused(&site).contains("a folder is named by it"));
}

#[test]
fn the_end_of_a_tombstone_can_be_overdue() {
    let site = site(2, "");
    site.out_at("2026-02-01T00:00:00Z");
    fs::remove_file(site.path("content/news/a01.md")).unwrap();
    site.out_at("2026-02-02T00:00:00Z");
    let due = |now: &str| site.command(&["due", "--now", now]).output().unwrap();
    assert_eq!(due("2026-03-03T23:59:59Z").status.code(), Some(0));
    let late = due("2026-03-04T00:00:05Z");
    assert_eq!(late.status.code(), Some(7), "{late:?}");
    assert!(String::from_utf8_lossy(&late.stdout).contains("content/news/a01.md"), "{late:?}");
    site.out_at("2026-03-04T00:01:00Z");
    assert_eq!(due("2026-03-04T00:02:00Z").status.code(), Some(0));
}

#[test]
fn an_expiry_can_be_overdue_without_a_ledger_too() {
    let site = site(1, "");
    site.write("content/news/a02.md", article(2, "expires = 2026-02-02T00:00:00Z"));
    let at =
        |command: &str, now: &str| site.command(&[command, "--now", now]).output().unwrap().status.code();
    assert_eq!(at("build", "2026-02-01T00:00:00Z"), Some(0));
    assert_eq!(at("due", "2026-02-01T12:00:00Z"), Some(0));
    assert_eq!(at("due", "2026-02-02T00:00:05Z"), Some(7));
    assert_eq!(at("build", "2026-02-02T00:01:00Z"), Some(0));
    assert_eq!(at("due", "2026-02-02T00:02:00Z"), Some(0));
}

#[test]
fn a_preview_tells_of_feeds_that_change_their_id_or_have_nothing_to_be_compared_with() {
    let site = site(2, "");
    site.out_at("2026-02-01T00:00:00Z");
    site.write("site.toml", format!("{TOML}[feeds]\nid = \"tag:other.example,2000:feed\"\n"));
    let seen = site.preview("2026-02-02T00:00:00Z", &[]);
    assert_eq!(
        seen["feeds"][0]["other_id"],
        serde_json::json!(["tag:example.org,2000:feed:site:", "tag:other.example,2000:feed"])
    );
    let lost = site.command(&["feeds", "preview", "--against", "nowhere"]).output().unwrap();
    assert_eq!(lost.status.code(), Some(2), "{lost:?}");
}

#[test]
fn terms_that_differ_by_the_signs_at_their_ends_are_different_terms() {
    let site = Site::new(&[]);
    let tags = ["C", "C++", "C#", "#boats", "F#"];
    for (number, tag) in tags.iter().enumerate() {
        let front = format!("title = \"On {number}\"\ndate = 2026-11-0{}\ntags = [\"{tag}\"]\n", number + 1);
        site.write(&format!("content/a{number}.md"), format!("+++\n{front}+++\nText.\n"));
    }
    site.write("content/tags/C++/_index.md", "+++\ntitle = \"C with classes\"\n+++\nIts text.\n");
    let selections = "[[feeds.custom]]\nname = \"plus\"\nterms = { tags = [\"c++\"] }\n[[lists]]\nname = \"sharp\"\ntaxonomy = \"tags\"\nterm = \"C#\"\n";
    site.write("site.toml", format!("{}{selections}", crate::site::TOML));
    let (code, problems) = site.problems(&[]);
    assert_eq!((code, problems), (Some(0), Vec::new()));
    let files = site.output();
    for (slug, number) in [("c", 0), ("c-plus-plus", 1), ("c-sharp", 2), ("boats", 3), ("f-sharp", 4)] {
        let feed = json(&files, &format!("tags/{slug}/feed.json"));
        assert_eq!(titles(&feed["items"]), [format!("On {number}")], "{slug}");
    }
    assert!(text(&files, "tags/c-plus-plus/index.html").contains("Its text."));
    assert_eq!(titles(&json(&files, "feeds/plus/feed.json")["items"]), ["On 1"]);
    // Each is what it is without the others.
    for number in [0, 2, 4] {
        std::fs::remove_file(site.path(&format!("content/a{number}.md"))).unwrap();
    }
    let files = site.built();
    assert!(files.contains_key("tags/c-plus-plus/index.html") && !files.contains_key("tags/c/index.html"));
}

#[test]
fn the_feeds_of_a_term_lead_on_when_its_address_changes() {
    let toml = crate::site::TOML;
    let place = |name: &str, more: &str| format!("{toml}{more}[taxonomies.{name}]\n");
    let article = |field: &str| {
        format!("+++\ntitle = \"A\"\ndate = 2026-11-01\n{field} = [\"\u{c9}cole\"]\n+++\nText.\n")
    };
    for (how, settings, field, new) in [
        ("another kind of slugs", place("places", "slugs = \"ascii\"\n"), "places", "places/ecole"),
        ("another path", place("places", "") + "path = \"orte\"\n", "places", "orte/\u{e9}cole"),
        ("another name", place("spots", ""), "spots", "spots/\u{e9}cole"),
        (
            "another name at the old path",
            place("spots", "") + "path = \"places\"\n",
            "spots",
            "places/\u{e9}cole",
        ),
    ] {
        let site = Site::new(&[]);
        site.write("site.toml", place("places", ""));
        site.write("content/a.md", article("places"));
        site.out_at("2026-11-24T12:00:00Z");
        let old = "places/\u{e9}cole";
        let id = |files: &Files, at: &str| {
            let atom = text(files, &format!("{at}/atom.xml"));
            let start = atom.find("<id>").unwrap();
            atom[start..start + atom[start..].find("</id>").unwrap()].to_owned()
        };
        let first = id(&site.output(), old);
        site.write("site.toml", settings);
        site.write("content/a.md", article(field));
        let said = site.out_at("2026-11-25T12:00:00Z");
        let files = site.output();
        assert_eq!(id(&files, new), first, "{how}: {said:#?}");
        if new == old {
            continue;
        }
        assert!(said.iter().any(|line| line.starts_with("moved the feed")), "{how}: {said:#?}");
        // The old file has the new feed, and its page redirects.
        assert_eq!(
            json(&files, &format!("{old}/feed.json"))["feed_url"],
            json(&files, &format!("{new}/feed.json"))["feed_url"],
            "{how}"
        );
        let page = text(&files, &format!("{old}/index.html"));
        let encoded = new.replace('\u{e9}', "%C3%A9");
        assert!(
            page.contains(&format!("/{encoded}/")) || page.contains(&format!("/{new}/")),
            "{how}: {page}"
        );
    }
}
