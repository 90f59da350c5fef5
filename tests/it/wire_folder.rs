//! `[[wire]]`: folders into which news agencies put their files.

use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::site::{Files, Site, TOML, json as feed_of, text};

const WIRE: &str = "[[wire]]\nfolder = \"in\"\n";
const MARCH: &str = "2026-03-20T12:00:00Z";
const APRIL: &str = "2026-04-20T12:00:00Z";

/// A site with a folder of these files.
fn wired(files: &[(&str, &str)]) -> Site {
    let site = Site::new(&[("site.toml", &format!("{TOML}{WIRE}"))]);
    fs::create_dir_all(site.path("in")).unwrap();
    files.iter().for_each(|(name, text)| site.write(&format!("in/{name}"), text));
    site
}

/// Publishes as of `now`: the exit code, and severity, code and file of each problem.
fn publish(site: &Site, now: &str) -> (Option<i32>, Vec<String>) {
    let output = site.command(&["publish", "--now", now, "--format", "json"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let events = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let problems = events.filter(|event| event["event"] == "problem").map(|one| {
        ["severity", "code", "file"].map(|key| one[key].as_str().unwrap_or("-").to_owned()).join(" ")
    });
    (output.status.code(), problems.collect())
}

/// Publishes as of `now` without a problem; the output.
fn published(site: &Site, now: &str) -> Files {
    let (code, problems) = publish(site, now);
    assert!(code == Some(0) && problems.is_empty(), "{code:?} {problems:?}");
    site.output()
}

fn items(files: &Files) -> Vec<Value> {
    feed_of(files, "feed.json")["items"].as_array().unwrap().clone()
}

fn titles(files: &Files) -> Vec<String> {
    items(files).iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

fn has(files: &Files, words: &str) -> bool {
    files.values().any(|bytes| String::from_utf8_lossy(bytes).contains(words))
}

/// A take in ninjs, with more fields over the usual ones.
fn take(version: u32, more: &Value) -> String {
    let mut item = json!({
        "uri": "urn:agency.example:ferry",
        "version": version.to_string(),
        "type": "text",
        "pubstatus": "usable",
        "firstcreated": "2026-03-01T08:00:00+08:00",
        "versioncreated": format!("2026-03-{:02}T08:00:00+08:00", version),
        "headline": format!("Ferry {version}"),
        "slugline": "harbour-ferry",
        "byline": "By Ada Merriweather",
        "subject": [{ "name": "Shipping" }],
        "body_xhtml": format!("<p>Text of version {version} with <em>weight</em>.</p>"),
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        item[name] = value.clone();
    }
    item.to_string()
}

fn newsml(version: u32, meta: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"urn:newsml:agency.example:quay\" version=\"{version}\">\
         <itemMeta><itemClass qcode=\"ninat:text\"/><versionCreated>2026-03-0{version}T09:00:00Z</versionCreated><firstCreated>2026-03-01T09:00:00Z</firstCreated>{meta}</itemMeta>\
         <contentMeta><by>By Bo Li</by><headline>Quay {version}</headline><slugline>quay</slugline><genre qcode=\"g:1\"><name>Analysis</name></genre></contentMeta>\
         <contentSet><inlineXML><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Quay text {version}.</p></body></html></inlineXML></contentSet></newsItem>"
    )
}

fn nitf(version: u32, docdata: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE nitf SYSTEM \"nitf-3-6.dtd\"><nitf><head><docdata management-status=\"usable\"><doc-id id-string=\"tide-1\"/><date.issue norm=\"2026030{version}T100000Z\"/><du-key key=\"tide\" version=\"{version}\"/>{docdata}</docdata></head>\
         <body><body.head><hedline><hl1>Tide {version}</hl1></hedline></body.head><body.content><p>Tide text {version}.</p></body.content></body></nitf>"
    )
}

const PLAIN: &str = "Pier\n\nThe old pier reopens\n\nPUBLISHED : Monday, 2 March, 2026, 7:00am\n\nBy Cy Dane\n\nPORT SALLOW \u{2014} It is open.\n";

#[test]
fn files_of_all_kinds_become_articles_with_the_dates_and_ids_of_their_agency() {
    let site = wired(&[
        ("a.json", &take(1, &json!({}))),
        ("sub/b.xml", &newsml(1, "")),
        ("c.nitf", &nitf(1, "")),
        ("pier.txt", PLAIN),
        ("photo.jpg", "no text"),
        (".partial.xml", "<newsItem"),
    ]);
    let files = published(&site, MARCH);
    let mut found: Vec<(String, String)> = items(&files)
        .iter()
        .map(|item| (item["id"].as_str().unwrap().to_owned(), item["date_published"].to_string()))
        .collect();
    found.sort();
    let expected = [
        ("tag:example.org,2026-03-02:content/wire/pier", "\"2026-03-02T07:00:00Z\""),
        ("tide-1", "\"2026-03-01T10:00:00Z\""),
        ("urn:agency.example:ferry", "\"2026-03-01T08:00:00+08:00\""),
        ("urn:newsml:agency.example:quay", "\"2026-03-01T09:00:00Z\""),
    ];
    assert_eq!(found.len(), 4, "{found:?}");
    for ((id, date), (expected_id, expected_date)) in found.iter().zip(expected) {
        assert!(id == expected_id || expected_id.starts_with("tag:") && id.starts_with("tag:"), "{id}");
        assert_eq!(date, expected_date, "{id}");
    }
    assert!(text(&files, "wire/harbour-ferry/index.html").contains("<em>weight</em>"));
    assert!(files.contains_key("topics/shipping/index.html"), "{:?}", files.keys());
    assert!(files.contains_key("authors/ada-merriweather/index.html"));
    assert!(
        !files.keys().any(|path| path.ends_with(".jpg") || path.ends_with(".nitf")),
        "the files stay there"
    );
}

#[test]
fn a_later_take_updates_its_story_and_is_no_second_entry() {
    for (name, first, second) in [
        ("id", take(1, &json!({})), take(2, &json!({ "slugline": "another", "headline": "Ferry 2" }))),
        ("slug line", take(1, &json!({ "uri": null })), take(2, &json!({ "uri": null }))),
    ] {
        // Without an id, ninjs needs a `uri` to be known: NITF has none here.
        let (first, second) = match name {
            "id" => (first, second),
            _ => {
                let without = |version| nitf(version, "").replace("<doc-id id-string=\"tide-1\"/>", "");
                (without(1), without(2))
            }
        };
        let file = if name == "id" { "json" } else { "nitf" };
        let site = wired(&[(&format!("one.{file}"), &first)]);
        let before = items(&published(&site, MARCH));
        site.write(&format!("in/a-later-one.{file}"), &second);
        let after = items(&published(&site, MARCH));
        assert_eq!((before.len(), after.len()), (1, 1), "{name}");
        assert_eq!(before[0]["id"], after[0]["id"], "{name}");
        assert_eq!(before[0]["url"], after[0]["url"], "{name}");
        assert_eq!(before[0]["date_published"], after[0]["date_published"], "{name}");
        assert!(after[0]["title"].as_str().unwrap().ends_with('2'), "{name}: {after:?}");
        let updated = after[0]["date_modified"].as_str().unwrap();
        assert!(updated.starts_with("2026-03-02"), "{name}: {updated}");
    }
}

#[test]
fn takes_that_come_in_one_run_count_by_their_version() {
    for names in
        [["1.json", "2.json", "3.json"], ["c.json", "b.json", "a.json"], ["b.json", "c.json", "a.json"]]
    {
        let takes = [1, 10, 9].map(|version| take(version, &json!({})));
        let files: Vec<(&str, &str)> = names.iter().copied().zip(takes.iter().map(String::as_str)).collect();
        let site = wired(&files);
        assert_eq!(titles(&published(&site, MARCH)), ["Ferry 10"], "{names:?}");
    }
}

#[test]
fn an_older_take_that_comes_late_changes_nothing() {
    let site = wired(&[("2.json", &take(2, &json!({})))]);
    let before = published(&site, MARCH);
    site.write("in/1.json", take(1, &json!({})));
    let after = published(&site, MARCH);
    assert_eq!(titles(&after), ["Ferry 2"]);
    assert_eq!(items(&before)[0]["id"], items(&after)[0]["id"]);
    assert_eq!(items(&before)[0]["date_published"], items(&after)[0]["date_published"]);
}

#[test]
fn takes_that_the_agency_removes_leave_address_and_id() {
    let site = wired(&[("1.json", &take(1, &json!({})))]);
    let before = items(&published(&site, MARCH));
    fs::remove_file(site.path("in/1.json")).unwrap();
    site.write("in/2.json", take(2, &json!({ "slugline": "renamed" })));
    let after = items(&published(&site, MARCH));
    for key in ["id", "url", "date_published"] {
        assert_eq!(before[0][key], after[0][key], "{key}");
    }
}

#[test]
fn two_stories_with_one_slug_line_have_their_own_addresses() {
    let site = wired(&[("b.json", &take(1, &json!({ "uri": "urn:b" })))]);
    let first = items(&published(&site, MARCH))[0]["url"].clone();
    site.write("in/a.json", take(1, &json!({ "uri": "urn:a", "firstcreated": "2026-01-01T00:00:00Z" })));
    let files = published(&site, MARCH);
    let urls: Vec<Value> = items(&files).iter().map(|item| item["url"].clone()).collect();
    assert_eq!(urls.len(), 2);
    assert!(urls.contains(&first) && urls[0] != urls[1], "{urls:?}");
}

#[test]
fn a_file_that_can_t_be_read_holds_nobody() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><nitf>&b;</nitf>";
    let half = newsml(1, "");
    let deep = format!("<nitf>{}", "<p>".repeat(100_000));
    let wide = format!("<nitf>{}</nitf>", "<p/>".repeat(900_000));
    let long = "x".repeat(5 << 20);
    for (name, bytes) in [
        ("bomb.xml", bomb.as_bytes()),
        ("half.xml", &half.as_bytes()[..half.len() / 2]),
        ("half.json", &take(1, &json!({})).as_bytes()[..80]),
        ("binary.xml", &[0, 159, 146, 150, 255, 254, 0, 1]),
        ("binary.json", &[0, 159, 146, 150]),
        ("binary.txt", &[66, 0, 159, 146, 150]),
        ("deep.xml", deep.as_bytes()),
        ("wide.xml", wide.as_bytes()),
        ("long.txt", long.as_bytes()),
        ("empty.xml", b""),
    ] {
        let site = wired(&[("tide.nitf", &nitf(1, ""))]);
        site.write(&format!("in/{name}"), bytes);
        let (code, problems) = publish(&site, MARCH);
        assert_eq!(problems, [format!("error wire::file in/{name}")], "{name}: {code:?}");
        assert_eq!(titles(&site.output()), ["Tide 1"], "{name}");
        assert!(!site.build(&[]).status.success(), "{name}: an error of a build");
        fs::remove_file(site.path(&format!("in/{name}"))).unwrap();
        published(&site, MARCH);
    }
}

#[test]
fn a_published_story_stays_while_its_file_can_t_be_read() {
    let whole = take(1, &json!({}));
    for is_forgotten in [false, true] {
        let site = wired(&[("1.json", &whole), ("tide.nitf", &nitf(1, ""))]);
        published(&site, MARCH);
        if is_forgotten {
            fs::remove_file(site.path(".dateline/wire")).unwrap();
        }
        site.write("in/1.json", &whole[..whole.len() / 2]);
        let (_, problems) = publish(&site, APRIL);
        assert_eq!(problems, ["error wire::file in/1.json"], "{is_forgotten}");
        let mut found = titles(&site.output());
        found.sort();
        assert_eq!(found, ["Ferry 1", "Tide 1"], "{is_forgotten}");
        site.write("in/1.json", &whole);
        assert_eq!(titles(&published(&site, APRIL)).len(), 2, "{is_forgotten}");
    }
}

#[test]
fn a_folder_that_is_not_there_takes_no_story_away() {
    let site = wired(&[("1.json", &take(1, &json!({}))), ("tide.nitf", &nitf(1, ""))]);
    published(&site, MARCH);
    fs::rename(site.path("in"), site.path("away")).unwrap();
    let (_, problems) = publish(&site, APRIL);
    assert_eq!(problems, ["error wire::folder site.toml"]);
    assert_eq!(titles(&site.output()).len(), 2);
    fs::rename(site.path("away"), site.path("in")).unwrap();
    assert_eq!(titles(&published(&site, APRIL)).len(), 2);
}

#[test]
fn files_of_other_kinds_are_named_in_a_warning() {
    let picture = json!({ "uri": "urn:p", "type": "picture", "headline": "A photo" }).to_string();
    let site = wired(&[("a.json", "{\"name\": 1}"), ("b.xml", "<rss/>"), ("c.json", &picture)]);
    let (code, problems) = publish(&site, MARCH);
    assert_eq!(code, Some(0));
    assert_eq!(problems, ["warning wire::unknown in/a.json", "warning wire::unknown in/b.xml"]);
}

#[test]
fn only_files_that_changed_are_read() {
    let site = wired(&[]);
    for number in 0..300 {
        let more = json!({ "uri": format!("urn:s:{number}"), "slugline": format!("story-{number}") });
        site.write(&format!("in/{number}.json"), take(1, &more));
    }
    let read = |site: &Site| {
        let output = site.command(&["build", "--now", MARCH, "--timings"]).output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let line = said.lines().find(|line| line.split_whitespace().next() == Some("wire"));
        line.unwrap_or_else(|| panic!("{said}")).split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(read(&site).contains(&"300".to_owned()), "the first run reads all");
    // Files at rest: their stamps are believed, once they were read after that.
    let past = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    for number in 0..300 {
        fs::File::open(site.path(&format!("in/{number}.json"))).unwrap().set_modified(past).unwrap();
    }
    site.write("in/new.json", take(2, &json!({ "uri": "urn:s:7", "slugline": "story-7" })));
    let files = published(&site, MARCH);
    assert!(text(&files, "wire/story-7/index.html").contains("Text of version 2"));
}

#[test]
fn settings_choose_section_kinds_terms_template_and_zone() {
    let toml = format!(
        "{TOML}[[wire]]\nfolder = \"in\"\nsection = \"news/agency\"\nkinds = [\"newsml\", \"ninjs\"]\ntimezone = \"Asia/Hong_Kong\"\ntemplate = \"short.html\"\n[wire.fields]\ntags = [\"genre\", \"slugline\"]\nauthors = [\"credit\"]\n"
    );
    let ferry = take(1, &json!({ "firstcreated": "2026-03-01T08:00:00", "creditline": "Harbour Agency" }));
    let site =
        wired(&[("a.json", &ferry), ("b.xml", &newsml(1, "")), ("c.xml", &nitf(1, "")), ("d.txt", PLAIN)]);
    site.write("site.toml", toml);
    site.write("templates/short.html", "<p>short</p>{{ article.title }}");
    let files = published(&site, MARCH);
    let mut found = titles(&files);
    found.sort();
    assert_eq!(found, ["Ferry 1", "Quay 1"]);
    assert!(text(&files, "news/agency/harbour-ferry/index.html").starts_with("<p>short</p>Ferry 1"));
    let ferry = items(&files).into_iter().find(|item| item["title"] == "Ferry 1").unwrap();
    assert_eq!(ferry["date_published"], "2026-03-01T08:00:00+08:00");
    assert_eq!(ferry["authors"][0]["name"], "Harbour Agency");
    for term in ["tags/analysis", "tags/harbour-ferry", "tags/quay", "topics/shipping"] {
        assert!(files.contains_key(&format!("{term}/index.html")), "{term}: {:?}", files.keys());
    }
}

#[test]
fn a_folder_whose_files_would_be_published_is_refused() {
    for (folder, code) in [
        ("content/in", "error metadata::value"),
        ("static/in", "error metadata::value"),
        (".dateline", "error metadata::value"),
        ("", "error metadata::value"),
        ("./in/", ""),
    ] {
        let site = wired(&[("a.json", &take(1, &json!({})))]);
        site.write("site.toml", format!("{TOML}[[wire]]\nfolder = \"{folder}\"\n"));
        let (_, problems) = publish(&site, MARCH);
        match code {
            "" => assert_eq!(problems, [""; 0], "{folder}"),
            _ => assert!(problems.iter().any(|one| one.starts_with(code)), "{folder}: {problems:?}"),
        }
    }
}

#[test]
fn a_folder_outside_of_the_site_is_read_too() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("a.json"), take(1, &json!({}))).unwrap();
    let site = wired(&[]);
    let folder = outside.path().to_str().unwrap().replace('\\', "/");
    site.write("site.toml", format!("{TOML}[[wire]]\nfolder = \"{folder}\"\n"));
    assert_eq!(titles(&published(&site, MARCH)), ["Ferry 1"]);
    let check = site.command(&["build", "--now", MARCH]).output().unwrap();
    assert!(check.status.success());
}

#[test]
fn a_kill_withdraws_its_story() {
    let kill = json!({ "pubstatus": "canceled", "ednote": "It was another ferry.", "body_xhtml": "" });
    for (name, text_of_kill) in [("ninjs", take(2, &kill)), ("version of the story", take(1, &kill))] {
        let site = wired(&[("1.json", &take(1, &json!({}))), ("tide.nitf", &nitf(1, ""))]);
        published(&site, MARCH);
        site.write("in/kill.json", text_of_kill);
        let files = published(&site, APRIL);
        assert!(!has(&files, "Text of version"), "{name}");
        assert!(text(&files, "wire/harbour-ferry/index.html").contains("It was another ferry."), "{name}");
        assert!(!text(&files, "wire/index.html").contains("Ferry 1"), "{name}");
        // As the site does for an article that its own editor withdraws.
        let own = Site::new(&[("content/a.md", "+++\ntitle = \"Ferry 1\"\ndate = 2026-03-01\n+++\nText\n")]);
        published(&own, MARCH);
        own.write(
            "content/a.md",
            "+++\ntitle = \"Ferry 1\"\ndate = 2026-03-01\nwithdrawn = \"It was another ferry.\"\n+++\nText\n",
        );
        let shown = |files: &Files| {
            let all = items(files);
            all.iter().any(|item| item["title"].to_string().contains("Ferry"))
        };
        assert_eq!(shown(&files), shown(&published(&own, APRIL)), "{name}");
    }
}

#[test]
fn a_story_that_was_killed_before_it_came_is_never_seen() {
    let kill = take(2, &json!({ "pubstatus": "canceled", "headline": "Libel", "body_xhtml": "" }));
    for together in [false, true] {
        let site = wired(&[("2.json", &kill), ("tide.nitf", &nitf(1, ""))]);
        if !together {
            published(&site, MARCH);
        }
        site.write("in/1.json", take(1, &json!({ "headline": "Libel" })));
        let files = published(&site, APRIL);
        assert!(!has(&files, "Libel") && !has(&files, "Text of version"), "{together}");
        assert_eq!(titles(&files), ["Tide 1"], "{together}");
    }
}

#[test]
fn a_story_after_its_kill_is_public_again_by_its_version() {
    let site = wired(&[("1.json", &take(1, &json!({})))]);
    published(&site, MARCH);
    site.write("in/2.json", take(2, &json!({ "pubstatus": "canceled" })));
    published(&site, MARCH);
    site.write("in/3.json", take(3, &json!({})));
    assert_eq!(titles(&published(&site, MARCH)), ["Ferry 3"]);
}

#[test]
fn a_status_that_is_not_certain_holds_a_story() {
    for status in ["withheld", "stat:new", "Usable?"] {
        let site = wired(&[("1.json", &take(1, &json!({ "pubstatus": status })))]);
        let files = published(&site, MARCH);
        assert!(!has(&files, "Text of version"), "{status}");
    }
}

#[test]
fn an_embargo_schedules_its_story_and_never_early() {
    let until = |moment: &str| json!({ "embargoed": moment });
    let early = "2026-04-01T07:59:59Z";
    let due = "2026-04-01T08:00:00Z";
    let site = wired(&[("1.json", &take(1, &until("2026-04-01T16:00:00+08:00")))]);
    let files = published(&site, early);
    assert!(!has(&files, "Ferry") && !has(&files, "Text of version"), "before its time");
    let next = site.command(&["due", "--now", early, "--format", "json"]).output().unwrap();
    assert!(String::from_utf8_lossy(&next.stdout).contains("2026-04-01T"), "{next:?}");
    let files = published(&site, due);
    assert_eq!(items(&files)[0]["date_published"], "2026-04-01T16:00:00+08:00");
    // Moved later: it is taken back. Moved earlier: it is out.
    site.write("in/2.json", take(2, &until("2026-05-01T00:00:00Z")));
    let files = published(&site, "2026-04-02T00:00:00Z");
    assert!(!has(&files, "Text of version"), "moved later");
    site.write("in/3.json", take(3, &until("2026-04-01T00:00:00Z")));
    // Its first date stays, which is a warning.
    publish(&site, "2026-04-03T00:00:00Z");
    assert_eq!(titles(&site.output()), ["Ferry 3"]);
}

#[test]
fn an_embargo_that_nobody_can_read_holds_its_story() {
    for (name, text) in [
        ("a.json", take(1, &json!({ "embargoed": "until the vote" }))),
        ("a.json", take(1, &json!({ "embargoed": "" }))),
        ("a.json", take(1, &json!({ "embargoed": 7 }))),
        ("a.xml", newsml(1, "<embargoed/>")),
        ("a.nitf", nitf(1, "<date.release norm=\"\"/>")),
        ("a.nitf", nitf(1, "").replace("usable", "embargoed")),
        ("a.nitf", nitf(1, "<date.expire norm=\"never\"/>")),
    ] {
        let site = wired(&[(name, &text)]);
        let (code, problems) = publish(&site, APRIL);
        assert_eq!((code, problems), (Some(0), vec![format!("warning wire::held in/{name}")]), "{text}");
        assert!(!has(&site.output(), " text 1") && !has(&site.output(), "Text of version"), "{text}");
    }
}

#[test]
fn a_correction_does_not_bring_back_what_has_expired() {
    let site = wired(&[("1.json", &take(1, &json!({ "expires": "2026-04-01T00:00:00Z" })))]);
    assert_eq!(titles(&published(&site, MARCH)), ["Ferry 1"]);
    site.write("in/2.json", take(2, &json!({})));
    let files = published(&site, APRIL);
    assert!(!has(&files, "Text of version"), "a take that does not name another end");
    site.write("in/3.json", take(3, &json!({ "expires": "2026-06-01T00:00:00Z" })));
    assert_eq!(titles(&published(&site, APRIL)), ["Ferry 3"]);
}

#[test]
fn a_take_from_a_clock_that_is_ahead_is_no_error() {
    let site = wired(&[
        ("1.json", &take(1, &json!({}))),
        ("2.json", &take(2, &json!({ "versioncreated": "2026-03-20T12:00:30Z" }))),
    ]);
    assert_eq!(titles(&published(&site, MARCH)), ["Ferry 2"]);
}

#[test]
fn explain_tells_which_takes_made_an_article() {
    let site = wired(&[("b/1.json", &take(1, &json!({}))), ("a.json", &take(2, &json!({})))]);
    published(&site, MARCH);
    let output = site.command(&["explain", "wire/harbour-ferry", "--now", MARCH]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let (first, second) =
        (said.find("in/b/1.json (version 1, usable)"), said.find("in/a.json (version 2, usable)"));
    assert!(first.is_some() && first < second, "{said}");
    let output = site
        .command(&["explain", "urn:agency.example:ferry", "--now", MARCH, "--format", "json"])
        .output()
        .unwrap();
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["row"]["takes"][1], json!({ "file": "in/a.json", "about": "version 2, usable" }));
    assert_eq!(value["row"]["file"], "in/a.json");
}

#[test]
fn text_of_an_agency_runs_nothing() {
    let hostile = "<p onclick=\"x()\">Words {% audio src=\"/a.mp3\" %} and {{ site.title }}</p><script>alert(1)</script><p>$x$ `c` *s* [a](javascript:b)</p>";
    let site = wired(&[("1.json", &take(1, &json!({ "body_xhtml": hostile })))]);
    let files = published(&site, MARCH);
    let page = text(&files, "wire/harbour-ferry/index.html");
    for bad in ["onclick", "alert(1)", "<audio", "href=\"javascript"] {
        assert!(!page.contains(bad), "{bad}: {page}");
    }
    assert!(page.contains("{% audio") || page.contains("{%"), "{page}");
}
